"""A benchmark's result: scores of the installed code and weights on figures and captions with gold."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from exsclaim.errors import GoldError
from exsclaim.quality.caption_scores import CaptionScore
from exsclaim.quality.coco_boxes import AveragePrecision, mean_average_precision
from exsclaim.quality.figure_scores import FigureScore, FoundFigure, score_figure, total
from exsclaim.quality.gold import GoldFigure
from exsclaim.records import Record

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp")


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

    @classmethod
    def of(
        cls, truths: Mapping[str, GoldFigure], found: Mapping[str, FoundFigure], captions: CaptionScore | None,
        seconds_per_figure: float, versions: Mapping[str, str],
    ) -> Self:  # fmt: skip
        """Score what was found of each figure against what is true of it."""
        by_figure = {name: score_figure(truth, found[name]) for name, truth in truths.items()}
        return cls(
            score=total(by_figure.values()),
            average_precision=mean_average_precision(truths, found),
            captions=captions,
            seconds_per_figure=seconds_per_figure,
            by_figure=by_figure,
            versions=dict(versions),
        )

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, by stage."""
        return {
            **self.score.metrics(),
            **(self.average_precision.metrics() if self.average_precision else {}),
            **(self.captions.metrics() if self.captions else {}),
            "figures": float(self.score.figures),
            "seconds_per_figure": self.seconds_per_figure,
        }


def images_of(figures: Path, names: Iterable[str]) -> dict[str, Path]:
    """Name of each figure that there is gold for -> its image in the folder `figures`.

    Raises:
        GoldError: an image is missing.
    """
    return {name: _image_of(figures, name) for name in names}


def _image_of(figures: Path, name: str) -> Path:
    for suffix in IMAGE_SUFFIXES:
        if (image := figures / f"{name}{suffix}").is_file():
            return image
    raise GoldError(f"{figures} holds no image for the gold {name}.json; add {name}.png, or remove the gold")
