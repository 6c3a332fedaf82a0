"""Pixels of a figure: colours compared, lines of a mask counted, the page's colour found.

Each is done as OpenCV or numpy do it fastest: numpy's own reductions over an axis of three are ten times slower.
"""

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

PAGE_TOLERANCE = 32
"""Largest channel difference from the page's colour that is still page: above the ringing of JPEG beside text."""
STRONG_COLOUR = 60
"""Largest difference between channels that is still grey, or a tint of it."""
_SEEN_PX = 1600
"""The page's colour is seen on about so many lines: large images have no other."""
_Number = TypeVar("_Number", np.int16, np.float32, np.float64)


Colour = tuple[int, int, int]
"""RGB, 0 to 255 each."""


def page_colour(image: NDArray[np.uint8]) -> Colour:
    """RGB of the page: white, black or the border's own colour, whichever has most whole rows and columns."""
    step = max(1, max(image.shape[:2]) // _SEEN_PX)
    image = np.ascontiguousarray(image[::step, ::step])
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    common = np.median(border, axis=0)
    white: Colour = (255, 255, 255)
    best, most = white, 0.0
    for colour in dict.fromkeys((white, (int(common[0]), int(common[1]), int(common[2])), (0, 0, 0))):
        near = is_like(image, colour).view(np.uint8)
        lines = float(sum((line_means(near, axis) >= 0.97).mean() for axis in (0, 1)))
        if lines > 1.5 * most:
            best, most = colour, lines
    return best


def is_like(image: NDArray[np.uint8], colour: Colour, tolerance: int = PAGE_TOLERANCE) -> NDArray[np.bool_]:
    """`(H, W)`: pixels no channel of which differs from the colour by more than the tolerance."""
    low = tuple(max(0, value - tolerance) for value in colour)
    high = tuple(min(255, value + tolerance) for value in colour)
    return np.asarray(cv2.inRange(image, low, high) > 0)


def largest_channel(values: NDArray[_Number]) -> NDArray[_Number]:
    """Maximum over the last axis, of length 3."""
    return np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])


def is_colourful(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """`(H, W)`: pixels whose channels differ by more than `STRONG_COLOUR`."""
    smallest = np.minimum(np.minimum(image[..., 0], image[..., 1]), image[..., 2])
    largest = np.maximum(np.maximum(image[..., 0], image[..., 1]), image[..., 2])
    return np.asarray(largest - smallest > STRONG_COLOUR)


def mean_channel(values: NDArray[np.int16]) -> NDArray[np.float32]:
    """Mean over the last axis, of length 3."""
    return (values[..., 0] + values[..., 1] + values[..., 2]).astype(np.float32) / np.float32(3)


def line_means(mask: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    """`mask.mean(axis)` of a `(H, W)` mask of 0 and 1: a share per column (axis 0) or row (axis 1)."""
    return np.asarray(cv2.reduce(mask, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel(), np.float32)


def line_sums(mask: NDArray[np.uint8], axis: int) -> NDArray[np.int32]:
    """`mask.sum(axis)` of a `(H, W)` mask of 0 and 1: a count per column (axis 0) or row (axis 1)."""
    return np.asarray(cv2.reduce(mask, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel(), np.int32)


def median(values: NDArray[np.float32] | NDArray[np.float64]) -> float:
    """`np.median` of a line of floating numbers, at a fifth of its cost where they are few."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    ordered = np.partition(values, (middle - 1, middle))
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def medians(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """`np.median(values, axis)` of floating numbers, at a third of its cost where they are few."""
    middle = values.shape[axis] // 2
    if values.shape[axis] % 2:
        return np.asarray(np.partition(values, middle, axis).take(middle, axis), np.float32)
    ordered = np.partition(values, (middle - 1, middle), axis)
    return np.asarray((ordered.take(middle - 1, axis) + ordered.take(middle, axis)) / 2, np.float32)


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
