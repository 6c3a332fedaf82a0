"""Trends as small multiples: one small chart per metric, a line per source. Needs matplotlib (extra `report`)."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from exsclaim.errors import ExsclaimError
from exsclaim.quality.anomalies import Flag
from exsclaim.quality.metrics import ALL_SOURCES, METRICS, HarvestMetrics, Metric
from exsclaim.quality.trends import by_source, place, spans

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 4
_ROW_INCHES, _HEAD_INCHES = 1.6, 0.55
_COLOURS = ("#2563eb", "#d97706", "#0d9488", "#9333ea", "#db2777", "#65a30d", "#0891b2", "#78716c")
_INK, _FAINTER, _FAINT, _ALARM = "#1f2937", "#b6bcc6", "#d1d5db", "#dc2626"
_STYLE: Any = {
    "font.family": "sans-serif", "font.size": 8, "svg.fonttype": "none", "svg.hashsalt": "exsclaim",
    "axes.edgecolor": _FAINT, "axes.labelcolor": _INK, "text.color": _INK, "xtick.color": "#6b7280",
    "ytick.color": "#6b7280", "axes.spines.top": False, "axes.spines.right": False, "text.parse_math": False,
}  # fmt: skip


def picture(nights: Sequence[HarvestMetrics], flags: Sequence[Flag], suffix: str) -> bytes:
    """The trends of one query as an "svg" or "png" file.

    Dotted lines are changes of a version; a metric with a flag has a red title, and the nights since then are shaded.

    Raises:
        ExsclaimError: matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise ExsclaimError("drawing trends needs matplotlib: pip install 'exsclaim[report]'") from error
    content = io.BytesIO()
    with rc_context(_STYLE):
        metadata = {"Date": None} if suffix == "svg" else {}
        _drawn(nights, flags).savefig(content, format=suffix, dpi=130, facecolor="white", metadata=metadata)
    return content.getvalue()


def _drawn(nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> "Figure":
    from matplotlib.figure import Figure

    histories = [(source, history) for (_, source), history in by_source(nights)]
    # what is tested first; of the counts and times those that people ask for
    wanted = [metric for metric in METRICS if metric.of] + [m for m in METRICS if not m.of and m.shown]
    metrics = [metric for metric in wanted if any(metric.name in night.metrics for night in nights)]
    harvests = sorted({night.harvest for night in nights})
    rows = max(1, -(-len(metrics) // _COLUMNS))
    height = _ROW_INCHES * rows + _HEAD_INCHES
    figure = Figure(figsize=(12.5, height))
    # by hand: a layout engine takes longer than all the drawing
    top, bottom = 1 - _HEAD_INCHES / height, 0.25 / height
    figure.subplots_adjust(left=0.035, right=0.985, top=top, bottom=bottom, wspace=0.17, hspace=0.5)
    colours = {
        source: _FAINTER if source == ALL_SOURCES else _COLOURS[(i - 1) % len(_COLOURS)]
        for i, (source, _) in enumerate(histories)
    }
    changed = [harvests.index(span.first) for span in spans(histories[0][1])[1:]] if histories else []
    for number, metric in enumerate(metrics):
        axes = figure.add_subplot(rows, _COLUMNS, number + 1)
        for source, history in histories:
            if source == ALL_SOURCES and len(histories) == 2 and not metric.name.startswith("seconds"):
                continue  # there is one source, and it is drawn
            places = [harvests.index(night.harvest) for night in history if metric.name in night.metrics]
            values = [night.metrics[metric.name] for night in history if metric.name in night.metrics]
            axes.plot(places, values, "-", color=colours[source], linewidth=1.4, label=place(source))
            axes.plot(places[-1:], values[-1:], "o", color=colours[source], markersize=3)
        _mark(axes, metric, changed, [flag for flag in flags if flag.metric == metric.name], harvests)
    lines = {str(line.get_label()): line for axes in figure.axes for line in axes.lines}
    named = [line for label, line in lines.items() if not label.startswith("_")]
    if named:
        figure.legend(handles=named, loc="upper left", ncols=8, frameon=False)
    return figure


def _mark(axes: "Axes", metric: Metric, changed: list[int], flags: Sequence[Flag], harvests: list[str]) -> None:
    axes.set_title(
        metric.title, loc="left", fontsize=8.5, color=_ALARM if flags else _INK,
        fontweight="bold" if flags else "normal",
    )  # fmt: skip
    for where in changed:
        axes.axvline(where - 0.5, color="#9ca3af", linewidth=0.8, linestyle=":")
    for flag in flags:
        since = flag.since.rpartition("(")[2].rstrip(")")
        axes.axvspan(harvests.index(since) - 0.5, len(harvests) - 0.5, color=_ALARM, alpha=0.1, linewidth=0)
    low, high = axes.get_ylim()
    if high - low < 2 * metric.least:  # noise is not to look like news
        middle = (low + high) / 2
        axes.set_ylim(middle - metric.least, middle + metric.least)
    if metric.kind in ("count", "seconds"):
        axes.set_ylim(bottom=0)
    elif axes.get_ylim()[0] < 0:
        axes.set_ylim(bottom=-0.05 * axes.get_ylim()[1])
    ends = [0, len(harvests) - 1] if len(harvests) > 1 else [0]
    axes.set_xticks(ends, [harvests[i][5:10] for i in ends])
    axes.set_xlim(-0.5, len(harvests) - 0.5)
    axes.locator_params(axis="y", nbins=3, min_n_ticks=2)
    axes.tick_params(length=2)
