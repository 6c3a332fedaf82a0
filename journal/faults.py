"""Misbehaviour on order: which path fails how, and how often, so that retries and failures can be watched."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Lock
from urllib.parse import unquote


class FaultKind(StrEnum):
    """Misbehaviour of a server other than answering with an error status."""

    RESET = "reset"
    """The connection is reset before any answer."""
    TRUNCATED = "truncated"
    """Half of the body comes, under the Content-Length of the whole."""
    SLOW = "slow"
    """The second half of the body comes only after `SLOW_S` seconds."""
    ROBOT_CHECK = "robot check"
    """Status 200 with an "are you a robot" page instead of what was asked for."""


SLOW_S = 2.5

Misbehaviour = int | FaultKind
"""An HTTP status, or a `FaultKind`."""


@dataclass(frozen=True)
class Fault:
    """The first requests of each path that matches `pattern` get `answers`, one each; then all is well.

    `pattern` is a shell pattern (`*`, `?`) over the decoded path without its query. With `for_ever`, the last of
    `answers` is repeated. `retry_after_s` goes with statuses, as the Retry-After header.
    """

    pattern: str
    answers: tuple[Misbehaviour, ...]
    for_ever: bool = False
    retry_after_s: int | None = None


class Faults:
    """Faults, counted per path: as deterministic as the order of requests to one path. Safe among threads."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = faults
        self._seen: Counter[str] = Counter()
        self._lock = Lock()

    def next(self, path: str) -> tuple[Fault, Misbehaviour] | None:
        """Tell the way in which the request for `path` that came in just now is to fail; None if it is to be answered.

        The first fault whose pattern matches decides.
        """
        path = unquote(path)
        fault = next((fault for fault in self._faults if fnmatchcase(path, fault.pattern)), None)
        if fault is None or not fault.answers:
            return None
        with self._lock:
            turn = self._seen[path]
            self._seen[path] += 1
        if turn < len(fault.answers):
            return fault, fault.answers[turn]
        return (fault, fault.answers[-1]) if fault.for_ever else None
