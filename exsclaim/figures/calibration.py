"""Calibrated confidences: of the panels that say 0.8, four in five are right.

A network's scores rank well and say little about how often they are right. A curve per confidence, rising and linear
between knots, turns raw scores into shares of right ones; it was fitted (isotonic regression) on annotated figures
that no network learned from, by `python -m models.calibration`. Reliability on others: docs/doubts.md.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

FILE = Path(__file__).parent / "calibration.toml"

Confidence = Literal["box", "kind", "label", "scale"]
CONFIDENCES: tuple[Confidence, ...] = ("box", "kind", "label", "scale")
"""box: IoU of at least .75 with a true panel; kind, label: the right one, of panels found at IoU .5; scale: nm per
pixel within 6 %."""


@dataclass(frozen=True)
class Calibration:
    """Knots `(raw, calibrated)` of each confidence's curve, both rising from 0 to 1; () leaves a score as it is."""

    curves: Mapping[str, tuple[tuple[float, float], ...]]

    def __call__(self, confidence: Confidence, raw: float) -> float:
        """The calibrated confidence, 0 to 1, of a raw score."""
        curve = self.curves.get(confidence, ())
        if not curve:
            return min(1.0, max(0.0, raw))
        x, y = zip(*curve, strict=True)
        return float(np.interp(raw, x, y))


RAW = Calibration({})
"""Leaves all scores as they are: what curves are fitted to."""


@cache
def installed() -> Calibration:
    """The calibration of the installed weights."""
    curves = tomllib.loads(FILE.read_text(encoding="utf-8"))["curves"]
    return Calibration({name: tuple((float(x), float(y)) for x, y in curve) for name, curve in curves.items()})
