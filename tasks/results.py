"""The results of tasks, read and kept without running a task: for what is known already, and for chunks.

A task run costs Prefect milliseconds and rows of its database even where its result is cached; the result itself is
a small file. Keys, serializer, storage (a folder, or a block such as S3's) and expiry are the task's own.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from prefect import Task
from prefect.cache_policies import CachePolicy
from prefect.results import ResultStore

_AS_GOOD_AS_NONE = (OSError, ValueError, LookupError, TypeError, ImportError, AttributeError)
"""A result that is absent (Prefect's stores raise ValueError), was cut short by a kill, or is of another version whose
records had other fields or names. Prefect takes such a result for none, too."""


@dataclass(frozen=True)
class Known:
    """A result that is known; `value` may be None."""

    value: Any


class Results:
    """Results of any tasks. Make it in the flow's own thread; `find` and `keep` may be called from others."""

    def __init__(self) -> None:
        self._stores: dict[str, ResultStore] = {}

    def prepare(self, task: Task[..., Any]) -> None:
        """Look up once where a task's results are: Prefect asks its server, and the context's settings."""
        if task.task_key not in self._stores:
            results = ResultStore().update_for_task(task)
            assert isinstance(results, ResultStore)  # and no coroutine: harvests run in no event loop
            self._stores[task.task_key] = results

    def find(self, task: Task[..., Any], parameters: dict[str, Any]) -> Known | None:
        """The result that the task would find in its cache for these parameters."""
        key = _key(task, parameters)
        if key is None:
            return None
        try:
            record = self._stores[task.task_key].read(key)
        except _AS_GOOD_AS_NONE:
            return None
        expires = record.metadata.expiration
        if expires is not None and expires <= dt.datetime.now(dt.UTC):
            return None
        return Known(record.result)

    def keep(self, task: Task[..., Any], parameters: dict[str, Any], value: Any) -> None:
        """Keep a result as the task itself would have."""
        key = _key(task, parameters)
        if key is None:
            return
        expires = None if task.cache_expiration is None else dt.datetime.now(dt.UTC) + task.cache_expiration
        store = self._stores[task.task_key]
        store.write(value, key=key, expiration=expires)  # type: ignore[arg-type]  # pydantic's to turn


def _key(task: Task[..., Any], parameters: dict[str, Any]) -> str | None:
    """None where the task has no cache for these parameters."""
    policy = task.cache_policy
    assert isinstance(policy, CachePolicy)
    return policy.compute_key(task_ctx=None, inputs=parameters, flow_parameters={})  # type: ignore[arg-type]
