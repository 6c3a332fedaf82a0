"""Scale bars' ends are measured on the image, not taken from the detector."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from exsclaim.figures.scale.bar_ends import measured
from exsclaim.geometry import Box


def picture(
    x0: float, x1: float, y0: int, y1: int, *, bar: float, ground: float, noise: float = 0
) -> NDArray[np.uint8]:
    """A 300 x 100 micrograph with a horizontal bar whose ends are anti-aliased."""
    columns = np.arange(300)
    share = np.clip(np.minimum(columns + 1, x1) - np.maximum(columns, x0), 0, 1)
    values = np.full((100, 300), ground) + np.random.default_rng(0).normal(0, noise, (100, 300))
    values[y0:y1] += (bar - values[y0:y1]) * share
    return np.repeat(np.clip(values, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@given(
    x0=st.floats(60, 120), length=st.floats(20, 150), left=st.floats(-0.2, 0.2), right=st.floats(-0.2, 0.2),
    down=st.floats(-1.5, 1.5), thick=st.integers(2, 9), bright=st.booleans(),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_ends_are_found_to_half_a_pixel(
    x0: float, length: float, left: float, right: float, down: float, thick: int, bright: bool
) -> None:
    image = picture(x0, x0 + length, 50, 50 + thick, bar=250 if bright else 5, ground=110, noise=6)
    detected = Box(x0=x0 + left * length, y0=50 + down, x1=x0 + length * (1 + right), y1=50 + thick + down)
    found = measured(image, detected).box
    assert found.x0 == pytest.approx(x0, abs=0.5)
    assert found.x1 == pytest.approx(x0 + length, abs=0.5)
    assert (found.y0, found.y1) == (50, 50 + thick)


def with_label_inside(*, right_half: int = 60, far: int = 0, tall: bool = False) -> NDArray[np.uint8]:
    """|--- 400 µm ---|, of two halves with the label between them, as microscopes print it below the image."""
    image = np.full((60, 400, 3), 10, np.uint8)
    image[28:30, 40:80] = 220  # the half at the left, and its stroke
    image[22:36, 40:42] = 220
    start = 150 + far
    image[slice(10, 50) if tall else slice(28, 30), start : start + right_half] = 220
    cv2.putText(image, "400 um", (88, 34), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (220, 220, 220), 1)
    return image


@pytest.mark.parametrize("detected", [(40, 80), (150, 190)])
def test_one_half_of_a_bar_with_its_label_inside_is_not_the_bar(detected: tuple[int, int]) -> None:
    half = Box(x0=detected[0], y0=28, x1=detected[1], y1=30)
    found = measured(with_label_inside(right_half=40), half, [Box(x0=86, y0=22, x1=144, y1=37)])
    assert (found.box.x0, found.box.x1) == pytest.approx((40, 190), abs=1)
    assert not found.ends_in_doubt


@pytest.mark.parametrize(("right_half", "far"), [(40, 0), (50, 0)])
def test_a_bar_beside_its_label_is_not_joined_with_something_bright_beyond(right_half: int, far: int) -> None:
    image = with_label_inside(right_half=right_half, far=far, tall=True)
    found = measured(image, Box(x0=40, y0=28, x1=80, y1=30), [Box(x0=86, y0=22, x1=144, y1=37)])
    assert (found.box.x0, found.box.x1) == pytest.approx((40, 80), abs=1)


@pytest.mark.parametrize(("right_half", "far"), [(0, 0), (10, 0), (120, 0), (40, 60)])
def test_a_bar_beside_its_label_ends_there(right_half: int, far: int) -> None:
    image = with_label_inside(right_half=right_half, far=far)
    found = measured(image, Box(x0=40, y0=28, x1=80, y1=30), [Box(x0=86, y0=22, x1=144, y1=37)])
    assert (found.box.x0, found.box.x1) == pytest.approx((40, 80), abs=1)


def with_plate(*, bar: int) -> NDArray[np.uint8]:
    """A bar above its label, black on a white plate that begins three pixels below the frame of the image."""
    image = np.full((120, 300, 3), (70, 110, 180), np.uint8)
    image[28:30, :262] = image[28:, 260:262] = 0
    image[:28] = image[:, 262:] = image[31:70, 160:258] = 255
    image[34:40, 168:250] = bar
    for x in range(190, 226, 6):
        image[48:57, x : x + 3] = 0
    return image


def test_the_strip_between_a_bar_and_the_edge_of_its_plate_is_not_the_bar() -> None:
    detected, label = Box(x0=160, y0=31, x1=258, y1=35), Box(x0=188, y0=46, x1=228, y1=58)
    found = measured(with_plate(bar=0), detected, [label])
    assert (found.box.x0, found.box.x1, found.ends_in_doubt) == (168, 250, False)


@pytest.mark.parametrize(("top", "is_doubted"), [(38, False), (40, False), (44, False), (36, True)])
def test_a_bar_of_its_plates_colour_stands_apart_from_the_plate_or_is_doubted(top: int, is_doubted: bool) -> None:
    image = picture(60, 140, 30, 36, bar=255, ground=80)
    image[top:62, 70:130] = 255
    for x in range(82, 118, 6):
        image[47:57, x : x + 3] = 0
    found = measured(image, Box(x0=58, y0=30, x1=142, y1=36), [Box(x0=80, y0=46, x1=120, y1=58)])
    assert (found.box.x0, found.box.x1) == pytest.approx((60, 140), abs=0.5)
    assert found.ends_in_doubt is is_doubted


def test_a_blurred_bar_keeps_its_length() -> None:
    image = cv2.GaussianBlur(picture(80, 200, 50, 56, bar=255, ground=60), (0, 0), 1.5).astype(np.uint8)
    found = measured(image, Box(x0=70, y0=49, x1=205, y1=57)).box
    assert found.width == pytest.approx(120, abs=1)


def test_a_bar_interrupted_by_its_label_is_measured_from_end_to_end() -> None:
    image = picture(50, 250, 60, 63, bar=255, ground=20)
    image[40:80, 120:180] = 20
    cv2.putText(image, "5 um", (124, 68), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
    found = measured(image, Box(x0=58, y0=60, x1=243, y1=63)).box
    assert (found.x0, found.x1) == pytest.approx((50, 250), abs=0.5)


@pytest.mark.parametrize("at", [75, 120, 230])
def test_a_bar_that_a_line_crosses_is_measured_from_end_to_end_and_doubted(at: int) -> None:
    image = picture(50, 250, 60, 67, bar=255, ground=80, noise=8)
    cv2.line(image, (at - 20, 30), (at + 14, 98), (220, 30, 30), 5)
    found = measured(image, Box(x0=54, y0=60, x1=247, y1=67))
    assert (found.box.x0, found.box.x1) == pytest.approx((50, 250), abs=1)
    assert found.ends_in_doubt


@pytest.mark.parametrize(("between", "detected"), [(3, 151), (8, 151), (8, 170)])
def test_the_next_bar_in_line_is_not_a_part_of_the_first(between: int, detected: int) -> None:
    image = picture(50, 150, 60, 67, bar=255, ground=80)
    image[60:67, 150 + between : 240] = 255
    found = measured(image, Box(x0=54, y0=60, x1=detected, y1=67)).box
    assert (found.x0, found.x1) == pytest.approx((50, 150), abs=1)


def test_a_bar_much_longer_than_detected_is_followed_to_its_ends() -> None:
    image = picture(30, 270, 60, 66, bar=255, ground=60, noise=8)
    found = measured(image, Box(x0=100, y0=60, x1=200, y1=66)).box
    assert (found.x0, found.x1) == pytest.approx((30, 270), abs=0.5)


def test_a_dark_gap_between_bar_and_border_is_not_taken_for_the_bar() -> None:
    image = picture(80, 200, 80, 84, bar=255, ground=20)
    image[90:] = 255
    found = measured(image, Box(x0=78, y0=81, x1=204, y1=85)).box
    assert (found.y0, found.y1) == (80, 84)
    assert found.width == pytest.approx(120, abs=0.5)


def test_what_has_no_contrast_stays_as_detected() -> None:
    image = np.full((100, 300, 3), 128, np.uint8)
    detected = Box(x0=80, y0=50, x1=200, y1=56)
    found = measured(image, detected)
    assert found.box == detected
    assert found.ends_in_doubt


def test_a_bar_that_touches_the_images_border_is_doubted() -> None:
    image = picture(180, 300, 94, 100, bar=255, ground=40)
    found = measured(image, Box(x0=170, y0=93, x1=300, y1=100))
    assert (found.box.x0, found.box.x1) == pytest.approx((180, 300), abs=0.5)
    assert found.ends_in_doubt  # it may have gone on


def test_noise_within_a_bar_on_a_texture_of_much_contrast_does_not_end_it() -> None:
    image = picture(60, 200, 50, 56, bar=255, ground=110, noise=40)
    image[50:56, 60:200] = np.clip(255 - np.abs(np.random.default_rng(1).normal(0, 14, (6, 140, 1))), 0, 255)
    found = measured(image, Box(x0=55, y0=49, x1=206, y1=57))
    assert found.box.width == pytest.approx(140, rel=0.03)
    assert not found.ends_in_doubt


def test_the_other_half_beyond_a_label_belongs_to_the_bar() -> None:
    image = picture(50, 250, 60, 63, bar=255, ground=20)
    image[40:80, 120:180] = 20
    cv2.putText(image, "5 um", (124, 68), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
    half = Box(x0=172, y0=60, x1=248, y1=63)
    assert measured(image, half, [Box(x0=123, y0=52, x1=177, y1=72)]).box.width == pytest.approx(200, abs=1)
    assert measured(image, half).box.width == pytest.approx(70, abs=1)


def test_the_bar_of_the_next_panel_is_no_other_half() -> None:
    image = picture(50, 110, 60, 63, bar=255, ground=80, noise=6)
    image[60:63, 190:250] = 255
    assert measured(image, Box(x0=48, y0=59, x1=113, y1=64)).box.width == pytest.approx(60, abs=1)


def test_a_length_far_from_the_detectors_is_in_doubt() -> None:
    image = picture(30, 270, 60, 66, bar=255, ground=60, noise=8)
    assert measured(image, Box(x0=100, y0=60, x1=200, y1=66)).ends_in_doubt
    assert not measured(image, Box(x0=40, y0=60, x1=260, y1=66)).ends_in_doubt


@pytest.mark.parametrize(("label", "is_doubted"), [((128, 30, 172, 44), False), ((70, 30, 114, 44), True)])
def test_a_bar_longer_than_detected_is_sure_if_its_label_stands_at_its_middle(
    label: tuple[int, int, int, int], is_doubted: bool
) -> None:
    image = picture(50, 250, 50, 56, bar=250, ground=110)
    found = measured(image, Box(x0=90, y0=50, x1=210, y1=56), [Box.of(label)])
    assert found.box.width == pytest.approx(200, abs=1)
    assert found.ends_in_doubt == is_doubted


@given(corners=st.tuples(*[st.floats(-20, 320)] * 4))
@settings(deadline=None)
def test_no_box_is_too_strange(corners: tuple[float, float, float, float]) -> None:
    image = picture(80, 200, 50, 56, bar=255, ground=60)
    x0, x1 = sorted(corners[:2])
    y0, y1 = sorted(corners[2:])
    detected = Box(x0=x0, y0=y0, x1=x1, y1=y1)
    found = measured(image, detected)
    is_on_image = 0 <= found.box.x0 <= found.box.x1 <= image.shape[1]
    assert is_on_image or (found.box == detected and found.ends_in_doubt)


@pytest.mark.parametrize("gap", [2, 3, 4])
@pytest.mark.parametrize("off", [0, 2])
def test_the_ground_between_a_label_and_its_bar_is_not_the_bar(gap: int, off: int) -> None:
    image = np.full((100, 300, 3), 10, np.uint8)
    cv2.putText(image, "500 nm", (102, 60), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (230, 230, 230), 2)
    bottom = int(np.flatnonzero((image[:, 100:200] > 120).any(axis=(1, 2)))[-1]) + 1
    image[:, 95:98] = image[:, 205:208] = 120  # what happens to stand at both sides
    image[bottom + gap : bottom + gap + 4, 90:220] = 150
    label = Box(x0=100, y0=bottom - 18, x1=196, y1=bottom + 1)
    detected = Box(x0=98, y0=bottom - off, x1=206, y1=bottom + gap)
    found = measured(image, detected, [label])
    assert found.ends_in_doubt or (found.box.x0, found.box.x1) == pytest.approx((90, 220), abs=1)
    assert found.box.width > 100


@pytest.mark.parametrize("other", [0, 210])
@pytest.mark.parametrize("side", [1, -1])
def test_a_bar_that_goes_on_in_another_colour_is_doubted(other: int, side: int) -> None:
    image = picture(110, 180, 50, 56, bar=250 if not other else 20, ground=110, noise=4)
    image[50:56, 180:250] = other
    image = np.ascontiguousarray(image[:, ::side])
    half = Box(x0=110, y0=50, x1=180, y1=56) if side == 1 else Box(x0=120, y0=50, x1=190, y1=56)
    assert measured(image, half).ends_in_doubt


@pytest.mark.parametrize(("length", "rows"), [(20, (50, 56)), (150, (50, 56)), (70, (50, 90)), (70, (20, 56))])
def test_what_stands_beside_a_bar_and_is_no_half_of_it_casts_no_doubt(length: int, rows: tuple[int, int]) -> None:
    image = picture(60, 130, 50, 56, bar=250, ground=110, noise=4)
    image[rows[0] : rows[1], 130 : 130 + length] = 0
    assert not measured(image, Box(x0=60, y0=50, x1=130, y1=56)).ends_in_doubt


@pytest.mark.parametrize(("dip", "is_doubted"), [(165, True), (240, False)])
@pytest.mark.parametrize("side", [1, -1])
def test_a_grain_as_bright_as_the_bar_right_beyond_its_end_is_a_doubt(dip: int, is_doubted: bool, side: int) -> None:
    """Between the bar and the grain a pixel is darker; the bar seems to end where the grain does."""
    image = picture(100, 166, 50, 56, bar=254, ground=60, noise=3)
    image[50:56, 159] = dip
    image = np.ascontiguousarray(image[:, ::side])
    box = Box(x0=100, y0=50, x1=160, y1=56) if side == 1 else Box(x0=140, y0=50, x1=200, y1=56)
    assert measured(image, box).ends_in_doubt == is_doubted


def test_a_speck_in_the_middle_of_a_bar_casts_no_doubt() -> None:
    image = picture(100, 180, 50, 56, bar=254, ground=60, noise=3)
    image[50:56, 140] = 165
    assert not measured(image, Box(x0=100, y0=50, x1=180, y1=56)).ends_in_doubt


@pytest.mark.parametrize(
    ("inside", "tall", "is_doubted"),
    [(14, 12, True), (14, 0, False), (4, 12, False)],
    ids=["a grain around its end", "a line in the bar's own rows", "a cap"],
)
@pytest.mark.parametrize("grey", [20, 250])
@pytest.mark.parametrize("side", [1, -1])
def test_an_end_within_something_of_the_bars_colour_is_doubted(
    inside: int, tall: int, is_doubted: bool, grey: int, side: int
) -> None:
    """The bar seems to end where the grain does, 8 to 13 % further."""
    image = picture(100, 200, 50, 56, bar=grey, ground=135, noise=3)
    image[50 - tall : 56 + tall, 200 - inside : 200] = grey
    image = np.ascontiguousarray(image[:, ::side])
    box = Box(x0=100, y0=50, x1=196, y1=56) if side == 1 else Box(x0=104, y0=50, x1=200, y1=56)
    found = measured(image, box)
    assert found.box.width == pytest.approx(100, abs=1)
    assert found.ends_in_doubt is is_doubted


@pytest.mark.parametrize("y", [40, 94])
def test_a_side_of_the_frame_around_a_label_is_doubted(y: int) -> None:
    image = np.full((140, 300, 3), 250, np.uint8)
    image[40:96, 70:210] = 0
    image[42:94, 72:208] = 255
    for x in range(90, 190, 6):
        image[56:80, x : x + 3] = 0
    assert measured(image, Box(x0=71, y0=y, x1=209, y1=y + 2), [Box(x0=86, y0=54, x1=194, y1=82)]).ends_in_doubt


def test_a_bracket_over_a_label_at_the_images_lower_border_is_no_frame() -> None:
    image = np.full((84, 300, 3), 250, np.uint8)
    image[40:42, 70:210] = image[40:, 70:72] = image[40:, 208:210] = 0
    for x in range(90, 190, 6):
        image[56:80, x : x + 3] = 0
    found = measured(image, Box(x0=71, y0=40, x1=209, y1=42), [Box(x0=86, y0=54, x1=194, y1=84)])
    assert (found.box.x0, found.box.x1) == pytest.approx((70, 210), abs=0.5)
    assert not found.ends_in_doubt


@pytest.mark.parametrize("caps", [0, 8, 16])
def test_a_bar_with_caps_beside_its_label_is_no_frame(caps: int) -> None:
    image = picture(80, 200, 50, 52, bar=0, ground=235)
    image[51 - caps // 2 : 51 + caps // 2, 80:82] = image[51 - caps // 2 : 51 + caps // 2, 198:200] = 0
    for x in range(100, 180, 6):
        image[60:74, x : x + 3] = 0
    found = measured(image, Box(x0=82, y0=49, x1=198, y1=53), [Box(x0=98, y0=59, x1=182, y1=75)])
    assert (found.box.x0, found.box.x1) == pytest.approx((80, 200), abs=0.5)
    assert not found.ends_in_doubt
