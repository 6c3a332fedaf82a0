"""nature.com: the journals of Nature Portfolio, from their public search and article pages.

Learnt from pages recorded 2020-21 (old and new layout) and from the attributes that the site's own scripts use.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.licences import declared, first_licence
from exsclaim.records import Article, ArticleRef, FetchedArticle, FigureRef
from exsclaim.sources.html.html_text import parse, text_of, tidy

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://www.nature.com"
MAX_PAGES = 1000
ORDERS = {"relevant": "relevance", "recent": "date_desc", "old": "date_asc"}
RENDITIONS = ("full", "lw1200", "lw685")
"""Of media.springernature.com, largest first: as uploaded, 1200 and 685 px wide."""

_ARTICLE = re.compile(r"/articles/([A-Za-z0-9][A-Za-z0-9._-]{0,99})/?$")
_SHOWING = re.compile(r"Showing\s+[\d,]+\s*[–-]\s*(?P<last>[\d,]+)\s+of\s+(?P<all>[\d,]+)\s+result")
_RENDITION = re.compile(r"^https://media\.springernature\.com/[a-z0-9]+/(?P<image>springer-static/.+)$")
_LABEL = re.compile(
    r"(?P<label>(?:Extended Data |Supplementary )?(?:Fig(?:ure|\.)?|Scheme|Chart|Plate|Box|Illustration)\s*\d+\w?)"
    r"\s*(?:[:.|]\s*|$|\s)(?P<title>.*)",
    re.IGNORECASE,
)


class Nature:
    """The source `nature`."""

    name = "nature"
    version = "2"

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`: every combination of terms in turn, each through all its pages of results."""
        seen: set[str] = set()
        for terms in query.searches:
            for page in range(1, MAX_PAGES + 1):
                url = search_url(query, terms, page)
                # results change from day to day: the stored page is used only where the site says it is the same
                response = client.page(url, source=self.name, fresh=True)
                soup = parse(client.store.read(response.sha256))
                found = [item for item in _results(soup, url) if item[0] not in seen]
                for name, item in found:
                    seen.add(name)
                    if _wanted(item, query):
                        yield ArticleRef(source=self.name, url=f"{SITE}/articles/{name}")
                if not found or not _has_more(soup, page):
                    break

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`. Articles behind a paywall have titles and thumbnails of figures, but no captions."""
        response = client.page(ref.url, source=self.name, fresh=fresh)
        return read_page(client.store.read(response.sha256), ref.url, response.fetched_on)


def search_url(query: "Query", terms: tuple[str, ...], page: int) -> str:
    """The address of one page of results; every term is a phrase, and all of them must occur."""
    fields = {
        "q": " ".join(f'"{term.replace(chr(34), " ").strip()}"' for term in terms),
        "order": ORDERS[query.sortby],
    }
    if query.published_after or query.published_before:
        first = query.published_after.year if query.published_after else ""
        last = query.published_before.year if query.published_before else ""
        fields["date_range"] = f"{first}-{last}"
    return f"{SITE}/search?{urlencode(fields)}&page={page}"


def read_page(page: bytes, url: str, fetched_on: dt.date) -> FetchedArticle:
    """The article that the page at `url` shows.

    Raises:
        PageFormatError: the page is not an article's, or `url` is not an article's address.
    """
    soup = parse(page)
    address = _ARTICLE.search(urlsplit(url).path)
    title = text_of(soup.select_one("h1.c-article-title")) or tidy(_meta(soup, "citation_title"))
    journal = tidy(_meta(soup, "citation_journal_title") or _meta(soup, "prism.publicationName"))
    doi = _meta(soup, "citation_doi") or _meta(soup, "dc.identifier")
    if address is None or not title or not (doi or journal):
        raise PageFormatError(
            f"{url} is not an article of nature.com: its address or its title, DOI and journal are missing"
        )
    name = address[1]
    rights = soup.select('[data-title="Rights and permissions"], #rightslink-section, #rightslink-content')
    links = (str(link["href"]) for section in rights for link in section.select("a[href]"))
    licence = first_licence(links) or declared(*map(text_of, rights))
    article = Article(
        id=f"nature/{name}", name=name, source="nature", url=url,
        doi=doi.removeprefix("doi:") or None,
        title=title,
        authors=tuple(_given_name_first(tidy(text)) for text in _metas(soup, "citation_author")),
        journal=journal,
        published=_date(_meta(soup, "citation_online_date")) or _date(_meta(soup, "dc.date")),
        licence=licence.id,
        licence_url=licence.url,
        is_open=licence.is_open or soup.select_one(".c-article-header [data-test=open-access]") is not None,
        retrieved_at=fetched_on,
    )  # fmt: skip
    return FetchedArticle(article=article, figures=tuple(_figures(soup, article)))


def _results(soup: BeautifulSoup, url: str) -> list[tuple[str, Tag]]:
    """Name and list item of each article on a page of results."""
    found: dict[str, Tag] = {}
    for link in soup.select('a[href^="/articles/"]'):
        item = link.find_parent(["li", "article"])
        name = _ARTICLE.match(urlsplit(str(link["href"])).path)
        if name and item is not None and item.find("time") is not None:
            found.setdefault(name[1], item)
    if not found and soup.select_one('form input[name="q"]') is None:
        raise PageFormatError(f"{url} is not a page of search results: neither articles nor a search form is on it")
    return list(found.items())


def _has_more(soup: BeautifulSoup, page: int) -> bool:
    """Whether results follow this page: by the line "Showing 1–50 of 212 results", else by a link to the next."""
    if showing := _SHOWING.search(tidy(soup.get_text(" "))):
        return int(showing["last"].replace(",", "")) < int(showing["all"].replace(",", ""))
    following = re.compile(rf"[?&]page={page + 1}(&|$)")
    return any(following.search(str(link["href"])) for link in soup.select('a[href*="page="]'))


def _wanted(item: Tag, query: "Query") -> bool:
    """Whether the list says of an article what the query wants: open access, and its days of publication."""
    marks = (text_of(mark).casefold() for mark in item.select("span"))
    if query.open and not any(mark in ("open", "open access") for mark in marks):
        return False
    time = item.find("time")
    published = _date(str(time.get("datetime"))) if time else None
    if published is None:
        return True
    after, before = query.published_after, query.published_before
    return (after is None or published >= after) and (before is None or published <= before)


def _figures(soup: BeautifulSoup, article: Article) -> Iterator[FigureRef]:
    blocks = soup.select('figure, .c-article-supplementary__item[id^="Fig"]')
    number = 0
    for block in blocks:
        image = block.select_one("picture img, img, a[data-supp-info-image]")
        if image is None or block.find("table") is not None or block.find_parent(class_="c-article-table"):
            continue
        number += 1
        heading = text_of(block.select_one("figcaption, .c-article-supplementary__title"))
        described = ".c-article-section__figure-description, .c-article-supplementary__description"
        labelled = _LABEL.fullmatch(heading)
        yield FigureRef(
            id=f"{article.id}/fig{number}",
            article_id=article.id,
            number=number,
            label=labelled["label"] if labelled else f"Figure {number}",
            title=labelled["title"] if labelled else heading,
            caption=text_of(block.select_one(described)),
            image_urls=image_urls(str(image.get("data-supp-info-image") or image.get("src") or "")),
        )


def image_urls(shown: str) -> tuple[str, ...]:
    """The renditions of an image that a page shows, largest first; the one shown is always among them."""
    url = urljoin(SITE, shown.strip())
    if not shown.strip() or urlsplit(url).scheme not in ("http", "https"):
        return ()
    url = urlsplit(url)._replace(scheme="https", query="", fragment="").geturl()
    known = _RENDITION.match(url)
    if known is None:
        return (url,)
    renditions = [f"https://media.springernature.com/{size}/{known['image']}" for size in RENDITIONS]
    return tuple(dict.fromkeys([*renditions, url]))


def _metas(soup: BeautifulSoup, name: str) -> list[str]:
    return [str(meta.get("content", "")) for meta in soup.find_all("meta", attrs={"name": name})]


def _meta(soup: BeautifulSoup, name: str) -> str:
    return next(iter(_metas(soup, name)), "").strip()


def _date(text: str) -> dt.date | None:
    """A whole day, written 2018-09-13 or 2018/09/13; None for anything else (a month alone, "in press")."""
    try:
        return dt.date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None


def _given_name_first(author: str) -> str:
    family, comma, given = author.partition(", ")
    return f"{given} {family}" if comma else author
