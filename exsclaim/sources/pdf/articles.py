"""What a PDF gives."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FrontMatter:
    """`licence` is a short name of `exsclaim.licences`, `licence_url` where its terms are."""

    title: str
    authors: tuple[str, ...]
    doi: str | None
    published: dt.date | None
    licence: str
    licence_url: str | None


@dataclass(frozen=True)
class PdfFigure:
    """A figure with its caption and where it is.

    `box_pt` is `x0 y0 x1 y1` in points (1/72 inch) of the page as viewers show it, origin top left. A figure whose
    caption was found but not the figure itself has no image, and its box is the caption's.
    """

    label: str
    title: str
    caption: str
    page: int
    box_pt: tuple[float, float, float, float]
    dpi: float
    origin: Literal["embedded", "rendered", "missing"]
    image: bytes


@dataclass(frozen=True)
class PdfArticle:
    """What a PDF gives: what it says of itself, and its figures as it counts them."""

    front: FrontMatter
    pages: int
    figures: tuple[PdfFigure, ...]
