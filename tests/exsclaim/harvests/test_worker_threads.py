"""Things worked on a few at a time: each once, never more than the limit, and one that fails is told."""

import threading
import time
from collections.abc import Iterator

import pytest

from exsclaim.harvests.worker_threads import side_by_side


@pytest.mark.parametrize("limit", [1, 3])
def test_each_is_worked_on_once_and_no_more_than_the_limit_are_asked_for(limit: int) -> None:
    lock, done = threading.Lock(), []
    at_work = most = asked = 0

    def things() -> Iterator[int]:
        nonlocal asked
        for number in range(20):
            asked = number + 1
            yield number

    def work(number: int) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
            assert asked - len(done) <= limit + 1
        time.sleep(0.002)
        with lock:
            at_work -= 1
            done.append(number)

    side_by_side(work, things(), limit=limit)
    assert sorted(done) == list(range(20))
    assert 1 <= most <= limit


def test_what_one_raises_is_raised_and_no_more_is_begun() -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 3:
            raise ValueError("three")

    with pytest.raises(ValueError, match="three"):
        side_by_side(work, range(1000), limit=2)
    assert len(begun) < 1000
