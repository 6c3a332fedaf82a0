"""From what the panel network proposes and what the gutters cut to the panels of a figure.

The network knows what belongs together and what it is; the cuts know where gutters are. A proposal takes the cut's
box where both mean the same region, else its own with the sides fitted to the image.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.gutters import panel_boxes
from exsclaim.figures.panel_edges import Edges
from exsclaim.figures.panels import DetectedPanel
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

# Tuned on drawn figures and on 25 published ones (see models/panels/CARD.md).
MIN_SCORE = 0.3
SAME_REGION_IOU = 0.8
"""From this IoU on a cut and a proposal mean the same region."""
_WITHIN = 0.7
"""A box lies in another if this share of its area does."""
_RIVAL_IOU = 0.45
"""Two panels side by side overlap less."""


def choose(
    detected: Sequence[DetectedPanel], image: NDArray[np.uint8], cuts: Sequence[Box] | None = None
) -> list[DetectedPanel]:
    """The figure's own panels, best first, without insets and parts of parents; boxes fitted to the image.

    Args:
        detected: proposals for this figure.
        image: `(H, W, 3)` uint8 RGB.
        cuts: boxes from `gutters.panel_boxes`, where the caller has them.
    """
    proposals = [panel for panel in detected if panel.score >= MIN_SCORE and panel.nested_score <= 0.5]
    chosen = _without_rivals(_parents_or_parts(proposals))
    cuts = panel_boxes(image) if cuts is None else cuts
    edges = Edges(image)
    return [replace(panel, box=_box_of(panel, cuts, edges)) for panel in chosen]


def nested_in(panel: DetectedPanel, detected: Sequence[DetectedPanel]) -> list[DetectedPanel]:
    """Insets and parts that the network sees in a chosen panel, best first."""
    return [
        other
        for other in detected
        if other.nested_score > 0.5
        and other.box.area < 0.9 * panel.box.area
        and other.box.intersection(panel.box) >= _WITHIN * other.box.area
    ]


def _parents_or_parts(proposals: list[DetectedPanel]) -> list[DetectedPanel]:
    """A panel of its own within another cannot be: one gives way, the larger or those in it."""
    kept = sorted(proposals, key=lambda panel: -panel.box.area)
    i = 0
    while i < len(kept):
        whole = kept[i]
        parts = [
            other
            for other in kept[i + 1 :]
            if other.box.area < 0.8 * whole.box.area and other.box.intersection(whole.box) >= _WITHIN * other.box.area
        ]
        covered = sum(part.box.intersection(whole.box) for part in parts) / max(whole.box.area, 1.0)
        strength = sum(part.score * part.box.area for part in parts) / max(sum(part.box.area for part in parts), 1.0)
        if parts and covered >= 0.4 and strength > whole.score:
            del kept[i]
        else:
            kept = [panel for panel in kept if all(panel is not part for part in parts)]
            i += 1
    return kept


def _without_rivals(panels: list[DetectedPanel]) -> list[DetectedPanel]:
    kept: list[DetectedPanel] = []
    for panel in sorted(panels, key=lambda panel: -panel.score):
        if all(panel.box.iou(other.box) < _RIVAL_IOU for other in kept):
            kept.append(panel)
    return kept


def _box_of(panel: DetectedPanel, cuts: Sequence[Box], edges: Edges) -> Box:
    best = max(cuts, key=panel.box.iou, default=None)
    if best is not None and panel.box.iou(best) >= SAME_REGION_IOU and panel.kind is not PanelKind.PARENT:
        return best
    return edges.fitted(panel.box, panel.kind)
