"""Scale bars and their printed labels: which label belongs to which bar, and which bar to which panel.

Bars and labels are paired over the whole figure at once (Kuhn-Munkres), by distance and alignment. A faint bar is
believed where a legible label stands beside it, as people do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from exsclaim.figures.panels.joining import distance
from exsclaim.geometry import Box
from exsclaim.records import ScaleBar

CONFIDENCE_DIGITS = 3
"""Of confidences in records: what is behind depends on how many threads add up, and equal runs would not be equal."""
LEAST_CONFIDENCE = 0.4
"""Bars of less confidence, their label's support included, are left out."""
LEAST_BARE = 0.65
"""The same for a bar without a label in a figure whose bars have some."""
LEAST_LEGIBLE = 0.02
"""A text read with less probability is kept as text, but gives no length."""
_CERTAIN = 0.5
_SUPPORT = 0.8
"""How much a legible label beside a bar speaks for it, 0 to 1."""
_FARTHEST = 3.0
"""Cost from which on a label is not a bar's: about so many heights of the label apart."""
_OTHER_PANEL = 2.0


@dataclass(frozen=True)
class DetectedBar:
    """A scale bar as detected; its box is measured on the image."""

    box: Box
    confidence: float


@dataclass(frozen=True)
class DetectedScaleLabel:
    """A scale label as detected and read: `text` "" where it could not be read, `length_nm` None if no length."""

    box: Box
    confidence: float
    text: str
    length_nm: float | None
    text_confidence: float

    @property
    def certainty(self) -> float:
        """That this is a scale label and says what was read."""
        return self.confidence * self.text_confidence if self.text else 0.0


def scale_bars(
    regions: Sequence[Box],
    bars: Sequence[DetectedBar],
    labels: Sequence[DetectedScaleLabel],
    *,
    drawings: Collection[int] = (),
) -> list[tuple[ScaleBar, ...]]:
    """The scale bars of each region, left to right, with their labels. A bar or label is used once at most.

    Args:
        regions: panels, their parts and insets; a bar belongs to the smallest that holds most of it.
        bars: the detector's candidates, doubtful ones too.
        labels: likewise.
        drawings: indices of regions that are graphs or drawings: a line there is a scale bar only if a label says so.
    """
    homes = [_home(bar.box, regions) for bar in bars]
    partners = _partners(bars, labels, homes, [_home(label.box, regions) for label in labels])
    found: list[list[ScaleBar]] = [[] for _ in regions]
    named = [labels[partner] if partner is not None else None for partner in partners]
    with_labels = any(label is not None and label.certainty >= _CERTAIN for label in named)
    for bar, home, label in zip(bars, homes, named, strict=True):
        confidence = 1 - (1 - bar.confidence) * (1 - _SUPPORT * (label.certainty if label else 0.0))
        least = LEAST_BARE if with_labels and label is None else LEAST_CONFIDENCE
        is_line = label is None and home in drawings
        if home is not None and confidence >= least and not is_line:
            found[home].append(_record(bar.box, confidence, label))
    return [tuple(sorted(items, key=lambda bar: (bar.box.x0, bar.box.y0))) for items in found]


def _record(box: Box, confidence: float, label: DetectedScaleLabel | None) -> ScaleBar:
    length_px, confidence = max(box.width, box.height), round(confidence, CONFIDENCE_DIGITS)
    if label is None:
        return ScaleBar(box=box, length_px=length_px, confidence=confidence)
    length_nm = label.length_nm if label.text_confidence >= LEAST_LEGIBLE else None
    return ScaleBar(
        box=box,
        length_px=length_px,
        confidence=confidence,
        label_box=label.box,
        label_text=label.text or None,
        label_confidence=round(label.certainty, CONFIDENCE_DIGITS),
        length_nm=length_nm,
        nm_origin="printed" if length_nm is not None else None,
    )


def _home(box: Box, regions: Sequence[Box]) -> int | None:
    """The smallest region that holds most of the box; else the one that holds some of it or lies closest below it."""
    area = max(box.area, 1e-6)
    holding = [i for i, region in enumerate(regions) if region.intersection(box) >= 0.6 * area]
    if holding:
        return min(holding, key=lambda i: regions[i].area)
    near = [(distance(box, region), i) for i, region in enumerate(regions)]
    gap, nearest = min(near, default=(np.inf, None))
    # below a picture, outside its frame, stands the bar of some micrographs
    return nearest if nearest is not None and gap <= 0.15 * regions[nearest].height else None


def _partners(
    bars: Sequence[DetectedBar],
    labels: Sequence[DetectedScaleLabel],
    bar_homes: Sequence[int | None],
    label_homes: Sequence[int | None],
) -> list[int | None]:
    """For each bar the index of its label, or None."""
    partners: list[int | None] = [None] * len(bars)
    if not bars or not labels:
        return partners
    gains = np.zeros((len(bars), len(labels)))
    for i, bar in enumerate(bars):
        for j, label in enumerate(labels):
            cost = _cost(bar.box, label.box) + (_OTHER_PANEL if bar_homes[i] != label_homes[j] else 0.0)
            worth = bar.confidence * (0.3 + 0.7 * label.certainty)
            gains[i, j] = worth * (_FARTHEST - cost)
    rows, columns = linear_sum_assignment(np.maximum(gains, 0.0), maximize=True)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if gains[i, j] > 0:
            partners[i] = j
    return partners


def _cost(bar: Box, label: Box) -> float:
    """0 for a label centred right above or below its bar; grows with distance and misalignment."""
    height = max(label.height, 4.0)
    dx = max(bar.x0 - label.x1, label.x0 - bar.x1, 0.0)
    dy = max(bar.y0 - label.y1, label.y0 - bar.y1, 0.0)
    off_centre_x = abs(bar.centre[0] - label.centre[0]) / max(bar.width, label.width, 1.0)
    off_centre_y = abs(bar.centre[1] - label.centre[1]) / height
    stacked = float(np.hypot(dx, dy)) / height + 0.5 * off_centre_x
    beside = dx / height + 0.5 * off_centre_y + 0.3
    return min(stacked, beside) if dx > 0 else stacked
