"""Wherever figures are separated, the data set is the same, and publishers are asked by one process alone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exsclaim.errors import SettingsError
from exsclaim.figures import separation_processes
from exsclaim.harvests import article_stages
from exsclaim.query import Query
from flows.harvest import harvest
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tasks import store_and_client
from tests.flows.test_harvest import published_in

Mirror = Callable[[str], None]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dask_scheduler() -> Iterator[str]:
    """Address of a Dask cluster that is there already."""
    distributed = pytest.importorskip("distributed", reason="Dask comes with the dev extra")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


def harvested(
    journal: DemoJournal, query: Query, mirrored: Mirror, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str
) -> tuple[dict[str, bytes], int]:
    """All that a harvest with these settings publishes, from a home of its own; and how often it tried again."""
    for name, value in {"HOME": str(folder / "home"), "WORKERS": "2", **settings}.items():
        monkeypatch.setenv(f"EXSCLAIM_{name}", value)
    few = query.model_copy(update={"results_dir": folder / "results", "maximum_scraped": 2})
    from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

    with (
        JournalServer(journal, demo_faults(journal.articles)) as server,
        temporary_settings({PREFECT_LOCAL_STORAGE_PATH: folder / "home" / "tasks"}),
    ):
        mirrored(server.url)
        summary = harvest(few)
    assert summary.panels > summary.figures > 3
    return published_in(folder / "results" / "silver"), summary.retries


@pytest.fixture(scope="module")
def by_threads() -> dict[str, tuple[dict[str, bytes], int]]:
    """The harvest of threads, once it was done."""
    return {}


@pytest.mark.parametrize("kind", ["process", "dask", "dask at an address"])
def test_the_data_set_is_that_of_threads(
    kind: str, journal: DemoJournal, query: Query, mirrored: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest, by_threads: dict[str, tuple[dict[str, bytes], int]],
) -> None:  # fmt: skip
    if not by_threads:
        by_threads["done"] = harvested(journal, query, mirrored, tmp_path / "thread", monkeypatch)
    expected = by_threads["done"]
    # several processes side by side once: each loads torch and all networks
    runner = {"RUNNER": kind.split()[0], "WORKERS": "2" if kind == "process" else "1"}
    if kind.startswith("dask"):
        pytest.importorskip("prefect_dask", reason="Dask comes with the dev extra")
    if "address" in kind:
        monkeypatch.setenv("EXSCLAIM_HOME", str(tmp_path / "other" / "home"))  # its worker looks into the same store
        runner["DASK_ADDRESS"] = request.getfixturevalue("dask_scheduler")
    found, retries = harvested(journal, query, mirrored, tmp_path / "other", monkeypatch, **runner)
    assert found == expected[0]
    assert retries == expected[1] == 2


def test_the_data_set_is_that_of_one_core_where_there_are_several(
    journal: DemoJournal, query: Query, mirrored: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    by_threads: dict[str, tuple[dict[str, bytes], int]],
) -> None:  # fmt: skip
    if not by_threads:
        by_threads["done"] = harvested(journal, query, mirrored, tmp_path / "thread", monkeypatch)
    monkeypatch.setattr(article_stages, "cores", 2)
    assert harvested(journal, query, mirrored, tmp_path / "other", monkeypatch) == by_threads["done"]
    assert separation_processes.idle()  # they did it


def test_a_scheduler_that_does_not_answer_is_told_before_anything_is_fetched(
    journal: DemoJournal, query: Query, mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("prefect_dask", reason="Dask comes with the dev extra")
    monkeypatch.setenv("EXSCLAIM_RUNNER", "dask")
    monkeypatch.setenv("EXSCLAIM_DASK_ADDRESS", "tcp://127.0.0.1:9")
    with JournalServer(journal) as server:
        mirrored(server.url)
        with pytest.raises(SettingsError, match=r"EXSCLAIM_DASK_ADDRESS: no Dask scheduler answers at tcp://127"):
            harvest(query)
        assert server.requests == []


@pytest.mark.parametrize(("runner", "how"), [("dask", r"exsclaim\[dask\]"), ("ray", "prefect-ray")])
def test_a_runner_that_is_not_installed_says_how_it_can_be(
    runner: str, how: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXSCLAIM_RUNNER", runner)
    store_and_client.forget()
    monkeypatch.setitem(sys.modules, f"prefect_{runner}", None)
    with pytest.raises(SettingsError, match=f"pip install .*{how}"):
        harvest(query)


def test_workers_share_the_cores() -> None:
    share = "from exsclaim.harvests import article_stages as here; from flows.scale_out import _share_cores\n"
    share += "_share_cores(2); print(here.cores)"
    done = subprocess.run([sys.executable, "-c", share], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) == max(1, (os.cpu_count() or 1) // 2)
