"""Cuts between the letters that stand in a panel or a figure: the part of it that each of them names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.geometry import Box

_NEAR = 0.5
"""Share of the distance between two letters, from the next one, within which a cut is looked for."""
_BESIDE = 1.5
"""A letter may stand over the axis of its panel: a cut may be so many of its heights beyond its begin."""
_ABOVE = 0.3
"""The same of a cut above a letter."""
_LEADING = 0.5
"""Letters stand where panels begin if before the first is less than this share of what parts it from the next."""
_FEW = 8
"""So many letters may be parted by the second clearest cut; with more that would be too many ways."""
_LEAST_CELL = 3.0
"""A panel is wider and higher than so many heights of its letter."""


@dataclass(frozen=True)
class _Cut:
    position: float
    blank_px: float
    """Width of the blank strip that it runs along; 0 for a straight line between two images."""
    upright: bool
    first: Mapping[int, Box]
    """Letters left of it, or above."""
    second: Mapping[int, Box]


def between_letters(box: Box, letters: Sequence[Box], edges: Edges) -> list[Box]:
    """The parts of a panel, or of a figure, that the letters in it name: cut where that is clearest, each part again.

    Each cut runs along blank lines between two letters, the widest blank strip first, else along a clear straight line:
    letters within one image, at the things that they point at, have neither between them.

    Args:
        box: of a panel.
        letters: boxes of the panel letters in it.
        edges: the figure's.

    Returns:
        One box per letter, in their order; none for fewer than two, where nothing parts them, or where a panel would
        have no room.
    """
    if len(letters) < 2:
        return []
    cells = _cells(box, dict(enumerate(letters)), edges)
    return [cells[i] for i in range(len(letters))] if cells else []


def _cells(box: Box, letters: Mapping[int, Box], edges: Edges) -> dict[int, Box]:
    """The part of a box for each letter in it; none where nothing parts them."""
    if len(letters) == 1:
        return dict.fromkeys(letters, box)
    clearest = sorted(_cuts(box, letters, edges), key=lambda cut: -cut.blank_px)
    for cut in clearest[: 2 if len(letters) <= _FEW else 1]:
        at = cut.position
        if cut.upright:
            boxes = Box.of((box.x0, box.y0, at, box.y1)), Box.of((at, box.y0, box.x1, box.y1))
        else:
            boxes = Box.of((box.x0, box.y0, box.x1, at)), Box.of((box.x0, at, box.x1, box.y1))
        first, second = _cells(boxes[0], cut.first, edges), _cells(boxes[1], cut.second, edges)
        if first and second:
            return first | second
    return {}


def _cuts(box: Box, letters: Mapping[int, Box], edges: Edges) -> Iterator[_Cut]:
    """Cuts through the whole box that have letters on both sides, and room for a panel there."""
    height = max(letter.height for letter in letters.values())
    for upright in (True, False):
        spans = {i: (b.x0, b.x1) if upright else (b.y0, b.y1) for i, b in letters.items()}
        begin, end = (box.x0, box.x1) if upright else (box.y0, box.y1)
        start, stop = (box.y0, box.y1) if upright else (box.x0, box.x1)
        order = sorted(spans, key=lambda i: spans[i])
        before, after = spans[order[0]][0] - begin, end - max(high for _, high in spans.values())
        apart = max(spans[b][0] - spans[a][0] for a, b in pairwise(order))
        is_centred = abs(before - after) <= height
        is_leading = before <= max(after, _LEADING * apart)
        for n in range(1, len(order)):
            low, high = max(spans[i][1] for i in order[:n]), spans[order[n]][0]
            if high <= low:
                continue
            beyond = (_BESIDE if upright else _ABOVE) * height
            near = _window(low, high, beyond, is_centred=is_centred, is_leading=is_leading)
            strip = edges.gap(*near, start, stop, upright=upright)
            line = edges.seam(*near, start, stop, upright=upright, clear=True) if strip is None else sum(strip) / 2
            if line is None or min(line - begin, end - line) < _LEAST_CELL * height:
                continue
            blank_px = strip[1] - strip[0] if strip else 0.0
            sides = [{i: letters[i] for i in part} for part in (order[:n], order[n:])]
            yield _Cut(line, blank_px, upright, *sides)


def _window(low: float, high: float, beyond: float, *, is_centred: bool, is_leading: bool) -> tuple[float, float]:
    """Least and greatest position of a cut between a letter that ends at `low` and one that begins at `high`.

    Letters mostly stand where their panel begins: then a cut is looked for close before each next one. Where the first
    is far from the box's begin, and farther than the last from its end, letters stand where panels end, and the cut is
    close after each; where both are as far, at the middle of their panels, and the cut is between them.
    """
    reach = _NEAR * (high - low)
    if is_centred:
        return (low + high - reach) / 2, (low + high + reach) / 2
    return (high - reach, high + beyond) if is_leading else (low - beyond, low + reach)
