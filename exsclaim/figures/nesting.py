"""Panels made of several images: pieces without a letter of their own join the lettered panel they stand with.

What one letter names starts where the letter stands, and goes on to the right and below, its row first. Pieces of
equal size are told apart by the order of the letters: lettered ones after unlettered ones mean that a letter names
several; unlettered ones at the end (element maps beside their micrograph) are panels of their own.
"""

from collections.abc import Sequence
from functools import reduce

from exsclaim.figures.grouping import SAME_SIZE, union
from exsclaim.geometry import Box

# The numbers follow published figures that collages were made of (models/panels) and were looked at on 25 others.
_START = 0.4
"""A panel's start lies above and left of its pieces, or no deeper in one than this share of its sides."""
_ACROSS = 0.7
"""A pixel to the right weighs so much of one down: what one letter names is mostly one row."""
_NEXT_ROW = 0.2
"""What leaving the row of the letter's own piece costs, as a share of the figure's longer side."""
_REACH = 0.75
"""A letter reaches pieces no farther than this share of the longer side."""
_OVERLAP = 0.2
"""Share of another letter's panel that a panel may cover."""
_LEAST_CELL = 4
"""Pieces narrower than so many times the tolerance of `SAME_SIZE` are alike by chance."""


def joined(
    boxes: Sequence[Box], has_label: Sequence[bool], side_px: float, *, cells_numbered: bool = False
) -> list[list[int]]:
    """Groups of indices that are one panel each, the labelled piece first: every index is in one group.

    Nothing is joined where fewer than two pieces have a label.

    Args:
        boxes: pieces of a figure.
        has_label: whether each has a label of its own.
        side_px: the figure's longer side.
        cells_numbered: labels are a1, a2, b1, …: then cells of one size are panels, each of its own label.
    """
    labelled = [i for i in range(len(boxes)) if has_label[i]]
    rest = [i for i in range(len(boxes)) if not has_label[i]]
    groups = {i: [i] for i in range(len(boxes))}
    if len(labelled) < 2:
        return list(groups.values())
    cells_are_parts = not cells_numbered and any(
        _comes_after(boxes[i], boxes[piece]) for piece in rest for i in labelled
    )
    for piece in sorted(rest, key=lambda i: (boxes[i].y0, boxes[i].x0)):
        host = _host(boxes[piece], {i: boxes[i] for i in labelled}, side_px)
        if host is None or (not cells_are_parts and _one_grid(boxes[host], boxes[piece], side_px)):
            continue
        groups[host] += groups.pop(piece)
    for host in labelled:
        whole = reduce(union, (boxes[i] for i in groups[host]))
        others = [boxes[i] for i in labelled if i != host]
        if len(groups[host]) > 1 and any(whole.intersection(box) > _OVERLAP * box.area for box in others):
            groups.update({i: [i] for i in groups[host]})
    return list(groups.values())


def _host(piece: Box, labelled: dict[int, Box], side_px: float) -> int | None:
    """The labelled panel that a piece belongs to: the nearest that starts above or left of it."""
    best: tuple[float, int] | None = None
    for i, panel in labelled.items():
        if panel.x0 > piece.x0 + _START * piece.width or panel.y0 > piece.y0 + _START * piece.height:
            continue
        in_one_row = min(piece.y1, panel.y1) - max(piece.y0, panel.y0) >= 0.5 * min(piece.height, panel.height)
        down = 0.0 if in_one_row else abs(piece.y0 - panel.y0) + _NEXT_ROW * side_px
        cost = _ACROSS * abs(piece.x0 - panel.x0) + down
        if cost <= _REACH * side_px and (best is None or cost < best[0]):
            best = (cost, i)
    return best[1] if best else None


def _comes_after(box: Box, piece: Box) -> bool:
    """Whether a box follows a piece of about its size in reading order."""
    if not 0.8 * piece.area <= box.area <= 1.25 * piece.area:
        return False
    x, y = box.centre
    return x > piece.x1 if piece.y0 < y < piece.y1 else y >= piece.y1


def _one_grid(a: Box, b: Box, side_px: float) -> bool:
    tolerance = SAME_SIZE * side_px
    alike = abs(a.width - b.width) <= tolerance and abs(a.height - b.height) <= tolerance
    return alike and min(a.width, a.height) >= _LEAST_CELL * tolerance
