"""Rulers of eleven ticks above a scale label, and rows of ticks that are none."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from exsclaim.figures.scale.tick_rulers import ruler_above
from exsclaim.geometry import Box


def strip(
    gap: float,
    *,
    ticks: int = 11,
    size: float = 0.5,
    ground: int = 10,
    ink: int = 250,
    end: int = 560,
    line: bool = False,
    thick: int = 2,
) -> tuple[NDArray[np.uint8], Box]:
    """A micrograph of 600 x 440 px whose strip has ticks above "5.00um" at its right end, and that text's box."""
    values = np.random.default_rng(2).integers(60, 200, (440, 600), dtype=np.uint8)
    image = np.repeat(values[:, :, None], 3, axis=2)
    image[400:] = ground
    for i in range(ticks):
        x, long = round(end - i * gap), 9 if i in (0, 5, 10) else 5
        image[403 : 403 + long, x : x + thick] = ink
    if line:
        image[403:405, round(end - (ticks - 1) * gap) : end] = ink
    (width, height), _ = cv2.getTextSize("5.00um", cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    cv2.putText(
        image, "5.00um", (end - width, 417 + height), cv2.FONT_HERSHEY_SIMPLEX, size, (ink,) * 3, 1, cv2.LINE_AA
    )
    return image, Box(end - width, 417, end, 418 + height)


@given(
    gap=st.floats(8, 30), size=st.floats(0.5, 0.7), dark=st.booleans(), quality=st.integers(75, 100),
    shift=st.integers(-3, 3),
)  # fmt: skip
@settings(deadline=None, max_examples=50)
def test_the_length_is_that_from_the_first_tick_to_the_last(
    gap: float, size: float, dark: bool, quality: int, shift: int
) -> None:
    image, label = strip(gap, size=size, ground=10 if dark else 245, ink=250 if dark else 5)
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    found = ruler_above(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8), label.moved(shift, 0))
    assert found is not None
    assert found.width == pytest.approx(10 * gap, abs=2)


@given(gap=st.floats(8, 30), shift=st.integers(-3, 12), dark=st.booleans())
@settings(deadline=None, max_examples=30)
def test_a_ruler_on_a_line_may_begin_with_its_label(gap: float, shift: int, dark: bool) -> None:
    ground, ink = (10, 250) if dark else (245, 5)
    values = np.random.default_rng(2).integers(60, 200, (440, 600), dtype=np.uint8)
    image = np.repeat(values[:, :, None], 3, axis=2)
    image[400:] = ground
    for i in range(11):
        x, top = round(200 + i * gap), 400 if i in (0, 10) else 405
        image[top:412, x : x + 2] = ink
    image[412:414, 200 : round(200 + 10 * gap) + 2] = ink
    cv2.putText(image, "50 um", (200 + shift, 432), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (ink,) * 3, 1, cv2.LINE_AA)
    (width, height), _ = cv2.getTextSize("50 um", cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
    found = ruler_above(image, Box(200 + shift, 432 - height, 200 + shift + width, 433))
    assert found is not None
    assert found.width == pytest.approx(10 * gap, abs=2)


def test_a_ruler_that_neither_begins_nor_ends_with_a_label_is_not_its() -> None:
    image, label = strip(20)
    assert ruler_above(image, label.moved(-60, 0)) is None


@pytest.mark.parametrize("ticks", [5, 9, 10, 12, 16])
def test_another_number_of_ticks_is_an_axis(ticks: int) -> None:
    image, label = strip(15, ticks=ticks)
    assert ruler_above(image, label) is None


def test_ticks_on_a_line_are_a_bar_or_an_axis_at_the_line_s_rows_and_a_ruler_below_it() -> None:
    image, label = strip(20, line=True)
    found = ruler_above(image, label)
    assert found is not None
    assert found.y0 >= 405
    assert found.width == pytest.approx(200, abs=1)


def test_uneven_marks_are_no_ruler() -> None:
    image, label = strip(20)
    image[400:415, 440:470] = 10
    image[403:408, 450:452] = 250
    assert ruler_above(image, label) is None


@pytest.mark.parametrize(("thick", "is_ruler"), [(6, True), (10, False)])
def test_marks_as_wide_as_what_is_between_them_are_no_ticks(thick: int, is_ruler: bool) -> None:
    image, label = strip(20, thick=thick)
    assert (ruler_above(image, label) is not None) is is_ruler


def test_a_label_without_ticks_has_no_ruler() -> None:
    image, label = strip(20, ticks=0)
    assert ruler_above(image, label) is None


def test_a_label_at_the_image_s_upper_edge_has_no_ruler() -> None:
    image, _ = strip(20)
    assert ruler_above(image, Box(500, 0, 560, 12)) is None


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_label_said_to_stand_beside_the_image_has_no_ruler() -> None:
    image, _ = strip(20)
    assert ruler_above(image, Box(601, 420, 640, 436)) is None
