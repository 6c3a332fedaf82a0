"""Scale labels are read again where one reading is not enough."""

import importlib.util
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from exsclaim.figures.detection.second_reader import SecondReader
from exsclaim.figures.scale.scale_bars import DetectedScaleLabel
from exsclaim.figures.scale.scale_label_check import _has_same_number, confirmed, point_in, spelled
from exsclaim.geometry import Box
from exsclaim.lengths import length_nm

needs_second_reader = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="rapidocr, the second reader, is not installed"
)


def crop(text: str, *, size: int = 20, dark: bool = True) -> NDArray[np.uint8]:
    """A line of text with a margin, as `cut_out` cuts it: light on dark, or dark on light."""
    picture = Image.new("L", (len(text) * size, 2 * size), 0)
    ImageDraw.Draw(picture).text((size, size // 2), text, fill=255, font_size=size)
    x0, y0, x1, y1 = picture.getbbox() or (0, 0, 1, 1)
    margin = size // 4
    values = np.asarray(picture.crop((x0 - margin, y0 - margin, x1 + margin, y1 + margin)))
    return np.repeat((values if dark else 255 - values)[:, :, None], 3, axis=2).astype(np.uint8)


def read(text: str, confidence: float) -> DetectedScaleLabel:
    return DetectedScaleLabel(Box.of((0, 0, 50, 14)), 0.9, text, length_nm(text), confidence)


def none() -> None:
    return None


@pytest.fixture(scope="module")
def second() -> SecondReader:
    return SecondReader.load()


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("text", ["1.0 nm", "2.5 µm", "0.5 µm", "50.0 nm", "5.00 µm", ".2 µm", ".50 µm"])
def test_a_decimal_point_is_seen(text: str, dark: bool) -> None:
    assert point_in(crop(text, dark=dark)) == ("before" if text[0] == "." else "between")


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("text", ["10 nm", "200 µm", "5 nm", "1 µm", "500 nm", "10 nm.", "200 n.m"])
def test_no_decimal_point_is_seen_where_none_is(text: str, dark: bool) -> None:
    assert point_in(crop(text, dark=dark)) is None


@pytest.mark.parametrize(
    ("second", "first", "text"),
    [
        ("5\u03bcm", "5 µm", "5 µm"),
        ("lum", "1 µm", "1 µm"),
        ("5pm", "5 µm", "5 µm"),
        ("5pm", "5 pm", "5 pm"),
        ("-10 nm-", "10 nm", "10 nm"),
        ("50 nn", "50 nm", "50 nm"),
        (".2 µm", "2 µm", "0.2 µm"),
        ("1O0nm", "100 nm", "100 nm"),
        ("=0.04nm", "0.04 nm", "=0.04nm"),
        ("750 mm/s", "750 mm", "750 mm/s"),
        ("Ti", "1 nm", "Ti"),
        ("1_nm⁻¹", "1 nm", "1 1/nm"),
        ("2 nm⁻1¹", "2 nm", "2 1/nm"),
        ("5 nm−1", "5 nm", "5 1/nm"),
        ("5 nm-", "5 nm", "5 nm"),
    ],
)
def test_the_second_readers_spelling_becomes_ours(second: str, first: str, text: str) -> None:
    assert spelled(second, first) == text


@pytest.mark.parametrize(
    ("second", "first", "is_same"),
    [
        ("100.nm", "100 nm", True),
        ("300 nml", "300 nm", True),
        ("100 ng", "100 nm", True),
        ("20jm", "20 µm", True),
        ("1O0 nn.", "100 nm", True),
        ("10.nm", "100 nm", False),
        ("10 min", "10 mm", False),
        ("5.0kV", "5 nm", False),
        ("10 rpm", "10 µm", False),
        ("10 ng/ml", "10 nm", False),
        ("Ti", "1 nm", False),
    ],
)
def test_a_misread_unit_behind_the_same_number_contradicts_nothing(second: str, first: str, is_same: bool) -> None:
    assert _has_same_number(second, first) == is_same


def test_what_is_sure_and_usual_is_not_read_again() -> None:
    def never() -> SecondReader:
        raise AssertionError("asked")

    sure = read("50 nm", 0.97)
    assert confirmed(sure, crop("50 nm"), second_reader=never) == sure


def test_without_a_second_reader_a_hidden_dot_is_a_doubt() -> None:
    found = confirmed(read("10 nm", 0.95), crop("1.0 nm"), second_reader=none)
    assert found.in_doubt
    assert found.text_confidence < 0.5
    assert not confirmed(read("10 nm", 0.95), crop("10 nm"), second_reader=none).in_doubt


def test_without_a_second_reader_an_unlikely_text_is_a_doubt() -> None:
    assert confirmed(read("50 nm", 0.4), crop("50 nm"), second_reader=none).in_doubt


def test_a_sure_text_that_the_other_reader_reads_otherwise_is_a_doubt() -> None:
    sure = replace(read("10 nm", 0.97), other_text="1.0 nm")
    assert confirmed(sure, crop("10 nm"), second_reader=none).in_doubt
    assert not confirmed(replace(sure, other_text="10 nm"), crop("10 nm"), second_reader=none).in_doubt


@needs_second_reader
def test_a_third_reader_decides_between_two(second: SecondReader) -> None:
    sure = replace(read("10 nm", 0.97), other_text="1.0 nm")
    right = confirmed(sure, crop("10 nm"), second_reader=lambda: second)
    assert (right.length_nm, right.in_doubt) == (10, False)
    wrong = confirmed(sure, crop("1.0 nm"), second_reader=lambda: second)
    assert (wrong.length_nm, wrong.in_doubt) == (1, True)


@needs_second_reader
def test_two_readers_that_agree_are_surer_than_one(second: SecondReader) -> None:
    found = confirmed(read("50 nm", 0.4), crop("50 nm"), second_reader=lambda: second)
    assert (found.text, found.in_doubt) == ("50 nm", False)
    assert found.text_confidence > 0.9


@needs_second_reader
@pytest.mark.parametrize(("printed", "misread"), [("1.0 nm", "10 nm"), ("50.0 nm", "500 nm"), ("2.0 µm", "20 µm")])
def test_a_lost_decimal_point_is_found_and_said_to_be_doubtful(
    second: SecondReader, printed: str, misread: str
) -> None:
    found = confirmed(read(misread, 0.92), crop(printed), second_reader=lambda: second)
    assert found.length_nm == length_nm(printed)
    assert found.in_doubt


def test_a_decimal_point_that_both_readers_miss_is_a_doubt() -> None:
    missing = SecondReader(lambda picture, **options: SimpleNamespace(txts=("2 µm",), scores=(0.97,)))
    found = confirmed(read("2 µm", 0.88), crop(".2 µm"), second_reader=lambda: missing)
    assert (found.text, found.text_confidence, found.in_doubt) == ("2 µm", 0.88, True)
    assert not confirmed(read("2 µm", 0.88), crop("2 µm"), second_reader=lambda: missing).in_doubt
    assert not confirmed(read("2 µm", 0.97), crop(".2 µm"), second_reader=lambda: missing).in_doubt


def test_a_decimal_point_before_the_detected_box_is_looked_for() -> None:
    found = confirmed(read("2 µm", 0.95), crop("2 µm"), wider=crop(".2 µm"), second_reader=none)
    assert found.in_doubt
    assert not confirmed(read("2 µm", 0.95), crop("2 µm"), wider=crop("2 µm"), second_reader=none).in_doubt


@needs_second_reader
def test_a_text_that_is_no_scale_label_takes_the_confidence_away(second: SecondReader) -> None:
    found = confirmed(read("750 mm", 0.6), crop("750 mm/s"), second_reader=lambda: second)
    assert found.in_doubt
    assert found.text_confidence < 0.3


def followed(text: str, *, by: str) -> NDArray[np.uint8]:
    """A line of text with a superscript -1 after it, or with the border of a panel beside it."""
    picture = Image.new("L", (len(text) * 24 + 60, 60), 0)
    draw = ImageDraw.Draw(picture)
    draw.text((8, 16), text, fill=255, font_size=28)
    end = draw.textlength(text, font_size=28) + 8
    if by == "-1":
        draw.rectangle((end + 2, 20, end + 11, 22), fill=255)
        draw.text((end + 13, 8), "1", fill=255, font_size=20)
    elif by == "word":
        draw.text((end + 20, 26), "WT", fill=255, font_size=24)
    elif by == "border":
        draw.rectangle((end + 14, 0, end + 17, 60), fill=255)
    values = np.asarray(picture)[:, : int(end) + 44]
    return np.repeat(values[:, :, None], 3, axis=2).astype(np.uint8)


@needs_second_reader
@pytest.mark.parametrize(("by", "text", "nm"), [("-1", "5 1/nm", None), ("border", "5 nm", 5), ("word", "5 nm", 5)])
def test_a_length_with_a_superscript_behind_it_is_none(
    second: SecondReader, by: str, text: str, nm: float | None
) -> None:
    suspected = replace(read("5 nm", 0.99), may_be_reciprocal=True)
    found = confirmed(suspected, followed("5 nm", by=by), second_reader=lambda: second)
    assert (found.text, found.length_nm) == (text, nm)
    assert found.in_doubt == (nm is None)


def test_without_a_second_reader_what_may_be_a_superscript_is_a_doubt() -> None:
    sure = read("5 nm", 0.99)
    assert confirmed(replace(sure, may_be_reciprocal=True), followed("5 nm", by="-1"), second_reader=none).in_doubt
    assert not confirmed(sure, followed("5 nm", by="-1"), second_reader=none).in_doubt


def test_what_our_reader_cannot_read_stays_unread() -> None:
    def never() -> SecondReader:
        raise AssertionError("the second reader is asked for nothing")

    assert confirmed(read("", 0.0), crop("5 nm"), second_reader=never) == read("", 0.0)


@pytest.mark.parametrize(
    ("first", "small", "large", "is_told"),
    [
        ("20 µm", "20jm", "20µm", True),  # print of 10 px
        ("10 µm", "Oum", "10um", True),  # the first digit stands at the crop's edge
        ("20 µm", "20jm", "20mm", False),
        ("20 nm", "20mm", "20nm", False),  # it contradicts as a length
        ("5 nm", "5 nm-1", "5nm", False),
    ],
)
def test_a_text_that_is_no_length_is_read_at_twice_the_size_and_stays_a_doubt(
    first: str, small: str, large: str, is_told: bool
) -> None:
    printed = crop(first, size=10)
    limit = 1.5 * len(printed)
    engine = SecondReader(
        lambda image, **_: SimpleNamespace(txts=(large if len(image) > limit else small,), scores=(0.95,))
    )
    found = confirmed(read(first, 0.7), printed, second_reader=lambda: engine)
    assert (found.text, found.in_doubt) == (first, True)
    assert (found.text_confidence > 0.9) == is_told
