"""Quality over time as a harvest tells it to Prefect: an artifact, and an event where it drifted."""

import re
from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event

from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.quality.quality_report import markdown

DRIFTED = "exsclaim.quality.drifted"
"""Event that deployments/automations.yaml alerts on."""


def tell_prefect(summary: HarvestSummary, history: Sequence[HarvestMetrics]) -> None:
    """Show the night's quality with the flow run; emit an event if it is not as usual."""
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
