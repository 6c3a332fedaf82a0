"""The content of a PDF: its front matter and its figures; the figures as records, and as files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from exsclaim.http.bodies import image_extension
from exsclaim.records import FigureRef
from exsclaim.sources.facts.figure_licences import with_own_licences
from exsclaim.sources.facts.publication_facts import PublicationDate
from exsclaim.storage.local import safe_name, write_whole
from exsclaim.store import Store

MAX_SPANS = 10
"""So many runs of damaged pages are named."""


@dataclass(frozen=True)
class FrontMatter:
    """`licence` is a short name of `exsclaim.licences`, `licence_url` where its terms are."""

    title: str
    authors: tuple[str, ...]
    doi: str | None
    published: PublicationDate | None
    licence: str
    licence_url: str | None
    journal: str = ""
    """As the publisher's metadata (XMP) name it; the printed name is not told from other words."""


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

    def with_more(self, caption: str) -> "PdfFigure":
        """The figure with what its caption says on a later page."""
        return replace(self, caption=f"{self.caption} {caption}".strip())


@dataclass(frozen=True)
class PdfArticle:
    """The content of a PDF: what it says of itself, its figures as it counts them, and its text."""

    front: FrontMatter
    pages: int
    figures: tuple[PdfFigure, ...]
    """One for every caption, also where the figure itself was not found."""
    sections: tuple[tuple[str | None, str], ...] = ()
    """The running text in reading order: title of the section, None where it has none, and its text."""
    damaged_pages: tuple[int, ...] = ()
    """Numbers of the pages that cannot be read, or that the file counts and has not."""
    doubts: tuple[str, ...] = ()
    """What its figures may lack, in words: "page 2 of the PDF is a drawing without a caption: it may be …"."""

    def damage(self) -> str:
        """Numbers of the damaged pages in words; "" where there are none."""
        spans: list[list[int]] = []
        for number in self.damaged_pages:
            if spans and spans[-1][-1] == number - 1:
                spans[-1][1:] = [number]
            else:
                spans.append([number])
        if not spans:
            return ""
        named = ", ".join("–".join(map(str, span)) for span in spans[:MAX_SPANS]) + (", …" * (len(spans) > MAX_SPANS))
        one = len(self.damaged_pages) == 1
        return f"page{'s'[one:]} {named} of the PDF's {self.pages} cannot be read: " + (
            "it is damaged or lacks" if one else "they are damaged or lack"
        )

    def sentences(self) -> Iterator[tuple[str | None, str]]:
        """The sentences of the running text, each as `(title of its section or None, sentence)`."""
        from exsclaim.captions.sentences import sentences  # it loads a tokenizer, which most readers of PDFs do without

        for title, text in self.sections:
            for span in sentences(text):
                if sentence := text[span.start : span.end].strip():
                    yield title, sentence


def figure_refs(pdf: PdfArticle, article_id: str, licence: str, url: str, store: Store) -> tuple[FigureRef, ...]:
    """The figures of an article under `licence`, with mentions and licences of their own, numbered from 1.

    Where each came from is its image URL: `<url>#page=3&box=72.0,100.5,540.0,400.0`.

    The fragment follows RFC 8118 (PDF open parameters), by which viewers go to the page; `box` is `x0,y0,x1,y1` in
    points (1/72 inch) of the page as shown, origin top left. A figure whose caption alone was found has no image, nor
    has what stands last: for damaged pages, whatever figures they had, and for drawings that may be parts of one.
    """
    # what finds mentions loads a tokenizer, which the process that reads a PDF does without
    from exsclaim.sources.facts.figure_mentions import of_sections, with_mentions

    refs = [
        FigureRef(
            id=f"{article_id}/fig{number}",
            article_id=article_id,
            number=number,
            label=figure.label,
            title=figure.title,
            caption=figure.caption,
            image_urls=(f"{url}#page={figure.page}&box={','.join(f'{side:g}' for side in figure.box_pt)}",)
            if figure.image
            else (),
            image_sha256=store.put(figure.image) if figure.image else None,
            no_image="" if figure.image else f"its caption is on page {figure.page}, but no figure was found by it",
        )
        for number, figure in enumerate(pdf.figures, start=1)
    ]
    told = with_mentions(with_own_licences(refs, licence), of_sections(pdf.sections), article_id, pdf.front.title)
    number = max((figure.number for figure in told), default=0)
    why = [f"{damage}; figures there are lacking: give a whole copy of the PDF"] if (damage := pdf.damage()) else []
    lacking = [
        FigureRef(
            id=f"{article_id}/fig{n}",
            article_id=article_id,
            number=n,
            label="",
            title="",
            caption="",
            image_urls=(),
            no_image=reason,
        )
        for n, reason in enumerate([*why, *pdf.doubts], start=number + 1)
    ]
    return (*told, *lacking)


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
