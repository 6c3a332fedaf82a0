"""The quality report of one query as an HTML page that stands alone: flags, charts, versions, numbers."""

import html
from collections.abc import Sequence
from pathlib import Path

from exsclaim.quality.anomalies import Flag
from exsclaim.quality.metrics import BY_NAME, METRICS, HarvestMetrics
from exsclaim.quality.trend_charts import picture
from exsclaim.quality.trends import by_source, last_nights, place, spans, trends
from exsclaim.storage.local import write_whole

SHOWN_NIGHTS = 60
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #1f2937; background: #fff;
  max-width: 1200px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 17px; margin: 36px 0 8px; }
.when { color: #6b7280; margin: 2px 0 20px; }
.flag { border-left: 4px solid #d97706; background: #fffbeb; padding: 8px 14px; margin: 8px 0;
  border-radius: 0 6px 6px 0; }
.flag.redesign { border-color: #dc2626; background: #fef2f2; }
.well { border-left: 4px solid #059669; background: #ecfdf5; padding: 8px 14px; border-radius: 0 6px 6px 0; }
.charts svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid #e5e7eb; white-space: nowrap; }
th { color: #6b7280; font-weight: 500; } th:first-child, td:first-child, td.words { text-align: left; }
td.flagged { color: #b91c1c; font-weight: 600; }
"""


def write_page(path: Path, nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> None:
    """Write the report of one query's nights; `flags` are those of its last night."""
    write_whole(path, page(nights, flags).encode())


def page(nights: Sequence[HarvestMetrics], flags: Sequence[Flag]) -> str:
    """The report as HTML, of the last 60 nights."""
    nights = last_nights(nights, SHOWN_NIGHTS)
    harvests = sorted({night.harvest for night in nights})
    name = html.escape(nights[-1].query_name)
    charts = picture(nights, flags, "svg").decode()
    said = "".join(f'<div class="flag {flag.kind}">{html.escape(flag.message)}</div>' for flag in flags)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quality: {name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{name}</h1><p class=when>Extraction quality over {len(harvests)} nights, {harvests[0]} to "
        f"{harvests[-1]}</p>{said or '<div class=well>The last night is as usual.</div>'}"
        f"<h2>Trends</h2><p class=when>Dotted lines: a version changed. Shaded: not as usual since then.</p>"
        f'<div class="charts">{charts[charts.index("<svg") :]}</div>'
        f"<h2>Last night</h2>{_last(nights, flags)}<h2>Versions</h2>{_versions(nights)}</body></html>\n"
    )


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
            rows.append(f"<tr><td>{html.escape(metric.title)}</td>{''.join(cells)}</tr>")
    head = "".join(f"<th>{html.escape(place(source))}</th><th>usual</th>" for source in sources)
    return f"<div class=wide><table><tr><th>metric</th>{head}</tr>{''.join(rows)}</table></div>"


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
            what = html.escape(", ".join(span.changed) or "as before these nights")
            rows.append(
                f"<tr><td>{html.escape(place(source))}</td><td class=words>{span.first} to {span.last}</td>"
                f"<td>{span.nights}</td><td class=words>{what}</td>{cells}</tr>"
            )
    head = "".join(f"<th>{html.escape(metric.title)}</th>" for metric in shown)
    return (
        "<div class=wide><table><tr><th>source</th><th>harvests</th><th>nights</th><th>new</th>"
        f"{head}</tr>{''.join(rows)}</table></div>"
    )
