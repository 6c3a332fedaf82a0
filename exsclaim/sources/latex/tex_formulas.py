"""Short TeX formulas of captions and their indices as plain text: `\\(5\\,\\upmu\\mathrm{m}\\)` is "5 μm".

Meant for units, Greek letters, indices and Miller indices ([1\\bar{1}0] with a combining macron), not for equations:
what is not known keeps its name without the backslash.
"""

import re
import unicodedata

MAX_NESTING = 20
_DELIMITERS = re.compile(r"\\[()\[\]]|\${1,2}")
_SPACES = re.compile(r"\\[,;:! ]|\\q?quad(?![a-zA-Z])|~")
_MACRO = re.compile(r"\\([a-zA-Z]+)\s?")
_GROUP = re.compile(r"(\\(?:bar|overline|mathring)|[\^_])?\s*\{([^{}]*)\}")
_SINGLE = re.compile(r"(\\(?:bar|overline|mathring)|[\^_])\s*([^\s\\{}])")
_RELATION = re.compile(r"\s*([=×≈≃∼≤≥<>≪≫])\s*")
_ACCENTED = ("bar", "overline", "mathring")
_FONTS = frozenset(
    [
        "mathcal",
        "mathbb",
        "mathfrak",
        "bm",
        "mathtt",
        "ensuremath",
        "operatorname",
        "mathnormal",
        "textsf",
        "hskip",
        "rm",
        "mathrm",
        "text",
        "textrm",
        "bf",
        "mathbf",
        "textbf",
        "it",
        "mathit",
        "textit",
        "mathsf",
        "boldsymbol",
    ]
) | {"left", "right", "big", "displaystyle", "limits", "hbox", "mbox"}
_SYMBOLS = {
    "times": "×", "cdot": "·", "pm": "±", "circ": "°", "degree": "°", "approx": "≈", "sim": "∼", "simeq": "≃",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "to": "→", "rightarrow": "→", "infty": "∞", "prime": "′",
    "langle": "⟨", "rangle": "⟩", "AA": "Å", "parallel": "∥", "perp": "⊥", "Delta": "Δ", "varepsilon": "ε",
    "varphi": "φ", "vartheta": "θ", "updelta": "δ", "lt": "<", "gt": ">", "ll": "≪", "gg": "≫", "ell": "ℓ",
    "neq": "≠", "ne": "≠", "equiv": "≡", "propto": "∝", "mp": "∓", "ast": "*", "star": "⋆", "bullet": "•", "dots": "…",
    "ldots": "…", "cdots": "⋯", "partial": "∂", "nabla": "∇", "hbar": "ħ", "in": "∈", "sum": "∑", "int": "∫",
    "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "uparrow": "↑", "downarrow": "↓", "dagger": "†",
    "angle": "∠", "square": "□", "blacksquare": "■", "bigcirc": "○", "triangle": "△", "diamond": "⋄", "mid": "|",
    "gtrsim": "≳", "lesssim": "≲", "angstrom": "Å", "micro": "μ", "ohm": "Ω", "degreeCelsius": "°C", "mu": "μ",
}  # fmt: skip


def plain(formula: str) -> str:
    """The formula in one line of plain text. Unbalanced braces and unknown commands do no harm."""
    text = _SPACES.sub(" ", _DELIMITERS.sub("", formula))
    text = _MACRO.sub(_symbol, text)
    for _ in range(MAX_NESTING):
        text, replaced = _GROUP.subn(_applied, text)
        if not replaced:
            break
    text = _SINGLE.sub(_applied, text)
    return _RELATION.sub(r" \1 ", re.sub(r"[{}\\]", "", text))


def _symbol(found: re.Match[str]) -> str:
    name = found[1]
    if name in _ACCENTED:
        return f"\\{name}"
    if name in _FONTS:
        return ""
    return _SYMBOLS.get(name) or _greek(name) or name


def _greek(name: str) -> str | None:
    letter = name.removeprefix("up") if name != "upsilon" else name
    size = "CAPITAL" if letter[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {letter.upper().replace('LAMBDA', 'LAMDA')}")
    except KeyError:
        return None


def _applied(found: re.Match[str]) -> str:
    operator, text = found[1], found[2]
    if operator == "^":
        return text if text.strip() in ("°", "′") else superscript(text)
    if operator == "_":
        return subscript(text)
    if operator in ("\\bar", "\\overline"):
        return "".join(f"{character}\u0304" for character in text)
    if operator == "\\mathring":
        return f"{text}\u030a"
    return text


_SUPERSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789+-=()−–‐‑", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋₋₋")
_SIGNS = re.compile(r"[0-9+\-=()−–‐‑\s]+")


def superscript(text: str) -> str:
    """`text` as a superscript where Unicode can write all of it, else as it is."""
    return text.strip().translate(_SUPERSCRIPT) if _SIGNS.fullmatch(text) else text


def subscript(text: str) -> str:
    """`text` as a subscript where Unicode can write all of it, else as it is."""
    return text.strip().translate(_SUBSCRIPT) if _SIGNS.fullmatch(text) else text
