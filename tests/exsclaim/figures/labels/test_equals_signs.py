"""Letters that an equals sign follows stand for quantities or explain themselves: they name no panel."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from exsclaim.figures.labels.equals_signs import precedes_equals, without_quantities
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.geometry import Box
from tests.exsclaim.figures.drawings import Picture


def printed(text: str, lead: str, size: int, *, inverted: bool = False, noise: float = 0) -> tuple[Picture, Box]:
    """A line of print, and the box of its beginning."""
    picture = Image.new("RGB", (12 * size, 3 * size), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    pen.text((size, size), text, "black", font)
    values = np.asarray(picture).astype(float)
    values = 255 - values if inverted else values
    values += np.random.default_rng(1).normal(0, noise, values.shape) if noise else 0
    return np.clip(values, 0, 255).astype(np.uint8), Box.of(pen.textbbox((size, size), lead, font))


@pytest.mark.parametrize("size", [14, 24, 40])
@pytest.mark.parametrize(
    "text",
    [
        "A = Nama", "B = Loss", "T = 300 K", "d = 5 nm", "N=12", "C =control", "E = 2", "n = 5", "a = 2.1", "x = 0.2",
    ],
)  # fmt: skip
def test_an_equals_sign_is_seen(text: str, size: int) -> None:
    picture, letter = printed(text, text[0], size)
    assert precedes_equals(letter, picture)


@pytest.mark.parametrize("size", [14, 24, 40])
@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("A", "A"), ("A Loss", "A"), ("(a) Fe 2p", "(a)"), ("B: Energy", "B"), ("a - b", "a"), ("C F = 5", "C"),
        ("a) n = 20", "a)"), ("E. coli", "E."), ("b) = top", "b"), ("D is = 3", "D"), ("c + d", "c"), ("e i", "e"),
    ],
)  # fmt: skip
def test_other_print_is_none(text: str, lead: str, size: int) -> None:
    picture, letter = printed(text, lead, size)
    assert not precedes_equals(letter, picture)


def test_white_print_on_noise_is_read_too() -> None:
    assert precedes_equals(*reversed(printed("T = 300 K", "T", 24, inverted=True, noise=8)))


def test_at_the_figures_border_there_is_nothing_to_see() -> None:
    picture, letter = printed("A", "A", 20)
    assert not precedes_equals(Box(picture.shape[1] - 12, letter.y0, picture.shape[1], letter.y1), picture)


def test_letters_of_quantities_are_left_out() -> None:
    picture, letter = printed("n = 5", "n", 24)
    other = DetectedLabel(Box(200, 20, 214, 40), 0.9, {"a": 0.9})
    assert without_quantities([DetectedLabel(letter, 0.9, {"n": 0.9}), other], picture) == (other,)
