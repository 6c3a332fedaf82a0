"""Panels made of several images: pieces without a letter of their own join the lettered panel they stand with."""

from collections.abc import Sequence
from functools import reduce
from itertools import permutations

from exsclaim.figures.grouping import REACH, SAME_SIZE, distance, union
from exsclaim.geometry import Box

_LEAST_CELL = 4
"""Pieces narrower than so many times the tolerance of `SAME_SIZE` are alike by chance."""
_TOUCHES = 0.05
"""Share of a piece's area from which on a box overlaps it."""
_LEAST_FILL = 0.7
"""Share of a panel that its pieces cover: with more empty ground between them they only happen to be neighbours."""


def joined(boxes: Sequence[Box], has_label: Sequence[bool], side_px: float) -> list[list[int]]:
    """Groups of indices that are one panel each: a piece alone, or a labelled one with those that belong to it.

    A piece without a label joins a labelled one to its left or above, close by, with all others that lie in the box
    around both, unless one of these has a label. Cells of one grid stay apart: element maps beside their micrograph
    are panels of their own.

    Args:
        boxes: pieces of a figure.
        has_label: whether each has a label of its own.
        side_px: the figure's longer side.
    """
    groups = [[i] for i in range(len(boxes))]
    while True:
        unions = [_around(boxes, group) for group in groups]
        best: tuple[float, int, list[int]] | None = None
        for host, piece in permutations(range(len(groups)), 2):
            if has_label[groups[host][0]] and not has_label[groups[piece][0]]:
                apart = distance(unions[host], unions[piece])
                if apart <= REACH * side_px and (best is None or apart < best[0]):
                    joining = _joining(boxes, groups, host, piece, has_label, side_px)
                    best = (apart, host, joining) if joining else best
        if best is None:
            return groups
        _, host, joining = best
        groups[host] += [index for piece in joining for index in groups[piece]]
        groups = [group for i, group in enumerate(groups) if i not in joining]


def _joining(
    boxes: Sequence[Box],
    groups: Sequence[Sequence[int]],
    host: int,
    piece: int,
    has_label: Sequence[bool],
    side_px: float,
) -> list[int]:
    """The groups that join `host` when `piece` does, since they lie in the box around both; none if that cannot be."""
    whole = _around(boxes, [*groups[host], *groups[piece]])
    joining = [piece]
    growing = True
    while growing:
        growing = False
        for i, group in enumerate(groups):
            box = _around(boxes, group)
            if i != host and i not in joining and whole.intersection(box) > _TOUCHES * box.area:
                if has_label[group[0]]:
                    return []
                joining.append(i)
                whole = union(whole, box)
                growing = True
    letters_own = boxes[groups[host][0]]
    members = [boxes[index] for i in joining for index in groups[i]]
    if not all(_follows(box, letters_own) and not _one_grid(letters_own, box, side_px) for box in members):
        return []
    filled = sum(box.area for box in members) + sum(boxes[index].area for index in groups[host])
    return joining if filled >= _LEAST_FILL * whole.area else []


def _around(boxes: Sequence[Box], group: Sequence[int]) -> Box:
    return reduce(union, (boxes[index] for index in group))


def _follows(piece: Box, host: Box) -> bool:
    """Whether a piece lies to the right of or below the letter's own, since letters stand where groups start."""
    right, below = piece.centre[0] >= host.x1, piece.centre[1] >= host.y1
    return (right and piece.centre[1] > host.y0) or (below and piece.centre[0] > host.x0)


def _one_grid(a: Box, b: Box, side_px: float) -> bool:
    tolerance = SAME_SIZE * side_px
    alike = abs(a.width - b.width) <= tolerance and abs(a.height - b.height) <= tolerance
    return alike and min(a.width, a.height) >= _LEAST_CELL * tolerance
