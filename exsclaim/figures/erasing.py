"""Letters that stand on the page are taken out of a figure before its panels' edges are measured: they lie outside."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.gutters import PAGE_TOLERANCE, page_colour
from exsclaim.geometry import Box

_RING_SHARE = 0.9
"""Share of the pixels around a letter that are page if it stands on the page."""
_RING = 0.2
"""Width of that ring as a share of the letter's height, at least 2 px."""


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
