"""Captions of parts inside a figure, "(a) Side view" under a panel, that were taken for panels of their own.

Their letter is the panel's above: all letters of the figure are there, and that panel has none.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panels.lost_labels import clear_run
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box, hull

_LOW = 0.6
"""Share of the height of the panel above that a strip with its letter (colour bars, titles) has at most."""
_UNDER = 0.6
"""Share of the narrower one's width that stands under the other."""
_LEAST_LETTERS = 2
_LEAST_SIGNS = 8
_SIGN_HEIGHT, _SIGN_WIDTH = 1.6, 4.0
"""Signs of text are no higher and wider than so many heights of the letter; some touch each other."""


def without_captions(figure: SeenFigure, panels: Sequence[Piece]) -> list[Piece]:
    """The panels, those that only tell the letter of one above gone; a strip that is no text is that one's part.

    Args:
        figure: with all the letters that the detector sees.
        panels: the figure's, with their labels.
    """
    run = set(clear_run(figure.letters))
    if len(run) < _LEAST_LETTERS or not _names([panel.label for panel in panels]) <= run:
        return list(panels)  # a letter that was not seen may be that of a panel without one
    for panel in panels:
        above = [other for other in panels if _tells_of(panel, other, figure.edges.ink)]
        if above:
            left = [
                _with_its_part(other, panel, is_told=any(other is each for each in above))
                for other in panels if other is not panel
            ]  # fmt: skip
            labels = figure.label([other.box for other in left])
            more = sum(map(bool, labels)) > sum(other.label is not None for other in left)
            if more and _names(labels) >= _names([other.label for other in panels]):
                labelled = [replace(other, label=item) for other, item in zip(left, labels, strict=True)]
                return without_captions(figure, labelled)
    return list(panels)


def _with_its_part(panel: Piece, strip: Piece, *, is_told: bool) -> Piece:
    """A panel with what a strip under it has over its letter: the panel's colour bar, not the words of its caption."""
    is_named = panel.label is not None and panel.label.box is not None and panel.label.box.touches(strip.box)
    is_over = panel.box.centre[1] < strip.box.y0 and panel.box.overlap_width(strip.box) > 0
    if strip.label is None or strip.label.box is None or not (is_told or (is_named and is_over)):
        return panel
    x0, x1 = max(strip.box.x0, panel.box.x0), min(strip.box.x1, panel.box.x1)
    return replace(panel, box=hull([panel.box, Box(x0, strip.box.y0, x1, max(strip.box.y0, strip.label.box.y0))]))


def _tells_of(panel: Piece, above: Piece, ink: NDArray[np.uint8]) -> bool:
    """True if a panel may be the caption of one without a label directly over it: text, or a strip over its letter."""
    if panel.label is None or panel.label.box is None or above.label is not None:
        return False
    apart = panel.box.y0 - above.box.y1
    is_under = panel.box.overlap_width(above.box) >= _UNDER * min(panel.box.width, above.box.width)
    is_strip = panel.box.height <= _LOW * above.box.height and panel.label.box.centre[1] > panel.box.centre[1]
    is_near = -0.1 * panel.box.height <= apart <= panel.box.height
    return is_under and is_near and (is_strip or _is_text(panel.box, panel.label.box.height, ink))


def _is_text(box: Box, letter_px: float, ink: NDArray[np.uint8]) -> bool:
    """True if a box holds signs alone that are about as large as its letter: no lines, no areas."""
    inside = ink[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    count, _, sizes, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    widest, highest = sizes[1:, cv2.CC_STAT_WIDTH].max(initial=0), sizes[1:, cv2.CC_STAT_HEIGHT].max(initial=0)
    return bool(count > _LEAST_SIGNS and highest <= _SIGN_HEIGHT * letter_px and widest <= _SIGN_WIDTH * letter_px)


def _names(labels: Sequence[PanelLabel | None]) -> set[str]:
    return {(item.label or "").lower() for item in labels if item}
