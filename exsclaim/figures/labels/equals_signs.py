"""Letters that stand for quantities, "n = 5", "T = 300 K", "A = Nama": an equals sign follows them on their line."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.geometry import Box

_REACH = 2.4
"""The sign begins and ends within so many heights right of its letter."""
_GAP = 1.0
"""It begins within so many."""
_LEAST_PX = 40
"""Lower print is looked at enlarged to this height: the sign's bars are two pixels apart."""
_LEAST_CONTRAST = 40
_INK = 0.45
"""Share of the strongest contrast from which on a pixel is print."""
_THICK = 0.3
"""Height of a bar at most, as a share of the letter's."""
_LONG = 0.25, 1.5
"""Least and greatest width of a bar, likewise."""
_APART = 0.8
"""Distance of the bars at most, likewise."""
_ALIKE = 0.2
"""The bars' ends differ by no more than this share of their width, or a pixel and a half."""
_LEAST_RATIO = 1.6
"""A bar is so many times as wide as it is high."""


def without_quantities(letters: Sequence[DetectedLabel], image: NDArray[np.uint8]) -> tuple[DetectedLabel, ...]:
    """The letters of a figure, `(H, W, 3)` uint8 RGB, that no equals sign follows."""
    return tuple(letter for letter in letters if not precedes_equals(letter.box, image))


def precedes_equals(letter: Box, image: NDArray[np.uint8]) -> bool:
    """True if two short bars, one over the other, are the next marks on the line of a letter."""
    height = letter.height
    x0, x1 = int(letter.x1 - 0.25 * height), int(letter.x1 + _REACH * height) + 1
    y0, y1 = int(letter.y0), int(np.ceil(letter.y1))
    part = image[max(0, y0) : y1, max(0, x0) : x1]
    if height < 5 or min(part.shape[:2]) < 4:
        return False
    zoom = max(1.0, _LEAST_PX / height)
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    if zoom > 1:
        grey = cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    contrast = np.abs(grey.astype(np.float32) - float(np.median(grey)))
    if float(contrast.max()) < _LEAST_CONTRAST:
        return False
    ink = (contrast > _INK * float(contrast.max())).astype(np.uint8)
    start = (letter.x1 - max(0, x0)) * zoom
    return _begins_with_equals(ink, start, height * zoom)


def _begins_with_equals(ink: NDArray[np.uint8], start_px: float, height_px: float) -> bool:
    """True if the first marks of a line of print are the bars of an equals sign.

    Args:
        ink: `(H, W)` of what stands right of a letter, from a little before its end.
        start_px: where the letter ends: marks that begin before are its own.
        height_px: of the letter.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    marks = [Box(x, y, x + w, y + h) for x, y, w, h, area in stats[1:].tolist() if area >= 3]
    marks = sorted((mark for mark in marks if mark.x0 > 0 and mark.x0 >= start_px - 0.2 * height_px), key=_left)
    if len(marks) < 2 or marks[0].x0 - start_px > _GAP * height_px:
        return False
    upper, lower = sorted(marks[:2], key=lambda mark: mark.y0)
    least, most = _LONG
    slack = max(1.5 * height_px / _LEAST_PX, _ALIKE * upper.width)
    return (
        all(
            mark.height <= _THICK * height_px
            and least * height_px <= mark.width <= most * height_px
            and mark.width >= _LEAST_RATIO * mark.height
            for mark in (upper, lower)
        )
        and abs(upper.x0 - lower.x0) <= slack
        and abs(upper.x1 - lower.x1) <= slack
        and 0 < lower.y0 - upper.y1 <= _APART * height_px
        and upper.y0 > 0.05 * height_px
    )


def _left(mark: Box) -> float:
    return mark.x0
