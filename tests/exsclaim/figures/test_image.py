"""Whatever is called an image comes out as upright RGB, or as an ImageError that names the file and the cause."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from exsclaim.errors import ImageError
from exsclaim.figures.image import pictures_in, read_figure, read_image, upright_size

GREY_STEPS = np.linspace(0, 255, 64, dtype=np.uint8)[None, :].repeat(48, axis=0)


def encoded(picture: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format=file_format, **options)
    return buffer.getvalue()


def rgb_picture() -> Image.Image:
    return Image.merge("RGB", [Image.fromarray(np.roll(GREY_STEPS, shift, axis=1)) for shift in (0, 20, 40)])


@pytest.mark.parametrize("file_format", ["PNG", "GIF", "TIFF", "BMP", "JPEG", "WEBP"])
def test_every_permitted_format_gives_rgb_of_its_size(file_format: str) -> None:
    image = read_image(encoded(rgb_picture(), file_format), 1)
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_gives_rgb(mode: str) -> None:
    assert read_image(encoded(rgb_picture().convert(mode), "PNG"), 1).shape == (48, 64, 3)


def test_cmyk_keeps_its_colours() -> None:
    paper = Image.new("CMYK", (8, 8), (0, 0, 0, 0))
    assert read_image(encoded(paper, "TIFF"), 1).min() >= 250
    assert read_image(encoded(paper, "JPEG", quality=95), 1).min() >= 250


def test_16_bit_grey_is_scaled_by_its_range_and_not_clipped() -> None:
    deep = 1000 + GREY_STEPS.astype(np.uint16) * 40
    image = read_image(encoded(Image.fromarray(deep), "PNG"), 1)
    np.testing.assert_allclose(image[:, :, 0], GREY_STEPS, atol=1)


def test_flat_16_bit_grey_is_an_image_too() -> None:
    assert read_image(encoded(Image.fromarray(np.full((4, 4), 40_000, np.uint16)), "PNG"), 1).shape == (4, 4, 3)


def test_float_tiff_with_gaps_is_scaled() -> None:
    values = np.array([[np.nan, 0.0], [0.5, 1.0]], dtype=np.float32)
    image = read_image(encoded(Image.fromarray(values), "TIFF"), 1)
    assert image[:, :, 0].tolist() == [[0, 0], [128, 255]]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_over_white(mode: str) -> None:
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert read_image(encoded(clear, "PNG"), 1).min() == 255


def test_transparent_colour_of_a_palette_is_laid_over_white() -> None:
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([10, 20, 30])
    assert read_image(encoded(picture, "GIF", transparency=0), 1).min() == 255


def test_first_frame_of_an_animation_is_taken() -> None:
    first, second = Image.new("RGB", (6, 6), (255, 0, 0)), Image.new("RGB", (6, 6), (0, 0, 255))
    content = encoded(first, "GIF", save_all=True, append_images=[second])
    assert read_image(content, 1)[3, 3].tolist() == [255, 0, 0]


def test_exif_orientation_is_applied() -> None:
    picture = rgb_picture()
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it rotated by 90°
    assert read_image(encoded(picture, "JPEG", exif=exif), 1).shape == (64, 48, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_size_of_a_figure_is_that_of_its_upright_pixels(orientation: int, form: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(rgb_picture(), form, exif=exif)
    height_px, width_px, _ = read_image(content, 1).shape
    assert upright_size(content) == (width_px, height_px)


def test_one_pixel_and_very_wide_images_work() -> None:
    assert read_image(encoded(Image.new("RGB", (1, 1)), "PNG"), 1).shape == (1, 1, 3)
    assert read_image(encoded(Image.new("L", (20_000, 3)), "PNG"), 1).shape == (3, 20_000, 3)


@pytest.mark.parametrize("size", [(1, 1), (200, 3), (3, 200)])
def test_a_placeholder_or_a_rule_is_no_figure(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match=f"{size[0]} by {size[1]} pixels show nothing"):
        read_figure(encoded(Image.new("RGB", size), "PNG"), 1)


def test_a_figure_may_be_as_small_as_an_icon() -> None:
    assert read_figure(encoded(Image.new("RGB", (4, 16)), "PNG"), 1).shape == (16, 4, 3)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises a huge picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


JPEG = encoded(rgb_picture(), "JPEG")
PNG = encoded(rgb_picture(), "PNG")

BAD = {
    "empty.png": (b"", "0 bytes"),
    "page.jpg": (b"<!DOCTYPE html><html><body>Are you a robot?</body></html>", "HTML page"),
    "paper.png": (b"%PDF-1.7 ...", "PDF"),
    "drawing.png": (b"<?xml version='1.0'?><svg/>", "SVG"),
    "noise.png": (b"\x00\x01\x02" * 100, "not an image"),
    "truncated.jpg": (JPEG[: len(JPEG) // 2], "truncated"),
    "truncated.png": (PNG[: len(PNG) // 2], "damaged or truncated"),
    "large.png": (bomb(9_000, 9_000), "megapixels"),
    "bomb.png": (bomb(60_000, 60_000), "178 megapixels"),
    "thin.png": (bomb(200_000, 1), "200000 x 1"),
    "vector.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_an_error_that_names_file_and_cause(name: str, tmp_path: Path) -> None:
    content, cause = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImageError) as caught:
        read_image(tmp_path / name, 50)
    assert name in str(caught.value)
    assert cause in str(caught.value)


def test_missing_file_and_folder_are_errors_that_name_the_path(tmp_path: Path) -> None:
    for path in (tmp_path / "not there.png", tmp_path):
        with pytest.raises(ImageError, match="cannot be read"):
            read_image(path, 1)


def test_an_image_is_read_from_bytes_or_a_path_and_nothing_else(tmp_path: Path) -> None:
    content = encoded(rgb_picture(), "PNG")
    (tmp_path / "figure.png").write_bytes(content)
    images = [read_image(data, 1) for data in (content, tmp_path / "figure.png", str(tmp_path / "figure.png"))]
    assert all((image == images[0]).all() for image in images)
    nothing: Any = None
    with pytest.raises(TypeError, match="from the bytes of a file or from its path, not from NoneType"):
        read_image(nothing, 1)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damaged_bytes_give_an_image_or_an_image_error(noise: bytes, at: int) -> None:
    content = JPEG[:at] + noise + JPEG[at + len(noise) :]
    try:
        image = read_image(content, 1)
    except ImageError:
        return
    assert image.ndim == 3
    assert image.shape[2] == 3


def test_pictures_behind_a_damaged_place_are_not_counted_and_the_first_is_read(tmp_path: Path) -> None:
    pages = [Image.effect_noise((90, 60), 80).convert("RGB") for _ in range(3)]
    pages[0].save(tmp_path / "whole.tif", save_all=True, append_images=pages[1:])
    assert pictures_in(tmp_path / "whole.tif") == 3
    content = (tmp_path / "whole.tif").read_bytes()
    (tmp_path / "cut.tif").write_bytes(content[: len(content) // 2])
    assert pictures_in(tmp_path / "cut.tif") == 1
    assert read_image(tmp_path / "cut.tif", 1).shape == (60, 90, 3)
