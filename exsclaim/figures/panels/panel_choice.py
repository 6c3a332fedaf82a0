"""From what the panel network proposes and what the gutters cut to the panels of a figure.

The network knows what belongs together and what it is; the cuts know where gutters are. A proposal takes the cut's
box where both mean the same region, else its own with the sides fitted to the image.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.panels.gutters import panel_boxes
from exsclaim.figures.panels.panel_edges import Edges, parted
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

# Tuned on drawn figures and on 25 published ones (see models/panels/CARD.md); `MIN_SCORE` and `_LEAST_MISSED` later, on
# 417 others that the network had not seen: .35 and .02 gave panel F1 .879 and .903 on their two parts, .38 and .05 .886
# and .915; at .4 two of the 25 are cut into pieces.
MIN_SCORE = 0.38
SAME_REGION_IOU = 0.8
"""From this IoU on a cut and a proposal mean the same region."""
_WITHIN = 0.7
"""A box lies in another if this share of its area does."""
_RIVAL_IOU = 0.45
"""Two panels side by side overlap less."""
_DRAWINGS = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION})
_DOUBLE_IOU = 0.75
"""From this IoU on two proposals are one region, seen both as a panel of its own and as a part."""
SURE_SCORE = 0.5
"""From this score on a proposal is not doubted for a cut's sake."""
_LEAST_MISSED = 0.05
"""Share of the figure's area below which a piece that only the cuts found is no panel."""
# Of 135 parts that the network saw in panels that are no parents (88 figures held back, the 25, 284 learned from) 63
# are insets by hand. These two keep 75 with 58 insets; of the 46 parts on figures that it had not learned from, 18
# with 11 insets, of 13.
_INSET_SCORE = 0.4
_LARGEST_INSET = 0.3
_FILLED = 0.5
"""Parts that cover less than this share of a panel are its insets, and say nothing against it."""


def choose(
    detected: Sequence[DetectedPanel],
    image: NDArray[np.uint8],
    cuts: Sequence[Box] | None = None,
    edges: Edges | None = None,
) -> list[DetectedPanel]:
    """The figure's own panels, best first, without insets and parts of parents; boxes fitted to the image.

    Args:
        detected: proposals for this figure.
        image: `(H, W, 3)` uint8 RGB.
        cuts: boxes from `gutters.panel_boxes`, where the caller has them.
        edges: the image's, likewise.
    """
    proposals = [panel for panel in detected if panel.score >= MIN_SCORE]
    chosen = _best(_wholes_or_parts(_best(proposals, _DOUBLE_IOU)), _RIVAL_IOU)
    cuts = panel_boxes(image) if cuts is None else cuts
    edges = Edges(image) if edges is None else edges
    boxes = parted([panel.box for panel in chosen], edges)
    fitted = [
        replace(panel, box=_box_of(replace(panel, box=box), cuts, edges))
        for panel, box in zip(chosen, boxes, strict=True)
    ]
    # a cut's box may reach into a neighbour that was parted from it
    boxes = parted([panel.box for panel in fitted], edges)
    fitted = [replace(panel, box=box) for panel, box in zip(fitted, boxes, strict=True)]
    return _with_missed(fitted, detected, cuts, image)


def nested_in(panel: DetectedPanel, detected: Sequence[DetectedPanel]) -> list[DetectedPanel]:
    """Parts that the network sees in a parent, or insets in another panel, best first."""
    seen = (other for other in detected if other.score >= MIN_SCORE and other.kind is not PanelKind.PARENT)
    inner = [other for other in seen if _lies_in(other, panel)]
    if panel.kind is not PanelKind.PARENT:
        inner = [other for other in inner if _is_inset(other, panel)]
    return _best(inner, _RIVAL_IOU)


def _is_inset(part: DetectedPanel, whole: DetectedPanel) -> bool:
    """True if what lies in an image or a drawing is surely one of its own: not its plot area, its legend or a node."""
    return part.score * part.nested_score >= _INSET_SCORE and part.box.area < _LARGEST_INSET * whole.box.area


def _own_score(panel: DetectedPanel) -> float:
    """Confidence that this is a panel, and one of its own."""
    return panel.score * (1 - panel.nested_score)


def _lies_in(part: DetectedPanel, whole: DetectedPanel) -> bool:
    return part.box.area < 0.8 * whole.box.area and part.box.intersection(whole.box) >= _WITHIN * part.box.area


def _best(panels: Sequence[DetectedPanel], least_iou: float) -> list[DetectedPanel]:
    """The panels, best first, without those that overlap a better one by `least_iou` or more."""
    kept: list[DetectedPanel] = []
    for panel in sorted(panels, key=lambda panel: -panel.score):
        if all(panel.box.iou(other.box) < least_iou for other in kept):
            kept.append(panel)
    return kept


def _wholes_or_parts(proposals: list[DetectedPanel]) -> list[DetectedPanel]:
    """Panels, none within another. One side gives way: the whole where its parts fill it and are surer of being
    panels of their own, else the parts."""
    kept = sorted(proposals, key=lambda panel: -panel.box.area)
    i = 0
    while i < len(kept):
        whole = kept[i]
        parts = [other for other in kept[i + 1 :] if _lies_in(other, whole)]
        area = sum(part.box.area for part in parts)
        covered = sum(part.box.intersection(whole.box) for part in parts) / max(whole.box.area, 1.0)
        # a parent's parts may well be taken for parts: what letters name together is joined by letters later;
        # an image is hardly filled with insets: several that fill it are neighbours taken as one
        own = _own_score if whole.kind in _DRAWINGS else (lambda part: part.score)
        strength = sum(own(part) * part.box.area for part in parts) / max(area, 1.0)
        if covered >= _FILLED and strength > _own_score(whole):
            del kept[i]
        else:
            kept = [panel for panel in kept if all(panel is not part for part in parts)]
            i += 1
    return kept


def _with_missed(
    chosen: list[DetectedPanel], detected: Sequence[DetectedPanel], cuts: Sequence[Box], image: NDArray[np.uint8]
) -> list[DetectedPanel]:
    """Add parts that the gutters cut out and the network hardly sees, as panels of the likeliest kind there; doubtful
    proposals within it give way."""
    for cut in cuts:
        if cut.area < _LEAST_MISSED * image.shape[0] * image.shape[1]:
            continue
        sure = sum(cut.intersection(panel.box) for panel in chosen if panel.score >= SURE_SCORE)
        seen = max((cut.iou(panel.box) for panel in chosen), default=0.0)
        if sure > 0.1 * cut.area or seen >= 0.5:
            continue
        inside = [panel for panel in chosen if panel.box.intersection(cut) >= _WITHIN * panel.box.area]
        if sum(panel.box.area for panel in inside) > _FILLED * cut.area and len(inside) > 1:
            continue
        best = max(detected, key=lambda panel: panel.box.iou(cut) * panel.score, default=None)
        if best is not None and best.box.iou(cut) > 0.2:
            chosen = [panel for panel in chosen if all(panel is not other for other in inside)]
            chosen.append(replace(best, box=cut, nested_score=0.0))
    return chosen


def _box_of(panel: DetectedPanel, cuts: Sequence[Box], edges: Edges) -> Box:
    best = max(cuts, key=panel.box.iou, default=None)
    if best is not None and panel.box.iou(best) >= SAME_REGION_IOU and panel.kind is not PanelKind.PARENT:
        return best
    return edges.fitted(panel.box, panel.kind)
