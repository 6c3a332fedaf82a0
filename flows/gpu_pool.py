"""Separation on other machines: figures handed over in chunks to a deployment whose pool has the GPUs.

What travels is digests. Chunks are handed over while the harvest still fetches; once a chunk is done, its articles go
through the stages once more, and the task cache now has their panels.
"""

import contextvars
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Self

from pydantic import Field

from exsclaim.errors import PoolError
from exsclaim.harvests.article_stages import FigureToSeparate
from exsclaim.harvests.harvest_books import Work
from exsclaim.harvests.patience import Patience
from exsclaim.records import Record
from exsclaim.recovery import Fault
from flows.deployment_runs import ATTEMPTS, follow, give_up, not_taken_up, start
from tasks.caching import digest
from tasks.separate import is_separated

log = logging.getLogger(__name__)

CHUNKS_IN_FLIGHT = 2
"""So that the next chunk is there when a GPU has finished one: from call to start takes Prefect 6 s."""
_LOOKED_AHEAD = 5
"""Articles looked at for progress: a run works on them in order, and few fail."""


class GpuPool(Record):
    """Pool of workers that separates a harvest's figures: a flow parameter of harvests under a Prefect server."""

    deployment: str = "separate/gpu"
    wait_s: float = Field(default=300.0, gt=0)
    """Time to wait for a sign: a run taken up by a worker, or another article done."""
    chunk: int = Field(default=200, ge=1, le=500)
    """Figures handed over at a time; the figures of one article stay together."""
    in_place: bool = True
    """Separate in the harvest's own process where the pool gives no sign; else record failures that heal."""


_Parked = tuple[Work, list[FigureToSeparate]]
"""A work, and its figures that wait for the pool."""


class HandOver:
    """One harvest's hand-over to a pool. `take` may be called from any thread.

    Once the pool has given no sign for `wait_s`, no more is handed over: a harvest without a GPU waits once.
    """

    def __init__(self, pool: GpuPool, harvest: str) -> None:
        self._pool = pool
        self._harvest = harvest
        self._parked: list[_Parked] = []
        self._returned: set[Work] = set()
        self._chunks: dict[Future[None], list[_Parked]] = {}
        self._threads = ThreadPoolExecutor(CHUNKS_IN_FLIGHT, thread_name_prefix="gpu-pool")
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._patience = Patience(pool.wait_s)
        self._given_up: PoolError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def take(self, work: Work, figures: list[FigureToSeparate]) -> bool | Fault:
        """Have an article's figures separated: True where the work comes back by `finish`.

        False where the caller is to separate them: the pool gave them back undone, or gives no sign. A fault where it
        is not to do that, either.
        """
        with self._lock:
            if self._given_up or work in self._returned:
                if self._pool.in_place or not self._given_up:
                    return False
                return Fault.of(self._given_up)
            self._parked.append((work, figures))
            if sum(len(waiting) for _, waiting in self._parked) >= self._pool.chunk:
                self._hand_over()
            return True

    def finish(self) -> Iterator[list[Work]]:
        """Hand over the rest, and give the works of each chunk back as it ends."""
        with self._lock:
            if self._parked:
                self._hand_over()
            chunks = dict(self._chunks)
        for future in as_completed(chunks):
            future.result()
            works = [work for work, _ in chunks[future]]
            self._returned.update(works)
            yield works

    def _hand_over(self) -> None:
        chunk, self._parked = self._parked, []
        # the copied context tells Prefect which flow run calls, and which task cache is to be looked into
        run = contextvars.copy_context().run
        self._patience.sign()
        self._chunks[self._threads.submit(run, self._separate, [figures for _, figures in chunk])] = chunk

    def _separate(self, articles: Sequence[list[FigureToSeparate]]) -> None:
        """Have a chunk separated, by several runs where need be: each of what those before it left undone."""
        ended = ""
        for attempt in range(1, ATTEMPTS + 1):
            left = [figures for figures in articles if not is_separated(figures)]
            if not left or self._given_up or self._closing.is_set():
                return
            try:
                ended = self._run(left, attempt)
            except PoolError as error:
                self._give_up(str(error))
                return
            if not ended:
                return
        self._give_up(f"{ATTEMPTS} runs of {self._pool.deployment} failed, the last one {ended}")

    def _run(self, articles: list[list[FigureToSeparate]], attempt: int) -> str:
        """One run from call to end: how it failed, or ""."""
        deployment, count = self._pool.deployment, sum(map(len, articles))
        plain = [[figure.model_dump(mode="json") for figure in figures] for figures in articles]
        run, tries = None, attempt
        while run is None or (run.state is not None and run.state.is_final()):
            # of a harvest that was killed and started again, the run that it began: the first that has not ended
            name = f"separate {count} figures of {self._harvest}"
            run = start(deployment, {"articles": plain}, name, f"{digest(self._harvest, plain)}-{tries}")
            tries += 1
        log.info("%d figures handed to %s (flow run %s)", count, deployment, run.name)
        left = list(articles)

        def is_alive() -> bool:
            before = len(left)
            left[:] = [each for each in left[:_LOOKED_AHEAD] if not is_separated(each)] + left[_LOOKED_AHEAD:]
            return len(left) < before

        state, was_taken_up = follow(run, self._patience, is_alive=is_alive, closing=self._closing)
        if state is None and self._closing.is_set():
            raise PoolError("the harvest ended before the pool did")
        if state is None:
            state = give_up(run, was_taken_up, f"no figure was separated for {self._pool.wait_s:g} s")
            self._patience.sign()
            if not was_taken_up:
                begin = f"prefect worker start --pool {run.work_pool_name} --limit 1"
                raise PoolError(not_taken_up(run, self._pool.wait_s, f"start one on a machine with a GPU: {begin}"))
        if not state.is_completed():
            ended = f"{state.name}: {state.message or 'no message'}"
            log.warning("%s: a run of %d figures ended %s; it is done again", deployment, count, ended)
            return ended
        if not any(map(is_separated, articles)):
            raise PoolError(
                f"{deployment} ended well, but its results are not where this process looks: its machine must share"
                " PREFECT_LOCAL_STORAGE_PATH, and run the same code and weights"
            )
        return ""

    def _give_up(self, why: str) -> None:
        if self._given_up is None and not self._closing.is_set():
            self._given_up = PoolError(why)
            instead = "separated here instead" if self._pool.in_place else "left to the next harvest"
            log.warning("%s. The figures are %s", why, instead)
