"""Units of length as figures, captions and LaTeX write them, in nm.

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

LENGTH_UNIT_NAMES = {"meter": "m", "metre": "m", "angstrom": "Å", "ångström": "Å", "micron": "µm"}
"""Units of length that are no SI prefix and symbol, by name in the singular."""

ONE_SPELLING = str.maketrans({"μ": "µ", "\u212b": "Å"})
"""Greek mu to the micro sign, the Ångström sign to the letter: keyboards, fonts and OCR write either."""


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
