"""COCO's average precision of panels: the mean over kinds and IoU limits, computed by pycocotools.

Definition: https://cocodataset.org/#detection-eval. A panel's score is the confidence in its kind.
"""

import contextlib
import io
from collections.abc import Mapping

from exsclaim.quality.found import FoundFigure
from exsclaim.quality.gold import GoldFigure
from exsclaim.records import PanelKind, Record

_KINDS = {str(kind): number for number, kind in enumerate(PanelKind, start=1)}
_MOST_PANELS = 100


class AveragePrecision(Record):
    """Means over the kinds that the gold has, 0 to 1."""

    at_50_to_95: float
    """COCO's mAP: mean over IoU limits 0.5, 0.55 … 0.95."""
    at_50: float
    at_75: float

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        return {
            "panels.map": self.at_50_to_95,
            "panels.map_at_0.5": self.at_50,
            "panels.map_at_0.75": self.at_75,
        }


def mean_average_precision(gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure]) -> AveragePrecision | None:
    """mAP over all figures of the gold; None where the gold has no panels. Needs pycocotools (extra `train`)."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truths = [
        {
            "image_id": number,
            "category_id": _KINDS[panel.kind],
            "bbox": [panel.box.x0, panel.box.y0, panel.box.width, panel.box.height],
            "area": panel.box.area,
            "iscrowd": 0,
        }
        for number, figure in enumerate(gold.values(), start=1)
        for panel in figure.panels
    ]
    detections = [
        {
            "image_id": number,
            "category_id": _KINDS[panel.kind],
            "bbox": [panel.box.x0, panel.box.y0, panel.box.width, panel.box.height],
            "score": panel.kind_confidence,
        }
        for number, name in enumerate(gold, start=1)
        for panel in found.get(name, FoundFigure()).panels
        if panel.kind in _KINDS
    ]
    if not truths:
        return None
    if not detections:
        return AveragePrecision(at_50_to_95=0.0, at_50=0.0, at_75=0.0)
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": number} for number in range(1, len(gold) + 1)],
        "categories": [{"id": number, "name": kind} for kind, number in _KINDS.items()],
        "annotations": [{"id": id, **annotation} for id, annotation in enumerate(truths, start=1)],
    }
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
        evaluation.params.maxDets = [1, 10, _MOST_PANELS]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    overall, at_50, at_75 = (float(value) for value in evaluation.stats[:3])
    return AveragePrecision(at_50_to_95=overall, at_50=at_50, at_75=at_75)
