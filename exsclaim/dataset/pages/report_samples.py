"""A survey of a data set for people: sample crops, the distribution of scales, the figures that are most in doubt."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image

from exsclaim.dataset.opened import Dataset
from exsclaim.dataset.tables.pictures import overlay
from exsclaim.dataset.tables.published_records import panel_of
from exsclaim.dataset.tables.table_rows import Row
from exsclaim.dataset.tables.whole_crops import decoded
from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image
from exsclaim.settings import settings

SAMPLES = 6
MOST_TECHNIQUES = 12
MOST_DOUBTFUL = 8
_SAMPLE_PX = 160
_FIGURE_PX = 380
_BINS_PER_DECADE = 2

# of an article one panel at most; by a hash, so that the choice is no one's and the same each time
_SAMPLES_OF = """
    SELECT value, id FROM (
        SELECT value, id, row_number() OVER (PARTITION BY value ORDER BY md5(id)) AS place FROM (
            SELECT value, id, row_number() OVER (PARTITION BY value, article_id ORDER BY md5(id)) AS of_article
            FROM ({values})
        ) WHERE of_article = 1
    ) WHERE place <= $1 ORDER BY value, place
"""
_KINDS = _SAMPLES_OF.format(values="SELECT kind AS value, id, article_id FROM panels")
_TECHNIQUES = _SAMPLES_OF.format(
    values="SELECT unnest(list_distinct(techniques)) AS value, id, article_id FROM panels WHERE len(techniques) > 0"
)
_SCALES = """
    SELECT floor(log10(nm_per_px) * $1) AS bin, count(*) FROM panels
    WHERE nm_per_px > 0 AND isfinite(nm_per_px) GROUP BY bin ORDER BY bin
"""
_DOUBTFUL = """
    SELECT figure_id, count(*) AS panels, sum(coalesce(len(doubts), 0))::BIGINT AS doubts,
        list_sort(list_distinct(flatten(list(coalesce(doubts, []))))) AS kinds_of_doubt, min(kind_confidence) AS surest
    FROM panels GROUP BY figure_id HAVING doubts > 0 ORDER BY doubts DESC, surest, figure_id LIMIT $1
"""


@dataclass(frozen=True)
class Sample:
    """A panel as an example, its crop made small."""

    panel: Row
    jpeg: bytes


@dataclass(frozen=True)
class DoubtfulFigure:
    """A figure with doubts about its panels; `jpeg` is the figure with its boxes, small, None where it is no image."""

    figure: Row
    panels: int
    doubts: int
    kinds_of_doubt: tuple[str, ...]
    jpeg: bytes | None


@dataclass(frozen=True)
class Survey:
    """Pictures and distributions of a data set."""

    kinds: dict[str, list[Sample]] = field(default_factory=dict)
    techniques: dict[str, list[Sample]] = field(default_factory=dict)
    """The most frequent techniques."""
    scales: list[tuple[float, float, int]] = field(default_factory=list)
    """Least and greatest nm per pixel, and how many panels lie between; empty ranges between others are there."""
    doubtful: list[DoubtfulFigure] = field(default_factory=list)
    """The most doubtful figures first."""


def surveyed(dataset: Dataset, techniques: Iterable[str]) -> Survey:
    """Survey a data set.

    Args:
        dataset: what to look at.
        techniques: those of which samples are wanted, in their order.
    """
    wanted = list(techniques)[:MOST_TECHNIQUES]
    of_kinds, of_techniques, scales, doubtful = dataset.query(
        (_KINDS, SAMPLES), (_TECHNIQUES, SAMPLES), (_SCALES, _BINS_PER_DECADE), (_DOUBTFUL, MOST_DOUBTFUL)
    )
    of_techniques = [pair for pair in of_techniques if pair[0] in wanted]
    samples = _samples(dataset, {id for _, id in (*of_kinds, *of_techniques)})
    return Survey(
        kinds=_grouped(of_kinds, samples),
        techniques={name: got for name in wanted if (got := _grouped(of_techniques, samples).get(name))},
        scales=_scales(scales),
        doubtful=[_doubtful(dataset, *row[:4]) for row in doubtful],
    )


def _samples(dataset: Dataset, ids: set[str]) -> dict[str, Sample]:
    return {row["id"]: Sample(row, _small(decoded(row["image"]["bytes"]), _SAMPLE_PX)) for row in dataset.crops(ids)}


def _grouped(pairs: list[tuple[str, str]], samples: dict[str, Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for value, id in pairs:
        if id in samples:
            found.setdefault(value, []).append(samples[id])
    return found


def _scales(bins: list[tuple[float, int]]) -> list[tuple[float, float, int]]:
    counts = {int(place): count for place, count in bins}
    if not counts:
        return []
    return [
        (10 ** (place / _BINS_PER_DECADE), 10 ** ((place + 1) / _BINS_PER_DECADE), counts.get(place, 0))
        for place in range(min(counts), max(counts) + 1)
    ]


def _doubtful(dataset: Dataset, figure_id: str, panels: int, doubts: int, kinds: list[str]) -> DoubtfulFigure:
    row = dataset.figure_row(figure_id)
    try:
        pixels = read_image(dataset.figure_file(row["figure_name"]), settings().max_image_megapixels)
    except ImageError:
        jpeg = None
    else:
        boxes = list(map(panel_of, dataset.panels_of(figure_id)))
        jpeg = _small(overlay(Image.fromarray(pixels), boxes, with_text=False), _FIGURE_PX)
    return DoubtfulFigure(row, panels, doubts, tuple(kinds), jpeg)


def _small(picture: Image.Image, side_px: int) -> bytes:
    picture.thumbnail((side_px, side_px))
    file = io.BytesIO()
    picture.save(file, format="JPEG", quality=82)
    return file.getvalue()
