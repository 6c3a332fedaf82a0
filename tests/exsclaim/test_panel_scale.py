"""nm per pixel of a panel, and doubts about it."""

import pytest

from exsclaim.geometry import Box
from exsclaim.panel_scale import panel_scale, scale_bars_alone
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


def told(length_px: float, length_nm: float, label_y0: float = 90.0) -> ScaleBar:
    """A bar with its label in a data bar's line, or elsewhere."""
    return bar(length_px, length_nm).model_copy(update={"label_box": Box.of((60, label_y0, 90, label_y0 + 8))})


@pytest.mark.parametrize(
    ("text", "nm_per_px"),
    [
        (told(80, 4e5, 94), 2e3),  # HFW 400 µm: the panel's 200 px by the bar's scale
        (told(80, 4.1e5, 94), 2e3),
        (told(90, 9.6e6, 82), 2e3),  # WD 9.6 mm
        (told(80, 3e5, 94), None),  # neither
        (told(80, 9e5, 94), None),  # wider than the panel, and no working distance
        (told(80, 4e5, 10), None),  # elsewhere in the image: perhaps an inset's
        (told(90, 1e5, 94), None),
    ],
)
def test_what_a_data_bar_tells_beside_the_bars_length_is_no_length(text: ScaleBar, nm_per_px: float | None) -> None:
    for bars in ([told(50, 1e5), text], [text, told(50, 1e5)]):
        assert panel_scale(PANEL, bars)[0] == nm_per_px


def legible(length_px: float, length_nm: float, confidence: float = 0.8) -> ScaleBar:
    return bar(length_px, length_nm).model_copy(update={"label_confidence": confidence})


def test_what_was_measured_in_the_image_is_no_scale_bar() -> None:
    measured = [legible(90, 182.0), legible(60, 45.9)]
    assert scale_bars_alone(PANEL, [legible(50, 100.0), *measured]) == [legible(50, 100.0)]
    assert panel_scale(PANEL, [*measured, legible(50, 100.0)]) == (2.0, ())


def test_an_odd_length_counts_where_no_usual_one_is_legible() -> None:
    assert panel_scale(PANEL, [legible(90, 182.0)])[0] == pytest.approx(182 / 90)
    assert panel_scale(PANEL, [legible(90, 182.0), legible(50, 500.0, 0.3)]) == (None, ("scale_conflict",))
    assert scale_bars_alone(PANEL, [bar(50, None), legible(90, 182.0)]) == [bar(50, None), legible(90, 182.0)]


@pytest.mark.parametrize(
    ("type_", "nm_per_px", "flags"),
    [
        ("TEM", 2.0, ()),
        ("TEM", 2000.0, ("scale_implausible",)),  # µm for nm
        ("SEM", 0.1, ("scale_implausible",)),  # nm for µm
        ("SEM", 1e3, ()),
        ("optical", 1.5, ("scale_implausible",)),  # finer than light
        ("optical", 1.5e3, ()),
        (None, 2000.0, ()),
        ("EBSD", 2000.0, ()),
    ],
)
def test_a_scale_that_no_image_of_its_type_has_is_flagged(
    type_: str | None, nm_per_px: float, flags: tuple[str, ...]
) -> None:
    found = panel_scale(PANEL, [bar(50, 50 * nm_per_px)], PanelKind.MICROSCOPY, type_)
    assert (found.nm_per_px, found.flags) == (nm_per_px, flags)


def test_a_photograph_has_no_data_bar() -> None:
    bars = [told(50, 5e6), told(90, 5e4)]
    assert panel_scale(PANEL, bars, PanelKind.MICROSCOPY)[0] is not None
    assert panel_scale(PANEL, bars, PanelKind.PHOTO) == (None, ("scale_conflict",))


def test_a_bar_as_wide_as_the_panel_is_no_text_that_tells_its_own_width() -> None:
    assert panel_scale(PANEL, [told(200, 4e5)])[0] == 2e3


def test_a_data_bars_texts_alone_stay_what_they_are() -> None:
    assert panel_scale(PANEL, [told(50, 1e5)])[0] == 2e3
    assert panel_scale(PANEL, [told(80, 4e5)])[0] == 5e3
