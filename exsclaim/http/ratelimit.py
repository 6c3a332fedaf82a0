"""A slot schedule per host: who asks next is told when its turn is, then sleeps until then."""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

LOCK_S = 10.0
MOST_AHEAD_S = 3600.0


class Pace(NamedTuple):
    """Pace that an operator asks for on all of its hosts together: a pause, and one connection at a time."""

    group: str
    interval_s: float


PACES = (Pace("arxiv.org", 3.0),)
"""https://info.arxiv.org/help/api/tou.html#rate-limits: "no more than one request every three seconds, and limit
requests to a single connection at a time", over API, OAI-PMH, sources and pages."""


SERVICES = {
    "pmc-oa-opendata.s3.amazonaws.com": 20.0,  # https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/: made for bulk
    "www.ebi.ac.uk": 10.0,  # https://europepmc.org/RestfulWebService
    "europepmc.org": 5.0,
    "api.crossref.org": 5.0,  # https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/
    "api.openalex.org": 10.0,  # https://developers.openalex.org
    "api.unpaywall.org": 10.0,  # https://unpaywall.org/products/api: 100,000 a day
    "api.elsevier.com": 3.0,  # https://dev.elsevier.com/api_key_settings.html: 6 to 9 a second, by API
    "media.springernature.com": 5.0,
}
"""Requests a second to hosts that serve programs, by their terms; web pages made for people get fewer."""
USUAL_PER_S = 1.0


def interval_s(host: str, requests_per_second: float) -> float:
    """Seconds between two requests to a host, where `requests_per_second` is what the user allows for sites.

    A user who allows fewer than the usual one a second is obeyed everywhere.
    """
    allowed = requests_per_second
    if requests_per_second >= USUAL_PER_S:
        allowed = max(requests_per_second, SERVICES.get(host.lower(), 0.0))
    return 1 / allowed


def _pace_of(host: str) -> Pace | None:
    """The pace of the operator whom `host` (with its port, if any) belongs to; None where it asked for none."""
    name = host.split(":")[0].lower()
    return next((pace for pace in PACES if name == pace.group or name.endswith(f".{pace.group}")), None)


class SharedSlots:
    """Turns of hosts over all processes of a machine that have the same folder: a file for each host says when the
    next one is. Where the folder cannot be written to, each process keeps the pace by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_usable = True

    def reserve(self, host: str, interval_s: float) -> float:
        """Take the host's next turn; seconds until it comes."""
        if not self._is_usable:
            return 0.0
        path = self._folder / re.sub(r"[^A-Za-z0-9.-]", "_", host)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock", timeout=LOCK_S):
                now = time.time()
                slot = max(now, _written(path))
                # a clock that was set back, or a broken file, must hold up nobody
                slot = slot if slot - now < MOST_AHEAD_S else now
                path.write_text(f"{slot + interval_s:.3f}")
        except (OSError, Timeout) as error:
            self._is_usable = False
            log.warning("%s: the pace is kept by this process alone (%s)", self._folder, error)
            return 0.0
        return slot - now


def _written(path: Path) -> float:
    try:
        return float(path.read_text())
    except (OSError, ValueError):
        return 0.0


class RateLimiter:
    """Spaces requests to each host over all threads that share the limiter, and all processes that share a folder.

    A turn is reserved under a lock and waited for outside of it: no busy waiting, and one slow host never
    holds up another. `clock` (seconds, monotonic) and `sleep` are parameters so that tests need no real time.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        shared: Path | None = None,
    ) -> None:
        self._shared = SharedSlots(shared) if shared is not None else None
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
        pace = _pace_of(host)
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
        ours = slot - now
        return max(ours, self._shared.reserve(host, interval_s)) if self._shared is not None else ours

    def wait(self, host: str, interval_s: float) -> None:
        """Take the host's next turn and sleep until it comes."""
        delay_s = self.reserve(host, interval_s)
        if delay_s > 0:
            self._sleep(delay_s)

    def hold(self, host: str, seconds: float) -> None:
        """Give no turn of this host before `seconds` have passed: it asked us to wait (Retry-After)."""
        pace = _pace_of(host)
        key = pace.group if pace else host
        with self._lock:
            until = self._clock() + seconds
            self._next_slot[key] = max(until, self._next_slot.get(key, until))
