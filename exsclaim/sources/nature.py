"""nature.com: the journals of Nature Portfolio, from their public search and article pages.

Learnt from pages recorded 2020-21 (old and new layout) and from the attributes that the site's own scripts use.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from lxml import etree

from exsclaim.errors import PageFormatError, TransientFetchError
from exsclaim.http import Client
from exsclaim.http.addresses import address_parts, joined_address
from exsclaim.licences import declared, first_licence
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.facts.publication_facts import is_retracted, written_date
from exsclaim.sources.html import publisher_pages
from exsclaim.sources.html.css_selectors import select, select_one
from exsclaim.sources.html.html_text import parse, refuse_if_too_large, text_of, tidy
from exsclaim.sources.html.meta_tags import page_facts
from exsclaim.sources.html.page_figures import figures_on
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://www.nature.com"
ORDERS = {"relevant": "relevance", "recent": "date_desc", "old": "date_asc"}
RENDITIONS = ("full", "lw1200", "lw685")
"""Of media.springernature.com, largest first: as uploaded, 1200 and 685 px wide."""

_ARTICLE = re.compile(r"/articles/([A-Za-z0-9][A-Za-z0-9._-]{0,99})/?$")
_SHOWING = re.compile(r"Showing\s+[\d,]+\s*[–-]\s*(?P<last>[\d,]+)\s+of\s+(?P<all>[\d,]+)\s+result")
_RENDITION = re.compile(r"^https://media\.springernature\.com/[a-z0-9]+/(?P<image>springer-static/.+)$")


class Nature:
    """The source `nature`."""

    name = "nature"
    version = source_version(6, "html")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): every combination of terms in turn, each through all its pages of results."""
        seen: set[str] = set()
        for terms in query.searches:
            pages = ResultPages()
            while pages.follow:
                url = search_url(query, terms, pages.number)
                # results change from day to day: the stored page is used only where the site says it is the same
                response = client.page(url, source=self.name, fresh=True)
                results = _parsed_results(client.store.read(response.sha256), url)
                found = _hits(results, url)
                if pages.met and not found:
                    raise TransientFetchError(url, f"no results are on it, though more were to follow the {pages.met}")
                for name, item in found.items():
                    if name not in seen and _wanted(item, query):
                        yield ArticleRef(source=self.name, url=f"{SITE}/articles/{name}")
                seen.update(found)
                pages.met_on(url, len(found), found, is_last=not _has_more(results, pages.number))

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`). Articles behind a paywall have titles and thumbnails of figures, but no captions."""
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
        PageFormatError: the page is not an article's, or too large, or `url` is not an article's address.
    """
    refuse_if_too_large(page, url)
    soup = parse(page)
    address = _ARTICLE.search(urlsplit(url).path)
    facts = page_facts(soup)
    title = text_of(select_one(soup, "h1.c-article-title")) or facts.title
    if address is None or not title or not (facts.doi or facts.journal):
        raise PageFormatError(
            f"{url} is not an article of nature.com: its address or its title, DOI and journal are missing"
        )
    name = address[1]
    article = publisher_pages.article_of(soup, url, fetched_on, source="nature")
    rights = select(soup, '[data-title="Rights and permissions"], #rightslink-section, #rightslink-content')
    links = (str(link["href"]) for section in rights for link in select(section, "a[href]"))
    licence = first_licence(links) or declared(*map(text_of, rights))
    is_marked_open = select_one(soup, ".c-article-header [data-test=open-access]") is not None
    article = article.model_copy(
        update={
            "id": f"nature/{name}", "name": name, "title": title, "doi": facts.doi or None,
            "licence": licence.id, "licence_url": licence.url, "is_open": licence.is_open or is_marked_open,
            "is_retracted": article.is_retracted or is_retracted(title),
        }
    )  # fmt: skip
    shown = [
        figure._replace(images=tuple(address for image in figure.images for address in image_urls(image)))
        for figure in figures_on(soup)
    ]
    return FetchedArticle(article=article, figures=publisher_pages.figure_refs(soup, shown, article, url))


def _parsed_results(page: bytes, url: str) -> Any:
    """A page of results as lxml's tree: BeautifulSoup takes forty times as long for the same."""
    tree = etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))
    if tree is None:
        raise PageFormatError(f"{url} is not a page of search results: it is empty")
    return tree


def _hits(results: Any, url: str) -> dict[str, Any]:
    """Name and list item of each article on a page of results."""
    found: dict[str, Any] = {}
    for link in results.iterfind(".//a[@href]"):
        address = link.get("href")
        name = _ARTICLE.match(address_parts(address).path) if address.startswith("/articles/") else None
        item = next(link.iterancestors("li", "article"), None) if name else None
        if name and item is not None and item.find(".//time") is not None:
            found.setdefault(name[1], item)
    if not found and not results.xpath('.//form//input[@name="q"]'):
        raise PageFormatError(f"{url} is not a page of search results: neither articles nor a search form is on it")
    return found


def _has_more(results: Any, page: int) -> bool:
    """Tell whether results follow this page: by the line "Showing 1–50 of 212 results", else by a link to the next."""
    text = tidy(" ".join(results.xpath(".//text()[not(parent::script or parent::style)]")))
    if showing := _SHOWING.search(text):
        return int(showing["last"].replace(",", "")) < int(showing["all"].replace(",", ""))
    following = re.compile(rf"[?&]page={page + 1}(&|$)")
    return any(following.search(link.get("href")) for link in results.iterfind(".//a[@href]"))


def _wanted(item: Any, query: "Query") -> bool:
    """Tell whether an article of the list is what the query wants: open access, and its days of publication."""
    marks = (tidy("".join(mark.itertext())).casefold() for mark in item.iterfind(".//span"))
    if query.open and not any(mark in ("open", "open access") for mark in marks):
        return False
    after, before = query.published_after, query.published_before
    if after is None and before is None:
        return True
    published = written_date(item.find(".//time").get("datetime") or "")
    if published is None or published.precision != "day":
        return True
    return (after is None or published.day >= after) and (before is None or published.day <= before)


def image_urls(shown: str) -> tuple[str, ...]:
    """The renditions of an image that a page shows, largest first; the one shown is always among them."""
    url = joined_address(SITE, shown.strip())
    if not shown.strip() or address_parts(url).scheme not in ("http", "https"):
        return ()
    url = urlsplit(url)._replace(scheme="https", query="", fragment="").geturl()
    known = _RENDITION.match(url)
    if known is None:
        return (url,)
    renditions = [f"https://media.springernature.com/{size}/{known['image']}" for size in RENDITIONS]
    return tuple(dict.fromkeys([*renditions, url]))
