"""Quality over time as a harvest tells it to Prefect: an artifact, and an event where it drifted."""

import re
from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event

from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.quality.quality_report import markdown
from tasks.caching import digest

DRIFTED = "exsclaim.quality.drifted"
"""Event that deployments/automations.yaml alerts on."""


def tell_prefect(summary: HarvestSummary, history: Sequence[HarvestMetrics]) -> None:
    """Show the night's quality with the flow run; emit an event if it is not as usual."""
    # Prefect takes small letters, digits and dashes alone, which names may share without what is left out
    plain = re.sub("[^a-z0-9]+", "-", summary.query_name.lower())
    is_own = plain == summary.query_name
    key = f"quality-{plain}" if is_own else f"quality-{plain.strip('-')}-{digest(summary.query_name)[:8]}"
    title = f"Quality of {summary.query_name}"
    create_markdown_artifact(markdown=markdown(summary.flags, history), key=key, description=title)
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
