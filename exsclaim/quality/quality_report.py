"""The quality report of one query: an HTML page that stands alone, and its charts.

Charts need matplotlib (extra `report`).
"""

import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exsclaim.errors import ExsclaimError
from exsclaim.quality.alarms import Flag
from exsclaim.quality.alarms import flags as flags_of
from exsclaim.quality.drift import LEAST_NIGHTS
from exsclaim.quality.metrics import ALL_SOURCES, BY_NAME, METRICS, HarvestMetrics, Metric
from exsclaim.quality.trends import by_source, last_nights, place, spans, trends
from exsclaim.storage.local import write_whole

SHOWN_NIGHTS = 60
TOLD_NIGHTS = 30
"""Nights in what a harvest tells of itself."""
_CHARTS = "Charts of all metrics over the nights; the table below has the last night in numbers."
_STYLE = """
:root { color-scheme: light dark; --quiet: #5b6472; --line: #8884; --alarm: #b91c1c; --warn: #d97706; --fine: #059669; }
html { background: Canvas; color: CanvasText; }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  max-width: 1200px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 17px; margin: 36px 0 8px; }
.when { color: var(--quiet); margin: 2px 0 20px; }
.flag, .well { border-left: 4px solid var(--warn); background: #d977061a; padding: 8px 14px; margin: 8px 0;
  border-radius: 0 6px 6px 0; }
.flag.redesign { border-color: var(--alarm); background: #dc26261a; }
.well { border-color: var(--fine); background: #0596691a; }
.wide { overflow-x: auto; }
.wide svg { width: 100%; min-width: 56rem; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; }
[scope=row] { color: inherit; font-weight: inherit; }
th:first-child, .words { text-align: left; }
td.flagged { color: var(--alarm); font-weight: 600; }
@media (max-width: 50rem) {
  body { padding: 16px 16px 48px; }
  th:first-child { position: sticky; left: 0; background: Canvas; white-space: normal; min-width: 7rem; }
}
@media (prefers-color-scheme: dark) {
  :root { --quiet: #a3acb9; --alarm: #f87171; }
  .wide svg { filter: invert(1) hue-rotate(180deg); }
}
"""


def write_page(path: Path, nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> None:
    """Write the report of one query's nights; `flags` are those of its last night."""
    write_whole(path, page(nights, flags).encode())


def write_quality_report(history: Sequence[HarvestMetrics], folder: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Write `quality.html` and `quality.png` of a query's nights into `folder`; gives their content by name.

    Nothing is written before the second night, which makes a trend.

    Raises:
        ExsclaimError: matplotlib is not installed.
    """
    if len({night.harvest for night in history}) < 2:
        return {}, {}
    found = flags_of(history)
    text, image = page(history, found), picture(last_nights(history, TOLD_NIGHTS), found, "png")
    write_whole(folder / "quality.html", text.encode())
    write_whole(folder / "quality.png", image)
    return {"quality.html": text}, {"quality.png": image}


def _without_flags(nights: Iterable[HarvestMetrics]) -> str:
    """Sentence on the last night of a query where nothing is flagged: of few nights nobody knows what is usual."""
    is_known = len({night.harvest for night in nights}) > LEAST_NIGHTS
    return "The last night is as usual." if is_known else "Too few nights to know what is usual."


def markdown(flags: Sequence[Flag], history: Sequence[HarvestMetrics]) -> str:
    """Flags, and the last 30 nights as a table."""
    lines = [f"- **{flag.message}**" for flag in flags] or [_without_flags(history)]
    lines += ["", "| source | metric | trend | usual | last |", "| --- | --- | --- | --- | --- |"]
    for trend in trends(last_nights(history, TOLD_NIGHTS), [metric for metric in METRICS if metric.shown]):
        metric = BY_NAME[trend.metric]
        usual, last = ("–" if value is None else metric.text(value) for value in (trend.usual, trend.last))
        lines.append(
            f"| {trend.source or 'all'} | {trend.title} | {trend.sparkline(metric.least)} | {usual} | {last} |"
        )
    return "\n".join(lines)


def page(nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> str:
    """The report as HTML, of the last 60 nights."""
    nights = last_nights(nights, SHOWN_NIGHTS)
    harvests = sorted({night.harvest for night in nights})
    name = html.escape(nights[-1].query_name)
    charts = picture(nights, flags, "svg").decode()
    said = "".join(f'<div class="flag {flag.kind}">{html.escape(flag.message)}</div>' for flag in flags)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quality: {name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>{name}</h1><p class=when>Extraction quality over {len(harvests)} nights, {harvests[0]} to "
        f"{harvests[-1]}</p>{said or f'<div class=well>{_without_flags(nights)}</div>'}"
        f"<h2>Trends</h2><p class=when>Dotted lines: a version changed. Shaded: unusual since then.</p>"
        + _wide("Trends", f'<svg role="img" aria-label="{_CHARTS}"{charts[charts.index("<svg") + len("<svg") :]}')
        + f"<h2>Last night</h2>{_last(nights, flags)}<h2>Versions</h2>{_versions(nights)}</main></body></html>\n"
    )


def _wide(name: str, content: str) -> str:
    """Content that may be wider than a telephone: it scrolls by itself, by keyboard as well."""
    return f'<div class=wide role=region tabindex=0 aria-label="{name}">{content}</div>'


def _table(name: str, head: str, rows: Iterable[str]) -> str:
    return _wide(name, f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")


def _last(nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> str:
    """Each metric at each source: last night, and the median of the nights before."""
    sources = [source for (_, source), _ in by_source(nights)]
    found = {(trend.metric, trend.source): trend for trend in trends(nights)}
    flagged = {(flag.metric, flag.source) for flag in flags}
    rows = []
    for metric in METRICS:
        cells = []
        for source in sources:
            trend = found.get((metric.name, source))
            for value in (trend.last, trend.usual) if trend else (None, None):
                mark = " class=flagged" if (metric.name, source) in flagged else ""
                cells.append("<td>–</td>" if value is None else f"<td{mark}>{metric.text(value)}</td>")
        if any(cell != "<td>–</td>" for cell in cells):
            rows.append(f"<tr><th scope=row>{html.escape(metric.title)}</th>{''.join(cells)}</tr>")
    head = "".join(f"<th scope=col>{html.escape(place(source))}</th><th scope=col>usual</th>" for source in sources)
    return _table("Last night", f"<th scope=col>metric</th>{head}", rows)


def _versions(nights: Sequence[HarvestMetrics]) -> str:
    """Medians of what is followed most, between changes of versions."""
    shown = [BY_NAME[name] for name in ("label_agreement_f1", "micrographs_with_scale", "panels", "failures")]
    rows = []
    for (_, source), history in by_source(nights):
        for span in spans(history):
            cells = "".join(
                f"<td>{metric.text(span.medians[metric.name])}</td>" if metric.name in span.medians else "<td>–</td>"
                for metric in shown
            )
            what = html.escape(", ".join(span.changed) or "same as before these nights")
            rows.append(
                f"<tr><th scope=row>{html.escape(place(source))}</th><td class=words>{span.first} to {span.last}</td>"
                f"<td>{span.nights}</td><td class=words>{what}</td>{cells}</tr>"
            )
    names = "source", "harvests", "nights", "new", *(metric.title for metric in shown)
    words = "harvests", "new"
    head = (f"<th scope=col{' class=words' * (name in words)}>{html.escape(name)}</th>" for name in names)
    return _table("Versions", "".join(head), rows)


if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = 4
_ROW_INCHES, _HEAD_INCHES = 1.6, 0.55
_COLOURS = ("#2563eb", "#d97706", "#0d9488", "#9333ea", "#db2777", "#65a30d", "#0891b2", "#78716c")
_INK, _FAINTER, _FAINT, _ALARM = "#1f2937", "#b6bcc6", "#d1d5db", "#dc2626"
_CHART_STYLE: Any = {
    "font.family": "sans-serif", "font.size": 8, "svg.fonttype": "none", "svg.hashsalt": "exsclaim",
    "axes.edgecolor": _FAINT, "axes.labelcolor": _INK, "text.color": _INK, "xtick.color": "#6b7280",
    "ytick.color": "#6b7280", "axes.spines.top": False, "axes.spines.right": False, "text.parse_math": False,
    "axes.facecolor": "none",
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
    with rc_context(_CHART_STYLE):
        metadata = {"Date": None} if suffix == "svg" else {}
        paper = "none" if suffix == "svg" else "white"  # the page's own, which may be dark
        _drawn(nights, flags).savefig(content, format=suffix, dpi=130, facecolor=paper, metadata=metadata)
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
