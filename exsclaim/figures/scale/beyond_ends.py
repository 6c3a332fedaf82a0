"""Things beyond a bar's measured ends, so that these may be none: its other half, or a grain of its colour."""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import largest_channel
from exsclaim.figures.scale.bar_bands import MIN_CONTRAST, Band

_EVEN = 12.0
"""Grey levels by which the pixels of a bar's other half, in another colour, differ in the mean."""
_PIECE = 0.12
"""Share of a bar's length at either end that is looked at for something of its colour; `_LEAST_PIECE_PX` at least."""
_LEAST_PIECE_PX = 8
_LARGELY = 0.6
"""Share of that piece from which on the end may lie elsewhere; the caps that some bars have are narrower."""


def has_other_half(patch: NDArray[np.float32], band: Band, start: float, stop: float) -> bool:
    """True if a bar goes on in another colour for as long again: maps and some microscopes draw half in each."""
    length = stop - start
    for first_x, beyond in ((stop, stop + length), (start - length, start - length)):
        first, last = round(first_x) + 2, round(first_x + length) - 2
        aside = round(beyond) + (3 if beyond > first_x else -6)
        if first < 0 or last > patch.shape[1] or last - first < 4 or band.last - band.first < 2:
            continue
        half = patch[band.first : band.last, first:last]
        colour = np.median(half, axis=(0, 1))
        around = (
            patch[max(0, band.first - 4) : max(0, band.first - 1), first:last],
            patch[band.last + 1 : band.last + 4, first:last],
            patch[band.first : band.last, max(0, aside) : max(0, aside + 3)],
        )
        differs = all(
            side.size and float(np.abs(np.median(side, axis=(0, 1)) - colour).max()) >= MIN_CONTRAST for side in around
        )
        if differs and float(largest_channel(np.abs(half - colour)).mean()) <= _EVEN:
            return True
    return False


def ends_in_its_colour(patch: NDArray[np.float32], band: Band, start: float, stop: float) -> bool:
    """True if a bar's end lies in something of its colour, such as a grain: above and below it is no other."""
    first, last = max(0, round(start)), min(patch.shape[1], round(stop))
    piece = max(_LEAST_PIECE_PX, round(_PIECE * (last - first)))
    if last - first < 2 * piece:
        return False
    sides = (patch[max(0, band.first - 3) : max(0, band.first - 1)], patch[band.last + 1 : band.last + 3])
    if not all(len(side) for side in sides):
        return False
    near = [largest_channel(np.abs(side - band.colour)).mean(axis=0) < 0.5 * band.contrast for side in sides]
    alike = near[0] & near[1]
    return bool(max(alike[first : first + piece].mean(), alike[last - piece : last].mean()) >= _LARGELY)
