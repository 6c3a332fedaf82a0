"""Train a network, measure it, track and register it: `python -m flows.train NETWORK --data DATA [--figures FIGURES]`.

WORK/drawn, WORK/checkpoints     what an interrupted training goes on from
WORK/training.log                what the training says
WORK/<weights>.safetensors       the weights, with their metrics in the header; not installed by this flow
"""

import hashlib
import time
from pathlib import Path
from typing import Annotated

import typer
from prefect import flow
from rich.console import Console
from rich.table import Table

from exsclaim.errors import TrainingError
from exsclaim.figures.weights import FOLDER, digest, load_weights
from exsclaim.records import Record
from exsclaim.tracking.runs import TrackedDataset, TrackedRun, TrainedWeights, as_param
from flows.command_line import errors_told, log_in
from models.annotated import held_back, read_annotated
from models.trainings import (
    NETWORKS,
    Order,
    check_validation,
    finished_weights,
    losses,
    recipe_of,
    validation_digest,
)
from tasks.tracking import track
from tasks.train import run_module

EXPERIMENT = "exsclaim-training"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class TrainingResult(Record):
    """Weights that a training made, and their quality on the real validation set."""

    weights: TrainedWeights
    file: Path
    metrics: dict[str, float]
    is_tracked: bool = False


@flow(name="train", flow_run_name="train {order.network}", persist_result=False)
def train(order: Order) -> TrainingResult:
    """Draw, learn, measure, track, register. Interrupted and started again, it goes on from its last checkpoint.

    Raises:
        TrainingError: the network is not known, or its training ended before it was done.
        GoldError: the validation set is missing or malformed.
    """
    if order.network not in NETWORKS:
        raise TrainingError(f"there is no network {order.network!r} to train; there are {', '.join(NETWORKS)}")
    started_ms = round(time.time() * 1000)
    network, recipe = NETWORKS[order.network], recipe_of(order)
    check_validation(order)
    order.work.mkdir(parents=True, exist_ok=True)
    for module, arguments in network.learning(order, recipe):
        run_module(module, arguments, order.work / "training.log")
    register_installed(order)
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
            **{f"recipe.{key}": as_param(value) for key, value in recipe.items()},
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
    return TrainingResult(weights=weights, file=file, metrics=metrics, is_tracked=track(run))


def register_installed(order: Order) -> TrainedWeights:
    """Measure the installed weights on the order's validation set and register them, unless that was done before.

    So a first training of one's own becomes champion only where it is better than what EXSCLAIM comes with.
    """
    network = NETWORKS[order.network]
    validation = validation_digest(order)
    known = order.work / "installed.json"
    sha256 = digest(network.weights)
    if known.is_file():
        weights = TrainedWeights.model_validate_json(known.read_text(encoding="utf-8"))
        if (weights.sha256, weights.validation) == (sha256, validation):
            return weights
    started_ms = round(time.time() * 1000)
    metrics = network.evaluate(FOLDER, order)
    weights = _measured(order, FOLDER, metrics, validation)
    track(
        TrackedRun(
            experiment=EXPERIMENT,
            name=f"{order.network} {weights.version} (installed)",
            started_ms=started_ms,
            ended_ms=round(time.time() * 1000),
            tags={"kind": "installed", "network": order.network},
            params={"sha256": sha256},
            metrics=metrics,
            datasets=tuple(one for one in _datasets(order, validation) if one.context == "validation"),
            weights=weights,
        )
    )
    known.write_text(weights.model_dump_json(), encoding="utf-8")
    return weights


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
    own = hashlib.sha256("".join(f"{figure.name} {figure.panels}" for figure in learned).encode()).hexdigest()[:16]
    source = str(order.figures)
    return (
        drawn,
        TrackedDataset(name="annotated", digest=own, context="training", source=source, figures=len(learned)),
        TrackedDataset(name="held back", digest=validation, context="validation", source=source, figures=len(kept)),
    )


@app.command()
def command(
    network: Annotated[str, typer.Argument(help="panels, kinds, bars_and_labels or readers.")],
    data: Annotated[
        Path | None, typer.Option(help="Folder of real data: figures/gold, scale_labels, tiles, layouts.")
    ] = None,
    figures: Annotated[
        Path | None, typer.Option(help="Your own annotated figures, for panels and kinds: docs/training.md.")
    ] = None,
    work: Annotated[Path | None, typer.Option(help="Folder to work in; .exsclaim/training/NETWORK.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many figures to draw.")] = 8000,
    minutes: Annotated[float | None, typer.Option(min=0, help="End after so many, all runs together.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")] = None,
) -> None:
    """Train a network and register its weights.

    Exit code 0: trained and measured; 1: the training ended before, or its data cannot be used.
    """
    console = Console(soft_wrap=True)
    work = work or Path(".exsclaim") / "training" / network
    order = Order(
        network=network,
        data=data.absolute() if data else None,
        work=work.absolute(),
        figures=figures.absolute() if figures else None,
        drawn_count=count,
        minutes=minutes,
        steps=steps,
    )
    work.mkdir(parents=True, exist_ok=True)
    with errors_told(), log_in(work / "flow.log"), console.status(f"Training; see {work}/training.log"):
        result = train(order)
    table = Table(title=f"{result.weights.name} {result.weights.version}", title_justify="left")
    table.add_column("metric")
    table.add_column("", justify="right")
    for name, value in result.metrics.items():
        table.add_row(name, f"{value:.3f}")
    console.print(table)
    console.print(f"Weights: {result.file} (sha256 {result.weights.sha256[:12]})")
    if not result.is_tracked:
        console.print("MLflow could not be reached: the run and the weights wait to be registered", style="yellow")


if __name__ == "__main__":
    app()
