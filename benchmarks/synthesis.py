"""Figures drawn per second of processor time: `python -m benchmarks.synthesis [--real DIR] [--count 60]`."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from models.figures.draw import draw, draw_letter, draw_scale_label, micrograph_with_furniture


def rate(maker: Callable[[int, Path | None], object], count: int, real: Path | None) -> float:
    """Calls of `maker` per second over `count` seeds, after as many to fill the caches."""
    for seed in range(count):
        maker(seed, real)
    start = time.process_time()
    for seed in range(count, 2 * count):
        maker(seed, real)
    return count / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, default=None)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    makers: dict[str, Callable[[int, Path | None], object]] = {
        "figures": lambda seed, real: draw(seed, real=real),
        "micrographs": micrograph_with_furniture,
        "scale labels": draw_scale_label,
        "letters": draw_letter,
    }
    for name, maker in makers.items():
        print(f"{name:14s} {rate(maker, options.count, options.real):7.1f} /s")


if __name__ == "__main__":
    main()
