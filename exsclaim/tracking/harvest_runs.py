"""A harvest as a tracking server is told of it, its facts, counts and metrics; and its metrics read back from there.

The names of a harvest's metrics are in docs/quality.md.
"""

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.harvests.retry_report import RetryReport, markdown
from exsclaim.quality.alarms import Flag
from exsclaim.quality.metrics import ALL_SOURCES, HarvestMetrics, logged
from exsclaim.query import Query
from exsclaim.tracking.runs import BegunRun, TrackedRun, as_param, used_models, version_tags

EXPERIMENT, RETRIES = "exsclaim-harvest", "exsclaim-retries"
LONGEST_TAG = 2000
_AS_LOGGED = {"requests": "sent"}
"""Count of the HTTP client -> its name in MLflow, where `quality/requests` are pages and images."""


def begun_run(
    query: Query, harvest_id: str, results: Path | str, versions: Mapping[str, str], started_ms: int
) -> BegunRun:
    """Facts known of a harvest when it begins; only one at a time works on a folder of results."""
    return BegunRun(
        experiment=EXPERIMENT,
        name=f"{query.name} {harvest_id}",
        started_ms=started_ms,
        works_on=str(results.absolute() if isinstance(results, Path) else results),
        tags={"kind": "harvest", "query": query.name, "harvest": harvest_id, **version_tags(versions)},
        params={
            "query": query.model_dump_json(),
            "query_digest": query.digest,
            **{f"version.{name}": as_param(version) for name, version in versions.items()},
        },
    )


def as_tracked_run(
    begun: BegunRun,
    summary: HarvestSummary,
    http: Mapping[str, int],
    measured: Sequence[HarvestMetrics],
    texts: Mapping[str, str],
    pictures: Mapping[str, bytes],
) -> TrackedRun:
    """The harvest as MLflow is told of it; the names of its metrics are in docs/quality.md."""
    counts = {
        f"stage/{stage}/{name}": float(getattr(count, name))
        for stage, count in summary.stages.items()
        for name in ("planned", "done", "cached", "failed", "skipped", "seconds")
    }
    dataset = {
        "articles": summary.articles,
        "figures": summary.figures,
        "panels": summary.panels,
        "panels_with_label": summary.panels_with_label,
        "panels_with_scale": summary.panels_with_scale,
        "missing_labels": summary.missing_labels,
        "left_out": len(summary.left_out),
        "scale_share": summary.scale_share,
        "label_agreement": summary.label_agreement,
        **{f"kinds/{kind}": count for kind, count in summary.panels_by_kind.items()},
    }
    done = {
        "known": summary.known,
        "failures": len(summary.failures),
        "retries": summary.retries,
        "seconds": summary.seconds,
        "cache_hits": sum(count.cached for count in summary.stages.values()),
    }
    return TrackedRun(
        **begun.model_dump(exclude={"tags"}),
        tags=begun.tags | _flag_tags(summary.flags),
        ended_ms=begun.started_ms + round(1000 * summary.seconds),
        metrics=counts
        | {f"http/{_AS_LOGGED.get(name, name)}": float(count) for name, count in http.items()}
        | {f"dataset/{name}": float(value) for name, value in dataset.items() if value is not None}
        | {f"harvest/{name}": float(value) for name, value in done.items()}
        | {name: value for each in measured for name, value in logged(each.metrics, each.source).items()}
        | {"quality/flags": float(len(summary.flags))}
        | {"quality/redesigns": float(sum(flag.kind == "redesign" for flag in summary.flags))},
        texts=dict(texts),
        pictures=dict(pictures),
        models=used_models(measured[0].versions),
    )


def retry_run(report: RetryReport, versions: Mapping[str, str], started_ms: int) -> TrackedRun:
    """The run of failures that were tried again; it ends now."""
    return TrackedRun(
        experiment=RETRIES,
        name=f"retry-failures {report.day}",
        started_ms=started_ms,
        ended_ms=round(time.time() * 1000),
        tags={"kind": "retry", **version_tags(versions)},
        metrics=report.metrics(),
        texts={"report.md": markdown(report), "report.json": report.model_dump_json(indent=1)},
    )


def _flag_tags(flags: Sequence[Flag]) -> dict[str, str]:
    """Tags by which MLflow finds the nights that were not as usual."""
    said = {
        kind: "; ".join(flag.message for flag in flags if flag.kind == kind)[:LONGEST_TAG]
        for kind in ("drift", "redesign", "source")
    }
    return {kind: text for kind, text in said.items() if text}


def measured_in(
    tags: Mapping[str, str], params: Mapping[str, str], metrics: Mapping[str, float]
) -> Iterator[HarvestMetrics]:
    """Metrics of quality of a run that `as_tracked_run` made: of each source, and of all together."""
    by_source: dict[str, dict[str, float]] = {}
    for key, value in metrics.items():
        group, slash, rest = key.partition("/")
        source, inner, name = rest.rpartition("/")
        if group.startswith("quality.") and not inner:  # versions before 0.3 wrote quality.nature/parsed
            source, group = group.removeprefix("quality."), "quality"
        if slash and group == "quality":
            by_source.setdefault(source or ALL_SOURCES, {})[name] = float(value)
    for source, measured in by_source.items():
        if "query" in tags and "harvest" in tags:
            yield HarvestMetrics(
                query_name=tags["query"],
                query_digest=params.get("query_digest", ""),
                harvest=tags["harvest"],
                source=source,
                day=dt.date.fromisoformat(tags["harvest"][:10]),
                versions={key[8:]: value for key, value in params.items() if key.startswith("version.")},
                metrics=measured,
            )
