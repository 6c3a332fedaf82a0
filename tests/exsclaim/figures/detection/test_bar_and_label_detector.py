"""Finding letters, bars and scale labels; in particular on images of any size and shape."""

import numpy as np
import pytest
import torch
from matplotlib.font_manager import findfont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from exsclaim.figures.detection.bar_and_label_detector import (
    BarAndLabelDetector,
    Found,
    _long_bars,
    _with_gaps_closed,
    is_stacked,
    surest,
)
from exsclaim.figures.detection.bar_and_label_network import KINDS, BarAndLabelNetwork
from exsclaim.geometry import Box


@pytest.fixture(scope="module")
def detector() -> BarAndLabelDetector:
    return BarAndLabelDetector.load()


def micrograph(width: int, height: int) -> NDArray[np.uint8]:
    """Grainy grey with a white 100 px bar at the lower right, "200 nm" above it, and "a" at the upper left."""
    grain = np.random.default_rng(0).normal(90, 14, (height, width, 1))
    picture = Image.fromarray(np.repeat(np.clip(grain, 0, 255).astype(np.uint8), 3, axis=2))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((width - 120, height - 24, width - 21, height - 19), fill="white")
    face = ImageFont.truetype(findfont("DejaVu Sans"), 22)
    pen.text((width - 70, height - 30), "200 nm", font=face, fill="white", anchor="mb")
    pen.text((14, 10), "a", font=ImageFont.truetype(findfont("DejaVu Sans:bold"), 30), fill="white")
    return np.array(picture, np.uint8)


def test_a_micrographs_furniture_is_found(detector: BarAndLabelDetector) -> None:
    found = detector.find(micrograph(420, 380))
    assert len(found.bars) == len(found.labels) == len(found.letters) == 1
    bar = found.bars[0].box
    assert (bar.x0, bar.x1) == pytest.approx((300, 400), abs=1)
    assert found.labels[0].box.centre == pytest.approx((350, 338), abs=8)
    assert found.letters[0].box.centre[0] < 60


@pytest.mark.parametrize("length", [120, 260, 400])
@pytest.mark.parametrize("thickness", [5, 14])
def test_long_bars_are_seen_whole(detector: BarAndLabelDetector, length: int, thickness: int) -> None:
    picture = Image.fromarray(micrograph(838, 683)[:560])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 530, 29 + length, 529 + thickness), fill="white")
    pen.text(
        (30 + length / 2, 522), "5 µm", font=ImageFont.truetype(findfont("DejaVu Sans"), 18), fill="white", anchor="mb"
    )
    (bar,) = detector.find(np.array(picture, np.uint8)).bars
    assert (bar.box.x0, bar.box.x1) == pytest.approx((30, 30 + length), abs=1)
    assert not bar.ends_in_doubt


def test_a_bar_and_the_small_print_beside_it_are_seen_from_close_by(detector: BarAndLabelDetector) -> None:
    picture = Image.fromarray(micrograph(1280, 900)[:800])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((600, 700, 639, 701), fill="white")
    pen.text((620, 696), "50 µm", font=ImageFont.truetype(findfont("DejaVu Sans"), 9), fill="white", anchor="mb")
    figure, bar = np.array(picture, np.uint8), Box.of((600, 700, 640, 702))
    confidence, (label,) = detector.seen_from_close_by(figure, bar)
    assert confidence > 0.6
    assert label.box.centre == pytest.approx((620, 692), abs=4)
    assert detector.seen_from_close_by(figure, Box.of((200, 300, 260, 303))) == (0.0, [])


def test_a_block_that_holds_its_label_is_the_bar_whatever_was_seen_of_it(detector: BarAndLabelDetector) -> None:
    picture = Image.fromarray(micrograph(420, 380)[:300])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((250, 262, 399, 281), fill="white")
    pen.text((325, 272), "100 µm", font=ImageFont.truetype(findfont("DejaVu Sans"), 14), fill="black", anchor="mm")
    found = detector.find(np.array(picture, np.uint8), min_confidence=0.2)
    (bar,) = found.bars
    assert bar.in_pictures_only
    assert bar.box.corners == pytest.approx((250, 262, 400, 282), abs=1)
    assert any(label.box.centre == pytest.approx((325, 272), abs=4) for label in found.labels)


def test_ticks_above_a_label_are_the_bar(detector: BarAndLabelDetector) -> None:
    picture = Image.fromarray(micrograph(640, 440)[:400])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 370, 640, 400), fill="black")
    for i in range(11):
        pen.rectangle((420 + 20 * i, 373, 421 + 20 * i, 381 if i % 5 == 0 else 377), fill="white")
    pen.text((621, 384), "5.00um", font=ImageFont.truetype(findfont("DejaVu Sans"), 13), fill="white", anchor="ra")
    found = detector.find(np.array(picture, np.uint8), min_confidence=0.2)
    assert [bar.box.width for bar in found.bars] == pytest.approx([200], abs=1)


def test_a_bar_shorter_than_the_plate_that_it_shares_with_its_label_is_the_bar(detector: BarAndLabelDetector) -> None:
    picture = Image.fromarray(micrograph(420, 380)[:300])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((250, 262, 399, 290), fill="white")
    pen.text((325, 272), "100 µm", font=ImageFont.truetype(findfont("DejaVu Sans"), 14), fill="black", anchor="mm")
    pen.rectangle((258, 289, 391, 290), fill="black")
    found = detector.find(np.array(picture, np.uint8), min_confidence=0.2)
    assert [bar.box.width for bar in found.bars] == pytest.approx([134], abs=1)


def test_an_empty_page_holds_nothing(detector: BarAndLabelDetector) -> None:
    found = detector.find(np.full((300, 400, 3), 255, np.uint8))
    assert not found.letters
    assert not found.bars
    assert not found.labels


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 500), (700, 2), (33, 31)])
def test_small_and_narrow_images_are_no_trouble(detector: BarAndLabelDetector, width: int, height: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
    found = detector.find(image, min_confidence=0.01)
    for item in (*found.letters, *found.bars, *found.labels):
        assert 0 <= item.box.x0 <= item.box.x1 <= width
        assert 0 <= item.box.y0 <= item.box.y1 <= height
        assert 0 <= item.confidence <= 1


def test_what_is_no_image_is_refused(detector: BarAndLabelDetector) -> None:
    with pytest.raises(ValueError, match="uint8"):
        detector.find(np.zeros((10, 10, 4), np.uint8))
    with pytest.raises(ValueError, match="pixels"):
        detector.find(np.zeros((0, 10, 3), np.uint8))


def test_two_halves_with_a_label_between_are_one_bar() -> None:
    left, right = Found(Box(x0=10, y0=50, x1=60, y1=53), 0.5), Found(Box(x0=110, y0=50, x1=160, y1=53), 0.7)
    label = Found(Box(x0=65, y0=44, x1=105, y1=58), 0.9)
    (bar,) = _with_gaps_closed([left, right], [label])
    assert bar.box.corners == (10, 50, 160, 53)
    assert _with_gaps_closed([left, right], []) == [left, right]


def test_of_stacked_bars_the_most_confident_is_kept() -> None:
    bar, edge = Found(Box(x0=10, y0=50, x1=60, y1=53), 0.7), Found(Box(x0=5, y0=57, x1=65, y1=58), 0.4)
    far = Found(Box(x0=10, y0=150, x1=60, y1=153), 0.3)
    assert surest([edge, far, bar], is_stacked) == [bar, far]


def test_only_long_and_sure_bars_count_of_a_look_from_afar() -> None:
    long, short = Box(x0=10, y0=50, x1=160, y1=53), Box(x0=10, y0=80, x1=60, y1=83)
    seen = [Found(long, 0.8), Found(short, 0.8), Found(long.moved(0, 40), 0.45)]
    counted = _long_bars({"scale_bar": seen, "letter": seen, "scale_label": seen})
    assert [(item.box, item.confidence) for item in counted["scale_bar"]] == [(long, pytest.approx(0.72))]
    assert list(counted) == ["scale_bar"]


def test_the_network_answers_per_kind_at_a_quarter_of_the_resolution() -> None:
    heat, shape = BarAndLabelNetwork().eval()(torch.rand(2, 3, 64, 96))
    assert heat.shape == (2, len(KINDS), 16, 24)
    assert shape.shape == (2, len(KINDS), 4, 16, 24)
