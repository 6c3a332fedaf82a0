"""A page as read: its lines of text and its graphics, without the numbers of a manuscript's lines."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.graphics.page_graphics import Graphic, read_graphics
from exsclaim.sources.pdf.graphics.page_objects import Display, hide_texts, objects_of
from exsclaim.sources.pdf.text.character_shapes import by_shape, with_accents
from exsclaim.sources.pdf.text.characters import read_glyphs
from exsclaim.sources.pdf.text.pi_fonts import read_anew, told_by_ink
from exsclaim.sources.pdf.text.side_by_side import parted_under_labels
from exsclaim.sources.pdf.text.text_lines import Line, lines_of

_SCAN, _IN_SCAN = 0.6, 0.8
"""Of a scanned page, so much is covered by its images, and so much of its recognised text stands in them."""


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

    @cached_property
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
    lines = parted_under_labels(lines_of(with_accents(by_shape(found.glyphs))))
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
    if page.watermarks:  # a page may have 100,000 objects
        hide_texts(objects_of(raw), page.display, page.watermarks, are_slanted=True)


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
