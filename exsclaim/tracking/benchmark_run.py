"""A benchmark as a tracking server is told of it, so that the quality of code and weights can be followed."""

import json
import time
from pathlib import Path

from exsclaim.quality import gold_digest
from exsclaim.quality.benchmark_result import BenchmarkResult
from exsclaim.tracking.runs import TrackedRun, as_param, used_models, version_tags

EXPERIMENT = "exsclaim-benchmark"


def benchmark_run(result: BenchmarkResult, figures: Path, gold: Path, device: str, started_ms: int) -> TrackedRun:
    """The run of a benchmark that ends now; `gold` is what the figures were compared with."""
    return TrackedRun(
        experiment=EXPERIMENT,
        name=f"benchmark {figures.name}",
        started_ms=started_ms,
        ended_ms=round(time.time() * 1000),
        tags={"kind": "benchmark", **version_tags(result.versions)},
        params={
            "figures": as_param(figures.name),
            "gold_sha256": gold_digest(gold),
            "device": device,
            **{f"version.{name}": version for name, version in result.versions.items()},
        },
        metrics=result.metrics(),
        models=used_models(result.versions),
        texts={"by_figure.json": json.dumps({name: one.metrics() for name, one in result.by_figure.items()}, indent=1)},
    )
