"""Pieces without a letter join the lettered panel they stand with, or stay alone."""

from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.panels.joining import joined
from exsclaim.geometry import Box

IMAGE = Box.of((0, 0, 300, 200))
ABOVE_RIGHT, BELOW_RIGHT = Box.of((305, 0, 400, 95)), Box.of((305, 105, 400, 200))
NEXT = Box.of((440, 0, 790, 200))
BELOW = Box.of((0, 240, 790, 400))


def test_pieces_right_of_a_letters_panel_are_its_parts() -> None:
    assert joined([IMAGE, ABOVE_RIGHT, BELOW_RIGHT, NEXT], [True, False, False, True], 800) == [[0, 1, 2], [3]]


def test_a_piece_goes_to_the_letter_of_its_row() -> None:
    assert joined([IMAGE, BELOW, NEXT], [True, True, False], 800) == [[0, 2], [1]]


def test_a_piece_left_of_and_above_all_letters_belongs_to_nobody() -> None:
    assert joined([IMAGE, NEXT, BELOW], [False, True, True], 800) == [[0], [1], [2]]


def test_nothing_is_joined_where_fewer_than_two_letters_are_known() -> None:
    assert joined([IMAGE, NEXT, BELOW], [True, False, False], 800) == [[0], [1], [2]]


def test_unlettered_cells_at_the_end_of_a_grid_stay_apart() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210) for x in (0, 210, 420)]
    assert joined(cells, [True, True, True, True, False, False], 620) == [[i] for i in range(6)]


def test_unlettered_cells_between_lettered_ones_are_parts() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210) for x in (0, 210, 420)]
    assert joined(cells, [True, False, False, True, False, False], 620) == [[0, 1, 2], [3, 4, 5]]


def test_cells_below_a_row_of_letters_are_parts_of_their_columns() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210, 420) for x in (0, 210, 420)]
    assert joined(cells, [True] * 3 + [False] * 6, 620) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]


def test_cells_whose_letters_the_caption_names_stay_apart() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210) for x in (0, 210, 420)]
    assert joined(cells, [True] * 3 + [False] * 3, 620, labels_missing=True) == [[i] for i in range(6)]


def test_a_letter_missed_in_the_last_cell_leaves_it_a_panel() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210) for x in (0, 210)]
    assert joined(cells, [True, True, True, False], 410) == [[0], [1], [2], [3]]


def test_cells_after_the_only_lettered_one_of_their_size_are_its_parts() -> None:
    graph = Box.of((0, 0, 620, 300))
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (320, 530) for x in (0, 210, 420)]
    groups = joined([graph, *cells], [True, True] + [False] * 5, 730)
    assert [sorted(group) for group in groups] == [[0], [1, 2, 3, 4, 5, 6]]


def test_a_drawing_before_a_letter_says_nothing_about_the_cells_of_a_grid() -> None:
    # two drawings over a row of three micrographs; only the right drawing and the left micrograph have letters
    drawings = [Box.of((0, 0, 440, 300)), Box.of((460, 0, 620, 300))]
    row = [Box.of((x, 320, x + 200, 520)) for x in (0, 210, 420)]
    groups = joined([*drawings, *row], [False, True, True, False, False], 620)
    assert [3] in groups
    assert [4] in groups


def test_cells_numbered_a1_a2_are_never_parts() -> None:
    cells = [Box.of((x, y, x + 200, y + 200)) for y in (0, 210) for x in (0, 210, 420)]
    assert joined(cells, [True, False, False, True, False, False], 620, cells_numbered=True) == [[i] for i in range(6)]


def test_a_piece_of_equal_size_is_a_part_where_the_next_letter_follows_it() -> None:
    below_image = Box.of((0, 210, 300, 420))
    last = Box.of((0, 440, 790, 700))
    assert joined([IMAGE, below_image, NEXT, last], [True, False, True, True], 800) == [[0, 1], [2], [3]]


def test_a_piece_that_a_letters_other_pieces_surround_is_one_of_them() -> None:
    # drawings and three micrographs, all of "b": the lower micrographs stand far from its letter
    a = Box.of((0, 0, 700, 240))
    drawings = [Box.of((10, 260, 470, 390)), Box.of((10, 410, 470, 690))]
    micrographs = [Box.of((495, y, 680, y + 130)) for y in (260, 410, 560)]
    groups = joined([a, *drawings, *micrographs], [True, True, False, False, False, False], 700)
    assert [sorted(group) for group in groups] == [[0], [1, 2, 3, 4, 5]]


def test_a_row_of_equal_cells_stays_with_one_letter() -> None:
    g, f = Box.of((680, 0, 1200, 240)), Box.of((0, 300, 200, 470))
    row = [Box.of((x, 480, x + 150, 630)) for x in (0, 220, 440, 660)]
    assert joined([f, g, *row], [True, True, False, False, False, False], 1280) == [[0, 2, 3, 4, 5], [1]]


def test_no_panel_reaches_over_another_letters() -> None:
    a, b, inset = Box.of((0, 0, 636, 446)), Box.of((634, 0, 926, 190)), Box.of((638, 191, 921, 441))
    assert joined([a, b, inset], [True, True, False], 1280) == [[0], [1, 2]]


def test_drawings_of_equal_size_are_parts_and_micrographs_are_not() -> None:
    a, b, beside_b = (Box.of((x, y, x + 300, y + 300)) for x, y in ((0, 0), (0, 320), (320, 320)))
    assert joined([a, b, beside_b], [True, True, False], 640) == [[0], [1], [2]]
    assert joined([a, b, beside_b], [True, True, False], 640, drawings=[1, 2]) == [[0], [1, 2]]


boxes = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 300), st.integers(0, 300)).map(
    lambda v: Box.of((v[0], v[1], v[0] + v[2], v[1] + v[3]))
)


@given(st.lists(st.tuples(boxes, st.booleans()), max_size=8))
def test_every_piece_is_in_one_group_and_a_group_has_one_label_at_most(pieces: list[tuple[Box, bool]]) -> None:
    labelled = [has_label for _, has_label in pieces]
    groups = joined([box for box, _ in pieces], labelled, 800)
    assert sorted(index for group in groups for index in group) == list(range(len(pieces)))
    assert all(sum(labelled[index] for index in group) <= 1 for group in groups)
    assert all(labelled[group[0]] for group in groups if len(group) > 1)
