"""Figures and captions out of PDFs: `read_pdf(bytes)`; how, and measured on what: docs/sources-pdf.md."""

from exsclaim.sources.pdf.articles import FrontMatter, PdfArticle, PdfFigure
from exsclaim.sources.pdf.isolation import read_pdf
from exsclaim.sources.pdf.refs import figure_refs

__all__ = ["FrontMatter", "PdfArticle", "PdfFigure", "figure_refs", "read_pdf"]
