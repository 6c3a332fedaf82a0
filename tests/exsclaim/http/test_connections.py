"""A connection leads to the address that was looked at, and no server holds a thread for longer than it may."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from exsclaim.errors import GoneError, TransientFetchError
from tests.exsclaim.publisher import Bench, Reply

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server of loopback that says what `talk` writes to each connection; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    connection.recv(65536)
                    talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.close()
    thread.join(5)


def drip(connection: socket.socket, drops: bytes) -> None:
    """One byte in 50 ms: each comes long before a timeout between two bytes."""
    for _ in range(40):
        connection.sendall(drops)
        time.sleep(0.05)


def in_the_end(head: bytes, drops: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        drip(connection, drops)

    return talk


@pytest.mark.parametrize(
    ("head", "drops"),
    [
        pytest.param(HEAD + b"X-Slow: ", b"x", id="a header without end"),
        pytest.param(b"H", b"", id="nothing after the first byte"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="100-continue for ever"),
        pytest.param(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", id="a body with a length"),
        pytest.param(HEAD + b"\r\n", b"x", id="a body without a length"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="a body in chunks"),
    ],
)
def test_a_server_that_drips_is_left_in_time(bench: Bench, head: bytes, drops: bytes) -> None:
    with raw_server(in_the_end(head, drops)) as port:
        mirror = f"http://127.0.0.1:{port}"
        client = bench.client(mirror=mirror, timeout_s=0.2, http_attempts=1, ignore_robots=["nature"])
        with pytest.raises(TransientFetchError, match=r"too slow|came too slowly|timed out"):
            client.page("https://journal.example/one", source="nature")
    assert bench.store.recall("https://journal.example/one") is None


def test_a_slow_body_that_keeps_coming_is_had(bench: Bench) -> None:
    part = b"x" * 70_000

    def talk(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (6 * len(part)))
        for _ in range(6):
            connection.sendall(part)
            time.sleep(0.15)

    with raw_server(talk) as port:
        client = bench.client(mirror=f"http://127.0.0.1:{port}", timeout_s=0.25, ignore_robots=["nature"])
        response = client.page("https://journal.example/one", source="nature")
    assert len(bench.store.read(response.sha256)) == 6 * len(part)


def test_a_name_is_looked_up_once_and_connected_to_where_it_was_found(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first look-up gives a public address, the next one loopback."""
    lookups: list[str] = []
    port = int(bench.publisher.url.rsplit(":", 1)[1])
    look_up = socket.getaddrinfo

    def rebinding(host: str, *arguments: object, **options: object) -> list[tuple[object, ...]]:
        if host != "rebinding.example":
            return look_up(host, *arguments, **options)  # type: ignore[arg-type, return-value]
        lookups.append(host)
        address = "93.184.215.14" if len(lookups) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    client = bench.client(mirror=None, ignore_robots=["nature"])
    # the tests' guard of the network says where the connection was to go
    with pytest.raises(RuntimeError, match=r"93\.184\.215\.14"):
        client.page(f"http://rebinding.example:{port}/", source="nature")
    assert bench.publisher.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.0.0.8", "169.254.169.254"])
def test_a_name_with_a_private_address_is_not_connected_to(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.215.14", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(GoneError, match=f"private address {address}"):
        bench.client(mirror=None, ignore_robots=["nature"]).page("http://inside.example/", source="nature")


@pytest.mark.parametrize("named", ["127.0.0.1", "localhost", "127.0.0.0/8"])
def test_a_private_server_that_the_user_named_is_asked(bench: Bench, named: str) -> None:
    port = bench.publisher.url.rsplit(":", 1)[1]
    bench.publisher.otherwise = lambda asked: Reply(b"<p>ours</p>")
    host = "localhost" if named == "localhost" else "127.0.0.1"
    client = bench.client(mirror=None, private_hosts=named, ignore_robots=["nature"])
    response = client.page(f"http://{host}:{port}/", source="nature")
    assert bench.store.read(response.sha256) == b"<p>ours</p>"
