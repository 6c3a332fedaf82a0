"""Numbers and units of the LaTeX package siunitx as text: https://ctan.org/pkg/siunitx."""

import re

from exsclaim.sources.latex.tex_formulas import superscript
from exsclaim.units import SI_PREFIXES, length_unit

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


def _raised(name: str, power: str, is_per: bool) -> str:
    power = f"-{power}" if is_per else power
    return name if power == "1" else name + superscript(power.replace("-", "−"))
