"""nm per pixel of a panel, and doubts about it."""

import pytest

from exsclaim.geometry import Box
from exsclaim.panel_scale import panel_scale
from exsclaim.records import PanelKind, ScaleBar

PANEL = Box.of((0, 0, 200, 100))


def bar(length_px: float, length_nm: float | None) -> ScaleBar:
    return ScaleBar(box=Box.of((0, 0, length_px, 2)), length_px=length_px, confidence=1, length_nm=length_nm)


def test_a_bar_gives_nm_per_pixel() -> None:
    assert panel_scale(PANEL, [bar(50, 100.0)]) == (2.0, ())


def test_no_bar_and_a_bar_without_a_length_give_no_scale_and_no_flag() -> None:
    assert panel_scale(PANEL, []) == (None, ())
    assert panel_scale(PANEL, [bar(50, None)]) == (None, ())


def test_bars_that_agree_give_one_scale() -> None:
    assert panel_scale(PANEL, [bar(50, 100.0), bar(51, 100.0), bar(100, 200.0)])[0] == pytest.approx(2.0)


def test_bars_that_contradict_each_other_are_flagged() -> None:
    assert panel_scale(PANEL, [bar(50, 100.0), bar(50, 500.0)]) == (None, ("scale_conflict",))


@pytest.mark.parametrize(
    ("implausible", "flag"),
    [(bar(250, 100.0), "bar_longer_than_panel"), (bar(0, 100.0), "zero_length"), (bar(50, 0.0), "zero_length")],
)
def test_implausible_bars_are_flagged_and_do_not_count(implausible: ScaleBar, flag: str) -> None:
    assert panel_scale(PANEL, [implausible]) == (None, (flag,))
    assert panel_scale(PANEL, [implausible, bar(50, 100.0)]) == (2.0, (flag,))


def test_a_scale_that_no_such_image_has_is_flagged() -> None:
    assert panel_scale(PANEL, [bar(50, 5e6)], PanelKind.MICROSCOPY).flags == ("scale_implausible",)
    assert panel_scale(PANEL, [bar(50, 5e6)], PanelKind.PHOTO).flags == ()
    assert panel_scale(PANEL, [bar(50, 5.0)], PanelKind.DIFFRACTION).flags == ("scale_implausible",)
    assert panel_scale(PANEL, [bar(50, 500.0)], PanelKind.MICROSCOPY).flags == ()
