"""Figures and captions out of PDFs: `read_pdf(bytes)`; how, and measured on what: docs/sources-pdf.md."""

from exsclaim.sources.pdf.article.pdf_article import FrontMatter, PdfArticle, PdfFigure, figure_refs
from exsclaim.sources.pdf.pdf_process import ONLY_PAGE, drawn_page, is_pdf, read_pdf

__all__ = ["ONLY_PAGE", "FrontMatter", "PdfArticle", "PdfFigure", "drawn_page", "figure_refs", "is_pdf", "read_pdf"]
