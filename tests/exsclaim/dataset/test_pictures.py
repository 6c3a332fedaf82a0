"""Pictures for people say what captions say, in the letters that the font has."""

import pytest

from exsclaim.dataset.pictures import in_ascii


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
