"""What a harvest says of itself while it runs; where nobody watches (a worker, a test), it says nothing."""

from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from exsclaim.ledger import Failure

STAGES = ("search", "fetch", "figures", "captions", "separate", "publish", "track")


class Monitor(Protocol):
    """Told of every step, in the flow's thread."""

    def planned(self, stage: str, count: int) -> None: ...

    def done(self, stage: str, is_cached: bool) -> None: ...

    def failed(self, failure: Failure) -> None: ...

    def held_back(self, failure: Failure) -> None: ...


class Silent:
    """A monitor that nobody watches."""

    def planned(self, stage: str, count: int) -> None:
        pass

    def done(self, stage: str, is_cached: bool) -> None:
        pass

    def failed(self, failure: Failure) -> None:
        pass

    def held_back(self, failure: Failure) -> None:
        pass


@dataclass
class StageCount:
    """One stage of a harvest in numbers. `held_back`: failed for good before, and not tried today."""

    planned: int = 0
    done: int = 0
    cached: int = 0
    failed: int = 0
    held_back: int = 0
    seconds: float = 0.0
    """Wall time from the stage's first task to its last; stages overlap."""


class Counting:
    """A monitor that counts, and passes on to the one who shows it."""

    def __init__(self, shown_by: Monitor) -> None:
        self.stages = {stage: StageCount() for stage in STAGES}
        self._shown_by = shown_by
        self._began: dict[str, float] = {}

    def planned(self, stage: str, count: int) -> None:
        self._began.setdefault(stage, monotonic())
        self.stages[stage].planned += count
        self._shown_by.planned(stage, count)

    def done(self, stage: str, is_cached: bool) -> None:
        self.stages[stage].done += 1
        self.stages[stage].cached += is_cached
        self._ended(stage)
        self._shown_by.done(stage, is_cached)

    def failed(self, failure: Failure) -> None:
        self.stages[failure.stage].failed += 1
        self._ended(failure.stage)
        self._shown_by.failed(failure)

    def held_back(self, failure: Failure) -> None:
        self.stages[failure.stage].held_back += 1
        self._shown_by.held_back(failure)

    def _ended(self, stage: str) -> None:
        self.stages[stage].seconds = round(monotonic() - self._began.get(stage, monotonic()), 3)


WATCHER: ContextVar[Monitor] = ContextVar("WATCHER")
"""Who watches the harvest of this context: a flow's parameters are data, so the watcher cannot be one of them."""


def watcher() -> Monitor:
    """Who watches, or nobody. A function, because flows travel to other processes and a ContextVar cannot."""
    return WATCHER.get(Silent())
