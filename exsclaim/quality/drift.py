"""Tests of whether a measurement is out of the usual: one stated test per kind of metric, as pure functions.

Now is the last night, or the last three or seven together: many small nights say what one cannot. Usual is the window:
the last 28 nights before that have a value taken over at least 5 things. Fewer than 7 such nights are no history, and
nothing is flagged. A change is flagged if both hold:

- it is as large as matters (`least`), from the window's median,
- chance makes it rarely:
  - a share (k of n) by the beta-binomial distribution that the window predicts for n (a uniform prior, updated with
    the window's counts), with less than `RARE` in its tail. Counts are divided by the window's dispersion where
    nights differ by more than chance (panels of one figure are alike): the median of the nights' squared standard
    scores over that of chi-squared with one degree of freedom (0.455), and at least 1.
  - a mean by its robust standard score, at least `FAR`: the distance to the median over 1.4826 times the median
    absolute deviation. A night over n things is taken to deviate as 1/sqrt(n).

Few nights know badly how much they differ: deviation and dispersion are taken to be larger by 6 over their number.

Beta-binomial prediction: Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4. Median absolute deviation:
Rousseeuw and Croux, J. Am. Stat. Assoc. 88, 1273 (1993).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

WINDOW = 28
NOW = (1, 3, 7)
"""Nights that are taken together."""
LEAST_NIGHTS = 7
LEAST_THINGS = 5
RARE = 1e-4
FAR = 4.5
_SIGMA_PER_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""
_CHI_SQUARED_MEDIAN = 0.4549
_GONE_BELOW = 0.2
"""A share that fell to less than this part of what was usual is as good as gone."""
_LEAST_NIGHTS_BEFORE_GONE, _LEAST_THINGS_BEFORE_GONE = 3, 10
_NIGHTS_GONE = 3


class Point(NamedTuple):
    """A night's value, and how many things it is taken over."""

    value: float
    n: float


class Drift(NamedTuple):
    """Tonight against the window. `surprise` is larger the less chance explains it (1 is just enough)."""

    value: float
    usual: float
    """Median of the window."""
    nights: int
    """In the window."""
    surprise: float


def share_drift(history: Sequence[Point], least: float) -> Drift | None:
    """Drift of a share that has moved by `least` (absolute) or more; `history` is oldest first and includes tonight."""
    return _first_surprise(_share_drift(window, now, least) for window, now in _splits(history))


def mean_drift(history: Sequence[Point], least: float) -> Drift | None:
    """Drift of a mean that has moved by `least` (absolute) or more; `history` is oldest first and includes tonight."""
    return _first_surprise(_mean_drift(window, now, least) for window, now in _splits(history))


def gone(history: Sequence[Point]) -> Drift | None:
    """Drift of a high share (half or more) that is as good as gone, as when a redesigned page breaks its parser.

    The last night, the last two or the last three together must have less than a fifth of what the window before had,
    and chance (as in `share_drift`, but without more than three nights of history and however few things a night has)
    must make it rarely. `history` is oldest first and includes tonight.
    """
    nights = [point for point in history if point.n]
    if not history or not history[-1].n:
        return None
    for recent in range(1, _NIGHTS_GONE + 1):
        before, last = nights[:-recent][-WINDOW:], nights[-recent:]
        n, m = sum(point.n for point in before), sum(point.n for point in last)
        if len(before) < _LEAST_NIGHTS_BEFORE_GONE or n < _LEAST_THINGS_BEFORE_GONE:
            continue
        usual, now = _mean(before), _mean(last)
        surprise = _surprise(beta_binomial_tail(now, round(m), usual * n + 1, n - usual * n + 1))
        if usual >= 0.5 and now < _GONE_BELOW * usual and surprise > 1:
            return Drift(now, usual, len(before), surprise)
    return None


def beta_binomial_tail(share: float, n: int, a: float, b: float) -> float:
    """Probability of a share as far out as this, or farther on the same side, for k of n ~ BetaBinomial(n, a, b)."""
    from scipy.stats import betabinom  # takes a second to load

    if share <= a / (a + b):
        return float(betabinom.cdf(math.floor(share * n + 0.5), n, a, b))
    # k of n ~ (a, b) is n - k of n ~ (b, a): a lower tail keeps its digits where one minus it has none
    return float(betabinom.cdf(n - math.ceil(share * n - 0.5), n, b, a))


def _splits(history: Sequence[Point]) -> Iterator[tuple[Sequence[Point], Point]]:
    """Yield usual values, each with a recent mean; none if tonight has too few things, or history too few nights."""
    if not history or history[-1].n < LEAST_THINGS:
        return
    nights = [point for point in history if point.n >= LEAST_THINGS]
    for recent in NOW:
        window, last = nights[:-recent][-WINDOW:], nights[-recent:]
        if len(window) >= LEAST_NIGHTS:
            yield window, Point(_mean(last), sum(point.n for point in last))


def _first_surprise(drifts: Iterable[Drift]) -> Drift | None:
    return next((drift for drift in drifts if drift.surprise > 1), None)


def _share_drift(window: Sequence[Point], now: Point, least: float) -> Drift:
    usual, dispersion = _weighted_median(window), _dispersion(window)
    n = sum(point.n for point in window) / dispersion
    k = _mean(window) * n
    surprise = _surprise(beta_binomial_tail(now.value, max(1, round(now.n / dispersion)), k + 1, n - k + 1))
    matters = abs(now.value - usual) >= least
    return Drift(now.value, usual, len(window), surprise if matters else 0.0)


def _mean_drift(window: Sequence[Point], now: Point, least: float) -> Drift:
    usual = median(point.value for point in window)
    spread = (
        _SIGMA_PER_MAD * median(abs(p.value - usual) * math.sqrt(p.n) for p in window) * _small_window_factor(window)
    )
    moved = abs(now.value - usual)
    # where all nights were alike to the last digit, what matters decides alone
    matters = moved >= max(1e-9, least)
    surprise = moved / max(FAR * spread / math.sqrt(now.n), 1e-12)
    return Drift(now.value, usual, len(window), surprise if matters else 0.0)


def _surprise(tail: float) -> float:
    return math.log(max(tail, 1e-300)) / math.log(RARE)


def _mean(points: Sequence[Point]) -> float:
    return sum(p.value * p.n for p in points) / sum(p.n for p in points)


def _dispersion(window: Sequence[Point]) -> float:
    n = sum(p.n for p in window)
    rate = (_mean(window) * n + 1) / (n + 2)
    scores = [(p.value - rate) ** 2 * p.n / (rate * (1 - rate)) for p in window]
    return max(1.0, _small_window_factor(window) * median(scores) / _CHI_SQUARED_MEDIAN)


def _small_window_factor(window: Sequence[Point]) -> float:
    return 1 + 6 / len(window)


def _weighted_median(points: Sequence[Point]) -> float:
    """The value that half of all things lie below."""
    half, passed = sum(p.n for p in points) / 2, 0.0
    for point in sorted(points):
        passed += point.n
        if passed >= half:
            return point.value
    raise ValueError("no points")
