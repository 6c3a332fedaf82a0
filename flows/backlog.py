"""The harvest's work list: tasks submitted a few at a time, the stage furthest along first.

Submitting all at once would queue every fetch before the first separation: the processor would idle while pages
trickle in, and ten thousand articles would be ten thousand futures. So results are worked on as they come, and what
follows from them goes before what starts anew.
"""

import heapq
import itertools
import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prefect import Task
from prefect.futures import PrefectFuture

from tasks.retrying import attempts_of, earlier_tries


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


class Backlog:
    """Tasks waiting for their turn, ordered by rank (higher first), then by arrival."""

    def __init__(self, in_flight: int) -> None:
        self._limit = in_flight
        self._waiting: list[tuple[int, int, Task[..., Any], dict[str, Any], Callable[[Outcome], None]]] = []
        self._order = itertools.count()

    def add(self, rank: int, task: Task[..., Any], parameters: dict[str, Any], then: Callable[[Outcome], None]) -> None:
        """Queue a task; `then` gets its outcome, in the flow's own thread, and may add more."""
        heapq.heappush(self._waiting, (-rank, next(self._order), task, parameters, then))

    def run(self) -> None:
        """Work until nothing waits and nothing runs."""
        finished: queue.SimpleQueue[PrefectFuture[Any]] = queue.SimpleQueue()
        running: dict[PrefectFuture[Any], Callable[[Outcome], None]] = {}
        while self._waiting or running:
            while self._waiting and len(running) < self._limit:
                _, _, task, parameters, then = heapq.heappop(self._waiting)
                future = task.submit(**parameters)
                running[future] = then
                future.add_done_callback(finished.put)
            future = finished.get()
            running.pop(future)(_outcome(future))


def _outcome(future: PrefectFuture[Any]) -> Outcome:
    result = future.result(raise_on_failure=False)
    retries, attempts = earlier_tries(future.task_run_id)
    if isinstance(result, BaseException):
        return Outcome(None, result, is_cached=False, retries=retries, attempts=attempts + attempts_of(result))
    return Outcome(result, None, is_cached=future.state.name == "Cached", retries=retries, attempts=attempts + 1)
