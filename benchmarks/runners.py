"""Cost of Prefect per task on each runner, against a server: `python -m benchmarks.runners [thread process dask]`.

Tasks that do nothing, one after the other on one worker: what they take is Prefect's, the runner's and the transport's.
The start-up of the worker is not counted. The shares are of an article of four figures.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harvest import prefect_server
from exsclaim.settings import settings
from flows.environment import prefect_defaults

TASKS = 40
SEPARATION_S = 0.5
FIGURES = 4
"""Of an article: they are separated by one task."""


def cost_s(kind: str) -> float:
    """Seconds per task beyond its own work."""
    from prefect import flow, task

    from flows.scale_out import scale_out

    os.environ |= {"EXSCLAIM_RUNNER": kind, "EXSCLAIM_WORKERS": "1"}
    settings.cache_clear()

    @task(persist_result=False)
    def nothing(number: int) -> int:
        return number

    @flow
    def many() -> float:
        with scale_out() as runner:

            def run(count: int) -> None:
                numbers = range(count)
                futures = [
                    nothing.submit(n) if runner is None else runner.submit(nothing, {"number": n}) for n in numbers
                ]
                for future in futures:
                    future.result()

            run(2)
            began = time.perf_counter()
            run(TASKS)
            return (time.perf_counter() - began) / TASKS

    return float(many())


def main(kinds: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= prefect_defaults(home) | {"PREFECT_HOME": str(home / "prefect")}
        with prefect_server(dict(os.environ), home / "prefect") as (url, _):
            os.environ["PREFECT_API_URL"] = url
            from prefect.settings import PREFECT_API_URL, temporary_settings

            with temporary_settings({PREFECT_API_URL: url}):
                for kind in kinds:
                    cost = cost_s(kind)
                    share = cost / (cost + FIGURES * SEPARATION_S)
                    print(f"{kind:8s} {1000 * cost:6.1f} ms per task, {share:.1%} of {FIGURES} figures", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or ["thread", "process", "dask"])
