"""The drift test: silent on what is usual, not on what changed, and silent where it knows too little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.quality.drift import LEAST_NIGHTS, Point, beta_binomial_tail, gone, mean_drift, share_drift

things = st.integers(min_value=5, max_value=2000)
values = st.floats(min_value=0, max_value=1)
histories = st.lists(st.builds(Point, values, things), max_size=60)


def nights(value: float, n: int, count: int) -> list[Point]:
    return [Point(round(value * n) / n, n)] * count


@given(values, things, st.integers(min_value=0, max_value=60))
def test_a_constant_history_is_never_flagged(value: float, n: int, count: int) -> None:
    history = nights(value, n, count)
    assert share_drift(history, 0.05) is None
    assert mean_drift(history, 0.05) is None
    assert gone(history) is None


@given(histories, values, things)
def test_nothing_is_flagged_before_enough_nights(history: list[Point], value: float, n: int) -> None:
    few = [*history[: LEAST_NIGHTS - 1], Point(value, n)]
    assert share_drift(few, 0.0) is None
    assert mean_drift(few, 0.0) is None


@given(histories, values, st.integers(min_value=0, max_value=4))
def test_a_night_over_too_few_things_says_nothing(history: list[Point], value: float, n: int) -> None:
    assert share_drift([*history, Point(value, n)], 0.05) is None
    assert mean_drift([*history, Point(value, n)], 0.05) is None


@given(histories, st.floats(min_value=0.01, max_value=0.5))
def test_what_is_flagged_moved_as_far_as_matters(history: list[Point], least: float) -> None:
    for drift in (share_drift(history, least), mean_drift(history, least)):
        if drift is not None:
            assert abs(drift.value - drift.usual) >= least
            assert drift.surprise > 1
            assert drift.nights >= LEAST_NIGHTS


@given(st.floats(min_value=0.6, max_value=1), st.integers(min_value=100, max_value=500), st.integers(min_value=7))
def test_a_real_step_is_flagged_on_its_first_night(value: float, n: int, count: int) -> None:
    history = [*nights(value, n, min(count, 60)), Point(value - 0.35, n)]
    for drift in (share_drift(history, 0.1), mean_drift(history, 0.1)):
        assert drift is not None
        assert drift.value < drift.usual


@pytest.mark.parametrize("direction", [-1, 1])
def test_steps_are_found_in_both_directions(direction: int) -> None:
    rng = np.random.default_rng(0)
    history = [Point(float(rng.binomial(200, 0.5)) / 200, 200) for _ in range(20)]
    drift = share_drift([*history, Point(0.5 + 0.3 * direction, 200)], 0.1)
    assert drift is not None
    assert (drift.value > drift.usual) == (direction > 0)


def test_small_nights_are_taken_together() -> None:
    history, bad = nights(0.9, 10, 20), Point(0.5, 10)
    assert share_drift([*history, bad], 0.1) is None
    assert share_drift([*history, bad, bad, bad], 0.1) is not None


def test_nights_that_differ_much_by_themselves_are_no_alarm() -> None:
    wild = [Point(value, 200) for value in (0.5, 0.9, 0.6, 0.8, 0.4, 0.95, 0.55, 0.7, 0.85, 0.45)]
    assert share_drift([*wild, Point(0.4, 200)], 0.1) is None
    calm = nights(0.68, 200, 10)
    assert share_drift([*calm, Point(0.4, 200)], 0.1) is not None


def test_an_old_level_is_forgotten() -> None:
    assert share_drift([*nights(0.9, 100, 40), *nights(0.5, 100, 40)], 0.1) is None


def test_stable_simulated_nights_hardly_ever_alarm_and_steps_are_found() -> None:
    rng = np.random.default_rng(3)
    alarms = found = 0
    for _ in range(100):
        history = [Point(float(rng.binomial(n, 0.95)) / n, n) for n in rng.poisson(60, 30) + 1]
        alarms += share_drift(history, 0.05) is not None
        after = [Point(float(rng.binomial(60, 0.75)) / 60, 60) for _ in range(3)]
        found += any(share_drift([*history, *after[:night]], 0.05) is not None for night in (1, 2, 3))
    assert alarms <= 2
    assert found >= 90


@pytest.mark.parametrize(("articles", "enough"), [(2, 3), (5, 1), (10, 1)])
def test_a_parser_that_finds_nothing_any_more_is_gone(articles: int, enough: int) -> None:
    before, empty = nights(1.0, articles, 20), Point(0.0, articles)
    assert gone([*before, *[empty] * enough]) is not None
    if enough > 1:
        assert gone([*before, empty]) is None


def test_a_share_that_was_never_high_is_not_gone() -> None:
    assert gone([*nights(0.3, 20, 20), Point(0.0, 20)]) is None


def test_a_night_without_articles_is_no_redesign() -> None:
    assert gone([*nights(1.0, 20, 20), Point(0.0, 0)]) is None


@given(st.integers(min_value=1, max_value=60), st.floats(1, 200), st.floats(1, 200), st.data())
def test_the_tail_is_a_probability_that_falls_with_distance(n: int, a: float, b: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(min_value=0, max_value=n))
    tail = beta_binomial_tail(k / n, n, a, b)
    assert 0 <= tail <= 1
    if k / n <= a / (a + b) and k > 0:
        assert beta_binomial_tail((k - 1) / n, n, a, b) <= tail + 1e-9


def test_the_tail_is_that_of_scipy() -> None:
    from scipy.stats import betabinom

    for k in range(21):
        expected = betabinom.cdf(k, 20, 30, 5) if k / 20 <= 30 / 35 else betabinom.sf(k - 1, 20, 30, 5)
        assert beta_binomial_tail(k / 20, 20, 30, 5) == pytest.approx(expected, rel=1e-6)
