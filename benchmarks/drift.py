"""Error rates of the drift test: false alarms on stable histories, and steps that it finds, on simulated nights.

    .venv/bin/python benchmarks/drift.py [SERIES]

Nights are drawn as a harvest's are: few things, differing numbers of them, and more alike within a night than by
chance (rho: correlation of two things of one night).
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np

from exsclaim.quality.drift import Drift, Point, gone, mean_drift, share_drift

RNG = np.random.default_rng(7)
HISTORY, AFTER = 40, 7


def shares(rate: float, rho: float, things: float, nights: int) -> list[Point]:
    """Nights of a share, each over a Poisson number of things."""
    spread = 1 / rho - 1 if rho else 0.0
    points = []
    for _ in range(nights):
        n = max(1, int(RNG.poisson(things)))
        of_night = RNG.beta(rate * spread, (1 - rate) * spread) if rho else rate
        points.append(Point(float(RNG.binomial(n, of_night)) / n, n))
    return points


def means(level: float, deviation: float, between: float, things: float, nights: int) -> list[Point]:
    """Nights of a mean; single things deviate with heavy tails (Student's t, 3 degrees of freedom)."""
    points = []
    for _ in range(nights):
        n = max(1, int(RNG.poisson(things)))
        value = level + between * RNG.normal() + deviation * RNG.standard_t(3, n).mean() / 3**0.5
        points.append(Point(float(value), n))
    return points


def report(
    name: str,
    stable: Callable[[int], list[Point]],
    stepped: Callable[[int], list[Point]],
    test: Callable[[Sequence[Point]], Drift | None],
    series: int,
) -> None:
    """False alarms per series and night; share of steps that were flagged within 1, 3 and 7 nights."""
    alarms = nights = 0
    found = np.zeros(AFTER)
    for _ in range(series):
        history = stable(HISTORY)
        alarms += sum(test(history[:end]) is not None for end in range(8, HISTORY + 1))
        nights += HISTORY - 7
        history = stable(HISTORY) + stepped(AFTER)
        flagged = [test(history[: HISTORY + night]) is not None for night in range(1, AFTER + 1)]
        found += np.maximum.accumulate(flagged)
    within = "  ".join(f"{found[night - 1] / series:4.0%} in {night}" for night in (1, 3, 7))
    print(f"{name:<62} false alarms {alarms / nights:7.3%}   found {within}")


def main() -> None:
    """Print the numbers that docs/quality.md states."""
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for rate, to, rho, things in (
        (0.97, 0.80, 0.0, 30), (0.90, 0.70, 0.02, 40), (0.80, 0.50, 0.05, 100), (0.97, 0.80, 0.0, 8),
    ):  # fmt: skip
        report(
            f"share {rate} -> {to}, {things} things a night, rho {rho}",
            lambda k, a=(rate, rho, things): shares(*a, k),  # type: ignore[misc]
            lambda k, a=(to, rho, things): shares(*a, k),  # type: ignore[misc]
            lambda history: share_drift(history, 0.1),
            series,
        )
    for level, to, deviation, between, things in (
        (0.95, 0.81, 0.3, 0.01, 100), (0.95, 0.81, 0.3, 0.01, 40), (0.95, 0.81, 0.3, 0.01, 10),
    ):  # fmt: skip
        report(
            f"mean {level} -> {to}, {things} things a night, of deviation {deviation}",
            lambda k, a=(level, deviation, between, things): means(*a, k),  # type: ignore[misc]
            lambda k, a=(to, deviation, between, things): means(*a, k),  # type: ignore[misc]
            lambda history: mean_drift(history, 0.05),
            series,
        )
    for things in (2, 5, 20):
        report(
            f"parser finds no figures any more (0.95 -> 0), {things} articles a night",
            lambda k, n=things: shares(0.95, 0.0, n, k),  # type: ignore[misc]
            lambda k, n=things: shares(0.0, 0.0, n, k),  # type: ignore[misc]
            gone,
            series,
        )


if __name__ == "__main__":
    main()
