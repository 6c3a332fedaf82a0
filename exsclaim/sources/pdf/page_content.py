"""A page as read: its lines of text and its graphics, without what is on every page and the numbers of its lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Any

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_labels import is_bare_label, start_of
from exsclaim.sources.pdf.graphics.page_graphics import Graphic, read_graphics
from exsclaim.sources.pdf.graphics.page_objects import Display, hide_texts, objects_of
from exsclaim.sources.pdf.graphics.shared_parts import parts_of_drawings
from exsclaim.sources.pdf.text.character_shapes import by_shape, with_accents
from exsclaim.sources.pdf.text.characters import read_glyphs
from exsclaim.sources.pdf.text.pi_fonts import read_anew, told_by_ink
from exsclaim.sources.pdf.text.text_lines import Line, lines_of

_MARGIN = 0.1
"""Running heads and feet stand in so much of the page's height at its top and bottom."""

_SCAN, _IN_SCAN = 0.6, 0.8
"""Of a scanned page, so much is covered by its images, and so much of its recognised text stands in them."""

_HEAD_LETTERS, _MOST_LETTERS, _ALIKE, _NEAR_PAGES = 8, 80, 0.75, 4
"""A running head has so many letters; read from a scan, so much of them is the same on pages so near."""


@dataclass(frozen=True)
class Page:
    """One page. `repeated` is what stands on other pages too: running heads, page numbers, logos, banners."""

    number: int
    """From 1."""
    display: Display
    lines: tuple[Line, ...]
    graphics: tuple[Graphic, ...]
    repeated: tuple[Box, ...] = ()
    greek: frozenset[str] = frozenset()
    """Fonts in which a letter here is shown to be Greek by its ink; `latin` those in which one is shown to be Latin."""
    latin: frozenset[str] = frozenset()
    watermarks: tuple[Box, ...] = ()
    """Large slanted words that stand in one place of several pages: "ACCEPTED MANUSCRIPT"."""

    @property
    def area(self) -> Box:
        return self.display.area

    @cached_property
    def is_scan(self) -> bool:
        """True if images, even strips of one scan, cover most of the page, and its text stands in them."""
        images = [graphic.box for graphic in self.graphics if graphic.kind == "image"]
        if sum(box.area for box in images) < _SCAN * self.area.area:
            return False
        whole = hull(images)
        inside = sum(len(line.glyphs) for line in self.lines if whole.contains(line.box, slack=1.0))
        return inside >= _IN_SCAN * sum(len(line.glyphs) for line in self.lines)


def read_page(raw: Any, number: int) -> Page:
    """The page that PDFium has loaded; its graphics' handles are of no use once that is closed."""
    objects = objects_of(raw)
    found = read_glyphs(raw, objects)
    lines = lines_of(with_accents(by_shape(found.glyphs)))
    greek, latin = told_by_ink(found.glyphs)
    graphics = tuple(read_graphics(objects, found.display))
    return Page(number, found.display, tuple(lines), graphics, greek=greek, latin=latin)


def with_greek(pages: Sequence[Page]) -> list[Page]:
    """The pages with the letters of Greek fonts as they are printed, by what one page or another shows of a font."""
    fonts = {font for page in pages for font in page.greek} - {font for page in pages for font in page.latin}
    if not fonts:
        return list(pages)
    return [replace(page, lines=tuple(read_anew(line, fonts) for line in page.lines)) for page in pages]


def without_watermarks(raw: Any, page: Page) -> None:
    """Hide a page's watermarks, in the page that PDFium has loaded, from whatever is drawn of it."""
    hide_texts(objects_of(raw), page.display, page.watermarks, are_slanted=True)


_WATERMARK_PT = 20.0
"""Size of type from which slanted words may be a watermark, and not the labels of an axis."""
_NOTED_FIGURE = re.compile(r"Fig(?:ure|\.)?\s?\d{1,2}\b.*\b[Cc]olou?r\b")
_AXIS_REACH = 60.0
"""Points from a drawing to the title of its axis, beyond the numbers of the ticks."""
_PANEL_LETTER = re.compile(r"\(?[A-Za-z]\)?")
_NUMBERED_LINES = 6
"""A page with so many numbers down its left margin, one more at each, has its lines numbered."""


def without_line_numbers(pages: Sequence[Page]) -> list[Page]:
    """The pages of a manuscript without the numbers of its lines; they are `repeated`, since they are ink."""
    rows = {page.number: _first_numbers(page) for page in pages}
    margins = [margin for page in pages if (margin := _margin_of_numbers(rows[page.number])) is not None]
    if not margins or 3 * len(margins) < len(pages):
        return list(pages)
    cleaned = []
    for page in pages:
        cut = {
            id(line): count
            for line, count, _ in rows[page.number]
            if any(abs(line.glyphs[count - 1].box.x1 - margin) < line.size for margin in margins)
        }
        lines = (Line(line.glyphs[cut.get(id(line), 0) :]) for line in page.lines)
        numbers = [Line(line.glyphs[: cut[id(line)]]).box for line in page.lines if id(line) in cut]
        kept = tuple(line for line in lines if line.glyphs)
        cleaned.append(replace(page, lines=kept, repeated=(*page.repeated, *numbers)))
    return cleaned


def _first_numbers(page: Page) -> list[tuple[Line, int, int]]:
    """Lines that begin with a number apart from what follows, as `(line, its digits, number)`, from top to bottom."""
    found = []
    for line in sorted(page.lines, key=lambda line: line.baseline):
        digits = re.match(r"\d{1,4}", "".join(glyph.text for glyph in line.glyphs[:5]))
        if not line.is_upright or digits is None:
            continue
        count = len(digits[0])
        rest = line.glyphs[count:]
        if not rest or rest[0].box.x0 - line.glyphs[count - 1].box.x1 > 0.2 * line.size:
            found.append((line, count, int(digits[0])))
    return found


def _margin_of_numbers(rows: Sequence[tuple[Line, int, int]]) -> float | None:
    """The right edge of numbers that count the lines of a page, or every fifth; None where they do not."""
    for edge, _ in Counter(round(line.glyphs[count - 1].box.x1) for line, count, _ in rows).most_common(2):
        numbers = [
            number for line, count, number in rows if abs(line.glyphs[count - 1].box.x1 - edge) < 0.5 * line.size
        ]
        steps = Counter(after - before for before, after in pairwise(numbers))
        step, times = steps.most_common(1)[0] if steps else (0, 0)
        if step in (1, 5) and times >= _NUMBERED_LINES - 1 and times > 0.8 * sum(steps.values()):
            return float(edge)
    return None


def without_repeated(pages: Sequence[Page]) -> list[Page]:
    """The pages without what they share; a document of one page has nothing to compare."""
    lines = Counter(key for page in pages for key in {_line_key(line, page.area) for line in page.lines})
    places: Counter[tuple[object, ...]] = Counter()
    for page in pages:
        places.update({_place(graphic) for graphic in page.graphics})
    enough = max(2, min(3, (len(pages) + 1) // 2))
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
        dropped = {id(line) for line in marginal} | {id(line) for line in page.lines if _is_page_number(line, page)}
        boxes = [line.box for line in page.lines if id(line) in dropped]
        if page.is_scan and (head := _head_of_scan(page, pages, enough)):
            dropped |= set(map(id, head))
            low = hull(line.box for line in head).y1
            boxes.append(Box(page.area.x0, page.area.y0, page.area.x1, low))  # with the black edge of the sheet
        notes = [line for line in page.lines if _is_note_on_a_figure(line, page)]
        boxes += [line.box.grown(line.size) for line in notes]  # with the frame around it
        dropped |= {id(line) for line in marks + notes}
        shared = {
            id(graphic)
            for graphic in page.graphics
            if places[_place(graphic)] >= (enough if _is_at_edge(graphic.box, page) else max(3, enough))
        }
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


def _is_note_on_a_figure(line: Line, page: Page) -> bool:
    """True if a line on its side in the page's margin names a figure: a note of the production ("Colour online")."""
    return not line.is_upright and _is_marginal(line, page) and _NOTED_FIGURE.match(line.text) is not None


def _is_slanted(line: Line) -> bool:
    return line.glyphs[0].style.quarter == -1 and line.size >= _WATERMARK_PT


def _is_marginal(line: Line, page: Page) -> bool:
    if _PANEL_LETTER.fullmatch(line.text) or is_bare_label(line.text):
        return False  # figures at the head of several pages have their label or first letter at one height
    height, width = page.area.height, page.area.width
    if not line.is_upright:
        return line.box.x1 < _MARGIN * width or line.box.x0 > (1 - _MARGIN) * width
    return line.box.y1 < _MARGIN * height or line.box.y0 > (1 - _MARGIN) * height


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
    )
