"""The place where figures are separated: the harvest's own tasks, tasks in other processes, or on a cluster.

    EXSCLAIM_RUNNER=thread     (default) this machine's GPU; else a process for each core, which knows nothing
                               but figures (`exsclaim.figures.separation_processes`); this process, where there is one
    EXSCLAIM_RUNNER=process    EXSCLAIM_WORKERS processes of this machine, which Prefect starts
    EXSCLAIM_RUNNER=dask       the Dask cluster at EXSCLAIM_DASK_ADDRESS, else one of this machine's own
    EXSCLAIM_RUNNER=ray        the Ray cluster at EXSCLAIM_RAY_ADDRESS, else one of this machine's own

Everything that asks a publisher stays on threads of the one process whose rate limits, robots.txt and refusals hold
for all of it (docs/decisions/0017-scale-out.md).
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from exsclaim.errors import SettingsError
from exsclaim.harvests import article_stages
from exsclaim.settings import settings


@contextlib.contextmanager
def scale_out() -> Iterator[TaskRunner[Any] | None]:
    """The runner that `EXSCLAIM_RUNNER` names, started; None for the harvest's own threads.

    Raises:
        SettingsError: its package is not installed, or its cluster does not answer.
    """
    runner = _runner()
    article_stages.in_processes = runner is None
    with runner or contextlib.nullcontext():
        yield runner


def _runner() -> TaskRunner[Any] | None:
    kind, workers = settings().runner, settings().workers
    if kind == "process":
        return ProcessPoolTaskRunner(max_workers=workers, initializer=_share_cores, initargs=(workers,))
    if kind == "dask":
        try:
            from prefect_dask import DaskTaskRunner
        except ImportError as error:
            raise _missing("dask", "prefect-dask", error) from error
        address = settings().dask_address
        if address:
            _check_dask(address)
            return DaskTaskRunner(address=address)  # type: ignore[no-any-return]
        cluster = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
        return DaskTaskRunner(cluster_kwargs=cluster)  # type: ignore[no-any-return]
    if kind == "ray":
        try:
            from prefect_ray import RayTaskRunner
        except ImportError as error:
            raise _missing("ray", "prefect-ray", error) from error
        return RayTaskRunner(address=settings().ray_address)  # type: ignore[no-any-return]
    return None


def _share_cores(processes: int) -> None:
    """Give each process of the pool its share of the cores, or they would all compute on all of them."""
    article_stages.cores = max(1, (os.cpu_count() or 1) // processes)


def _check_dask(address: str) -> None:
    """A wrong address is told at once, before anything is fetched."""
    import distributed

    try:
        distributed.Client(address, timeout=10, set_as_default=False).close()
    except (OSError, ValueError) as error:  # time-outs and refusals are OSErrors
        raise SettingsError(f"EXSCLAIM_DASK_ADDRESS: no Dask scheduler answers at {address} ({error})") from error


def _missing(extra: str, package: str, error: ImportError) -> SettingsError:
    how = f"pip install 'exsclaim[{extra}]'" if extra == "dask" else f"pip install {package}"
    return SettingsError(f"EXSCLAIM_RUNNER={extra} needs {package} ({error}): {how}")
