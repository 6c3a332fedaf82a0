"""Every query of a folder, one harvest each: what runs at night. `python -m flows.nightly QUERIES`.

Without a server the harvests run one after the other in this process. Under a Prefect server each is a flow run of
its own (`deployment`), and one whose process was killed is started again. A bad query file, or a harvest that fails,
is reported at the end and never stops the others.
"""

import logging
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from prefect import flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.runtime import flow_run
from prefect.states import Pending
from rich.console import Console

from exsclaim import errors
from exsclaim.cli.report_tables import show_waiting_runs
from exsclaim.harvests.harvest_summary import NOT_WHOLE
from exsclaim.harvests.night import Outcome, check, read_queries
from exsclaim.harvests.patience import Patience
from exsclaim.harvests.worker_threads import side_by_side
from exsclaim.query import Query
from exsclaim.settings import settings
from flows.command_line import errors_told, harvests_shown, log_in
from flows.deployment_runs import ATTEMPTS, follow, not_taken_up, places, start
from flows.gpu_pool import GpuPool
from flows.harvest import harvest

log = logging.getLogger("flows.nightly")  # also where this is __main__

START_WITHIN_S = 900.0
"""After so long without any run taken up or ended, those that wait are left in their queue."""
LONGEST_S = 20 * 3600.0
"""A night ends before the next one begins, also where worker and flow run were killed together."""
_RAISED = re.compile(r"Flow run encountered an exception: (\w+): ")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@flow(name="nightly", flow_run_name="nightly {queries.name}", persist_result=False)
def nightly(
    queries: Path, deployment: str | None = None, gpu: GpuPool | None = None, resumes: str | None = None
) -> list[Outcome]:
    """Harvest every query file of a folder; gives how each ended.

    Args:
        queries: folder of query files (.json, .yaml, .toml); subfolders are not looked into.
        deployment: deployment of `harvest` that runs them ("harvest/default"); by default this process does.
        gpu: pool that separates their figures; by default the harvest's process does.
        resumes: id of a night's flow run whose process was killed: its harvests, ended or not, are this night's.

    Raises:
        QueryError: the folder is missing or holds no query file.
        NightError: some queries were not harvested; all others were, and the message names each.
    """
    good, outcomes = read_queries(queries)
    for outcome in outcomes:
        log.error("%s", outcome.message)
    if deployment:
        outcomes += _as_flow_runs(deployment, good, gpu, night=resumes or str(flow_run.id))
    else:
        outcomes += [_in_this_process(name, query, gpu) for name, query in good.items()]
    check(outcomes, queries)
    return outcomes


def _in_this_process(file: str, query: Query, gpu: GpuPool | None) -> Outcome:
    log.info("%s: harvesting %s", file, query.name)
    return outcome_of(file, harvest(query, gpu=gpu, return_state=True))


def _as_flow_runs(deployment: str, queries: Mapping[str, Query], gpu: GpuPool | None, night: str) -> list[Outcome]:
    """A flow run per query, as many at a time as the deployment admits; one whose process dies is started again."""
    outcomes: list[Outcome] = []
    patience, pool = Patience(START_WITHIN_S), gpu.model_dump(mode="json") if gpu else None

    def begin(file: str, attempt: int) -> FlowRun:
        name = f"harvest {file}" + (f", attempt {attempt}" if attempt > 1 else "")
        parameters = {"query": queries[file].model_dump(mode="json"), "gpu": pool}
        # of a night that was killed, the run of this key is the one that it began
        return start(deployment, parameters, name, f"{night}-{file}-{attempt}")

    def attend(file: str) -> None:
        patience.sign()
        attempt, run = 1, begin(file, 1)
        while True:
            state, was_taken_up = follow(
                run, patience, is_alive=lambda: True, closing=threading.Event(), longest_s=LONGEST_S
            )
            if state is None or not state.is_crashed() or attempt == ATTEMPTS:
                break
            log.warning("%s: %s; its harvest is started again", file, state.message)
            attempt += 1
            run = begin(file, attempt)
        outcomes.append(outcome_of(file, state or Pending(message=_why_left(run, was_taken_up)), attempt))

    # what waited for a place would be offered to its worker every few seconds, and logged each time
    side_by_side(attend, queries, limit=places(deployment) or max(1, len(queries)))
    return sorted(outcomes, key=lambda outcome: outcome.file)


def outcome_of(file: str, state: State, attempts: int = 1) -> Outcome:
    """Outcome of a harvest; errors of our own are sentences, and need no class before them as Prefect sets it."""
    message, raised = state.message or str(state.name), _RAISED.match(state.message or "")
    if raised and hasattr(errors, raised[1]):
        message = message[raised.end() :]
    is_completed = state.is_completed() and state.name not in NOT_WHOLE
    log.log(logging.INFO if is_completed else logging.ERROR, "%s: %s", file, message)
    return Outcome(file=file, is_completed=is_completed, message=message, attempts=attempts)


def _why_left(run: FlowRun, was_taken_up: bool) -> str:
    if was_taken_up:
        return f"{run.name!r} has been running for {LONGEST_S / 3600:g} h and is no longer waited for"
    way_out = "it stays in its queue. The worker needs a place beside this flow's: --limit 3"
    return not_taken_up(run, START_WITHIN_S, way_out)


@app.command()
def command(queries: Annotated[Path, typer.Argument(help="Folder of query files: .json, .yaml, .toml.")]) -> None:
    """Harvest every query of a folder, one after the other: one line for cron or a systemd timer.

    Exit code 0: all were harvested; 1: some were not, or a source could not be searched (named at the end); 2: there is
    no query; 130, 143: ended by Ctrl-C, by SIGTERM.
    """
    console = Console(emoji=False, soft_wrap=True)
    try:
        with errors_told(), harvests_shown(console, log_in(settings().home.expanduser() / "nightly.log")):
            nightly(queries)
    finally:
        show_waiting_runs(console)


if __name__ == "__main__":
    app()
