"""The main job on an embedded default: a journal made by the project itself, harvested twice. `make demo`.

The journal misbehaves on purpose: one page and one image answer 503 once, one figure is gone for good. The second
harvest shows the cache: it asks the journal for nothing.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import typer
from rich.console import Console

from flows.environment import prefect_defaults
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer

QUERY = Path(__file__).with_name("demo.yaml")
FOLDER = Path(".exsclaim/demo")
"""Store, caches, ledger and results of the demo; made anew each time, so that retries and failures are seen."""
GRACE_S = 5.0
"""A harvest that is told to end takes up to three seconds."""


def main() -> int:
    """Serve the journal on loopback and harvest it twice; gives the exit code of the first harvest that failed."""
    console = Console(emoji=False, soft_wrap=True, highlight=False)
    shutil.rmtree(FOLDER, ignore_errors=True)
    with console.status("Drawing a small journal …"):
        journal = DemoJournal(FOLDER / "journal")
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        console.print(f"A journal of {len(journal.articles)} articles is served at {server.url}")
        for title in ("First harvest", "The same harvest again"):
            console.rule(title)
            asked_before = len(server.requests)
            console.print(f"$ python -m flows.harvest {os.path.relpath(QUERY)}", style="dim")
            if code := _harvest(server.url):
                return code
            console.print(f"Requests to the journal: {len(server.requests) - asked_before}")
    console.rule()
    console.print(f"Look at: {FOLDER}/results/demo/extractions (figures with their panels drawn in)")
    console.print(f"         {FOLDER}/results/demo/report.html, exsclaim.json, failures.json, data/")
    console.print(f"Runs:    .venv/bin/mlflow ui --backend-store-uri sqlite:///{FOLDER}/home/mlflow.db")
    return 0


def _harvest(mirror: str) -> int:
    """One harvest as a user runs it: a process of its own."""
    home = (FOLDER / "home").absolute()
    settings = {"EXSCLAIM_HOME": str(home), "EXSCLAIM_MIRROR": mirror, "EXSCLAIM_RETRY_DELAY_S": "0.5"}
    command_line = [sys.executable, "-m", "flows.harvest", str(QUERY)]
    harvest = subprocess.Popen(command_line, env=os.environ | prefect_defaults(home) | settings)
    try:
        return harvest.wait()
    except KeyboardInterrupt:
        # the terminal has told the harvest as well, which says what it keeps before it ends
        with suppress(subprocess.TimeoutExpired):
            harvest.wait(GRACE_S)
        harvest.terminate()
        harvest.wait()
        sys.stderr.write("The demo makes its journal and its results anew each time.\n")
        return 128 + signal.SIGINT


def command() -> None:
    """Harvest a small journal made by the project itself, twice: no network, no key, no server."""
    raise typer.Exit(main())


if __name__ == "__main__":
    typer.run(command)
