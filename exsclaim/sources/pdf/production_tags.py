"""Tags that a publisher's production sets beside figures, outside the column: "COLOR", in proofs."""

from collections.abc import Iterator, Sequence

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.body_type import LONG
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_LEAST_PAGES = 3
_LEAST_LETTERS, _MOST_LETTERS = 3, 40
_LARGEST_GROUND = 0.9
"""Of the page: what takes more is its ground."""


def production_tags(pages: Sequence[Page]) -> dict[int, Box]:
    """Boxes of lines alone outside the column, in one wording on three pages, with their grounds; by the lines' ids.

    Names of rows may stand out of the column, too: they are in the type of other words, and a tag is not, or has a
    ground of its own; beside titles of axes stand the numbers of the ticks.
    """
    found: dict[str, list[tuple[int, Line, Box]]] = {}
    for page in pages:
        for line, box in _alone_outside(page):
            found.setdefault(line.text.casefold(), []).append((page.number, line, box))
    repeated = [each for each in found.values() if len({number for number, _, _ in each}) >= _LEAST_PAGES]
    return {id(line): box for each in repeated for _, line, box in each}


def _alone_outside(page: Page) -> Iterator[tuple[Line, Box]]:
    prose = [line.box for line in page.lines if line.is_upright and line.length >= LONG]
    if not prose:
        return
    column = hull(prose)
    for line in page.lines:
        letters = sum(letter.isalpha() for letter in line.text)
        if not _LEAST_LETTERS <= letters <= len(line.text) <= _MOST_LETTERS or not _is_outside(line.box, column):
            continue
        grounds = [g for g in page.graphics if g.fill is not None and _is_ground(g.box, line)]
        has_own_type = not any(
            other is not line and other.glyphs[0].style.font == line.glyphs[0].style.font
            and abs(other.size - line.size) < 0.06 * line.size and other.text != line.text
            for other in page.lines
        )  # fmt: skip
        mine = set(map(id, grounds))
        beside = [other.box for other in page.lines if other is not line]
        beside += [
            g.box for g in page.graphics if id(g) not in mine and g.box.area < _LARGEST_GROUND * page.area.area
        ]  # fmt: skip
        if (grounds or has_own_type) and not any(_stands_out_beside(box, line, column) for box in beside):
            yield line, hull((line.box, *(g.box for g in grounds)))


def _is_outside(box: Box, column: Box) -> bool:
    return box.x1 < column.x0 or box.x0 > column.x1


def _is_ground(box: Box, line: Line) -> bool:
    """True if a graphic is the ground of one line: it holds it, and not much more."""
    return box.contains(line.box, slack=1.0) and line.box.grown(1.5 * line.size).contains(box)


def _stands_out_beside(box: Box, line: Line, column: Box) -> bool:
    """True if something stands out of the column at a line's side and height, as the figure does that it labels."""
    is_out = box.x0 < column.x0 - 2 if line.box.x1 < column.x0 else box.x1 > column.x1 + 2
    near = 2 * line.size
    return is_out and box.y0 < line.box.y1 + near and line.box.y0 - near < box.y1
