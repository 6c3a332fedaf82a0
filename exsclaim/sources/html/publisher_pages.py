"""Articles as publishers' pages show them, fetched or saved: one reader for all of them.

Facts come from the head of the page (`meta_tags`), figures from its blocks (`page_figures`), mentions from its text.
Sources that read pages made for people are off until the user says that he or she may (`require_leave`).
"""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from exsclaim.errors import PageFormatError, SettingsError
from exsclaim.licences import UNKNOWN, Licence, declared, first_licence
from exsclaim.records import Article, FetchedArticle, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.facts.figure_mentions import with_mentions
from exsclaim.sources.facts.publication_dates import PublicationDate, written_date
from exsclaim.sources.facts.retractions import is_retracted
from exsclaim.sources.facts.third_party import with_own_licences
from exsclaim.sources.html.html_text import parse, text_of, tidy
from exsclaim.sources.html.meta_tags import PageFacts, doi_in, name_in_order, page_facts
from exsclaim.sources.html.page_figures import BLOCKS, PageFigure, figures_on
from exsclaim.sources.html.page_text import abstract_of, paragraphs_of

_RENDITIONS = (
    (re.compile(r"(media\.springernature\.com)/[a-z0-9]+/"), r"\1/full/"),
    (re.compile(r"/images/(?:small|medium)/(.+)\.gif$"), r"/images/large/\1.jpeg"),
)
"""Addresses of small images and the large ones that they lead to: of Springer Nature, of Atypon's sites (AIP, ACS)."""
_RIGHTS = (
    "[class*=copyright], [class*=licen], [class*=permission], [id*=copyright], [id*=rights], [class*=rights], "
    "[class*=open-access], [class*=openAccess], [data-title*=ights], .article-footnotes li, table b, [id*=licen]"
)
_CREDITED = f"{BLOCKS}, footer, nav, aside, [class*=footer], [class*=related], [class*=recommend], [class*=reference]"
_ONLINE = re.compile(r"\b(?:first )?published(?: online)?(?: on)?\s*:?\s*(?P<date>[\w ,/.-]{6,30})", re.IGNORECASE)
_CITED = re.compile(
    r"(?P<journal>[A-Z][\w&.:’' -]{2,80}?)\s+\d+\s*(?:\(\d+\)\s*)?,\s*[\w-]+\s*\((?P<year>\d{4})\)\s*[;,.]?\s*"
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(?P<doi>10\.[^\s;,]+)"
)
_COPYRIGHT = re.compile(r"(?:©|\bCopyright\b) ?(?:©|\(c\))? ?(?:19|20)\d\d\b.{0,80}")
_PRINTED_AUTHORS = (
    ".contrib-author > a:first-child, .loa .author, .authors-list .author-name, [itemprop=author] [itemprop=name]"
)
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
        PageFormatError: the page is not an article's: it has no title, or neither DOI nor journal.
    """
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
    title = facts.title or text_of(soup.select_one("h1"))
    if not title:
        raise PageFormatError(f"{url} is not an article's page: it has no title")
    doi = facts.doi or _linked_doi(soup)
    cited_journal, published = _printed(soup, doi, facts)
    name = (doi or urlsplit(url).path.rstrip("/")).rsplit("/", 1)[-1].lower()
    licence = licence_of(soup, facts)
    printed = (name_in_order(text_of(author)) for author in soup.select(_PRINTED_AUTHORS))
    return Article(
        id=f"{source}/{name}", name=name, source=source, url=url, doi=doi or None, title=title,
        authors=facts.authors or tuple(dict.fromkeys(filter(None, printed))), journal=facts.journal or cited_journal,
        published=published.day if published else None,
        published_precision=published.precision if published else "day",
        licence=licence.id, licence_url=licence.url, is_open=licence.is_open, retrieved_at=fetched_on,
        is_retracted=is_retracted(title), abstract=abstract_of(soup) or facts.abstract, keywords=facts.keywords,
    )  # fmt: skip


def figure_refs(soup: BeautifulSoup, figures: list[PageFigure], article: Article, url: str) -> tuple[FigureRef, ...]:
    """References to figures with their mentions and licences, `url` being where relative addresses start."""
    refs = [
        FigureRef(
            id=f"{article.id}/fig{number}", article_id=article.id, number=number, label=figure.label,
            title=figure.title, caption=figure.caption, image_urls=tuple(dict.fromkeys(_addresses(figure, url))),
        )
        for number, figure in enumerate(figures, start=1)
    ]  # fmt: skip
    return with_mentions(with_own_licences(refs, article.licence), paragraphs_of(soup))


def licence_of(soup: BeautifulSoup, facts: PageFacts) -> Licence:
    """The licence that the page states: by a link to Creative Commons, else in words, not those of single figures."""
    elsewhere = {id(place) for place in soup.select(_CREDITED)}

    def is_of_article(place: object) -> bool:
        return not any(id(each) in elsewhere for each in (place, *getattr(place, "parents", ())))

    links = [str(link["href"]) for link in soup.select('link[rel~="license"][href], a[rel~="license"][href]')]
    links += [str(link["href"]) for link in soup.select('a[href*="creativecommons.org"]') if is_of_article(link)]
    words = [text_of(place)[:2_000] for place in soup.select(_RIGHTS) if is_of_article(place)]
    linked = first_licence([*links, *facts.rights])
    if linked is not None:
        return linked
    licence = declared(*facts.rights, *words)
    if licence.id == UNKNOWN and not links and (line := _COPYRIGHT.search(tidy(soup.get_text(" "))[:MOST_TEXT])):
        return declared(line.group())
    return licence if licence.id != UNKNOWN or not links else declared(*links)


def _addresses(figure: PageFigure, url: str) -> Iterator[str]:
    for image in figure.images:
        address = urljoin(url, image)
        if urlsplit(address).scheme not in ("http", "https"):
            continue
        address = urlsplit(address)._replace(scheme="https").geturl()
        for small, large in _RENDITIONS:
            if small.search(address):
                yield small.sub(large, address)
        yield address


def _linked_doi(soup: BeautifulSoup) -> str:
    link = soup.select_one('a[href*="doi.org/10."]')
    return doi_in(str(link["href"])) if link else ""


def _behind_title(journal: str, title: str) -> str:
    """The journal's name, which is printed behind the title without anything between them."""
    last = " ".join(title.split()[-2:])
    return tidy(journal.rpartition(last)[2] if last else journal).strip(" ,;.")


def _printed(soup: BeautifulSoup, doi: str, facts: PageFacts) -> tuple[str, PublicationDate | None]:
    """Journal and date as the page prints them, where its head lacks them."""
    if facts.journal and facts.published:
        return facts.journal, facts.published
    # the printed words are looked at for what the head lacks, and only where they stand beside the article's DOI
    text = tidy(soup.get_text(" "))[:MOST_TEXT]
    cited = next((found for found in _CITED.finditer(text) if doi and found["doi"].lower().startswith(doi)), None)
    published = facts.published
    if published is None and (online := _ONLINE.search(text)):
        published = written_date(online["date"])
    if published is None and cited:
        published = written_date(cited["year"])
    return facts.journal or (
        _behind_title(cited["journal"], facts.title or text_of(soup.select_one("h1"))) if cited else ""
    ), published
