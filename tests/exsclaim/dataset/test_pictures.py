"""Pictures for people say what captions say, in the letters that the font has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from exsclaim.dataset.tables.pictures import in_ascii, overlay, ruler_nm
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind


@pytest.mark.parametrize(
    ("caption", "drawn"),
    [
        ("2 µm", "2 um"),
        ("silver–TiO₂ core", "silver-TiO2 core"),
        ("α-Al₂O₃, 5 Å", "alpha-Al2O3, 5 A"),
        ("Ω × 90°", "Omega x 90 deg"),
        ("中", "?"),
    ],
)
def test_signs_that_the_font_lacks_are_spelt(caption: str, drawn: str) -> None:
    assert in_ascii(caption) == drawn


@given(st.floats(1e-4, 1e6), st.integers(4, 5000))
def test_a_ruler_is_round_and_of_a_fifth_to_a_half_of_the_panel(nm_per_px: float, width_px: int) -> None:
    panel = Panel(id="f/p1", figure_id="f", box=Box.of((0, 0, width_px, 10)), nm_per_px=nm_per_px)
    length_nm = ruler_nm(panel)
    assert f"{length_nm:e}"[0] in "125"
    assert 0.199 <= length_nm / (nm_per_px * width_px) <= 0.501


def test_panels_of_one_kind_have_colours_of_their_own_where_each_is_shown() -> None:
    panels = [
        Panel(id=f"f/p{n}", figure_id="f", box=Box.of((100 * n, 0, 100 * n + 90, 90)), kind=PanelKind.MICROSCOPY)
        for n in range(3)
    ]
    page = Image.new("RGB", (300, 100), "white")
    for own, colours in ((False, 1), (True, 3)):
        drawn = overlay(page, panels, with_text=False, each_its_own=own)
        assert len({drawn.getpixel((100 * n, 45)) for n in range(3)}) == colours
