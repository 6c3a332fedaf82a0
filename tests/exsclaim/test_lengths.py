"""Units of length, however they are spelled, and what lengths texts stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.lengths import NM_PER_UNIT, length_nm, length_unit, tidy


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
        ("мкм", "µm"),
        ("纳米", "nm"),
        ("ミリメートル", "mm"),
        ("micromètres", "µm"),
        ("kV", None),
        ("min", None),
        ("terameters", None),
        ("", None),
    ],
)
def test_spellings_of_a_unit(text: str, symbol: str | None) -> None:
    assert length_unit(text) == symbol


@given(st.text(max_size=12))
def test_no_text_is_too_strange_for_a_unit(text: str) -> None:
    assert length_unit(text) in {None, *NM_PER_UNIT}


@pytest.mark.parametrize(
    ("text", "nm"),
    [
        ("500 nm", 500.0),
        ("500nm", 500.0),
        ("0.5 µm", 500.0),
        ("0.5 \u03bcm", 500.0),  # the Greek letter, not the micro sign
        ("1um", 1000.0),
        ("2,5 nm", 2.5),
        ("5 \u212b", 0.5),  # the Ångström sign, not the letter
        ("10 Å", 1.0),
        ("1 mm", 1e6),
        ("2 cm", 2e7),
        ("1 m", 1e9),
        ("50 pm", 0.05),
        (" 20 NM ", 20.0),
    ],
)
def test_a_number_and_a_unit_are_a_length(text: str, nm: float) -> None:
    assert length_nm(text) == pytest.approx(nm)


@pytest.mark.parametrize("text", ["5 1/nm", "5 nm⁻¹", "2 nm^-1", "0 nm", "Ti", "", "nm", "100", "1.2.3 nm", "15 kV"])
def test_reciprocals_zero_and_other_text_are_no_length(text: str) -> None:
    assert length_nm(text) is None


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("1um", "1 µm"), ("0,5 \u03bcm", "0.5 µm"), ("5 nm-1", "5 1/nm"), ("10 1 / nm", "10 1/nm"), ("Ti", "Ti")],
)
def test_one_spelling(text: str, spelling: str) -> None:
    assert tidy(text) == spelling


@given(number=st.integers(1, 9999), unit=st.sampled_from(sorted(NM_PER_UNIT)))
def test_tidying_changes_no_length(number: int, unit: str) -> None:
    text = f"{number}{unit}"
    assert length_nm(tidy(text)) == length_nm(text) == number * NM_PER_UNIT[unit]


@given(st.text(max_size=30))
def test_no_text_is_too_strange_for_a_length(text: str) -> None:
    found = length_nm(text)
    assert found is None or found > 0
