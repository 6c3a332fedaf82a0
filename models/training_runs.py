"""Trainings as a tracking server is told of them: what was learned from what, and how good it is on real figures."""

import time
from collections.abc import Callable
from pathlib import Path

from exsclaim.figures.weights import FOLDER, digest, load_weights
from exsclaim.records import Record
from exsclaim.tracking.runs import TrackedDataset, TrackedRun, TrainedWeights, as_param
from models.annotated_figures import figures_digest, held_back, read_annotated
from models.trainable_networks import NETWORKS, Order, recipe_of, validation_digest
from models.training_results import finished_weights, losses

EXPERIMENT = "exsclaim-training"


class TrainingResult(Record):
    """Weights that a training made, and their quality on the real validation set, beside that of the installed ones."""

    weights: TrainedWeights
    installed: TrainedWeights
    file: Path
    metrics: dict[str, float]
    is_tracked: bool = False


def measured_training(order: Order, installed: TrainedWeights, started_ms: int) -> tuple[TrainingResult, TrackedRun]:
    """Measure what a training has learned, and write its weights with their metrics into its folder."""
    network = NETWORKS[order.network]
    metrics = network.evaluate(order.checkpoints, order)
    file = finished_weights(order, metrics)
    weights = _measured(order, order.work, metrics, validation_digest(order))
    run = TrackedRun(
        experiment=EXPERIMENT,
        name=f"{order.network} {weights.version}",
        started_ms=started_ms,
        ended_ms=round(time.time() * 1000),
        tags={"kind": "training", "network": order.network},
        params={
            **{f"recipe.{key}": as_param(value) for key, value in recipe_of(order).items()},
            "drawn_figures": str(order.drawn_count),
            "sha256": weights.sha256,
        },
        metrics=metrics,
        series=losses(order),
        datasets=_datasets(order, weights.validation),
        pictures=network.worst(order.checkpoints, order),
        network_file=file,
        weights=weights,
    )
    return TrainingResult(weights=weights, installed=installed, file=file, metrics=metrics), run


def installed_weights(order: Order, tell: Callable[[TrackedRun], object]) -> TrainedWeights:
    """Weights that EXSCLAIM comes with, as measured on the order's validation set: once, for it takes minutes.

    `tell` is given the run when they are measured. So a first training of one's own becomes champion only where it is
    better than these.
    """
    kept = order.work / "installed.json"
    current = digest(NETWORKS[order.network].weights), validation_digest(order)
    if kept.is_file():
        known = TrainedWeights.model_validate_json(kept.read_text(encoding="utf-8"))
        if (known.sha256, known.validation) == current:
            return known
    weights, run = _measured_installed(order)
    tell(run)
    kept.write_text(weights.model_dump_json(), encoding="utf-8")
    return weights


def _measured_installed(order: Order) -> tuple[TrainedWeights, TrackedRun]:
    started_ms = round(time.time() * 1000)
    metrics, validation = NETWORKS[order.network].evaluate(FOLDER, order), validation_digest(order)
    weights = _measured(order, FOLDER, metrics, validation)
    return weights, TrackedRun(
        experiment=EXPERIMENT,
        name=f"{order.network} {weights.version} (installed)",
        started_ms=started_ms,
        ended_ms=round(time.time() * 1000),
        tags={"kind": "installed", "network": order.network},
        params={"sha256": weights.sha256},
        metrics=metrics,
        datasets=tuple(one for one in _datasets(order, validation) if one.context == "validation"),
        weights=weights,
    )


def _measured(order: Order, folder: Path, metrics: dict[str, float], validation: str) -> TrainedWeights:
    """The network's weights in a folder, by what they were measured to be."""
    network = NETWORKS[order.network]
    return TrainedWeights(
        name=network.weights,
        version=load_weights(network.weights, folder)[1].version,
        sha256=digest(network.weights, folder),
        measure=network.measure,
        quality=metrics[network.measure],
        validation=validation,
    )


def _datasets(order: Order, validation: str) -> tuple[TrackedDataset, ...]:
    drawn = TrackedDataset(
        name="drawn", digest=f"seeds-0-{order.drawn_count}", context="training", source="models.figures",
        figures=order.drawn_count,
    )  # fmt: skip
    if order.figures is None:
        gold = order.real_data / "figures" / "gold"
        count = len(list(gold.glob("*.json")))
        held = TrackedDataset(
            name="figures", digest=validation, context="validation", source=str(gold.parent), figures=count
        )
        return drawn, held
    learned, kept = held_back(read_annotated(order.figures))
    source = str(order.figures)
    return (
        drawn,
        TrackedDataset(
            name="annotated", digest=figures_digest(learned), context="training", source=source, figures=len(learned)
        ),
        TrackedDataset(name="held back", digest=validation, context="validation", source=source, figures=len(kept)),
    )
