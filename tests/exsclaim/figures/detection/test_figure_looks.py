"""Sizes at which figures are looked at, and the tiles of large ones."""

import numpy as np
import pytest

from exsclaim.figures.detection.figure_looks import _looks, _starts, close_up
from exsclaim.geometry import Box


@pytest.mark.parametrize("length", [1, 2432, 2433, 3000, 20_000])
def test_tiles_cover_every_length_with_overlap(length: int) -> None:
    starts = _starts(length)
    ends = [min(start + 2432, length) for start in starts]
    assert starts[0] == 0
    assert ends[-1] == length
    assert all(following <= end - 300 for end, following in zip(ends, starts[1:], strict=False))


def test_figures_are_looked_at_in_the_size_of_a_page_and_from_afar_and_huge_ones_from_close_by() -> None:
    assert _looks(685) == (1.0, 0.5)
    assert [round(2000 * factor) for factor in _looks(2000)] == [1000, 500]
    assert [round(20_000 * factor) for factor in _looks(20_000)] == [1000, 500, 2400]


@pytest.mark.parametrize(
    ("width", "height", "bar"),
    [
        (400, 300, (20, 280, 60, 284)),
        (2000, 1500, (1960, 1480, 1990, 1484)),
        (900, 900, (100, 800, 800, 810)),
        (900, 900, (100, 100, 108, 700)),
        (30, 20, (2, 10, 20, 14)),
    ],
    ids=["in a corner", "of a large figure", "long", "upright", "in a tiny image"],
)
def test_a_bar_is_whole_and_in_its_place_from_close_by(width: int, height: int, bar: tuple[int, ...]) -> None:
    image = np.zeros((height, width, 3), np.uint8)
    image[bar[1] : bar[3], bar[0] : bar[2]] = 255
    seen = close_up(0, image, Box.of(bar))
    assert seen.pixels.shape == (160, 256, 3)
    rows, columns = np.nonzero(seen.pixels[..., 0] > 127)
    found = np.array([columns.min() + seen.x, rows.min() + seen.y, columns.max() + 1 + seen.x, rows.max() + 1 + seen.y])
    assert found * seen.factor == pytest.approx(bar, abs=max(2, seen.factor))
