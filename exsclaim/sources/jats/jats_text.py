"""XML of others, parsed so that it can do no harm, and the text of JATS by the rules of `html.html_text`.

No entity is expanded, and no DTD or other file is read: https://docs.python.org/3/library/xml.html#xml-security

Indices become Unicode super- and subscripts, formulas (MathML too) plain text, and citations that are printed as
superscripts are left out (`permission.⁴¹`): references in brackets (`[24]`) stay.
Elements: https://jats.nlm.nih.gov/archiving/tag-library/
"""

import html.entities
import re
from collections.abc import Iterator

from lxml import etree

from exsclaim.errors import PageFormatError
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.html.mathml import math_text
from exsclaim.sources.latex.tex_formulas import plain, subscript, superscript

MAX_BYTES = 64_000_000
MAX_ELEMENTS = 2_000_000
"""The longest articles have a hundredth of it."""


def parse_xml(document: bytes, origin: str) -> etree._Element:
    """The root element; tags and attributes have lost their namespaces: `mml:math` is "math", `xlink:href` "href".

    References to characters by a name of HTML's (`&alpha;`, `&nbsp;`) or of ISO's Greek letters (`&rgr;`) become those
    characters, whatever the document's own DTD says they are. Others that it does not declare itself are of the
    publisher's DTD, which is not read, and become the sign for an unknown character.

    Raises:
        PageFormatError: it is not well-formed, too large or too deeply nested, or refers to an entity of its own that
            is no character; the message begins with `origin`.
    """
    if len(document) > MAX_BYTES:
        raise PageFormatError(
            f"{origin}: {len(document) / 1e6:.0f} MB of XML, more than {MAX_BYTES / 1e6:g} are not read"
        )
    try:
        root = _parsed(document)
    except etree.XMLSyntaxError as error:
        way = "; save it in the encoding that its first line names" if "encoding" in (error.msg or "") else ""
        raise PageFormatError(f"{origin}: not well-formed XML ({error.msg}){way}") from error
    except ValueError as error:
        raise PageFormatError(f"{origin}: not XML ({error})") from error
    _settle_entities(root, origin)
    for count, element in enumerate(root.iter(etree.Element)):
        if count > MAX_ELEMENTS:
            raise PageFormatError(f"{origin}: more than {MAX_ELEMENTS} elements of XML are not read")
        element.tag = local(str(element.tag))
        for name in [name for name in element.attrib if str(name).startswith("{") or ":" in str(name)]:
            element.attrib[local(str(name))] = element.attrib.pop(name)
    return root


def _parsed(document: bytes) -> etree._Element:
    """The root. Namespaces are not needed: one without a declaration, or with an address that is none, is let pass."""
    safe = {
        "resolve_entities": False, "load_dtd": False, "no_network": True, "dtd_validation": False, "huge_tree": False,
        "remove_comments": True, "remove_pis": True,
    }  # fmt: skip
    parser = etree.XMLParser(**safe)
    document = _with_formulas(document)
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        if any(entry.domain != etree.ErrorDomains.NAMESPACE for entry in parser.error_log):
            raise
        return etree.fromstring(document, etree.XMLParser(**safe, recover=True))


def _with_formulas(document: bytes) -> bytes:
    """The document with IOP's formulas as text: its `tex-math` has them in instructions, `<?CDATA $x$?>`."""
    pieces: list[bytes] = []
    at = 0
    while (start := document.find(b"<?CDATA ", at)) >= 0 and (end := document.find(b"?>", start)) >= 0:
        pieces += [document[at:start], b"<![CDATA[", document[start + 8 : end].replace(b"]]>", b""), b"]]>"]
        at = end + 2
    return b"".join([*pieces, document[at:]])


def local(name: str) -> str:
    """The name without its namespace, in Clark's notation or with a prefix."""
    return name.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def texts(root: etree._Element, path: str) -> Iterator[str]:
    """The text of each element at `path`, stripped, empty ones left out."""
    for element in root.iterfind(path):
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield text


def text_at(root: etree._Element, *paths: str) -> str:
    """The first text that any of `paths` leads to, else ""."""
    return next((text for path in paths for text in texts(root, path)), "")


_GREEK = {
    "a": "α", "b": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ", "ee": "η", "th": "θ", "i": "ι", "k": "κ",
    "l": "λ", "m": "μ", "n": "ν", "x": "ξ", "o": "ο", "p": "π", "r": "ρ", "s": "σ", "sf": "ς", "t": "τ",
    "u": "υ", "ph": "φ", "kh": "χ", "ps": "ψ", "oh": "ω",
}  # fmt: skip
"""Names of ISO 8879's Greek letters but for their ending "gr"."""


def _named(name: str) -> str | None:
    """The character of a name; None where no list that is known has it."""
    letter = _GREEK.get(name[:-2].lower()) if name.endswith("gr") else None
    if letter is not None:
        return letter.upper() if name[0].isupper() else letter
    return html.entities.html5.get(f"{name};")


def _settle_entities(root: etree._Element, origin: str) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    own = {str(entity.name) for entity in dtd.iterentities()} if dtd is not None else set()
    for entity in list(root.iter(etree.Entity)):
        name = str(entity.name)
        character = _named(name) or (None if name in own else "\ufffd")
        parent = entity.getparent()
        if character is None or parent is None:
            raise PageFormatError(f"{origin}: refers to the entity &{name}; which is no character: not expanded")
        text, before = character + (entity.tail or ""), entity.getprevious()
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text
        entity.tail = None
        parent.remove(entity)


_BLOCKS = frozenset(
    ["p", "title", "break", "list", "list-item", "def-item", "disp-quote", "disp-formula", "sec", "tr", "td"]
)
_UNREAD = frozenset(
    ["fn", "object-id", "alt-text", "long-desc", "graphic", "inline-graphic", "media", "inline-media", "table-wrap"]
) | {
    "fig",
    "fig-group",
    "permissions",
    "index-term",
    "private-char",
    "inline-supplementary-material",
}
_NOTES = frozenset(["fn", "table-fn", "aff", "corresp", "author-notes", "author-note"])
_BROKEN = re.compile(r"(?:^|(?<=[\w)\]}]))[^\S\n]*\n\s*$")
_REFERENCES = frozenset(["bibr", "ref", "bib", "cit"])
_NUMBERS = re.compile(r"\s*\d+[a-z]?(?:\s*[,;–‐-]\s*\d+[a-z]?)*\s*")
_BETWEEN = re.compile(r"\s*[,;–‐−-]\s*|\s*")
_RAISED_AFTER = re.compile(r"[\w.,;:)\]”’\"'%]$")
_IN_LINE_AFTER = re.compile(r"(?:\brefs?\.?|[\[(](?:refs?\.?\s*)?[\d\s,;–‐-]*)$", re.IGNORECASE)
MOST_BEFORE = 200
"""So many characters before a citation are looked at."""
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)


class _Citation(str):
    """Numbers that point into the list of references."""

    __slots__ = ()


def text_of(element: etree._Element | None, *, but: frozenset[str] = frozenset()) -> str:
    """The readable text of an element in one line, its children named in `but` left out.

    The element comes from `parse_xml`: without namespaces and not nested deeper than its parser allows.
    """
    return "" if element is None else tidy(_without_raised_citations(_pieces(element, but)))


def _pieces(element: etree._Element, but: frozenset[str] = frozenset()) -> list[str]:
    pieces = [element.text or ""]
    for child in element:
        name = str(child.tag)
        if name == "sub" or (name == "sup" and not (pieces[-1].strip() and (child.tail or "")[:1].isalpha())):
            # a line break between a letter and its index comes from an XML editor; before ¹³C it is a space
            pieces[-1] = _BROKEN.sub("", pieces[-1])
        if name not in but and name not in _UNREAD:
            pieces += _read(child, name)
        pieces.append(child.tail or "")
    return pieces


def _read(element: etree._Element, name: str) -> list[str]:
    match name:
        case "sup" | "sub":
            if name == "sup" and any(_cites(xref) for xref in element.iter("xref")):
                return []
            text = "".join(_pieces(element))
            return [superscript(text) if name == "sup" else subscript(text)]
        case "xref":
            if element.get("ref-type") in _NOTES:
                return []
            text = "".join(_pieces(element))
            if _cites(element) and (element.find(".//sup") is not None or _NUMBERS.fullmatch(text)):
                return [] if element.find(".//sup") is not None else [_Citation(text)]
            return [text]
        case "math":
            return [math_text(element)]
        case "tex-math":
            return [_tex_text(element)]
        case "alternatives":
            ways = ("math", "tex-math", "textual-form")
            chosen = next((c for tag in ways for c in element.iterchildren(tag)), None)
            return _pieces(element) if chosen is None else _read(chosen, str(chosen.tag))
        case "overline":
            return ["".join(f"{character}\u0304" for character in "".join(_pieces(element)))]
        case _ if name in _BLOCKS:
            return [" ", *_pieces(element), " "]
    return _pieces(element)


def _tex_text(element: etree._Element) -> str:
    """A `tex-math` element, which may hold a whole LaTeX document around its formula."""
    formula = "".join(element.itertext())
    inner = _DOCUMENT.search(formula)
    return plain(inner[1] if inner else formula)


def _cites(xref: etree._Element) -> bool:
    return xref.get("ref-type") in _REFERENCES


def _without_raised_citations(pieces: list[str]) -> str:
    """Join the pieces; a number that follows a word at once, and outside of brackets, was printed as a superscript."""
    text, was_raised = "", False
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        if isinstance(piece, _Citation):
            before = text[-MOST_BEFORE:]
            was_raised = was_raised or bool(_RAISED_AFTER.search(before) and not _IN_LINE_AFTER.search(before))
            text += "" if was_raised else piece
        elif not (was_raised and isinstance(following, _Citation) and _BETWEEN.fullmatch(piece)):
            was_raised = was_raised and not piece
            text += piece
    return text
