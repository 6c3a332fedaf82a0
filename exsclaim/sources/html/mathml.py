"""Formulas in MathML as text, of pages and of JATS: `<msup><mn>10</mn><mn>3</mn></msup>` is "10³".

Elements: https://www.w3.org/TR/mathml-core/
"""

import re

from bs4.element import NavigableString, Tag
from lxml import etree

from exsclaim.sources.latex.tex_formulas import subscript, superscript

MAX_NESTING = 60
_SPACED = frozenset("=×≈≃∼≤≥<>≪≫→±")
_ACCENTS = {
    "¯": "\u0304", "‾": "\u0304", "_": "\u0304", "ˉ": "\u0304", "\u0305": "\u0304", "\u0304": "\u0304", "−": "\u0304",
    "―": "\u0304", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "→": "\u20d7", "\u20d7": "\u20d7",
    "˙": "\u0307", "¨": "\u0308", "˚": "\u030a",
}  # fmt: skip
_UNREAD_MATH = frozenset(["annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"])
_COMPOUND = re.compile(r"[\s+\-−=·/]")
_UNSEEN = "\u2061\u2062\u2063\u2064"
THIN_EM = 0.15
"""Width of a thin space, about."""
_NO_NAME = re.compile(r"[^A-Za-z]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def math_text(element: etree._Element, nesting: int = 0) -> str:
    """A `math` element (or a part of one, without namespaces) as text; indices become Unicode's where it has them."""
    name = str(element.tag)
    if nesting > MAX_NESTING:
        return "".join(element.itertext())
    if name in ("mi", "mn", "mtext", "ms"):
        return "".join(element.itertext()).strip(" \t\r\n")
    if name == "mo":
        sign = "".join(element.itertext()).strip()
        if sign and not sign.strip(_UNSEEN):  # LaTeXML has the thin space of "5\\,nm" on the sign of a product
            return " " if _em(element.get("lspace")) + _em(element.get("rspace")) >= THIN_EM else ""
        return f" {sign} " if sign in _SPACED and element.getprevious() is not None else sign  # not of "±1"
    if name == "mspace":
        return "" if (element.get("width") or "").strip().startswith("-") else " "
    parts = [math_text(child, nesting + 1) for child in element if child.tag not in _UNREAD_MATH]
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


def _em(length: str | None) -> float:
    found = re.fullmatch(r"\s*(\d{0,3}\.?\d{1,6})em\s*", length or "")
    return float(found[1]) if found else 0.0


def _bracketed(text: str) -> str:
    return f"({text})" if _COMPOUND.search(text.strip()) else text


def math_element(formula: Tag) -> etree._Element:
    """A `math` element of a page as lxml's, for `math_text`; names without prefix ("mml:mi" is "mi")."""
    root = etree.Element("math")
    waiting: list[tuple[Tag, etree._Element]] = [(formula, root)]  # a stack: pages may nest deeper than Python may
    while waiting:
        tag, element = waiting.pop()
        for name in ("open", "close", "separators", "lspace", "rspace", "width"):
            if isinstance(value := tag.get(name), str):
                element.set(name, _NO_XML.sub("", value))
        last: etree._Element | None = None
        for child in tag.children:
            if isinstance(child, Tag):
                last = etree.SubElement(element, _NO_NAME.sub("", child.name.rpartition(":")[2]) or "mrow")
                waiting.append((child, last))
            elif type(child) is NavigableString:
                text = _NO_XML.sub("", child)
                if last is None:
                    element.text = (element.text or "") + text
                else:
                    last.tail = (last.tail or "") + text
    return root
