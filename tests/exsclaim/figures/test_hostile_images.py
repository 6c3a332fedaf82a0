"""Seventy-one files that call themselves images: upright pixels that agree with the size that is told, or ImageError.

The check of the client (`measure`), the size in the tables (`upright_size`) and the pixels (`read_image`) must agree.
"""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image, upright_size
from exsclaim.http.bodies import measure

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # PIL says so of the damaged ones
MOST_MEGAPIXELS = 1.0
STEPS = Image.fromarray(np.linspace(0, 255, 24 * 16, dtype=np.uint8).reshape(16, 24))
RGB = Image.merge("RGB", [STEPS, STEPS.transpose(Image.Transpose.FLIP_LEFT_RIGHT), STEPS])
FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def turned(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(RGB, form, exif=exif)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colours: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A compressed text of 30 MB beside a picture of one pixel."""
    text = b"Comment\0\0" + zlib.compress(bytes(30_000_000), 9)
    return png(1, 1, chunk(b"zTXt", text), chunk(b"IDAT", zlib.compress(b"\0\1\2\3")))


def seen() -> Iterator[tuple[str, bytes]]:
    """Odd images that are images."""
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield f"PNG {mode}", encoded(STEPS.convert("I;16") if mode == "I;16" else RGB.convert(mode), "PNG")
    for mode in ("L", "RGB", "CMYK", "YCbCr"):
        yield f"JPEG {mode}", encoded(RGB.convert(mode), "JPEG")
    for mode in ("1", "L", "P", "RGBA", "CMYK", "LAB", "I;16", "F"):
        given = STEPS.convert(mode) if mode in ("I;16", "F") else RGB.convert(mode)
        yield f"TIFF {mode}", encoded(given, "TIFF")
    yield "progressive JPEG", encoded(RGB, "JPEG", progressive=True)
    yield "lossless WEBP", encoded(RGB, "WEBP", lossless=True)
    yield "LZW TIFF", encoded(RGB, "TIFF", compression="tiff_lzw")
    frames = [RGB.transpose(Image.Transpose.ROTATE_180), RGB.resize((24, 16))]
    for form in ("GIF", "WEBP", "PNG", "TIFF"):
        yield f"several pictures in {form}", encoded(RGB, form, save_all=True, append_images=frames)
    for orientation in range(2, 9):
        yield f"JPEG turned by {orientation}", turned("JPEG", orientation)
    for form in ("PNG", "WEBP", "TIFF"):
        yield f"{form} on its side", turned(form, 6)
    yield "an orientation that is none", turned("JPEG", 77)
    yield "16 bits a colour", png(1, 1, chunk(b"IDAT", zlib.compress(bytes(7))), depth=16)
    yield "one pixel", encoded(Image.new("RGB", (1, 1)), "PNG")
    yield "wide and low", encoded(Image.new("L", (60_000, 1)), "PNG")
    yield "GIF and script", encoded(RGB, "GIF") + b"<script>alert(1)</script>"
    yield "PNG and zip", encoded(RGB, "PNG") + b"PK\x03\x04" + bytes(60)
    yield "JPEG and PDF", encoded(RGB, "JPEG", comment=b"%PDF-1.7 <html>")


def refused() -> Iterator[tuple[str, bytes]]:
    """Files that are none, or too much."""
    yield "nothing", b""
    yield "zeros", bytes(500)
    yield "a page", b"<!DOCTYPE html><html><body>Are you a robot?</body></html>"
    yield "SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    yield "SVG of entities", b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'aa'>]><svg>&a;</svg>"
    yield "PDF", b"%PDF-1.7\n"
    yield "PostScript that is run", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
    yield "ICO", encoded(RGB, "ICO")
    yield "PPM", encoded(RGB, "PPM")
    yield "TGA", encoded(RGB, "TGA")
    yield "PCX", encoded(RGB, "PCX")
    yield "AVIF", b"\x00\x00\x00\x1cftypavif" + bytes(60)
    yield "JPEG 2000", b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(80)
    yield "bomb of 4 megapixels", png(2000, 2000, chunk(b"IDAT", zlib.compress(bytes(2000 * 6001))))
    yield "bomb of 3600 megapixels", png(60_000, 60_000, chunk(b"IDAT", zlib.compress(bytes(1000))))
    yield "no width", png(0, 9, chunk(b"IDAT", zlib.compress(bytes(9))))
    yield "no pixels", png(9, 9)
    yield "TIFF that points behind its end", b"II*\x00" + struct.pack("<I", 0xFFFFFFF0)
    yield "TIFF that points at itself", b"II*\x00" + struct.pack("<IH", 8, 0xFFFF) + bytes(20)
    yield "GIF of no screen", b"GIF89a" + bytes(7) + b";"
    yield "BMP of negative size", b"BM" + struct.pack("<IHHIIiiHH", 99, 0, 0, 54, 40, -9, -9, 1, 24) + bytes(60)
    for form in ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"):
        yield f"half a {form}", (whole := encoded(RGB, form))[: len(whole) // 2]
    yield "a packed text of 30 MB", text_bomb()


SEEN, REFUSED = dict(seen()), dict(refused())


def test_there_are_seventy_one_of_them() -> None:
    assert len(SEEN) + len(REFUSED) == 71


@pytest.mark.parametrize("name", SEEN)
def test_an_odd_image_has_one_size_and_is_rgb(name: str) -> None:
    content = SEEN[name]
    height_px, width_px, channels = read_image(content, MOST_MEGAPIXELS).shape
    assert channels == 3
    assert upright_size(content) == (width_px, height_px)
    assert sorted(measure(content, max_megapixels=MOST_MEGAPIXELS)) == sorted((width_px, height_px))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_image_is_refused_by_all_that_look_at_it(name: str) -> None:
    for look in (lambda: read_image(REFUSED[name], MOST_MEGAPIXELS), lambda: measure(REFUSED[name], max_megapixels=1)):
        with pytest.raises(ImageError) as caught:
            look()
        assert str(caught.value).isprintable()
