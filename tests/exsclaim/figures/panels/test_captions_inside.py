"""Captions of parts under their panels, "(a) Side view", are no panels of their own."""

import numpy as np
import pytest
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.panels.captions_inside import without_captions
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

LEFT, RIGHT = Box(10, 10, 290, 290), Box(310, 10, 590, 290)


def seen(name: str, x: float, y: float) -> DetectedLabel:
    return DetectedLabel(Box.of((x, y, x + 20, y + 18)), 0.9, {name: 0.95})


def ink_of(*texts: Box) -> NDArray[np.uint8]:
    """Ink of a figure: words of signs of 10 x 14 px in lines, elsewhere nothing."""
    ink = np.zeros((600, 600), np.uint8)
    for box in texts:
        for y in range(int(box.y0) + 4, int(box.y1) - 16, 24):
            for x in range(int(box.x0) + 4, int(box.x1) - 12, 14):
                ink[y : y + 14, x : x + 10] = 1
    return ink


def concluded(
    boxes: list[Box], letters: list[DetectedLabel], ink: NDArray[np.uint8] | None = None
) -> list[tuple[str | None, Box]]:
    image = np.where((ink_of() if ink is None else ink)[..., None] > 0, 0, 255).repeat(3, axis=2).astype(np.uint8)
    figure = SeenFigure.of(image, Detections((), tuple(letters)))
    panels = [
        Piece(box, PanelKind.GRAPH, 0.9, label=item) for box, item in zip(boxes, figure.label(boxes), strict=True)
    ]
    return [(panel.label.label if panel.label else None, panel.box) for panel in without_captions(figure, panels)]


def test_the_panel_above_has_their_letter() -> None:
    words = [Box(10, 300, 290, 540), Box(310, 300, 590, 440)]
    found = concluded([LEFT, RIGHT, *words], [seen("a", 12, 302), seen("b", 312, 302)], ink_of(*words))
    assert [label for label, _ in found] == ["a", "b"]
    assert all(box.iou(true) > 0.95 for (_, box), true in zip(found, (LEFT, RIGHT), strict=True))


def test_a_strip_of_colour_bars_over_the_letters_is_the_panels_part() -> None:
    found = concluded([LEFT, RIGHT, Box(10, 300, 590, 380)], [seen("a", 120, 360), seen("b", 420, 360)])
    assert found == [("a", Box(10, 10, 290, 360)), ("b", Box(310, 10, 590, 360))]


def test_a_panel_beside_the_strip_has_no_part_in_it_though_its_letter_is_there() -> None:
    far = Box(620, 300, 800, 500)
    found = concluded([LEFT, Box(10, 300, 590, 380), far], [seen("a", 120, 360), seen("b", 570, 330)])
    assert far in [box for _, box in found]


@pytest.mark.parametrize(
    ("below", "letters"),
    [
        (Box(10, 300, 290, 590), [seen("a", 312, 12), seen("b", 12, 302)]),
        (Box(10, 300, 290, 400), [seen("a", 312, 12), seen("b", 12, 302)]),
        (Box(10, 300, 290, 400), [seen("b", 12, 380), seen("c", 312, 12)]),
        (Box(10, 400, 290, 420), [seen("a", 312, 12), seen("b", 12, 402)]),
    ],
    ids=["a panel as high", "a low panel under its letter", "a letter of the run was not seen", "not close by"],
)
def test_panels_of_their_own_stay(below: Box, letters: list[DetectedLabel]) -> None:
    found = concluded([LEFT, RIGHT, below], letters)
    assert [box for _, box in found] == [LEFT, RIGHT, below]


def test_a_table_with_rules_is_no_text() -> None:
    below = Box(10, 300, 290, 540)
    ink = ink_of(below)
    ink[330:332, 12:288] = 1
    found = concluded([LEFT, RIGHT, below], [seen("a", 312, 12), seen("b", 12, 302)], ink)
    assert [box for _, box in found] == [LEFT, RIGHT, below]
