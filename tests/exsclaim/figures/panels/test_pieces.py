"""Pieces of one drawing become one panel; panels of their own stay."""

from dataclasses import replace

import pytest

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.detection.panel_network import KINDS
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panels.pieces import (
    LEAST_SEVERAL,
    Piece,
    as_one_drawing,
    grouped_piece,
    surely_several,
    with_appendages,
)
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

SIDE_PX = 1000


def piece(x0: float, y0: float, x1: float, y1: float, *, score: float, kind: PanelKind = PanelKind.GRAPH) -> Piece:
    box = Box.of((x0, y0, x1, y1))
    scores = tuple(score if kind is other else 0.0 for other in KINDS)
    return Piece(box, kind, 1.0, DetectedPanel(box, kind, score, scores, nested_score=0.0))


def boxes(pieces: list[Piece]) -> list[tuple[float, float, float, float]]:
    return sorted(item.box.corners for item in pieces)


def test_a_few_pieces_none_of_which_is_sure_are_one_drawing() -> None:
    (whole,) = as_one_drawing([piece(0, 0, 200, 300, score=0.5), piece(220, 0, 900, 310, score=0.4)])
    assert whole.box.corners == (0, 0, 900, 310)
    assert whole.kind is PanelKind.GRAPH
    assert whole.is_joined


def test_drawings_of_one_size_are_panels() -> None:
    cells = [piece(x, 0, x + 280, 300, score=0.5, kind=PanelKind.ILLUSTRATION) for x in (0, 300, 600)]
    assert as_one_drawing(cells) == cells


def test_scraps_of_one_size_are_none() -> None:
    scraps = [piece(x, 0, x + 280, 300, score=0.3, kind=PanelKind.ILLUSTRATION) for x in (0, 300, 600)]
    assert len(as_one_drawing(scraps)) == 1


def test_panels_that_are_sure_stay_panels() -> None:
    sure = [piece(0, 0, 400, 300, score=0.9), piece(420, 0, 900, 310, score=0.85)]
    assert as_one_drawing(sure) == sure


def test_a_graph_that_is_surely_one_is_no_piece_of_a_drawing() -> None:
    beside = [piece(0, 0, 300, 300, score=0.9), piece(320, 0, 900, 310, score=0.2), piece(920, 0, 990, 100, score=0.3)]
    assert as_one_drawing(beside) == beside


def test_a_grid_of_many_doubtful_pieces_is_no_single_drawing() -> None:
    cells = [piece(100 * i, 0, 100 * i + 90, 90, score=0.4) for i in range(8)]
    assert as_one_drawing(cells) == cells


def many(count: int, kind: PanelKind, *, score: float) -> list[Piece]:
    return [piece(0, 0, 900, 300, score=0.5, kind=PanelKind.ILLUSTRATION)] + [
        piece(110 * i, 310, 110 * i + 60 + 30 * (i % 2), 380, score=score, kind=kind) for i in range(count)
    ]


def test_many_pieces_are_one_drawing_where_most_is_illustration() -> None:
    (whole,) = as_one_drawing(many(6, PanelKind.ILLUSTRATION, score=0.5))
    assert whole.kind is PanelKind.ILLUSTRATION


def test_drawings_that_are_surely_panels_stay_panels() -> None:
    drawn = [piece(0, 0, 900, 300, score=0.8, kind=PanelKind.ILLUSTRATION), piece(0, 310, 200, 400, score=0.6)]
    assert as_one_drawing(drawn) == drawn


def test_several_clear_images_beside_drawings_are_panels() -> None:
    """One may be part of the scheme, and so may those that lie in another piece."""
    apart = many(6, PanelKind.MICROSCOPY, score=0.55)
    assert as_one_drawing(apart) == apart
    assert len(as_one_drawing([*many(5, PanelKind.ILLUSTRATION, score=0.5), apart[-1]])) == 1
    around = piece(0, 305, 900, 385, score=0.5, kind=PanelKind.ILLUSTRATION)
    assert len(as_one_drawing([*apart, around])) == 1


def test_a_legend_beside_a_graph_is_part_of_it() -> None:
    graph, legend = piece(0, 0, 600, 500, score=0.9), piece(610, 100, 750, 300, score=0.4)
    assert boxes(with_appendages([graph, legend], [], SIDE_PX)) == [(0, 0, 750, 500)]


def test_a_colour_bar_goes_to_its_image_and_takes_nothing_of_the_next_panel() -> None:
    image = piece(0, 0, 400, 400, score=0.9, kind=PanelKind.MICROSCOPY)
    strip = piece(410, 0, 430, 400, score=0.3)
    other = piece(450, 0, 850, 400, score=0.9)
    assert boxes(with_appendages([image, strip, other], [], SIDE_PX)) == [(0, 0, 430, 400), (450, 0, 850, 400)]


def test_a_piece_with_a_label_of_its_own_is_no_appendage() -> None:
    graph, small = piece(0, 0, 600, 500, score=0.9), piece(610, 100, 750, 300, score=0.4)
    assert len(with_appendages([graph, small], [Box.of((612, 80, 625, 98))], SIDE_PX)) == 2


def test_a_sure_small_panel_and_one_far_away_are_no_appendages() -> None:
    graph = piece(0, 0, 600, 500, score=0.9)
    assert len(with_appendages([graph, piece(610, 100, 750, 300, score=0.8)], [], SIDE_PX)) == 2
    assert len(with_appendages([graph, piece(700, 100, 840, 300, score=0.4)], [], SIDE_PX)) == 2


def lettered(*pieces: Piece) -> Piece:
    """One panel of pieces, the first of which has the letter."""
    return grouped_piece(
        pieces, [PanelLabel("a", None, 0.9, "read"), *(None for _ in pieces[1:])], range(len(pieces)), ()
    )


@pytest.mark.parametrize(
    ("scores", "several"),
    [((0.9, 0.8, 0.7), 0.8), ((0.9, 0.2), 0.2), ((0.9,), 0.0), ((), 0.0)],
)
def test_pieces_are_as_surely_several_images_as_the_second_surest_is_one(
    scores: tuple[float, ...], several: float
) -> None:
    assert (
        surely_several([piece(200 * i, 0, 200 * i + 190, 300, score=score) for i, score in enumerate(scores)])
        == several
    )


def test_pieces_over_each_other_are_one_image_seen_twice() -> None:
    over = [piece(0, 0, 400, 300, score=0.9), piece(150, 0, 500, 300, score=0.8)]
    assert surely_several(over) == 0.0
    assert surely_several([*over, piece(510, 0, 900, 300, score=0.6)]) == 0.6


def test_sure_pieces_that_a_letter_joins_are_several_images_whatever_their_kinds() -> None:
    unlike = [replace(piece(x, 0, x + 290, 300, score=0.8), kind_confidence=0.3) for x in (0, 300)]
    panel = lettered(*unlike)
    assert (panel.kind, panel.kind_confidence, len(panel.parts)) == (PanelKind.PARENT, 0.8, 2)


def test_scraps_that_a_letter_joins_are_hardly_several_images() -> None:
    graph = piece(0, 0, 600, 300, score=0.9)
    for scrap in (piece(610, 0, 700, 300, score=0.2), piece(100, 100, 300, 280, score=0.7)):
        assert lettered(graph, scrap).kind_confidence < LEAST_SEVERAL


@pytest.mark.parametrize("scores", [(0.6, 0.6), (0.1, 0.1), (0.9, 0.1)])
def test_panels_of_several_images_that_a_letter_joins_remain_such(scores: tuple[float, float]) -> None:
    rows = [piece(0, 200 * i, 600, 200 * i + 190, score=scores[i], kind=PanelKind.PARENT) for i in range(2)]
    assert lettered(*rows).kind is PanelKind.PARENT
    assert lettered(*rows).kind_confidence >= LEAST_SEVERAL
