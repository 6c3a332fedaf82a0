"""Waiting for a sign of what works elsewhere, with an end."""

import time


class Patience:
    """Time limit for waiting for a sign from any of the runs that share it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._last = time.monotonic()

    def sign(self) -> None:
        """Begin to wait anew."""
        self._last = time.monotonic()

    @property
    def is_over(self) -> bool:
        """True once there has been no sign for longer than the limit."""
        return time.monotonic() - self._last > self.seconds
