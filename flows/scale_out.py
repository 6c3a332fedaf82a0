"""Where figures are separated: on threads of the harvest's own process, on its other processes, or on a cluster.

    EXSCLAIM_RUNNER=thread     (default) no copies of the networks, no start-up
    EXSCLAIM_RUNNER=process    EXSCLAIM_WORKERS processes of this machine
    EXSCLAIM_RUNNER=dask       the Dask cluster at EXSCLAIM_DASK_ADDRESS, else one of this machine's own
    EXSCLAIM_RUNNER=ray        the Ray cluster at EXSCLAIM_RAY_ADDRESS, else one of this machine's own

Everything that asks a publisher stays on threads of the one process whose rate limits, robots.txt and refusals hold
for all of it (docs/decisions/0017-scale-out.md).
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from exsclaim.errors import SettingsError, WorkerLostError
from exsclaim.settings import settings
from tasks.captions import split_caption
from tasks.separate import separate_figure

CAPTIONS_PER_TASK = 100
"""A caption takes about 1 ms, a task on threads 4 ms: 4 % for Prefect (docs/performance.md)."""
SEPARATIONS_PER_TASK = {"thread": 1, "process": 6, "dask": 6, "ray": 6}
"""A separation takes about 0.5 s, a task in another process up to 0.11 s: 3.5 % for Prefect."""


@contextlib.contextmanager
def scale_out() -> Iterator[TaskRunner[Any] | None]:
    """The runner that `EXSCLAIM_RUNNER` names, started; None for the flow's own threads.

    Raises:
        SettingsError: its package is not installed, or its cluster does not answer.
    """
    runner = _runner()
    if runner is None:
        yield None
        return
    with runner:
        yield runner


def chunk_sizes() -> dict[str, int]:
    """How many calls of a stage make one task, by the task's name."""
    return {split_caption.name: CAPTIONS_PER_TASK, separate_figure.name: SEPARATIONS_PER_TASK[settings().runner]}


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
    """In each process of the pool: its share of the cores, or they would all compute on all of them."""
    import torch

    torch.set_num_threads(max(1, (os.cpu_count() or 1) // processes))


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


@contextlib.contextmanager
def lost_workers() -> Iterator[None]:
    """A runner's errors about workers that died, as one error of ours that says what to do."""
    lost: tuple[type[Exception], ...] = (BrokenExecutor, *_dask_errors())
    try:
        yield
    except lost as error:
        raise WorkerLostError(
            f"a worker of EXSCLAIM_RUNNER={settings().runner} died ({type(error).__name__}: {error}), most often for "
            "want of memory: lower EXSCLAIM_WORKERS, and start the harvest again; what is done stays done"
        ) from error


def _dask_errors() -> tuple[type[Exception], ...]:
    """Dask's errors about lost workers and schedulers; () where Dask is not in use."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return ()
    return (distributed.KilledWorker, distributed.CancelledError, distributed.comm.CommClosedError)
