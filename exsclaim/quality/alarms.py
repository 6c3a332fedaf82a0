"""Alarms: flags for what is not as usual in a history of harvests, with words for the summary, report and alert."""

from collections.abc import Iterable, Sequence
from typing import Literal

from exsclaim.quality.drift import Drift, Point, gone, mean_drift, share_drift
from exsclaim.quality.metrics import ALL_SOURCES, BY_NAME, METRICS, SEARCHED, HarvestMetrics, Metric
from exsclaim.quality.trends import by_source, changes
from exsclaim.records import Record
from exsclaim.recovery import SEARCH_STATUSES
from exsclaim.sources import is_local

_REDESIGNS = {
    "parsed": ("pages are not understood", "pages"),
    "with_figures": ("pages give no figures", "articles"),
    "with_caption": ("figures have no captions", "figures"),
}
"""Shares that a journal's redesign takes away: what is then said, and of what the share is."""
_EXPLAINED = {
    "parsed": ("parsed", "found", "with_figures"),
    "with_figures": ("with_figures", "figures_per_article", "with_caption"),
    "with_caption": ("with_caption", "label_agreement_f1"),
}
"""Metrics whose drift the redesign explains already."""
_LEAST_NIGHTS_WITH_FINDINGS = 3
_LEAST_WITHOUT = 3
"""So many things of a source, over all nights, of which none has what it should have are no accident."""


class Flag(Record):
    """One thing that is not as usual in the last night of a history."""

    kind: Literal["drift", "redesign", "source"]
    query_name: str
    source: str
    """`exsclaim.quality.metrics.ALL_SOURCES` for all together."""
    metric: str
    value: float
    usual: float
    nights: int
    """Nights that say what is usual."""
    since: str
    """Harvest with which it began, and what changed with it: "2026-11-20", "separation 3 (2026-11-20)"."""
    message: str
    """One sentence."""


def flags(nights: Iterable[HarvestMetrics]) -> list[Flag]:
    """All that is not as usual in the last night of each query and source; redesigns first.

    A query that changed is another one: what it found before says nothing of what it finds now.
    """
    found: list[Flag] = []
    for _, history in by_source(nights):
        found += _flags([night for night in history if night.query_digest == history[-1].query_digest])
    # what is said of a source, or explained there, need not be said of all together
    said = {
        (flag.query_name, metric)
        for flag in found
        if flag.source != ALL_SOURCES
        for metric in (flag.metric, *(_EXPLAINED.get(flag.metric, ()) if flag.kind == "redesign" else ()))
    }
    kept = [flag for flag in found if flag.source != ALL_SOURCES or (flag.query_name, flag.metric) not in said]
    return sorted(kept, key=lambda flag: (flag.kind != "redesign", flag.query_name, flag.source))


def points(nights: Sequence[HarvestMetrics], metric: Metric) -> list[Point]:
    """The metric's history; nights that could not measure it are taken over 0 things."""
    return [
        Point(night.metrics.get(metric.name, 0.0), night.metrics.get(metric.of, 0.0))
        if metric.name in night.metrics
        else Point(0.0, 0.0)
        for night in nights
    ]


def _flags(nights: Sequence[HarvestMetrics]) -> list[Flag]:
    redesigns = [] if nights[-1].source == ALL_SOURCES else _redesigns(nights)
    explained = {name for flag in redesigns for name in _EXPLAINED.get(flag.metric, ())}
    drifts = [_drifted(nights, metric) for metric in METRICS if metric.of and metric.name not in explained]
    never = [] if nights[-1].source == ALL_SOURCES else _never(nights)
    return _unsearched(nights) + redesigns + never + [flag for flag in drifts if flag is not None]


def _unsearched(nights: Sequence[HarvestMetrics]) -> list[Flag]:
    """A source that could not be searched to the end: said of every harvest until it can be, also of the first."""
    last = nights[-1]
    if last.source == ALL_SOURCES or last.metrics.get(SEARCHED) != 0:
        return []
    drift = Drift(0.0, 1.0, len(nights) - 1, 1.0)
    how = next((f" ({name.replace('_', ' ')})" for name in SEARCH_STATUSES if last.metrics.get(name)), "")
    message = f"{last.source} could not be searched to the end, since {{since}}{how}: new articles may be missing"
    return [_flag("source", nights, BY_NAME[SEARCHED], drift, message)]


def _redesigns(nights: Sequence[HarvestMetrics]) -> list[Flag]:
    source, found = nights[-1].source, []
    for name, (said, of) in _REDESIGNS.items():
        if (drift := gone(points(nights, BY_NAME[name]))) is not None:
            message = (
                f"{source}: {said} any more ({drift.value:.0%} of {of}; {drift.usual:.0%} before), since "
                f"{{since}}: the journal has probably been redesigned, and its reader must be adapted"
            )
            found.append(_flag("redesign", nights, BY_NAME[name], drift, message))
    counts = [night.metrics["found"] for night in nights if "found" in night.metrics]
    before = counts[:-1][-_LEAST_NIGHTS_WITH_FINDINGS:]
    if nights[-1].metrics.get("found") == 0 and len(before) == _LEAST_NIGHTS_WITH_FINDINGS and all(before):
        drift = Drift(0.0, sum(before) / len(before), len(before), 1.0)
        message = (
            f"{source}: the search no longer finds anything ({drift.usual:.0f} articles before), since {{since}}: "
            "its page of results has probably been redesigned"
        )
        found.append(_flag("redesign", nights, BY_NAME["found"], drift, message))
    return found


def _never(nights: Sequence[HarvestMetrics]) -> list[Flag]:
    """Flag for what not one thing of a source had in any night: where nothing was ever usual, no drift tells of it."""
    for name, (said, of) in _REDESIGNS.items():
        history = [point for point in points(nights, BY_NAME[name]) if point.n]
        count = round(sum(point.n for point in history))
        if count < _LEAST_WITHOUT or any(point.value for point in history):
            continue
        if name == "with_caption" and is_local(nights[-1].source):
            continue  # a folder of images has captions only where somebody wrote them
        message = (
            f"{nights[-1].source}: {said} (none of the {count} {of} so far), since {{since}}: look at one of them,"
            " the source's reader may not know this layout"
        )
        # what is not understood has no figures, and what has none no captions
        return [_flag("redesign", nights, BY_NAME[name], Drift(0.0, 1.0, len(history), 1.0), message)]
    return []


def _drifted(nights: Sequence[HarvestMetrics], metric: Metric) -> Flag | None:
    history = points(nights, metric)
    drift = (share_drift if metric.kind == "share" else mean_drift)(history, metric.least)
    if drift is None:
        return None
    moved = "fell" if drift.value < drift.usual else "rose"
    if metric.worse is not None and (metric.worse == "lower") != (moved == "fell"):
        return None  # better than usual
    place = f" on {nights[-1].source}" if nights[-1].source != ALL_SOURCES else ""
    message = (
        f"{metric.title} {moved} from {metric.text(drift.usual)} (median of {drift.nights} nights) to "
        f"{metric.text(drift.value)}{place} since {{since}}"
    )
    return _flag("drift", nights, metric, drift, message)


def _flag(
    kind: Literal["drift", "redesign", "source"],
    nights: Sequence[HarvestMetrics],
    metric: Metric,
    drift: Drift,
    message: str,
) -> Flag:
    since = _since(nights, metric, drift)
    return Flag(
        kind=kind,
        query_name=nights[-1].query_name,
        source=nights[-1].source,
        metric=metric.name,
        value=drift.value,
        usual=drift.usual,
        nights=drift.nights,
        since=since,
        message=message.format(since=since),
    )


def _since(nights: Sequence[HarvestMetrics], metric: Metric, drift: Drift) -> str:
    """The first of the nights that are nearer to the new value than to the usual one, and what was new in it."""
    measured = [night for night in nights if metric.name in night.metrics]
    first = len(measured) - 1
    middle = (drift.value + drift.usual) / 2
    while first > 0 and (measured[first - 1].metrics[metric.name] < middle) == (drift.value < middle):
        first -= 1
    night = measured[first]
    changed = changes(measured[first - 1].versions, night.versions) if first else []
    return f"{', '.join(changed)} ({night.harvest})" if changed else night.harvest
