"""Images that touch, or that only a hairline parts: cut where one straight seam runs all across."""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.panels.page import line_means, quartile_and_median

PixelBox = tuple[int, int, int, int]

# A step: the jump (grey levels, largest channel) in the lower quartile and the median of the seam's length, at least,
# and as a multiple of what is usual between neighbouring lines of the image; and the lower quartile as a multiple of
# that of the lines within 12 px, because textures jump everywhere. On 300 single micrographs (JPEG, 400 px) these
# numbers see a seam in 3 %; of 150 touching pairs of others they part 85 % at the right column, with a hairline 98 %.
STEP_LEAST = (8.0, 20.0)
STEP_PROMINENCE = (2.5, 2.0)
STEP_LOCAL_PROMINENCE = 1.5
HAIRLINE_SHARE = 0.9
"""Share of a hairline's length that is lighter than both its sides."""
HAIRLINE_CONTRAST = 5.0
"""Least median difference (grey levels) of a hairline from the lighter of its sides."""


def find_seam(image: NDArray[np.uint8], box: PixelBox, min_side_px: float) -> tuple[PixelBox, PixelBox] | None:
    """The two parts of a box on the sides of its clearest seam; None where no seam crosses it completely.

    A seam is a *step* (most pixels of two neighbouring columns differ, and go on to differ beyond them) or a
    *hairline* (one or two columns lighter than both sides). Dark lines do not count: they are axes and frames.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        box: the region to part, in whole pixels.
        min_side_px: least width (height) of each part.
    """
    x0, y0, x1, y1 = box
    part = image[y0:y1, x0:x1]
    column, column_strength = _clearest(part, min_side_px)
    row, row_strength = _clearest(part.transpose(1, 0, 2), min_side_px)
    if max(column_strength, row_strength) == 0:
        return None
    if column_strength >= row_strength:
        return (x0, y0, x0 + column, y1), (x0 + column, y0, x1, y1)
    return (x0, y0, x1, y0 + row), (x0, y0 + row, x1, y1)


def _clearest(part: NDArray[np.uint8], min_side_px: float) -> tuple[int, float]:
    """Column at which the clearest seam runs, and its strength in grey levels (0: none)."""
    height, width = part.shape[:2]
    margin = max(6, int(min_side_px))
    if width < 2 * margin + 2 or height < margin:
        return 0, 0.0
    rows = part[:: max(1, height // 256)].astype(np.int16)
    strength = np.maximum(_steps(rows), _hairlines(_grey(rows)))
    strength[:margin] = 0
    strength[width - margin :] = 0
    at = int(np.argmax(strength))
    return at, float(strength[at])


def _steps(rows: NDArray[np.int16]) -> NDArray[np.float64]:
    """Per column boundary (x: between x-1 and x) the median jump where a step runs, else 0."""
    jumps = _largest_channel(np.abs(np.diff(rows, axis=1)))
    quartile, middle = quartile_and_median(jumps)
    clear = (quartile >= STEP_LEAST[0]) & (middle >= STEP_LEAST[1])
    clear &= quartile >= STEP_PROMINENCE[0] * (np.median(quartile) + 1)
    clear &= middle >= STEP_PROMINENCE[1] * (np.median(middle) + 1)
    for at in np.flatnonzero(clear):
        beside = np.concatenate([quartile[max(0, at - 12) : max(0, at - 2)], quartile[at + 3 : at + 13]])
        clear[at] = quartile[at] >= STEP_LOCAL_PROMINENCE * beside.max(initial=0) and all(
            # what differs across the seam must differ farther out too: else a dark line, an axis or a frame
            np.percentile(_jump(rows, int(at) - out, int(at) + 1 + out), 25) >= STEP_LEAST[0]
            for out in (1, 2, 4)
        )
    strength = np.zeros(rows.shape[1])
    strength[1:] = np.where(clear, middle, 0)
    return strength


def _jump(rows: NDArray[np.int16], left: int, right: int) -> NDArray[np.int16]:
    left, right = max(left, 0), min(right, rows.shape[1] - 1)
    return _largest_channel(np.abs(rows[:, right] - rows[:, left]))


def _largest_channel(values: NDArray[np.int16]) -> NDArray[np.int16]:
    """Maximum over the last axis, of length 3; several times faster than numpy's reduction of a short axis."""
    return np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])


def _grey(values: NDArray[np.int16]) -> NDArray[np.float32]:
    """Mean of the last axis, of length 3; see `_largest_channel`."""
    return (values[..., 0] + values[..., 1] + values[..., 2]).astype(np.float32) / np.float32(3)


def _hairlines(grey: NDArray[np.float32]) -> NDArray[np.float64]:
    """Per column the median lightness of a hairline over its sides, else 0; hairlines of one and two columns."""
    width = grey.shape[1]
    strength = np.zeros(width)
    for thick in (1, 2):
        inner = width - thick - 3
        line = grey[:, 2 : 2 + inner] if thick == 1 else np.minimum(grey[:, 2 : 2 + inner], grey[:, 3 : 3 + inner])
        sides = np.maximum(grey[:, :inner], grey[:, thick + 3 : thick + 3 + inner])
        above = line - sides
        clear = np.flatnonzero(line_means((above > 3).view(np.uint8), 0) >= HAIRLINE_SHARE)
        found = np.zeros(inner)
        found[clear] = np.median(above[:, clear], axis=0)
        found[found < HAIRLINE_CONTRAST] = 0
        strength[2 : 2 + inner] = np.maximum(strength[2 : 2 + inner], found)
    return strength
