"""A clear letter of a run gets a panel, also where the network saw none, or one for several letters."""

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.lost_labels import clear_run, with_lost_panels
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from tests.exsclaim.figures.drawings import page, place, texture


def seen(name: str, x: float, y: float, *, read: float = 0.95, confidence: float = 0.9) -> DetectedLabel:
    return DetectedLabel(Box.of((x, y, x + 14, y + 18)), confidence, {name: read})


def separated(image: NDArray[np.uint8], panels: list[Box], letters: list[DetectedLabel]) -> dict[str | None, Box]:
    """Label -> box of what becomes of the panels."""
    figure = SeenFigure.of(image, Detections((), tuple(letters)))
    labels = figure.label(panels)
    pieces = [Piece(box, PanelKind.GRAPH, 0.9, label=item) for box, item in zip(panels, labels, strict=True)]
    found = with_lost_panels(figure, pieces)
    return {piece.label.label if piece.label else None: piece.box for piece in found}


def row_of_three() -> tuple[NDArray[np.uint8], list[Box], list[DetectedLabel]]:
    """Three pictures with their letters above, left."""
    figure = page(660, 240)
    boxes = [place(figure, texture(180, 180, seed), 20 + 220 * seed, 40) for seed in range(3)]
    return figure, boxes, [seen(name, box.x0, 12) for name, box in zip("abc", boxes, strict=True)]


def test_one_panel_over_three_letters_becomes_three() -> None:
    figure, boxes, letters = row_of_three()
    merged = Box.of((20, 40, 640, 220))
    assert separated(figure, [merged], letters) == dict(zip("abc", boxes, strict=True))


def test_a_panel_that_was_not_seen_is_where_its_letter_is() -> None:
    figure, boxes, letters = row_of_three()
    found = separated(figure, boxes[:2], letters)
    assert found == dict(zip("abc", boxes, strict=True))


def test_a_panel_that_crosses_into_another_letters_part_is_cut_to_its_own() -> None:
    figure, boxes, letters = row_of_three()
    crossing = Box.of((100, 40, 420, 220))
    assert separated(figure, [crossing, boxes[2]], letters) == dict(zip("abc", boxes, strict=True))


def test_a_tall_panel_beside_two_small_ones() -> None:
    figure = page(460, 460)
    places = [(20, 20, 180, 420), (240, 20, 200, 190), (240, 250, 200, 190)]
    boxes = [place(figure, texture(w, h, i), x, y) for i, (x, y, w, h) in enumerate(places)]
    letters = [seen(name, box.x0 + 4, box.y0 + 4) for name, box in zip("abc", boxes, strict=True)]
    assert separated(figure, [boxes[0]], letters) == dict(zip("abc", boxes, strict=True))


def test_letters_within_one_image_divide_nothing() -> None:
    image = texture(600, 240, 1)
    whole = Box(0, 0, 600, 240)
    letters = [seen("a", 4, 4), seen("b", 300, 110), seen("c", 500, 60)]
    assert list(separated(image, [whole], letters).values()) == [whole]


def test_a_doubtful_letter_is_no_reason() -> None:
    figure, boxes, letters = row_of_three()
    letters[2] = seen("c", boxes[2].x0, 12, read=0.6)
    assert "c" not in separated(figure, boxes[:2], letters)


def test_the_run_begins_with_a_and_ends_where_a_letter_is_missing() -> None:
    letters = [seen(name, 50.0 * i, 0) for i, name in enumerate("bade")]
    assert list(clear_run(letters)) == ["a", "b"]
    assert clear_run(letters[:1]) == {}


def test_of_two_letters_of_a_kind_the_surer_counts() -> None:
    sure, other = seen("a", 0, 0, confidence=0.95), seen("a", 90, 0, confidence=0.7)
    assert clear_run([sure, other]) == clear_run([other, sure]) == {"a": sure}
