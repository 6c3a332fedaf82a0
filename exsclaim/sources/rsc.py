"""Royal Society of Chemistry: pubs.rsc.org's search and the HTML of its articles, as they were recorded 2008-18.

Off by default (`exsclaim.sources.html.publisher_pages`).
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.http.addresses import address_parts
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.html.css_selectors import select, select_one
from exsclaim.sources.html.html_text import parse, text_of, tidy
from exsclaim.sources.html.publisher_pages import read_page, require_leave
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://pubs.rsc.org"
MAX_PAGES = 1000
ORDERS = {"relevant": "Relevance", "recent": "LatestFirst", "old": "OldestFirst"}
_ARTICLE = re.compile(r"/en/content/articlehtml/\d{4}/[a-z]{2}/[a-z0-9]{9,12}", re.IGNORECASE)
_SHOWING = re.compile(r"Showing page (?P<page>\d+) of (?P<pages>\d+)")


class Rsc:
    """The source `rsc`."""

    name = "rsc"
    version = source_version(5, "html")

    def require(self) -> None:
        """Require what `Conditional.require` says."""
        require_leave(self.name)

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`); articles of which there is no HTML are passed over."""
        self.require()
        seen: set[str] = set()
        for terms in query.searches:
            for page in range(1, MAX_PAGES + 1):
                url = search_url(query, terms, page)
                response = client.page(url, source=self.name, fresh=True)
                soup = parse(client.store.read(response.sha256))
                for address in found_on(soup, url):
                    if address not in seen:
                        seen.add(address)
                        yield ArticleRef(source=self.name, url=address)
                if not has_more(soup):
                    break

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`)."""
        self.require()
        response = client.page(ref.url, source=self.name, fresh=fresh)
        return read_page(client.store.read(response.sha256), ref.url, response.fetched_on, source=self.name)


def search_url(query: "Query", terms: tuple[str, ...], page: int) -> str:
    """One page of results (from 1); every term is a phrase, and all of them must occur."""
    phrases = " ".join(f'"{term.replace(chr(34), " ").strip()}"' for term in terms)
    fields = {"searchtext": phrases, "sortby": ORDERS[query.sortby], "pageno": page}
    return f"{SITE}/en/results?{urlencode(fields)}"


def found_on(soup: BeautifulSoup, url: str) -> list[str]:
    """Addresses of the articles on a page of results, in its order.

    Raises:
        PageFormatError: it is no page of results.
    """
    links = (address_parts(str(link["href"])).path for link in select(soup, '.capsule a[href*="/articlehtml/" i]'))
    found = [f"{SITE}{path.lower()}" for path in links if _ARTICLE.fullmatch(path)]
    if not found and select_one(soup, '.capsule, form[action*="/results" i], input[name="SearchText" i]') is None:
        raise PageFormatError(f"{url} is not a page of search results: neither articles nor a search form is on it")
    return list(dict.fromkeys(found))


def has_more(soup: BeautifulSoup) -> bool:
    """Tell whether results follow: by the line "Showing page 1 of 55"."""
    showing = _SHOWING.search(tidy(text_of(select_one(soup, "body") or soup)))
    return showing is not None and int(showing["page"]) < int(showing["pages"])
