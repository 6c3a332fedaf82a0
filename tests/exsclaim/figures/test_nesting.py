"""Pieces without a letter join the lettered panel they stand with, or stay alone."""

from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.nesting import joined
from exsclaim.geometry import Box

IMAGE = Box.of((0, 0, 300, 200))
BESIDE = Box.of((305, 0, 400, 200))
ABOVE_RIGHT, BELOW_RIGHT = Box.of((305, 0, 400, 95)), Box.of((305, 105, 400, 200))


def test_a_piece_right_of_a_letters_panel_joins_it() -> None:
    assert joined([IMAGE, BESIDE], [True, False], 800) == [[0, 1]]


def test_pieces_that_only_together_fill_the_panel_join_together() -> None:
    assert joined([IMAGE, ABOVE_RIGHT, BELOW_RIGHT], [True, False, False], 800) == [[0, 1, 2]]


def test_a_piece_left_of_the_first_letter_belongs_to_nobody() -> None:
    assert joined([IMAGE, BESIDE], [False, True], 800) == [[0], [1]]


def test_pieces_stay_alone_where_no_letter_is_known() -> None:
    assert joined([IMAGE, BESIDE], [False, False], 800) == [[0], [1]]


def test_a_letter_in_between_keeps_pieces_apart() -> None:
    assert joined([IMAGE, ABOVE_RIGHT, BELOW_RIGHT], [True, False, True], 800) == [[0], [1], [2]]


def test_a_piece_far_away_stays_alone() -> None:
    assert joined([IMAGE, BESIDE.moved(100, 0)], [True, False], 800) == [[0], [1]]


def test_cells_of_one_grid_stay_apart() -> None:
    assert joined([IMAGE, IMAGE.moved(305, 0)], [True, False], 800) == [[0], [1]]


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
