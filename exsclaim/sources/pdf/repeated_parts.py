"""Parts of pages that several share, and no figure has: running heads, page numbers, logos, banners, watermarks."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_labels import begins_with_label, start_of
from exsclaim.sources.pdf.graphics.page_graphics import Graphic
from exsclaim.sources.pdf.graphics.shared_parts import parts_of_drawings
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_MARGIN = 0.1
"""Running heads and feet stand in so much of the page's height at its top and bottom."""
_HEAD_LETTERS, _MOST_LETTERS, _ALIKE, _NEAR_PAGES = 8, 80, 0.75, 4
"""A running head has so many letters; read from a scan, so much of them is the same on pages so near."""
_WATERMARK_PT = 20.0
"""Size of type from which slanted words may be a watermark, and not the labels of an axis."""
_AXIS_REACH = 60.0
"""Points from a drawing to the title of its axis, beyond the numbers of the ticks."""
_NUMBERS = re.compile(r"[.,\s–−-]*\d[\d.,\s–−-]*")
_NUMBER = re.compile(r"\d{1,4}")
_COUNTED = 3
"""On so many pages a number grows with them that is theirs."""
_ROW = 3
"""So many lines of numbers beside each other are an axis, or years over plots; a page has one number."""
_PANEL_LETTER = re.compile(r"\(?[A-Za-z]\)?")


def without_repeated(pages: Sequence[Page]) -> list[Page]:
    """The pages without what they share; a document of one page has nothing to compare."""
    lines = Counter(key for page in pages for key in {_line_key(line, page.area) for line in page.lines})
    places: Counter[tuple[object, ...]] = Counter()
    for page in pages:
        places.update({_place(graphic) for graphic in page.graphics})
        places.update({_height(graphic) for graphic in page.graphics if _is_at_edge(graphic.box, page)})
    enough = max(2, min(3, (len(pages) + 1) // 2))
    counting = _rows_that_count(pages)
    cleaned = []
    for page in pages:
        marginal = [
            line for line in page.lines
            if lines[_line_key(line, page.area)] >= enough and _is_marginal(line, page)
            and not (3 * lines[_line_key(line, page.area)] < len(pages) and _is_at_drawing(line, page))
        ]  # fmt: skip
        while (heads := [line for line in marginal if not _is_in_text(line, marginal, page)]) != marginal:
            marginal = heads
        marks = [line for line in page.lines if lines[_line_key(line, page.area)] >= enough and _is_slanted(line)]
        # odd and even pages, and the first, may differ in what they show: what is left of a marginal row goes with it
        dropped = {id(line) for line in page.lines if id(line) in counting or _is_page_number(line, page)}
        dropped |= set(map(id, marginal))
        boxes = [line.box for line in page.lines if id(line) in dropped]
        if page.is_scan and (head := _head_of_scan(page, pages, enough)):
            dropped |= set(map(id, head))
            low = hull(line.box for line in head).y1
            boxes.append(Box(page.area.x0, page.area.y0, page.area.x1, low))  # with the black edge of the sheet
        dropped |= {id(line) for line in marks}
        shared = {
            id(graphic)
            for graphic in page.graphics
            if places[_place(graphic)] >= (enough if _is_at_edge(graphic.box, page) else max(3, enough))
        }
        # a band around running heads, which stands elsewhere on odd pages than on even ones
        bands = [line.box.grown(line.size) for line in page.lines if id(line) in dropped and line.is_upright]
        shared |= {
            id(graphic)
            for graphic in page.graphics
            if places[_height(graphic)] >= enough and _is_at_edge(graphic.box, page)
            and any(band.y0 < graphic.box.y0 and graphic.box.y1 < band.y1 for band in bands)
        }  # fmt: skip
        shared -= parts_of_drawings(
            [g for g in page.graphics if id(g) in shared], [g for g in page.graphics if id(g) not in shared], page.area
        )
        cleaned.append(
            replace(
                page,
                lines=tuple(line for line in page.lines if id(line) not in dropped),
                graphics=tuple(g for g in page.graphics if id(g) not in shared),
                repeated=tuple(
                    list(page.repeated) + boxes + _small((g.box for g in page.graphics if id(g) in shared), page.area)
                ),
                watermarks=tuple(line.box for line in marks),
            )
        )
    return cleaned


def _rows_that_count(pages: Sequence[Page]) -> set[int]:
    """Ids of the lines of rows that head or end their pages with a number that grows with the pages.

    Such rows may stand far from the edge of the sheet, and their words differ from page to page. Those of scans are
    told by likeness alone (`_head_of_scan`): their words and numbers may be a plot's, which are recognised with them.
    """
    found = [
        (page, line, (int(line.text) - page.number, round(line.baseline / 4)))
        for page in pages if not page.is_scan
        for line in page.lines if line.is_upright and _NUMBER.fullmatch(line.text)
    ]  # fmt: skip
    counts = Counter(key for _, _, key in found)
    rows: set[int] = set()
    for page, number, key in found:
        upright = [line for line in page.lines if line.is_upright]
        off = [line.baseline - number.baseline for line in upright]
        row = [line for line, step in zip(upright, off, strict=True) if abs(step) < 0.3 * number.size]
        is_outermost = not (min(off) < -0.3 * number.size and max(off) > 0.3 * number.size)
        if counts[key] >= _COUNTED and is_outermost and not any(begins_with_label(line.text) for line in row):
            rows |= set(map(id, row))
    return rows


def _head_of_scan(page: Page, pages: Sequence[Page], enough: int) -> list[Line]:
    """The first row of a scanned page if near ones begin alike: recognition spells running heads anew on each page."""
    row = _first_row(page)
    if any(start_of(line, page.lines, ("", 0.0)) is not None for line in row):
        return []  # captions over their figures begin alike, too
    near = [other for other in pages if 0 < abs(other.number - page.number) <= _NEAR_PAGES]
    alike = sum(any(_are_alike(line, head) for line in row for head in _first_row(other)) for other in near)
    return row if alike + 1 >= enough else []


def _first_row(page: Page) -> list[Line]:
    upright = [line for line in page.lines if line.is_upright]
    first = min(upright, key=lambda line: line.baseline, default=None)
    return [line for line in upright if first is not None and line.baseline - first.baseline < 0.6 * first.size]


def _are_alike(first: Line, second: Line) -> bool:
    """True if two lines stand at about one height and have most of their letters in common, in one order."""
    a, b = (re.sub(r"[\W\d_]", "", line.text.casefold())[:_MOST_LETTERS] for line in (first, second))
    if abs(first.baseline - second.baseline) > 0.6 * first.size or min(len(a), len(b)) < _HEAD_LETTERS:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() > _ALIKE


def _is_at_drawing(line: Line, page: Page) -> bool:
    """True if a line stands right over a drawing and no wider, or on its side beside one.

    Several figures may have the same titles of columns or axes.
    """
    if not line.is_upright:
        return any(
            not g.is_rule and g.box.y0 - line.size < line.box.y0 and line.box.y1 < g.box.y1 + line.size
            and -g.box.overlap_width(line.box) < _AXIS_REACH and g.box.area < 0.9 * page.area.area
            for g in page.graphics
        )  # fmt: skip
    return any(
        not g.is_rule and -1 < g.box.y0 - line.box.y1 < 1.8 * line.size and g.box.area < 0.5 * page.area.area
        and g.box.x0 - line.size < line.box.x0 and line.box.x1 < g.box.x1 + line.size
        for g in page.graphics
    )  # fmt: skip


def _small(boxes: Iterable[Box], area: Box) -> list[Box]:
    return [box for box in boxes if box.area < 0.3 * area.area]


def _line_key(line: Line, area: Box) -> tuple[str, int, int]:
    """Text of a line but for numbers, and its height on the page (sideways text: its distance from the left)."""
    words = re.sub(r"\d+", "0", line.text.casefold())
    return words, round(line.box.y0 / 4), -1 if line.is_upright else round(line.box.x0 / 4)


def _place(graphic: Graphic) -> tuple[object, ...]:
    """Place and kind of a graphic: figures of one size in one place on several pages are still figures."""
    place = tuple(round(side / 2) for side in graphic.box.corners)
    return place, graphic.kind, graphic.fill, graphic.width_px, graphic.height_px, graphic.length


def _height(graphic: Graphic) -> tuple[object, ...]:
    """Height on the page, size and kind of a graphic, wherever it stands from left to right."""
    box = graphic.box
    return round(box.y0 / 2), round(box.y1 / 2), round(box.width / 2), graphic.kind, graphic.fill, graphic.length


def _is_slanted(line: Line) -> bool:
    return line.glyphs[0].style.quarter == -1 and line.size >= _WATERMARK_PT


def _is_marginal(line: Line, page: Page) -> bool:
    if _PANEL_LETTER.fullmatch(line.text) or begins_with_label(line.text):
        return False  # figures on several pages have their captions or first letters at one height
    height, width = page.area.height, page.area.width
    if not line.is_upright:
        return line.box.x1 < _MARGIN * width or line.box.x0 > (1 - _MARGIN) * width
    is_at_edge = line.box.y1 < _MARGIN * height or line.box.y0 > (1 - _MARGIN) * height
    return is_at_edge and not _is_in_row_of_numbers(line, page)


def _is_in_row_of_numbers(line: Line, page: Page) -> bool:
    """True if a line is one of several numbers beside each other."""
    if not line.is_upright or not _NUMBERS.fullmatch(line.text):
        return False
    row = [
        other
        for other in page.lines
        if other.is_upright
        and abs(other.baseline - line.baseline) < 0.5 * line.size
        and abs(other.size - line.size) < 0.1 * line.size
        and _NUMBERS.fullmatch(other.text)
    ]
    return len(row) >= _ROW


def _is_in_text(line: Line, marginal: Sequence[Line], page: Page) -> bool:
    """True if a line at the margin goes on in the text: captions at the head of several pages may begin alike."""
    mine = set(map(id, marginal))
    return line.is_upright and any(
        abs(abs(other.baseline - line.baseline) - 1.2 * line.size) < 0.3 * line.size
        and abs(other.size - line.size) < 0.06 * line.size
        and abs(other.box.x0 - line.box.x0) < line.size
        for other in page.lines
        if id(other) not in mine and other.is_upright and len(other.words) > 1
    )


def _is_at_edge(box: Box, page: Page) -> bool:
    height = page.area.height
    return box.y1 < 1.5 * _MARGIN * height or box.y0 > (1 - 1.5 * _MARGIN) * height


def _is_page_number(line: Line, page: Page) -> bool:
    edge = line.box.y1 < 0.07 * page.area.height or line.box.y0 > 0.93 * page.area.height
    return (
        edge
        and re.fullmatch(r"(?:p(?:age|\.)?\s*)?[\divxlS–—-]{1,7}(?:\s*(?:/|of)\s*\d+)?", line.text.strip()) is not None
        and not _is_in_row_of_numbers(line, page)
    )
