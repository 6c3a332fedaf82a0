"""A publisher on loopback that answers as a test scripts it, faults included."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from exsclaim.http import Client
from exsclaim.settings import Settings
from exsclaim.store import Store


@dataclass(frozen=True)
class Reply:
    """One scripted answer. `cut` closes the connection after so many bytes of the body; `reset` before any answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    reset: bool = False


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]


Answering = Callable[[Asked], Reply]


class Publisher:
    """Serves scripted replies as a mirror: the path `/host/path` stands for `https://host/path`.

    Replies of one path are given in turn, the last for ever; what has no script goes to `otherwise` (404).
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._scripts: dict[str, list[Reply | Answering]] = {}
        self.otherwise: Answering = lambda asked: Reply(status=404)
        self._lock = threading.Lock()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                reply = publisher.reply(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
                self.close_connection = True
                if reply.reset:
                    return
                self.send_response(reply.status)
                for name, value in {
                    "Content-Length": str(len(reply.body)),
                    "Connection": "close",
                    **reply.headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # who asked has heard enough: a body over its limit
                    self.wfile.write(reply.body[: reply.cut])

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def script(self, address: str, *replies: Reply | Answering) -> None:
        """Set the answers of `address` ("host/path?query"): each reply once, the last for ever."""
        self._scripts[f"/{address}"] = list(replies)

    def reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            script = self._scripts.get(asked.path)
            if script is None:
                answer: Reply | Answering = self.otherwise
            else:
                answer = script.pop(0) if len(script) > 1 else script[0]
        return answer if isinstance(answer, Reply) else answer(asked)

    def times_asked(self, address: str) -> int:
        return sum(asked.path == f"/{address}" for asked in self.asked)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Bench:
    """A publisher, a store and a client between them whose waiting is recorded instead of done."""

    publisher: Publisher
    store: Store
    waited_s: list[float] = field(default_factory=list)

    def client(self, **settings: object) -> Client:
        values = {"mirror": self.publisher.url, "timeout_s": 5, **settings}
        return Client(Settings.model_validate(values), self.store, sleep=self.waited_s.append)
