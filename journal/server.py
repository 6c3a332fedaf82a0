"""A loopback web server for pages made on the fly, that can misbehave on purpose and remembers what it was asked."""

import hashlib
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from journal.faults import SLOW_S, Fault, FaultKind, Faults

ROBOT_CHECK = (
    b"<!DOCTYPE html><html><head><title>Are you a robot?</title></head><body><h1>Are you a robot?</h1>"
    b"<p>We have noticed unusual traffic. Please complete the captcha to go on.</p></body></html>"
)


@dataclass(frozen=True)
class Answer:
    """Answer of a route."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200

    @property
    def etag(self) -> str:
        """Strong validator: changes exactly when the body does (RFC 9110, section 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


Routes = Callable[[str], Answer]
"""Request target (path and query as sent, with its leading slash) -> answer. Called from many threads."""


def not_found(target: str) -> Answer:
    """The 404 of a site that does not know `target`."""
    return Answer(b"<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1>", status=404)


class Door(NamedTuple):
    """Targets that begin with `prefix` are answered with 401 unless the request has this header."""

    prefix: str
    header: str
    value: str


class JournalServer:
    """Serves `routes` on a free port of 127.0.0.1 while the `with` block lasts; answers under way are finished.

    Attributes:
        url: `http://127.0.0.1:<port>`, without a slash at the end: what EXSCLAIM_MIRROR takes.
    """

    def __init__(
        self, routes: Routes, faults: Faults | None = None, *, port: int = 0, doors: Sequence[Door] = ()
    ) -> None:
        self.routes = routes
        self.doors = doors
        self.faults = faults or Faults()
        self._requests: list[str] = []
        self._lock = Lock()
        self._http = _Http(("127.0.0.1", port), _Handler, self)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def requests(self) -> list[str]:
        """Targets asked for so far, in order of arrival, faults included."""
        with self._lock:
            return list(self._requests)

    def note(self, target: str) -> None:
        with self._lock:
            self._requests.append(target)

    def serve(self) -> None:
        """Serve in this thread, until it is interrupted."""
        self._http.serve_forever()

    def close(self) -> None:
        self._http.server_close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self.close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for the answers under way

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], journal: JournalServer) -> None:
        super().__init__(address, handler)
        self.journal = journal

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news; anything else is a defect and shows its traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One request per connection (HTTP/1.0): no idle connection holds up the closing."""

    server: _Http
    server_version = "DemoJournal"
    timeout = 10.0

    def do_GET(self) -> None:
        journal = self.server.journal
        journal.note(self.path)
        if any(
            self.path.startswith(door.prefix) and self.headers.get(door.header) != door.value for door in journal.doors
        ):
            self._refuse(HTTPStatus.UNAUTHORIZED, None)
            return
        match journal.faults.next(urlsplit(self.path).path):
            case None:
                self._give(journal.routes(self.path))
            case Fault() as fault, int(status):
                self._refuse(status, fault.retry_after_s)
            case Fault(), FaultKind.RESET:
                self._reset()
            case Fault(), FaultKind.TRUNCATED:
                self._give(journal.routes(self.path), cut=True)
            case Fault(), FaultKind.SLOW:
                self._give(journal.routes(self.path), pause_s=SLOW_S)
            case Fault(), FaultKind.ROBOT_CHECK:
                self._give(Answer(ROBOT_CHECK))

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: `JournalServer.requests` is the log."""

    def _give(self, answer: Answer, *, cut: bool = False, pause_s: float = 0.0) -> None:
        if answer.status == 200 and self.headers.get("If-None-Match") == answer.etag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", answer.etag)
            self.end_headers()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("ETag", answer.etag)
        self.end_headers()
        if self.command != "HEAD":
            middle = len(answer.body) // 2
            self.wfile.write(answer.body[:middle])
            time.sleep(pause_s)
            if not cut:
                self.wfile.write(answer.body[middle:])

    def _refuse(self, status: int, retry_after_s: int | None) -> None:
        body = f"<!DOCTYPE html><title>{status}</title><h1>{status}</h1>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if retry_after_s is not None:
            self.send_header("Retry-After", str(retry_after_s))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        # lingering for zero seconds makes the kernel send RST instead of FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
