"""Images that touch: parted where one straight seam runs all across."""

import numpy as np
from numpy.typing import NDArray

PixelBox = tuple[int, int, int, int]

SEAM_CONTRAST = 12.0
"""Least median jump (grey levels) across a seam."""
SEAM_PROMINENCE = 3.0
"""A seam's median jump is at least this many times the one usual between neighbouring lines of its image."""


def split_at_seams(image: NDArray[np.uint8], box: PixelBox, min_side_px: float) -> list[PixelBox]:
    """Parts of an image between seams that cross it completely; `[box]` where there is none.

    A seam is a boundary between two columns (or rows) across which most pixels jump, far more than between other
    neighbours in the same image. Only strong ones count: a part must be at least `min_side_px` wide.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        box: the image's box in it.
    """
    open_boxes, done = [box], []
    while open_boxes:
        x0, y0, x1, y1 = open_boxes.pop()
        part = image[y0:y1, x0:x1]
        column, column_strength = _seam(part, min_side_px)
        row, row_strength = _seam(part.transpose(1, 0, 2), min_side_px)
        if max(column_strength, row_strength) < SEAM_PROMINENCE:
            done.append((x0, y0, x1, y1))
        elif column_strength >= row_strength:
            open_boxes += [(x0, y0, x0 + column, y1), (x0 + column, y0, x1, y1)]
        else:
            open_boxes += [(x0, y0, x1, y0 + row), (x0, y0 + row, x1, y1)]
    return done


def _seam(part: NDArray[np.uint8], min_side_px: float) -> tuple[int, float]:
    """Column at which the most prominent seam runs, and its prominence (0: none)."""
    height, width = part.shape[:2]
    margin = max(2, int(min_side_px))
    if width < 2 * margin + 1 or height < margin:
        return 0, 0.0
    rows = part[:: max(1, height // 1024)].astype(np.int16)
    jumps = np.abs(np.diff(rows, axis=1)).max(axis=2)
    # the lower quartile: three quarters of the seam's length must jump, so that no object's outline passes for one
    typical = np.percentile(jumps, 25, axis=0)
    middle = np.median(jumps, axis=0)
    usual = max(float(np.median(middle)), 2.0)
    inner = middle[margin - 1 : width - margin]
    at = int(np.argmax(inner)) + margin - 1
    if middle[at] < SEAM_CONTRAST or typical[at] < SEAM_CONTRAST / 2:
        return 0, 0.0
    return at + 1, float(middle[at]) / usual
