"""Is this really an image? Looked at before anything else trusts it."""

import io
import struct
import zlib

from PIL import Image, UnidentifiedImageError

from exsclaim.errors import ImageError

FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP")

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"), (b"BM", "bmp"),
)  # fmt: skip


class TruncatedImageError(ImageError):
    """The image begins well and breaks off: another download may bring the rest."""


def measure(body: bytes, *, max_megapixels: float) -> tuple[int, int]:
    """Width and height in pixels of an image that decodes to its last row.

    The size is read from the header and compared with `max_megapixels` before a pixel is decoded.

    Raises:
        TruncatedImageError: the file breaks off.
        ImageError: it is empty, no image of a known format, damaged, or larger than allowed.
    """
    if not body:
        raise ImageError("the image is empty (0 bytes)")
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            width, height = image.size
            if width * height > max_megapixels * 1e6:
                raise ImageError(
                    f"the image has {width} x {height} px, more than {max_megapixels:g} megapixels "
                    "(raise EXSCLAIM_MAX_IMAGE_MEGAPIXELS if it should be decoded)"
                )
            image.verify()
        with Image.open(io.BytesIO(body), formats=FORMATS) as image:
            image.load()
    except UnidentifiedImageError:
        raise ImageError(f"not an image of a known format (it begins with {body[:12]!r})") from None
    except Image.DecompressionBombError as error:
        raise ImageError("the image has more than the 178 megapixels that are ever decoded") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error) as error:
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            raise TruncatedImageError(f"the image breaks off: {error}") from error
        raise ImageError(f"the image is damaged: {error}") from error
    return width, height


def image_extension(content: bytes) -> str | None:
    """Extension by what the file is, not by what its address said; None for what is no image that we read."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((extension for signature, extension in _SIGNATURES if content.startswith(signature)), None)
