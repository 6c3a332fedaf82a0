"""Store, results and task cache on an S3 server: another machine goes on, and the data set is that of a folder."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK, temporary_settings

from exsclaim.dataset.results_at_url import LEASE, MANIFEST
from exsclaim.dataset.transaction import COMMIT, DRAFTS
from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.query import Query
from exsclaim.storage.remote import RemoteFiles
from flows.harvest import harvest
from flows.result_storage import BLOCK, save
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tests.flows.test_harvest import published_in
from tests.flows.test_kill import start

Mirror = Callable[[str], None]


@pytest.fixture
def task_cache(s3: str) -> Iterator[str]:
    """The block that all machines name."""
    save(f"{s3}/tasks")
    with temporary_settings({PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK: f"remote-file-system/{BLOCK}"}):
        yield f"{s3}/tasks"


def harvest_on(
    machine: str,
    query: Query,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mirrored: Mirror,
    **options: Any,
) -> HarvestSummary:
    """The harvest on a machine that has the URLs, and nothing else of the others."""
    monkeypatch.setenv("EXSCLAIM_HOME", str(tmp_path / machine))
    monkeypatch.setattr(socket, "gethostname", lambda: machine)
    with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: tmp_path / machine / "tasks"}):
        mirrored(url)
        return harvest(query, **options)


def test_machines_share_a_store_a_task_cache_and_results(
    journal: DemoJournal, query: Query, mirrored: Mirror, tmp_path: Path, s3: str, task_cache: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    few = query.model_copy(update={"maximum_scraped": 2})
    there = few.model_copy(update={"results_dir": f"{s3}/results"})
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        monkeypatch.setenv("EXSCLAIM_STORE", f"{s3}/store")
        harvest_on("fetching", there, server.url, tmp_path, monkeypatch, mirrored, separate=False)
        asked = len(server.requests)
        second = harvest_on("separating", there, server.url, tmp_path, monkeypatch, mirrored)
        third = harvest_on("third", there, server.url, tmp_path, monkeypatch, mirrored)
        assert len(server.requests) == asked
    for stage in ("search", "fetch", "figures", "captions"):
        assert second.stages[stage].cached == second.stages[stage].planned > 0
    assert third.stages["separate"].cached == third.stages["separate"].planned == second.stages["separate"].done
    assert str(third.results) == f"{s3}/results/silver"
    # nothing but caches and records on the machines; the data set is what a folder would hold
    assert not (tmp_path / "third" / "store").exists()
    monkeypatch.delenv("EXSCLAIM_STORE")
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        harvest_on("alone", few, server.url, tmp_path, monkeypatch, mirrored)
    expected, found = published_in(few.results_dir / "silver"), objects(f"{s3}/results/silver")
    # the machines published twice, without panels and with them, and the data set says so
    history = {"versions.json", "CHANGES.md", "README.md", "croissant.json", "report.md", "report.html"}
    assert {name: found[name] for name in found.keys() - history} == {n: expected[n] for n in expected.keys() - history}


def objects(url: str) -> dict[str, bytes]:
    """All that a reader finds at a URL: what is on its way there does not count."""
    files = RemoteFiles(url)
    ours = (LEASE, MANIFEST, COMMIT, "harvest.log")
    return {name: files.read(name) for name in files.names() if name not in ours and not name.startswith(DRAFTS)}


def test_killed_while_it_uploads_and_started_again(
    journal: DemoJournal, query: Query, mirrored: Mirror, tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = socket.gethostname()  # the lease of a machine's own harvest that was killed is taken over
    with JournalServer(journal) as server:
        undisturbed = query.model_copy(update={"results_dir": f"{s3}/undisturbed"})
        harvest_on("undisturbed", undisturbed, server.url, tmp_path, monkeypatch, mirrored, separate=False)
        monkeypatch.setenv("EXSCLAIM_STORE", f"{s3}/store")
        victim = start(tmp_path / here, server.url, f"{s3}/results", "--no-separate")
        deadline = time.monotonic() + 400
        captions = tmp_path / here / "tasks" / "captions"
        while not list(captions.glob("*")):  # nothing is uploaded before, and to ask the server all the time costs both
            assert victim.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        there = RemoteFiles(f"{s3}/results/silver")
        while not [name for name in there.names() if name.startswith("figures/")]:
            assert victim.poll() is None, "the harvest ended before it could be killed"
            assert time.monotonic() < deadline
        os.kill(victim.pid, signal.SIGKILL)
        assert victim.wait(10) == -signal.SIGKILL
        expected = objects(f"{s3}/undisturbed/silver")
        found = objects(f"{s3}/results/silver")
        assert found.items() <= expected.items(), "what is there is whole"
        assert found
        again = query.model_copy(update={"results_dir": f"{s3}/results"})
        harvest_on(here, again, server.url, tmp_path, monkeypatch, mirrored, separate=False)
    assert objects(f"{s3}/results/silver") == expected
