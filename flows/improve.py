"""Learn from what people corrected: `python -m flows.improve RESULTS... --install FOLDER [--gold FOLDER]`.

Reviewed figures of the data sets, and gold of one's own, become one folder of annotated figures; the panel network
learns from four fifths of their articles and is measured on the others, which nobody learned from. Weights that are
better there than those in use are put into FOLDER, as `EXSCLAIM_WEIGHTS` names it: the next night separates with them,
that stage alone, for its cache knows weights by their digest; others are kept in the training's folder.
"""

from pathlib import Path
from typing import Annotated

import typer
from prefect import flow
from rich.console import Console

from exsclaim.cli.harvest_display import TerminalProgress
from exsclaim.records import Record
from exsclaim.storage.local import write_whole
from flows.command_line import errors_told, log_in
from flows.train import train
from models.annotated_figures import gather_annotated
from models.trainable_networks import NETWORKS, Order

NETWORK = "panels"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Improved(Record):
    """Quality on the held-back figures of the weights in use and of the new ones, and whether these are in use now."""

    figures: int
    measure: str
    before: float
    after: float
    is_installed: bool
    file: Path


@flow(name="improve", persist_result=False)
def improve(results: list[Path], install: Path, order: Order, gold: Path | None = None) -> Improved:
    """Corrections and gold -> training -> champion only if better on held-back figures.

    Args:
        results: published data sets with reviewed figures.
        install: folder that EXSCLAIM_WEIGHTS names; better weights go there.
        order: the training; it learns from what is gathered in `figures` beside its folder.
        gold: annotated figures beside the reviewed ones (docs/training.md).

    Raises:
        TrainingError: there are too few figures, or the training ended before it was done.
        DatasetError: a data set has no reviewed figure; it is to be left out.
    """
    figures = order.work.parent / "figures"
    count = gather_annotated(results, gold, figures, scratch=order.work.parent / "reviewed")
    training = order.model_copy(update={"network": NETWORK, "figures": figures})
    result = train(training)
    network = NETWORKS[NETWORK]
    before = result.installed.quality
    if (install / result.file.name).is_file():
        before = max(before, network.evaluate(install, training)[network.measure])
    is_better = result.weights.quality > before
    if is_better:
        write_whole(install / result.file.name, result.file.read_bytes())
    return Improved(
        figures=count, measure=network.measure, before=before, after=result.weights.quality, is_installed=is_better,
        file=result.file,
    )  # fmt: skip


@app.command()
def command(
    results: Annotated[list[Path], typer.Argument(help="Results folders with reviewed figures.", exists=True)],
    install: Annotated[Path, typer.Option(help="Folder that EXSCLAIM_WEIGHTS names: better weights go there.")],
    gold: Annotated[Path | None, typer.Option(help="Annotated figures beside the reviewed ones.", exists=True)] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of real data, as for flows.train.", exists=True)] = None,
    work: Annotated[Path, typer.Option(help="Folder to work in.")] = Path(".exsclaim/improve"),
    count: Annotated[int, typer.Option(min=1, help="How many figures to draw.")] = 8000,
    minutes: Annotated[float | None, typer.Option(min=0, help="End the training after so many.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")] = None,
) -> None:
    """Train the panel network with reviewed figures, and use the new weights only where they are better.

    Exit code 0: trained and measured; 1: it ended before.
    """
    order = Order(
        network=NETWORK, work=work.absolute() / "training", data=data.absolute() if data else None,
        drawn_count=count, minutes=minutes, steps=steps,
    )  # fmt: skip
    console = Console(emoji=False, soft_wrap=True, highlight=False)
    learning = console.status(f"Learning; see {order.work}/training.log")
    news = TerminalProgress(console).showing_news()
    with errors_told(), log_in(work / "flow.log"), news, learning:
        made = improve(results, install, order, gold)
    console.print(f"{made.figures} figures; {made.measure} on those held back: {made.before:.3f} -> {made.after:.3f}")
    if made.is_installed:
        console.print(f"The new weights are in {install}: set EXSCLAIM_WEIGHTS={install}, if it is not yet")
    else:
        console.print(f"The weights in use stay; the new ones are {made.file}")


if __name__ == "__main__":
    app()
