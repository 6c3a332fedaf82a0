"""Evidence for a panel's box: what the network proposes at its place, and the figure's other panels."""

from dataclasses import replace

import pytest

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panel_evidence import box_evidence, unexplained
from exsclaim.figures.panels.pieces import Piece
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

LEFT, RIGHT = Box.of((0, 0, 100, 100)), Box.of((110, 0, 210, 100))


def seen(box: Box, score: float, nested: float = 0.0) -> DetectedPanel:
    return DetectedPanel(box, PanelKind.GRAPH, score, (score,), nested)


def piece(box: Box, label: str | None = None) -> Piece:
    return Piece(box, PanelKind.GRAPH, 0.9, label=PanelLabel(label, None, 0.9, "read") if label else None)


def test_proposals_of_the_same_place_support_a_panel() -> None:
    left = piece(LEFT)
    assert box_evidence(left, [left], [seen(LEFT, 0.8)])["support"] == pytest.approx(0.8)
    assert box_evidence(left, [left], [seen(RIGHT, 0.8)])["support"] == 0


def test_a_proposal_over_two_panels_contradicts_both() -> None:
    panels = [piece(LEFT), piece(RIGHT)]
    around = seen(Box.of((0, 0, 210, 100)), 0.6)
    assert [box_evidence(panel, panels, [around])["rival"] for panel in panels] == [0.6, 0.6]


def test_an_inset_contradicts_nothing() -> None:
    left = piece(LEFT)
    inset = seen(Box.of((60, 10, 90, 40)), 0.9, nested=1.0)
    assert box_evidence(left, [left], [inset])["rival"] == 0
    part = piece(inset.box)
    assert box_evidence(part, [left], [seen(LEFT, 0.9), inset], nested=True)["rival"] == 0


def test_a_panel_without_a_letter_among_lettered_ones_is_told() -> None:
    panels = [piece(LEFT, "a"), piece(RIGHT)]
    assert [box_evidence(panel, panels, ())["unlabelled"] for panel in panels] == [0, 1]


def test_proposals_that_no_panel_is_are_unexplained() -> None:
    panels = [piece(LEFT), piece(RIGHT)]
    around = seen(Box.of((0, 0, 210, 100)), 0.6)
    assert unexplained(panels, [seen(LEFT, 0.9), seen(RIGHT, 0.9)]) == 0
    assert unexplained(panels, [seen(LEFT, 0.9), around]) == pytest.approx(0.3)
    assert unexplained(panels, [around, seen(Box.of((0, 0, 40, 40)), 0.2)]) == pytest.approx(0.3)


def test_a_part_of_a_panel_is_explained() -> None:
    inset = Box.of((60, 10, 90, 40))
    assert unexplained([replace(piece(LEFT), parts=(piece(inset),))], [seen(inset, 0.9)]) == 0
