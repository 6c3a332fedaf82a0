"""The reader of article pages in HTML: text, meta tags, publishers' layouts."""
