"""The harvest's work list: tasks submitted a few at a time, the stage furthest along first.

Submitting all at once would queue every fetch before the first separation: the processor would idle while pages
trickle in, and ten thousand articles would be ten thousand futures. So results are worked on as they come, and what
follows from them goes before what starts anew.

What is known already is read from the cache, on threads, and costs no task; calls of some tasks are done in chunks
(docs/decisions/0018-known-results.md).
"""

import heapq
import itertools
import queue
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from prefect import Task
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner

from exsclaim.errors import ExsclaimError, StoreError
from flows.scale_out import lost_workers
from tasks.chunks import run_chunk
from tasks.results import Known, Results
from tasks.retrying import attempts_of, earlier_tries

LINGER_S = 1.0
"""A call waits at most so long for others to share its chunk."""


@dataclass(frozen=True)
class Outcome:
    """How one task ended: `error` is None where `value` is its result.

    `retries` counts the task's tries before its last, `attempts` the requests behind all of them.
    """

    value: Any
    error: BaseException | None
    is_cached: bool
    retries: int
    attempts: int


@dataclass(frozen=True)
class Work:
    """One call of a task, and what becomes of its outcome."""

    task: Task[..., Any]
    parameters: dict[str, Any]
    then: Callable[[Outcome], None]
    """Gets the outcome, in the flow's own thread, and may add more work."""
    accept: Callable[[Any], bool] | None = None
    """Whether a known result is still good; asked on another thread. If not, the task is run anew."""
    if_unknown: Callable[[], None] | None = None
    """Called instead of running the task where its result is not known."""
    refresh: bool = False
    """Run the task though its result is known."""


class Backlog:
    """Work waiting for its turn, ordered by rank (higher first), then by arrival.

    Args:
        in_flight: tasks and look-ups at a time.
        chunk_sizes: name of a task -> how many of its calls make one task; of others each call does.
        runners: name of a task -> where its calls run; others run where the flow's tasks do.
    """

    def __init__(
        self, in_flight: int, chunk_sizes: dict[str, int] | None = None,
        runners: dict[str, TaskRunner[Any]] | None = None,
    ) -> None:  # fmt: skip
        self._limit = in_flight
        self._chunk_sizes = {name: size for name, size in (chunk_sizes or {}).items() if size > 1}
        self._runners = runners or {}
        self._results = Results()
        self._waiting: list[tuple[int, int, Work]] = []
        self._order = itertools.count()
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._running = 0
        self._gathering: dict[str, list[Work]] = {}
        self._oldest: dict[str, float] = {}

    def add(self, rank: int, work: Work) -> None:
        """Queue work; work of a higher rank goes first."""
        self._results.prepare(work.task)
        heapq.heappush(self._waiting, (-rank, next(self._order), work))

    def run(self) -> None:
        """Work until nothing waits and nothing runs."""
        with ThreadPoolExecutor(self._limit, thread_name_prefix="look-up") as pool:
            while self._waiting or self._running or self._gathering:
                while self._running < self._limit and (chunk := self._ripe_chunk()):
                    self._submit_chunk(chunk)
                while self._waiting and self._running < self._limit:
                    self._running += 1
                    self._ask(pool, heapq.heappop(self._waiting)[2])
                try:
                    event = self._events.get(timeout=self._patience_s())
                except queue.Empty:
                    continue
                self._running -= 1
                event()

    def _ask(self, pool: ThreadPoolExecutor, work: Work) -> None:
        looked_up = pool.submit(self._look_up, work)
        looked_up.add_done_callback(lambda _: self._events.put(lambda: self._looked_up(work, *looked_up.result())))

    def _look_up(self, work: Work) -> tuple[Known | None, bool]:
        """The known result and whether it is good; in a thread, because the cache or the store may be far away."""
        known = None if work.refresh else self._results.find(work.task, work.parameters)
        try:
            return known, known is not None and (work.accept is None or work.accept(known.value))
        except StoreError:
            return known, False  # the store cannot be asked: the task will tell

    def _looked_up(self, work: Work, known: Known | None, is_good: bool) -> None:
        if known is not None and is_good:
            work.then(Outcome(known.value, None, is_cached=True, retries=0, attempts=1))
        elif work.if_unknown is not None:
            work.if_unknown()
        elif work.task.name in self._chunk_sizes:
            self._gathering.setdefault(work.task.name, []).append(work)
            self._oldest.setdefault(work.task.name, time.monotonic())
        else:
            self._submit(work, refresh=work.refresh or known is not None)

    def _submit(self, work: Work, *, refresh: bool = False) -> None:
        task = work.task.with_options(refresh_cache=True) if refresh else work.task
        runner = self._runners.get(work.task.name)
        future = task.submit(**work.parameters) if runner is None else runner.submit(task, work.parameters)
        self._await(future, lambda: work.then(_outcome(future)))

    def _ripe_chunk(self) -> list[Work] | None:
        """Calls of one task that are enough for a chunk, or have waited for others long enough."""
        for name, works in self._gathering.items():
            size = self._chunk_sizes[name]
            is_alone = not self._running and not self._waiting
            if len(works) >= size or is_alone or time.monotonic() - self._oldest[name] >= LINGER_S:
                chunk, left = works[:size], works[size:]
                if left:
                    self._gathering[name] = left
                else:
                    del self._gathering[name], self._oldest[name]
                return chunk
        return None

    def _submit_chunk(self, chunk: list[Work]) -> None:
        task = chunk[0].task
        calls = [work.parameters for work in chunk]
        run = run_chunk.with_options(tags=task.tags)
        parameters: dict[str, Any] = {"name": task.name, "calls": calls, "count": len(calls)}
        runner = self._runners.get(task.name)
        future = run.submit(**parameters) if runner is None else runner.submit(run, parameters)
        self._await(future, lambda: self._settle(chunk, future))

    def _settle(self, chunk: list[Work], future: PrefectFuture[Any]) -> None:
        whole = _outcome(future)
        if whole.error is not None:  # a defect in one of them: singly, it costs only that one
            for work in chunk:
                self._submit(work)
            return
        for work, value in zip(chunk, whole.value, strict=True):
            error = value if isinstance(value, ExsclaimError) else None
            if error is None:
                self._results.keep(work.task, work.parameters, value)
            attempts = 1 if error is None else attempts_of(error)
            work.then(Outcome(None if error else value, error, is_cached=False, retries=0, attempts=attempts))

    def _await(self, future: PrefectFuture[Any], event: Callable[[], None]) -> None:
        self._running += 1
        future.add_done_callback(lambda _: self._events.put(event))

    def _patience_s(self) -> float | None:
        """How long to wait for the next event: no longer than until a chunk has waited long enough."""
        if not self._oldest:
            return None
        left_s = min(self._oldest.values()) + LINGER_S - time.monotonic()
        return max(0.001, left_s) if self._running < self._limit else None


def _outcome(future: PrefectFuture[Any]) -> Outcome:
    with lost_workers():
        result = future.result(raise_on_failure=False)
    retries, attempts = earlier_tries(future.task_run_id)
    if isinstance(result, BaseException):
        return Outcome(None, result, is_cached=False, retries=retries, attempts=attempts + attempts_of(result))
    return Outcome(result, None, is_cached=future.state.name == "Cached", retries=retries, attempts=attempts + 1)
