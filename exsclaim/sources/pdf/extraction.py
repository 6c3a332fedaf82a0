"""From a PDF file to its figures with their captions. Not for hostile files in this process: see `pdf_process`."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium2

from exsclaim.errors import PdfError
from exsclaim.geometry import Box
from exsclaim.sources.pdf.article.frontmatter import front_matter
from exsclaim.sources.pdf.article.pdf_article import PdfArticle, PdfFigure
from exsclaim.sources.pdf.article.text_sections import sections_of
from exsclaim.sources.pdf.captions.body_type import LONG, body_style
from exsclaim.sources.pdf.captions.caption_census import uncounted
from exsclaim.sources.pdf.captions.caption_detection import Caption, find_captions, numbered
from exsclaim.sources.pdf.captions.caption_text import (
    Words,
    continuation,
    of_files_elsewhere,
    of_sentences,
    title_and_text,
)
from exsclaim.sources.pdf.captions.listed_legends import with_whole_legends
from exsclaim.sources.pdf.captions.sub_captions import with_sub_captions
from exsclaim.sources.pdf.figures.caption_matching import match
from exsclaim.sources.pdf.figures.figure_clusters import Layout, lay_out
from exsclaim.sources.pdf.figures.figure_extent import stands_in
from exsclaim.sources.pdf.figures.figure_rendering import Picture, draw, picture
from exsclaim.sources.pdf.figures.other_pages import Region
from exsclaim.sources.pdf.figures.parted_legends import with_parted_legends
from exsclaim.sources.pdf.figures.parts_without_captions import parts_without_captions
from exsclaim.sources.pdf.figures.running_text import Typography
from exsclaim.sources.pdf.graphics.page_graphics import read_graphics
from exsclaim.sources.pdf.graphics.page_ink import MAX_SIDE_PX, SCALE, Ink
from exsclaim.sources.pdf.graphics.page_objects import hide_texts, objects_of
from exsclaim.sources.pdf.layout.second_look import looked_again
from exsclaim.sources.pdf.page_content import (
    Page,
    read_page,
    with_greek,
    without_line_numbers,
    without_watermarks,
)
from exsclaim.sources.pdf.repeated_parts import without_repeated

log = logging.getLogger(__name__)

MAX_PAGES = 1000
PROSE_LETTERS, PROSE_LINES = 40, 4
"""So many lines with so many letters are running text, and no labels in a drawing. Chosen on two scans (1987, 1994)."""
_MANY_PARTS, _LEAST_DRAWING = 50, 60.0
"""So many paths are a drawing in any case, one alone if it is so many points wide and high."""
_NO_PAGES = "the PDF has no pages: it is damaged or breaks off"
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
        pages = _read_pages(document)
        _refuse_scan(pages)
        pages = without_line_numbers(with_greek(pages))
        front = front_matter(pages, document.get_metadata_dict(skip_empty=True), body)
        printed, pages = pages, without_repeated(pages)
        typography = Typography(pages)
        captions, regions, layouts = _captions_and_regions(document, pages, typography)
        regions = looked_again(document, regions, layouts)
        words = Words(line for page in pages for line in page.lines)
        taken = {id(line) for caption in captions for line in caption.all_lines}
        sections = sections_of(pages, typography, words, taken)
        found = {id(each.caption): each for each in regions if not _is_text_of_scan(layouts[each.page].page, each.box)}
        drawn_on = {page.number for page in pages if _has_spare_drawing(page, found.values())}
        elsewhere = of_files_elsewhere(captions, found, pages, words, drawn_on) | of_sentences(captions, found)
        kept = [caption for caption in numbered(captions) if id(caption) not in elsewhere]
        figures = _figures(document, kept, found, layouts, words)
        lost = uncounted(printed, captions, body_style(pages), drawn_on)
        missing = tuple(_figure(caption, None, None, *title_and_text(caption, words)) for caption in lost)
        damaged = set(range(1, len(document) + 1)) - {page.number for page in pages}
        doubts = tuple(parts_without_captions(pages, captions, found.values()))
        return PdfArticle(front, len(document), (*figures, *missing), sections, tuple(sorted(damaged)), doubts)


def _has_spare_drawing(page: Page, regions: Iterable[Region]) -> bool:
    """True if a drawing, or many small parts of one, stand on a page beside the figures that were found there."""
    taken = [region.box for region in regions if region.page == page.number]
    spare = [
        g.box for g in page.graphics
        if not g.is_rule and g.box.area < 0.7 * page.area.area and not any(g.box.share_in(box) > 0.5 for box in taken)
    ]  # fmt: skip
    return len(spare) > _MANY_PARTS or any(min(box.width, box.height) > _LEAST_DRAWING for box in spare)


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
        if getattr(error, "err_code", None) == 0:  # "Success": it is whole, and there is nothing to load
            raise PdfError(_NO_PAGES) from error
        raise PdfError(f"the PDF is damaged or breaks off ({error})") from error
    try:
        if len(document) == 0:
            raise PdfError(_NO_PAGES)
        if len(document) > MAX_PAGES:
            raise PdfError(f"the PDF has {len(document)} pages, more than {MAX_PAGES}: give the articles one by one")
        yield document
    finally:
        document.close()


@contextmanager
def _page(document: pdfium2.PdfDocument, number: int) -> Iterator[pdfium2.PdfPage]:
    """A page by its number, from 1, loaded for as long as it is needed: a thesis has hundreds, with large images."""
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


def _read_pages(document: pdfium2.PdfDocument) -> list[Page]:
    """All pages but those that are damaged."""
    pages = []
    for number in range(1, len(document) + 1):
        try:
            with _page(document, number) as page:
                pages.append(read_page(page.raw, number))
        except pdfium2.PdfiumError as error:
            log.warning("page %d of the PDF is damaged and passed over (%s)", number, error)
    if not pages:
        raise PdfError("every page of the PDF is damaged")
    return pages


def _refuse_scan(pages: Sequence[Page]) -> None:
    letters = sum(len(line.glyphs) for page in pages for line in page.lines)
    if letters >= 20 * len(pages):
        return
    if sum(page.is_scan for page in pages) > len(pages) / 2:
        raise PdfError("the PDF is a scan without text: recognise its text first (OCR, for example with ocrmypdf)")
    if letters == 0:
        raise PdfError("the PDF has no text, so that no caption can be found in it")


def _is_text_of_scan(page: Page, box: Box) -> bool:
    """True if lines of running text stand in what was taken for a figure of a scanned page: it is no figure's image."""
    if not page.is_scan:
        return False
    prose = [
        line
        for line in page.lines
        if len(line.glyphs) >= PROSE_LETTERS
        and line.box.width > 0.5 * box.width
        and box.x0 - 1 <= line.box.x0
        and line.box.x1 <= box.x1 + 1
        and box.y0 <= line.baseline <= box.y1
    ]
    return len(prose) >= PROSE_LINES


def _captions_and_regions(
    document: pdfium2.PdfDocument, pages: Sequence[Page], typography: Typography
) -> tuple[list[Caption], list[Region], dict[int, Layout]]:
    """The captions with the places of their figures: entries of a list of figures look like captions, but have none."""
    captions = with_whole_legends(find_captions(pages), pages)
    regions, layouts = _regions(document, pages, captions, typography)
    placed = {id(region.caption) for region in regions}
    doubtful = {c.key: id(c.lines[0]) for c in captions if c.is_figure and c.has_rival and id(c) not in placed}
    if doubtful:
        rivals = find_captions(pages, doubtful.values())
        shown = {region.caption.key for region in _regions(document, pages, rivals, typography)[0]}
        if lists := [line for key, line in doubtful.items() if key in shown]:
            captions = with_whole_legends(find_captions(pages, lists), pages)
            regions, layouts = _regions(document, pages, captions, typography)
    return *with_parted_legends(captions, regions, pages), layouts


def _regions(
    document: pdfium2.PdfDocument, pages: Sequence[Page], captions: Sequence[Caption], typography: Typography
) -> tuple[list[Region], dict[int, Layout]]:
    """Places of the figures.

    Of pages without captions those before a page that one heads are looked at, and all if a caption lacks its figure.
    """
    layouts: dict[int, Layout] = {}

    def take_apart(page: Page) -> None:
        scale = min(SCALE, MAX_SIDE_PX / max(page.display.size))
        with _page(document, page.number) as loaded:
            without_watermarks(loaded.raw, page)
            pixels = draw(loaded.raw, page.display, page.area, scale)
        layouts[page.number] = lay_out(page, captions, typography, Ink(pixels, scale))

    heads = {page.number: min((line.box.y0 for line in page.lines), default=0.0) for page in pages}
    wanted = {caption.page for caption in captions}
    wanted |= {caption.page - 1 for caption in captions if caption.is_figure and caption.box.y0 <= heads[caption.page]}
    for page in pages:
        if page.number in wanted:
            take_apart(page)
    regions = match([layouts[number] for number in sorted(layouts)])
    if len(regions) < sum(caption.is_figure for caption in captions):
        for page in pages:
            if page.number not in layouts and _has_drawing(page):
                take_apart(page)
        regions = match([layouts[number] for number in sorted(layouts)])
    return regions, layouts


def _has_drawing(page: Page) -> bool:
    """True if a page has something large, many small parts of a drawing, or parts of one and no running text."""
    parts = [graphic.box for graphic in page.graphics if not graphic.is_rule]
    is_bare = sum(line.length >= LONG for line in page.lines) < PROSE_LINES
    return any(box.area > 0.02 * page.area.area for box in parts) or len(parts) > (0 if is_bare else _MANY_PARTS)


def _figures(
    document: pdfium2.PdfDocument,
    captions: Sequence[Caption],
    regions: Mapping[int, Region],
    layouts: Mapping[int, Layout],
    words: Words,
) -> tuple[PdfFigure, ...]:
    """The figures in the order of the captions; what a figure's caption says on a page without a figure is joined."""
    figures: list[PdfFigure] = []
    of: dict[tuple[str, str, int], int] = {}
    # "Figure 3 (legend on next page)" stands under the figure, and the caption elsewhere
    shown = {
        caption.key[:2]: regions[id(caption)]
        for caption in captions
        if caption.is_placeholder and id(caption) in regions
    }
    written = {caption.key[:2] for caption in captions if not caption.is_placeholder and not caption.is_continued}
    for caption in captions:
        if caption.is_placeholder:
            if caption.key[:2] in written:
                continue
            written.add(caption.key[:2])  # what else stands for it is no figure of its own
        own, there = regions.get(id(caption)), shown.get(caption.key[:2])
        region = own if there is None or (there.caption.is_bare and own is not None) else there
        title, text = title_and_text(caption, words)
        first = of.get((*caption.key[:2], caption.run))
        if caption.is_continued:
            title, text = "", continuation(text)
            if region is None and first is not None:
                figures[first] = figures[first].with_more(text)
                continue
            if not text and first is not None:  # "Figure 4. Cont."
                title, text = figures[first].title, figures[first].caption
        else:
            of[*caption.key[:2], caption.run] = len(figures)
        if region:
            text = with_sub_captions(text, caption, layouts[region.page].page.lines, region.box, words)
        image = _picture(document, layouts[region.page], region) if region else None
        figures.append(_figure(caption, region, image, title, text))
    return tuple(figures)


def _picture(document: pdfium2.PdfDocument, layout: Layout, region: Region) -> Picture:
    """The image of a figure, without its caption where that stands in a corner of it."""
    page, box = layout.page, region.box
    with _page(document, page.number) as loaded:
        without_watermarks(loaded.raw, page)
        if region.page == region.caption.page and stands_in(region.caption.box, box):
            lines = [line.box for line in (*region.caption.lines, *region.caption.twin)]
            hide_texts(objects_of(loaded.raw), page.display, lines, are_slanted=False)
        has_image = any(graphic.kind == "image" and graphic.box.touches(box.grown(3)) for graphic in page.graphics)
        graphics = read_graphics(objects_of(loaded.raw), page.display) if has_image else []
        return picture(loaded, page.display, box, graphics, layout.texts)


def _figure(caption: Caption, region: Region | None, image: Picture | None, title: str, text: str) -> PdfFigure:
    label = re.sub(r"\bl$", "1", re.sub(r"\s+", " ", caption.label))  # the latter: "FIG. l." of a scan
    box = image.box if image else caption.box
    x0, y0, x1, y1 = (round(side, 1) for side in box.corners)
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
