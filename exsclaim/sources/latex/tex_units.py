"""Numbers and units of the LaTeX package siunitx as text: https://ctan.org/pkg/siunitx."""

import re

from exsclaim.sources.latex.tex_formulas import superscript
from exsclaim.sources.latex.tex_macros import arguments, option
from exsclaim.units import SI_PREFIXES, length_unit

QUANTITIES = frozenset(
    ["SI", "qty", "si", "unit", "num", "ang", "SIrange", "qtyrange", "numrange", "SIlist", "qtylist", "numlist"]
) | {"qtyproduct", "numproduct"}
"""Commands of siunitx, versions 2 and 3."""

_GREEK_MU = str.maketrans({"µ": "μ"})  # texts out of LaTeX have the Greek letter, as \mu gives it
_UNITS = {
    "gram": "g", "second": "s", "ampere": "A", "kelvin": "K", "mole": "mol", "hertz": "Hz",
    "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω",
    "siemens": "S", "tesla": "T", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": "%",
    "minute": "min",
    "hour": "h", "day": "d", "liter": "L", "litre": "L", "electronvolt": "eV", "bar": "bar",
    "dalton": "Da",
    "atomicmassunit": "u", "arcminute": "′", "arcsecond": "″", "radian": "rad",
    "km": "km", "s": "s", "ms": "ms", "us": "μs",
    "ns": "ns", "eV": "eV", "meV": "meV", "keV": "keV", "MeV": "MeV", "GeV": "GeV", "V": "V", "mV": "mV", "kV": "kV",
    "A": "A", "mA": "mA", "uA": "μA", "nA": "nA", "pA": "pA", "K": "K", "mK": "mK", "g": "g", "mg": "mg", "ug": "μg",
    "kg": "kg", "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "THz": "THz", "W": "W", "mW": "mW", "J": "J",
    "kJ": "kJ", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "GPa": "GPa", "mol": "mol", "mmol": "mmol", "L": "L",
    "mL": "mL",
}  # fmt: skip
_PHRASE = re.compile(r"range-phrase\s*=\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^,]*))")
_POWERS = {"squared": "2", "cubed": "3"}


def quantity(number: str) -> str:
    """`1.5e-3 \\pm 0.1` as "1.5×10⁻³±0.1"."""
    text = number.replace("\\pm", "±").replace("+-", "±").replace("\\times", "x").replace(" ", "").replace("-", "−")
    text = re.sub(r"[eE](−?\+?\d+)", lambda found: f"×10{superscript(found[1])}", text)
    return re.sub(r"x(?=[\d.])", " × ", text)


def unit(tex: str) -> str:
    """`\\nano\\meter\\per\\second\\squared` as "nm s⁻²"; what is not a command stays ("nm.s^{-1}" is "nm s⁻¹")."""
    parts: list[str] = []
    prefix, power, is_per = "", "", False
    for command, letters, exponent in re.findall(r"\\([A-Za-z]+)|([^\\^]+)|\^\{?([−+-]?\d+)\}?", tex):
        if command == "per":
            is_per = True
        elif command in ("square", "cubic"):
            power = {"square": "2", "cubic": "3"}[command]
        elif command in SI_PREFIXES:
            prefix = SI_PREFIXES[command].translate(_GREEK_MU)
        elif command in _POWERS or exponent:
            raised = _POWERS.get(command) or exponent
            if parts:
                parts[-1] = _raised(parts[-1].removesuffix("⁻¹"), raised, parts[-1].endswith("⁻¹"))
        elif name := (_symbol(command) if command else letters.strip(" .~{}")):
            parts.append(_raised(f"{prefix}{name.replace('.', ' ')}", power or "1", is_per))
            prefix, power, is_per = "", "", False
    return " ".join(parts)


def _symbol(command: str) -> str:
    length = length_unit(command) if command.islower() else None  # \M is molar in many a preamble, not metre
    return length.translate(_GREEK_MU) if length else _UNITS.get(command, command)


def printed_quantity(name: str, tex: str, at: int) -> tuple[str, int]:
    """As siunitx prints the command `name` (one of `QUANTITIES`) whose arguments begin at `at`, and where they end.

    A list is "1 nm, 2 nm and 5 nm", a range "1 nm to 3 nm", as its defaults have it.
    """
    options, at = option(tex, at)
    has_unit = not name.startswith("num") and name not in ("si", "unit", "ang")
    is_range = name.endswith("range")
    values, at = arguments(tex, at, 1 + is_range)
    if name in ("si", "unit"):
        return unit(values[0]), at
    if name == "ang":
        return f"{quantity(values[0].split(';')[0])}°", at
    of = ""
    if has_unit:
        prefix, at = option(tex, at)  # \\SI{5}[\\$]{…}: printed before the number
        (measure,), at = arguments(tex, at, 1)
        of = f" {unit(measure)}".rstrip()
        values = [f"{prefix.strip()}{value}" for value in values] if prefix.strip() else values
    if name.endswith("product"):
        return f"{' × '.join(quantity(part) for part in re.split('x', values[0]))}{of}", at
    numbers = values if is_range else values[0].split(";") if name.endswith("list") else values[:1]
    printed = [f"{quantity(number)}{of}" for number in numbers]
    if is_range:
        return _range_phrase(options).join(printed), at
    return ", ".join(printed[:-1]) + (" and " if len(printed) > 1 else "") + printed[-1], at


def _range_phrase(options: str) -> str:
    found = _PHRASE.search(options)
    phrase = (found["braced"] or found["bare"] or "") if found else " to "
    return phrase.replace("~", " ").replace("--", "–").replace("\\,", " ")


def _raised(name: str, power: str, is_per: bool) -> str:
    power = f"-{power}" if is_per else power
    return name if power == "1" else name + superscript(power.replace("-", "−"))
