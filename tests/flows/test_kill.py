"""A harvest that is killed at any moment and started again ends with the data set of an undisturbed one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOCAL_STORAGE_PATH, temporary_settings

from exsclaim.query import Query
from flows.harvest import harvest
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tests.flows.test_harvest import published_in

ROOT = Path(__file__).parents[2]
QUERY = {"name": "silver", "open": True, "query": {"search_field_1": {"term": "nanoparticles"}}}


def start(
    home: Path,
    mirror: str,
    results: Path | str,
    *options: str,
    before: Sequence[str] = (),
    stdout: int | None = None,
    stderr: int | None = None,
    **changes: object,
) -> subprocess.Popen[bytes]:
    """`python -m flows.harvest` as a process of its own, under the test's Prefect server.

    `before` are words before the command, `changes` keys of the query.
    """
    home.mkdir(parents=True, exist_ok=True)
    query = home / "query.json"
    query.write_text(json.dumps(QUERY | {"results_dir": str(results)} | changes))
    environment = os.environ | {
        "EXSCLAIM_HOME": str(home),
        "EXSCLAIM_MIRROR": mirror,
        "EXSCLAIM_RETRY_DELAY_S": "0",
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "tasks"),
    }
    command = [*before, sys.executable, "-m", "flows.harvest", str(query), *options]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stdout, stderr=stderr)


def separated(home: Path) -> int:
    return sum(1 for _ in (home / "tasks" / "separate").glob("*"))


def results_of_tasks(home: Path) -> dict[str, int]:
    """Every cached result and when it was written (ns): what is done again is written again."""
    return {str(path): path.stat().st_mtime_ns for path in (home / "tasks").rglob("*") if path.is_file()}


def test_killed_and_started_again(
    journal: DemoJournal, tmp_path: Path, home: Path, query: Query, mirrored: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        mirrored(server.url)
        # two articles: one is separated when the kill comes, the other is not; the process loads all networks
        undisturbed, alone = harvest(query.model_copy(update={"maximum_scraped": 2})), home
    home, results = tmp_path / "home2", tmp_path / "results2"
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        victim = start(home, server.url, results, maximum_scraped=2)
        deadline = time.monotonic() + 240
        while separated(home) < 1:
            assert victim.poll() is None, "the harvest ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait(10)
        done = results_of_tasks(home)
        assert not (results / "silver" / "exsclaim.json").exists()
        monkeypatch.setenv("EXSCLAIM_HOME", str(home))
        with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: home / "tasks"}):
            mirrored(server.url)
            harvest(query.model_copy(update={"maximum_scraped": 2, "results_dir": results}))
    assert results_of_tasks(home).items() >= done.items()
    assert separated(home) == separated(alone) > 1
    assert published_in(results / "silver") == published_in(Path(undisturbed.results))
