"""Panels taken for one though their letters say that they are several: touching micrographs, graphs side by side.

A panel may be cut at its gutters, into the parts that the network sees in it, or between the letters that stand in it
(`between_letters`); what reads the most labels is taken (`divided`).
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.geometry import Box

LEAST_GAIN = 0.3
"""Confidence in labels, summed over the figure, that a division must add."""
_ONE_ROW = 2.0
"""Letters whose centres differ by no more than so many of their heights stand in one row."""
_NEAR = 0.4
"""Share of the distance between two letters, from the next one, within which a cut is looked for."""
_LEAST_CELL = 3.0
"""A panel is wider and higher than so many heights of its letter."""


def between_letters(box: Box, letters: Sequence[Box], edges: Edges) -> list[Box]:
    """The parts of a panel that the letters in it name: rows of letters parted first, then the letters of a row.

    Each cut runs along blank lines between two letters, else along a clear straight line: letters within one image, at
    the things that they point at, have neither between them.

    Args:
        box: of a panel.
        letters: boxes of the panel letters in it.
        edges: the figure's.

    Returns:
        One box per letter; none for fewer than two, where nothing parts them, or where a panel would have no room.
    """
    inside = sorted(letters, key=lambda b: b.centre[1])
    if len(inside) < 2:
        return []
    rows = [[inside[0]]]
    for letter in inside[1:]:
        near = letter.centre[1] - rows[-1][0].centre[1] <= _ONE_ROW * max(letter.height, rows[-1][0].height)
        rows = [*rows[:-1], [*rows[-1], letter]] if near else [*rows, [letter]]
    down = _cuts(box, [_hull(row) for row in rows], edges, upright=False)
    if not down:
        return []
    cells: list[Box] = []
    for row, (top, bottom) in zip(rows, pairwise(down), strict=True):
        band = Box.of((box.x0, top, box.x1, max(top, bottom)))
        row.sort(key=lambda b: b.x0)
        across = _cuts(band, row, edges, upright=True)
        if not across:
            return []
        cells += [Box.of((left, band.y0, max(left, right), band.y1)) for left, right in pairwise(across)]
    least = _LEAST_CELL * max(letter.height for letter in inside)
    return cells if all(min(cell.width, cell.height) >= least for cell in cells) else []


def _cuts(box: Box, marks: Sequence[Box], edges: Edges, *, upright: bool) -> list[float]:
    """Positions of cuts between neighbouring marks, the box's own sides first and last; none where one is not clear.

    Letters mostly stand where their panel begins: then a cut is looked for close before each next one. Where the last
    one is nearer to the end of the box than the first to its begin, close after the one before; where both are as near,
    letters stand at the middle of their panels, and the cut is between them.
    """
    sides = [(mark.x0, mark.x1) if upright else (mark.y0, mark.y1) for mark in marks]
    first, last = (box.x0, box.x1) if upright else (box.y0, box.y1)
    start, stop = (box.y0, box.y1) if upright else (box.x0, box.x1)
    before, after = sides[0][0] - first, last - sides[-1][1]
    leading = before <= after
    centred = abs(before - after) <= max(b - a for a, b in sides)
    cuts = []
    for (_, low), (high, _) in pairwise(sides):
        reach = _NEAR * max(0.0, high - low)
        near = (max(low, high - reach), high) if leading else (low, low + reach)
        if centred:
            near = ((low + high - reach) / 2, (low + high + reach) / 2)
        blank = edges.gap(near[0], near[1] + 1, start, stop, upright=upright, last=leading)
        cut = edges.seam(*near, start, stop, upright=upright, clear=True) if blank is None else blank
        if cut is None:
            return []
        cuts.append(cut)
    return [first, *cuts, last]


def _hull(boxes: Iterable[Box]) -> Box:
    sides = list(zip(*(box.corners for box in boxes), strict=True))
    return Box.of((min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])))


def divided(
    boxes: Sequence[Box],
    divisions: Sequence[Sequence[Sequence[Box]]],
    label: Callable[[list[Box]], Sequence[PanelLabel | None]],
) -> list[int | None]:
    """Division that takes the place of each box; None where it stays whole.

    A division is taken if more labels are then read, so pieces that no letter tells apart stay one panel.

    Args:
        boxes: a figure's panels.
        divisions: for each box the ways in which it may be divided, each a list of at least two boxes.
        label: labels so many panels, see `exsclaim.figures.labels.panel_labels.label_panels`.
    """
    taken: list[int | None] = [None] * len(boxes)
    if not any(divisions):
        return taken
    best = _read(label(list(boxes)))
    for i in range(len(boxes)):
        for number in range(len(divisions[i])):
            trial = [*taken[:i], number, *taken[i + 1 :]]
            gain = _read(label(after(boxes, divisions, trial)))
            if gain >= best + (LEAST_GAIN if taken[i] is None else 0.01):
                taken, best = trial, gain
    return taken


def after(boxes: Sequence[Box], divisions: Sequence[Sequence[Sequence[Box]]], taken: Sequence[int | None]) -> list[Box]:
    """The boxes with each one's chosen division in its place."""
    found: list[Box] = []
    for box, ways, number in zip(boxes, divisions, taken, strict=True):
        found += [box] if number is None else ways[number]
    return found


def _read(letterings: Sequence[PanelLabel | None]) -> float:
    return sum(item.confidence for item in letterings if item and item.origin == "read")
