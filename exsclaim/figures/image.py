"""Safe decoding of figure images, whatever a publisher or a user calls an image.

Every image comes out as `(H, W, 3)` uint8 RGB, upright. Only the formats named here are tried: each further
decoder of Pillow is one more thing that a hostile file can aim at.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from exsclaim.errors import ImageError

FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")
_STRIPE_BYTES = 256 * 1024
_HIGH_DEPTH_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_TURNED = (5, 6, 7, 8)
"""EXIF orientations of pictures that lie on their side (Exif 2.32, section 4.6.4 A)."""
_ORIENTATION_IN_PNG = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")
"""Chunks, and names of texts, that may hold one."""
_MAX_SIDE_PX = 100_000
LEAST_SIDE_PX = 4
"""Side of the least figure: a counter's pixel, a placeholder or a rule is less, and shows nothing."""


def read_image(data: bytes | str | Path, max_megapixels: float) -> NDArray[np.uint8]:
    """Decode an image file to `(H, W, 3)` uint8 RGB.

    EXIF orientation is applied, transparency laid over white, CMYK converted, depths beyond 8 bits scaled by the
    image's own range; of an animation or a multi-page file the first picture is taken.

    Args:
        data: the file's bytes, or its path.
        max_megapixels: refuse larger images before they are decoded.

    Raises:
        ImageError: the file is missing, empty, not an image of a known format, damaged, or too large.
        TypeError: `data` is neither bytes nor a path.
    """
    name, content = _load(data)
    if not content:
        raise ImageError(f"{name}: the file is empty (0 bytes); fetch or export it again")
    try:
        with _faults_named(name), warnings.catch_warnings():
            # the limit below is ours and stricter in what it says; damaged metadata alone must not spoil a picture
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _upright_pixels(name, picture, max_megapixels)
    except UnidentifiedImageError as error:
        raise ImageError(f"{name}: {_what_instead(content)}; expected one of {', '.join(FORMATS)}") from error


def read_figure(data: bytes | str | Path, max_megapixels: float) -> NDArray[np.uint8]:
    """`read_image` of what is to be cut into panels.

    Raises:
        ImageError: as `read_image`, or the image is too small to show anything.
    """
    pixels = read_image(data, max_megapixels)
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_SIDE_PX:
        name = "image" if isinstance(data, bytes) else str(data)
        raise ImageError(f"{name}: {width} by {height} pixels show nothing (a placeholder?); fetch or export it again")
    return pixels


def pictures_in(path: Path) -> int:
    """Number of pictures in an image file, of which `read_image` takes the first: pages of a TIFF, frames of a GIF.

    1 where those behind the first are damaged and cannot be counted.
    """
    try:
        with _faults_named(str(path)), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as picture:
                return int(getattr(picture, "n_frames", 1))
    except ImageError:
        return 1


def pixels_of(picture: Image.Image, max_megapixels: float) -> NDArray[np.uint8]:
    """The pixels that `read_image` gives of a file that Pillow has opened, and maybe decoded; the picture is used up.

    Raises:
        ImageError: as `read_image`.
    """
    with _faults_named("image"):
        return _upright_pixels("image", picture, max_megapixels)


def _upright_pixels(name: str, picture: Image.Image, max_megapixels: float) -> NDArray[np.uint8]:
    _check_size(name, picture.size, max_megapixels)
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    return _rgb(picture)


@contextmanager
def _faults_named(name: str) -> Iterator[None]:
    """Within, what Pillow's decoders are known to raise on damaged files becomes an ImageError that names the file."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name}: has more than the 178 megapixels that are ever decoded (a decompression bomb?); scale it down"
        ) from error
    except (ImageError, UnidentifiedImageError):
        raise
    # MemoryError for sizes that lie
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, MemoryError) as error:
        raise ImageError(f"{name}: the image is damaged or truncated ({error}); fetch or export it again") from error


def upright_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of what `read_image` makes of a file: as a viewer shows it, EXIF applied."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        width, height = picture.size
        # of a TIFF, Pillow's size is that of the upright picture already; a PNG's pixels would be decoded to look for
        # an orientation behind them, which hardly one has
        is_upright = picture.format == "TIFF" or (
            picture.format == "PNG" and not any(sign in content for sign in _ORIENTATION_IN_PNG)
        )
        is_turned = not is_upright and picture.getexif().get(ExifTags.Base.Orientation, 1) in _TURNED
    return (height, width) if is_turned else (width, height)


def _load(data: bytes | str | Path) -> tuple[str, bytes]:
    if isinstance(data, bytes):
        return "image", data
    if not isinstance(data, str | Path):
        raise TypeError(f"an image is read from the bytes of a file or from its path, not from {type(data).__name__}")
    try:
        return str(data), Path(data).read_bytes()
    except OSError as error:
        raise ImageError(f"{data}: cannot be read ({error.strerror or error}); check the path") from error


def _check_size(name: str, size: tuple[int, int], max_megapixels: float) -> None:
    width, height = size
    if width * height > max_megapixels * 1e6 or max(size) > _MAX_SIDE_PX:
        raise ImageError(
            f"{name}: {width} x {height} px ({width * height / 1e6:.1f} megapixels) is beyond the limit of "
            f"{max_megapixels:g} megapixels; raise EXSCLAIM_MAX_IMAGE_MEGAPIXELS if you trust the file"
        )
    if width < 1 or height < 1:
        raise ImageError(f"{name}: the image has no pixels ({width} x {height}); export it again")


def _rgb(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode in _HIGH_DEPTH_MODES:
        grey = _scaled(np.asarray(picture))
        return np.repeat(grey[:, :, None], 3, axis=2)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        paper.alpha_composite(picture)
        picture = paper
    return _pixels(picture if picture.mode == "RGB" else picture.convert("RGB"))


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """The pixels of an RGB picture, a stripe at a time: Pillow hands out bytes in small pieces and joins them, which
    for a whole figure takes twice its memory again, and longer."""
    pixels = np.empty((picture.height, picture.width, 3), dtype=np.uint8)
    rows = max(1, _STRIPE_BYTES // (3 * picture.width))
    for top in range(0, picture.height, rows):
        stripe = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        pixels[top : top + rows] = np.frombuffer(stripe.tobytes(), dtype=np.uint8).reshape(-1, picture.width, 3)
    return pixels


def _scaled(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey values of any depth, stretched from their own range to 0-255; what is not a number becomes black.

    Values that already lie in 0-255 are kept as they are.
    """
    grey = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if low >= 0 and high <= 255 and not (values.dtype.kind == "f" and high <= 1):
        return grey.astype(np.uint8)
    if high == low:
        return np.zeros(grey.shape, dtype=np.uint8) if high <= 0 else np.full(grey.shape, 255, dtype=np.uint8)
    return np.asarray(np.round((grey - low) / (high - low) * 255), dtype=np.uint8)


def _what_instead(content: bytes) -> str:
    head = content[:1024].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return "an HTML page instead of an image (an error or log-in page saved under an image's name?)"
    if head.startswith(b"%pdf"):
        return "a PDF document instead of an image (export its figure as PNG)"
    if head.startswith((b"<?xml", b"<svg")):
        return "an XML or SVG document instead of a pixel image (export it as PNG)"
    return "not an image that can be read"
