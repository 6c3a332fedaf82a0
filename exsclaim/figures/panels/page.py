"""The page that a figure is printed on: its colour, what is ink on it, and sums of ink along rows and columns."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.geometry import Box

PAGE_TOLERANCE = 32
"""Largest channel difference from the page's colour that is still page: above the ringing of JPEG beside text."""
_SEEN_PX = 1600
"""The page's colour is seen on about so many lines: large images have no other."""
_RING_SHARE = 0.9
"""Share of the pixels around a letter that are page if it stands on the page."""
_RING = 0.2
"""Width of that ring as a share of the letter's height, at least 2 px."""


def page_colour(image: NDArray[np.uint8]) -> tuple[int, int, int]:
    """RGB of the page: white, black or the border's own colour, whichever has most whole rows and columns."""
    step = max(1, max(image.shape[:2]) // _SEEN_PX)
    image = np.ascontiguousarray(image[::step, ::step])
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    common = np.median(border, axis=0)
    best, most = (255, 255, 255), 0.0
    for colour in ((255, 255, 255), tuple(int(v) for v in common), (0, 0, 0)):
        near = like(image, (colour[0], colour[1], colour[2])).view(np.uint8)
        lines = float(sum((line_means(near, axis) >= 0.97).mean() for axis in (0, 1)))
        if lines > 1.5 * most:
            best, most = (colour[0], colour[1], colour[2]), lines
    return best


def like(image: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    """`(H, W)`: pixels no channel of which differs from the colour by more than the tolerance."""
    low = tuple(max(0, value - PAGE_TOLERANCE) for value in colour)
    high = tuple(min(255, value + PAGE_TOLERANCE) for value in colour)
    return np.asarray(cv2.inRange(image, low, high) > 0)


def without_letters(image: NDArray[np.uint8], letters: Iterable[Box]) -> NDArray[np.uint8]:
    """The figure with the page in place of letters printed on it; letters within images stay.

    Args:
        image: `(H, W, 3)` uint8 RGB; returned itself where nothing is to be erased.
        letters: boxes of panel letters.
    """
    page = np.array(page_colour(image), np.uint8)
    height, width = image.shape[:2]
    erased = image
    for box in letters:
        ring = max(2, round(_RING * box.height))
        x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
        x1, y1 = min(width, int(np.ceil(box.x1))), min(height, int(np.ceil(box.y1)))
        outer = image[max(0, y0 - ring) : y1 + ring, max(0, x0 - ring) : x1 + ring].astype(np.int16)
        is_page = np.asarray((np.abs(outer - page.astype(np.int16)) <= PAGE_TOLERANCE).all(axis=2))
        inner = is_page[y0 - max(0, y0 - ring) :, x0 - max(0, x0 - ring) :][: y1 - y0, : x1 - x0]
        around = is_page.size - inner.size
        if around <= 0 or is_page.sum() - inner.sum() < _RING_SHARE * around:
            continue
        if erased is image:
            erased = image.copy()
        erased[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = page
    return erased


def line_means(mask: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    """`mask.mean(axis)` of a `(H, W)` mask of 0 and 1: a share per column (axis 0) or row (axis 1)."""
    return np.asarray(cv2.reduce(mask, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel(), np.float32)


def line_sums(mask: NDArray[np.uint8], axis: int) -> NDArray[np.int32]:
    """`mask.sum(axis)` of a `(H, W)` mask of 0 and 1: a count per column (axis 0) or row (axis 1)."""
    return np.asarray(cv2.reduce(mask, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel(), np.int32)


def quartile_and_median(values: NDArray[np.int16]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`np.percentile(values, (25, 50), axis=0)` of `(H, W)`: columns are made contiguous and sorted."""
    ordered = np.sort(np.ascontiguousarray(values.T), axis=1)
    found = []
    for share in (0.25, 0.5):
        place = share * (ordered.shape[1] - 1)
        below = int(place)
        above = min(below + 1, ordered.shape[1] - 1)
        found.append(ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below]))
    return found[0], found[1]
