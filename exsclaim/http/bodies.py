"""Reading a response's body: whole, unpacked, never more of it than allowed, and an image only if it is one."""

import io
import struct
import zlib
from collections.abc import Iterator

import requests
import urllib3
from PIL import Image, UnidentifiedImageError

from exsclaim.errors import BadContentError, ImageError, TransientFetchError
from exsclaim.http.connections import Exchange

CHUNK_BYTES = 64 * 1024


def read_body(
    response: requests.Response, url: str, exchange: Exchange, *, max_bytes: int, setting: str | None = None
) -> bytes:
    """The unpacked body of a streamed response, read within `exchange`.

    `setting` names, for the error, what sets `max_bytes`; without one, what is beyond `max_bytes` is left out.

    The limit counts unpacked bytes, and unpacking stops there: a compressed bomb costs no more memory than
    `max_bytes`. gzip is unpacked here and not by urllib3, which takes a cut-off gzip stream for a whole one.

    Raises:
        TransientFetchError: the body broke off, is shorter than announced, came too slowly, or is not valid gzip.
        BadContentError: it is larger than `max_bytes`, or packed in a way that was not asked for.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    packed = _chunks(response, url, exchange)
    if encoding in ("gzip", "x-gzip"):
        unpacked = _gunzipped(packed, url, max_bytes)
    elif encoding in ("identity", ""):
        unpacked = packed
    else:
        raise BadContentError(url, f"the body is encoded as {encoding!r}; gzip or plain was asked for")
    body = bytearray()
    for chunk in unpacked:
        body += chunk
        if len(body) > max_bytes:
            if setting is None:
                return bytes(body[:max_bytes])
            raise BadContentError(
                url,
                f"the body is larger than {max_bytes / 1e6:g} MB (raise EXSCLAIM_{setting} if it should be)",
            )
    return bytes(body)


def _chunks(response: requests.Response, url: str, exchange: Exchange) -> Iterator[bytes]:
    try:
        for chunk in response.raw.stream(CHUNK_BYTES, decode_content=False):
            exchange.came(len(chunk))
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError) as error:
        if not exchange.expired:
            raise TransientFetchError(url, f"broken body: {error}", status=response.status_code) from error
    if exchange.expired:  # cut off, which without a length looks like its end
        raise TransientFetchError(url, f"the body came too slowly: {exchange.limits}", status=response.status_code)


def _gunzipped(packed: Iterator[bytes], url: str, max_bytes: int) -> Iterator[bytes]:
    """gzip (RFC 1952), several members in a row included; at most a little more than `max_bytes` is unpacked."""
    member = zlib.decompressobj(wbits=31)
    started = False
    total = 0
    try:
        for chunk in packed:
            while chunk:
                if member.eof:
                    if not chunk.strip(b"\0"):  # padding behind the last member is allowed
                        break
                    member = zlib.decompressobj(wbits=31)
                unpacked = member.decompress(chunk, max_length=max_bytes - total + 1)
                started = True
                total += len(unpacked)
                yield unpacked
                if total > max_bytes:
                    return
                chunk = member.unused_data if member.eof else member.unconsumed_tail
    except zlib.error as error:
        raise TransientFetchError(url, f"broken body: not valid gzip ({error})") from error
    if started and not member.eof:
        raise TransientFetchError(url, "broken body: the gzip stream is cut off")


FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP")

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"), (b"BM", "bmp"),
)  # fmt: skip


class TruncatedImageError(ImageError):
    """The image begins well and breaks off: another download may bring the rest."""


def measure(body: bytes, *, max_megapixels: float) -> tuple[int, int]:
    """Width and height in pixels of an image that decodes to its last row. Errors as of `decoded`."""
    return decoded(body, max_megapixels=max_megapixels).size


def decoded(body: bytes, *, max_megapixels: float) -> Image.Image:
    """The picture of an image that decodes to its last row.

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
        picture = Image.open(io.BytesIO(body), formats=FORMATS)
        picture.load()
    except UnidentifiedImageError:
        raise ImageError(f"not an image of a known format (it begins with {body[:12]!r})") from None
    except Image.DecompressionBombError as error:
        raise ImageError("the image has more than the 178 megapixels that are ever decoded") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error) as error:
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            raise TruncatedImageError(f"the image breaks off: {error}") from error
        raise ImageError(f"the image is damaged: {error}") from error
    return picture


def image_extension(content: bytes) -> str | None:
    """Extension by what the file is, not by what its address said; None for what is no image that we read."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((extension for signature, extension in _SIGNATURES if content.startswith(signature)), None)
