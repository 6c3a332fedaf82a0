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
_LONGER = 1.2
"""Share of the detected length by which a bar may go on, on either side, where it plainly does."""
_MIDDLE = ((0.2, 0.8),)
_OUTER = ((0.05, 0.22), (0.78, 0.95))
"""Shares of a bar's length where it is surely itself: its middle, or left and right of a label that stands in it."""
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
    seen = max(reach, _LONGER * box.width) + 4
    x0, y0 = max(0, int(box.x0 - seen)), max(0, int(box.y0 - margin))
    x1, y1 = min(width, int(np.ceil(box.x1 + seen)) + 1), min(height, int(np.ceil(box.y1 + margin)) + 1)
    patch = image[y0:y1, x0:x1].astype(np.float32)
    near = Box(x0=box.x0 - x0, y0=box.y0 - y0, x1=box.x1 - x0, y1=box.y1 - y0)
    if patch.shape[0] < 2 or patch.shape[1] < 4 or near.width < 4:
        return box
    found: list[Box] = []
    for ranges, inwards in ((_MIDDLE, 0.45), (_OUTER, 0.12)):
        columns = _columns(near, ranges, patch.shape[1])
        for first, last, contrast in sorted(_bands(patch, near, columns)):
            found.append(_measured(patch, near, columns, (first, last), contrast, (inwards, reach)))
        if found:
            break
    # beside a bar, the gap to the panel's border can look like one: the detection says which is meant
    best = max(found, key=near.iou, default=None)
    if best is None or best.width < 0.5 * box.width or best.iou(near) == 0:
        return box
    return best.moved(x0, y0)


def _columns(near: Box, ranges: tuple[tuple[float, float], ...], width: int) -> NDArray[np.intp]:
    """The columns within shares of the detected bar's length."""
    parts = [np.arange(round(near.x0 + a * near.width), round(near.x0 + b * near.width)) for a, b in ranges]
    columns = np.concatenate(parts).astype(np.intp)
    return columns[(columns >= 0) & (columns < width)]


def _measured(
    patch: NDArray[np.float32],
    near: Box,
    columns: NDArray[np.intp],
    rows: tuple[int, int],
    contrast: float,
    search: tuple[float, float],
) -> Box:
    """The bar in rows `first <= y < last`, its ends where the image has them or, unseen, where they were detected.

    `search` is how far inwards an end may be, as a share of the length, and how far it may be at all, in pixels.
    """
    first, last = rows
    colour = np.median(patch[first:last, columns].reshape(-1, 3), axis=0)
    along = patch[first:last].mean(axis=0)
    inwards = min(search[0] * near.width, search[1])
    left = _end(along[::-1], colour, contrast, len(along) - near.x0, inwards, search[1])
    right = _end(along, colour, contrast, near.x1, inwards, search[1])
    x0 = near.x0 if left is None else len(along) - left
    x1 = near.x1 if right is None else right
    return Box(x0=x0, y0=float(first), x1=max(x0, x1), y1=float(last))


def _bands(patch: NDArray[np.float32], near: Box, columns: NDArray[np.intp]) -> set[tuple[int, int, float]]:
    """Rows `first <= y < last` that may be the bar, with their contrast: even along `columns`, thin, and unlike
    what is above and below."""
    if len(columns) < 2:
        return set()
    middle = patch[:, columns]
    colours = np.median(middle, axis=1)
    uneven = np.abs(middle - colours[:, None]).mean(axis=(1, 2))
    first_row = max(0, int(near.y0 - 1))
    last_row = min(len(colours), int(np.ceil(near.y1 + 1)))
    aside = int(np.ceil(near.height)) + 3
    bands: set[tuple[int, int, float]] = set()
    for row in range(first_row, last_row):
        away = np.abs(colours - colours[row]).max(axis=1)
        sides = [side.max() for side in (away[max(0, row - aside) : row], away[row + 1 : row + 1 + aside]) if len(side)]
        contrast = float(min(sides, default=0.0))
        if contrast < _MIN_CONTRAST or uneven[row] > 0.5 * contrast:
            continue
        first, last = row, row + 1
        while first > 0 and away[first - 1] < 0.5 * contrast:
            first -= 1
        while last < len(away) and away[last] < 0.5 * contrast:
            last += 1
        if last - first <= 2.5 * near.height + 3:
            bands.add((first, last, contrast))
    return bands


def _end(
    along: NDArray[np.float32],
    colour: NDArray[np.float32],
    contrast: float,
    expected: float,
    inwards: float,
    reach: float,
) -> float | None:
    """Where the bar ends on the right, in pixels from the profile's beginning; None where that cannot be seen.

    `along` `(n, 3)` is the mean colour of the bar's rows at each column.
    """
    start = int(max(0.0, expected - inwards))
    if len(along) - start < 2 or expected >= len(along) - 1:
        return None
    # what lies beyond the end may be textured: the bar ends where its own colour does, wherever it goes from there
    distance = np.abs(along - colour).max(axis=1)
    # a part of what is taken for the surroundings may still be bar: the upper fifth is not
    beyond = distance[int(expected) : int(expected + 1.3 * reach) + 4]
    scale = max(min(float(np.percentile(beyond, 80)), contrast), _MIN_CONTRAST)
    share = 1 - np.clip(distance / scale, 0, 1)
    for x in range(start, len(along)):
        run = share[x : x + 2]
        if (run < 0.5).all():
            before = share[x - 1] if x > 0 else 1.0
            if before < 0.5:
                return float(x)
            # pixel x - 1 is half bar or more, pixel x less: the crossing between their middles
            return float(x - 0.5 + (before - 0.5) / max(1e-6, before - share[x]))
    # bar up to the profile's end: that is the image's border, or a line that goes on and on
    return float(len(along)) if len(along) - expected <= reach else None
