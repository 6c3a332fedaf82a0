"""The text of a scale label, and the length in nm that it stands for.

"0.5 µm" -> 500.0      "5 1/nm" -> None (a reciprocal length: the scale of a diffraction pattern)
"""

import re

from exsclaim.units import NM_PER_UNIT, ONE_SPELLING, length_unit

_LABEL = re.compile(
    r"\s*(?P<number>\d{1,6}(?:[.,]\d{1,4})?)\s*"
    r"(?P<reciprocal>1\s*/\s*)?(?P<unit>pm|nm|um|µm|mm|cm|m|å)\s*(?P<power>\^?-1|⁻¹)?\s*",
    re.IGNORECASE,
)


def length_nm(text: str) -> float | None:
    """Length in nm that a scale label's text stands for; None where it is no length ("5 1/nm", "Ti", "0 nm").

    A comma is read as a decimal comma; "um" is read as micrometre.
    """
    found = _LABEL.fullmatch(text.translate(ONE_SPELLING))
    unit = length_unit(found["unit"]) if found else None
    if found is None or unit is None or found["reciprocal"] or found["power"]:
        return None
    value = float(found["number"].replace(",", "."))
    return value * NM_PER_UNIT[unit] if value > 0 else None


def tidy(text: str) -> str:
    """A scale label in one spelling: a number, a blank, a unit ("1um" -> "1 µm"); other text comes back as it is."""
    found = _LABEL.fullmatch(text.translate(ONE_SPELLING))
    unit = length_unit(found["unit"]) if found else None
    if found is None or unit is None:
        return text
    number = found["number"].replace(",", ".")
    if found["reciprocal"] or found["power"]:
        return f"{number} 1/{unit}"
    return f"{number} {unit}"
