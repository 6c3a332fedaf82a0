"""Requests to one host keep their distance over all threads: proved by arithmetic, with a clock of the test's own."""

import itertools
import threading

from hypothesis import given
from hypothesis import strategies as st

from exsclaim.http.ratelimit import RateLimiter


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def time(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)


def test_threads_that_ask_at_once_get_turns_one_interval_apart() -> None:
    clock = Clock()
    limiter = RateLimiter(clock=clock.time, sleep=clock.sleep)
    threads = [threading.Thread(target=limiter.wait, args=("journal.example", 0.5)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.slept_s) == [0.5 * n for n in range(1, 20)]


def test_hosts_do_not_wait_for_each_other() -> None:
    limiter = RateLimiter(clock=Clock().time)
    assert [limiter.reserve(f"{n}.example", 60) for n in range(5)] == [0] * 5


def test_a_host_left_alone_long_enough_is_asked_at_once_but_saves_no_turns() -> None:
    clock = Clock()
    limiter = RateLimiter(clock=clock.time)
    limiter.reserve("journal.example", 1)
    clock.now_s += 50
    assert [limiter.reserve("journal.example", 1) for _ in range(3)] == [0, 1, 2]


def test_a_host_that_asked_for_a_pause_gets_it_from_every_thread() -> None:
    limiter = RateLimiter(clock=Clock().time)
    limiter.hold("journal.example", 30)
    assert [limiter.reserve("journal.example", 1) for _ in range(2)] == [30, 31]


@given(steps=st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 5)), min_size=2, max_size=40))
def test_no_two_turns_are_closer_than_the_interval_of_the_first(steps: list[tuple[float, float]]) -> None:
    clock = Clock()
    limiter = RateLimiter(clock=clock.time)
    turns = []
    for pause_s, interval_s in steps:
        clock.now_s += pause_s
        turns.append((clock.now_s + limiter.reserve("journal.example", interval_s), interval_s))
    for (earlier, interval_s), (later, _) in itertools.pairwise(turns):
        assert later - earlier >= interval_s - 1e-9
