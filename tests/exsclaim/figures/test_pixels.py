"""Pixels of a figure: the fast sums, maxima and percentiles are those of numpy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from exsclaim.figures.pixels import (
    largest_channel,
    line_means,
    line_sums,
    mean_channel,
    median,
    medians,
    quartile_and_median,
)

sides = st.integers(1, 40)


@given(hnp.arrays(np.uint8, st.tuples(sides, sides), elements=st.integers(0, 1)), st.sampled_from([0, 1]))
def test_sums_and_means_along_lines(mask: NDArray[np.uint8], axis: int) -> None:
    np.testing.assert_array_equal(line_sums(mask, axis), mask.sum(axis))
    np.testing.assert_allclose(line_means(mask, axis), mask.mean(axis), rtol=1e-6)


@given(hnp.arrays(np.int16, st.tuples(sides, sides), elements=st.integers(0, 255)))
def test_percentiles_of_columns(values: NDArray[np.int16]) -> None:
    np.testing.assert_allclose(quartile_and_median(values), np.percentile(values, (25, 50), axis=0))


@given(
    hnp.arrays(np.float32, sides, elements=st.floats(-999, 999, width=32))
    | hnp.arrays(np.float64, sides, elements=st.floats(-999, 999))
)
def test_the_median_is_numpys_to_the_last_bit(values: NDArray[np.float32] | NDArray[np.float64]) -> None:
    assert median(values) == float(np.median(values))


@given(hnp.arrays(np.int16, st.tuples(sides, sides, st.just(3)), elements=st.integers(0, 255)))
def test_maxima_and_means_of_channels(values: NDArray[np.int16]) -> None:
    np.testing.assert_array_equal(largest_channel(values), values.max(axis=2))
    np.testing.assert_allclose(mean_channel(values), values.mean(axis=2), rtol=1e-6)


@given(
    hnp.arrays(np.float32, st.tuples(sides, sides), elements=st.floats(-999, 999, width=32)), st.sampled_from([0, 1])
)
def test_medians_of_lines_are_numpys_to_the_last_bit(values: NDArray[np.float32], axis: int) -> None:
    np.testing.assert_array_equal(medians(values, axis), np.median(values, axis=axis))
