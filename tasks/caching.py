"""Cache keys of results: one declared per stage, written out so that a person can read the cache folder.

A key holds what the result depends on and nothing else (docs/decisions/0003): a new splitter re-runs `captions`
alone, new weights re-run `separate` alone. The result files lie under `EXSCLAIM_HOME/tasks/<stage>/`; they name the
class of what they hold, those of earlier versions by the module of the stage's task, which imports it all the same.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import CacheKeyFnPolicy, CachePolicy

import tasks.trusted_results  # noqa: F401  from here on nothing of the cache is read unchecked
from tasks.calling import can_heal

P = ParamSpec("P")
R = TypeVar("R")


def keyed(stage: str, key: Callable[[dict[str, Any]], str | None]) -> CachePolicy:
    """Policy that keys a task by `<stage>/<key(parameters)>`; where the key is None, nothing is remembered."""

    def compute(_: object, parameters: dict[str, Any]) -> str | None:
        found = key(parameters)
        return None if found is None else f"{stage}/{found}"

    return CacheKeyFnPolicy(cache_key_fn=compute)


def cached_task(policy: CachePolicy, name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Decorator of a stage's task: its result is kept as JSON under the policy's key, what can heal is tried again."""
    return task(
        task_run_name=name,
        cache_policy=policy,
        persist_result=True,
        result_serializer="json",
        cache_result_in_memory=False,
        retry_condition_fn=can_heal,
        retries=2,
        retry_delay_seconds=[1, 5],
    )


def digest(*parts: object) -> str:
    """Short sha256 of JSON-able parts, whatever signs they hold: 128 bits, ample for a cache of any size."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
