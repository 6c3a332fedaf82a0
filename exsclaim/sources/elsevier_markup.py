"""Text of Elsevier's XML (its Common Element Pool, https://www.elsevier.com/authors/author-schemas): `sup`, `inf`."""

from lxml import etree

from exsclaim.sources.indices import subscript, superscript
from exsclaim.sources.markup import tidy
from exsclaim.sources.mathml import math_text

_BLOCKS = frozenset(["simple-para", "para", "list-item", "caption"])
_UNREAD = frozenset(["alt-text", "footnote", "source", "copyright"])


def text_of(element: etree._Element | None) -> str:
    """The readable text of an element whose tags have lost their namespaces, in one line; "" for None."""
    return tidy("".join(_pieces(element))) if element is not None else ""


def _pieces(element: etree._Element) -> list[str]:
    pieces = [element.text or ""]
    for child in element.iterchildren(etree.Element):
        tag = str(child.tag)
        if tag == "math":
            pieces.append(math_text(child))
        elif tag in ("sup", "inf"):
            if "\n" in pieces[-1] and not pieces[-1].strip():
                pieces.pop()  # the API indents its XML, also between a word and its index
            inner = "".join(_pieces(child))
            pieces.append("" if _cites(child) else superscript(inner) if tag == "sup" else subscript(inner))
        elif tag not in _UNREAD:
            apart = " " if tag in _BLOCKS else ""
            pieces += [apart, *_pieces(child), apart]
        pieces.append(child.tail or "")
    return pieces


def _cites(element: etree._Element) -> bool:
    return element.find(".//cross-ref") is not None or element.find(".//cross-refs") is not None
