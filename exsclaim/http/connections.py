"""Connections that lead only to addresses that were looked at, and that end when their time is up.

requests and urllib3 look a name up by themselves, so that a name may have another address when it is connected to than
when it was checked (DNS rebinding); and their timeout is one between two bytes, so that a server that drips holds a
thread for as long as it likes. Both are put right where a connection is made: https://urllib3.readthedocs.io
"""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any, ClassVar, Self

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, InvalidChunkLength, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import create_connection

PART_BYTES = 32 * 1024
"""A server is slow that does not send so many within the patience: 0.5 kB/s with that of a minute."""
MAX_ADDRESSES = 4
"""So many addresses of one host are tried."""


class Exchange:
    """One request and its answer: which addresses a host may be connected to at, and by when what must be there.

    The headers have to be there `patience_s` after the start, and so have each further `PART_BYTES` of the body after
    those before (`came`); the whole has `total_s`. When the time is up the connection is cut: whoever reads from it
    gets an error or an early end, and `expired` says why. Enter it in the thread that sends the request.
    """

    def __init__(self, addresses: Callable[[str, int], Sequence[str]], *, patience_s: float, total_s: float) -> None:
        self.addresses = addresses
        self.expired = False
        self.patience_s = patience_s
        self._total_s = total_s
        self._end = time.monotonic() + total_s
        self._until = self._end
        self._of_part = 0
        self._socket: socket.socket | None = None
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._token = _EXCHANGE.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        _EXCHANGE.reset(self._token)

    @property
    def limits(self) -> str:
        """Time limits that were not kept, in words for an error."""
        return f"nothing new within {self.patience_s:g} s, or not all of it within {self._total_s:g} s"

    def came(self, count_bytes: int) -> None:
        """Note that so many bytes of the body came: after each `PART_BYTES` the next have their time from now on."""
        self._of_part += count_bytes
        if self._of_part >= PART_BYTES:
            self._go_on()

    def _go_on(self) -> None:
        self._of_part = 0
        self._until = min(self._end, time.monotonic() + self.patience_s)

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when the time is up."""
        self._go_on()
        is_first, self._socket = self._socket is None, connection
        if is_first:
            threading.Thread(target=self._cut_in_time, name="exsclaim-deadline", daemon=True).start()

    def _cut_in_time(self) -> None:
        while not self._over.wait(max(0.0, self._until - time.monotonic())):
            if time.monotonic() >= self._until and self._socket is not None:
                self.expired = True
                with suppress(OSError):  # it ended just now
                    # of the socket itself, and not of the TLS layer above it, which a reader holds
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
                return


_EXCHANGE: ContextVar[Exchange] = ContextVar("exsclaim exchange")


class _Guarded(HTTPConnection):
    """A connection within an `Exchange`."""

    def _new_conn(self) -> socket.socket:
        exchange = _EXCHANGE.get()
        host = self._dns_host.strip("[]")
        fault: OSError = OSError(f"{host} has no address")
        for address in exchange.addresses(host, self.port)[:MAX_ADDRESSES]:
            try:
                made = create_connection((address, self.port), self.timeout, self.source_address, self.socket_options)
            except OSError as error:
                fault = error
                continue
            exchange.watch(made)
            return made
        if isinstance(fault, TimeoutError):
            raise ConnectTimeoutError(self, f"{host} did not answer within {self.timeout} s") from fault
        raise NewConnectionError(self, f"no connection to {host}: {fault}") from fault

    def request(self, *arguments: Any, **options: Any) -> None:
        if self.sock is not None:  # one that is used again
            _EXCHANGE.get().watch(self.sock)
        super().request(*arguments, **options)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        response = super().getresponse()
        response.__class__ = _Answer
        return response


class _Answer(HTTPResponse):
    """An answer whose chunks have a size: urllib3 takes "-1" for all that comes, and reads it into memory at once."""

    def _update_chunk_length(self) -> None:
        super()._update_chunk_length()
        if self.chunk_left is not None and self.chunk_left < 0:
            self.close()
            raise InvalidChunkLength(self, b"%d" % self.chunk_left)


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same with TLS: the certificate is that of the host's name."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _Adapter(HTTPAdapter):
    pools: ClassVar[dict[str, type[HTTPConnectionPool]]] = {"http": _Pool, "https": _TlsPool}

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> PoolManager:
        try:
            manager: PoolManager = super().proxy_manager_for(proxy, **options)
        except ValueError as error:  # a kind of proxy that nobody knows; not of the address that is asked for
            raise InvalidProxyURL(str(error)) from error
        if not proxy.lower().startswith("socks"):  # which makes its connections itself
            manager.pool_classes_by_scheme = self.pools
        return manager


class GuardedSession(requests.Session):
    """A session whose requests are made within an `Exchange`, and which follows no redirect by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None for all: requests reads redirects even if it is to follow none, and fails on strange addresses."""
