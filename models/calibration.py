"""Calibration of confidences on annotated figures that no network learned from, and their reliability on others.

    python -m models.calibration FOLDER… [--check FOLDER…] [--out exsclaim/figures/calibration.toml]

Of FOLDER…, in the form of `models.annotated_figures`, only the part is used that trainings hold back. Boxes are judged
by a logistic regression on the evidence of `exsclaim.figures.panel_evidence`; kinds, types, labels and scales by
isotonic regressions (scipy), thinned to knots; so is what joined pieces say of a parent. The report gives a reliability
table and the expected calibration error (ECE, in ten bins; Guo et al. 2017, https://arxiv.org/abs/1706.04599) for the
figures of --check.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression, linear_sum_assignment

from exsclaim.figures import calibration
from exsclaim.figures.calibration import CONFIDENCES, CURVES, RAW, Calibration
from exsclaim.figures.detection.detections import Detections, Networks
from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.image import read_image
from exsclaim.figures.panel_evidence import box_evidence
from exsclaim.figures.panels.pieces import Piece
from exsclaim.figures.separation import concluded, figure_panels
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure, AnnotatedPanel, held_back, read_annotated

Outcome = tuple[float, bool]
"""A confidence, and whether what it stands for was right."""
EvidenceOutcome = tuple[Mapping[str, float], bool]
"""The evidence for a box, and whether it was right."""

_FOUND_IOU, _RIGHT_IOU = 0.5, 0.75
_SCALE_ERROR = 0.06
_BINS = 10
_MOST_KNOTS = 8
_PRIOR = 3.0
_NEWTON_STEPS = 30


def outcomes(panels: Sequence[Panel], gold: Sequence[AnnotatedPanel]) -> dict[str, list[Outcome]]:
    """Pairs of confidence and rightness for a figure's own panels; wrong panels count as wrong boxes alone."""
    own = [panel for panel in panels if panel.parent_id is None]
    true, partner = _partners([panel.box for panel in own], gold)
    found: dict[str, list[Outcome]] = {name: [] for name in CONFIDENCES}
    for i, panel in enumerate(own):
        right = i in partner and panel.box.iou(Box.of(true[partner[i]].box)) >= _RIGHT_IOU
        found["box"].append((panel.box_confidence, right))
        if i in partner:
            match = true[partner[i]]
            if panel.kind is PanelKind.PARENT and not panel.kind_scores:
                found["several"].append((panel.kind_confidence, match.kind is PanelKind.PARENT))
            elif match.kind is not PanelKind.PARENT:
                found["kind"].append((panel.kind_confidence, panel.kind is match.kind))
            if panel.type is not None and match.type is not None:
                found["type"].append((panel.type_confidence, panel.type == match.type))
            if panel.label is not None and panel.label_origin == "read":
                found["label"].append(
                    (panel.label_confidence, panel.label.casefold() == (match.label or "").casefold())
                )
    scales = [
        (bar, bar.length_nm / (bar.box[2] - bar.box[0])) for panel in gold for bar in panel.scale_bars if bar.length_nm
    ]
    for panel in panels:
        if panel.nm_per_px:
            inside = [scale for bar, scale in scales if panel.box.intersection(Box.of(bar.box)) > 0]
            right = any(abs(panel.nm_per_px / scale - 1) <= _SCALE_ERROR for scale in inside)
            found["scale"].append((panel.scale_confidence, right))
    return found


def fitted(pairs: Mapping[str, Sequence[Outcome]]) -> Calibration:
    """Rising curves from confidence to the share of right ones."""
    return Calibration({name: _curve(pairs[name]) for name in CURVES if pairs.get(name)})


def box_outcomes(
    pieces: Sequence[Piece], detected: Sequence[DetectedPanel], gold: Sequence[AnnotatedPanel]
) -> list[EvidenceOutcome]:
    """Pairs of evidence and rightness for the boxes of a figure's own panels."""
    true, partner = _partners([piece.box for piece in pieces], gold)
    return [
        (
            box_evidence(piece, pieces, detected),
            i in partner and piece.box.iou(Box.of(true[partner[i]].box)) >= _RIGHT_IOU,
        )
        for i, piece in enumerate(pieces)
    ]


def weighed(pairs: Sequence[EvidenceOutcome]) -> dict[str, float]:
    """Weights of evidence by logistic regression, with a normal prior on those of standardised evidence."""
    names = list(pairs[0][0])
    values = np.array([[evidence[name] for name in names] for evidence, _ in pairs])
    right = np.array([float(item) for _, item in pairs])
    mean, spread = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-3)
    design = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    prior = np.diag([_PRIOR] * len(names) + [1e-6])
    weights = np.zeros(len(names) + 1)
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (chance - right) + prior @ weights
        weights -= np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + prior, gradient)
    own = weights[:-1] / spread
    found = {name: round(float(weight), 4) for name, weight in zip(names, own, strict=True)}
    return {**found, "constant": round(float(weights[-1] - own @ mean), 4)}


def _partners(boxes: Sequence[Box], gold: Sequence[AnnotatedPanel]) -> tuple[list[AnnotatedPanel], dict[int, int]]:
    """The true panels of a figure, and for each box that found one its index."""
    true = [panel for panel in gold if not panel.nested]
    ious = np.array([[box.iou(Box.of(other.box)) for other in true] for box in boxes]).reshape(len(boxes), len(true))
    pairs = zip(*linear_sum_assignment(-ious), strict=True)
    return true, {int(i): int(j) for i, j in pairs if ious[i, j] >= _FOUND_IOU}


def calibration_error(pairs: Sequence[Outcome]) -> float:
    """Expected calibration error: mean distance of confidence and share right over ten bins, by their sizes."""
    return sum(abs(confidence - right) * count for _, confidence, right, count in reliability(pairs)) / max(
        1, len(pairs)
    )


def reliability(pairs: Sequence[Outcome]) -> list[tuple[float, float, float, int]]:
    """Per bin that holds any: its lower bound, mean confidence, share right, count."""
    table = []
    for number in range(_BINS):
        inside = [(c, right) for c, right in pairs if min(_BINS - 1, int(c * _BINS)) == number]
        if inside:
            mean, share = (float(np.mean([item[k] for item in inside])) for k in (0, 1))
            table.append((number / _BINS, mean, share, len(inside)))
    return table


def _curve(pairs: Sequence[Outcome]) -> tuple[tuple[float, float], ...]:
    ordered = sorted(pairs)
    raw = np.array([confidence for confidence, _ in ordered])
    right = np.array([float(item) for _, item in ordered])
    shares = isotonic_regression(right).x
    edges = np.quantile(raw, np.linspace(0, 1, _MOST_KNOTS))
    knots: list[tuple[float, float]] = []
    for low, high in pairwise(edges.tolist()):
        inside = (raw >= low) & (raw <= high)
        if inside.any() and (not knots or float(np.mean(raw[inside])) > knots[-1][0] + 0.01):
            # half a right one and half a wrong one more: a handful of panels makes nothing certain
            share = (float(shares[inside].sum()) + 0.5) / (int(inside.sum()) + 1)
            knots.append((round(float(np.mean(raw[inside])), 3), round(share, 3)))
    rising = isotonic_regression(np.array([share for _, share in knots])).x
    inner = [(x, round(float(y), 3)) for (x, _), y in zip(knots, rising, strict=True) if 0 < x < 1]
    return ((0.0, 0.0), *inner, (1.0, max(inner[-1][1], round(float(rising[-1]), 3)) if inner else 1.0))


def _measured(
    figures: Iterable[AnnotatedFigure], detections: Mapping[str, Detections], kinds: KindClassifier, curves: Calibration
) -> dict[str, list[Outcome]]:
    total: dict[str, list[Outcome]] = {name: [] for name in CONFIDENCES}
    for figure in figures:
        image = read_image(figure.image, settings().max_image_megapixels)
        panels = concluded(image, detections[figure.name], kinds=kinds, calibrated=curves)
        for name, pairs in outcomes(panels, figure.panels).items():
            total[name] += pairs
    return total


def _box_weights(figures: Iterable[AnnotatedFigure], detections: Mapping[str, Detections]) -> dict[str, float]:
    pairs: list[EvidenceOutcome] = []
    for figure in figures:
        image = read_image(figure.image, settings().max_image_megapixels)
        seen = detections[figure.name]
        pairs += box_outcomes(figure_panels(image, seen), seen.panels, figure.panels)
    return weighed(pairs)


def _detected(figures: Iterable[AnnotatedFigure], networks: Networks) -> dict[str, Detections]:
    megapixels = settings().max_image_megapixels
    return {figure.name: networks.detect([read_image(figure.image, megapixels)])[0] for figure in figures}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the calibration of confidences.")
    parser.add_argument("folders", nargs="+", type=Path, help="annotated figures; their held-back part is used")
    parser.add_argument("--check", nargs="*", default=[], type=Path, help="annotated figures to report reliability on")
    parser.add_argument("--out", type=Path, default=calibration.FILE)
    order = parser.parse_args(argv)
    _, held = held_back(figure for folder in order.folders for figure in read_annotated(folder))
    networks = Networks.load("cpu")
    detections = _detected(held, networks)
    curves = replace(
        fitted(_measured(held, detections, networks.kinds, RAW)), box_weights=_box_weights(held, detections)
    )
    lines = [f"# Fitted on {len(held)} figures that no network learned from, by models/calibration.py.", "[curves]"]
    lines += [f"{name} = {json.dumps(curve)}" for name, curve in curves.curves.items()]
    lines += ["[box_weights]", *(f"{name} = {weight}" for name, weight in curves.box_weights.items())]
    order.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for folder in order.check:
        figures = read_annotated(folder)
        for name, pairs in _measured(figures, _detected(figures, networks), networks.kinds, curves).items():
            sys.stdout.write(f"{folder.parent.name}/{folder.name} {name}: ECE {calibration_error(pairs):.3f}\n")
            for low, confidence, right, count in reliability(pairs):
                sys.stdout.write(f"  {low:.1f}: said {confidence:.2f}, right {right:.2f}, of {count}\n")


if __name__ == "__main__":
    main()
