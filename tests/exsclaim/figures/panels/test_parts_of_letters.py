"""Panels without a letter in a letter's part of the figure are pieces of that letter's panel."""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.parts_of_letters import with_parts_joined
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box, hull
from exsclaim.records import PanelKind
from tests.exsclaim.figures.drawings import page, place, texture

Places = list[tuple[int, int, int, int]]
TOP: Places = [(20, 40, 200, 120), (280, 40, 200, 120)]
"""Panels a and b side by side."""
SMALL: Places = [(20, 170, 90, 70), (130, 170, 90, 70)]
"""Two small images right under a."""


def drawn(places: Places, *, width: int = 500) -> tuple[NDArray[np.uint8], list[Box]]:
    figure = page(width, 280)
    return figure, [place(figure, texture(w, h, i), x, y) for i, (x, y, w, h) in enumerate(places)]


def letter(name: str, box: Box, *, confidence: float = 0.9) -> DetectedLabel:
    return DetectedLabel(Box.of((box.x0, box.y0 - 26, box.x0 + 14, box.y0 - 8)), confidence, {name: 0.95})


def joined(
    image: NDArray[np.uint8], boxes: list[Box], letters: list[DetectedLabel], caption: str = ""
) -> list[tuple[str | None, tuple[float, float, float, float]]]:
    figure = SeenFigure.of(image, Detections((), tuple(letters)), list(caption))
    labels = figure.label(boxes)
    pieces = [Piece(box, PanelKind.MICROSCOPY, 0.9, label=item) for box, item in zip(boxes, labels, strict=True)]
    return [(item.label.label if item.label else None, item.box.corners) for item in with_parts_joined(figure, pieces)]


def test_small_images_under_a_letters_panel_are_part_of_it() -> None:
    image, boxes = drawn([*TOP, *SMALL])
    letters = [letter(name, box) for name, box in zip("ab", boxes, strict=False)]
    whole = hull([boxes[0], *boxes[2:]])
    assert joined(image, boxes, letters) == [("a", whole.corners), ("b", boxes[1].corners)]


def test_a_panel_right_of_the_last_letter_may_be_the_next_one() -> None:
    image, boxes = drawn([*TOP, (540, 40, 200, 120)], width=760)
    letters = [letter(name, box) for name, box in zip("ab", boxes, strict=False)]
    assert [name for name, _ in joined(image, boxes, letters)] == ["a", "b", None]


def test_a_panel_with_a_letter_that_nobody_can_read_is_one_of_its_own() -> None:
    image, boxes = drawn([*TOP, (20, 170, 200, 90)])
    letters = [letter(name, box) for name, box in zip("ab", boxes, strict=False)]
    scrawl = DetectedLabel(Box.of((24, 174, 38, 192)), 0.45, {"o": 0.1})
    assert len(joined(image, boxes, letters)) == 2
    assert len(joined(image, boxes, [*letters, scrawl])) == 3


def test_nothing_is_joined_where_letters_are_without_a_panel() -> None:
    image, boxes = drawn([*TOP, *SMALL])
    letters = [letter("a", boxes[0]), letter("b", boxes[1]), letter("c", Box.of((300, 250, 400, 270)))]
    found = [name for name, _ in joined(image, [boxes[0], *boxes[2:]], letters)]
    assert len(found) == 3


ROWS: Places = [(60, 20, 200, 80), (300, 20, 330, 80), (60, 130, 200, 80), (300, 130, 330, 80)]
"""Two rows: a drawing with its letter, and a wider one right of it that has none."""


def left_of(name: str, box: Box) -> DetectedLabel:
    return DetectedLabel(Box.of((20, box.y0, 34, box.y0 + 18)), 0.9, {name: 0.95})


def test_rows_of_which_the_caption_names_each_once_are_whole_the_last_one_too() -> None:
    image, boxes = drawn(ROWS, width=660)
    letters = [left_of("a", boxes[0]), left_of("b", boxes[2])]
    rows = [("a", hull(boxes[:2]).corners), ("b", hull(boxes[2:]).corners)]
    assert joined(image, boxes, letters, "ab") == rows
    assert joined(image, boxes, letters) != rows  # where rows end only a caption knows
    assert len(joined(image, boxes, letters, "abc")) == 4


def test_what_stands_before_the_first_label_of_a_caption_that_begins_with_b_is_of_no_other_panel() -> None:
    image, boxes = drawn([(10, 10, 200, 100), (240, 10, 220, 100), (30, 130, 180, 120), (240, 130, 220, 120)])
    letters = [
        DetectedLabel(Box.of((box.x0 - 18, box.y0, box.x0 - 4, box.y0 + 18)), 0.9, {name: 0.95})
        for name, box in zip("bcd", boxes[1:], strict=True)
    ]
    assert len(joined(image, boxes, letters, "bcd")) == 4


def test_what_looks_like_a_letter_is_none_where_the_caption_names_no_more_labels() -> None:
    image, boxes = drawn([*TOP, (20, 170, 200, 90)])
    letters = [letter(name, box) for name, box in zip("ab", boxes, strict=False)]
    scrawl = DetectedLabel(Box.of((24, 174, 38, 192)), 0.7, {"b": 0.4})
    clear = DetectedLabel(Box.of((24, 174, 38, 192)), 0.8, {"b": 0.95})
    assert len(joined(image, boxes, [*letters, scrawl])) == 3
    assert len(joined(image, boxes, [*letters, scrawl], "ab")) == 2
    assert len(joined(image, boxes, [*letters, clear], "ab")) == 3


def test_panels_as_large_as_lettered_ones_may_be_some_that_the_caption_does_not_tell_of() -> None:
    image, boxes = drawn([*TOP, (20, 156, 200, 120), (280, 156, 200, 120)])
    letters = [letter(name, box) for name, box in zip("ab", boxes, strict=False)]
    scrawl = DetectedLabel(Box.of((24, 160, 38, 178)), 0.5, {"c": 0.3})
    assert len(joined(image, boxes, letters, "ab")) == 2
    assert len(joined(image, boxes, [*letters, scrawl], "ab")) == 4
