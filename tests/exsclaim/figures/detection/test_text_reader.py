"""Decoding what the reader's network sees; and, with its weights, what it reads."""

import numpy as np
import pytest

from exsclaim.figures.detection.ctc_decoding import Scores, greedy, log_probabilities
from exsclaim.figures.detection.text_network import BLANK, CHARACTERS, HEIGHT_PX, MAX_WIDTH_PX, batch, prepare
from exsclaim.figures.detection.text_reader import (
    TextReader,
    cut_out,
    letter,
    may_be_reciprocal,
    printed,
    scale_label,
    with_power,
)
from exsclaim.geometry import Box


def seen(*columns: dict[str, float]) -> Scores:
    """Log-probabilities of columns given as character -> probability; "" is the blank, the rest is shared out."""
    values = np.full((len(columns), 1 + len(CHARACTERS)), 1e-9)
    for row, column in zip(values, columns, strict=True):
        for character, probability in column.items():
            row[CHARACTERS.index(character) + 1 if character else BLANK] = probability
        row /= row.sum()
    return np.log(values)


def spelled(text: str) -> Scores:
    """Columns that say `text` without doubt, a blank between characters."""
    return seen(*(column for character in text for column in ({character: 1.0}, {"": 1.0})))


def test_repeats_and_blanks_are_dropped() -> None:
    scores = seen({"1": 1}, {"1": 1}, {"": 1}, {"0": 1}, {"": 1}, {"0": 1}, {"n": 1}, {"m": 1})
    assert greedy(scores) == "100nm"


def test_the_probability_of_a_text_sums_over_its_alignments() -> None:
    # two columns, "a" by: a-, -a, aa
    scores = seen({"a": 0.6, "": 0.4}, {"a": 0.5, "": 0.5})
    nothing, a, aa = np.exp(log_probabilities(scores, ["", "a", "aa"]))
    assert nothing == pytest.approx(0.4 * 0.5, rel=1e-4)
    assert a == pytest.approx(0.6 * 0.5 + 0.4 * 0.5 + 0.6 * 0.5, rel=1e-4)
    # a doubled letter needs a blank between
    assert aa == pytest.approx(0, abs=1e-6)


def test_probabilities_of_all_texts_sum_to_one() -> None:
    scores = seen({"a": 0.5, "b": 0.3, "": 0.2}, {"a": 0.1, "b": 0.1, "": 0.8})
    texts = ["", "a", "b", "ab", "ba"]
    assert np.exp(log_probabilities(scores, texts)).sum() == pytest.approx(1, rel=1e-4)


@pytest.mark.parametrize(
    ("characters", "text", "nm"),
    [
        ("500nm", "500 nm", 500.0),
        ("0.5µm", "0.5 µm", 500.0),
        ("0,5µm", "0.5 µm", 500.0),
        ("2Å", "2 Å", 0.2),
        (".2µm", "0.2 µm", 200.0),
        ("1.0nm", "1.0 nm", 1.0),
        ("200km", "200 km", None),
        ("5Å-1", "5 1/Å", None),
        ("51/nm", "5 1/nm", None),
        ("5nm-1", "5 1/nm", None),
    ],
)
def test_scale_labels_get_their_spelling_and_length(characters: str, text: str, nm: float | None) -> None:
    found = scale_label(spelled(characters))
    assert found.text == text
    assert found.length_nm == (None if nm is None else pytest.approx(nm))
    assert found.confidence == pytest.approx(1, abs=1e-3)


def test_a_scale_label_is_a_number_and_a_unit_even_where_another_text_is_more_probable() -> None:
    scores = seen({"S": 0.6, "5": 0.4}, {"": 1}, {"0": 0.5, "O": 0.5}, {"": 1}, {"n": 1}, {"": 1}, {"m": 0.6, "n": 0.4})
    found = scale_label(scores)
    assert found.text == "50 nm"
    # and its confidence says that it was not clear
    assert found.confidence == pytest.approx(0.4 * 0.5 * 0.6, rel=0.01)


@pytest.mark.parametrize("text", ["Ti", "#", "100", "nm"])
def test_other_text_is_no_scale_label(text: str) -> None:
    found = scale_label(spelled(text))
    assert found.length_nm is None or found.confidence < 1e-3


def test_a_letter_comes_with_its_alternatives() -> None:
    found = letter(seen({"": 1}, {"c": 0.5, "e": 0.3, "C": 0.2}, {"": 1}))
    assert found.text == "c"
    # upper and lower case name the same panel
    assert found.confidence == pytest.approx(0.7, abs=0.01)
    assert list(found.alternatives)[:3] == ["c", "e", "C"]
    assert found.alternatives["e"] == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("label", ["a", "Z", "a1", "iv", "XII", "7"])
def test_panels_are_numbered_in_many_ways(label: str) -> None:
    assert letter(spelled(label)).text == label


@pytest.mark.parametrize("text", ["", "#", "100nm"])
def test_other_text_is_no_letter(text: str) -> None:
    assert letter(spelled(text) if text else seen({"": 1}, {"": 1})).text == ""


def test_printed_leaves_other_text_alone() -> None:
    assert printed("Ti") == "Ti"


@pytest.mark.parametrize(("height", "width"), [(1, 1), (8, 400), (300, 2), (32, 100)])
def test_crops_of_any_shape_fit_the_network(height: int, width: int) -> None:
    crop = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
    values = prepare(crop)
    assert values.shape[:2] == (3, HEIGHT_PX)
    assert values.shape[2] % 4 == 0
    assert 16 <= values.shape[2] <= MAX_WIDTH_PX
    assert np.isfinite(values).all()


def test_crops_of_different_widths_share_a_batch() -> None:
    crops = [np.zeros((32, width, 3), np.uint8) for width in (32, 64)]
    images, columns = batch([prepare(crop) for crop in crops])
    assert images.shape == (2, 3, 32, 64)
    assert columns.tolist() == [8, 16]


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return TextReader.load()


def typeset(text: str) -> np.ndarray:
    """`text` in matplotlib's own face, black on white."""
    from matplotlib.font_manager import findfont
    from PIL import Image, ImageDraw, ImageFont

    face = ImageFont.truetype(findfont("DejaVu Sans"), 28)
    picture = Image.new("RGB", (int(face.getlength(text)) + 16, 44), "white")
    ImageDraw.Draw(picture).text((8, 4), text, font=face, fill="black")
    return np.array(picture, np.uint8)


def test_it_reads_typeset_scale_labels(reader: TextReader) -> None:
    texts = ["500 nm", "2 µm", "0.5 µm", "100 nm", "1 mm", "50 µm"]
    assert [found.text for found in reader.read_scale_labels([typeset(text) for text in texts])] == texts


@pytest.mark.parametrize(("after", "reciprocal"), [("⁻¹", True), ("", False), ("  (b)", False)])
def test_the_superscript_that_a_detector_left_out_of_a_labels_box_is_seen(
    reader: TextReader, after: str, reciprocal: bool
) -> None:
    picture = np.pad(typeset(f"5 nm{after}"), ((10, 10), (0, 40), (0, 0)), constant_values=255)
    box = Box(8.0, 20.0, 8.0 + typeset("5 nm").shape[1] - 16, 42.0)
    assert reader.read_scale_labels([cut_out(picture, box)])[0].text == "5 nm"
    (scores,) = reader.scores([cut_out(picture, with_power(box))])
    assert may_be_reciprocal(scores, "5 nm") is reciprocal


def test_it_reads_typeset_letters(reader: TextReader) -> None:
    found = reader.read_letters([typeset(text) for text in ("a", "(b)", "C", "d)")])
    assert [item.text.lower() for item in found] == ["a", "b", "c", "d"]


def test_a_crop_reads_the_same_alone_and_in_company(reader: TextReader) -> None:
    crops = [typeset("500 nm"), typeset("a"), typeset("10 µm")]
    together = reader.scores(crops)
    for crop, scores in zip(crops, together, strict=True):
        alone = reader.scores([crop])[0]
        assert alone.shape == scores.shape
        assert greedy(alone) == greedy(scores)


def test_no_crops_no_readings(reader: TextReader) -> None:
    assert reader.read_scale_labels([]) == []
    assert reader.read_letters([]) == []


def test_what_is_no_crop_is_refused(reader: TextReader) -> None:
    with pytest.raises(ValueError, match="uint8"):
        reader.scores([np.zeros((10, 10), np.uint8)])
    with pytest.raises(ValueError, match="pixels"):
        reader.scores([np.zeros((0, 10, 3), np.uint8)])
