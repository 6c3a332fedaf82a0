"""Short MathML formulas of captions as plain text, as `latex.tex_formulas` has it for TeX: `10⁻³ mol`, `[11̄0]`.

Elements: https://www.w3.org/TR/mathml-core/ (presentation MathML; content MathML is not used in captions).
"""

import re

from lxml import etree

from exsclaim.sources.latex.tex_formulas import subscript, superscript

MAX_NESTING = 60
_SPACED = frozenset("=×≈≃∼≤≥<>≪≫→±")
_ACCENTS = {
    "¯": "\u0304", "‾": "\u0304", "_": "\u0304", "ˉ": "\u0304", "\u0305": "\u0304", "\u0304": "\u0304", "−": "\u0304",
    "―": "\u0304", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "→": "\u20d7", "\u20d7": "\u20d7",
    "˙": "\u0307", "¨": "\u0308", "˚": "\u030a",
}  # fmt: skip
_UNREAD = frozenset(["annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"])
_COMPOUND = re.compile(r"[\s+\-−=·/]")


def math_text(element: etree._Element, nesting: int = 0) -> str:
    """A `math` element (or a part of one, without namespaces) as text; indices become Unicode's where it has them."""
    name = str(element.tag)
    if nesting > MAX_NESTING:
        return "".join(element.itertext())
    if name in ("mi", "mn", "mtext", "ms"):
        return "".join(element.itertext()).strip(" \t\r\n")
    if name == "mo":
        sign = "".join(element.itertext()).strip()
        return f" {sign} " if sign in _SPACED else sign
    if name == "mspace":
        return " "
    parts = [math_text(child, nesting + 1) for child in element if child.tag not in _UNREAD]
    if name == "semantics":
        return parts[0] if parts else ""
    if name in _SCRIPTED and len(parts) == _SCRIPTED[name]:
        return _scripted(name, parts)
    if name == "msqrt":
        return f"√{_bracketed(''.join(parts))}"
    if name == "mfenced":
        return f"{element.get('open', '(')}{element.get('separators', ',')[:1].join(parts)}{element.get('close', ')')}"
    return (" " if name in ("mtr", "mtable") else "").join(parts)


_SCRIPTED = {"msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munder": 2, "mfrac": 2, "mroot": 2}


def _scripted(name: str, parts: list[str]) -> str:
    base, *scripts = parts
    match name:
        case "msup":
            return base + (scripts[0] if scripts[0].strip() in ("°", "′", "∘") else superscript(scripts[0]))
        case "msub":
            return base + subscript(scripts[0])
        case "msubsup":
            return base + subscript(scripts[0]) + superscript(scripts[1])
        case "mover" if scripts[0].strip() in _ACCENTS:
            return "".join(character + _ACCENTS[scripts[0].strip()] for character in base)
        case "mfrac":
            return f"{_bracketed(base)}/{_bracketed(scripts[0])}"
        case "mroot":
            return f"{superscript(scripts[0])}√{_bracketed(base)}"
        case _:
            return base + "".join(scripts)


def _bracketed(text: str) -> str:
    return f"({text})" if _COMPOUND.search(text.strip()) else text
