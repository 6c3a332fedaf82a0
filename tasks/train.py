"""Stage `learn` of a training: a module of `models` as a process of its own.

So a training that is killed for memory does not take its flow along, and leaves no memory behind on a GPU.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from prefect import task

from exsclaim.errors import TrainingError

_LAST_LINES = 5


@task(task_run_name="{module}", persist_result=False)
def run_module(module: str, arguments: Sequence[str], log: Path) -> None:
    """`python -m module arguments…`, its output appended to `log`.

    Raises:
        TrainingError: it ended with another exit code than 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as output:
        code = subprocess.run(
            [sys.executable, "-m", module, *arguments], stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:])
        raise TrainingError(
            f"{module} ended with exit code {code}; what it logged last is below, all of it in {log}. "
            f"The same command goes on from its last checkpoint.\n{last}"
        )
