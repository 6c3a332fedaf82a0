"""Bands of rows that may be a scale bar: of one colour, thin, unlike what is above and below them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import largest_channel, medians
from exsclaim.geometry import Box

MIN_CONTRAST = 24.0
"""Grey levels between bar and surroundings below which an end cannot be seen."""


@dataclass(frozen=True)
class Band:
    """Rows `first <= y < last` of a patch that are one colour; `contrast` to what is above and below."""

    first: int
    last: int
    contrast: float
    colour: NDArray[np.float32]


def bands_at(patch: NDArray[np.float32], near: Box, shares: tuple[float, float]) -> list[Band]:
    """Rows that may be the bar: even along a part of its length, thin, unlike what is above and below."""
    first_x, last_x = round(near.x0 + shares[0] * near.width), round(near.x0 + shares[1] * near.width)
    columns = patch[:, max(0, first_x) : max(0, last_x)]
    if columns.shape[1] < 2:
        return []
    colours = medians(columns, 1)
    uneven = largest_channel(np.abs(columns - colours[:, None])).mean(axis=1)
    reach = max(3, round(near.height))
    low, high = max(0, int(near.y0) - reach), min(len(colours), int(np.ceil(near.y1)) + reach)
    aside = int(np.ceil(near.height)) + 4
    bands: dict[tuple[int, int], Band] = {}
    for row in range(low, high):
        away = np.abs(colours - colours[row]).max(axis=1)
        sides = [side.max() for side in (away[max(0, row - aside) : row], away[row + 1 : row + 1 + aside]) if len(side)]
        contrast = float(min(sides, default=0.0))
        if contrast < MIN_CONTRAST or uneven[row] > 0.4 * contrast:
            continue
        first, last = row, row + 1
        while first > 0 and away[first - 1] < 0.5 * contrast:
            first -= 1
        while last < len(away) and away[last] < 0.5 * contrast:
            last += 1
        if last - first <= 2.5 * near.height + 3:
            known = bands.get((first, last))
            if known is None or contrast > known.contrast:
                bands[first, last] = Band(first, last, contrast, colours[row].astype(np.float32))
    return list(bands.values())
