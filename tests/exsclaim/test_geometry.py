"""Boxes: what holds for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from exsclaim.geometry import Box, hull

_NUMBERS = st.integers(-1000, 1000)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, x1 = sorted((draw(_NUMBERS), draw(_NUMBERS)))
    y0, y1 = sorted((draw(_NUMBERS), draw(_NUMBERS)))
    return Box(x0, y0, x1, y1)


class Placed(BaseModel):
    box: Box


def test_corners_in_the_wrong_order_are_an_error() -> None:
    with pytest.raises(ValueError, match="corners in the wrong order"):
        Box(3, 0, 1, 1)


def test_a_box_of_a_record_is_an_object_of_four_numbers() -> None:
    placed = Placed(box=Box(1, 2, 3, 4.5))
    assert placed.model_dump_json() == '{"box":{"x0":1.0,"y0":2.0,"x1":3.0,"y1":4.5}}'
    assert Placed.model_validate_json(placed.model_dump_json()) == placed
    with pytest.raises(ValidationError, match="Unexpected"):
        Placed.model_validate({"box": {"x0": 1, "y0": 2, "x1": 3, "y1": 4, "page": 1}})


@given(boxes(), boxes())
def test_what_two_boxes_share_is_the_same_for_both(a: Box, b: Box) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert a.iou(b) == b.iou(a) <= 1.0
    assert a.touches(b) == b.touches(a) == (a.overlap_width(b) >= 0 and a.overlap_height(b) >= 0)
    common = a.common(b)
    assert (common is None) == (not a.touches(b))
    if common is not None:
        assert common.area == a.intersection(b)
        assert a.contains(common)
        assert b.contains(common)


@given(st.lists(boxes(), min_size=1, max_size=6))
def test_a_hull_is_the_smallest_box_around_all(several: list[Box]) -> None:
    around = hull(several)
    assert all(around.contains(box) for box in several)
    assert around == hull([around, *several])
    assert any(box.x0 == around.x0 for box in several)
    assert any(box.y1 == around.y1 for box in several)


def test_around_nothing_there_is_no_hull() -> None:
    with pytest.raises(ValueError, match="no boxes"):
        hull([])


@given(boxes(), st.integers(0, 50))
def test_what_is_grown_holds_the_box_and_shrinks_back_to_it(box: Box, by: int) -> None:
    assert box.grown(by).contains(box)
    assert box.grown(by).grown(-by) == box
    assert box.contains(box.grown(-by))


@given(boxes(), boxes())
def test_a_share_is_a_fraction(a: Box, b: Box) -> None:
    assert 0.0 <= a.share_in(b) <= 1.0
    if b.contains(a):
        assert a.share_in(b) == 1.0


@given(boxes(), st.integers(0, 500), st.integers(0, 500))
def test_a_clipped_box_lies_in_the_image(box: Box, width: int, height: int) -> None:
    assert Box(0, 0, width, height).contains(box.clipped(width, height))


def test_a_line_lies_in_a_box_where_its_centre_does() -> None:
    assert Box(0, 5, 10, 5).share_in(Box(0, 0, 10, 10)) == 1.0
    assert Box(0, 50, 10, 50).share_in(Box(0, 0, 10, 10)) == 0.0
