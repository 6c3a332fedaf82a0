"""Train a network, measure it, track and register it: `python -m flows.train NETWORK --data DATA [--figures FIGURES]`.

WORK/drawn, WORK/checkpoints     what an interrupted training goes on from
WORK/training.log                what the training says
WORK/<weights>.safetensors       the weights, with their metrics in the header; not installed by this flow
"""

import time
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout
from prefect import flow
from rich.console import Console

from exsclaim.cli.harvest_display import TerminalProgress
from exsclaim.cli.report_tables import show_waiting_runs, show_weights
from exsclaim.errors import TrainingError
from flows.command_line import errors_told, log_in
from models.trainable_networks import NETWORKS, Order, check_validation, recipe_of
from models.training_runs import TrainingResult, installed_weights, measured_training
from tasks.mlflow_runs import track
from tasks.train import run_module

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@flow(name="train", flow_run_name="train {order.network}", persist_result=False)
def train(order: Order) -> TrainingResult:
    """Draw, learn, measure, track, register. Interrupted and started again, it goes on from its last checkpoint.

    Raises:
        TrainingError: the network is not known, its training ended before it was done, or another is at work there.
        GoldError: the validation set is missing or malformed.
    """
    if order.network not in NETWORKS:
        raise TrainingError(f"there is no network {order.network!r} to train; there are {', '.join(NETWORKS)}")
    started_ms = round(time.time() * 1000)
    network, recipe = NETWORKS[order.network], recipe_of(order)
    check_validation(order)
    order.work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(order.work / ".lock", timeout=0):  # two would write over each other's checkpoints
            for module, arguments in network.learning(order, recipe):
                run_module(module, arguments, order.work / "training.log")
            result, run = measured_training(order, installed_weights(order, track), started_ms)
    except Timeout as error:
        raise TrainingError(f"another training is at work in {order.work}; wait for it, or give --work") from error
    return result.model_copy(update={"is_tracked": track(run)})


@app.command()
def command(
    network: Annotated[str, typer.Argument(help=f"One of {', '.join(NETWORKS)}.")],
    data: Annotated[Path | None, typer.Option(help="Real data: figures/gold, scale_labels, tiles, layouts.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Your own annotated figures: docs/training.md.")] = None,
    work: Annotated[Path | None, typer.Option(help="Folder to work in; .exsclaim/training/NETWORK.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many figures to draw.")] = 8000,
    minutes: Annotated[float | None, typer.Option(min=0, help="End after so many, all runs together.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")] = None,
) -> None:
    """Train a network and register its weights.

    Exit code 0: trained and measured; 1: the training ended before, or its data cannot be used.
    """
    console = Console(emoji=False, soft_wrap=True)
    work = work or Path(".exsclaim") / "training" / network
    order = Order(
        network=network, work=work.absolute(), data=data.absolute() if data else None,
        figures=figures.absolute() if figures else None, drawn_count=count, minutes=minutes, steps=steps,
    )  # fmt: skip
    news = TerminalProgress(console).showing_news()
    with errors_told(), log_in(work / "flow.log"), news, console.status(f"Training; see {work}/training.log"):
        result = train(order)
    show_weights(console, result.weights, result.installed, result.metrics, result.file)
    show_waiting_runs(console)


if __name__ == "__main__":
    app()
