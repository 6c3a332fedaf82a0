"""Faults: the first requests of a path fail as ordered, then all is well."""

from journal.faults import Fault, FaultKind, Faults


def answers(faults: Faults, path: str, count: int) -> list[object]:
    return [None if (failing := faults.next(path)) is None else failing[1] for _ in range(count)]


def test_the_first_requests_fail_in_order_and_the_next_succeed() -> None:
    assert answers(Faults(Fault("/a", (503, FaultKind.RESET))), "/a", 4) == [503, FaultKind.RESET, None, None]


def test_what_fails_for_ever_repeats_its_last_answer() -> None:
    assert answers(Faults(Fault("/a", (503, 404), for_ever=True)), "/a", 4) == [503, 404, 404, 404]


def test_each_path_that_matches_has_a_count_of_its_own() -> None:
    faults = Faults(Fault("/img/*", (503,)))
    assert answers(faults, "/img/1.png", 2) == [503, None]
    assert answers(faults, "/img/2.png", 2) == [503, None]
    assert answers(faults, "/other", 1) == [None]


def test_patterns_look_at_the_decoded_path() -> None:
    assert answers(Faults(Fault("/art:10.5555/x", (500,))), "/art%3A10.5555%2Fx", 1) == [500]


def test_the_first_fault_that_matches_decides() -> None:
    assert answers(Faults(Fault("/a", (429,)), Fault("/*", (500,))), "/a", 2) == [429, None]
