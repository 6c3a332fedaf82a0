"""From a publisher's HTML to caption text that people and the caption splitter can read.

Indices become Unicode super- and subscripts where there are such, inline TeX plain text (`latex.tex_formulas`).
Superscripts that only cite references are left out: `size¹²` would be read as a power.
"""

import re
import unicodedata

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from exsclaim.sources.latex.tex_formulas import plain, subscript, superscript

_XML = re.compile(rb"\s*<\?xml\b[^>]*>\s*")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{2,40})")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\x00-\x08\x0e-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which no UTF-8 can write; JSON may hold one."""
_BLOCKS = frozenset(
    ["p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption"]
) | {"section", "header", "dt", "dd", "dl"}
_UNREAD = frozenset(["script", "style", "svg", "template", "annotation", "annotation-xml", "noscript", "button"])
_FORMULA = re.compile(
    r"IEq\d|inline-?(?:graphic|equation|math|formula|fig)|[/_-](?:math|equation|inline)[/_.\d-]", re.IGNORECASE
)
_NO_WORDS = re.compile(r"image|graphic|equation|figure a|.*\.(?:gif|png|jpe?g|svg)", re.IGNORECASE)
_CITATION = (
    'a[href*="#ref"], a[href*="#cit"], a[href*="#bib"], a[href*="-bib-"], a[href*="#CR"], a[data-test="citation-ref"]'
)


def parse(page: bytes | str) -> BeautifulSoup:
    """A page's tree; never fails, whatever the bytes."""
    if isinstance(page, bytes) and (declared := _XML.match(page)):
        # XHTML is read as HTML: its declaration, of which the parser would warn, tells the encoding
        encoding = _ENCODING.search(declared[0])
        return BeautifulSoup(page[declared.end() :], "lxml", from_encoding=encoding[1].decode() if encoding else None)
    return BeautifulSoup(page, "lxml")


def text_of(element: Tag | None) -> str:
    """The readable text of an element in one line: NFC, single plain spaces, none where the page shows none."""
    if element is None:
        return ""
    pieces: list[str] = []
    waiting: list[PageElement] = list(reversed(element.contents))  # a stack: pages may nest deeper than Python may
    while waiting:
        node = waiting.pop()
        if isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                pieces.append(node.replace("&nbsp;", " "))  # escaped twice
        elif isinstance(node, Tag) and node.name not in _UNREAD:
            if node.name == "img":
                pieces.append(_formula_of(node))
                continue
            if node.name in ("sup", "sub"):
                pieces.append(_raised_or_lowered(node))
                continue
            if "mathjax-tex" in node.get_attribute_list("class"):
                pieces.append(plain(node.get_text()))
                continue
            if node.name in _BLOCKS:
                pieces.append(" ")
                waiting.append(NavigableString(" "))
            waiting.extend(reversed(node.contents))
    return tidy("".join(pieces))


def _formula_of(image: Tag) -> str:
    """Text in place of the picture of a formula: its TeX or words, else that it is one; "" for others."""
    drawn = f"{image.get('src', '')} {' '.join(filter(None, image.get_attribute_list('class')))}"
    if not _FORMULA.search(drawn):
        return ""
    said = str(image.get("alt") or "").strip()
    return plain(said) if said and len(said) < 300 and not _NO_WORDS.fullmatch(said) else "[formula]"


def tidy(text: str) -> str:
    """One line of NFC text: every run of white space (no-break and thin spaces too) one space, nothing invisible."""
    return " ".join(unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))).split())


def _raised_or_lowered(node: Tag) -> str:
    if node.name == "sup" and (node.select_one(_CITATION) or _is_within_citation(node)):
        return ""
    return superscript(node.get_text()) if node.name == "sup" else subscript(node.get_text())


def _is_within_citation(node: Tag) -> bool:
    link = node.find_parent("a")
    return link is not None and link.parent is not None and link in link.parent.select(_CITATION)
