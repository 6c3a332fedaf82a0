"""The loopback server: what the routes answer arrives whole, what is ordered to fail fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from journal.faults import Fault, FaultKind, Faults
from journal.server import Answer, JournalServer, not_found


def routes(target: str) -> Answer:
    return Answer(f"page of {target}".encode(), "text/plain") if target.startswith("/page") else not_found(target)


@pytest.fixture
def faulty() -> Iterator[JournalServer]:
    faults = Faults(
        Fault("/page/slow", (429,), retry_after_s=7),
        Fault("/page/reset", (FaultKind.RESET,)),
        Fault("/page/cut", (FaultKind.TRUNCATED,)),
        Fault("/page/robot", (FaultKind.ROBOT_CHECK,)),
    )
    with JournalServer(routes, faults) as server:
        yield server


def test_answers_come_with_status_type_and_body() -> None:
    with JournalServer(routes) as server:
        answer = requests.get(f"{server.url}/page?n=1", timeout=5)
        assert (answer.status_code, answer.text) == (200, "page of /page?n=1")
        assert answer.headers["Content-Type"] == "text/plain"
        assert requests.get(f"{server.url}/elsewhere", timeout=5).status_code == 404


def test_requests_are_remembered_in_order() -> None:
    with JournalServer(routes) as server:
        for path in ("/page/1", "/nothing", "/page/2?x=1"):
            requests.get(server.url + path, timeout=5)
    assert server.requests == ["/page/1", "/nothing", "/page/2?x=1"]


def test_an_unchanged_body_is_not_sent_again() -> None:
    with JournalServer(routes) as server:
        first = requests.get(f"{server.url}/page", timeout=5)
        again = requests.get(f"{server.url}/page", headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
        other = requests.get(f"{server.url}/page/2", headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, b"page of /page/2")


def test_head_gives_the_length_without_the_body() -> None:
    with JournalServer(routes) as server:
        answer = requests.head(f"{server.url}/page", timeout=5)
    assert answer.headers["Content-Length"] == str(len("page of /page"))
    assert answer.content == b""


def test_a_refusal_says_when_to_come_back(faulty: JournalServer) -> None:
    answer = requests.get(f"{faulty.url}/page/slow", timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert requests.get(f"{faulty.url}/page/slow", timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/page/reset", requests.exceptions.ConnectionError),
        ("/page/cut", requests.exceptions.ChunkedEncodingError),
    ],
)
def test_broken_connections_break_once(faulty: JournalServer, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        requests.get(faulty.url + path, timeout=5)
    assert requests.get(faulty.url + path, timeout=5).text == f"page of {path}"


def test_a_robot_check_comes_with_status_200(faulty: JournalServer) -> None:
    answer = requests.get(f"{faulty.url}/page/robot", timeout=5)
    assert answer.status_code == 200
    assert "are you a robot" in answer.text.lower()


def test_many_clients_at_once_get_their_own_answers() -> None:
    with JournalServer(routes) as server, ThreadPoolExecutor(8) as pool:
        paths = [f"/page/{number}" for number in range(32)]
        texts = pool.map(lambda path: requests.get(server.url + path, timeout=5).text, paths)
        assert list(texts) == [f"page of {path}" for path in paths]
    assert sorted(server.requests) == sorted(paths)


def test_after_the_block_nobody_answers() -> None:
    with JournalServer(routes) as server:
        pass
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{server.url}/page", timeout=5)
