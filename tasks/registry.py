"""Trained weights in MLflow's model registry: which version is the champion, and which only a challenger.

Registered are the weights' name, version, sha256 and quality; the weights themselves stay files (they are in the
repository). Called by `tasks.tracking` when a training's run is sent.
"""

import logging
from typing import Any

from exsclaim.records import Record

log = logging.getLogger(__name__)

CHAMPION, CHALLENGER = "champion", "challenger"


class TrainedWeights(Record):
    """Weights that a training made, and how good they are on the real validation set."""

    name: str
    """As in `exsclaim.figures.weights`: "panels"."""
    version: str
    sha256: str
    """Of the weights file."""
    measure: str
    """What `quality` is: the name of a metric, more of which is better."""
    quality: float
    validation: str
    """Digest of the validation set: qualities are compared on the same set only."""


def registered_name(name: str) -> str:
    """Name of the weights in the registry."""
    return f"exsclaim-{name}"


def register(client: Any, weights: TrainedWeights, run_id: str, experiment_id: str) -> str:
    """Register weights with the run that made them; gives their alias.

    They become the champion where there is none, or where they are better than the present one by the same measure
    on the same validation set; else the challenger. What is registered already is not registered again.
    """
    import mlflow
    from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

    name = registered_name(weights.name)
    try:
        client.create_registered_model(name)
    except mlflow.MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
    version = _version_of(client, weights)
    if version is None:
        mlflow.set_tracking_uri(client.tracking_uri)  # external models are made through the global client
        model = mlflow.create_external_model(
            name=weights.name,
            source_run_id=run_id,
            experiment_id=experiment_id,
            params={"sha256": weights.sha256, "version": weights.version},
        )
        client.log_metric(run_id, weights.measure, weights.quality, model_id=model.model_id)
        version = client.create_model_version(
            name, model.artifact_location, run_id, tags=_tags(weights), model_id=model.model_id
        )
    champion = _champion(client, name)
    alias = CHAMPION if champion is None or _is_better(weights, champion) else CHALLENGER
    if champion is None or champion.version != version.version:
        client.set_registered_model_alias(name, alias, version.version)
        log.info("%s version %s (sha256 %s) is the %s", name, version.version, weights.sha256[:12], alias)
        return alias
    return CHAMPION


def _version_of(client: Any, weights: TrainedWeights) -> Any | None:
    known = client.search_model_versions(f"name = '{registered_name(weights.name)}'")
    return next((version for version in known if version.tags.get("sha256") == weights.sha256), None)


def _champion(client: Any, name: str) -> Any | None:
    versions: dict[str, str] = client.get_registered_model(name).aliases
    return client.get_model_version(name, versions[CHAMPION]) if CHAMPION in versions else None


def _is_better(weights: TrainedWeights, champion: Any) -> bool:
    tags = champion.tags
    if (tags.get("measure"), tags.get("validation")) != (weights.measure, weights.validation):
        log.warning(
            "%s: the champion (version %s) was measured otherwise (%s on set %s); set the alias by hand",
            champion.name, champion.version, tags.get("measure"), tags.get("validation"),
        )  # fmt: skip
        return False
    return weights.quality > float(tags["quality"])


def _tags(weights: TrainedWeights) -> dict[str, str]:
    return {
        "version": weights.version,
        "sha256": weights.sha256,
        "measure": weights.measure,
        "quality": repr(weights.quality),
        "validation": weights.validation,
    }
