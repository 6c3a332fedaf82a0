"""A panel over several letters is divided where that reads more of them."""

from dataclasses import replace

import numpy as np

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.division import divided, divisions
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

WHOLE = Piece(Box(20, 60, 880, 400), PanelKind.ILLUSTRATION, 0.9)


def letter_at(x: float, y: float, text: str) -> DetectedLabel:
    return DetectedLabel(Box.of((x, y, x + 14, y + 18)), 0.95, {text: 0.97})


def two_drawings(*letters: DetectedLabel) -> SeenFigure:
    """Two drawings with a blank gap between them, which the gutters do not tell."""
    image = np.full((500, 900, 3), 255, np.uint8)
    image[60:400:3, 20:400] = image[60:400:3, 450:880] = 0
    return replace(SeenFigure.of(image, Detections((), letters)), cuts=())


def test_letters_right_above_a_box_divide_it_as_letters_within_do() -> None:
    for y in (36, 64):
        left, right = divided(two_drawings(letter_at(20, y, "a"), letter_at(450, y, "b")), [WHOLE])
        assert (left.box.x1, right.box.x0) == (400, 450)


def test_a_part_that_holds_several_letters_is_divided_again() -> None:
    letters = [letter_at(x, 64, text) for x, text in ((20, "a"), (450, "b"), (700, "c"))]
    figure = two_drawings(*letters)
    figure.image[60:400, 640:690] = 255
    figure = replace(SeenFigure.of(figure.image, Detections((), tuple(letters))), cuts=())
    halves = [replace(WHOLE, box=Box(20, 60, 400, 400)), replace(WHOLE, box=Box(450, 60, 880, 400))]
    whole = replace(WHOLE, parts=tuple(halves))
    assert [round(piece.box.x0) for piece in divided(figure, [whole])] == [20, 450, 690]


def test_letters_far_above_a_box_or_in_no_sequence_divide_nothing() -> None:
    far = two_drawings(letter_at(20, 0, "b"), letter_at(450, 0, "c"))
    others = two_drawings(letter_at(20, 36, "b"), letter_at(450, 36, "k"))
    assert divisions(far, WHOLE) == divisions(others, WHOLE) == []


def test_parts_without_a_letter_of_their_own_stay_one_panel() -> None:
    halves = (replace(WHOLE, box=Box(20, 60, 400, 400)), replace(WHOLE, box=Box(450, 60, 880, 400)))
    whole = replace(WHOLE, parts=halves)
    assert divided(two_drawings(letter_at(20, 64, "a")), [whole]) == [whole]
