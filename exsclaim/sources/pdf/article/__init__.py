"""The article that a PDF prints: title, authors, imprint, running text."""
