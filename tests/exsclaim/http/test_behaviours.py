"""Eighty-five ways in which servers answer, each over a real connection: a body that is right, or an error by its kind.

Nothing else may come out of the client, nothing that is not whole may be kept, and none may hold it.
"""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import pytest

from exsclaim.errors import BadContentError, BlockedError, FetchError, GoneError, TransientFetchError
from tests.exsclaim.publisher import Bench

URL = "https://journal.example/articles/one"
BODY = b"<html><body>An article.</body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\nConnection: close\r\n"
CLOSE = b"Connection: close\r\n"
WHOLE = OK + b"Content-Length: %d\r\n" % len(BODY) + CLOSE + b"\r\n" + BODY

Talk = Callable[[socket.socket], None]


class Behaviour(NamedTuple):
    """A server's answer, and what is to come of it: an error of this kind, or `None` for the article."""

    name: str
    sent: bytes | Talk
    outcome: type[FetchError] | None
    waits_s: float = 0.0
    """Pause that the server asked for before another try."""

    @property
    def timeout_s(self) -> float:
        """Short where the server does not come to an end; else no matter how busy this machine is."""
        return 0.1 if "drip" in self.name or self.name in ("silence", "100-continue for ever") else 30


def status(line: str, *headers: str, body: bytes = b"") -> bytes:
    head = "".join(f"{each}\r\n" for each in (f"HTTP/1.1 {line}", *headers, f"Content-Length: {len(body)}"))
    return head.encode("latin-1") + CLOSE + b"\r\n" + body


def redirect(location: str, line: str = "302 Found") -> bytes:
    return status(line, f"Location: {location}")


def drips(head: bytes, drop: bytes) -> Talk:
    """Sends on until it is cut off."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(500):
            connection.sendall(drop)
            time.sleep(0.01)

    return talk


def resets(head: bytes) -> Talk:
    """Sends so much and then RST instead of FIN."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return talk


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the client has enough


def floods(connection: socket.socket) -> None:
    """Headers without end, as fast as they go."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(2000):
        connection.sendall(b"X-More: %s\r\n" % (b"x" * 8000))


def pieces(*sent: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        for each in sent:
            connection.sendall(each)
            time.sleep(0.005)

    return talk


PACKED = gzip.compress(BODY)
BOMB = gzip.compress(bytes(4_000_000))
MEMBER = gzip.compress(BODY[:10]) + gzip.compress(BODY[10:])
QUOTA = status("429 Too Many", "Content-Type: application/json", body=b'{"message": "quota exceeded for today"}')

ANSWERED = [
    Behaviour("plain", WHOLE, None),
    Behaviour("without a length, to the end of the connection", OK + CLOSE + b"\r\n" + BODY, None),
    Behaviour("HTTP/1.0", b"HTTP/1.0 200 OK\r\n\r\n" + BODY, None),
    Behaviour("no reason phrase", b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY, None),
    Behaviour("lines that end in LF alone", WHOLE.replace(b"\r\n", b"\n"), None),
    Behaviour("byte by byte in one go", pieces(*(WHOLE[at : at + 1] for at in range(20)), WHOLE[20:]), None),
    Behaviour("a header of the old folded form", OK + b"X-Old: a\r\n b\r\n" + CLOSE + b"\r\n" + BODY, None),
    Behaviour("headers that are no Latin-1 text", OK + b"X-Name: \xe4\xff\x80\r\n" + CLOSE + b"\r\n" + BODY, None),
    Behaviour("one hundred continue, then the answer", b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE, None),
    Behaviour("early hints", b"HTTP/1.1 100 Continue\r\nLink: </a.css>\r\n\r\n" + WHOLE, None),
    Behaviour("chunks", CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY), None),
    Behaviour("chunks with an extension", CHUNKED + b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY), None),
    Behaviour("chunks with a trailer", CHUNKED + b"%X\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(BODY), BODY), None),
    Behaviour("chunks of one byte", CHUNKED + b"".join(b"1\r\n%c\r\n" % c for c in BODY) + b"0\r\n\r\n", None),
    Behaviour("gzip", GZIP + b"\r\n" + PACKED, None),
    Behaviour("x-gzip", GZIP.replace(b"gzip", b"x-gzip") + b"\r\n" + PACKED, None),
    Behaviour("GZIP in capitals", GZIP.replace(b"gzip", b"GZIP") + b"\r\n" + PACKED, None),
    Behaviour("gzip of two members", GZIP + b"\r\n" + MEMBER, None),
    Behaviour("gzip with padding", GZIP + b"\r\n" + PACKED + b"\0" * 9, None),
    Behaviour("identity, said so", OK + b"Content-Encoding: identity\r\n" + CLOSE + b"\r\n" + BODY, None),
    Behaviour("more than its length", OK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY + b"more", None),
    Behaviour("no content type", b"HTTP/1.1 200 OK\r\n" + CLOSE + b"\r\n" + BODY, None),
    Behaviour("a content type that is none", OK + b"Content-Type: ;;=\xff\r\n" + CLOSE + b"\r\n" + BODY, None),
    Behaviour("a cookie that is none", OK + b"Set-Cookie: =;=;\x7f\r\n" + CLOSE + b"\r\n" + BODY, None),
]  # fmt: skip

BROKEN = [
    Behaviour("closed at once", b"", TransientFetchError),
    Behaviour("reset at once", resets(b""), TransientFetchError),
    Behaviour("reset within the headers", resets(OK), TransientFetchError),
    Behaviour("reset within the body", resets(OK + b"Content-Length: 900\r\n\r\nx"), TransientFetchError),
    Behaviour("silence", silent, TransientFetchError),
    Behaviour("half a status line", b"HTTP/1.", TransientFetchError),
    Behaviour("no HTTP at all", b"SSH-2.0-OpenSSH_9.6\r\n", TransientFetchError),
    Behaviour("bytes", bytes(range(256)) * 4, TransientFetchError),
    Behaviour("a status that is no number", b"HTTP/1.1 abc OK\r\n\r\n", TransientFetchError),
    Behaviour("a status of four digits", b"HTTP/1.1 2000 OK\r\n\r\n", TransientFetchError),
    Behaviour("a status line without end", b"HTTP/1.1 200 " + b"x" * 70_000, TransientFetchError),
    Behaviour("a header line without end", OK + b"X-Long: " + b"x" * 70_000, TransientFetchError),
    Behaviour("headers without end", floods, TransientFetchError),
    Behaviour("dripping headers", drips(OK + b"X-Slow: ", b"x"), TransientFetchError),
    Behaviour("a dripping body", drips(OK + b"Content-Length: 9999\r\n\r\n", b"x"), TransientFetchError),
    Behaviour("a dripping body without a length", drips(OK + b"\r\n", b"x"), TransientFetchError),
    Behaviour("dripping chunks", drips(CHUNKED, b"1\r\nx\r\n"), TransientFetchError),
    Behaviour("dripping gzip", drips(GZIP + b"\r\n" + PACKED[:4], PACKED[4:5]), TransientFetchError),
    Behaviour("a dripping error page", drips(b"HTTP/1.1 500 Oh\r\n\r\n", b"x"), TransientFetchError),
    Behaviour("100-continue for ever", drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), TransientFetchError),
    Behaviour("shorter than its length", OK + b"Content-Length: 9999\r\n\r\n" + BODY, TransientFetchError),
    Behaviour("empty with a length", OK + b"Content-Length: 9999\r\n\r\n", TransientFetchError),
    Behaviour("an empty body", OK + b"Content-Length: 0\r\n\r\n", TransientFetchError),
    Behaviour("gzip cut off", GZIP + b"\r\n" + PACKED[:-9], TransientFetchError),
    Behaviour("gzip with a wrong sum", GZIP + b"\r\n" + PACKED[:-8] + b"\0" * 8, TransientFetchError),
    Behaviour("plain that says gzip", GZIP + b"\r\n" + BODY, TransientFetchError),
    Behaviour("deflate that says gzip", GZIP + b"\r\n" + zlib.compress(BODY), TransientFetchError),
    Behaviour("gzip and then other bytes", GZIP + b"\r\n" + PACKED + b"more", TransientFetchError),
    Behaviour("a chunk shorter than it says", CHUNKED + b"ffff\r\nx", TransientFetchError),
    Behaviour("chunks without the last", CHUNKED + b"1\r\nx\r\n", TransientFetchError),
    Behaviour("a chunk of no size", CHUNKED + b"zz\r\nx\r\n0\r\n\r\n", TransientFetchError),
    Behaviour("a chunk of a negative size", CHUNKED + b"-5\r\nx\r\n0\r\n\r\n", TransientFetchError),
    Behaviour("a chunk that is all there is to come", CHUNKED + b"-1\r\n" + BODY, TransientFetchError),
    Behaviour("a chunk of a huge size", CHUNKED + b"ffffffffffffffff\r\nx", TransientFetchError),
    Behaviour("no chunk where one was said", CHUNKED + BODY, TransientFetchError),
]  # fmt: skip

REFUSED = [
    Behaviour("a body over the limit", OK + CLOSE + b"\r\n" + b"x" * 1_100_000, BadContentError),
    Behaviour("a gzip bomb", GZIP + b"\r\n" + BOMB, BadContentError),
    Behaviour("gzip in gzip is what it is", GZIP.replace(b"gzip", b"gzip, gzip") + b"\r\n" + PACKED, BadContentError),
    Behaviour("brotli, not asked for", GZIP.replace(b"gzip", b"br") + b"\r\n" + BODY, BadContentError),
    Behaviour("an image for a page", status("200 OK", "Content-Type: image/png", body=b"x"), BadContentError),
    Behaviour("no content", status("204 No Content"), BadContentError),
    Behaviour("partial content", status("206 Partial Content", body=BODY), BadContentError),
    Behaviour("not modified, not asked", status("304 Not Modified"), BadContentError),
    Behaviour("a redirect without an address", status("302 Found"), BadContentError),
    Behaviour("a status of no kind", status("299 Odd", body=BODY), BadContentError),
    Behaviour("gone", status("410 Gone"), GoneError),
    Behaviour("legal reasons", status("451 Unavailable For Legal Reasons"), BlockedError),
    Behaviour("a proxy's log-in", status("407 Proxy Authentication Required"), TransientFetchError),
    Behaviour("a redirect to itself", redirect(URL), GoneError),
    Behaviour("a redirect to half an address", redirect("http://[::1"), GoneError),
    Behaviour("a redirect to a port of letters", redirect("http://x.example:port/", "301 Moved"), GoneError),
    Behaviour("a redirect inside", redirect("http://169.254.169.254/latest/", "307 Temporary Redirect"), GoneError),
    Behaviour("a redirect to a file", redirect("file:///etc/passwd", "308 Permanent Redirect"), GoneError),
    Behaviour("a redirect to a script", redirect("javascript:alert(1)", "303 See Other"), GoneError),
    Behaviour("a redirect with a password", redirect("https://u:p@journal.example/"), GoneError),
    Behaviour("a redirect with ESC", redirect("https://x.example/\x1b]52;c;eA==\x07"), GoneError),
    Behaviour("retry after seconds", status("503 Busy", "Retry-After: 7"), TransientFetchError, 7),
    Behaviour("retry after no number", status("503 Busy", "Retry-After: soon"), TransientFetchError),
    Behaviour("retry after less than none", status("503 Busy", "Retry-After: -5"), TransientFetchError),
    Behaviour("a quota", QUOTA, TransientFetchError),
    Behaviour("a reason with ESC and CR", status("500 \x1b[2J\rERROR all lost"), TransientFetchError),
]  # fmt: skip

BEHAVIOURS = (*ANSWERED, *BROKEN, *REFUSED)


@contextmanager
def server(sent: bytes | Talk) -> Iterator[str]:
    """A server of loopback that answers each connection so; its address, to be used as a mirror."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            if isinstance(sent, bytes):
                connection.sendall(sent)
            else:
                sent(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                answer(listening.accept()[0])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def outcome(bench: Bench, mirror: str, timeout_s: float) -> FetchError | None:
    """The error that asking for the article ends with; None where it was fetched."""
    client = bench.client(
        mirror=mirror, timeout_s=timeout_s, http_attempts=2, max_response_mb=1, ignore_robots=["nature"]
    )
    try:
        response = client.page(URL, source="nature")
    except FetchError as error:
        return error
    assert bench.store.read(response.sha256) == BODY
    return None


def test_there_are_eighty_five_of_them() -> None:
    assert len({each.name for each in BEHAVIOURS}) == len(BEHAVIOURS) == 85


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: each.name)
def test_an_answer_is_the_article_or_an_error_of_its_kind(bench: Bench, behaviour: Behaviour) -> None:
    with server(behaviour.sent) as mirror:
        error = outcome(bench, mirror, behaviour.timeout_s)
    assert isinstance(error, behaviour.outcome or type(None)), error
    if error is not None:
        assert bench.store.recall(URL) is None
        assert str(error).isprintable()
    if behaviour.waits_s:
        assert bench.waited_s == [behaviour.waits_s]
