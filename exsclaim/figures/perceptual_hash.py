"""Perceptual hash of an image: bits that are alike where two images look alike.

DCT of the grey image (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010), of 16 x 16
coefficients, taken after uniform margins are cut off, since sources frame a figure as they like, and not of the usual
8 x 8: compound figures of grey micrographs are all alike at that size.

A harvest keeps the hash with the image that it fetched, as long as its cache does: another way of hashing needs another
name for it in `Figure`.
"""

import numpy as np
from numpy.typing import NDArray

SIDE = 16
_PAPER_SPREAD = 24
_HASHED_PX = 64
_FEWEST_BITS = 100
"""Bits set in a hash that tells: 127 in each of 500 figures, half of all; fewer where most coefficients are 0."""


def perceptual_hash(pixels: NDArray[np.uint8]) -> str:
    """256 bits in hexadecimal digits of an image `(H, W, 3)` uint8 RGB: alike for images that look alike."""
    return hash_of_framed(without_margins(grey_of(pixels)))


def grey_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`(H, W)` of an image `(H, W, 3)` uint8 RGB."""
    import cv2  # here: sources and tables import this module, and most commands look at no image

    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def without_margins(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part within margins of one tone; the whole where nothing but margin is there."""
    rows = np.flatnonzero(np.ptp(grey, axis=1) > _PAPER_SPREAD)
    columns = np.flatnonzero(np.ptp(grey, axis=0) > _PAPER_SPREAD)
    if rows.size < 2 or columns.size < 2:
        return grey
    return grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def hash_of_framed(grey: NDArray[np.uint8]) -> str:
    """256 bits in hexadecimal digits of a grey image without margins."""
    import cv2

    small = cv2.resize(grey, (_HASHED_PX, _HASHED_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:SIDE, :SIDE].ravel()
    bits = low > np.median(low[1:])
    bits[0] = False  # mean brightness: renditions of one image may differ in it, and nothing else is said by it
    return np.packbits(bits).tobytes().hex()


def tells_images_apart(hash: str) -> bool:
    """True if equal hashes mean equal looks: not those of one tone, or of a few straight lines, which are all alike."""
    return int(hash, 16).bit_count() >= _FEWEST_BITS
