"""The work list: what is known is not run, small calls share a task, and one bad call costs only itself."""

from typing import Any

import pytest
from prefect import flow, task

from exsclaim.errors import CaptionError
from flows.backlog import Backlog, Outcome, Work
from tasks.caching import keyed
from tasks.chunks import CHUNKED

CALLS: list[int] = []


@task(
    cache_policy=keyed("halve", lambda p: str(p["number"])),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
)
def halve(number: int) -> int:
    """Refuses odd numbers, and has a defect at zero."""
    CALLS.append(number)
    if number % 2:
        raise CaptionError(f"{number} is odd")
    return number // (2 if number else 0)


@pytest.fixture(autouse=True)
def _calls(monkeypatch: pytest.MonkeyPatch) -> None:
    CALLS.clear()
    monkeypatch.setitem(CHUNKED, halve.name, halve)


def outcomes(*numbers: int, chunk: int = 1, **options: Any) -> dict[int, Outcome]:
    """What a backlog makes of `halve` for these numbers."""
    found: dict[int, Outcome] = {}

    @flow
    def run() -> None:
        backlog = Backlog(4, {halve.name: chunk})
        for number in numbers:
            backlog.add(
                0, Work(halve, {"number": number}, lambda outcome, n=number: found.update({n: outcome}), **options)
            )
        backlog.run()

    run()
    return found


def values(found: dict[int, Outcome]) -> dict[int, Any]:
    return {
        number: outcome.value if outcome.error is None else type(outcome.error) for number, outcome in found.items()
    }


@pytest.mark.parametrize("chunk", [1, 3])
def test_every_call_gets_its_own_outcome(chunk: int) -> None:
    found = outcomes(2, 3, 4, 5, 6, 8, 10, chunk=chunk)
    assert values(found) == {2: 1, 3: CaptionError, 4: 2, 5: CaptionError, 6: 3, 8: 4, 10: 5}
    assert sorted(CALLS) == [2, 3, 4, 5, 6, 8, 10]
    assert not any(outcome.is_cached for outcome in found.values())


@pytest.mark.parametrize("chunk", [1, 3])
def test_what_is_known_is_not_run_again_and_failures_are(chunk: int) -> None:
    outcomes(2, 3, 4, 6, chunk=chunk)
    CALLS.clear()
    again = outcomes(2, 3, 4, 6, 8, chunk=4 - chunk)
    assert sorted(CALLS) == [3, 8]
    assert [number for number, outcome in sorted(again.items()) if outcome.is_cached] == [2, 4, 6]
    assert values(again)[6] == 3


def test_a_defect_in_a_chunk_costs_only_the_call_that_has_it() -> None:
    found = outcomes(0, 2, 4, chunk=3)
    assert values(found) == {0: ZeroDivisionError, 2: 1, 4: 2}


def test_a_known_result_that_is_no_longer_good_is_made_anew() -> None:
    outcomes(2)
    CALLS.clear()
    found = outcomes(2, accept=lambda value: value != 1)
    assert CALLS == [2]
    assert not found[2].is_cached


def test_a_refresh_does_not_ask_what_is_known() -> None:
    outcomes(2)
    CALLS.clear()
    assert values(outcomes(2, refresh=True)) == {2: 1}
    assert CALLS == [2]


def test_what_is_only_wanted_if_known_is_not_run() -> None:
    outcomes(2)
    CALLS.clear()
    unknown: list[str] = []
    found = outcomes(2, 4, if_unknown=lambda: unknown.append("four"))
    assert values(found) == {2: 1}
    assert unknown == ["four"]
    assert CALLS == []
