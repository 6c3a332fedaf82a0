"""The reader of JATS XML: articles, figures, licences, formulas in MathML."""

from exsclaim.sources.jats.jats_article import JatsArticle, read_articles, read_jats

__all__ = ["JatsArticle", "read_articles", "read_jats"]
