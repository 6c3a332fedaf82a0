"""A PDF's figures as files, for people who want to look at them or use them elsewhere."""

from pathlib import Path
from typing import Any

from exsclaim.dataset.names import image_extension
from exsclaim.sources.pdf.articles import PdfArticle
from exsclaim.storage.local import safe_name, write_whole


def write_figures(article: PdfArticle, pdf: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Write each figure's image into a folder, as `<name of the PDF>_fig<n>`; what is known of each, by that name.

    `file` is None where the caption alone was found; `box_pt` is where the figure is on its page (see `PdfFigure`).
    """
    entries: dict[str, dict[str, Any]] = {}
    for number, figure in enumerate(article.figures, start=1):
        name = safe_name(f"{pdf.removesuffix('.pdf')}_fig{number}")
        file = f"{name}.{image_extension(figure.image) or 'png'}" if figure.image else None
        if file is not None:
            write_whole(folder / file, figure.image)
        entries[name] = {
            "file": file, "label": figure.label, "title": figure.title, "caption": figure.caption, "pdf": pdf,
            "page": figure.page, "box_pt": list(figure.box_pt), "dpi": figure.dpi, "origin": figure.origin,
            "article": article.front.title, "doi": article.front.doi, "licence": article.front.licence,
        }  # fmt: skip
    return entries
