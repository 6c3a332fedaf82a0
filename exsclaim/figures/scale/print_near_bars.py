"""Print near scale bars: where a label stands to its bar, and what around the print only looks like a bar.

A label stands above or below its bar, in its line, or in a gap of it, |--- 5 µm ---|. What lies between the print and
the bar, and the edge of a plate that both stand on, are bands of one colour as well.
"""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.scale.bar_bands import Band
from exsclaim.geometry import Box

_WIDEST_GAP = 3.0
"""Between two halves and the label there are no more than so many heights of the label together."""
_MIDDLE = (0.3, 0.7)
"""Shares of a label's height between which a bar in its line stands."""
_PLAIN = 8.0
"""Grey levels by which a plate's pixels differ."""
_NEAR = 1.5
"""Heights of a label between it and its bar at most."""
_PLATE = 0.5
"""Share of a label's box that is of one colour where it is printed on a plate."""


def is_level(label: Box, bar: Box) -> bool:
    """True if a label stands in a bar's line, left or right of it and close."""
    gap = -label.overlap_width(bar)
    return label.y0 < bar.centre[1] < label.y1 and 0 <= gap <= _WIDEST_GAP * label.height / 2


def is_beside(label: Box, bar: Box) -> bool:
    """True if a label stands right above or below a bar."""
    gap = max(label.y0 - bar.y1, bar.y0 - label.y1)
    return label.overlap_width(bar) >= 0.5 * min(label.width, bar.width) and gap <= _NEAR * label.height


def stands_between(label: Box, band: Band, start: float, stop: float) -> bool:
    """True if a label stands in a gap of a band's row, from `start` to `stop`, and largely fills it."""
    inside = min(label.x1, stop) - max(label.x0, start)
    level = label.y0 < (band.first + band.last) / 2 < label.y1
    return level and inside >= 0.7 * label.width and stop - start <= label.width + _WIDEST_GAP * label.height


def share_in_print(label: Box, band: Band, start: float, stop: float) -> float:
    """Share of a band's height that reaches into a label above or below, off its middle; below 0 if it does not.

    What lies between a label's print and the bar can look like a bar, and reaches into the label. The band goes from
    `start` to `stop`.
    """
    into = min(band.last, label.y1) - max(band.first, label.y0)
    along = min(stop, label.x1) - max(start, label.x0)
    middle = ((band.first + band.last) / 2 - label.y0) / max(label.height, 1.0)
    low, high = _MIDDLE
    if along < 0.5 * label.width or low <= middle <= high:
        return -np.inf
    return into / (band.last - band.first)


def plate_colour(image: NDArray[np.uint8], label: Box) -> NDArray[np.float32] | None:
    """The colour of the plate on which a label is printed; None where its ground is no plain one."""
    height, width = image.shape[:2]
    inside = label.clipped(width, height)
    pixels = image[int(inside.y0) : int(np.ceil(inside.y1)), int(inside.x0) : int(np.ceil(inside.x1))]
    pixels = pixels.reshape(-1, 3).astype(np.float32)
    if not len(pixels):
        return None
    ground = np.median(pixels, axis=0)
    alike = np.abs(pixels - ground).max(axis=1) <= _PLAIN
    return ground if alike.mean() >= _PLATE else None


def is_plate(band: Band, ground: NDArray[np.float32] | None) -> bool:
    """True if a band has the colour of its label's ground: bars have that of the print, or one of their own."""
    return ground is not None and float(np.abs(band.colour - ground).max()) <= _PLAIN
