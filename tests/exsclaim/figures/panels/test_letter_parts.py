"""Pieces in a letter's part of the figure are that letter's panel, where its clear letters part it."""

from collections.abc import Sequence
from dataclasses import replace

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.letter_parts import joined_by_letters
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box, hull
from exsclaim.records import PanelKind
from tests.exsclaim.figures.drawings import page, place, texture

TWO_BY_TWO = [(dx, dy) for dy in (0, 104) for dx in (0, 104)]
"""Corners of four images of 100 px under one letter."""


def figure_of(letters: str, *, marks: Sequence[DetectedLabel] = (), caption: str = "") -> tuple[SeenFigure, list[Box]]:
    """A row of letters, each over four images, and one over an image of its own; and the images' boxes."""
    image, boxes, seen = page(260 * len(letters), 280), [], []
    for i, name in enumerate(letters):
        x = 20 + 250 * i
        seen.append(DetectedLabel(Box.of((x, 12, x + 14, 30)), 0.9, {name: 0.95}))
        sizes = [(200, 204, 0, 0)] if name == letters[-1] else [(100, 100, dx, dy) for dx, dy in TWO_BY_TWO]
        boxes += [place(image, texture(w, h, 4 * i + dx + dy), x + dx, 40 + dy) for w, h, dx, dy in sizes]
    return SeenFigure.of(image, Detections((), (*seen, *marks)), list(caption)), boxes


def joined(figure: SeenFigure, boxes: list[Box]) -> dict[str | None, Box] | None:
    panels = joined_by_letters(figure, [Piece(box, PanelKind.MICROSCOPY, 0.9) for box in boxes])
    return panels and {panel.label.label if panel.label else None: panel.box for panel in panels}


def test_two_rows_of_images_beside_two_rows_are_not_rows_of_four() -> None:
    figure, boxes = figure_of("abc")
    assert joined(figure, boxes) == {"a": hull(boxes[:4]), "b": hull(boxes[4:8]), "c": boxes[8]}


def test_a_letter_of_a_word_within_an_image_is_smaller_and_parts_nothing() -> None:
    small = DetectedLabel(Box.of((26, 46, 33, 55)), 0.8, {"a": 0.95})
    figure, boxes = figure_of("ab", marks=[small])
    assert joined(figure, boxes) == {"a": hull(boxes[:4]), "b": boxes[4]}


def test_nothing_is_said_where_another_letter_as_high_may_name_a_panel() -> None:
    unread = DetectedLabel(Box.of((124, 42, 138, 60)), 0.9, {"e": 0.4, "c": 0.3})
    assert joined(*figure_of("ab", marks=[unread])) is None


def test_nothing_is_said_where_the_caption_names_more_labels() -> None:
    assert joined(*figure_of("ab", caption="abcd")) is None


def test_nothing_is_said_where_the_last_images_may_have_letters_that_nobody_saw() -> None:
    figure, boxes = figure_of("abc")
    without_last = replace(figure, letters=figure.letters[:2])
    assert joined(without_last, boxes[:8]) is None


def test_nothing_is_said_of_a_piece_that_reaches_into_two_parts_or_of_a_letter_without_a_piece() -> None:
    figure, boxes = figure_of("ab")
    assert joined(figure, [*boxes, hull([boxes[1], boxes[4]])]) is None
    assert joined(figure, boxes[:4]) is None
