"""Which failures a task tries again: those that can heal by themselves, and no others."""

import logging
import threading
from collections import Counter
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import State, TaskRun

from exsclaim.errors import ExsclaimError
from exsclaim.settings import settings

log = logging.getLogger(__name__)

_lock = threading.Lock()
_attempts: Counter[UUID] = Counter()
_tries: Counter[UUID] = Counter()


def can_heal(task: object, task_run: TaskRun, state: State[Any]) -> bool:
    """Prefect `retry_condition_fn`: a timeout or a 503 is tried again, a 404 or a robot page is not."""
    error = state.result(raise_on_failure=False)  # Prefect hands the exception out as the failed state's result
    if not (isinstance(error, ExsclaimError) and error.heals):
        return False
    with _lock:
        _attempts[task_run.id] += attempts_of(error)
        _tries[task_run.id] += 1
    log.info("%s: will be tried again: %s", task_run.name, error)
    return True


def attempts_of(error: BaseException) -> int:
    """Requests behind one failure of a task (the HTTP client tries more than once by itself)."""
    return int(getattr(error, "attempts", 1))


def earlier_tries(task_run_id: UUID) -> tuple[int, int]:
    """Tries of a task run before its last one, and the requests behind them; forgotten once asked for."""
    with _lock:
        return _tries.pop(task_run_id, 0), _attempts.pop(task_run_id, 0)


def backoff(retries: int) -> list[float]:
    """Seconds before each retry: `retry_delay_s`, doubled each time (jitter is added by Prefect)."""
    return [settings().retry_delay_s * 2**n for n in range(retries)]
