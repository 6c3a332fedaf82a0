"""Images have the line above or below them that is theirs alone; what names a column is no image's."""

import numpy as np
import pytest

from exsclaim.figures.panels.headings import with_headings
from exsclaim.geometry import Box

LEFT, RIGHT = Box(20, 100, 360, 400), Box(400, 100, 740, 400)
ABOVE, BELOW = Box(80, 76, 240, 92), Box(80, 408, 240, 424)


def headed(
    *print_: Box,
    images: tuple[Box, ...] = (LEFT, RIGHT),
    drawings: tuple[Box, ...] = (),
    letters: dict[int, Box] | None = None,
) -> Box:
    """The first image's box in a figure with these images, drawings, lines of print and letters."""
    ink = np.zeros((900, 760), np.uint8)
    for box in (*images, *drawings, *print_):
        ink[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 1
    own = letters or {}
    boxes = with_headings([*images, *drawings], range(len(images)), ink, list(own.values()), own)
    assert boxes[1:] == [*images, *drawings][1:]
    return boxes[0]


@pytest.mark.parametrize(
    ("line", "sides"),
    [(ABOVE, (76, 400)), (BELOW, (100, 424)), (Box(20, 70, 360, 92), (70, 400))],
    ids=["above", "below", "two lines as wide as the image"],
)
def test_a_line_at_an_image_that_is_alone_in_its_column_is_its_own(line: Box, sides: tuple[float, float]) -> None:
    assert headed(line) == Box(LEFT.x0, sides[0], LEFT.x1, sides[1])
    assert headed(line, drawings=(Box(20, 500, 360, 800),)) == Box(LEFT.x0, sides[0], LEFT.x1, sides[1])


def test_a_line_over_a_column_of_images_names_the_column_unless_each_has_one() -> None:
    column = (LEFT, RIGHT, Box(20, 440, 360, 740))
    assert headed(ABOVE, images=column) == LEFT
    assert headed(Box(80, 748, 240, 764), BELOW, images=column) == LEFT
    ink = np.zeros((900, 760), np.uint8)
    for box in (*column, ABOVE, Box(80, 422, 240, 438)):
        ink[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 1
    assert with_headings(column, range(3), ink, [], {}) == [Box(20, 76, 360, 400), RIGHT, Box(20, 422, 360, 740)]


@pytest.mark.parametrize(
    "line",
    [
        Box(80, 40, 240, 56), Box(300, 76, 460, 92), Box(80, 10, 240, 92), Box(80, 96, 100, 99), Box(80, 88, 84, 96),
    ],
    ids=["far off", "over two images", "a block", "thin", "a mark"],
)  # fmt: skip
def test_other_print_is_no_heading(line: Box) -> None:
    assert headed(line) == LEFT


def test_a_heading_may_be_a_little_wider_than_its_image() -> None:
    assert headed(Box(20, 76, 384, 92)) == Box(20, 76, 384, 400)
    assert headed(Box(20, 76, 396, 92)) == LEFT


def test_a_line_of_several_words_is_judged_whole() -> None:
    assert headed(ABOVE, Box(256, 76, 350, 92)) == Box(20, 76, 360, 400)
    assert headed(ABOVE, Box(256, 76, 470, 92)) == LEFT


def test_a_line_is_of_the_nearest_panel() -> None:
    assert headed(BELOW, drawings=(Box(20, 428, 360, 800),)) == LEFT
    assert headed(BELOW, drawings=(Box(20, 450, 360, 800),)) == Box(20, 100, 360, 424)


def test_an_images_letter_may_stand_beside_its_heading_and_not_in_a_line_below() -> None:
    assert headed(ABOVE, letters={0: Box(20, 76, 34, 92)}) == Box(20, 76, 360, 400)
    assert headed(BELOW, letters={0: Box(60, 408, 74, 424)}) == LEFT
    assert headed(ABOVE, letters={1: Box(340, 76, 356, 92)}) == LEFT
