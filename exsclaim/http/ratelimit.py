"""A slot schedule per host: who asks next is told when its turn is, then sleeps until then."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import NamedTuple


class Pace(NamedTuple):
    """What an operator asks for all of its hosts together: a pause, and one connection at a time."""

    group: str
    interval_s: float


PACES = (Pace("arxiv.org", 3.0),)
"""https://info.arxiv.org/help/api/tou.html#rate-limits: "no more than one request every three seconds, and limit
requests to a single connection at a time", over API, OAI-PMH, sources and pages."""


def pace_of(host: str) -> Pace | None:
    """The pace of the operator whom `host` (with its port, if any) belongs to; None where it asked for none."""
    name = host.split(":")[0].lower()
    return next((pace for pace in PACES if name == pace.group or name.endswith(f".{pace.group}")), None)


class RateLimiter:
    """Spaces requests to each host over all threads that share the limiter.

    A turn is reserved under a lock and waited for outside of it: no busy waiting, and one slow host never
    holds up another. `clock` (seconds, monotonic) and `sleep` are parameters so that tests need no real time.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_slot: dict[str, float] = {}
        self._connections: dict[str, threading.Lock] = {}

    @contextmanager
    def turn(self, host: str, interval_s: float) -> Iterator[None]:
        """Wait for the host's next turn, and have it while the block lasts.

        Hosts of one operator (`PACES`) share their turns; each of them ends before the next begins.
        """
        pace = pace_of(host)
        if pace is None:
            alone: threading.Lock | nullcontext[None] = nullcontext()
        else:
            host, interval_s = pace.group, max(interval_s, pace.interval_s)
            with self._lock:
                alone = self._connections.setdefault(host, threading.Lock())
        with alone:
            self.wait(host, interval_s)
            yield

    def reserve(self, host: str, interval_s: float) -> float:
        """Take the host's next turn and return how many seconds from now it comes (0 = at once).

        The turn after it is `interval_s` later.
        """
        with self._lock:
            now = self._clock()
            slot = max(now, self._next_slot.get(host, now))
            self._next_slot[host] = slot + interval_s
            return slot - now

    def wait(self, host: str, interval_s: float) -> None:
        """Take the host's next turn and sleep until it comes."""
        delay_s = self.reserve(host, interval_s)
        if delay_s > 0:
            self._sleep(delay_s)

    def hold(self, host: str, seconds: float) -> None:
        """Give no turn of this host before `seconds` have passed: it asked us to wait (Retry-After)."""
        pace = pace_of(host)
        key = pace.group if pace else host
        with self._lock:
            until = self._clock() + seconds
            self._next_slot[key] = max(until, self._next_slot.get(key, until))
