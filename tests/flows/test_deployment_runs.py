"""Runs of deployments while Prefect's server is not there for a moment: a restart."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelled

from exsclaim.errors import PoolError
from flows.deployment_runs import not_taken_up, places, start
from flows.separate import separate
from tests.services.running import free_port

ABSENT_S = 1.0


class NothingDeployed(BaseHTTPRequestHandler):
    """A server that has come up, and knows no deployment."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """It says nothing."""


@pytest.fixture
def restarting() -> Iterator[None]:
    """A server that listens only after a while."""
    port = free_port()
    begun: list[ThreadingHTTPServer] = []

    def begin() -> None:
        begun.append(ThreadingHTTPServer(("127.0.0.1", port), NothingDeployed))
        begun[0].serve_forever(poll_interval=0.05)

    timer = threading.Timer(ABSENT_S, begin)
    timer.start()
    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
        yield
    timer.cancel()
    for server in begun:
        server.shutdown()
        server.server_close()


@pytest.mark.usefixtures("restarting")
def test_the_places_of_a_deployment_are_asked_for_again_while_the_server_restarts() -> None:
    with pytest.raises(PoolError, match="no deployment harvest/default"):  # said by the server
        places("harvest/default")


@pytest.mark.usefixtures("restarting")
def test_a_run_is_started_once_the_server_is_back() -> None:
    with pytest.raises(PoolError, match="no deployment harvest/default"):
        start("harvest/default", {}, "harvest silver.json", "one-night-silver.json-1")


def test_what_is_no_name_of_a_deployment_is_said() -> None:
    """Of `--gpu gpu`: the harvest then separates by itself, and does not end with a fault of Prefect's client."""
    with pytest.raises(PoolError, match="'gpu' is no name of a deployment"):
        start("gpu", {}, "separate 3 figures", "key")


def test_a_pool_that_is_paused_is_resumed_and_needs_no_other_worker() -> None:
    pool = "paused-in-the-tests"
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"), overwrite=True)
        client.create_deployment(
            client.create_flow(separate), name="paused", work_pool_name=pool, path=".",
            entrypoint="flows.separate.separate",
        )  # fmt: skip
        run = start("separate/paused", {"articles": []}, "separate silver", "key")
        client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
        paused = not_taken_up(run, 3, "start a worker")
        client.update_work_pool(pool, WorkPoolUpdate(is_paused=False))
        client.set_flow_run_state(run.id, Cancelled(), force=True)
    said = f"no worker of the pool {pool} took up 'separate silver' within 3 s; "
    assert paused == f"{said}the pool is paused: prefect work-pool resume {pool}"
    assert not_taken_up(run, 3, "start a worker") == f"{said}start a worker"
