"""Nights read from an MLflow server over its REST API."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from exsclaim.errors import FetchError, TransientFetchError
from exsclaim.quality.metrics import HarvestMetrics, logged
from exsclaim.quality.mlflow_server import nights_of
from tests.exsclaim.quality.histories import history


def as_run(nights: list[HarvestMetrics]) -> dict[str, object]:
    """A harvest as MLflow's runs/search answers it."""
    metrics = {name: value for night in nights for name, value in logged(night.metrics, night.source).items()}
    params = {"query_digest": nights[0].query_digest}
    params |= {f"version.{name}": value for name, value in nights[0].versions.items()}
    tags = {"kind": "harvest", "query": nights[0].query_name, "harvest": nights[0].harvest}
    return {
        "info": {"status": "FINISHED"},
        "data": {
            "metrics": [{"key": key, "value": value} for key, value in (metrics | {"panels": 3.0}).items()],
            "params": [{"key": key, "value": value} for key, value in params.items()],
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        },
    }


class Server:
    """Answers as MLflow's REST API does, two runs to a page."""

    def __init__(self, nights: list[HarvestMetrics]) -> None:
        by_harvest: dict[str, list[HarvestMetrics]] = {}
        for night in nights:
            by_harvest.setdefault(night.harvest, []).append(night)
        runs = [as_run(group) for _, group in sorted(by_harvest.items(), reverse=True)]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not runs:
                    self.answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no experiment"})
                else:
                    self.answer(200, {"experiment": {"experiment_id": "1"}})

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                start = int(asked.get("page_token", 0))
                more = {"next_page_token": str(start + 2)} if start + 2 < len(runs) else {}
                self.answer(200, {"runs": runs[start : start + 2], **more})

            def answer(self, status: int, content: object) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


NIGHTS = history(5)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(NIGHTS)
    yield server
    server.close()


def test_nights_are_those_that_were_logged(server: Server) -> None:
    found = nights_of(server.url)
    assert sorted(found, key=str) == sorted(NIGHTS, key=str)


def test_a_server_without_harvests_has_no_nights() -> None:
    server = Server([])
    assert nights_of(server.url) == []
    server.close()


def test_a_server_that_is_down_is_named(server: Server) -> None:
    server.close()
    with pytest.raises(TransientFetchError, match="is it running"):
        nights_of(server.url)


def test_what_is_no_address_is_named() -> None:
    with pytest.raises(FetchError, match="no address"):
        nights_of("mlflow.example")
