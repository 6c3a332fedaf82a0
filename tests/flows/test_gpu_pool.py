"""A harvest whose figures are separated by another machine: the pool at work, failing, and not there."""

import contextvars
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
from prefect.states import Crashed, Pending, Running

from exsclaim.query import Query, parse
from flows.gpu_pool import GpuPool
from flows.harvest import harvest
from flows.separate import separate
from journal.journal import DemoJournal
from journal.server import JournalServer
from tasks import store_and_client
from tests.flows.test_harvest import Mirror, published

POOL = "gpu-of-the-tests"


@pytest.fixture(scope="module")
def deployment() -> str:
    """`separate`, deployed to a pool that only the tests' own workers serve."""
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"), overwrite=True)
        flow = client.create_flow(separate)
        client.create_deployment(
            flow, name="tests", work_pool_name=POOL, path=".", entrypoint="flows.separate.separate"
        )
    return "separate/tests"


@contextmanager
def worker(*fates: Callable[[SyncPrefectClient, FlowRun], None]) -> Iterator[list[FlowRun]]:
    """Takes up the pool's runs in a thread, each by the next of `fates`, and once these are used up by working."""
    taken: list[FlowRun] = []
    closing = threading.Event()
    due = list(fates)

    def serve() -> None:
        with get_client(sync_client=True) as client:
            while not closing.wait(0.5):
                answer = client.request(
                    "POST", "/work_pools/{name}/get_scheduled_flow_runs", path_params={"name": POOL}, json={}
                )
                for entry in answer.json():
                    run = client.read_flow_run(entry["flow_run"]["id"])
                    client.set_flow_run_state(run.id, Pending())
                    taken.append(run)
                    fate = due.pop(0) if due else work
                    fate(client, run)

    # the copied context brings the test's own task cache along: both machines share it
    thread = threading.Thread(target=contextvars.copy_context().run, args=(serve,))
    thread.start()
    try:
        yield taken
    finally:
        closing.set()
        thread.join()


def work(client: SyncPrefectClient, run: FlowRun) -> None:
    run_flow(separate, flow_run=run, parameters={"articles": run.parameters["articles"]}, return_type="state")


def crash(client: SyncPrefectClient, run: FlowRun) -> None:
    client.set_flow_run_state(run.id, Crashed(message="killed"), force=True)


def vanish(client: SyncPrefectClient, run: FlowRun) -> None:
    """Worker and flow run are killed together: the run says it is running for ever."""
    client.set_flow_run_state(run.id, Running(), force=True)


def failures(query: Query) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((query.results_dir / query.name / "failures.json").read_text())
    return found


@pytest.fixture
def query(query: Query) -> Query:
    """Two articles are enough."""
    return query.model_copy(update={"maximum_scraped": 2})


@pytest.fixture(scope="module")
def undisturbed(journal: DemoJournal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files of a harvest that separates by itself."""
    folder = tmp_path_factory.mktemp("alone")
    alone = parse(
        {
            "name": "silver",
            "open": True,
            "maximum_scraped": 2,
            "query": {"search_field_1": {"term": "nanoparticles"}},
            "results_dir": str(folder / "results"),
        }
    )
    with (
        JournalServer(journal) as server,
        pytest.MonkeyPatch.context() as patch,
        temporary_settings({PREFECT_LOCAL_STORAGE_PATH: folder / "tasks"}),
    ):
        patch.setenv("EXSCLAIM_HOME", str(folder / "home"))
        patch.setenv("EXSCLAIM_MIRROR", server.url)
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
        store_and_client.forget()
        harvest(alone)
    store_and_client.forget()
    return published(alone)


def harvested(journal: DemoJournal, query: Query, mirrored: Mirror, pool: GpuPool) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query, gpu=pool)


def test_the_pool_separates_in_chunks_and_the_data_set_is_the_same(
    journal: DemoJournal, query: Query, mirrored: Mirror, deployment: str, undisturbed: dict[str, bytes]
) -> None:
    with worker() as runs:
        harvested(journal, query, mirrored, GpuPool(deployment=deployment, chunk=2, wait_s=240, in_place=False))
    assert failures(query) == []
    assert published(query) == undisturbed
    assert len(runs) > 1
    assert all(len(run.parameters["articles"]) == 1 for run in runs)  # the figures of one article stay together
    assert all(run.parent_task_run_id for run in runs)  # shown below the harvest in Prefect's UI


def test_what_is_in_the_cache_is_not_handed_over(
    journal: DemoJournal, query: Query, mirrored: Mirror, deployment: str, home: Path
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        harvest(query)
        (home / "ledger.sqlite").unlink()
        with worker() as runs:
            again = harvest(query, gpu=GpuPool(deployment=deployment, wait_s=1))
    assert runs == []
    assert again.stages["separate"].cached == again.stages["separate"].planned > 0


def test_a_run_that_crashes_or_vanishes_is_followed_by_another(
    journal: DemoJournal, query: Query, mirrored: Mirror, deployment: str, undisturbed: dict[str, bytes]
) -> None:
    with worker(crash, vanish) as runs:
        harvested(journal, query, mirrored, GpuPool(deployment=deployment, wait_s=15, in_place=False))
    assert failures(query) == []
    assert published(query) == undisturbed
    assert len(runs) == 3
    with get_client(sync_client=True) as client:
        states = [client.read_flow_run(run.id).state for run in runs]
    assert [state.name for state in states if state] == ["Crashed", "Crashed", "Completed"]


def test_without_a_worker_the_harvest_separates_in_place_and_says_so(
    journal: DemoJournal, query: Query, mirrored: Mirror, deployment: str, undisturbed: dict[str, bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with caplog.at_level(logging.INFO, "flows.gpu_pool"):
        harvested(journal, query, mirrored, GpuPool(deployment=deployment, chunk=3, wait_s=1))
    assert published(query) == undisturbed
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert f"no worker of the pool {POOL} took up" in warning
    assert f"prefect worker start --pool {POOL}" in warning
    assert "separated here instead" in warning


def test_where_in_place_is_not_allowed_the_figures_are_left_to_the_next_harvest(
    journal: DemoJournal, query: Query, mirrored: Mirror, deployment: str
) -> None:
    pool = GpuPool(deployment=deployment, wait_s=1, in_place=False)
    with JournalServer(journal) as server:
        mirrored(server.url)
        first = harvest(query, gpu=pool)
        recorded = failures(query)
        with worker():
            second = harvest(query, gpu=pool.model_copy(update={"wait_s": 240}))
    assert {failure["stage"] for failure in recorded} == {"separate"}
    assert all(failure["will_be_retried"] for failure in recorded)
    assert len(recorded) == first.figures
    assert first.panels == 0
    assert second.failures == ()
    assert second.panels > second.figures


def test_a_deployment_that_is_not_there_is_named(
    journal: DemoJournal, query: Query, mirrored: Mirror, caplog: pytest.LogCaptureFixture
) -> None:
    harvested(journal, query, mirrored, GpuPool(deployment="separate/nowhere", wait_s=60))
    assert "no deployment separate/nowhere" in caplog.text
    assert failures(query) == []
