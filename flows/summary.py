"""What a harvest came to: numbers for the terminal, the report and the tracking of quality over time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from exsclaim.assembly import label_agreement, missing_labels
from exsclaim.dataset.harvested import HarvestedArticle
from exsclaim.ledger import Failure
from exsclaim.query import Query
from exsclaim.records import Record
from flows.monitor import StageCount
from tasks.tracking import TrackedRun, as_param


class HarvestSummary(Record):
    """Counts of one harvest. Shares are None where there is nothing to take a share of."""

    query_name: str
    harvest_id: str
    results: Path | str
    """A folder, or a URL as text."""
    articles: int
    figures: int
    panels: int
    panels_by_kind: dict[str, int]
    panels_with_label: int
    panels_with_scale: int
    scalable_panels: int
    """Micrographs, and all other panels that have a scale bar: those that should have a scale."""
    scale_share: float | None
    label_agreement: float | None
    """Mean over figures of the Jaccard index of the caption's labels and those read from the image."""
    missing_labels: int
    """Labels that captions speak of and no panel carries."""
    failures: tuple[Failure, ...]
    retries: int
    seconds: float
    stages: dict[str, StageCount]


def summarize(
    query: Query,
    harvest_id: str,
    results: Path | str,
    articles: Sequence[HarvestedArticle],
    failures: Sequence[Failure],
    stages: Mapping[str, StageCount],
    retries: int,
    seconds: float,
) -> HarvestSummary:
    """Count what was gathered."""
    figures = [figure for article in articles for figure in article.figures]
    panels = [panel for figure in figures for panel in figure.panels]
    scalable = [panel for panel in panels if panel.kind == "microscopy" or panel.scale_bars]
    agreements = [label_agreement(figure.parts, figure.panels) for figure in figures]
    known = [agreement for agreement in agreements if agreement is not None]
    with_scale = sum(panel.nm_per_px is not None for panel in panels)
    return HarvestSummary(
        query_name=query.name,
        harvest_id=harvest_id,
        results=results,
        articles=len(articles),
        figures=len(figures),
        panels=len(panels),
        panels_by_kind=dict(sorted(Counter(str(panel.kind) for panel in panels).items())),
        panels_with_label=sum(panel.label is not None for panel in panels),
        panels_with_scale=with_scale,
        scalable_panels=len(scalable),
        scale_share=round(with_scale / len(scalable), 4) if scalable else None,
        label_agreement=round(sum(known) / len(known), 4) if known else None,
        missing_labels=sum(len(missing_labels(figure.parts, figure.panels)) for figure in figures),
        failures=tuple(failures),
        retries=retries,
        seconds=round(seconds, 1),
        stages={stage: replace(count) for stage, count in stages.items()},
    )


def as_tracked_run(
    query: Query,
    summary: HarvestSummary,
    http: Mapping[str, int],
    versions: Mapping[str, str],
    started_ms: int,
    texts: Mapping[str, str],
) -> TrackedRun:
    """The harvest as MLflow is told of it: metrics named `<stage>.<count>`, and quality signals by their names."""
    counts = {
        f"{stage}.{name}": float(getattr(count, name))
        for stage, count in summary.stages.items()
        for name in ("planned", "done", "cached", "failed", "held_back", "seconds")
    }
    quality = {
        "articles": summary.articles,
        "figures": summary.figures,
        "panels": summary.panels,
        "panels_with_label": summary.panels_with_label,
        "panels_with_scale": summary.panels_with_scale,
        "missing_labels": summary.missing_labels,
        "failures": len(summary.failures),
        "retries": summary.retries,
        "seconds": summary.seconds,
        "cache_hits": sum(count.cached for count in summary.stages.values()),
        "scale_share": summary.scale_share,
        "label_agreement": summary.label_agreement,
    }
    return TrackedRun(
        name=f"{summary.query_name} {summary.harvest_id}",
        started_ms=started_ms,
        ended_ms=started_ms + round(1000 * summary.seconds),
        tags={"kind": "harvest", "query": query.name, "harvest": summary.harvest_id},
        params={
            "query": query.model_dump_json(),
            "query_digest": query.digest,
            **{f"version.{name}": as_param(version) for name, version in versions.items()},
        },
        metrics=counts
        | {f"http.{name}": float(count) for name, count in http.items()}
        | {f"panels.{kind}": float(count) for kind, count in summary.panels_by_kind.items()}
        | {name: float(value) for name, value in quality.items() if value is not None},
        texts=dict(texts),
    )
