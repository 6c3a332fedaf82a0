"""Runs as a tracking server is told of them: of harvests, benchmarks and trainings, with what they used and made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from exsclaim.records import Record

Status = Literal["FINISHED", "FAILED", "KILLED"]


class TrainedWeights(Record):
    """Weights that a training made, and how good they are on the real validation set."""

    name: str
    """As in `exsclaim.figures.weights`: "panels"."""
    version: str
    sha256: str
    """Of the weights file."""
    measure: str
    """Meaning of `quality`: the name of a metric, more of which is better."""
    quality: float
    validation: str
    """Digest of the validation set: qualities are compared on the same set only."""

    def tags(self) -> dict[str, str]:
        """All that a registry keeps of them beside their name."""
        return {
            "version": self.version,
            "sha256": self.sha256,
            "measure": self.measure,
            "quality": repr(self.quality),
            "validation": self.validation,
        }


class BegunRun(BaseModel):
    """Facts known of a run when it begins. `started_ms`: since the epoch, as MLflow wants it.

    `works_on` names what the run alone may work on (it holds a lock on it): a run that was begun on the same and has
    not ended must be dead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    experiment: str
    name: str
    started_ms: int
    works_on: str = ""
    tags: dict[str, str]
    params: dict[str, str] = {}


class TrackedDataset(BaseModel):
    """A data set that a run used, as `mlflow.data` keeps it: `context` is "training" or "validation"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    digest: str
    """At most 36 characters."""
    context: Literal["training", "validation"]
    source: str
    """Place of the data set, or its maker."""
    figures: int


class TrackedRun(BegunRun):
    """Record of one run that ended, for MLflow."""

    experiment: str = "exsclaim-harvest"
    status: Status = "FINISHED"
    ended_ms: int
    metrics: dict[str, float]
    texts: dict[str, str] = {}
    """Small artifacts: file name -> content."""
    pictures: dict[str, bytes] = {}
    """PNG files: file name -> content."""
    series: dict[str, list[tuple[int, float]]] = {}
    """Metrics by step: name -> (step, value)."""
    datasets: tuple[TrackedDataset, ...] = ()
    network_file: Path | None = None
    """Weights file of a network that `mlflow.pytorch.load_model("runs:/<run>/model")` is to open."""
    weights: TrainedWeights | None = None
    """Weights that a training made: registered with the run."""
    models: dict[str, str] = {}
    """Networks that the run used: name -> sha256 of the weights. Linked with the registered models."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


def version_tags(versions: Mapping[str, str]) -> dict[str, str]:
    """Versions as tags, by which runs are grouped and searched; of digests the first twelve digits."""
    return {name: version[:12] if name.startswith("model.") else version for name, version in versions.items()}


def used_models(versions: Mapping[str, str]) -> dict[str, str]:
    """Name of each network -> sha256 of its weights."""
    return {name.removeprefix("model."): sha for name, sha in versions.items() if name.startswith("model.")}


def as_param(value: object) -> str:
    """A value as MLflow's params keep it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
