"""Superscripts and subscripts in plain text.

Those made of digits and signs become their Unicode forms (cm⁻¹, Ag₂S), so that they stay apart from the number
before them; others (2nd, an I with index d) stay plain letters, because Unicode has only some of them.
"""

import re

_SUPERSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋₋₋")
_SIGNS = re.compile(r"[0-9+\-=()−–‐‑\s]+")


def superscript(text: str) -> str:
    """`text` as a superscript where Unicode can write all of it, else as it is."""
    return text.strip().translate(_SUPERSCRIPT) if _SIGNS.fullmatch(text) else text


def subscript(text: str) -> str:
    """`text` as a subscript where Unicode can write all of it, else as it is."""
    return text.strip().translate(_SUBSCRIPT) if _SIGNS.fullmatch(text) else text
