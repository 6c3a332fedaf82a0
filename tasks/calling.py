"""Calling a stage's task from any thread: its value or its fault, and whether the cache had it."""

import datetime as dt
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from functools import cache
from typing import Any

from prefect import Task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.task_runners import TaskRunner

from exsclaim.errors import ExsclaimError, FetchError, WorkerLostError
from exsclaim.harvests.article_stages import StageOutcome
from exsclaim.settings import settings


def can_heal(task: object, task_run: TaskRun, state: State[Any]) -> bool:
    """Prefect `retry_condition_fn`: a store on another machine that did not answer is worth another try.

    Requests to publishers are not tried again here: the HTTP client has done that, request by request, at the pace
    that the server asked for (docs/decisions/0021-one-layer-of-retries.md).
    """
    error = state.result(raise_on_failure=False)  # Prefect hands the exception out as the failed state's result
    return isinstance(error, ExsclaimError) and error.heals and not isinstance(error, FetchError)


def call(
    task: Task[..., Any],
    *,
    accept: Callable[[Any], bool] = lambda _: True,
    refresh: bool = False,
    runner: TaskRunner[Any] | None = None,
    **parameters: Any,
) -> StageOutcome:
    """Run a task, and run it anew where the cache's result is not accepted (an image is gone from the store, say), or
    is of another class than the task gives today: an earlier version made it.

    `refresh` does not ask the cache; `runner` runs it on other processes or machines.

    Raises:
        WorkerLostError: a process or machine of the runner died.
    """
    days = settings().recheck_after_days
    state = _state(_variant(task, refresh, days), parameters, runner)
    kept, of_today = state.result(raise_on_failure=False), task.fn.__annotations__.get("return", object)
    if state.name == "Cached" and not (isinstance(kept, of_today) and accept(kept)):
        state = _state(_variant(task, True, days), parameters, runner)
    _forget_links()
    result = state.result(raise_on_failure=False)
    if not state.is_completed():
        error = result if isinstance(result, BaseException) else RuntimeError(state.message or str(state.name))
        return StageOutcome(None, error, is_cached=False)
    return StageOutcome(result, None, is_cached=state.name == "Cached")


def _forget_links() -> None:
    """Forget which state made which object: a flow run keeps that for all its tasks, by the objects' addresses.

    It would grow with every article. Our tasks are not handed each other's results as they are, so that all it would
    ever find is a new object at the address of one that is gone.
    """
    if (flow_run := FlowRunContext.get()) is not None:
        flow_run.run_results.clear()


def _state(task: Task[..., Any], parameters: dict[str, Any], runner: TaskRunner[Any] | None) -> State[Any]:
    if runner is None:
        state: State[Any] = task(**parameters, return_state=True)
        return state
    try:
        future = runner.submit(task, parameters)
        future.wait()
        future.result(raise_on_failure=False)  # here runners tell that a worker died
        return future.state  # type: ignore[no-any-return]
    except _lost_workers() as error:
        raise WorkerLostError(
            f"a worker of EXSCLAIM_RUNNER={settings().runner} died ({type(error).__name__}: {error}), most often for "
            "want of memory: lower EXSCLAIM_WORKERS, and start the harvest again; what is done stays done"
        ) from error


@cache
def _variant(task: Task[..., Any], refresh: bool, days: int) -> Task[..., Any]:
    """The task with the expiry that the settings say; made once, for that takes longer than a look-up."""
    return task.with_options(refresh_cache=refresh, cache_expiration=dt.timedelta(days=days))


def _lost_workers() -> tuple[type[Exception], ...]:
    """Runners' errors about lost workers and schedulers; Dask's only where Dask is in use."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return (BrokenExecutor,)
    return (BrokenExecutor, distributed.KilledWorker, distributed.CancelledError, distributed.comm.CommClosedError)
