"""A benchmark's result: scores of the installed code and weights on figures and captions with gold."""

from exsclaim.quality.caption_scores import CaptionScore
from exsclaim.quality.coco_boxes import AveragePrecision
from exsclaim.quality.figure_scores import FigureScore
from exsclaim.records import Record


class BenchmarkResult(Record):
    """Quality of the installed code and weights; `by_figure` tells which figures have the faults."""

    score: FigureScore
    average_precision: AveragePrecision | None
    captions: CaptionScore | None
    seconds_per_figure: float
    """Median over the figures."""
    by_figure: dict[str, FigureScore]
    versions: dict[str, str]
    is_tracked: bool = False

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, by stage."""
        return {
            **self.score.metrics(),
            **(self.average_precision.metrics() if self.average_precision else {}),
            **(self.captions.metrics() if self.captions else {}),
            "figures": float(self.score.figures),
            "seconds_per_figure": self.seconds_per_figure,
        }
