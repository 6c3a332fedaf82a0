"""Runs of deployments while Prefect's server is not there for a moment: a restart."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from exsclaim.errors import PoolError
from flows.deployment_runs import places, start
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
