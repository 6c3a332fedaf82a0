"""Assignment of printed letters to panels by where they stand, at once for the whole figure.

Authors place letters alike within one figure: all in the same corner, all above, all below. So every placement is
tried as the figure's usual one, each time with the best assignment of letters to panels (Kuhn-Munkres); the
placement that explains most wins, and is then refined by the offset its letters have in common.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from exsclaim.geometry import Box

LEAST_WORTH = 0.15
"""Detections that are letters with less probability than this are not placed."""
_WORTH = (0.5, 3.0)
"""Cost up to which a letter is placed rather than left, for a probability of 0 and of 1."""
_IN_ANOTHER = 1.0
"""Cost of a letter that lies in a panel other than its own."""
_AFFINITY = 1.0
"""Cost that a label right for the panel's place makes up for."""
_UNUSUAL = 0.8
"""Cost of a placement other than the figure's usual one."""
_OUTSIDE_SIDE = 0.03
"""Distance from a panel at which a letter still is its own, as a share of the figure's longer side."""
_FARTHEST = 0.3
"""A letter at the figure's margin is no farther from its panel, as a share of the figure's longer side."""
_INSIDE_SHARE = 0.12
"""As above within a panel, as a share of the panel's side."""


class Offset(NamedTuple):
    """A letter's centre as seen from where a placement expects it: px right and down, and the same as costs."""

    dx: float
    dy: float
    cost: float


Placement = Callable[[Box, Box, float], Offset]


def _corner(right: bool, bottom: bool) -> Placement:
    def offset(panel: Box, letter: Box, side_px: float) -> Offset:
        x, y = letter.centre
        dx = panel.x1 - x if right else x - panel.x0
        dy = panel.y1 - y if bottom else y - panel.y0
        ux = _cost_along(dx, letter.width, panel.width, side_px)
        uy = _cost_along(dy, letter.height, panel.height, side_px)
        return Offset(dx, dy, float(np.hypot(ux, uy)))

    return offset


def _centred(below: bool) -> Placement:
    def offset(panel: Box, letter: Box, side_px: float) -> Offset:
        x, y = letter.centre
        dx = x - panel.centre[0]
        dy = panel.y1 - y if below else y - panel.y0
        ux = abs(dx) / (0.06 * panel.width + 0.5 * letter.width)
        # within the panel a letter at the middle of a side is rare
        uy = -dy / (_OUTSIDE_SIDE * side_px + 1.5 * letter.height) if dy < 0 else 1 + dy / letter.height
        return Offset(dx, dy, float(np.hypot(ux, uy)))

    return offset


def _under(panel: Box, letter: Box, side_px: float) -> Offset:
    """Under a graph's axis, in the line of its title: "(a)   Time (s)" has its letter anywhere along it."""
    x, y = letter.centre
    dy = panel.y1 - y
    off = max(0.0, panel.x0 - x, x - panel.x1)
    ux = off / letter.width
    uy = -dy / (_OUTSIDE_SIDE * side_px + 1.5 * letter.height) if dy < 0 else dy / (1.5 * letter.height)
    return Offset(x - panel.x0, dy, float(np.hypot(ux, uy)))


def _beside(panel: Box, letter: Box, side_px: float) -> Offset:
    x, y = letter.centre
    dx, dy = x - panel.x0, y - panel.centre[1]
    ux = -dx / (_OUTSIDE_SIDE * side_px + 1.5 * letter.width) if dx < 0 else 1 + dx / letter.width
    uy = abs(dy) / (0.06 * panel.height + 0.5 * letter.height)
    return Offset(dx, dy, float(np.hypot(ux, uy)))


def _cost_along(inwards: float, letter_px: float, panel_px: float, side_px: float) -> float:
    if inwards >= 0:
        return inwards / (_INSIDE_SHARE * panel_px + letter_px)
    return -inwards / (_OUTSIDE_SIDE * side_px + 1.5 * letter_px)


_PLACEMENTS: tuple[tuple[Placement, float], ...] = (
    (_corner(right=False, bottom=False), 0.0),
    (_corner(right=True, bottom=False), 0.3),
    (_corner(right=False, bottom=True), 0.4),
    (_corner(right=True, bottom=True), 0.5),
    (_centred(below=True), 0.2),
    (_centred(below=False), 0.3),
    (_beside, 0.3),
    (_under, 0.8),
)
"""Each with the cost of its rarity."""


def placed(
    panels: Sequence[Box],
    letters: Sequence[Box],
    probabilities: Sequence[float],
    affinities: NDArray[np.float64],
    side_px: float,
) -> list[int | None]:
    """Index of each panel's letter, or None. A letter is used once at most.

    Args:
        panels: boxes of the figure's own panels.
        letters: boxes of what may be panel letters.
        probabilities: 0 to 1 for each of them: that it is a panel letter at all.
        affinities: `(panels, letters)`, 0 to 1: how well what a letter says fits the panel's place in the figure.
        side_px: the figure's longer side.
    """
    usable = [i for i, p in enumerate(probabilities) if p >= LEAST_WORTH and letters[i].width and letters[i].height]
    if not panels or not usable:
        return [None] * len(panels)
    chances = np.array([probabilities[i] for i in usable])
    worth = _WORTH[0] + (_WORTH[1] - _WORTH[0]) * chances + _AFFINITY * chances * affinities[:, usable]
    boxes = [letters[i] for i in usable]
    offsets = [[[place(p, b, side_px) for b in boxes] for p in panels] for place, _ in _PLACEMENTS]
    costs = np.array([[[o.cost for o in row] for row in table] for table in offsets])
    elsewhere = _IN_ANOTHER * _in_another(panels, boxes)
    rarity = np.array([rare for _, rare in _PLACEMENTS])[:, None, None]
    costs += elsewhere
    anyhow = (costs + rarity + _UNUSUAL).min(axis=0)
    best_gain, best_usual = -1.0, 0
    for usual in range(len(_PLACEMENTS)):
        gains = worth - np.minimum(costs[usual] + rarity[usual, 0, 0], anyhow)
        gain = float(sum(gains[i, j] for i, j in _assignment(gains)))
        if gain > best_gain:
            best_gain, best_usual = gain, usual
    usual_cost = costs[best_usual] + rarity[best_usual, 0, 0]
    pairs = _assignment(worth - np.minimum(usual_cost, anyhow))
    alike = [(i, j) for i, j in pairs if usual_cost[i, j] <= anyhow[i, j]]
    if len(alike) >= 3:
        common = _distances_to_common(offsets[best_usual], alike, boxes)
        pairs = _assignment(worth - np.minimum(np.minimum(common + elsewhere, usual_cost + 0.3), anyhow))
    found: list[int | None] = [None] * len(panels)
    for i, j in pairs:
        found[i] = usable[j]
    return found


def _in_another(panels: Sequence[Box], letters: Sequence[Box]) -> NDArray[np.float64]:
    """`(panels, letters)`: 1 where a letter lies in another panel and not in this one, else 0."""
    inside = np.array([[panel.intersection(letter) >= 0.8 * letter.area for letter in letters] for panel in panels])
    return (~inside & inside.any(axis=0)).astype(np.float64)


def _assignment(gains: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs of rows and columns with the greatest sum of gains; pairs without a gain are left out."""
    rows, columns = linear_sum_assignment(np.maximum(gains, 0.0), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gains[i, j] > 0]


def _distances_to_common(
    table: Sequence[Sequence[Offset]], pairs: Sequence[tuple[int, int]], letters: Sequence[Box]
) -> NDArray[np.float64]:
    """Costs by distance from the median offset of `pairs`, in heights of a letter."""
    dx = float(np.median([table[i][j].dx for i, j in pairs]))
    dy = float(np.median([table[i][j].dy for i, j in pairs]))
    height = float(np.median([letters[j].height for _, j in pairs]))
    return np.array([[np.hypot(o.dx - dx, o.dy - dy) / (2 * height) for o in row] for row in table])


def strays_placed(
    where: Sequence[int | None],
    panels: Sequence[Box],
    letters: Sequence[Box],
    is_clear: Sequence[bool],
    side_px: float,
) -> list[int | None]:
    """`where` with clear letters far off from the one panel that they can belong to: at the figure's margin.

    A drawing in the middle of its row has its letter where the panels above have theirs. Such a letter goes to the
    nearest panel without a letter to its right (or below it), if nothing stands between.

    Args:
        where: from `placed`.
        panels: as there.
        letters: as there.
        is_clear: of each letter, whether it is one without doubt.
        side_px: as there.
    """
    found = list(where)
    for j, letter in enumerate(letters):
        if not is_clear[j] or j in found or any(panel.intersection(letter) > 0 for panel in panels):
            continue
        ways = [
            (gap, i)
            for i, panel in enumerate(panels)
            if found[i] is None and (gap := _way(letter, panel)) is not None and gap <= _FARTHEST * side_px
        ]
        _, nearest = min(ways, default=(0.0, None))
        if nearest is None:
            continue
        panel = panels[nearest]
        to_the_right = panel.x0 >= letter.x1
        between = Box.of(
            (letter.x1, letter.y0, panel.x0, letter.y1)
            if to_the_right
            else (letter.x0, letter.y1, letter.x1, max(letter.y1, panel.y0))
        )
        if all(other.intersection(between) == 0 for i, other in enumerate(panels) if i != nearest):
            found[nearest] = j
    return found


def _way(letter: Box, panel: Box) -> float | None:
    """Distance in px from a letter to a panel in its row to the right, or below it in its column; else None."""
    x, y = letter.centre
    if panel.x0 >= letter.x1 and panel.y0 - 2 * letter.height <= y <= panel.y0 + 0.5 * panel.height:
        return panel.x0 - letter.x1
    if panel.y0 >= letter.y1 and panel.x0 - 2 * letter.width <= x <= panel.x0 + 0.5 * panel.width:
        return panel.y0 - letter.y1
    return None
