"""Quality over time as a harvest tells it: the report's files, Prefect's artifacts, and an event where it drifted."""

import re
from collections.abc import Sequence
from pathlib import Path

from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.quality.anomalies import Flag, flags
from exsclaim.quality.metrics import BY_NAME, METRICS, HarvestMetrics
from exsclaim.quality.trends import last_nights, trends
from exsclaim.storage.local import write_whole

DRIFTED = "exsclaim.quality.drifted"
"""Event that deployments/automations.yaml alerts on."""
_SHOWN_NIGHTS = 30


def quality_report(history: Sequence[HarvestMetrics], folder: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Write `quality.html` and `quality.png` of a query's nights into `folder`, and give them as artifacts.

    Nothing is written before the second night, which makes a trend.
    """
    if len({night.harvest for night in history}) < 2:
        return {}, {}
    from exsclaim.quality.quality_report import (
        page,
        picture,  # matplotlib, which most runs of the demo need not load
    )

    found = flags(history)
    text, image = page(history, found), picture(last_nights(history, _SHOWN_NIGHTS), found, "png")
    write_whole(folder / "quality.html", text.encode())
    write_whole(folder / "quality.png", image)
    return {"quality.html": text}, {"quality.png": image}


def tell_prefect(summary: HarvestSummary, history: Sequence[HarvestMetrics]) -> None:
    """Show the night's quality with the flow run; emit an event if it is not as usual."""
    from prefect.artifacts import create_markdown_artifact
    from prefect.events import emit_event

    create_markdown_artifact(
        markdown=markdown(summary.flags, history),
        key=artifact_key(summary.query_name),
        description=f"Quality of {summary.query_name}",
    )
    if summary.flags:
        emit_event(
            DRIFTED,
            resource={
                "prefect.resource.id": f"exsclaim.query.{summary.query_name}",
                "prefect.resource.name": summary.query_name,
                "exsclaim.harvest": summary.harvest_id,
            },
            payload={
                "query": summary.query_name,
                "harvest": summary.harvest_id,
                "redesigned": any(flag.kind == "redesign" for flag in summary.flags),
                "message": "\n".join(flag.message for flag in summary.flags),
            },
        )


def artifact_key(query_name: str) -> str:
    """Key of a query's artifact, of which each night makes a version: small letters, digits and dashes."""
    return f"quality-{re.sub('[^a-z0-9]+', '-', query_name.lower())}".strip("-")


def markdown(found: Sequence[Flag], history: Sequence[HarvestMetrics]) -> str:
    """Flags, and the last 30 nights as a table."""
    lines = [f"- **{flag.message}**" for flag in found] or ["The night is as usual."]
    lines += ["", "| source | metric | trend | usual | last |", "| --- | --- | --- | --- | --- |"]
    for trend in trends(last_nights(history, _SHOWN_NIGHTS), [metric for metric in METRICS if metric.shown]):
        metric = BY_NAME[trend.metric]
        usual, last = ("–" if value is None else metric.text(value) for value in (trend.usual, trend.last))
        lines.append(
            f"| {trend.source or 'all'} | {trend.title} | {trend.sparkline(metric.least)} | {usual} | {last} |"
        )
    return "\n".join(lines)
