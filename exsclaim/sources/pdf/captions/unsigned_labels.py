"""Captions that neither a sign after their number nor their type tells: "Fig.3 phase diagram of …" in the text's type.

A sentence begins so, too. But where the other figures have captions and this number none, and a drawing stands right
over the line, it is one.
"""

from collections.abc import Collection, Mapping, Sequence

from exsclaim.geometry import Box
from exsclaim.sources.pdf.captions.caption_labels import ENOUGH, start_of
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_LEAST_SCORE = -1
"""That of a line that goes on with a small letter, but with no word that makes it a sentence ("shows")."""
_LEAST_FOUND = 3
_UNDER = 6
"""How far under a drawing such a line stands at most, in sizes of its type: an axis has its numbers and title there."""
_LEAST_DRAWN = 30
"""Points that a drawing is high at least, so that no rule of a table or a page is one."""


def unsigned(
    pages: Sequence[Page], found: Mapping[int, int], types: Collection[tuple[str, float]], body: tuple[str, float]
) -> set[int]:
    """Ids of the lines that begin captions of figures whose numbers lack among those found.

    `found` has the pages of the figures' captions by their numbers, `types` are the fonts and sizes of their first
    lines.
    """
    if len(found) < _LEAST_FOUND:
        return set()
    lines: dict[int, Line] = {}
    for page in pages:
        upright = [line for line in page.lines if line.is_upright]
        for line in upright:
            start = start_of(line, upright, body) if (line.style.font, line.size) in types else None
            if start is None or start.kind != "figure" or not start.rest or not start.number.isdigit():
                continue
            number = int(start.number)
            is_wanted = _LEAST_SCORE <= start.score < ENOUGH and number not in found and number not in lines
            if is_wanted and _is_in_turn(number, page.number, found) and _is_under_drawing(line, page):
                lines[number] = line
    return {id(line) for line in lines.values()}


def _is_in_turn(number: int, page: int, found: Mapping[int, int]) -> bool:
    return all(at <= page if other < number else at >= page for other, at in found.items())


def _is_under_drawing(line: Line, page: Page) -> bool:
    room = Box(line.box.x0, line.box.y0 - _UNDER * line.size, line.box.x1, line.box.y0)
    drawn = (graphic.box for graphic in page.graphics if graphic.box.area < 0.7 * page.area.area)
    return any(box.height > _LEAST_DRAWN and box.y1 < line.box.y1 and box.touches(room) for box in drawn)
