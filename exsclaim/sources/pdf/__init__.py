"""Figures and captions out of PDFs: `read_pdf(bytes)`; how, and measured on what: docs/sources-pdf.md."""

from exsclaim.sources.pdf.pdf_article import FrontMatter, PdfArticle, PdfFigure, figure_refs
from exsclaim.sources.pdf.pdf_process import drawn_page, read_pdf

__all__ = ["FrontMatter", "PdfArticle", "PdfFigure", "drawn_page", "figure_refs", "read_pdf"]
