"""Where a scale bar truly ends: its ends and edges measured on the image, to fractions of a pixel.

A detector says where a bar is to a few pixels; nm per pixel needs its length to a few per cent. Along the bar
the share of the bar's colour against the colour beyond the end is followed, and an end is where the share
crosses one half, as the border of an anti-aliased or blurred rectangle does.
"""

import numpy as np
from numpy.typing import NDArray

from exsclaim.geometry import Box

_REACH = 0.3
"""Share of the detected length by which an end may be wrong, inwards or outwards (the detector's own error)."""
_MIN_REACH_PX = 5
_MIN_CONTRAST = 24.0
"""Grey levels between bar and surroundings below which an end cannot be seen."""


def snapped(image: NDArray[np.uint8], box: Box) -> Box:
    """`box` of a horizontal bar on `image` `(H, W, 3)` with its ends and edges moved to where the image has them.

    What cannot be measured (no contrast there) stays as detected.
    """
    height, width = image.shape[:2]
    reach = max(_MIN_REACH_PX, _REACH * box.width)
    margin = max(4.0, box.height)
    seen = 1.3 * reach + 4
    x0, y0 = max(0, int(box.x0 - seen)), max(0, int(box.y0 - margin))
    x1, y1 = min(width, int(np.ceil(box.x1 + seen)) + 1), min(height, int(np.ceil(box.y1 + margin)) + 1)
    patch = image[y0:y1, x0:x1].astype(np.float32)
    near = Box(x0=box.x0 - x0, y0=box.y0 - y0, x1=box.x1 - x0, y1=box.y1 - y0)
    if patch.shape[0] < 2 or patch.shape[1] < 4 or near.width < 4:
        return box
    rows = _core_rows(patch, near)
    if rows is None:
        return box
    first, last = rows
    core = patch[first:last, int(near.x0 + 0.25 * near.width) : int(np.ceil(near.x1 - 0.25 * near.width))]
    colour = np.median(core.reshape(-1, 3), axis=0)
    along = patch[first:last].mean(axis=0)
    left = _end(along[::-1], colour, len(along) - near.x0, near.width, reach)
    right = _end(along, colour, near.x1, near.width, reach)
    new_x0 = x0 + (len(along) - left) if left is not None else box.x0
    new_x1 = x0 + right if right is not None else box.x1
    if new_x1 - new_x0 < 0.5 * box.width:
        return box
    return Box(x0=new_x0, y0=float(y0 + first), x1=new_x1, y1=float(y0 + last))


def _core_rows(patch: NDArray[np.float32], near: Box) -> tuple[int, int] | None:
    """The rows `first <= y < last` of the bar: like its most even row near the middle, unlike what is around."""
    middle = patch[:, int(near.x0 + 0.2 * near.width) : int(np.ceil(near.x1 - 0.2 * near.width))]
    if middle.shape[1] < 2:
        return None
    colours = np.median(middle, axis=1)
    uneven = np.abs(middle - colours[:, None]).mean(axis=(1, 2))
    rows = np.arange(len(colours)) + 0.5
    centre = (near.y0 + near.y1) / 2
    reach = max(2.5, 0.75 * near.height)
    around = np.abs(rows - centre) > reach + near.height / 2
    ground = np.median(colours[around], axis=0) if around.any() else np.median(colours[[0, -1]], axis=0)
    contrast = np.abs(colours - ground).max(axis=1)
    score = np.where(np.abs(rows - centre) <= reach, contrast - 2 * uneven, -np.inf)
    best = int(score.argmax())
    if contrast[best] < _MIN_CONTRAST:
        return None
    like = np.abs(colours - colours[best]).max(axis=1) < 0.5 * contrast[best]
    first, last = best, best + 1
    while first > 0 and like[first - 1]:
        first -= 1
    while last < len(like) and like[last]:
        last += 1
    if last - first > 2.5 * near.height + 3:
        return None
    return first, last


def _end(
    along: NDArray[np.float32], colour: NDArray[np.float32], expected: float, length: float, reach: float
) -> float | None:
    """Where the bar ends on the right, in pixels from the profile's beginning; None where that cannot be seen.

    `along` `(n, 3)` is the mean colour of the bar's rows at each column.
    """
    start = int(max(0.0, expected - min(reach, 0.45 * length)))
    stop = min(len(along), int(expected + reach) + 1)
    if stop - start < 2 or expected >= len(along) - 1:
        return None
    # what lies beyond the end may be textured: the bar ends where its own colour does, wherever it goes from there
    distance = np.abs(along - colour).max(axis=1)
    # a part of what is taken for the surroundings may still be bar: the upper fifth is not
    scale = max(float(np.percentile(distance[int(expected) :], 80)), _MIN_CONTRAST)
    share = 1 - np.clip(distance / scale, 0, 1)
    for x in range(start, stop):
        run = share[x : x + 2]
        if (run < 0.5).all():
            before = share[x - 1] if x > 0 else 1.0
            if before < 0.5:
                return float(x)
            # pixel x - 1 is half bar or more, pixel x less: the crossing between their middles
            return float(x - 0.5 + (before - 0.5) / max(1e-6, before - share[x]))
    return None
