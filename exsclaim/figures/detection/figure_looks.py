"""The sizes at which a figure is looked at for bars and labels, and the tiles that the network sees of it.

Large images are looked at in smaller size, and in tiles, so that neither time nor memory grows with the image.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.bar_and_label_network import ALIGNMENT_PX
from exsclaim.geometry import Box

_TILE_PX = 2432
"""The second look at a figure is one tile, unless it is very long."""
_OVERLAP_PX = 384
_USUAL_SIDE_PX = 1000
"""Longer side at which a figure is looked at. On the validation figures, up to 1280 px wide, this found more and made
up less than 800 px and than their own size did; print that cannot be seen at this size is hardly ever printed."""
_LARGE_SIDE_PX = 2500
"""Longer side beyond which a second look is taken, for figures that hold more than a page does."""
_CLOSE_SIDE_PX = 2400
"""Longer side at the second look."""
_FAR = 0.5
"""Size at the look from afar, as a share of the usual one, at which bars longer than 250 px are seen in part or not."""

_CLOSE_UP_PX = (256, 160)
"""Width and height of the look at the place around one bar."""
_CLOSER = 1.75
"""Size at that look, as a multiple of the usual one, unless the bar would fill more than this share of it:"""
_FILLED = 0.6


@dataclass(frozen=True)
class Tile:
    """A part of the figure with index `figure`, as the network sees it.

    `x`, `y`: its corner in pixels of what is seen; `factor`: a pixel's size there in the figure's pixels; `is_far`:
    only long bars are looked for there.
    """

    figure: int
    pixels: NDArray[np.uint8]
    x: float
    y: float
    factor: float
    is_far: bool


def tiles_of(figure: int, image: NDArray[np.uint8]) -> Iterator[Tile]:
    """The tiles of a figure, `(H, W, 3)` uint8 RGB with an index of its own, at all sizes."""
    usual, *others = _looks(max(image.shape[:2]))
    for factor in (usual, *others):
        seen = image if factor == 1 else _resized(image, factor)
        for x, y, tile in _tiles(seen):
            yield Tile(figure, _aligned(tile), x, y, 1 / factor, is_far=factor < usual)


def close_up(figure: int, image: NDArray[np.uint8], bar: Box) -> Tile:
    """The place around a bar of a figure, `(H, W, 3)` uint8 RGB with an index of its own, larger than usual."""
    height, width = image.shape[:2]
    across, down = _CLOSE_UP_PX
    fitting = _FILLED * min(across / max(bar.width, 1.0), down / max(bar.height, 1.0))
    factor = min(_CLOSER * _looks(max(height, width))[0], fitting)
    w, h = round(across / factor), round(down / factor)
    x0 = round(min(max(bar.centre[0] - w / 2, 0), max(width - w, 0)))
    y0 = round(min(max(bar.centre[1] - h / 2, 0), max(height - h, 0)))
    seen = _resized(image[y0 : y0 + h, x0 : x0 + w], factor)[:down, :across]
    rest = down - seen.shape[0], across - seen.shape[1]
    padded = cv2.copyMakeBorder(seen, 0, rest[0], 0, rest[1], cv2.BORDER_REPLICATE)
    return Tile(figure, np.asarray(padded, np.uint8), x0 * factor, y0 * factor, 1 / factor, is_far=False)


def _aligned(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
    down, right = (-side % ALIGNMENT_PX for side in tile.shape[:2])
    padded = cv2.copyMakeBorder(tile, 0, down, 0, right, cv2.BORDER_REPLICATE) if down or right else tile
    return np.asarray(padded, np.uint8)


def _looks(longer_side_px: int) -> tuple[float, ...]:
    """Sizes of the looks at a figure: the usual one, from afar, and from close by if the figure is large."""
    usual = min(1.0, _USUAL_SIDE_PX / longer_side_px)
    close = (_CLOSE_SIDE_PX / longer_side_px,) if longer_side_px > _LARGE_SIDE_PX else ()
    return (usual, _FAR * usual, *close)


def _resized(image: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    shape = max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, shape, interpolation=how).astype(np.uint8)


def _tiles(image: NDArray[np.uint8]) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """`x, y, tile` covering the image, neighbours overlapping; the image itself where it is no larger than a tile."""
    for y in _starts(image.shape[0]):
        for x in _starts(image.shape[1]):
            yield x, y, image[y : y + _TILE_PX, x : x + _TILE_PX]


def _starts(length_px: int) -> list[int]:
    if length_px <= _TILE_PX:
        return [0]
    count = 1 + -(-(length_px - _TILE_PX) // (_TILE_PX - _OVERLAP_PX))
    return [round(v) for v in np.linspace(0, length_px - _TILE_PX, count)]
