"""From a PDF file to its figures with their captions. Not for hostile files in this process: see `isolation`."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pypdfium2 as pdfium2

from exsclaim.errors import PdfError
from exsclaim.sources.pdf.articles import PdfArticle, PdfFigure
from exsclaim.sources.pdf.captions import Caption, find_captions, numbered
from exsclaim.sources.pdf.clusters import Layout, lay_out
from exsclaim.sources.pdf.frontmatter import front_matter
from exsclaim.sources.pdf.ink import MAX_SIDE_PX, SCALE, Ink
from exsclaim.sources.pdf.matching import Region, match
from exsclaim.sources.pdf.pages import Page, read_page, without_furniture
from exsclaim.sources.pdf.prose import Typography
from exsclaim.sources.pdf.rects import Rect
from exsclaim.sources.pdf.rendering import Picture, draw, picture
from exsclaim.sources.pdf.wording import Words, title_and_text

log = logging.getLogger(__name__)

MAX_PAGES = 1000
_PASSWORD = 4
"""FPDF_ERR_PASSWORD."""


def extract(body: bytes) -> PdfArticle:
    """Read a PDF in this process.

    PDFium is not thread-safe, and a file made to do so may crash it or keep it busy for ever: use `read_pdf`, which
    runs this in a process of its own.

    Raises:
        PdfError: no PDF, damaged, encrypted, a scan without text, too many pages.
    """
    with _opened(body) as document:
        raws = _loaded(document)
        pages = [read_page(raw.raw, number) for number, raw in raws.items()]
        _refuse_scan(pages)
        front = front_matter(pages, document.get_metadata_dict(skip_empty=True), body)
        pages = without_furniture(pages)
        captions = find_captions(pages)
        words = Words(line for page in pages for line in page.lines)
        regions, layouts = _regions(raws, pages, captions)
        found = {id(region.caption): region for region in regions}
        figures = []
        for caption in numbered(captions):
            region = found.get(id(caption))
            image = _picture(raws, layouts, region) if region else None
            figures.append(_figure(caption, region, image, words))
        return PdfArticle(front, len(document), tuple(figures))


@contextmanager
def _opened(body: bytes) -> Iterator[pdfium2.PdfDocument]:
    if not body:
        raise PdfError("the PDF is empty (0 bytes)")
    if b"%PDF-" not in body[:1024]:
        raise PdfError(f"not a PDF (it begins with {body[:8]!r})")
    try:
        document = pdfium2.PdfDocument(body)
    except pdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise PdfError("the PDF is protected by a password; save it without one") from error
        raise PdfError(f"the PDF is damaged or breaks off ({error})") from error
    try:
        if len(document) == 0:
            raise PdfError("the PDF has no pages: it is damaged or breaks off")
        if len(document) > MAX_PAGES:
            raise PdfError(f"the PDF has {len(document)} pages, more than {MAX_PAGES}: give the articles one by one")
        yield document
    finally:
        document.close()


def _loaded(document: pdfium2.PdfDocument) -> dict[int, Any]:
    """The pages by their numbers, from 1; a damaged one is passed over."""
    loaded = {}
    for index in range(len(document)):
        try:
            loaded[index + 1] = document[index]
        except pdfium2.PdfiumError as error:
            log.warning("page %d of the PDF is damaged and passed over (%s)", index + 1, error)
    if not loaded:
        raise PdfError("every page of the PDF is damaged")
    return loaded


def _refuse_scan(pages: Sequence[Page]) -> None:
    letters = sum(len(line.glyphs) for page in pages for line in page.lines)
    if letters >= 20 * len(pages):
        return
    scanned = sum(any(g.kind == "image" and g.box.area > 0.6 * page.area.area for g in page.graphics) for page in pages)
    if scanned > len(pages) / 2:
        raise PdfError("the PDF is a scan without text: recognise its text first (OCR, for example with ocrmypdf)")
    if letters == 0:
        raise PdfError("the PDF has no text, so that no caption can be found in it")


def _regions(
    raws: Mapping[int, Any], pages: Sequence[Page], captions: Sequence[Caption]
) -> tuple[list[Region], dict[int, Layout]]:
    """Where the figures are. Pages without captions are looked at only where a caption has no figure on its own."""
    typography = Typography(pages)
    layouts: dict[int, Layout] = {}

    def take_apart(page: Page) -> None:
        scale = min(SCALE, MAX_SIDE_PX / max(page.display.size))
        pixels = draw(raws[page.number].raw, page.display, page.area, scale)
        layouts[page.number] = lay_out(page, captions, typography, Ink(page, pixels, scale))

    with_captions = {caption.page for caption in captions}
    for page in pages:
        if page.number in with_captions:
            take_apart(page)
    regions = match([layouts[number] for number in sorted(layouts)])
    if len(regions) < sum(caption.is_figure for caption in captions):
        for page in pages:
            if page.number not in layouts and any(_is_large(page, g.box) for g in page.graphics):
                take_apart(page)
        regions = match([layouts[number] for number in sorted(layouts)])
    return regions, layouts


def _is_large(page: Page, box: Rect) -> bool:
    return box.area > 0.02 * page.area.area


def _picture(raws: Mapping[int, Any], layouts: dict[int, Layout], region: Region) -> Picture:
    layout = layouts[region.page]
    return picture(raws[region.page], layout.page.display, region.box, layout.page.graphics, layout.texts)


def _figure(caption: Caption, region: Region | None, image: Picture | None, words: Words) -> PdfFigure:
    title, text = title_and_text(caption, words)
    label = re.sub(r"\s+", " ", caption.label)
    box = image.box if image else caption.box
    x0, y0, x1, y1 = (round(side, 1) for side in box)
    return PdfFigure(
        label=label + (" (continued)" if caption.is_continued else ""),
        title=title,
        caption=text,
        page=region.page if region else caption.page,
        box_pt=(x0, y0, x1, y1),
        dpi=round(image.dpi, 1) if image else 0.0,
        origin=image.origin if image else "missing",
        image=image.content if image else b"",
    )
