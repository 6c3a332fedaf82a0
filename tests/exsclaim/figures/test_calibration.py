"""Confidences are calibrated by rising curves that come with the weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.figures.calibration import CURVES, RAW, Calibration, Confidence, installed


@given(st.sampled_from(CURVES), st.floats(0, 1), st.floats(0, 1))
def test_the_installed_curves_rise_within_0_and_1(confidence: Confidence, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 <= installed()(confidence, low) <= installed()(confidence, high) <= 1


def test_every_confidence_has_a_curve() -> None:
    assert set(installed().curves) == set(CURVES)


def test_a_curve_is_linear_between_its_knots() -> None:
    curve = Calibration({"label": ((0.0, 0.0), (0.5, 0.8), (1.0, 1.0))})
    assert curve("label", 0.25) == pytest.approx(0.4)
    assert curve("label", 0.75) == pytest.approx(0.9)


def test_without_a_curve_a_score_stays_as_it_is() -> None:
    assert RAW("kind", 0.3) == 0.3


def test_a_box_that_other_proposals_contradict_is_less_sure() -> None:
    alone = {"score": 1.0, "support": 0.8, "rival": 0.0}
    contradicted = installed().box(alone | {"rival": 0.8})
    assert installed().box(alone) > 0.9
    assert 1 - contradicted > 3 * (1 - installed().box(alone))
    assert RAW.box(alone) == 0.5
