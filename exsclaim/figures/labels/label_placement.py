"""Assignment of printed letters to panels by where they stand, at once for the whole figure.

Authors place letters alike within one figure: all in the same corner, all above, all below. So every placement is
tried as the figure's usual one, each time with the best assignment of letters to panels (Kuhn-Munkres); the
placement that explains most wins, and is then refined by the offset its letters have in common.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Self

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


class _Pairs:
    """Every panel with every letter, `(panels, letters)` each: px from the panel's sides inwards to the letter.

    `across` and `down` are those from the panel's middle.
    """

    def __init__(self, panels: Sequence[Box], letters: Sequence[Box], side_px: float) -> None:
        panel, letter = (np.array([box.corners for box in boxes]).T for boxes in (panels, letters))
        x0, y0, x1, y1 = (corner[:, None] for corner in panel)
        x, y = (letter[0] + letter[2]) / 2, (letter[1] + letter[3]) / 2
        self.left, self.top, self.right, self.bottom = x - x0, y - y0, x1 - x, y1 - y
        self.across, self.down = x - (x0 + x1) / 2, y - (y0 + y1) / 2
        self.panel_width, self.panel_height = x1 - x0, y1 - y0
        self.letter_width, self.letter_height = letter[2] - letter[0], letter[3] - letter[1]
        self.side_px = side_px


class Offset(NamedTuple):
    """Letters' centres as seen from where a placement expects them: px right and down, and the same as costs."""

    dx: NDArray[np.float64]
    dy: NDArray[np.float64]
    cost: NDArray[np.float64]

    @classmethod
    def of(
        cls, dx: NDArray[np.float64], dy: NDArray[np.float64], ux: NDArray[np.float64], uy: NDArray[np.float64]
    ) -> Self:
        """The offset with its costs along x and y."""
        return cls(dx, dy, np.hypot(ux, uy))


Placement = Callable[[_Pairs], Offset]


def _corner(pairs: _Pairs, *, right: bool, bottom: bool) -> Offset:
    dx = pairs.right if right else pairs.left
    dy = pairs.bottom if bottom else pairs.top
    ux = _cost_along(dx, pairs.letter_width, pairs.panel_width, pairs.side_px)
    uy = _cost_along(dy, pairs.letter_height, pairs.panel_height, pairs.side_px)
    return Offset.of(dx, dy, ux, uy)


def _centred(pairs: _Pairs, *, below: bool) -> Offset:
    dx = pairs.across
    dy = pairs.bottom if below else pairs.top
    ux = abs(dx) / (0.06 * pairs.panel_width + 0.5 * pairs.letter_width)
    # within the panel a letter at the middle of a side is rare
    uy = np.where(dy < 0, _cost_outside(dy, pairs.letter_height, pairs.side_px), 1 + dy / pairs.letter_height)
    return Offset.of(dx, dy, ux, uy)


def _under(pairs: _Pairs) -> Offset:
    """Under a graph's axis, in the line of its title: "(a)   Time (s)" has its letter anywhere along it."""
    dy = pairs.bottom
    ux = np.maximum(0.0, np.maximum(-pairs.left, -pairs.right)) / pairs.letter_width
    inside = dy / (1.5 * pairs.letter_height)
    uy = np.where(dy < 0, _cost_outside(dy, pairs.letter_height, pairs.side_px), inside)
    return Offset.of(pairs.left, dy, ux, uy)


def _beside(pairs: _Pairs) -> Offset:
    dx, dy = pairs.left, pairs.down
    ux = np.where(dx < 0, _cost_outside(dx, pairs.letter_width, pairs.side_px), 1 + dx / pairs.letter_width)
    uy = abs(dy) / (0.06 * pairs.panel_height + 0.5 * pairs.letter_height)
    return Offset.of(dx, dy, ux, uy)


def _cost_along(
    inwards: NDArray[np.float64], letter_px: NDArray[np.float64], panel_px: NDArray[np.float64], side_px: float
) -> NDArray[np.float64]:
    inside = inwards / (_INSIDE_SHARE * panel_px + letter_px)
    return np.where(inwards >= 0, inside, _cost_outside(inwards, letter_px, side_px))


def _cost_outside(inwards: NDArray[np.float64], letter_px: NDArray[np.float64], side_px: float) -> NDArray[np.float64]:
    return -inwards / (_OUTSIDE_SIDE * side_px + 1.5 * letter_px)


_PLACEMENTS: tuple[tuple[Placement, float], ...] = (
    (partial(_corner, right=False, bottom=False), 0.0),
    (partial(_corner, right=True, bottom=False), 0.3),
    (partial(_corner, right=False, bottom=True), 0.4),
    (partial(_corner, right=True, bottom=True), 0.5),
    (partial(_centred, below=True), 0.2),
    (partial(_centred, below=False), 0.3),
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
    pairs = _Pairs(panels, boxes, side_px)
    offsets = [place(pairs) for place, _ in _PLACEMENTS]
    costs = np.array([offset.cost for offset in offsets])
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
    taken = _assignment(worth - np.minimum(usual_cost, anyhow))
    alike = [(i, j) for i, j in taken if usual_cost[i, j] <= anyhow[i, j]]
    if len(alike) >= 3:
        common = _distances_to_common(offsets[best_usual], alike, pairs.letter_height)
        taken = _assignment(worth - np.minimum(np.minimum(common + elsewhere, usual_cost + 0.3), anyhow))
    found: list[int | None] = [None] * len(panels)
    for i, j in taken:
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
    offset: Offset, alike: Sequence[tuple[int, int]], heights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Costs by distance from the median offset of some panels and letters, in heights of a letter."""
    panels, letters = zip(*alike, strict=True)
    dx, dy = (np.median(px[panels, letters]) for px in (offset.dx, offset.dy))
    return np.hypot(offset.dx - dx, offset.dy - dy) / (2 * np.median(heights[list(letters)]))


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
