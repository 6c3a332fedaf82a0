"""Units of length, however they are spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.units import NM_PER_UNIT, length_unit


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("nm", "nm"),
        ("um", "µm"),
        ("\u03bcm", "µm"),
        ("\u03bc m", "µm"),
        ("µ", "µm"),
        ("micron", "µm"),
        ("Micrometers", "µm"),
        ("nanometre", "nm"),
        ("centimetres", "cm"),
        ("meter", "m"),
        ("Å", "Å"),
        ("A\u030a", "Å"),
        ("\u212b", "Å"),
        ("Angstroms", "Å"),
        ("kV", None),
        ("min", None),
        ("terameters", None),
        ("", None),
    ],
)
def test_spellings_of_a_unit(text: str, symbol: str | None) -> None:
    assert length_unit(text) == symbol


@given(st.text(max_size=12))
def test_no_text_is_too_strange(text: str) -> None:
    assert length_unit(text) in {None, *NM_PER_UNIT}
