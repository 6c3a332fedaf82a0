"""Pieces joined to panels by the number of labels that the caption names.

Gutters also part what one letter names: the drawings of a scheme, a micrograph and its maps. The caption says how
many panels there should be.
"""

from collections.abc import Sequence

from exsclaim.geometry import Box

REACH = 0.06
"""Pieces farther apart than this share of the figure's longer side are not joined."""
SAME_SIZE = 0.03
"""Pieces whose widths and heights differ by no more are cells of one grid: panels of their own, lettered or not."""


def grouped(boxes: Sequence[Box], count: int, side_px: float) -> list[Box]:
    """Boxes after joining the closest pieces until `count` are left, or no two belong together.

    Args:
        boxes: pieces of a figure.
        count: number of panels that the caption names; 0 where it is not known, which joins nothing.
        side_px: the figure's longer side.
    """
    pieces = list(boxes)
    while 0 < count < len(pieces):
        best: tuple[float, int, int] | None = None
        for i, a in enumerate(pieces):
            for j in range(i + 1, len(pieces)):
                cost = distance(a, pieces[j]) + _waste(a, pieces[j]) * side_px * REACH
                if _joinable(pieces, i, j, side_px) and (best is None or cost < best[0]):
                    best = (cost, i, j)
        if best is None:
            break
        _, i, j = best
        pieces[i] = union(pieces[i], pieces[j])
        del pieces[j]
    return pieces


def _joinable(pieces: Sequence[Box], i: int, j: int, side_px: float) -> bool:
    a, b = pieces[i], pieces[j]
    if distance(a, b) > REACH * side_px:
        return False
    alike = abs(a.width - b.width) <= SAME_SIZE * side_px and abs(a.height - b.height) <= SAME_SIZE * side_px
    large = min(a.width, a.height) >= 4 * SAME_SIZE * side_px
    if alike and large:
        return False
    whole = union(a, b)
    return all(whole.intersection(other) <= 0.05 * other.area for k, other in enumerate(pieces) if k not in (i, j))


def union(a: Box, b: Box) -> Box:
    """The box around both."""
    return Box.of((min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1)))


def distance(a: Box, b: Box) -> float:
    """Distance in px between two boxes; 0 where they touch or overlap."""
    dx = max(a.x0 - b.x1, b.x0 - a.x1, 0.0)
    dy = max(a.y0 - b.y1, b.y0 - a.y1, 0.0)
    return float((dx * dx + dy * dy) ** 0.5)


def _waste(a: Box, b: Box) -> float:
    """Share of the joint box that neither piece fills: small for pieces side by side and of one height."""
    whole = union(a, b).area
    return max(0.0, 1 - (a.area + b.area - a.intersection(b)) / whole) if whole > 0 else 0.0
