"""Elsevier's APIs: articles of ScienceDirect as XML, their figures as the publisher has them.

Search: Scopus Search API, a GET that every key may use, kept to Elsevier's own DOIs; ScienceDirect's search wants PUT
and a subscription (https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl). Articles:
`/content/article/doi/…` (https://dev.elsevier.com/documentation/ArticleRetrievalAPI.wadl); figures, whose
addresses the article lists: `/content/object/eid/…` (https://dev.elsevier.com/documentation/ObjectRetrievalAPI.wadl).
What a key opens depends on the institution: on its network, or with an institutional token.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from pydantic import Field

from exsclaim.http import Client, Credentials
from exsclaim.http.credentials import secret
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues.api_answers import ApiRecord, Results, answer, promised
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.elsevier_xml import read_article
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://api.elsevier.com/content"
PER_PAGE = 200
"""The most that a search in the STANDARD view gives at once."""
MAX_FIRST = 5000
"""Scopus gives no more results of one search."""
PREFIX = "10.1016/"
"""Of Elsevier's DOIs."""
KEY, TOKEN = "EXSCLAIM_ELSEVIER_KEY", "EXSCLAIM_ELSEVIER_INSTTOKEN"
WHERE = "get a key at https://dev.elsevier.com"
ORDERS = {"relevant": "relevancy", "recent": "-coverDate", "old": "+coverDate"}


class _Found(ApiRecord):
    class Search(ApiRecord):
        class Entry(ApiRecord):
            doi: str = Field(default="", alias="prism:doi")

        total: int = Field(alias="opensearch:totalResults")
        entry: Results[Entry] = []

    results: Search = Field(alias="search-results")


class Elsevier:
    """The source `elsevier`."""

    name = "elsevier"
    version = source_version(3, "elsevier")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): in titles, abstracts and keywords, which is what Scopus looks at."""
        key = self.credentials()
        seen: set[str] = set()
        for terms in query.searches:
            pages = ResultPages(MAX_FIRST)
            while pages.follow:
                url = search_url(query, terms, pages.met)
                response = client.page(url, source=self.name, fresh=True, credentials=key)
                results = answer(_Found, client.store.read(response.sha256), url).results
                dois = [entry.doi for entry in promised(results.entry, url)]
                for doi in dois:
                    if doi.startswith(PREFIX) and doi not in seen:
                        seen.add(doi)
                        yield ArticleRef(source=self.name, url=article_url(doi))
                pages.met_on(url, len(results.entry), filter(None, dois), results.total)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`)."""
        response = client.page(ref.url, source=self.name, fresh=fresh, credentials=self.credentials())
        return read_article(client.store.read(response.sha256), ref.url, response.fetched_on)

    def credentials(self) -> Credentials:
        """The key, and the institution's token where there is one."""
        headers = {"X-ELS-APIKey": secret(KEY, WHERE)}
        if os.environ.get(TOKEN, "").strip():
            headers["X-ELS-Insttoken"] = secret(TOKEN, WHERE)
        return Credentials("api.elsevier.com", KEY, headers=headers)


def search_url(query: "Query", terms: tuple[str, ...], first: int) -> str:
    """Results from `first` on (counted from 0): every term is a phrase, and all of them must occur."""
    wanted = [f'TITLE-ABS-KEY("{term.replace(chr(34), " ").strip()}")' for term in terms]
    wanted += [f"DOI({PREFIX}*)"]
    wanted += ["OPENACCESS(1)"] if query.open else []
    wanted += [f"PUBYEAR > {query.published_after.year - 1}"] if query.published_after else []
    wanted += [f"PUBYEAR < {query.published_before.year + 1}"] if query.published_before else []
    fields = {
        "query": " AND ".join(wanted), "start": first, "count": PER_PAGE, "sort": ORDERS[query.sortby],
        "view": "STANDARD", "field": "prism:doi", "httpAccept": "application/json",
    }  # fmt: skip
    return f"{API}/search/scopus?{urlencode(fields)}"


def article_url(doi: str) -> str:
    """The address of an article's XML, text and list of images included."""
    return f"{API}/article/doi/{quote(doi)}?{urlencode({'view': 'FULL', 'httpAccept': 'text/xml'})}"
