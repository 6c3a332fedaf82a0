"""Score the weights in use on figures with gold: `python -m flows.benchmark FIGURES [--gold DIR] [--captions DIR]`.

    FIGURES/<figure>.png                       FIGURES/gold/<figure>.json   (`exsclaim.quality.gold`) or a COCO file
    CAPTIONS/captions.json                     CAPTIONS/gold.json

The numbers go to MLflow's experiment "exsclaim-benchmark" with the models' digests, so that quality can be followed.
"""

import time
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from prefect import flow
from prefect.states import Completed
from rich.console import Console

from exsclaim.cli.report_tables import show_benchmark, show_waiting_runs
from exsclaim.harvests.harvest_summary import code_versions
from exsclaim.quality import read_captions, read_gold, read_gold_captions, score_parts
from exsclaim.quality.benchmark_result import BenchmarkResult, images_of
from exsclaim.quality.coco_boxes import gold_of, read_coco, write_coco
from exsclaim.settings import settings
from exsclaim.tracking.benchmark_run import benchmark_run
from flows.command_line import errors_told, log_in
from tasks.benchmark import separate_file, split_all
from tasks.mlflow_runs import track

NO_GOLD = "NoGold"
"""Name of the state of a benchmark on a machine where nobody has annotated figures yet."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@flow(name="benchmark", flow_run_name="benchmark {figures.name}", persist_result=False)
def benchmark(
    figures: Path, gold: Path | None = None, captions: Path | None = None, coco_out: Path | None = None,
    skip_without_gold: bool = False,
) -> BenchmarkResult:  # fmt: skip
    """Separate all figures that gold is there for, split the captions, score both, track the scores.

    Args:
        figures: folder of images.
        gold: folder of their gold, or a COCO file; `figures/coco.json` or `figures/gold` unless named.
        captions: folder of captions with gold; none are scored unless named.
        coco_out: folder for gold and results as COCO files, for others' tools.
        skip_without_gold: where there is none at all, end in the state `NoGold` instead of failing every day.

    Raises:
        GoldError: gold is missing or malformed, or an image is missing.
        ImageError: an image cannot be read.
    """
    started_ms = round(time.time() * 1000)
    gold = gold or next(filter(Path.is_file, [figures / "coco.json"]), figures / "gold")
    if skip_without_gold and not gold.exists():
        said = (
            f"nothing was scored: {gold} is not there. Put figures into {figures}, and what is true of them into {gold}"
            " (in the form of exsclaim.quality.gold, or of COCO), or set EXSCLAIM_BENCHMARK and deploy again"
        )
        return Completed(name=NO_GOLD, message=said)  # type: ignore[return-value]
    truths = gold_of(read_coco(gold)) if gold.suffix == ".json" else read_gold(gold)
    images = images_of(figures, truths)
    separated = {name: separate_file(image) for name, image in images.items()}
    found = {name: one for name, (one, _) in separated.items()}
    if coco_out is not None:
        write_coco(coco_out, truths, found, {name: image.name for name, image in images.items()})
    scored = None
    if captions:
        true, texts = read_gold_captions(captions / "gold.json"), read_captions(captions / "captions.json")
        scored = score_parts(true, split_all({name: text for name, text in texts.items() if name in true}))
    seconds = median(seconds for _, seconds in separated.values())
    result = BenchmarkResult.of(truths, found, scored, seconds, code_versions())
    run = benchmark_run(result, figures, gold, settings().device, started_ms)
    return result.model_copy(update={"is_tracked": track(run)})


@app.command()
def command(
    figures: Annotated[Path, typer.Argument(help="Folder of figures.")],
    gold: Annotated[Path | None, typer.Option(help="A folder, or COCO file; FIGURES/coco.json or gold.")] = None,
    captions: Annotated[Path | None, typer.Option(help="Folder with captions.json and gold.json.")] = None,
    coco_out: Annotated[Path | None, typer.Option(help="Folder for gold and results as COCO files.")] = None,
) -> None:
    """Score the weights in use (EXSCLAIM_WEIGHTS, else the installed ones) on figures with gold, and track the scores.

    Exit code 0: scored; 1: gold, images or weights cannot be used.
    """
    console = Console(emoji=False, soft_wrap=True)
    log = log_in(settings().home.expanduser() / "benchmark.log")
    with errors_told(), log, console.status("Separating figures …"):
        result = benchmark(figures, gold, captions, coco_out)
    show_benchmark(console, result)
    show_waiting_runs(console)


if __name__ == "__main__":
    app()
