"""Work on many things on a few threads, without ever holding all of them."""

import contextvars
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def side_by_side(work: Callable[[T], None], things: Iterable[T], *, limit: int) -> None:
    """Call `work` with each of the things, at most `limit` at a time, each in a copy of this thread's context.

    The next thing is asked for when a thread is free for it. Prefect's tasks are called as in the flow's own thread:
    the context brings the flow run along. Raises what a call raises, once those that are running have ended; an
    interrupt does not wait for them.
    """
    threads = ThreadPoolExecutor(limit, thread_name_prefix="article")
    running: set[Future[None]] = set()
    try:
        for thing in things:
            running.add(threads.submit(contextvars.copy_context().run, work, thing))
            if len(running) >= limit:
                running = _settled(running)
        while running:
            running = _settled(running)
    except BaseException as error:
        threads.shutdown(wait=isinstance(error, Exception), cancel_futures=True)
        raise
    threads.shutdown()


def _settled(running: set[Future[None]]) -> set[Future[None]]:
    done, left = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        future.result()
    return left
