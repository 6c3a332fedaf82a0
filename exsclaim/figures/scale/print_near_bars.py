"""Print near scale bars: where a label stands to its bar, and what around the print only looks like a bar.

A label stands above or below its bar, in its line, or in a gap of it, |--- 5 µm ---|. What lies between the print and
the bar, and the edge of a plate that both stand on, are bands of one colour as well.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import largest_channel
from exsclaim.figures.scale.bar_bands import Band
from exsclaim.geometry import Box, hull

BESIDE = 1.5
"""Cost up to which a label stands right beside a bar."""
_WIDEST_GAP = 3.0
"""Between two halves and the label there are no more than so many heights of the label together."""
_MIDDLE = (0.3, 0.7)
"""Shares of a label's height between which a bar in its line stands."""
_PLAIN = 8.0
"""Grey levels by which a plate's pixels differ."""
_CENTRED = 0.05
"""Share of a bar's length by which its label's middle is off its own where it stands at the middle."""
_IN_LINE = 0.6
"""Weight of a gap to a label in the bar's line: wider than one above or below, as data bars have "2 µm" and the bar."""
_NEAR = 1.5
"""Heights of a label between it and its bar at most."""
_SIGN = 1.1
"""A bar beside its label, in the same line, is longer than so many of its heights; what is shorter is a sign of the
text: "Z = -50 µm". Of the eleven such bars of annotated figures the shortest has 1.37."""
_TOUCHING = 0.1
"""Heights of a label between it and a line that may be part of its print or its plate."""
_FRAME_PX = 3
"""A frame's line is so thick at most, and its other sides stand within so many pixels of the ends of one."""
_LINE = 0.8
"""Share of its length along which such a side is seen."""
_SAME_PLATE = 40.0
"""Grey levels up to which a plate goes on: compression leaves noise around print and bars."""
_AROUND_PX = 4
_PLATE = 0.5
"""Share of a label's box that is of one colour where it is printed on a plate."""


def label_cost(bar: Box, label: Box) -> float:
    """Cost of a label as a bar's: 0 centred right above or below it, more with distance and misalignment."""
    height = max(label.height, 4.0)
    dx, dy = max(-bar.overlap_width(label), 0.0), max(-bar.overlap_height(label), 0.0)
    off_centre_x = abs(bar.centre[0] - label.centre[0]) / max(bar.width, label.width, 1.0)
    off_centre_y = abs(bar.centre[1] - label.centre[1]) / height
    stacked = float(np.hypot(dx, dy)) / height + 0.5 * off_centre_x
    across = _IN_LINE * dx if off_centre_y <= 0.5 else dx
    beside = across / height + 0.5 * off_centre_y + 0.3
    return min(stacked, beside) if dx > 0 else stacked


def is_level(label: Box, bar: Box) -> bool:
    """True if a label stands in a bar's line, left or right of it and close."""
    gap = -label.overlap_width(bar)
    return label.y0 < bar.centre[1] < label.y1 and 0 <= gap <= _WIDEST_GAP * label.height / 2


def is_sign(bar: Box, label: Box) -> bool:
    """True if a short line stands in the line of a text: a dash or an equals sign."""
    return bar.height < bar.width < _SIGN * label.height and label.y0 < bar.centre[1] < label.y1


def touches(bar: Box, label: Box) -> bool:
    """True if a line stands right above or below a label without a gap, as the edge of its plate does."""
    return -label.overlap_height(bar) < _TOUCHING * label.height and label.overlap_width(bar) > 0


def may_be_print(bar: Box, label: Box) -> bool:
    """True if a short line touches a label: the foot of a digit looks like a bar."""
    return bar.width < _SIGN * label.height and touches(bar, label)


def is_beside(label: Box, bar: Box) -> bool:
    """True if a label stands right above or below a bar."""
    gap = -label.overlap_height(bar)
    return label.overlap_width(bar) >= 0.5 * min(label.width, bar.width) and gap <= _NEAR * label.height


def is_centred(bar: Box, label: Box) -> bool:
    """True if a bar has the label at its middle, as it would not be if its measure stopped short of an end."""
    return abs(bar.centre[0] - label.centre[0]) <= _CENTRED * bar.width


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


def _plate_colour(image: NDArray[np.uint8], label: Box) -> NDArray[np.float32] | None:
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


def is_frame(image: NDArray[np.uint8], bar: Box, band: Band, label: Box) -> bool:
    """True if what looks like a bar is the upper or lower side of a frame around a label: its other sides are there."""
    if not (bar.height <= _FRAME_PX and bar.x0 < label.x0 and label.x1 < bar.x1):
        return False
    room = _NEAR * label.height
    beyond = (label.y0 - room, label.y0) if bar.centre[1] > label.centre[1] else (label.y1, label.y1 + room)
    sides = [Box(x - _FRAME_PX, label.y0, x + _FRAME_PX, label.y1) for x in (bar.x0, bar.x1)]
    return all(
        _has_line(image, side, band, along)
        for side, along in ((sides[0], 0), (sides[1], 0), (Box(bar.x0, beyond[0], bar.x1, beyond[1]), 1))
    )


def _has_line(image: NDArray[np.uint8], where: Box, band: Band, axis: int) -> bool:
    """True if a line of a band's colour crosses a box: from top to bottom with axis 0, else from left to right."""
    height, width = image.shape[:2]
    box = where.clipped(width, height)
    pixels = image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)].astype(np.float32)
    if not pixels.size:
        return False
    alike = largest_channel(np.abs(pixels - band.colour)) < 0.5 * band.contrast
    return bool(alike.mean(axis=axis).max() >= _LINE)


def is_plate(image: NDArray[np.uint8], bar: Box, band: Band, label: Box) -> bool:
    """True if what looks like a bar is a part of its label's plate: of its colour, and one with it.

    Bars have the print's colour, or one of their own; one of the plate's colour stands apart from it.
    """
    ground = _plate_colour(image, label)
    if ground is None or float(np.abs(band.colour - ground).max()) > _PLAIN:
        return False
    height, width = image.shape[:2]
    crop = hull((bar, label)).grown(_AROUND_PX).clipped(width, height)
    x0, y0 = int(crop.x0), int(crop.y0)
    patch = image[y0 : int(np.ceil(crop.y1)), x0 : int(np.ceil(crop.x1))].astype(np.float32)
    alike = largest_channel(np.abs(patch - ground)) <= _SAME_PLATE
    _, parts = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
    of_bar, of_label = (
        np.bincount(parts[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))].ravel())[1:]
        for box in (each.moved(-x0, -y0).clipped(*alike.shape[::-1]) for each in (bar, label))
    )
    return len(of_bar) == 0 or len(of_label) == 0 or bool(of_bar.argmax() == of_label.argmax())
