"""One image out of the several of a figure."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from exsclaim.errors import ImageError
from exsclaim.sources.figure_images import MAX_PARTS, MAX_WIDTH_PX, Part, composed, labelled_grid


def image(width: int, height: int, grey: int = 0, kind: str = "PNG", mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height), grey).convert(mode).save(file, kind)
    return file.getvalue()


def pixels(content: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.format == "PNG"
        return np.asarray(opened.convert("L"))


def test_parts_without_letters_keep_their_pixels_in_a_column() -> None:
    whole = pixels(composed([[Part(image(200, 50, 10))], [Part(image(100, 80, 90))]]))
    assert whole.shape == (50 + 2 + 80, 200)
    assert (whole[:50] == 10).all()
    assert (whole[52:, :100] == 90).all()
    assert (whole[52:, 100:] == 255).all()


def test_parts_of_a_row_are_equally_high_and_the_finest_keeps_its_pixels() -> None:
    whole = pixels(composed([[Part(image(400, 400, 10)), Part(image(100, 100, 90))]]))
    dark, light = np.argwhere(whole == 10), np.argwhere(whole == 90)
    assert np.ptp(dark[:, 0]) == pytest.approx(np.ptp(light[:, 0]), abs=2)
    assert np.ptp(dark[:, 1]) + 1 == pytest.approx(400, abs=2)


def test_widths_that_are_told_are_kept() -> None:
    whole = pixels(composed([[Part(image(300, 30, 10), width_share=0.6), Part(image(100, 30, 90), width_share=0.3)]]))
    widths = [np.ptp(np.argwhere(whole == grey)[:, 1]) + 1 for grey in (10, 90)]
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.03)


def test_letters_stand_above_their_parts() -> None:
    whole = pixels(composed([[Part(image(300, 300, 200), "a"), Part(image(300, 300, 200), "b")]]))
    top = int(np.argwhere(whole == 200)[:, 0].min())
    assert top >= 14
    for half in np.array_split(whole[:top], 2, axis=1):
        assert (half < 100).any()


def test_transparency_is_white_and_deep_greys_are_scaled() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(file, "PNG")
    deep = io.BytesIO()
    Image.fromarray(np.linspace(0, 60_000, 400, dtype=np.uint16).reshape(20, 20)).save(deep, "TIFF")
    whole = pixels(composed([[Part(file.getvalue())], [Part(deep.getvalue())]]))
    assert (whole[:20] == 255).all()
    assert whole[-20:].max() > 200


def test_a_figure_is_never_wider_than_the_limit() -> None:
    assert pixels(composed([[Part(image(9000, 10), "a"), Part(image(9000, 10), "b")]])).shape[1] <= MAX_WIDTH_PX + 50


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (7, [3, 3, 1])])
def test_parts_whose_places_are_not_known_stand_in_a_grid(count: int, rows: list[int]) -> None:
    assert [len(row) for row in labelled_grid([Part(b"")] * count)] == rows


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "a figure of 0 parts"),
        ([[Part(b"x")] * (MAX_PARTS + 1)], "61 parts"),
        ([[Part(b"no image")]], "not an image"),
        ([[Part(image(1, 30_000), width_share=1.0), Part(image(2000, 1), width_share=1.0)]], "too large"),
    ],
)
def test_what_cannot_be_put_together_is_an_error(rows: list[list[Part]], said: str) -> None:
    with pytest.raises(ImageError, match=said):
        composed(rows)


def test_the_limit_on_pixels_is_for_all_parts_together() -> None:
    parts = [Part(image(1000, 1000))] * 3
    assert composed([parts], max_megapixels=3.1)
    with pytest.raises(ImageError, match="beyond the limit"):
        composed([parts], max_megapixels=2.9)


def test_the_same_parts_give_the_same_bytes() -> None:
    rows = [[Part(image(120, 80, 40), "a"), Part(image(90, 80, 80), "b")]]
    assert composed(rows) == composed(rows)
