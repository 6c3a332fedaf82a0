"""Pieces of a figure joined by the letters that name them."""

from exsclaim.figures.lettered import joined_by_letters
from exsclaim.figures.panel_network import KINDS
from exsclaim.figures.panels import DetectedPanel
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

Corners = tuple[float, float, float, float]


def piece(corners: Corners, kind: PanelKind = PanelKind.MICROSCOPY) -> DetectedPanel:
    return DetectedPanel(Box.of(corners), kind, 0.8, tuple(0.1 for _ in KINDS), 0.1)


def letter(x: float, y: float) -> Box:
    return Box.of((x, y, x + 12, y + 14))


def corners_of(panels: list[DetectedPanel]) -> set[Corners]:
    return {panel.box.corners for panel in panels}


def test_a_row_under_one_letter_is_one_parent() -> None:
    row = [
        piece((20, 20, 200, 150)),
        piece((210, 20, 300, 150), PanelKind.GRAPH),
        piece((310, 20, 440, 140), PanelKind.GRAPH),
    ]
    below = piece((20, 200, 480, 400), PanelKind.GRAPH)
    joined = joined_by_letters([*row, below], [letter(2, 4), letter(2, 190)], 500)
    assert corners_of(joined) == {(20, 20, 440, 150), (20, 200, 480, 400)}
    assert {panel.kind for panel in joined} == {PanelKind.PARENT, PanelKind.GRAPH}


def test_pieces_of_a_scheme_are_one_illustration() -> None:
    pieces = [
        piece((20, 20, 120, 120), PanelKind.ILLUSTRATION),
        piece((140, 25, 280, 110), PanelKind.ILLUSTRATION),
        piece((320, 20, 480, 120), PanelKind.GRAPH),
    ]
    joined = joined_by_letters(pieces, [letter(4, 4), letter(305, 4)], 500)
    assert corners_of(joined) == {(20, 20, 280, 120), (320, 20, 480, 120)}
    assert {panel.kind for panel in joined} == {PanelKind.ILLUSTRATION, PanelKind.GRAPH}


def test_cells_of_a_grid_stay_panels_without_a_letter() -> None:
    grid = [piece((x, y, x + 150, y + 100)) for y in (0, 110, 220) for x in (0, 160, 320)]
    joined = joined_by_letters(grid, [letter(4 + 160 * i, 4) for i in range(3)], 500)
    assert len(joined) == 9


def test_rows_of_like_images_with_a_letter_each_are_parents() -> None:
    grid = [piece((x, y, x + 150, y + 100)) for y in (0, 110) for x in (0, 160, 320)]
    joined = joined_by_letters(grid, [letter(4, 4), letter(4, 114)], 500)
    assert corners_of(joined) == {(0, 0, 470, 100), (0, 110, 470, 210)}


def test_fewer_than_two_letters_join_nothing() -> None:
    pieces = [piece((0, 0, 100, 200)), piece((110, 0, 300, 90)), piece((110, 100, 300, 200))]
    assert joined_by_letters(pieces, [letter(2, 2)], 300) == pieces


def test_as_many_letters_as_panels_change_nothing() -> None:
    pieces = [piece((0, 0, 100, 200)), piece((110, 0, 300, 90))]
    assert joined_by_letters(pieces, [letter(2, 2), letter(112, 2)], 300) == pieces
