"""Lengths and their units as figures, captions and LaTeX write them, in nm.

"0.5 µm" -> 500.0      "5 1/nm" -> None (a reciprocal length: the scale of a diffraction pattern)

SI prefixes: BIPM, The International System of Units, 9th ed. (2019), table 7.
"""

import re

SI_PREFIXES = {
    "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "kilo": "k",
    "mega": "M", "giga": "G", "tera": "T",
}  # fmt: skip
"""Symbols of SI prefixes by name; micro is the micro sign U+00B5."""

NM_PER_UNIT = {"pm": 1e-3, "Å": 0.1, "nm": 1.0, "µm": 1e3, "mm": 1e6, "cm": 1e7, "m": 1e9}
"""Nanometres in each unit of length that scale bars are given in, by its symbol (µ is U+00B5, Å is U+00C5)."""

FOREIGN_UNIT_NAMES = {
    "nm": "нм нанометр нанометров 纳米 奈米 ナノメートル 나노미터 nanomètre nanómetro nanômetro nanometro",
    "µm": "мкм микрон микрона микронов микрометр микрометров 微米 マイクロメートル ミクロン 마이크로미터 micra mikron "
    "mikrometer micromètre micrómetro micrômetro micrometro",
    "mm": "мм миллиметр миллиметров 毫米 ミリメートル 밀리미터 millimètre milímetro millimetro",
    "cm": "см сантиметр сантиметров 厘米 センチメートル 센티미터 centimètre centímetro",
}
"""Names of units in other languages than English, by the symbol of the unit."""

LENGTH_UNIT_NAMES = {"meter": "m", "metre": "m", "angstrom": "Å", "ångström": "Å", "micron": "µm"} | {
    name: unit for unit, names in FOREIGN_UNIT_NAMES.items() for name in names.split()
}
"""Units of length that are no SI prefix and symbol, by name in the singular."""

ONE_SPELLING = str.maketrans({"μ": "µ", "\u212b": "Å"})
"""Greek mu to the micro sign, the Ångström sign to the letter: keyboards, fonts and OCR write either."""

_USUAL_DIGITS = frozenset({"12", "15", "25", "75", "125"})
"""Digits of scale bars' lengths besides a single one; of 324 annotated ones 317 have one and seven are 25."""

_LABEL = re.compile(
    r"\s*(?P<number>\d{1,6}(?:[.,]\d{1,4})?)\s*"
    r"(?P<reciprocal>1\s*/\s*)?(?P<unit>pm|nm|um|µm|mm|cm|m|å)\s*(?P<power>\^?-1|⁻¹)?\s*",
    re.IGNORECASE,
)


def length_unit(text: str) -> str | None:
    """The symbol of a unit of length however it is spelled; None where it is no unit of `NM_PER_UNIT`.

    >>> [length_unit(text) for text in ("um", "\u03bcm", "Microns", "nanometres", "\u212b", "kV")]
    ['µm', 'µm', 'µm', 'nm', 'Å', None]
    """
    unit = re.sub(r"\s", "", text).replace("A\u030a", "Å").translate(ONE_SPELLING)
    if unit in NM_PER_UNIT:
        return unit
    word = unit.lower()
    if word in ("µ", "um", "µm", "å"):
        return "Å" if word == "å" else "µm"
    if word in NM_PER_UNIT:
        return word
    word = word.removesuffix("s")
    if word in LENGTH_UNIT_NAMES:
        return LENGTH_UNIT_NAMES[word]
    for name, prefix in SI_PREFIXES.items():
        base = LENGTH_UNIT_NAMES.get(word.removeprefix(name)) if word.startswith(name) else None
        if base == "m" and prefix + base in NM_PER_UNIT:
            return prefix + base
    return None


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


def is_usual(length_nm: float) -> bool:
    """True if scale bars have such lengths; others are measured in the image, or a laser's.

    >>> [is_usual(nm) for nm in (200, 2500, 0.5, 0.44, 532, 45.9)]
    [True, True, True, False, False, False]
    """
    digits = f"{length_nm:.5e}".partition("e")[0].replace(".", "").rstrip("0")
    return len(digits) == 1 or digits in _USUAL_DIGITS


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
