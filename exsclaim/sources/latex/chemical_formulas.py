"""Formulas of chemistry (packages mhchem, chemformula) as plain text: `\\ce{SO4^2-}` is "SO₄²⁻"."""

import re

from exsclaim.sources.latex.tex_formulas import plain, subscript, superscript

_ADDED = re.compile(r"\s*[.*]\s*(?=\d*[nx]?\s*H2O|\d*[nx]?\s*H_)")
"""Before crystal water: `\\ce{CuSO4.5H2O}`."""


def chemical(formula: str) -> str:
    """mhchem: digits behind an element or a bracket are indices, what follows ^ a charge (`\\ce{SO4^2-}`)."""
    formula = _ADDED.sub("·", formula)
    text = re.sub(r"\^\{?([^{}\s]+)\}?", lambda found: superscript(found[1]), formula)
    text = re.sub(r"_(?:\{([^{}]*)\}|([A-Za-z\d]))", lambda found: subscript(found[1] or found[2] or ""), text)
    text = re.sub(r"(?<=[A-Za-z)\]])\{?(\d+(?:\.\d+)?)\}?", lambda found: subscript(found[1]), text)
    text = re.sub(r"(?<=[A-Za-z₀-₉)])([+-])(?=\s|$)", lambda found: superscript(found[1]), text)
    text = re.sub(r"\$([^$]*)\$|\\[A-Za-z]+", lambda found: plain(found[1] or found[0]), text)
    return text.replace("->", "→").replace("{", "").replace("}", "")
