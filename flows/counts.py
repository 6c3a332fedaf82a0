"""A harvest in numbers while it runs, and who is told; where nobody watches (a worker, a test), nobody is."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from time import monotonic

from exsclaim.recovery import Failure

STAGES = ("search", "fetch", "figures", "captions", "separate", "publish", "track")


@dataclass
class StageCount:
    """One stage of a harvest in numbers. `skipped`: failed for good before, and not tried today."""

    planned: int = 0
    done: int = 0
    cached: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    """Wall time from the stage's first task to its last; stages overlap."""


Watcher = Callable[[str, StageCount, Failure | None], None]
"""Told of every step, from any thread: stage, its count, and the failure if it is one."""
WATCHER: ContextVar[Watcher | None] = ContextVar("WATCHER", default=None)
"""Watcher of the harvest of this context: a flow's parameters are data, so the watcher cannot be one of them."""


class Counts:
    """The counts of all stages, shared by threads. `known` are the articles that are published as they are."""

    def __init__(self, watcher: Watcher | None) -> None:
        self.known = 0
        self._stages = {stage: StageCount() for stage in STAGES}
        self._began: dict[str, float] = {}
        self._watcher = watcher
        self._lock = threading.Lock()

    def add(self, stage: str, failure: Failure | None = None, **numbers: int) -> None:
        """Add to a stage's `planned`, `done`, `cached`, `failed`, `skipped`; a failure counts by itself."""
        with self._lock:
            count = self._stages[stage]
            began = self._began.setdefault(stage, monotonic())
            for name, number in (numbers | ({"failed": 1} if failure else {})).items():
                setattr(count, name, getattr(count, name) + number)
            if "planned" not in numbers:
                count.seconds = round(monotonic() - began, 3)
            if self._watcher:
                self._watcher(stage, replace(count), failure)

    @property
    def stages(self) -> dict[str, StageCount]:
        with self._lock:
            return {stage: replace(count) for stage, count in self._stages.items()}
