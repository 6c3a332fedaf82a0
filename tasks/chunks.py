"""Many calls of one stage as one task: where a call costs less than, or little more than, running a task does.

Results are kept per call, under the key of the stage's own task (`tasks.results`): a new figure in a chunk does not
redo the others.
"""

from collections.abc import Sequence
from typing import Any

from prefect import Task, task

from exsclaim.errors import ExsclaimError
from tasks.captions import split_caption
from tasks.separate import separate_figure

CHUNKED: dict[str, Task[..., Any]] = {each.name: each for each in (split_caption, separate_figure)}
"""The tasks whose calls may be done in chunks, by name."""


@task(task_run_name="{name} × {count}", persist_result=False)
def run_chunk(name: str, calls: Sequence[dict[str, Any]], count: int) -> list[Any]:
    """Call the task `name` for each of `calls`; gives for each its value, or the ExsclaimError that it raised.

    Any other error is a defect and fails the chunk: the caller does its calls singly, and loses but the one.
    """
    return call_each(name, calls)


def call_each(name: str, calls: Sequence[dict[str, Any]]) -> list[Any]:
    """The body of `run_chunk`, imported by name where a runner works in other processes."""
    return [_call(CHUNKED[name], call) for call in calls]


def _call(called: Task[..., Any], parameters: dict[str, Any]) -> Any:
    try:
        return called.fn(**parameters)
    except ExsclaimError as error:
        return error
