"""Work on many things on a few threads, without ever holding all of them."""

import contextvars
import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_COLLECTED_AFTER = (10_000, 10, 10)
"""New objects, collections of the young, and of the middle-aged, after which the next is due (`gc.set_threshold`)."""


def side_by_side(work: Callable[[T], None], things: Iterable[T], *, limit: int) -> None:
    """Call `work` with each of the things, at most `limit` at a time, each in a copy of this thread's context.

    The next thing is asked for when a thread is free for it. Prefect's tasks are called as in the flow's own thread:
    the context brings the flow run along. Raises what a call raises, once those that are running have ended; an
    interrupt does not wait for them.
    """
    threads = ThreadPoolExecutor(limit, thread_name_prefix="article")
    running: set[Future[None]] = set()
    try:
        with _rarely_collected():
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


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Within, Python looks for garbage in cycles less often, and not among what is there already: modules, mostly.

    As it is set by itself that takes a twelfth of a harvest's processor time.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
