"""A module of `models` as a process of its own, which ends with the process that started it, however that ended."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from exsclaim.errors import TrainingError

_LAST_LINES = 5
_LEASHED = """
import os, runpy, signal, sys, threading

def end_with_the_flow():
    os.read(0, 1)  # ends when the flow does, however that ended; forked processes would wait for the lock of sys.stdin
    os.killpg(0, signal.SIGTERM)

threading.Thread(target=end_with_the_flow, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""What the process runs: the module, and beside it a thread that ends it and all that it started with the flow."""


def run_leashed(module: str, arguments: Sequence[str], log: Path) -> None:
    """`python -m module arguments…`, its output appended to `log`; it ends when this process does.

    Raises:
        TrainingError: it ended with another exit code than 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("a", encoding="utf-8") as output,
        subprocess.Popen(
            [sys.executable, "-c", _LEASHED, module, *arguments],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        ) as process,
    ):  # fmt: skip
        code = process.wait()
    if code != 0:
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:])
        raise TrainingError(
            f"{module} ended with exit code {code}; what it logged last is below, all of it in {log}. "
            f"The same command goes on from its last checkpoint.\n{last}"
        )
