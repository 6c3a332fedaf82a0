"""Rulers of ticks in place of a scale bar: some electron microscopes print eleven ticks above the scale label.

The label names the length from the first tick to the last; it ends with the ruler (Hitachi) or begins with it (Tescan).
No line joins the ticks, or one below them, so that a detector of bars sees none, or the gaps between them.
"""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import largest_channel
from exsclaim.geometry import Box

_TICKS = 11
_FAR = 1.6
"""Heights of the label above it within which the ticks stand."""
_LONGEST = 30.0
"""Length of a ruler in heights of its label, at most."""
_BESIDE = 3.0
"""Heights of the label by which the last tick may stand off the label's end, or the first one off its start."""
_LEAST_CONTRAST = 60
"""Grey levels between ticks and strip."""
_WIDEST_TICK = 0.4
"""Share of the gap between two ticks."""
_MOST_MARKED = 0.5
"""Share of a row with ticks that may be marked: a picture may stand in the same row, beside the strip."""
_UNEVEN = 0.08
"""Share of the mean gap by which any gap may differ from it; a pixel besides, for rounding."""
_LEAST_GAP_PX = 5


def ruler_above(image: NDArray[np.uint8], label: Box) -> Box | None:
    """The ruler above a scale label, from the middle of its first tick to that of its last; None if there is none.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        label: box of its text, which ends or begins about where the ruler does.
    """
    height, width = image.shape[:2]
    label = label.clipped(width, height)
    top, foot = max(0, int(label.y0 - _FAR * label.height)), min(height, int(np.ceil(label.y1)))
    left = max(0, int(label.x1 - _LONGEST * label.height))
    right = min(width, int(np.ceil(label.x0 + _LONGEST * label.height)))
    above = int(label.y0) - top
    if above < 2 or label.height < 5 or label.width < 1:
        return None
    strip = image[top:foot, left:right].astype(np.int16)
    text = strip[above:, max(0, int(label.x0) - left) : int(label.x1) - left + 1]
    ground = np.median(text.reshape(-1, 3), axis=0)
    marked = largest_channel(np.abs(strip[:above] - ground)) >= _LEAST_CONTRAST
    starts = marked[:, 0] + np.count_nonzero(marked[:, 1:] & ~marked[:, :-1], axis=1)
    may_be_ruler = (marked.mean(axis=1) <= _MOST_MARKED) & (starts >= _TICKS)
    found: list[tuple[int, float, float]] = []
    for row in range(above - 1, -1, -1):
        ends = _ticks(marked[row], label.moved(-left, 0), _BESIDE * label.height) if may_be_ruler[row] else None
        if ends is not None and (not found or abs(ends[0] - found[-1][1]) + abs(ends[1] - found[-1][2]) <= 2):
            found.append((row, *ends))
        elif found:
            break
    if len(found) < 2:
        return None
    first, last = (float(np.median([item[side] for item in found])) for side in (1, 2))
    return Box(left + first, float(top + found[-1][0]), left + last, float(top + found[0][0] + 1))


def _ticks(marked: NDArray[np.bool_], label: Box, slack: float) -> tuple[float, float] | None:
    """Middles of the first and the last of eleven even ticks in a row, from the label's start or to its end, if any."""
    change = np.diff(np.concatenate([[0], marked.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    middles = (starts + stops) / 2
    for last in range(len(middles) - 1, _TICKS - 2, -1):
        first = last - _TICKS + 1
        if abs(middles[last] - label.x1) > slack and abs(middles[first] - label.x0) > slack:
            continue
        gap = (middles[last] - middles[first]) / (_TICKS - 1)
        if gap < _LEAST_GAP_PX:
            continue
        even = np.abs(np.diff(middles[first : last + 1]) - gap).max() <= _UNEVEN * gap + 1
        narrow = (stops - starts)[first : last + 1].max() <= max(2, _WIDEST_TICK * gap)
        more = [middles[i] for i in (first - 1, last + 1) if 0 <= i < len(middles)]
        alone = all(min(abs(m - middles[first]), abs(m - middles[last])) > (1 + 2 * _UNEVEN) * gap + 1 for m in more)
        if even and narrow and alone:
            return float(middles[first]), float(middles[last])
    return None
