"""Calibration: outcomes of panels against gold, curves fitted to them, and their error."""

import numpy as np
import pytest

from exsclaim.figures.calibration import Calibration
from exsclaim.figures.panels.pieces import Piece
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind
from models.annotated_figures import AnnotatedBar, AnnotatedPanel
from models.calibration import EvidenceOutcome, box_outcomes, calibration_error, fitted, outcomes, reliability, weighed


def panel(box: tuple[float, float, float, float], **fields: object) -> Panel:
    return Panel.model_validate({"id": "f/p", "figure_id": "f", "box": Box.of(box), **fields})


GOLD = [
    AnnotatedPanel((0, 0, 100, 100), PanelKind.GRAPH, None, nested=False, label="a"),
    AnnotatedPanel(
        (200, 0, 300, 100), PanelKind.MICROSCOPY, None, nested=False, label="b",
        scale_bars=(AnnotatedBar((210, 90, 260, 93), "100 nm", 100.0),),
    ),
]  # fmt: skip


def test_outcomes_say_how_sure_and_how_right_each_confidence_was() -> None:
    found = outcomes(
        [
            panel((0, 0, 100, 99), box_confidence=0.9, kind="graph", kind_confidence=0.8, label="a",
                  label_confidence=0.7, label_origin="read"),
            panel((200, 0, 300, 60), box_confidence=0.4, kind="photo", kind_confidence=0.3, nm_per_px=4.0,
                  scale_confidence=0.6),
            panel((500, 0, 600, 60), box_confidence=0.2),
        ],
        GOLD,
    )  # fmt: skip
    assert found["box"] == [(0.9, True), (0.4, False), (0.2, False)]
    assert found["kind"] == [(0.8, True), (0.3, False)]
    assert found["label"] == [(0.7, True)]
    assert found["scale"] == [(0.6, False)]


def test_panels_that_a_letter_joined_say_how_surely_they_are_several_images() -> None:
    joined = panel((0, 0, 100, 99), kind="parent", kind_confidence=0.6)
    seen = panel((0, 0, 100, 99), kind="parent", kind_confidence=0.6, kind_scores={"parent": 0.7, "graph": 0.2})
    assert outcomes([joined], GOLD)["several"] == [(0.6, False)]
    assert outcomes([joined], GOLD)["kind"] == []
    assert outcomes([seen], GOLD)["kind"] == [(0.6, False)]
    several = [AnnotatedPanel((0, 0, 100, 100), PanelKind.PARENT, None, nested=False)]
    assert outcomes([joined], several)["several"] == [(0.6, True)]


def test_a_scale_is_right_within_a_few_per_cent() -> None:
    right = panel((200, 0, 300, 100), nm_per_px=2.05, scale_confidence=0.6)
    assert outcomes([right], GOLD)["scale"] == [(0.6, True)]


def test_fitted_confidences_say_how_often_they_are_right() -> None:
    generator = np.random.default_rng(0)
    scores = generator.uniform(0, 1, 4000)
    pairs = [
        (float(score), bool(right))
        for score, right in zip(scores, generator.uniform(0, 1, 4000) < scores**3, strict=True)
    ]
    curve = fitted({"box": [], "kind": pairs, "label": [], "scale": []})
    calibrated = [(curve("kind", score), right) for score, right in pairs]
    assert calibration_error(pairs) > 0.2
    assert calibration_error(calibrated) < 0.05


def test_reliability_counts_each_outcome_once() -> None:
    table = reliability([(0.05, False), (0.95, True), (1.0, True), (0.95, False)])
    assert [count for *_, count in table] == [1, 3]
    assert table[1][2] == pytest.approx(2 / 3)


def test_weighed_evidence_says_how_often_it_is_right() -> None:
    generator = np.random.default_rng(1)
    pairs: list[EvidenceOutcome] = []
    for score, rival in generator.uniform(0, 1, (3000, 2)):
        chance = 1 / (1 + np.exp(-(4 * score - 5 * rival)))
        pairs.append(({"score": float(score), "rival": float(rival)}, bool(generator.uniform() < chance)))
    weights = weighed(pairs)
    assert weights["score"] > 2 > -2 > weights["rival"]
    judged = Calibration(box_weights=weights)
    assert calibration_error([(judged.box(evidence), right) for evidence, right in pairs]) < 0.05


def test_a_box_is_right_where_most_of_it_is_a_true_panels() -> None:
    pieces = [
        Piece(Box.of((0, 0, 100, 95)), PanelKind.GRAPH, 0.9),
        Piece(Box.of((200, 0, 300, 60)), PanelKind.MICROSCOPY, 0.9),
        Piece(Box.of((500, 0, 560, 60)), PanelKind.GRAPH, 0.9),
    ]
    assert [right for _, right in box_outcomes(pieces, (), GOLD)] == [True, False, False]
