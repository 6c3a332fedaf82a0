"""A harvest in numbers while it runs: told to whoever watches, step by step, and to the log once a minute."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from time import monotonic

from exsclaim.recovery import Failure

log = logging.getLogger("exsclaim.harvests.harvest_counts")

STAGES = ("search", "fetch", "figures", "captions", "separate", "publish", "track")
WORKS = "articles"
"""Counted like a stage: the articles that are due, and those of them that have gone through all stages."""
EVERY_S = 60.0


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

    @property
    def note(self) -> str:
        """ "3 cached, 1 failed": what the count does not say by itself."""
        parts = {"cached": self.cached, "failed": self.failed, "skipped": self.skipped}
        return ", ".join(f"{number} {name}" for name, number in parts.items() if number)

    def __str__(self) -> str:
        return f"{self.done}/{self.planned}" + (f" ({self.note})" if self.note else "")


Watcher = Callable[[str, StageCount, Failure | None], None]
"""Told of every step, from any thread: stage, its count, and the failure if it is one."""
WATCHER: ContextVar[Watcher | None] = ContextVar("WATCHER", default=None)
"""Watcher of the harvest of this context: a flow's parameters are data, so the watcher cannot be one of them."""


class Counts:
    """The counts of all stages, shared by threads. `known` are the articles that are published as they are."""

    def __init__(self, watcher: Watcher | None) -> None:
        self.known = 0
        self._stages = {stage: StageCount() for stage in (WORKS, *STAGES)}
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

    def is_known(self, stage: str) -> bool:
        """True once it was said how many things a stage has to do."""
        with self._lock:
            return stage in self._began

    @property
    def stages(self) -> dict[str, StageCount]:
        with self._lock:
            return {stage: replace(self._stages[stage]) for stage in STAGES}

    @contextmanager
    def told_every_minute(self, every_s: float = EVERY_S) -> Iterator[None]:
        """Within, the log is told what is done and what is left: who runs a worker sees no terminal."""
        over = threading.Event()

        def tell() -> None:
            while not over.wait(every_s):
                log.info("%s", self)

        # the copied context tells Prefect of which flow run the log is
        threading.Thread(target=copy_context().run, args=(tell,), daemon=True, name="counts").start()
        try:
            yield
        finally:
            over.set()

    def __str__(self) -> str:
        """One line: "articles 12/40, fetch 12/13, figures 30/33 (1 failed); 28 articles left, about 14 min"."""
        with self._lock:
            works, began = self._stages[WORKS], self._began.get(WORKS, monotonic())
            stages = ", ".join(f"{name} {count}" for name, count in self._stages.items() if count.planned)
        settled = works.done + works.failed
        if not settled or settled >= works.planned:
            return stages
        left_s = (monotonic() - began) / settled * (works.planned - settled)
        return f"{stages}; {works.planned - settled} articles left, about {max(1, round(left_s / 60))} min"
