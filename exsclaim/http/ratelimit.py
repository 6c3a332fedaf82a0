"""A slot schedule per host: who asks next is told when its turn is, then sleeps until then."""

import threading
import time
from collections.abc import Callable


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
        with self._lock:
            until = self._clock() + seconds
            self._next_slot[host] = max(until, self._next_slot.get(host, until))
