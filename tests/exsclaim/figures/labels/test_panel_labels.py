"""Labels of panels: letters by where they stand, what was read, the caption, and reading order."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exsclaim.figures.labels.label_reading import DetectedLabel, are_consecutive
from exsclaim.figures.labels.panel_labels import label_panels
from exsclaim.geometry import Box

SIDE = 1000.0


def grid(columns: int, rows: int, *, side: float = 200, gutter: float = 40) -> list[Box]:
    """Panels row by row, a gutter around each."""
    step = side + gutter
    return [
        Box.of((gutter + c * step, gutter + r * step, gutter + c * step + side, gutter + r * step + side))
        for r in range(rows)
        for c in range(columns)
    ]


def letter(x: float, y: float, *read: str, confidence: float = 0.9, first: float = 0.95) -> DetectedLabel:
    """A letter of 16 x 20 px around a point; the reader's first choice, then others sharing what is left."""
    rest = (1 - first) / max(1, len(read) - 1)
    probabilities = {label: first if i == 0 else rest for i, label in enumerate(read)}
    return DetectedLabel(Box.of((x - 8, y - 10, x + 8, y + 10)), confidence, probabilities)


def inside_top_left(panel: Box, *read: str) -> DetectedLabel:
    return letter(panel.x0 + 16, panel.y0 + 18, *read)


def outside_top_left(panel: Box, *read: str) -> DetectedLabel:
    return letter(panel.x0 - 14, panel.y0 - 4, *read)


def above(panel: Box, *read: str) -> DetectedLabel:
    return letter(panel.centre[0], panel.y0 - 18, *read)


def below(panel: Box, *read: str) -> DetectedLabel:
    return letter(panel.centre[0], panel.y1 + 18, *read)


def inside_top_right(panel: Box, *read: str) -> DetectedLabel:
    return letter(panel.x1 - 16, panel.y0 + 18, *read)


def labels(panels: list[Box], letters: list[DetectedLabel], expected: tuple[str, ...] = ()) -> list[str | None]:
    return [item.label if item else None for item in label_panels(panels, letters, SIDE, expected)]


@pytest.mark.parametrize("place", [inside_top_left, outside_top_left, above, below, inside_top_right])
def test_letters_are_read_wherever_a_figure_puts_them(place: Callable[..., DetectedLabel]) -> None:
    panels = grid(3, 2)
    letters = [place(panel, label) for panel, label in zip(panels, "abcdef", strict=True)]
    found = label_panels(panels, letters[::-1], SIDE)
    assert [item and (item.label, item.origin) for item in found] == [(label, "read") for label in "abcdef"]
    assert [item and item.box for item in found] == [item.box for item in letters]


def test_letters_in_a_narrow_gutter_belong_to_the_side_that_serves_all_panels() -> None:
    panels = grid(2, 3, gutter=24)
    letters = [letter(p.centre[0], p.y1 + 12, label) for p, label in zip(panels, "abcdef", strict=True)]
    assert labels(panels, letters) == list("abcdef")


@pytest.mark.parametrize("expected", [(), ("a", "b", "c")])
def test_letters_in_the_line_of_axis_titles_belong_to_the_graph_above(expected: tuple[str, ...]) -> None:
    """ "(a)   Time (s)": left of the middle, nearer to the next graph's top than letters elsewhere are."""
    panels = [Box.of((4, 4 + 390 * n, 890, 423 + 390 * n)) for n in range(3)]
    panels[2] = Box.of((4, 784, 966, 1151))
    letters = [letter(300, y, label) for y, label in zip((455, 790, 1140), "abc", strict=True)]
    found = [item and (item.label, item.origin) for item in label_panels(panels, letters, 1157, expected)]
    assert found == [("a", "read"), ("b", "read"), ("c", "read")]


def test_the_captions_labels_are_not_given_out_of_order() -> None:
    """Of three graphs under each other the second has "a" and the third "b": the first is not c."""
    panels = grid(1, 3)
    letters = [inside_top_left(panels[1], "a"), inside_top_left(panels[2], "b")]
    assert labels(panels, letters, ("a", "b", "c")) == [None, "a", "b"]


def test_a_letter_that_refers_to_a_region_is_not_the_panels_label() -> None:
    panels = grid(3, 1)
    letters = [outside_top_left(panel, label) for panel, label in zip(panels, "abc", strict=True)]
    reference = letter(panels[0].x0 + 120, panels[0].y0 + 60, "c")
    assert labels(panels, [reference, *letters]) == ["a", "b", "c"]


def test_a_misread_letter_is_repaired_by_the_captions_labels() -> None:
    panels = grid(3, 1)
    letters = [
        inside_top_left(panels[0], "a"),
        letter(panels[1].x0 + 16, panels[1].y0 + 18, "h", "b", first=0.7),
        inside_top_left(panels[2], "c"),
    ]
    found = label_panels(panels, letters, SIDE, ("a", "b", "c"))
    assert found[1] is not None
    assert (found[1].label, found[1].origin) == ("b", "inferred")
    assert found[1].confidence < 0.5
    assert found[1].box == letters[1].box


def test_a_misread_letter_is_repaired_by_the_sequence_where_there_is_no_caption() -> None:
    panels = grid(4, 1, side=150)
    letters = [inside_top_left(panel, label) for panel, label in zip(panels, "abcd", strict=True)]
    letters[1] = letter(panels[1].x0 + 16, panels[1].y0 + 18, "h", "b", first=0.7)
    assert labels(panels, letters) == ["a", "b", "c", "d"]


def test_a_letter_nobody_saw_is_inferred_from_its_neighbours() -> None:
    panels = grid(3, 1)
    found = label_panels(panels, [inside_top_left(panels[0], "a"), inside_top_left(panels[2], "c")], SIDE)
    assert found[1] is not None
    assert (found[1].label, found[1].origin, found[1].box) == ("b", "inferred", None)
    assert found[1].confidence <= 0.5


def test_columns_are_read_down_where_the_letters_say_so() -> None:
    panels = grid(2, 2)
    letters = [inside_top_left(panels[i], label) for i, label in ((0, "a"), (2, "b"), (1, "c"))]
    assert labels(panels, letters, ("a", "b", "c", "d")) == ["a", "c", "b", "d"]


def test_without_any_letter_equal_counts_give_labels_of_low_confidence() -> None:
    found = label_panels(grid(2, 2), [], SIDE, ("a", "b", "c", "d"))
    assert [item and item.label for item in found] == ["a", "b", "c", "d"]
    assert all(item and item.origin == "inferred" and item.confidence < 0.3 for item in found)


@pytest.mark.parametrize("expected", [(), ("a", "b", "c"), ("a", "b", "c", "d", "e")])
def test_without_any_letter_unequal_counts_give_no_label(expected: tuple[str, ...]) -> None:
    assert label_panels(grid(2, 2), [], SIDE, expected) == [None] * 4


def test_more_panels_than_labels_leave_some_without() -> None:
    panels = grid(3, 2)
    letters = [inside_top_left(panel, label) for panel, label in zip(panels, "abc", strict=False)]
    assert labels(panels, letters, ("a", "b", "c")) == ["a", "b", "c", None, None, None]


@pytest.mark.parametrize("sequence", [["A", "B", "C"], ["i", "ii", "iii"], ["1", "2", "3"], ["a1", "a2", "b1"]])
def test_other_ways_of_numbering(sequence: list[str]) -> None:
    panels = grid(3, 1)
    letters = [inside_top_left(panel, label) for panel, label in zip(panels, sequence, strict=True)]
    assert labels(panels, letters) == sequence


def test_capitals_that_are_larger_small_letters_speak_for_the_same_label() -> None:
    panels = grid(3, 1)
    letters = [inside_top_left(panels[0], "a"), inside_top_left(panels[1], "b")]
    letters.append(letter(panels[2].x0 + 16, panels[2].y0 + 18, "c", "C", first=0.5))
    found = label_panels(panels, letters, SIDE)
    assert found[2] is not None
    assert (found[2].label, found[2].origin) == ("c", "read")
    assert found[2].confidence > 0.8


def test_the_captions_spelling_is_kept() -> None:
    panels = grid(2, 1)
    letters = [inside_top_left(panels[0], "A"), inside_top_left(panels[1], "B")]
    assert labels(panels, letters, ("a", "b")) == ["a", "b"]


def test_names_of_parts_and_elements_are_no_labels_of_panels() -> None:
    panels = grid(3, 1)
    read = [inside_top_left(panels[0], "a"), inside_top_left(panels[1], "I"), inside_top_left(panels[2], "T")]
    assert labels(panels, read) == ["a", None, None]
    assert labels(panels, [inside_top_left(panels[1], "T")]) == [None, None, None]


def test_a_letter_that_nobody_can_read_is_seen_all_the_same() -> None:
    panels = grid(2, 1)
    letters = [inside_top_left(panels[0], "a"), inside_top_left(panels[1], "a")]
    found = label_panels(panels, letters, SIDE)
    assert {item and item.label for item in found} == {"a", None}
    assert [item and item.box for item in found] == [letter.box for letter in letters]


def test_what_the_reader_does_not_take_for_a_letter_is_no_label() -> None:
    panels = grid(2, 1)
    scribble = DetectedLabel(Box.of((50, 50, 66, 70)), 0.3, {})
    assert label_panels(panels, [scribble], SIDE) == [None, None]


def test_the_first_number_of_an_axis_is_no_label() -> None:
    panels = grid(1, 1)
    assert labels(panels, [outside_top_left(panels[0], "1")]) == [None]
    panels = grid(2, 1)
    assert labels(panels, [inside_top_left(panels[0], "1"), inside_top_left(panels[1], "2")]) == ["1", "2"]


def test_a_bracket_that_was_read_as_a_number_is_none() -> None:
    panels = grid(3, 1)
    read = [inside_top_left(panels[0], "a"), inside_top_left(panels[1], "b"), inside_top_left(panels[2], "c1", "c")]
    assert labels(panels, read) == ["a", "b", "c"]


def test_a_letter_at_the_margin_belongs_to_the_panel_in_its_row() -> None:
    graph, drawing = Box.of((60, 0, 900, 540)), Box.of((250, 600, 600, 700))
    assert labels([graph, drawing], [letter(15, 12, "A"), letter(15, 605, "B")]) == ["A", "B"]


def test_a_letter_at_the_margin_does_not_reach_over_another_panel() -> None:
    left, right = Box.of((60, 0, 400, 300)), Box.of((450, 0, 700, 300))
    assert labels([left, right], [inside_top_left(left, "a"), letter(15, 200, "b")])[1] is None


numbers = st.floats(0, 900, allow_nan=False)
seen_letters = st.builds(
    lambda x, y, size, confidence, read: DetectedLabel(Box.of((x, y, x + size, y + size)), confidence, read),
    numbers,
    numbers,
    st.floats(0, 60, allow_subnormal=False),
    st.floats(0, 1),
    st.dictionaries(st.sampled_from(["a", "A", "b", "c", "C", "d", "i", "ii", "a1", "2"]), st.floats(0, 1), max_size=4),
)
panel_boxes = st.lists(
    st.tuples(numbers, numbers, st.floats(0, 500), st.floats(0, 500)).map(
        lambda v: Box.of((v[0], v[1], v[0] + v[2], v[1] + v[3]))
    ),
    max_size=6,
)
expectations = st.lists(st.sampled_from(["a", "b", "B", "c", "d", "iv", ""]), max_size=5).map(tuple)


@settings(deadline=None, max_examples=150)
@given(panel_boxes, st.lists(seen_letters, max_size=8), expectations)
def test_no_label_and_no_letter_is_used_twice_and_none_is_made_up(
    panels: list[Box], letters: list[DetectedLabel], expected: tuple[str, ...]
) -> None:
    found = label_panels(panels, letters, SIDE, expected)
    assert len(found) == len(panels)
    given_labels = [item.label.casefold() for item in found if item and item.label]
    assert len(given_labels) == len(set(given_labels))
    boxes = [item.box for item in found if item and item.box]
    assert all(boxes.count(box) <= [letter.box for letter in letters].count(box) for box in boxes)
    assert all(0 <= item.confidence <= 1 for item in found if item)
    if expected and not letters:
        assert set(given_labels) <= {label.casefold() for label in expected}


def test_labels_may_go_on_from_another_page() -> None:
    panels = grid(3, 2)
    read = [inside_top_left(panel, text) for panel, text in zip(panels, "ijklmn", strict=True)]
    assert labels(panels, read) == list("ijklmn")


@pytest.mark.parametrize(
    ("labels", "follow"),
    [("ba", True), ("cde", True), ("ac", False), ("aa", False), ("a1", False), ("12", False), ("", False)],
)
def test_letters_that_follow_each_other(labels: str, follow: bool) -> None:
    assert are_consecutive(list(labels)) == follow


@pytest.mark.parametrize(("share", "printed"), [(0.3, ["A", "B"]), (0.01, ["a", "b"])])
def test_letters_that_may_be_capitals_are(share: float, printed: list[str]) -> None:
    """The reader takes many an "A" for "a", and hardly any "a" for "A"."""
    panels = grid(2, 1)
    letters = [
        letter(panel.x0 + 16, panel.y0 + 18, small, small.upper(), first=1 - share)
        for panel, small in zip(panels, "ab", strict=True)
    ]
    assert [found and found.label for found in label_panels(panels, letters, SIDE)] == printed


def test_a_number_on_every_axis_is_no_panels_label() -> None:
    panels = grid(3, 2)
    ticks = [inside_top_left(panel, "10") for panel in panels]
    assert label_panels(panels, ticks, SIDE) == [None] * 6


def test_numbers_on_every_axis_take_no_panel_from_its_letter() -> None:
    panels = grid(3, 2)
    letters = [
        letter(panel.x0 + 16, panel.y0 + 18, name, confidence=0.6) for panel, name in zip(panels[:2], "ab", strict=True)
    ]
    ticks = [letter(panel.x0 + at, panel.y0 + 18, "1", confidence=0.9) for panel in panels for at in (60, 120)]
    found = label_panels(panels, letters + ticks, SIDE, ["a", "b"])
    assert [one and one.label for one in found] == ["a", "b", None, None, None, None]


def test_the_only_panel_may_have_any_letter_that_surely_is_one() -> None:
    (panel,) = grid(1, 1, side=600)
    (found,) = label_panels([panel], [letter(panel.x0 + 16, panel.y0 + 18, "d", confidence=0.9, first=1.0)], SIDE)
    assert found
    assert found.label == "d"


@pytest.mark.parametrize("confidence", [0.4, 0.7])
def test_a_doubtful_letter_that_is_the_only_one_read_is_none(confidence: float) -> None:
    """ "A" of "Absolute error", the dashed line of a graph read as "I"."""
    panels = grid(3, 2)
    found = label_panels(panels, [letter(panels[2].x0 + 16, panels[2].y0 + 18, "a", confidence=confidence)], SIDE)
    assert found == [None] * 6


def test_letters_none_of_which_is_likely_are_none() -> None:
    panels = grid(2, 1)
    faint = [letter(p.x0 + 16, p.y0 + 18, name, confidence=0.45) for p, name in zip(panels, "ab", strict=True)]
    assert label_panels(panels, faint, SIDE) == [None, None]
    faint[0] = letter(panels[0].x0 + 16, panels[0].y0 + 18, "a", confidence=0.8)
    assert labels(panels, faint) == ["a", "b"]


def test_pieces_without_letters_shift_no_letter_that_may_be_another() -> None:
    """An "I" that may be "l" ends a row of nine, though pieces without letters stand between."""
    panels = grid(6, 3, side=120)
    lettered = [*panels[:5], *panels[9:12], panels[17]]
    letters = [inside_top_left(panel, name) for panel, name in zip(lettered, "abcdefgh", strict=False)]
    letters.append(letter(panels[17].x0 + 16, panels[17].y0 + 18, "l", "i", first=0.53))
    assert [label for label in labels(panels, letters) if label][-1] == "i"
