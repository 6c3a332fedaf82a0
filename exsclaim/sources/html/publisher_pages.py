"""Articles as publishers' pages show them, fetched or saved: one reader for all of them.

Facts come from the head of the page (`meta_tags`), figures from its blocks (`page_figures`), mentions and abstract
from its text. Sources that read pages made for people are off until the user says that he or she may (`require_leave`).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Set
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from exsclaim.errors import PageFormatError, SettingsError
from exsclaim.http.addresses import address_parts, joined_address
from exsclaim.licences import UNKNOWN, Licence, declared, first_licence
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.facts.figure_licences import with_own_licences
from exsclaim.sources.facts.figure_mentions import Paragraph, with_mentions
from exsclaim.sources.facts.publication_facts import is_retracted
from exsclaim.sources.html.css_selectors import select
from exsclaim.sources.html.html_text import parse, refuse_if_too_large, text_of, tidy
from exsclaim.sources.html.meta_tags import PageFacts, page_facts
from exsclaim.sources.html.page_figures import BLOCKS, PageFigure, figures_on
from exsclaim.sources.html.printed_facts import heading_of, is_of_references, printed_authors, printed_facts

_RENDITIONS = (
    (re.compile(r"(media\.springernature\.com)/[a-z0-9]+/"), r"\1/full/"),
    (re.compile(r"/images/(?:small|medium)/(.+)\.gif$"), r"/images/large/\1.jpeg"),
    (re.compile(r"(journals\.aps\.org/\w+/article/.+/figures/\d+)/(?:medium|thumbnail)$"), r"\1/large"),
)
"""Addresses of small images and the large ones that they lead to: Springer Nature's, Atypon's (AIP, ACS), APS's."""
_RIGHTS = (
    "[class*=copyright], [class*=licen], [class*=permission], [id*=copyright], [id*=rights], [class*=rights], "
    "[class*=open-access], [class*=openAccess], [data-title*=ights], .article-footnotes li, table b, [id*=licen]"
)
_CREDITED = f"{BLOCKS}, footer, nav, aside, [class*=footer], [class*=related], [class*=recommend], [class*=reference]"
_COPYRIGHT = re.compile(r"(?:©|\bCopyright\b) ?(?:©|\(c\))? ?(?:19|20)\d\d\b.{0,80}")
MOST_TEXT = 400_000


def require_leave(source: str) -> None:
    """Go on only if the user has turned the source on.

    Raises:
        SettingsError: it is off; the message says why, and how to turn it on.
    """
    if source not in settings().scrape:
        raise SettingsError(
            f"{source} is off: its publisher has no interface for programs, its terms restrict automated reading, and "
            f"its pages often refuse robots. If your institution's licence allows text and data mining there, turn it "
            f"on: EXSCLAIM_SCRAPE={source} (robots.txt is obeyed, and nothing is done about a refusal)"
        )


def read_page(page: bytes, url: str, fetched_on: dt.date, *, source: str) -> FetchedArticle:
    """The article that a publisher's page at `url` shows, as one of `source`.

    Raises:
        PageFormatError: the page is not an article's: it has no title, or neither DOI nor journal; or it is too large.
    """
    refuse_if_too_large(page, url)
    soup = parse(page)
    article = article_of(soup, url, fetched_on, source=source)
    if not article.doi and not article.journal:
        raise PageFormatError(f"{url} is not an article's page: its title, or both its DOI and its journal are missing")
    return FetchedArticle(article=article, figures=figure_refs(soup, figures_on(soup), article, url))


def article_of(soup: BeautifulSoup, url: str, fetched_on: dt.date, *, source: str) -> Article:
    """The article's record by the page's head, else by what the page prints.

    Raises:
        PageFormatError: it has no title.
    """
    facts = page_facts(soup)
    heading = text_of(heading_of(soup)).rstrip(" *†‡§¶")
    # in tags some set every piece of a formula apart: "Fe 3 O 4 nanoparticles"
    is_same = _compact(heading) == _compact(facts.title) and len(facts.title.split()) > len(heading.split())
    title = heading if is_same else facts.title or heading
    if not title:
        raise PageFormatError(f"{url} is not an article's page: it has no title")
    printed = printed_facts(soup, facts)
    doi = printed.doi
    name = (doi or urlsplit(url).path.rstrip("/")).rsplit("/", 1)[-1].lower()
    licence = _licence_of(soup, facts)
    authors = facts.authors or tuple(dict.fromkeys(filter(None, printed_authors(soup))))
    return Article(
        id=f"{source}/{name}", name=name, source=source, url=url, doi=doi or None, title=title,
        authors=authors, journal=printed.journal,
        published=printed.published.day if printed.published else None,
        published_precision=printed.published.precision if printed.published else "day",
        licence=licence.id, licence_url=licence.url, is_open=licence.is_open, retrieved_at=fetched_on,
        is_retracted=is_retracted(title), abstract=abstract_of(soup) or facts.abstract,
        keywords=() if set(facts.keywords) <= set(authors) else facts.keywords,
    )  # fmt: skip


def _compact(title: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", title)).casefold()


def figure_refs(soup: BeautifulSoup, figures: list[PageFigure], article: Article, url: str) -> tuple[FigureRef, ...]:
    """References to figures with their mentions and licences, `url` being where relative addresses start."""
    refs = [
        FigureRef(
            id=f"{article.id}/fig{number}", article_id=article.id, number=number, label=figure.label,
            title=figure.title, caption=figure.caption, image_urls=tuple(dict.fromkeys(_addresses(figure, url))),
            no_image=f"the page shows it as {len(figure.parts)} images, and one alone is not the figure"
            if figure.parts else "",
        )
        for number, figure in enumerate(figures, start=1)
    ]  # fmt: skip
    return with_mentions(with_own_licences(refs, article.licence), paragraphs_of(soup), article.id, article.title)


def _licence_of(soup: BeautifulSoup, facts: PageFacts) -> Licence:
    """The licence that the page states: by a link to Creative Commons, else in words, not those of single figures."""
    elsewhere = {id(place) for place in select(soup, _CREDITED)}

    def is_of_article(place: object) -> bool:
        return not any(id(each) in elsewhere for each in (place, *getattr(place, "parents", ())))

    links = [str(link["href"]) for link in select(soup, 'link[rel~="license"][href], a[rel~="license"][href]')]
    links += [str(link["href"]) for link in select(soup, 'a[href*="creativecommons.org"]') if is_of_article(link)]
    words = [text_of(place)[:2_000] for place in select(soup, _RIGHTS) if is_of_article(place)]
    linked = first_licence([*links, *facts.rights])
    if linked is not None:
        return linked
    licence = declared(*facts.rights, *words)
    if licence.id == UNKNOWN and not links and (line := _COPYRIGHT.search(tidy(soup.get_text(" "))[:MOST_TEXT])):
        return declared(line.group())
    return licence if licence.id != UNKNOWN or not links else declared(*links)


def _addresses(figure: PageFigure, url: str) -> Iterator[str]:
    for image in figure.images:
        address = joined_address(url, image)
        if address_parts(address).scheme not in ("http", "https"):
            continue
        address = urlsplit(address)._replace(scheme="https").geturl()
        for small, large in _RENDITIONS:
            if small.search(address):
                yield small.sub(large, address)
        yield address


_INLINE = frozenset(
    ["a", "i", "b", "em", "strong", "sup", "sub", "span", "u", "small", "mark", "cite", "q", "abbr", "font", "ins"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_APART = f"{BLOCKS}, nav, footer, aside, table, head, script, style, form, button, dialog"
_CAPTION_AGAIN = re.compile(
    r"\W{0,3}(?:fig(?:ure)?|abb(?:ildung)?|scheme)\b\.?\s*S?\d+[a-z]?\s?(?:[.:|]\s|[.:|]?$)", re.I
)
"""A list of figures beside the text."""
_NAMES_A_FIGURE = re.compile(r"fig|abb|scheme", re.IGNORECASE)
_ABSTRACT = (
    "section.abstract, div.abstract, #abstract, [id^=Abs][id$=-content], .article-section__abstract, .hlFld-Abstract, "
    ".wd-jnl-art-abstract, .ltx_abstract, p.abstract, p.article-abstract"
)
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+")
MAX_PARAGRAPH = 30_000


def paragraphs_of(page: BeautifulSoup) -> Iterator[Paragraph]:
    """Paragraphs that may name a figure, in the page's order: no captions, references or navigation."""
    for button in select(page, "p button"):
        if _NAMES_A_FIGURE.search(text := button.get_text(" ", strip=True)) and len(text) < 40:
            button.name = "span"  # in running text what names a figure may be clicked on
    apart = {id(place) for place in select(page, _APART)}
    section, heading = "", None
    seen: set[int] = set()
    around_headings = {id(place) for each in page.find_all(list(_HEADINGS)) for place in each.parents}
    for node in (page.body or page).descendants:
        if isinstance(node, Tag):
            if node.name in _HEADINGS and not _is_apart(node, apart) and (title := text_of(node)):
                section, heading = _NUMBERED.sub("", title), _with_boxes(node)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            if not _NAMES_A_FIGURE.search(node):
                continue
            paragraph = _paragraph_of(node, around_headings)
            if paragraph is None or id(paragraph) in seen or _is_apart(paragraph, apart):
                continue
            seen.add(id(paragraph))
            text = text_of(paragraph)[:MAX_PARAGRAPH]
            if not _CAPTION_AGAIN.match(text):
                is_inside = heading is not None and any(each is heading for each in paragraph.parents)
                yield Paragraph(text, section if is_inside else "")


def abstract_of(page: BeautifulSoup) -> str:
    """The abstract that the page prints, without its heading; "" where it has none that can be told."""
    for place in select(page, _ABSTRACT):
        parts = [place] if place.name == "p" else place.find_all(["p", "div"])
        text = " ".join(
            text_of(part)
            for part in parts
            if (part.name == "p" or part.get("role") == "paragraph" or "paragraph" in part.get_attribute_list("class"))
            and not part.find_parent("figure")
        )
        if len(text) > 80:
            return text
    return ""


def _with_boxes(heading: Tag) -> Tag | None:
    """The element that holds a heading and its section: a heading may be wrapped in boxes of its own."""
    inner, place = heading, heading.parent
    while (
        place is not None and place.parent is not None and not any(_says_more(each, inner) for each in place.children)
    ):
        inner, place = place, place.parent
    return place


def _says_more(node: PageElement, known: Tag) -> bool:
    return node is not known and bool(text_of(node) if isinstance(node, Tag) else str(node).strip())


def _paragraph_of(node: NavigableString, around_headings: Set[int]) -> Tag | None:
    """The block around a text; a span where the block is as large as the page (RSC's paragraphs are spans)."""
    place: Tag | None = node.parent
    inline = None
    while place is not None and place.name in _INLINE:
        inline, place = place, place.parent
    if place is not None and place.name in _HEADINGS:
        return None
    return inline if id(place) in around_headings else place


def _is_apart(place: Tag, apart: set[int]) -> bool:
    return any(id(each) in apart for each in (place, *place.parents)) or is_of_references(place)
