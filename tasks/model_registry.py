"""Trained weights in MLflow's model registry: which version is the champion, and which only a challenger.

Registered are the weights' name, version, sha256 and quality; the weights themselves stay files (they are in the
repository). Called by `tasks.mlflow_runs` when a training's run is sent.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exsclaim.figures.trained_network import network_of
from exsclaim.figures.weights import load_weights
from exsclaim.tracking.runs import TrainedWeights

log = logging.getLogger(__name__)

CHAMPION, CHALLENGER = "champion", "challenger"
PREFIX = "exsclaim-"
"""Of the names in the registry."""


def register(client: Any, weights: TrainedWeights, run_id: str, experiment_id: str) -> str:
    """Register weights with the run that made them; gives their alias.

    They become the champion where there is none, or where they are better than the present one by the same measure
    on the same validation set; else the challenger. What is registered already is not registered again, but known by
    its last measurement: the installed weights are measured on each validation set, to be compared there.
    """
    import mlflow
    from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

    name = PREFIX + weights.name
    try:
        client.create_registered_model(name)
    except mlflow.MlflowException as error:
        if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
            raise
    version = _version_of(client, weights.name, weights.sha256)
    if version is None:
        mlflow.set_tracking_uri(client.tracking_uri)  # external models are made through the global client
        model = mlflow.create_external_model(
            name=weights.name,
            source_run_id=run_id,
            experiment_id=experiment_id,
            params={"sha256": weights.sha256, "version": weights.version},
        )
        client.log_metric(run_id, weights.measure, weights.quality, model_id=model.model_id)
        # the registry of MLflow's own server does not give the model's id back, so it is a tag as well
        tags = weights.tags() | {"model_id": model.model_id}
        version = client.create_model_version(name, model.artifact_location, run_id, tags=tags, model_id=model.model_id)
    else:
        for key, value in weights.tags().items():
            client.set_model_version_tag(name, version.version, key, value)
    champion = _champion(client, name)
    alias = CHAMPION if champion is None or _is_better(weights, champion) else CHALLENGER
    if champion is None or champion.version != version.version:
        client.set_registered_model_alias(name, alias, version.version)
        log.info("%s version %s (sha256 %s) is the %s", name, version.version, weights.sha256[:12], alias)
        return alias
    return CHAMPION


def save_model(weights: Path, folder: Path) -> None:
    """Write a network with its weights as an MLflow model, which `mlflow.pytorch.load_model` opens.

    Args:
        weights: a weights file of EXSCLAIM; its name says which network it is of.
        folder: to be made.

    Raises:
        WeightsError: the file is damaged, or of no network that there is.
    """
    import mlflow.pytorch

    tensors, meta = load_weights(weights.stem, weights.parent)
    mlflow.pytorch.save_model(
        network_of(meta.name, tensors).eval(), folder, pip_requirements=["exsclaim"], serialization_format="pickle",
        metadata={"name": meta.name, "version": meta.version},
    )  # fmt: skip


def link_models(client: Any, models: Mapping[str, str], run_id: str) -> None:
    """Link a run with the registered versions of the networks that it used (name -> sha256 of the weights).

    Each is an input of the run, and a tag `registered.<name>` says its name and version: "exsclaim-panels/3".
    Weights that nobody registered (those that EXSCLAIM comes with) have no such tag.
    """
    from mlflow.entities import LoggedModelInput

    versions = {name: _version_of(client, name, sha256) for name, sha256 in models.items()}
    for name, version in versions.items():
        if version is not None:
            client.set_tag(run_id, f"registered.{name}", f"{version.name}/{version.version}")
    ids = sorted({v.tags["model_id"] for v in versions.values() if v is not None and "model_id" in v.tags})
    if ids:
        client.log_inputs(run_id, models=[LoggedModelInput(model_id) for model_id in ids])


def _version_of(client: Any, name: str, sha256: str) -> Any | None:
    known = client.search_model_versions(f"name = '{PREFIX}{name}'")
    return next((version for version in known if version.tags.get("sha256") == sha256), None)


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
