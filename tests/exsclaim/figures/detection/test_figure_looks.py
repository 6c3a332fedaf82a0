"""Sizes at which figures are looked at, and the tiles of large ones."""

import pytest

from exsclaim.figures.detection.figure_looks import _looks, _starts


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
