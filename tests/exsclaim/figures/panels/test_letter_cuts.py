"""A panel in which several clear letters stand is divided between them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.geometry import Box
from tests.exsclaim.figures.drawings import page, place, texture


def mark(x: float, y: float, size: float = 12) -> Box:
    return Box.of((x, y, x + size, y + size))


def test_touching_micrographs_are_parted_at_the_line_between_their_letters() -> None:
    image = np.hstack([texture(200, 180, 1, level=70), texture(200, 180, 2, level=160)])
    cells = between_letters(Box.of((0, 0, 400, 180)), [mark(6, 6), mark(206, 6)], Edges(image))
    assert [cell.corners for cell in cells] == [(0, 0, 200, 180), (200, 0, 400, 180)]


def test_graphs_one_above_the_other_are_parted_in_the_gap_above_the_lower_letter() -> None:
    image = page(300, 420)
    place(image, texture(260, 180, 1), 20, 10)
    place(image, texture(260, 180, 2), 20, 230)
    upper, lower = between_letters(Box.of((20, 10, 280, 410)), [mark(24, 14), mark(24, 234)], Edges(image))
    assert 190 <= upper.y1 == lower.y0 <= 230


def test_letters_at_the_end_of_their_panels_part_them_too() -> None:
    image = np.hstack([texture(200, 180, 1, level=70), texture(200, 180, 2, level=160)])
    cells = between_letters(Box.of((0, 0, 400, 180)), [mark(182, 6), mark(382, 6)], Edges(image))
    assert [cell.corners for cell in cells] == [(0, 0, 200, 180), (200, 0, 400, 180)]


def test_letters_below_the_middle_of_their_panels_part_them_half_way() -> None:
    image = page(600, 260)
    for x in (10, 210, 410):  # narrow drawings over their letters
        place(image, texture(60, 200, x), x + 60, 10)
    cells = between_letters(Box.of((0, 0, 600, 260)), [mark(x + 84, 230) for x in (10, 210, 410)], Edges(image))
    assert [round(cell.x1, -1) for cell in cells] == [200, 400, 600]


def test_a_blank_part_of_a_graph_is_not_where_it_is_parted() -> None:
    image = page(620, 200)
    for x in (150, 470):  # drawings far to the right of their letters
        place(image, texture(120, 160, x), x, 30)
    left, right = between_letters(Box.of((0, 0, 620, 200)), [mark(4, 6), mark(300, 6)], Edges(image))
    assert 270 <= left.x1 == right.x0 <= 300


def test_letters_in_rows_part_rows_first() -> None:
    image = page(400, 400)
    corners = [(0, 0), (205, 0), (0, 205)]
    for i, (x, y) in enumerate(corners):
        place(image, texture(195 if i < 2 else 400, 195, i), x, y)
    cells = between_letters(Box.of((0, 0, 400, 400)), [mark(x + 5, y + 5) for x, y in corners], Edges(image))
    assert len(cells) == 3
    assert cells[2].width == 400
    assert 195 <= cells[0].x1 <= 205
    assert 195 <= cells[0].y1 <= 205


def test_one_letter_or_none_divides_nothing() -> None:
    edges = Edges(texture(300, 200, 1))
    assert between_letters(Box.of((0, 0, 300, 200)), [mark(5, 5)], edges) == []
    assert between_letters(Box.of((0, 0, 300, 200)), [], edges) == []


def test_letters_too_close_for_panels_divide_nothing() -> None:
    edges = Edges(texture(300, 200, 1))
    assert between_letters(Box.of((0, 0, 300, 200)), [mark(5, 5), mark(22, 5)], edges) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 280), st.integers(0, 180)), min_size=2, max_size=6, unique=True))
def test_the_cells_tile_the_panel_or_there_are_none(places: list[tuple[int, int]]) -> None:
    box = Box.of((0, 0, 300, 200))
    cells = between_letters(box, [mark(x, y) for x, y in places], Edges(texture(300, 200, 3)))
    assert len(cells) in (0, len(places))
    assert not cells or sum(cell.area for cell in cells) == box.area


def test_a_tall_panel_is_parted_from_the_two_beside_it_first() -> None:
    figure = page(460, 460)
    for i, (x, y, width, height) in enumerate([(20, 20, 180, 420), (240, 20, 200, 190), (240, 250, 200, 190)]):
        place(figure, texture(width, height, i), x, y)
    tall, upper, lower = between_letters(
        Box(0, 0, 460, 460), [mark(24, 24), mark(244, 24), mark(244, 254)], Edges(figure)
    )
    assert tall.height == 460
    assert 200 <= tall.x1 == upper.x0 == lower.x0 <= 240
    assert 210 <= upper.y1 == lower.y0 <= 250


def test_a_letter_over_the_axis_of_its_panel_is_parted_left_of_that() -> None:
    figure = page(460, 240)
    for x in (40, 260):
        place(figure, texture(160, 180, x), x, 40)
    left, right = between_letters(Box(0, 0, 460, 240), [mark(30, 10), mark(190, 10)], Edges(figure))
    assert 200 <= left.x1 == right.x0 <= 260
