"""Flow runs of a deployment: started, and followed to their ends while they give signs of life."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from exsclaim.errors import PoolError
from exsclaim.harvests.patience import Patience

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Flow runs for one thing, where the ones before it crashed: a killed process, a machine that went down."""
POLL_S = 1.0
_through_a_restart = Retrying(
    retry=retry_if_exception_type(httpx.ConnectError), wait=wait_fixed(2), stop=stop_after_delay(120), reraise=True
)
"""Calls again while nobody listens: Prefect's clients do so only once they have had an answer."""


def places(deployment: str) -> int | None:
    """Number of its runs that may run at a time; None where nobody limited it.

    Raises:
        PoolError: Prefect's server has no such deployment, or does not answer.
    """
    with _asking(deployment), get_client(sync_client=True) as client:
        limit = _through_a_restart(client.read_deployment_by_name, deployment).global_concurrency_limit
    return limit.limit if limit else None


def start(deployment: str, parameters: Mapping[str, Any], name: str, key: str) -> FlowRun:
    """Start a run. The same key gives the same run, ended or not: each attempt has its own.

    Raises:
        PoolError: Prefect's server has no such deployment, or does not answer.
    """
    told: dict[str, Any] = {"parameters": dict(parameters), "flow_run_name": name, "idempotency_key": key}
    with _asking(deployment):
        run = _through_a_restart(run_deployment, deployment, timeout=0, **told)
    assert isinstance(run, FlowRun)  # and no coroutine: this thread has no event loop
    return run


@contextmanager
def _asking(deployment: str) -> Iterator[None]:
    if "/" not in deployment:  # of which Prefect's client makes a fault of ours
        raise PoolError(f"{deployment!r} is no name of a deployment, such as separate/gpu")
    try:
        yield
    except ObjectNotFound as error:
        raise PoolError(f"there is no deployment {deployment} on Prefect's server: make deploy") from error
    except httpx.HTTPError as error:
        raise PoolError(f"Prefect's server did not take a run of {deployment} ({error})") from error


def follow(
    run: FlowRun,
    patience: Patience,
    *,
    is_alive: Callable[[], bool],
    closing: threading.Event,
    longest_s: float = float("inf"),
) -> tuple[State | None, bool]:
    """Wait for a run's end: its final state, and whether a worker took it up.

    The state is None where patience ended first, or `closing` was set. A run that is taken up is a sign, so is that it
    begins (a process, and all that it imports, lie between), and so is `is_alive()` of one that was taken up.
    """
    began = time.monotonic()
    taken_up: StateType | None = None
    with get_client(sync_client=True) as client:
        while not closing.wait(POLL_S):
            try:
                state = client.read_flow_run(run.id).state
            except httpx.HTTPError as error:
                log.warning("Prefect's server could not be asked for %s (%s)", run.name, error)
                state = None
            if state is not None and state.is_final():
                patience.sign()
                return state, taken_up is not None
            if state is not None and not state.is_scheduled() and state.type is not taken_up:
                taken_up = state.type
                patience.sign()
            elif taken_up and is_alive():
                patience.sign()
            if patience.is_over or time.monotonic() - began > longest_s:
                break
    return None, taken_up is not None


def not_taken_up(run: FlowRun, within_s: float, way_out: str) -> str:
    """Sentence on a run that no worker took up: a paused pool hands nothing out; else `way_out` is what to do."""
    pool = str(run.work_pool_name)
    with suppress(ObjectNotFound, httpx.HTTPError), get_client(sync_client=True) as client:
        if client.read_work_pool(pool).is_paused:
            way_out = f"the pool is paused: prefect work-pool resume {pool}"
    return f"no worker of the pool {pool} took up {run.name!r} within {within_s:g} s; {way_out}"


def give_up(run: FlowRun, was_taken_up: bool, why: str) -> State:
    """End a run that nobody else would ever end: its worker and its process were killed, or no worker took it up."""
    state: State = Crashed(message=why) if was_taken_up else Cancelled(message=why)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run.id, state, force=was_taken_up)
    return state
