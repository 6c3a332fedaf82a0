"""Crops that the reader learns from can be read, and is written in its characters."""

import re

import numpy as np
import pytest

from exsclaim.figures.detection.text_network import CHARACTERS
from exsclaim.figures.detection.text_reader import printed
from exsclaim.lengths import length_nm
from models.readers.text_crops import RealText, characters, drawn_crop, panel_letter, real_crop, scale_label
from models.readers.typeset import ink


def test_every_drawn_text_is_in_the_readers_characters() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        crop = drawn_crop([], rng)
        assert set(crop.text) <= set(CHARACTERS)
        assert crop.image.ndim == 3
        assert min(crop.image.shape) >= 1


def test_the_same_seed_draws_the_same_crop() -> None:
    first, second = (drawn_crop([], np.random.default_rng(5)) for _ in range(2))
    assert first.text == second.text
    np.testing.assert_array_equal(first.image, second.image)


def test_drawn_scale_labels_mean_a_length_or_a_reciprocal_one() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        _, text = scale_label(rng)
        assert length_nm(printed(text)) or "1/" in printed(text) or text.endswith("km")


def test_numbers_come_with_and_without_their_decimal_point() -> None:
    """A reader that sees 10 more often than 1.0 reads the point away."""
    rng = np.random.default_rng(4)
    numbers = [re.match(r"[\d.,]+", scale_label(rng)[1]) for _ in range(2000)]
    texts = [number[0] for number in numbers if number]
    for pointed, bare in (("1.0", "10"), ("0.5", "5"), (".2", "2"), ("50.0", "500"), ("2.5", "25")):
        assert 0.1 < texts.count(pointed) / texts.count(bare) < 10


def test_letters_are_written_bare() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        shown, bare = panel_letter(rng)
        assert bare.isalnum()
        assert shown.replace("_", "").strip("()[].:") == bare


@pytest.mark.parametrize(("noted", "text"), [("1.0 um", "1.0µm"), ("500 nm", "500nm"), ("b2", "b2"), ("um", "um")])
def test_notes_are_taken_in_the_readers_characters(noted: str, text: str) -> None:
    assert characters(noted) == text


def test_a_real_crop_holds_its_text() -> None:
    tile = np.zeros((100, 200, 3), np.uint8)
    tile[40:60, 80:120] = 255
    rng = np.random.default_rng(0)
    for _ in range(30):
        crop = real_crop(RealText(tile, (80, 40, 120, 60), "500nm"), rng)
        assert crop.text == "500nm"
        assert np.ptp(crop.image) > 20


def test_typeset_text_shows_ink_to_its_borders() -> None:
    rng = np.random.default_rng(0)
    for text in ("500 nm", "a", "(a_1)", "5 nm^-1"):
        opacity = ink(text, 30, rng).opacity
        assert opacity[0].max() > 0.2
        assert opacity[:, -1].max() > 0.2
