"""From a publisher's HTML to caption text that people and the caption splitter can read.

Indices become Unicode super- and subscripts where there are such, inline TeX (`latex.tex_formulas`) and MathML
(`mathml`) plain text, each formula once, though saved pages hold it as source and as what a script drew of it.
Superscripts that only cite references are left out: `size¹²` would be read as a power; so are words of buttons.
"""

import copy
import re
import unicodedata
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from exsclaim.errors import PageFormatError
from exsclaim.sources.html.css_selectors import select, select_one
from exsclaim.sources.html.mathml import math_element, math_text
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
    r"IEqn?\d|texImage|inline-?(?:graphic|equation|math|formula|fig)|[/_-](?:math|equation|inline)[/_.\d-]",
    re.IGNORECASE,
)
_DRAWN = frozenset(
    ["MathJax", "MathJax_CHTML", "MathJax_SVG", "MathJax_Display", "MathJax_Preview", "mjx-chtml", "katex-html"]
)
"""Classes of what MathJax 2 and KaTeX draw beside the source of a formula."""
_NO_WORDS = re.compile(r"image|graphic|equation|figure a|.*\.(?:gif|png|jpe?g|svg)", re.IGNORECASE)
_CITATION = (
    'a[href*="#ref"], a[href*="#cit"], a[href*="#bib"], a[href*="-bib-"], a[href*="#CR"], a[data-test="citation-ref"], '
    "a.xref-bibr, a.bibLink"
)

_UNSEEN = frozenset(
    ["off-screen", "sr-only", "visually-hidden", "visuallyhidden", "u-visually-hidden", "screen-reader-only", "refCtt"]
)
"""Classes of words that are read aloud alone: "Citation" before each number of a reference; SciELO's of notes."""
_CITED = "\x00"
"""Stands for a raised citation: between a full stop and the next sentence there may be nothing else."""
_GLUED = re.compile(rf"(?<=[.?!;,)])[{_CITED}]+(?=[A-Z(])")
_EMPTY_BRACKETS = re.compile(r"\[[\s,;–\x00-]*\]")
"""Of raised citations that are left out."""
_NOT_SHOWN = (
    "button, .u-visually-hidden, .visually-hidden, .visuallyhidden, .sr-only, .screen-reader-only, .figure-extra, "
    ".headerlink, .anchor-link, .anchorjs-link, .figure-bottom-links, .asset-viewer-inline__header_link, "
    ".downloadMSPPT, .ppt-figure-link, .open-figure-link, .print-hide, "
    ".figure-inline-download, .links-for-figure, .figure__tools, .fig-buttons, .figure-btns, "
    ".html-figpopup-link, .c-article-section__figure-link, .article-figure-download, .graphic-bottom .fig-orig, "
    "[class*=figure__download], [class*=figure-download], [class*=ai-alt], .figure-links, .fig-view-orig"
)
_THUMBNAIL = "[class*=thumb]"
_BUTTON = re.compile(
    r"\W*(?:(?:open|view|show|see|enlarge|expand|zoom|reset|download|export|display|hide|close|get|save|click|jump|"
    r"go to|toggle)\b"
    r"(?:[^.;]{0,60}\b(?:images?|slides?|viewer|tab|window|power ?point|ppt|captions?|assets?|gallery|size|"
    r"resolution|figure|article|text|file|png|tiff?|jpe?g|pdf|in|out|here|larger?|full|all|more|less|view|"
    r"fullscreen|figure \d+))?|"
    r"(?:ms )?power ?point(?: slide)?|ppt(?: slide)?|(?:figure \d+ )?long description|png|tiff?|pdf|"
    r"jpe?g|original(?: image)?|larger image|full[- ]size(?:d)? image|full caption|high[- ]res(?:olution)?(?: image)?|"
    r"hi-res image|standard(?: image)?|image|(?:in )?(?:figure )?viewer|slide|thumbnail|copyright .{0,40}|permissions?)"
    r"\W*(?:\d+ ?[km]b\W*)?",
    re.IGNORECASE,
)
"""Words of links and buttons around a figure. A caption may have such words, too ("Close view of the figure"): they
count in what can be clicked on alone."""
LABEL = re.compile(
    r"\W{0,3}(?P<label>(?:(?:extended data|supplementa(?:ry|l)|supporting|appendix|online)\s+)?"
    r"(?:fig(?:ure|ura|uur|\.|s\.)?|abb(?:ildung|\.)|scheme|chart|plate|graph|box|illustration|photo|map|exhibit|"
    r"figure?(?=\s\d)|рис(?:унок|\.)|мал(?:юнок|\.)|фиг\.|слика|rys(?:unek|\.)|ryc(?:ina|\.)|obr(?:ázek|ázok|\.)|şekil|gambar|"
    r"afbeelding|hình|σχήμα|εικόνα|[图圖図]|그림|شکل|شكل|(?:(?:image|picture|diagram|grafi[ck]|grafico|slika|kuva|rajah|mapa|"
    r"imagen|imagem|ilustraci[óo]n|ilustração)(?=\s*\d{1,3}[a-z]?\s*[:.|–—]))|"
    r"fotos?|gr[áa]fico|esquema|fig(?:ures|uras|s\.?)(?=\s*\d+\s*(?:[-–,]|and|e|y|et)\s*\d))\s*"
    r"(?:\d{1,3}\s*(?:,|and|e|y|et)\s*\d{1,3}|[A-Z]{0,2}[-.]?\d{1,3}(?:\.\d{1,2}|[-–]\d{1,2})?[A-Za-z]?|[IVX]{1,5})\b(?:\s*\(continued\))?)"
    r"\s*(?:[:.|–—]+(?=\W|$|[A-Z(])|$|(?=\s))\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WINDOWS = re.compile(r"[\x80-\x9f]")
_MATHML = re.compile(r"^(?:\w+:)?math$")
CAPTION = "figcaption, [class*=caption i], [class*=legend i]"


MAX_PAGE_BYTES = 40_000_000
"""Without the images that it may hold inside itself."""
MAX_TAGS = 1_000_000
"""Begins and ends of elements, about."""
MOST_NESTED = 512
"""Elements within each other: so many Blink keeps, too."""


def parse(page: bytes | str) -> BeautifulSoup:
    """A page's tree; never fails, whatever the bytes."""
    if isinstance(page, bytes) and (declared := _XML.match(page)):
        # XHTML is read as HTML: its declaration, of which the parser would warn, tells the encoding
        encoding = _ENCODING.search(declared[0])
        encoded = encoding[1].decode() if encoding else None
        return _flat(BeautifulSoup(page[declared.end() :], "lxml", from_encoding=encoded))
    if isinstance(page, str):
        page += "\n"  # or the parser warns of a title that is one address: it takes it for a mistake
    return _flat(BeautifulSoup(page, "lxml"))


def refuse_if_too_large(page: bytes, origin: str) -> None:
    """Raise for a page that would take minutes and gigabytes: the longest articles have a tenth of it.

    Raises:
        PageFormatError: it has too much text or too many elements; the message begins with `origin`.
    """
    if len(page) > MAX_PAGE_BYTES:
        raise PageFormatError(
            f"{origin}: {len(page) / 1e6:.0f} MB of a page's text, more than {MAX_PAGE_BYTES / 1e6:g} are not read"
        )
    if page.count(b"<") > MAX_TAGS:
        raise PageFormatError(f"{origin}: more than {MAX_TAGS} tags of a page are not read")


def _flat(page: BeautifulSoup) -> BeautifulSoup:
    """The page with the text alone of what is nested deeper than browsers nest: to copy such a tree takes hours."""
    depth = {id(page): 0}
    too_deep = []
    for element in page.descendants:
        if isinstance(element, Tag):
            depth[id(element)] = depth[id(element.parent)] + 1
            if depth[id(element)] == MOST_NESTED + 1:
                too_deep.append(element)
    for element in too_deep:
        element.replace_with(element.get_text())
    return page


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
            if node.name.rpartition(":")[2] == "math":
                pieces.append(math_text(math_element(node)))
                continue
            classes = node.get_attribute_list("class")
            if not _UNSEEN.isdisjoint(classes):
                continue
            if node.name in ("inline-formula", "tex-math") or "mathjax-tex" in classes or _is_tex(node, classes):
                pieces.append(_tex_of(node))
                continue
            if "mathjax" in classes and (source := node.find("code", class_="mathjax-code")) is not None:
                pieces.append(math_text(math_element(parse(source.get_text()))))  # HighWire's: MathML as escaped text
                continue
            if not _DRAWN.isdisjoint(classes) and (formula := _drawn_formula(node)) is not None:
                pieces.append(formula)
                continue
            if node.name in _BLOCKS:
                pieces.append(" ")
                waiting.append(NavigableString(" "))
            waiting.extend(reversed(node.contents))
    return tidy(_GLUED.sub(" ", _EMPTY_BRACKETS.sub("", "".join(pieces))))


def _is_tex(node: Tag, classes: Sequence[str]) -> bool:
    """Tell whether an element is a formula for MathJax to draw, as pandoc and Sphinx write it: `\\(5\\,\\mu m\\)`."""
    first = node.contents[0] if "math" in classes and node.contents else None
    return isinstance(first, NavigableString) and first.lstrip().startswith(("\\(", "\\["))


def _tex_of(formula: Tag) -> str:
    """The text of a formula that is written in TeX, though a script may have drawn it in its place."""
    source = formula.find("script", type=re.compile("math/tex"))
    if source is None and (drawn := formula.find(_MATHML)) is not None:
        return math_text(math_element(drawn))
    return plain((source or formula).get_text().strip())


def _drawn_formula(drawing: Tag) -> str | None:
    """The formula that a script drew, by its source, if that stands in or beside the drawing; else None.

    Of several drawings of one formula the last has its text, the others none.
    """
    if (inside := drawing.find(_MATHML)) is not None:
        return math_text(math_element(inside))
    behind = drawing.find_next_sibling(True)
    if behind is not None and not _DRAWN.isdisjoint(behind.get_attribute_list("class")):
        return ""
    if behind is not None and behind.name == "script" and str(behind.get("type")).startswith("math/"):
        before = drawing.find_previous_sibling(True)
        if before is not None and "MathJax_Preview" in before.get_attribute_list("class") and before.find(_MATHML):
            return ""
        return (
            plain(behind.get_text())
            if "tex" in str(behind["type"])
            else math_text(math_element(parse(behind.get_text())))
        )
    before = drawing.find_previous_sibling(True)
    return "" if before is not None and before.find(_MATHML) is not None else None


def _formula_of(image: Tag) -> str:
    """Text in place of the picture of a formula: its TeX or words, else that it is one; "" for others."""
    around = image.parent.get_attribute_list("class") if image.parent is not None else []
    named = [image.get("src"), image.get("data-src"), *image.get_attribute_list("class"), *around]
    if not _FORMULA.search(" ".join(str(each) for each in named if each)) and image.get("role") != "math":
        return ""
    said = str(image.get("alt") or "").strip()
    return plain(said) if said and len(said) < 300 and not _NO_WORDS.fullmatch(said) else "[formula]"


def tidy(text: str) -> str:
    """One line of NFC text: every run of white space (no-break and thin spaces too) one space, nothing invisible."""
    if _WINDOWS.search(text):
        text = _WINDOWS.sub(_as_windows, text)
    return " ".join(unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))).split())


def _as_windows(control: re.Match[str]) -> str:
    """Quotes and dashes of Windows, which stand as control characters where a text was said to be Latin-1."""
    return control[0].encode("latin-1").decode("cp1252", "ignore")


def _raised_or_lowered(node: Tag) -> str:
    if node.name == "sup" and (select_one(node, _CITATION) or _is_within_citation(node) or _has_note_behind(node)):
        return _CITED
    return superscript(node.get_text()) if node.name == "sup" else subscript(node.get_text())


def _is_within_citation(node: Tag) -> bool:
    link = node.find_parent("a")
    return link is not None and link.parent is not None and link in select(link.parent, _CITATION)


def _has_note_behind(node: Tag) -> bool:
    """Tell whether a raised number is that of a note which stands, hidden, right behind it (SciELO)."""
    behind = node.find_next_sibling(True)
    return behind is not None and not _UNSEEN.isdisjoint(behind.get_attribute_list("class"))


def without_buttons(block: Tag) -> Tag:
    """A copy of a block without what is there to be clicked on."""
    shown = copy.copy(block)
    for element in select(shown, _NOT_SHOWN):
        element.decompose()
    for element in select(shown, _THUMBNAIL):
        if text_of(element).casefold() == "thumbnail" and element.find("img") is None:
            element.decompose()  # it has the image as its ground
    for element in reversed(shown.find_all(["a", "button", "li"])):
        text = " ".join(element.get_text(" ").split())
        is_link = element.name != "li" or element.find(["a", "button"]) is not None
        if is_link and len(text) < 90 and _BUTTON.fullmatch(text) and not LABEL.match(text):
            element.decompose()
    captions = {id(each) for each in select(shown, CAPTION) if text_of(each)}
    for link in shown.find_all(["a", "button"]) if captions else ():
        # beside what calls itself the caption a link by itself is a button, unless it is the figure's label
        is_of_caption = any(id(each) in captions for each in (*link.find_all(True), *link.parents))
        labelled = LABEL.fullmatch(text_of(link))
        if not is_of_caption and not _is_in_text(link) and (labelled is None or labelled["rest"]):
            link.decompose()
    for element in shown.find_all(["b", "strong", "span", "em", "i"]):
        behind = element.next_sibling
        is_glued = isinstance(behind, NavigableString) and re.match(r"[\w(]", behind) is not None
        if is_glued and len(element.get_text()) < 40 and LABEL.fullmatch(text_of(element)):
            element.insert_after(" ")  # some set a label against the first word with a margin
    return shown


def _is_in_text(link: Tag) -> bool:
    """True if words that are no link stand beside a link."""
    place = link.parent
    while place is not None and place.name in ("b", "strong", "i", "em", "span", "sup", "sub", "small"):
        place = place.parent
    beside = () if place is None else place.children
    return any(isinstance(each, NavigableString) and re.search(r"\w", each) is not None for each in beside)
