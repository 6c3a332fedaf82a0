"""Stage `learn` of a training: a module of `models` as a process of its own.

So a training that is killed for memory does not take its flow along, and leaves no memory behind on a GPU.
"""

from collections.abc import Sequence
from pathlib import Path

from prefect import task

from models.module_process import run_leashed


@task(task_run_name="{module}", persist_result=False)
def run_module(module: str, arguments: Sequence[str], log: Path) -> None:
    """`python -m module arguments…`, its output appended to `log`; it ends when this process does."""
    run_leashed(module, arguments, log)
