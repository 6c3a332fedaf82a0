"""What one letter names is one panel: pieces without a letter join the panel whose letter reaches them.

A letter stands at the upper left of what it names. A piece that no letter stands at, though others have theirs, is
part of the panel of a letter above or left of it. Pieces of equal size are told apart by the order of the letters:
lettered ones after unlettered ones mean that one letter names several; unlettered ones at the end stay on their own.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from exsclaim.figures.panels import DetectedPanel
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

NEAR = 0.12
"""A letter stands at a panel if it is no farther from it than this share of the figure's longer side."""
_SAME_SIZE = 0.03
"""Pieces whose widths and heights differ by no more (share of the longer side) are cells of one grid."""
_START = 0.4
"""A letter stands above and left of what it names, or no deeper in it than this share of its height and width."""
_ACROSS = 0.7
"""A pixel to the right weighs so much of one down: what one letter names is mostly one row."""
_NEXT_ROW = 0.2
"""What leaving the row of the letter's own piece costs, as a share of the longer side."""
_REACH = 0.75
"""A letter reaches pieces no farther than this share of the figure's longer side."""


def joined_by_letters(panels: Sequence[DetectedPanel], letters: Sequence[Box], side_px: float) -> list[DetectedPanel]:
    """Panels after joining those without a letter of their own to those of the letters that reach them.

    Without at least two letters nothing is joined. A joined panel is an illustration where all its pieces are, else
    a parent; its score is the least of its pieces'.

    Args:
        panels: a figure's own panels.
        letters: boxes of the figure's panel letters.
        side_px: the figure's longer side.
    """
    if len(letters) < 2 or len(panels) <= len(letters):
        return list(panels)
    owner = _letters_own_panels(panels, letters, side_px)
    groups: dict[int, list[DetectedPanel]] = {letter: [panels[panel]] for panel, letter in owner.items()}
    lettered = [panels[i].box for i in owner]
    pieces = [panel for i, panel in enumerate(panels) if i not in owner]
    cells_are_parts = any(_follows(own, piece.box) for piece in pieces for own in lettered)
    alone: list[DetectedPanel] = []
    for piece in pieces:
        letter = _letter_reaching(piece.box, letters, {j: group[0].box for j, group in groups.items()}, side_px)
        group = groups.get(letter) if letter is not None else None
        if group is None or (not cells_are_parts and _is_cell(piece.box, group[0].box, side_px)):
            alone.append(piece)
        else:
            group.append(piece)
    return [_union(group) for group in groups.values()] + alone


def _letters_own_panels(panels: Sequence[DetectedPanel], letters: Sequence[Box], side_px: float) -> dict[int, int]:
    """Panel index -> letter index: the assignment with the least sum of distances."""
    cost = np.array([[_distance(letter, panel.box) for letter in letters] for panel in panels])
    rows, columns = linear_sum_assignment(np.minimum(cost, NEAR * side_px))
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if cost[i, j] < NEAR * side_px}


def _distance(letter: Box, panel: Box) -> float:
    """From the letter's centre to the panel's upper left corner; shorter where it stands in the panel."""
    x, y = letter.centre
    to_corner = float(np.hypot(max(0.0, x - panel.x0) * 0.5 + max(0.0, panel.x0 - x), abs(y - panel.y0)))
    outside = np.hypot(max(panel.x0 - x, x - panel.x1, 0.0), max(panel.y0 - y, y - panel.y1, 0.0))
    return float(0.7 * outside + 0.3 * to_corner)


def _follows(box: Box, piece: Box) -> bool:
    """Whether `box` comes after `piece` of about its size in reading order."""
    if not 0.8 * piece.area <= box.area <= 1.25 * piece.area:
        return False
    x, y = box.centre
    same_row = piece.y0 < y < piece.y1
    return x > piece.x1 if same_row else y >= piece.y1


def _letter_reaching(piece: Box, letters: Sequence[Box], named: Mapping[int, Box], side_px: float) -> int | None:
    """The nearest letter above or left of a piece; `named` gives what each letter stands at, before any joining."""
    best: tuple[float, int] | None = None
    for i, letter in enumerate(letters):
        x, y = letter.centre
        if i not in named or x > piece.x0 + _START * piece.width or y > piece.y0 + _START * piece.height:
            continue
        across = _ACROSS * abs(piece.x0 - x)
        down = 0.0 if _in_one_row(piece, named[i]) else abs(piece.y0 - y) + _NEXT_ROW * side_px
        if across + down <= _REACH * side_px and (best is None or across + down < best[0]):
            best = (across + down, i)
    return best[1] if best else None


def _in_one_row(a: Box, b: Box) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= 0.5 * min(a.height, b.height)


def _is_cell(piece: Box, other: Box, side_px: float) -> bool:
    limit = _SAME_SIZE * side_px
    alike = abs(piece.width - other.width) <= limit and abs(piece.height - other.height) <= limit
    return alike and min(piece.width, piece.height) >= 4 * limit


def _union(group: list[DetectedPanel]) -> DetectedPanel:
    if len(group) == 1:
        return group[0]
    corners = np.array([panel.box.corners for panel in group])
    box = Box.of((*corners[:, :2].min(axis=0), *corners[:, 2:].max(axis=0)))
    schemes = all(panel.kind is PanelKind.ILLUSTRATION for panel in group)
    return DetectedPanel(
        box=box,
        kind=PanelKind.ILLUSTRATION if schemes else PanelKind.PARENT,
        score=min(panel.score for panel in group),
        kind_scores=group[0].kind_scores,
        nested_score=min(panel.nested_score for panel in group),
    )
