"""One image in two renditions: whether two images show the same, and which of them shows more of it.

Sameness is a perceptual hash (`exsclaim.figures.perceptual_hash`).

Measured on published figures and panels against themselves re-encoded, scaled and framed otherwise, and against each
other: docs/decisions/0010-duplicates.md.
"""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exsclaim.figures.image import read_image
from exsclaim.figures.perceptual_hash import SIDE, grey_of, hash_of_framed, without_margins
from exsclaim.records import Record

SAME = 44
"""Of 256 bits: renditions of one image differ in less, different images in more."""
ASPECT = 0.06
"""Renditions of one image have the same shape, up to so much."""
_DETAIL = 0.31
"""Loss by halving an image over loss by quartering it: 0.34 to 0.76 for published figures, 0.19 to 0.28 for
those scaled up twice and compressed again (JPEG 85); three times: 0.26 to 0.33."""
_MIN_SIDE_PX = 64


class Rendition(Record):
    """An image file, as far as another rendition of the image may be better."""

    image_sha256: str
    hash: str
    """256 bits in hexadecimal digits."""
    aspect: float
    """Width over height, margins cut off."""
    real_px: float
    """Pixels that carry detail: those of the image, or of the smaller one that it was scaled up from."""
    quality: int
    """Of the compression, 1 to 100; 100 where nothing is lost."""
    bytes: int


def measure(content: bytes, image_sha256: str, max_megapixels: float) -> Rendition:
    """Measure an image file. Raises ImageError: it cannot be decoded."""
    grey = grey_of(read_image(content, max_megapixels))
    framed = without_margins(grey)
    return Rendition(
        image_sha256=image_sha256,
        hash=hash_of_framed(framed),
        aspect=framed.shape[1] / framed.shape[0],
        real_px=round(grey.size * _sharpness(framed) ** 2, 1),
        quality=_quality(content),
        bytes=len(content),
    )


def distance(a: Rendition, b: Rendition) -> int:
    """Bits in which the hashes differ, 0 to 256; 256 where the shapes differ."""
    if abs(math.log(a.aspect / b.aspect)) > ASPECT:
        return SIDE * SIDE
    return (int(a.hash, 16) ^ int(b.hash, 16)).bit_count()


def merit(rendition: Rendition) -> tuple[int, int, float, int, str]:
    """Order of renditions of one image, the best the largest: real resolution (in steps of a tenth), then compression.

    It depends on the image alone, so that the choice among several does not depend on their order.
    """
    step = round(math.log(max(rendition.real_px, 1.0)) / math.log(1.2))
    return step, rendition.quality, rendition.real_px, rendition.bytes, rendition.image_sha256


def _sharpness(grey: NDArray[np.uint8]) -> float:
    """Linear scale, 1, 1/2, 1/4 or 1/8, at which the image still has all its detail: of one scaled up twice, 1/2."""
    import cv2  # here: what only names works imports this module, too

    scale = 1.0
    while scale > 0.125 and min(grey.shape) >= _MIN_SIDE_PX and _lost(grey, 0.5) < _DETAIL * _lost(grey, 0.25):
        half = grey.shape[1] // 2, grey.shape[0] // 2
        grey = np.asarray(cv2.resize(grey, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        scale /= 2
    return scale


def _lost(grey: NDArray[np.uint8], scale: float) -> float:
    """Root mean square difference to the image scaled down by `scale` and up again."""
    import cv2

    height, width = grey.shape
    small = cv2.resize(grey, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    again = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return float(np.sqrt(np.mean((grey.astype(np.float32) - again) ** 2)))


def _quality(content: bytes) -> int:
    """Quality of a JPEG by its luminance table (IJG's scale, Annex K of ITU-T T.81); 100 for other formats."""
    with Image.open(io.BytesIO(content)) as image:
        tables: dict[int, list[int]] = getattr(image, "quantization", None) or {}
    if not tables:
        return 100
    scale = 100 * sum(tables[min(tables)]) / _ANNEX_K_SUM
    return max(1, min(99, round(5000 / scale if scale > 100 else 100 - scale / 2)))


_ANNEX_K_SUM = 3688
"""Sum of the luminance table of quality 50."""
