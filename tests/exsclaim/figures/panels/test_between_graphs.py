"""Print between graphs is of the one that the figure's outermost graphs say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from exsclaim.figures.panels.between_graphs import assign_print_between_graphs
from exsclaim.geometry import Box

WIDE, HIGH = 300, 150
"""Size of a graph's frame."""
NUMBERS, TITLE = 8, 40
"""Distance of an axis' numbers and of its title from the frame."""


def framed(ink: NDArray[np.uint8], x: int, y: int) -> Box:
    """A frame with its left upper corner at (x, y), drawn, with numbers under its axis."""
    ink[y : y + HIGH, [x, x + WIDE - 1]] = ink[[y, y + HIGH - 1], x : x + WIDE] = 1
    for column in range(x, x + WIDE - 20, 60):
        ink[y + HIGH + NUMBERS : y + HIGH + NUMBERS + 12 : 2, column : column + 20] = 1
    return Box(x, y, x + WIDE, y + HIGH)


def titled(ink: NDArray[np.uint8], frame: Box, *, over: bool = False) -> Box:
    """The title of a frame's axis, or its heading, drawn."""
    y = int(frame.y0) - TITLE if over else int(frame.y1) + TITLE
    x = int(frame.centre[0])
    ink[y : y + 14 : 2, x - 60 : x + 60] = 1
    return Box(x - 60, y, x + 60, y + 14)


def two_graphs(*, headed: bool = False) -> tuple[NDArray[np.uint8], Box, Box, Box, Box]:
    """Ink, two frames over each other and what is printed between them: the upper's title, or the lower's heading."""
    ink = np.zeros((700, 500), np.uint8)
    upper, lower = framed(ink, 100, 100), framed(ink, 100, 340)
    first = titled(ink, upper, over=headed)
    second = titled(ink, lower, over=headed)
    return ink, upper, lower, first, second


@pytest.mark.parametrize("turned", [False, True], ids=["over each other", "side by side"])
def test_a_title_under_an_axis_is_of_the_graph_above_where_the_lowest_graph_has_one(turned: bool) -> None:
    ink, _, lower, title, last = two_graphs()
    boxes = [Box(90, 98, 402, 275), Box(90, title.y0 - 4, 402, last.y1 + 2)]
    if turned:
        ink = np.ascontiguousarray(ink.T)
        boxes = [Box(box.y0, box.x0, box.y1, box.x1) for box in boxes]
    found = assign_print_between_graphs(boxes, [0, 1], {}, ink)
    if turned:
        found = [Box(box.y0, box.x0, box.y1, box.x1) for box in found]
    assert found[0].y1 == pytest.approx(title.y1, abs=1)
    assert found[1].y0 == pytest.approx(lower.y0, abs=1)
    assert found[0].y0 == 98


def test_a_heading_is_of_the_graph_below_where_the_topmost_graph_has_one() -> None:
    ink, _, _, first, heading = two_graphs(headed=True)
    boxes = [Box(90, first.y0 - 2, 402, heading.y1 + 3), Box(90, 338, 402, 515)]
    above, below = assign_print_between_graphs(boxes, [0, 1], {}, ink)
    assert above.y1 == pytest.approx(270, abs=1)
    assert below.y0 == pytest.approx(heading.y0, abs=1)


def test_no_graph_begins_over_its_own_letter() -> None:
    ink, _, lower, title, _ = two_graphs()
    boxes = [Box(90, 40, 402, title.y1 + 2), Box(90, 338, 402, 515)]  # a legend over the upper one, no title below
    ink[40:60:2, 150:300] = 1
    letter = Box(60, lower.y0 - 10, 76, lower.y0 + 6)
    assert assign_print_between_graphs(boxes, [0, 1], {1: letter}, ink) == boxes


@pytest.mark.parametrize("case", ["one graph", "no frames", "another size", "a panel between"])
def test_nothing_changes_where_nothing_tells(case: str) -> None:
    ink, _, lower, title, last = two_graphs()
    boxes = [Box(90, 98, 402, 275), Box(90, title.y0 - 4, 402, last.y1 + 2)]
    graphs = [0, 1]
    if case == "one graph":
        graphs = [1]
    if case == "no frames":
        ink[:] = 0
    if case == "another size":
        ink[int(lower.y0) : int(lower.y1), 200:] = 0
        ink[int(lower.y0) : int(lower.y1), 200] = 1
    if case == "a panel between":
        boxes.append(Box(150, 280, 350, 300))
    assert assign_print_between_graphs(boxes, graphs, {}, ink) == boxes


def test_print_at_the_end_of_an_axis_stays_whole() -> None:
    ink, _, _, title, last = two_graphs()
    ink[333:347, 70:92] = 1  # the lower graph's topmost number, half above its frame
    boxes = [Box(90, 98, 402, 275), Box(60, title.y0 - 4, 402, last.y1 + 2)]
    _, below = assign_print_between_graphs(boxes, [0, 1], {}, ink)
    assert below.y0 == pytest.approx(333, abs=1)
