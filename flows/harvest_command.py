"""`python -m flows.harvest QUERY`: the harvest in a terminal, with its log in a file and an exit code."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exsclaim.query import Query
from exsclaim.sources import load_query
from exsclaim.storage.local import safe_name
from flows.command_line import FINISHED, NOT_SEARCHED, NOTHING, errors_told, harvests_shown, log_in

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def harvest(
    query_file: Annotated[Path, typer.Argument(metavar="QUERY", help="Query file: .json, .yaml or .toml.")],
    refresh: Annotated[bool, typer.Option(help="Request every page and image again, even those kept.")] = False,
    retry_all: Annotated[bool, typer.Option(help="Also retry what failed for good less than a week ago.")] = False,
    separate: Annotated[
        bool, typer.Option(help="Cut figures into panels now, or leave new ones for a later harvest.")
    ] = True,
    gpu: Annotated[
        str | None,
        typer.Option(help="Deployment that separates the figures, such as separate/gpu; by default this process."),
    ] = None,
) -> None:
    """Harvest a query into a data set.

    Exit codes: 0 finished, with failures listed; 1 nothing could be harvested, or this machine is at fault; 2 the query
    is invalid; 3 finished, but a source could not be searched to the end; 130, 143 stopped by Ctrl-C or SIGTERM.
    """
    console = Console(emoji=False)
    try:
        with errors_told():
            query = load_query(query_file)
            code = run(query, console, refresh=refresh, retry_all=retry_all, separate=separate, gpu=gpu)
    except KeyboardInterrupt as error:
        Console(emoji=False, stderr=True).print("Interrupted before anything was started.")
        raise typer.Exit(128 + signal.SIGINT) from error
    raise typer.Exit(code)


def run(
    query: Query, console: Console, *, refresh: bool = False, retry_all: bool = False, separate: bool = True,
    gpu: str | None = None,
) -> int:  # fmt: skip
    """Harvest with progress on the console, and return the exit code."""
    if query.logging and "print" not in query.logging:
        console = Console(emoji=False, quiet=True)
    console.print("[dim]Starting Prefect (some 10 s where no server runs) …[/]")
    # these bring Prefect along, which a bad query need not wait for
    from exsclaim.cli.harvest_display import show_summary
    from exsclaim.cli.report_tables import show_waiting_runs
    from exsclaim.dataset.results import keep_log, make_results_folder
    from flows.gpu_pool import GpuPool
    from flows.harvest import harvest as harvest_flow

    name = next((safe_name(each) for each in query.logging if each != "print"), "harvest.log")
    log = make_results_folder(query.results_dir, query.name) / name
    pool = GpuPool(deployment=gpu) if gpu else None
    with harvests_shown(console, _kept(log, partial(keep_log, query.results_dir, query.name, log))):
        summary = harvest_flow(query, refresh=refresh, retry_all=retry_all, separate=separate, gpu=pool)
    show_summary(console, summary)
    show_waiting_runs(console)
    if not summary.figures or summary.machine_faults:
        return NOTHING
    return NOT_SEARCHED if summary.unsearched else FINISHED


@contextmanager
def _kept(log: Path, keep: Callable[[], None]) -> Iterator[None]:
    """Everything is logged into `log`, which is kept also where the harvest failed: then it is wanted most."""
    try:
        with log_in(log):
            yield
    finally:
        keep()
