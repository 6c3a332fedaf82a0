"""Panel crops: the pixels of a panel's box as a PNG."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from exsclaim.geometry import Box


def crop(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8] | None:
    """The pixels that `box` touches, `(h, w, 3)` uint8 RGB of an image `(H, W, 3)`; None where it touches none."""
    height, width = image.shape[:2]
    inside = box.clipped(width, height)
    x0, y0, x1, y1 = (math.floor(inside.x0), math.floor(inside.y0), math.ceil(inside.x1), math.ceil(inside.y1))
    return image[y0:y1, x0:x1] if x1 > x0 and y1 > y0 else None


def png(image: NDArray[np.uint8] | Image.Image, text: dict[str, str] | None = None) -> bytes:
    """PNG file of an RGB image, the same bytes for the same pixels and the same Pillow; `text` as tEXt chunks."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, value in (text or {}).items():
        info.add_text(key, value)
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    file = io.BytesIO()
    picture.save(file, format="PNG", pnginfo=info, compress_level=4)  # half the time of 6, about its size
    return file.getvalue()
