"""Quantities with their units as LaTeX's packages print them: `\\SI{5}{\\micro\\metre}` is "5 μm".

siunitx of both versions (https://ctan.org/pkg/siunitx), units and numprint.
"""

import re

from exsclaim.lengths import SI_PREFIXES, length_unit
from exsclaim.sources.latex.tex_formulas import subscript, superscript, symbol
from exsclaim.sources.latex.tex_macros import arguments, option

QUANTITIES = frozenset(
    ["SI", "qty", "si", "unit", "num", "ang", "SIrange", "qtyrange", "numrange", "SIlist", "qtylist", "numlist"]
) | {"qtyproduct", "numproduct", "numprint"}
"""Commands of siunitx, versions 2 and 3, and of numprint."""

_GREEK_MU = str.maketrans({"µ": "μ"})  # texts out of LaTeX have the Greek letter, as \mu gives it
_COMMAND = re.compile(r"\\([a-zA-Z]+)\s?")
_UNITS = {
    "gram": "g", "second": "s", "ampere": "A", "kelvin": "K", "mole": "mol", "hertz": "Hz",
    "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C", "volt": "V", "farad": "F", "ohm": "Ω",
    "siemens": "S", "tesla": "T", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": "%",
    "minute": "min", "hour": "h", "day": "d", "liter": "L", "litre": "L", "electronvolt": "eV",
    "dalton": "Da", "atomicmassunit": "u", "arcminute": "′", "arcsecond": "″", "radian": "rad", "bel": "B",
    "decibel": "dB", "henry": "H", "weber": "Wb", "lux": "lx", "lumen": "lm",
    "candela": "cd", "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "katal": "kat", "steradian": "sr", "tonne": "t",
    "hectare": "ha", "astronomicalunit": "au", "neper": "Np", "kohm": "kΩ", "Mohm": "MΩ", "mohm": "mΩ", "uohm": "μΩ",
}  # fmt: skip
_PHRASE = re.compile(r"range-phrase\s*=\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^,]*))")
_INDEX = re.compile(r"_(?:\{([^{}]*)\}|([^{}]))")
"""Of a unit that is written out: `mV_{pp}`."""
_MICRO = re.compile(r"u(?:[AJNVWFHLM]|Hz|Pa|mol|[gls]|Ohm)")
_RAISED = re.compile(
    r"\\raiseto\s*\{(?P<before>[+-]?\d+)\}\s*(?P<unit>(?:\\[A-Za-z]+\s*){1,2})|\\tothe\s*\{(?P<behind>[+-]?\d+)\}"
)
_WRITTEN_OUT = re.compile(
    r"\\[A-Za-z]+(?![A-Za-z])\s*(?:/|[A-Za-z](?![A-Za-z]*\\))|(?:^|[\s.~])[kMGTmunpfcd]\\[A-Za-z]"
)
_POWERS = {"squared": "2", "cubed": "3"}


def quantity(number: str) -> str:
    """`1.5e-3 \\pm 0.1` as "1.5×10⁻³±0.1"."""
    text = number.replace("\\times", "x").replace("+-", "±")
    text = _COMMAND.sub(lambda found: symbol(found[1]) or found[1], text).replace(" ", "").replace("-", "−")
    text = re.sub(r"[eE](−?\+?\d+)", lambda found: f"×10{superscript(found[1])}", text)
    text = re.sub(r"\^(?:\{(−?\d+)\}|(\d))", lambda found: superscript(found[1] or found[2]), text)
    text = re.sub(r"\^\{(−?\d*[.,]\d+)\}", r"^\1", text)
    return re.sub(r"x(?=[\d.])", " × ", text)


def unit(tex: str) -> str:
    """`\\nano\\meter\\per\\second\\squared` as "nm s⁻²"; what is not a command stays ("nm.s^{-1}" is "nm s⁻¹")."""
    parts: list[str] = []
    prefix, power, is_per = "", "", False
    tex = _RAISED.sub(_exponent, re.sub(r"\\[,;:!]", " ", tex))
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
        elif name := (_unit_symbol(command) if command else _INDEX.sub(_lowered, letters).strip(" .~{}")):
            parts.append(_raised(f"{prefix}{name.replace('.', ' ')}", power or "1", is_per))
            prefix, power, is_per = "", "", False
    # what is written out stands as it is written: "\\degree C", "\\micro m"
    return ("" if _WRITTEN_OUT.search(tex) and "\\per" not in tex else " ").join(parts)


def _unit_symbol(command: str) -> str:
    length = length_unit(command) if command.islower() else None  # \M is molar in many a preamble, not metre
    if length is None and command not in _UNITS and _MICRO.fullmatch(command):
        return f"μ{command[1:]}"
    return length.translate(_GREEK_MU) if length else _UNITS.get(command) or symbol(command) or command


def _exponent(found: re.Match[str]) -> str:
    """`\\raiseto{4}\\metre` and `\\metre\\tothe{4}`, both as a power behind the unit."""
    return f"{found['unit'] or ''}^{{{found['before'] or found['behind']}}}"


def _lowered(index: re.Match[str]) -> str:
    return subscript(index[1] or index[2])


def printed_quantity(name: str, tex: str, at: int) -> tuple[str, int]:
    """Text that siunitx prints for the command `name` (of `QUANTITIES`) with arguments from `at` on, and their end.

    A list is "1 nm, 2 nm and 5 nm", a range "1 nm to 3 nm", as its defaults have it.
    """
    options, at = option(tex, at)
    has_unit = not name.startswith("num") and name not in ("si", "unit", "ang")
    is_range = name.endswith("range")
    values, at = arguments(tex, at, 1 + is_range)
    if name in ("si", "unit"):
        # the package units has the number where siunitx has options
        before = f"{quantity(options)} " if name == "unit" and options and "=" not in options else ""
        return f"{before}{unit(values[0])}", at
    if name == "ang":
        return "".join(
            f"{quantity(part)}{sign}" for part, sign in zip(values[0].split(";"), "°′″", strict=False) if part
        ), at
    of = ""
    if has_unit:
        prefix, at = option(tex, at)  # \\SI{5}[\\$]{…}: printed before the number
        (measure,), at = arguments(tex, at, 1)
        of = f" {unit(measure)}".rstrip()
        values = [f"{prefix.strip()}{value}" for value in values] if prefix.strip() else values
    if name.endswith("product"):
        return f"{' × '.join(quantity(part) for part in re.split('x', values[0]))}{of}", at
    of = f" {unit(options)}" if name == "numprint" and options else of
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
