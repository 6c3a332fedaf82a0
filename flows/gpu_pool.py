"""Separation on other machines: figures handed over in chunks to a deployment whose pool has the GPUs.

What travels is digests. Chunks are handed over while the harvest still fetches; once a chunk is done, its figures
take the harvest's ordinary way, on which the task cache now has their panels.
"""

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Self

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed
from pydantic import Field

from exsclaim.errors import PoolError
from exsclaim.records import Record
from tasks.caching import digest
from tasks.separate import FigureToSeparate, is_separated

log = logging.getLogger(__name__)

CHUNKS_IN_FLIGHT = 2
"""So that the next chunk is there when a GPU has finished one: from call to start takes Prefect 6 s."""
ATTEMPTS = 3
"""Runs of one chunk, each of what those before it left undone."""
POLL_S = 1.0
_LOOKED_AHEAD = 20
"""Figures looked at for progress: a run works on them in order, and few fail."""


class GpuPool(Record):
    """Where a harvest has its figures separated: a flow parameter of harvests under a Prefect server."""

    deployment: str = "separate/gpu"
    wait_s: float = Field(default=300.0, gt=0)
    """How long to wait for a sign: a run taken up by a worker, or another figure done."""
    chunk: int = Field(default=200, ge=1, le=500)
    """Figures handed over at a time."""
    in_place: bool = True
    """Separate in the harvest's own process where the pool gives no sign; else record failures that heal."""


@dataclass(frozen=True)
class _Parked:
    """A figure that waits for the pool; `go_on` where it is done or may be done here, `give_up` else."""

    figure: FigureToSeparate
    go_on: Callable[[], None]
    give_up: Callable[[PoolError], None]


class HandOver:
    """One harvest's hand-over to a pool. `take` and `finish` are for the flow's own thread.

    Once the pool has given no sign for `wait_s`, no more is handed over: a night without a GPU waits once.
    """

    def __init__(self, pool: GpuPool, harvest: str) -> None:
        self._pool = pool
        self._harvest = harvest
        self._parked: list[_Parked] = []
        self._chunks: dict[Future[PoolError | None], list[_Parked]] = {}
        self._threads = ThreadPoolExecutor(CHUNKS_IN_FLIGHT, thread_name_prefix="gpu-pool")
        self._closing = threading.Event()
        self._given_up: PoolError | None = None
        self._last_sign = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def take(self, figure: FigureToSeparate, go_on: Callable[[], None], give_up: Callable[[PoolError], None]) -> bool:
        """Have a figure separated: `finish` calls `go_on` or `give_up`, or `give_up` is called now.

        False where the figure is not taken: it is separated already, or the caller is to do it.
        """
        if is_separated(figure):
            return False
        if self._given_up:
            if not self._pool.in_place:
                give_up(self._given_up)
            return not self._pool.in_place
        self._parked.append(_Parked(figure, go_on, give_up))
        if len(self._parked) >= self._pool.chunk:
            self._hand_over()
        return True

    def finish(self) -> Iterator[None]:
        """Hand over the rest, and settle each chunk as it ends; the caller works off what follows at each step."""
        if self._parked:
            self._hand_over()
        for future in as_completed(list(self._chunks)):
            error = future.result()
            for parked in self._chunks.pop(future):
                self._settle(parked, error)
            yield

    def _settle(self, parked: _Parked, error: PoolError | None) -> None:
        # what single figures failed on in the pool is met again here, and recorded as of any figure
        if error is None or self._pool.in_place or is_separated(parked.figure):
            parked.go_on()
        else:
            parked.give_up(error)

    def _hand_over(self) -> None:
        chunk, self._parked = self._parked, []
        figures = [parked.figure for parked in chunk]
        # the copied context makes the runs children of this flow run
        self._chunks[self._threads.submit(contextvars.copy_context().run, self._separated_there, figures)] = chunk

    def _separated_there(self, figures: list[FigureToSeparate]) -> PoolError | None:
        """Have a chunk separated; gives why it was not."""
        left, ended = figures, "was not started"
        for _ in range(ATTEMPTS):
            left = [figure for figure in left if not is_separated(figure)]
            if not left:
                return None
            if self._given_up:
                return self._given_up
            try:
                state = self._run(left)
            except ObjectNotFound:
                return self._give_up(f"Prefect's server has no deployment {self._pool.deployment} (make deploy)")
            except httpx.HTTPError as error:
                ended = f"with the server's {error}"
                continue
            if state is None:
                return self._given_up or PoolError("the harvest ended before the pool did")
            if state.is_completed():
                if any(is_separated(figure) for figure in left):
                    return None
                return self._give_up(
                    f"{self._pool.deployment} ended well, but its results are not where this process looks: its"
                    " machine must share PREFECT_LOCAL_STORAGE_PATH, and run the same code and weights"
                )
            ended = f"{state.name}: {state.message or 'no message'}"
            log.warning("%s: a run of %d figures ended %s; it is done again", self._pool.deployment, len(left), ended)
        return self._give_up(f"{ATTEMPTS} runs of {self._pool.deployment} failed, the last one {ended}")

    def _run(self, figures: Sequence[FigureToSeparate]) -> State | None:
        """One run from call to end; None where it gave no sign, or the harvest ends."""
        with get_client(sync_client=True) as client:
            run = self._started(figures)
            log.info("%d figures handed to %s (flow run %s)", len(figures), self._pool.deployment, run.name)
            return self._ended(client, run, list(figures))

    def _started(self, figures: Sequence[FigureToSeparate]) -> FlowRun:
        """A run that has not ended yet: of a harvest that was killed and started again, the one it began."""
        key = digest(self._harvest, *(figure.model_dump(mode="json") for figure in figures))
        attempt = 0
        while True:  # ends: every attempt's number is tried once
            attempt += 1
            run = run_deployment(
                self._pool.deployment,
                parameters={"figures": [figure.model_dump(mode="json") for figure in figures]},
                flow_run_name=f"separate {len(figures)} figures of {self._harvest}",
                timeout=0,
                idempotency_key=f"{key}-{attempt}",
            )
            assert isinstance(run, FlowRun)  # and no coroutine: this thread has no event loop
            if run.state is None or not run.state.is_final():
                return run

    def _ended(self, client: SyncPrefectClient, run: FlowRun, left: list[FigureToSeparate]) -> State | None:
        self._last_sign = max(self._last_sign, time.monotonic())
        was_taken_up = False
        while not self._closing.wait(POLL_S):
            try:
                state = client.read_flow_run(run.id).state
            except httpx.HTTPError as error:
                log.warning("Prefect's server could not be asked for %s (%s)", run.name, error)
                state = None
            if state and state.is_final():
                self._last_sign = time.monotonic()
                return state
            undone = [figure for figure in left[:_LOOKED_AHEAD] if not is_separated(figure)] + left[_LOOKED_AHEAD:]
            taken_up = state is not None and not state.is_scheduled()
            if len(undone) < len(left) or (taken_up and not was_taken_up):
                self._last_sign = time.monotonic()
            left, was_taken_up = undone, was_taken_up or taken_up
            if time.monotonic() - self._last_sign > self._pool.wait_s:
                return self._abandon(client, run, was_taken_up)
        return None

    def _abandon(self, client: SyncPrefectClient, run: FlowRun, was_taken_up: bool) -> State | None:
        if was_taken_up:
            # worker and flow run were both killed: nobody else would ever end this run
            lost: State = Crashed(message=f"no figure was separated for {self._pool.wait_s:g} s")
            client.set_flow_run_state(run.id, lost, force=True)
            self._last_sign = time.monotonic()
            return lost
        client.set_flow_run_state(run.id, Cancelled(message="no worker took it up in time"))
        self._give_up(
            f"no worker of the pool {run.work_pool_name} took up {run.name!r} within {self._pool.wait_s:g} s; start"
            f" one on a machine with a GPU: prefect worker start --pool {run.work_pool_name} --limit 1"
        )
        return None

    def _give_up(self, why: str) -> PoolError:
        if self._given_up is None:
            self._given_up = PoolError(why)
            instead = "separated here instead" if self._pool.in_place else "left to the next harvest"
            log.warning("%s. The figures are %s", why, instead)
        return self._given_up
