"""Blocks that hold their label: the bar is the block, and what only looks like one is none."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from exsclaim.figures.scale.block_bars import block_around
from exsclaim.geometry import Box

TEXT = "100 um"


def micrograph(*, grey: int = 90, noise: float = 25, side: int = 400) -> NDArray[np.uint8]:
    """A noisy grey image of cells."""
    values = np.random.default_rng(1).normal(grey, noise, (side // 2, side // 2)).repeat(2, 0).repeat(2, 1)
    return np.repeat(np.clip(values, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def block(image: NDArray[np.uint8], box: Box, *, ground: int, ink: int, text: str = TEXT, shift: int = 0) -> Box:
    """Draw a block with text in its middle, moved by `shift`; the text's box."""
    x0, y0, x1, y1 = (round(v) for v in box.corners)
    cv2.rectangle(image, (x0, y0), (x1 - 1, y1 - 1), (ground,) * 3, -1)
    size = 0.6 * (y1 - y0) / 21
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    left, foot = round(box.centre[0] - width / 2) + shift, round(box.centre[1] + height / 2)
    cv2.putText(image, text, (left, foot), cv2.FONT_HERSHEY_SIMPLEX, size, (ink,) * 3, 1, cv2.LINE_AA)
    return Box(left, foot - height, left + width, foot + 1)


@given(
    x0=st.integers(20, 100), y0=st.integers(60, 300), width=st.integers(130, 250), height=st.integers(16, 30),
    light=st.booleans(), quality=st.integers(70, 100), off=st.integers(-2, 2),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_the_block_around_a_label_is_found_to_a_pixel(
    x0: int, y0: int, width: int, height: int, light: bool, quality: int, off: int
) -> None:
    image = micrograph(grey=90 if light else 150)
    drawn = Box(x0, y0, x0 + width, y0 + height)
    label = block(image, drawn, ground=255 if light else 0, ink=0 if light else 255)
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    found = block_around(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8), label.moved(off, 0))
    if found is None:
        assert width < 1.5 * label.width + 4 or height > 3.5 * (label.height - 4)
    else:
        assert found.box.corners == pytest.approx(drawn.corners, abs=1.5)
        assert found.print_box.iou(label) > 0.6
        assert not found.in_doubt or width < 2 * label.width


def test_a_block_seen_as_a_bar_tells_where_its_print_is() -> None:
    image = micrograph()
    drawn = Box(100, 300, 260, 314)
    label = block(image, drawn, ground=255, ink=0)
    found = block_around(image, drawn)
    assert found is not None
    assert found.print_box.contains(label, slack=2)
    assert label.contains(found.print_box, slack=2)


def test_a_ground_that_fits_closely_around_a_label_is_no_bar() -> None:
    image = micrograph()
    label = block(image, Box(100, 300, 170, 322), ground=255, ink=0)
    assert block_around(image, label) is None


@pytest.mark.parametrize("margin", [6, 0])
def test_a_plate_that_holds_a_bar_above_its_label_is_a_doubtful_block(margin: int) -> None:
    image = micrograph()
    plate = Box(100, 300, 260, 322)
    label = block(image, plate, ground=255, ink=0)
    image[286:300, 100:260] = 255
    image[291:300, 100 + margin : 260 - margin] = 60
    found = block_around(image, label)
    assert found is not None
    assert found.in_doubt is (margin > 0)  # a line as long as the block is its edge


def test_a_bar_without_print_is_no_block() -> None:
    image = micrograph()
    cv2.rectangle(image, (100, 300), (219, 311), (255, 255, 255), -1)
    assert block_around(image, Box(100, 300, 220, 312)) is None


def test_print_at_a_block_s_end_is_no_label_of_its_length() -> None:
    image = micrograph()
    label = block(image, Box(100, 300, 300, 322), ground=255, ink=0, shift=-50)
    assert block_around(image, label) is None


def test_a_strip_that_reaches_the_image_s_border_has_no_length() -> None:
    image = micrograph()
    label = block(image, Box(0, 378, 400, 400), ground=255, ink=0)
    assert block_around(image, label) is None


def test_a_light_area_that_goes_on_below_a_third_of_a_block_is_no_bar() -> None:
    image = micrograph()
    label = block(image, Box(100, 300, 260, 322), ground=255, ink=0)
    assert block_around(image, label) is not None
    image[322:350, 100:150] = 255
    assert block_around(image, label) is None


@pytest.mark.parametrize(("beyond", "is_found"), [(2, True), (1, False)])
@pytest.mark.parametrize("side", ["right", "below"])
def test_a_block_ends_where_two_pixels_beyond_it_are_none(side: str, beyond: int, is_found: bool) -> None:
    image = micrograph()
    label = block(image, Box(100, 300, 260, 322), ground=255, ink=0)
    cut = image[: 322 + beyond] if side == "below" else image[:, : 260 + beyond]
    assert (block_around(cut, label) is not None) is is_found


def test_print_on_a_plain_picture_stands_in_no_block() -> None:
    image = np.full((400, 400, 3), 255, np.uint8)
    label = block(image, Box(100, 300, 300, 322), ground=255, ink=0)
    assert block_around(image, label) is None


def test_edges_of_a_block_are_seen_as_the_block_and_a_bar_on_it_is_not() -> None:
    image = micrograph()
    label = block(image, Box(100, 300, 250, 322), ground=255, ink=0)
    found = block_around(image, label)
    assert found is not None
    assert found.is_seen_as(Box(100, 321, 250, 323))
    assert found.is_seen_as(Box(101, 300, 249, 322))
    assert not found.is_seen_as(Box(110, 322, 240, 332))


@pytest.mark.parametrize(
    ("inset", "ends_in_doubt", "is_edge"), [(0, False, True), (15, False, False), (15, True, True)]
)
def test_a_thin_bar_with_clear_ends_that_is_shorter_than_its_plate_is_no_edge_of_it(
    inset: int, ends_in_doubt: bool, is_edge: bool
) -> None:
    image = micrograph()
    found = block_around(image, block(image, Box(100, 300, 250, 322), ground=255, ink=0))
    assert found is not None
    bar = Box(100 + inset, 320, 250 - inset, 322)
    assert found.is_seen_as(bar, ends_in_doubt=ends_in_doubt) is is_edge
