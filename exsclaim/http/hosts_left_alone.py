"""Hosts that are not asked for a while: one that refused us several times in a row, and one whose quota is used up."""

import threading
import time
from collections import Counter

from exsclaim.errors import BlockedError
from exsclaim.http.retries import WaitFirstError

REFUSALS_IN_A_ROW = 3
"""So many, and the host is left alone: one page behind a wall says nothing of the others, three in a row do."""
BLOCK_COOL_DOWN_S = 900.0
"""A host that refused us is not asked again for so long."""


class HostsLeftAlone:
    """The hosts of a client that rest, for all of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refusals: Counter[str] = Counter()
        self._blocked_until: dict[str, float] = {}
        self._resting: dict[str, tuple[float, str]] = {}

    def refuse(self, url: str, host: str) -> None:
        """Raise where the host is not to be asked now.

        Raises:
            BlockedError: it refused us a short while ago.
            WaitFirstError: its quota is used up; every further answer would be the same.
        """
        with self._lock:
            left_s = self._blocked_until.get(host, 0.0) - time.monotonic()
            until, cause = self._resting.get(host, (0.0, ""))
        if left_s > 0:
            raise BlockedError(url, f"not asked: {host} refused us a short while ago, waiting {left_s:.0f} s more")
        if until > time.monotonic():
            error = WaitFirstError(url, f"not asked, as {host} said: {cause}")
            error.retry_after_s, error.is_quota = until - time.monotonic(), True
            raise error

    def note_rest(self, host: str, error: WaitFirstError) -> None:
        """Leave the host alone for as long as its answer asks."""
        with self._lock:
            self._resting[host] = time.monotonic() + error.retry_after_s, error.cause

    def note_refusal(self, host: str) -> None:
        """Count a refusal; after `REFUSALS_IN_A_ROW` the host rests."""
        with self._lock:
            self._refusals[host] += 1
            if self._refusals[host] >= REFUSALS_IN_A_ROW:
                self._blocked_until[host] = time.monotonic() + BLOCK_COOL_DOWN_S

    def note_answer(self, host: str) -> None:
        """Forget the refusals before an answer."""
        with self._lock:
            self._refusals.pop(host, None)
