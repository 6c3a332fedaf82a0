"""Histories as people look at them: one trend per query, source and metric, and what each version came to."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from exsclaim.quality.metrics import ALL_SOURCES, METRICS, HarvestMetrics, Metric
from exsclaim.records import Record

_BLOCKS = "▁▂▃▄▅▆▇█"
_MISSING = "·"


class Trend(Record):
    """One metric at one source over nights, oldest first; None where a night could not measure it."""

    query_name: str
    source: str
    metric: str
    title: str
    harvests: tuple[str, ...]
    values: tuple[float | None, ...]

    @property
    def last(self) -> float | None:
        return self.values[-1]

    @property
    def usual(self) -> float | None:
        """Median of the nights before the last."""
        before = [value for value in self.values[:-1] if value is not None]
        return median(before) if before else None

    def sparkline(self, least: float) -> str:
        """One block per night. A range of less than `least` is drawn flat, so that noise does not look like news."""
        known = [value for value in self.values if value is not None]
        if not known:
            return _MISSING * len(self.values)
        low, high = min(known), max(known)
        span = max(high - low, 2 * least, 1e-9)
        # where the range is stretched, its middle is the middle of a block, and not the border of two
        bottom = low if span == high - low else (low + high) / 2 - span * 3.5 / 8
        return "".join(
            _MISSING if value is None else _BLOCKS[max(0, min(7, int(8 * (value - bottom) / span)))]
            for value in self.values
        )


class Span(Record):
    """Nights in a row that were made by the same versions."""

    first: str
    last: str
    nights: int
    changed: tuple[str, ...]
    """Against the span before, as "separation 3"."""
    versions: dict[str, str]
    medians: dict[str, float]
    """Of each metric over the span."""


def last_nights(nights: Iterable[HarvestMetrics], count: int) -> list[HarvestMetrics]:
    """The last so many harvests of each query, oldest first."""
    kept: list[HarvestMetrics] = []
    for _, group in groupby(sorted(nights, key=_order), key=lambda night: night.query_name):
        of_query = list(group)
        harvests = list(dict.fromkeys(night.harvest for night in of_query))[-count:]
        kept += [night for night in of_query if night.harvest in set(harvests)]
    return kept


def trends(nights: Iterable[HarvestMetrics], metrics: Sequence[Metric] = METRICS) -> list[Trend]:
    """Trends by query, source (all together first) and metric; what was never measured is left out."""
    found = []
    for (query_name, source), history in by_source(nights):
        for metric in metrics:
            values = tuple(night.metrics.get(metric.name) for night in history)
            if any(value is not None for value in values):
                found.append(
                    Trend(
                        query_name=query_name,
                        source=source,
                        metric=metric.name,
                        title=metric.title,
                        harvests=tuple(night.harvest for night in history),
                        values=values,
                    )
                )
    return found


def spans(history: Sequence[HarvestMetrics]) -> list[Span]:
    """The history of one source, cut where a version changed."""
    found: list[Span] = []
    before: dict[str, str] = {}
    for _, group in groupby(history, key=lambda night: sorted(night.versions.items())):
        nights = list(group)
        versions = nights[0].versions
        found.append(
            Span(
                first=nights[0].harvest,
                last=nights[-1].harvest,
                nights=len(nights),
                changed=tuple(changes(before, versions)),
                versions=versions,
                medians={
                    metric.name: median(night.metrics[metric.name] for night in nights if metric.name in night.metrics)
                    for metric in METRICS
                    if any(metric.name in night.metrics for night in nights)
                },
            )
        )
        before = versions
    return found


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Versions that changed, in words: "separation 3", "weights of panels 3fa24c"."""
    return [
        f"weights of {name.removeprefix('model.')} {version[:6]}" if name.startswith("model.") else f"{name} {version}"
        for name, version in after.items()
        if name in before and before[name] != version
    ]


def by_source(nights: Iterable[HarvestMetrics]) -> list[tuple[tuple[str, str], list[HarvestMetrics]]]:
    """Histories by query and source, oldest night first; what all sources give comes before each."""
    ordered = sorted(nights, key=lambda night: (night.query_name, night.source, *_order(night)[1:]))
    return [(key, list(group)) for key, group in groupby(ordered, key=lambda night: (night.query_name, night.source))]


def place(source: str) -> str:
    """The source in words."""
    return "all sources" if source == ALL_SOURCES else source


def _order(night: HarvestMetrics) -> tuple[str, str, str]:
    return night.query_name, night.day.isoformat(), night.harvest
