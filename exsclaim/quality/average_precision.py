"""COCO's average precision of panels, computed by pycocotools.

Definition: https://cocodataset.org/#detection-eval. A panel's score is the confidence in its kind.
"""

import contextlib
import io
from collections.abc import Mapping

from exsclaim.quality.coco_boxes import CATEGORIES, found_as_coco, gold_as_coco
from exsclaim.quality.figure_entries import FoundFigure
from exsclaim.quality.gold import GoldFigure
from exsclaim.records import PanelKind, Record

_MOST_PANELS = 100
_NO_KIND = CATEGORIES[PanelKind.UNCLEAR]


class AveragePrecision(Record):
    """0 to 1. The first three are means over the kinds that the gold has; `of_boxes` asks for no kind."""

    at_50_to_95: float
    """COCO's mAP: mean over IoU limits 0.5, 0.55 … 0.95."""
    at_50: float
    at_75: float
    of_boxes_at_50_to_95: float
    of_boxes_at_50: float

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        return {
            "panels.map": self.at_50_to_95,
            "panels.map_at_0.5": self.at_50,
            "panels.map_at_0.75": self.at_75,
            "panels.boxes.ap": self.of_boxes_at_50_to_95,
            "panels.boxes.ap_at_0.5": self.of_boxes_at_50,
        }


def mean_average_precision(gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure]) -> AveragePrecision | None:
    """mAP over all figures of the gold; None where the gold has no panels. Needs pycocotools (extra `train`)."""
    if not any(figure.panels for figure in gold.values()):
        return None
    overall, at_50, at_75 = _evaluated(gold, found, by_kind=True)
    boxes, boxes_at_50, _ = _evaluated(gold, found, by_kind=False)
    return AveragePrecision(
        at_50_to_95=overall, at_50=at_50, at_75=at_75, of_boxes_at_50_to_95=boxes, of_boxes_at_50=boxes_at_50
    )


def _evaluated(
    gold: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure], *, by_kind: bool
) -> tuple[float, float, float]:
    """AP at 0.5 to 0.95, at 0.5, at 0.75; where kinds do not matter, all panels are of one category."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    detections = found_as_coco(gold, found)
    if not detections:
        return 0.0, 0.0, 0.0
    truth = COCO()
    truth.dataset = gold_as_coco(gold)
    if not by_kind:
        for entry in (*truth.dataset["annotations"], *detections):
            entry["category_id"] = _NO_KIND
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
        evaluation.params.maxDets = [1, 10, _MOST_PANELS]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    overall, at_50, at_75 = (float(value) for value in evaluation.stats[:3])
    return overall, at_50, at_75
