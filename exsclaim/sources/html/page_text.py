"""The running text of an article's page: paragraphs with the titles of their sections, and the abstract."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from exsclaim.sources.facts.figure_mentions import Paragraph
from exsclaim.sources.html.html_text import text_of
from exsclaim.sources.html.page_figures import BLOCKS

_INLINE = frozenset(
    ["a", "i", "b", "em", "strong", "sup", "sub", "span", "u", "small", "mark", "cite", "q", "abbr", "font", "ins"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_APART = f"{BLOCKS}, nav, footer, aside, table, head, script, style, form, button, dialog"
_REFERENCES = re.compile(
    r"(?:^|[\s_-])(?:references?|bibliograph|ref-list|citation-?list|related|recommend|breadcrumb)", re.I
)
_NAMES_A_FIGURE = re.compile(r"fig|abb|scheme", re.IGNORECASE)
_ABSTRACT = (
    "section.abstract, div.abstract, #abstract, [id^=Abs][id$=-content], .article-section__abstract, .hlFld-Abstract"
)
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+")
MAX_PARAGRAPH = 30_000


def paragraphs_of(page: BeautifulSoup) -> Iterator[Paragraph]:
    """Paragraphs that may name a figure, in the page's order: no captions, references or navigation."""
    apart = {id(place) for place in page.select(_APART)}
    heading: Tag | None = None
    seen: set[int] = set()
    for node in (page.body or page).descendants:
        if isinstance(node, Tag):
            if node.name in _HEADINGS and not _is_apart(node, apart):
                heading = node if text_of(node) else heading
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            if not _NAMES_A_FIGURE.search(node):
                continue
            paragraph = _paragraph_of(node)
            if paragraph is None or id(paragraph) in seen or _is_apart(paragraph, apart):
                continue
            seen.add(id(paragraph))
            yield Paragraph(text_of(paragraph)[:MAX_PARAGRAPH], _section(heading, paragraph))


def abstract_of(page: BeautifulSoup) -> str:
    """The abstract that the page prints, without its heading; "" where it has none that can be told."""
    for place in page.select(_ABSTRACT):
        text = " ".join(
            text_of(part)
            for part in place.find_all(["p", "div"])
            if (part.name == "p" or part.get("role") == "paragraph") and not part.find_parent("figure")
        )
        if len(text) > 80:
            return text
    return ""


def _section(heading: Tag | None, paragraph: Tag) -> str:
    """The title of a paragraph's section: the heading before it, if that stands in what holds the paragraph, too."""
    if heading is None or heading.parent is None:
        return ""
    title, place = text_of(heading), heading.parent
    while place.parent is not None and text_of(place) == title:
        place = place.parent  # a heading may be wrapped in boxes of its own
    return _NUMBERED.sub("", title) if any(each is place for each in paragraph.parents) else ""


def _paragraph_of(node: NavigableString) -> Tag | None:
    """The block around a text; a span where the block is as large as the page (RSC's paragraphs are spans)."""
    place: Tag | None = node.parent
    inline = None
    while place is not None and place.name in _INLINE:
        inline, place = place, place.parent
    if place is not None and place.name in _HEADINGS:
        return None
    is_too_large = place is not None and place.find(list(_HEADINGS)) is not None
    return inline if is_too_large else place


def _is_apart(place: Tag, apart: set[int]) -> bool:
    for each in (place, *place.parents):
        if id(each) in apart:
            return True
        if each.name in ("body", "html", "[document]", "main", "article") or not isinstance(each, Tag):
            continue
        words = f"{each.get('id') or ''} {' '.join(filter(None, each.get_attribute_list('class')))}"
        if _REFERENCES.search(words) and each.find("h1") is None:
            return True
    return False
