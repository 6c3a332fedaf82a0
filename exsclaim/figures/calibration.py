"""Calibrated confidences: of the panels that say 0.8, four in five are right.

A network's scores rank well and say little about how often they are right. A curve per confidence, rising and linear
between knots, turns raw scores into shares of right ones (isotonic regression); for boxes the evidence that speaks for
and against them is weighed (logistic regression). Both were fitted on annotated figures that no network learned from,
by `python -m models.calibration`. Reliability on others: docs/doubts.md.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import exp
from pathlib import Path
from typing import Literal

import numpy as np

FILE = Path(__file__).parent / "calibration.toml"

Confidence = Literal["kind", "several", "type", "label", "scale"]
CURVES: tuple[Confidence, ...] = ("kind", "several", "type", "label", "scale")
CONFIDENCES = ("box", *CURVES)
"""box: IoU of at least .75 with a true panel; kind, type, label: the right one, of panels found at IoU .5; several:
the kind "parent" of a panel that was joined from pieces; scale: nm per pixel within 6 %."""


@dataclass(frozen=True)
class Calibration:
    """Tables that turn raw scores and evidence into confidences.

    `curves`: knots `(raw, calibrated)` of each confidence's curve, both rising from 0 to 1; without one a score stays
    as it is. `box_weights`: of the evidence for a box (`exsclaim.figures.panel_evidence`), and the "constant".
    """

    curves: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    box_weights: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, confidence: Confidence, raw: float) -> float:
        """The calibrated confidence, 0 to 1, of a raw score."""
        curve = self.curves.get(confidence, ())
        if not curve:
            return min(1.0, max(0.0, raw))
        x, y = zip(*curve, strict=True)
        return float(np.interp(raw, x, y))

    def box(self, evidence: Mapping[str, float]) -> float:
        """The probability, 0 to 1, that evidence gives: .5 where it has no weights."""
        total = self.box_weights.get("constant", 0.0)
        total += sum(self.box_weights.get(name, 0.0) * value for name, value in evidence.items())
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


RAW = Calibration()
"""Leaves all scores as they are: what curves are fitted to."""


@cache
def installed() -> Calibration:
    """The calibration of the installed weights."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    curves = {name: tuple((float(x), float(y)) for x, y in curve) for name, curve in read["curves"].items()}
    return Calibration(curves, read["box_weights"])
