"""Letters that stand in a figure more than once: significance over bars, nodes of drawings, callouts."""

import pytest

from exsclaim.figures.labels.label_marks import without_marks
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.geometry import Box

LEFT, RIGHT = Box.of((0, 0, 400, 300)), Box.of((440, 0, 840, 300))
PANELS = [LEFT, RIGHT]


def letter(x: float, y: float, read: str, confidence: float = 0.65, *, px: float = 20) -> DetectedLabel:
    return DetectedLabel(Box.of((x, y, x + 16, y + px)), confidence, {read: 0.95})


def test_letters_over_the_bars_of_a_chart_that_stand_again_name_no_panel() -> None:
    """Neither does "b", which is no clearer than the two "a"."""
    bars = [letter(150, 120, "a"), letter(300, 200, "b", 0.75), letter(600, 60, "a", 0.6)]
    assert without_marks({0: bars[1], 1: bars[2]}, bars, PANELS) == {}
    assert without_marks({0: bars[1]}, bars, PANELS) == {}


def test_labels_that_are_much_clearer_than_marks_are_kept() -> None:
    marks = [letter(150, 120, "a", 0.5), letter(300, 200, "a", 0.5)]
    labels = {0: letter(10, 10, "a", 0.9), 1: letter(500, 90, "b", 0.85)}
    assert without_marks(labels, [*labels.values(), *marks], PANELS) == labels


@pytest.mark.parametrize("b_at", [(444, 8), (500, 310)])
def test_of_two_twins_the_one_that_stands_as_labels_do_is_the_label(b_at: tuple[float, float]) -> None:
    """In a row with the other panel's letter, or outside of all panels; its twin within a photograph is a callout."""
    a, b, callout = letter(4, 8, "a", 0.9), letter(*b_at, "b"), letter(700, 150, "b")
    assert without_marks({0: a, 1: b}, [a, b, callout], PANELS) == {0: a, 1: b}
    assert without_marks({0: a, 1: callout}, [a, b, callout], PANELS) == {0: a}


def test_a_letter_of_another_size_or_hardly_seen_is_no_twin() -> None:
    a, b = letter(150, 120, "a"), letter(500, 200, "b")
    small, faint = letter(300, 200, "a", px=10), letter(300, 200, "a", 0.3)
    assert without_marks({0: a, 1: b}, [a, b, small, faint], PANELS) == {0: a, 1: b}


def test_two_rows_of_panels_that_both_begin_with_a_have_their_letters() -> None:
    """Two figures on one page: each letter stands at a panel of its own."""
    first, second = letter(150, 120, "a"), letter(600, 120, "a")
    assert without_marks({0: first, 1: second}, [first, second], PANELS) == {0: first, 1: second}
