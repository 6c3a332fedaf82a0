"""OpenAlex: works of all publishers with an open copy, read from PMC, arXiv, or the PDF that it names.

https://developers.openalex.org: `/works` with `search`, `filter`, `cursor` and up to 100 works a page; a free key is
needed (https://openalex.org/settings/api). It covers the open parts of ACS, RSC, Wiley, MDPI, IOP, AIP and others.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pydantic import Field

from exsclaim.http import Client, Credentials
from exsclaim.http.credentials import secret
from exsclaim.licences import declared, normalised
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, Results, answer, promised
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.dois import Copy, Location, pmcid_in_address, ranked, read_copy
from exsclaim.sources.facts.publication_facts import bare_doi, is_retracted, written_date
from exsclaim.sources.html.html_text import parse, text_of, tidy
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://api.openalex.org/works"
PER_PAGE = 100
KEY = "EXSCLAIM_OPENALEX_KEY"
WHERE = "get a free key at https://openalex.org/settings/api"
ORDERS = {"relevant": "relevance_score:desc", "recent": "publication_date:desc", "old": "publication_date:asc"}
_FIELDS = (
    "id", "doi", "title", "publication_date", "type", "is_retracted", "ids", "authorships", "primary_location",
    "best_oa_location", "locations", "abstract_inverted_index", "keywords",
)  # fmt: skip
_CODES = {
    "CC-BY": "cc-by", "CC-BY-NC": "cc-by-nc", "CC-BY-SA": "cc-by-sa", "CC-BY-ND": "cc-by-nd",
    "CC-BY-NC-SA": "cc-by-nc-sa", "CC-BY-NC-ND": "cc-by-nc-nd", "CC0": "public-domain",
    "public-domain": "public-domain",
}  # fmt: skip


class _Named(ApiRecord):
    name: str = Field(default="", alias="display_name")


class _Place(Location):
    source: _Named = _Named()


class Work(ApiRecord):
    """One work, in the fields that are of use here."""

    class _Authorship(ApiRecord):
        author: _Named = _Named()

    id: str
    doi: str = ""
    title: str = ""
    published: str = Field(default="", alias="publication_date")
    kind: str = Field(default="", alias="type")
    is_retracted: bool = False
    ids: dict[str, Any] = {}
    authors: Listed[_Authorship] = Field(default=[], alias="authorships")
    primary: _Place = Field(default=_Place(), alias="primary_location")
    best: _Place = Field(default=_Place(), alias="best_oa_location")
    places: Listed[_Place] = Field(default=[], alias="locations")
    index: dict[str, list[int]] = Field(default={}, alias="abstract_inverted_index")
    keywords: Listed[_Named] = []

    @property
    def name(self) -> str:
        return self.id.rsplit("/", 1)[-1]

    def copies(self) -> list[Copy]:
        """Open copies, the best first."""
        known = [Copy(pmcid=pmcid_in_address(str(self.ids.get("pmcid") or "")), licence=declared(self.best.license))]
        found = [copy for place in (self.best, *self.places) if place.is_oa for copy in place.copies()]
        return ranked([copy for copy in (*known, *found) if copy.pmcid or copy.arxiv or copy.pdf])

    def article(self, today: dt.date) -> Article:
        """The record of the work. Its licence is that of its best open copy."""
        date = written_date(self.published)
        doi = bare_doi(self.doi).lower()
        licence = declared(self.best.license)
        title = text_of(parse(self.title)) if self.title else ""
        words = sorted((at, word) for word, places in self.index.items() for at in places)
        return Article(
            id=f"openalex/{self.name}", name=self.name, source="openalex",
            url=f"https://doi.org/{doi}" if doi else self.id, doi=doi or None, title=title,
            authors=tuple(filter(None, (each.author.name for each in self.authors))), journal=self.primary.source.name,
            published=date.day if date else None, published_precision=date.precision if date else "day",
            licence=licence.id, licence_url=licence.url, is_open=licence.is_open, retrieved_at=today,
            is_retracted=self.is_retracted or is_retracted(title), abstract=tidy(" ".join(word for _, word in words)),
            keywords=tuple(filter(None, (each.name for each in self.keywords))),
        )  # fmt: skip


class _Page(ApiRecord):
    class Meta(ApiRecord):
        count: int = 0
        cursor: str = Field(default="", alias="next_cursor")

    meta: Meta = Meta()
    results: Results[Work]


class OpenAlex:
    """The source `openalex`."""

    name = "openalex"
    version = source_version(3, "pdf", "jats", "latex")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): in titles, abstracts and full texts; only works that have an open copy."""
        key = self.credentials()
        cursor, pages, seen = "*", ResultPages(), set[str]()
        while pages.follow:
            url = search_url(query, cursor)
            response = client.page(url, source=self.name, fresh=True, credentials=key)
            page = answer(_Page, client.store.read(response.sha256), url)
            works = promised(page.results, url)
            for work in works:
                if work.id not in seen and (work.copies() or work.is_retracted):
                    seen.add(work.id)
                    yield ArticleRef(source=self.name, url=work_url(work.name))
            is_last = page.meta.cursor in ("", cursor)
            pages.met_on(url, len(page.results), (work.id for work in works), page.meta.count, is_last=is_last)
            cursor = page.meta.cursor

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`): the first open copy that can be read: PMC's, arXiv's or a PDF. Raises PdfError, too."""
        response = client.page(ref.url, source=self.name, fresh=fresh, credentials=self.credentials())
        work = answer(Work, client.store.read(response.sha256), ref.url)
        article = work.article(response.fetched_on)
        if article.is_retracted:
            return FetchedArticle(article=article, figures=())
        return read_copy(article, work.copies(), client, fresh=fresh)

    def credentials(self) -> Credentials:
        """The key, for `sources.credentials`."""
        return Credentials("api.openalex.org", KEY, params={"api_key": secret(KEY, WHERE)})


def search_url(query: "Query", cursor: str) -> str:
    """One page of works: alternatives joined by OR, fields by AND, every term a phrase."""
    fields = [" OR ".join(f'"{_words(term)}"' for term in field.alternatives) for field in query.query.values()]
    conditions = ["is_oa:true", "type:article|review|preprint|letter"]
    conditions += [f"from_publication_date:{query.published_after}"] if query.published_after else []
    conditions += [f"to_publication_date:{query.published_before}"] if query.published_before else []
    codes = [_CODES.get(normalised(name).rstrip("0123456789.").rstrip("-")) for name in query.licences]
    if codes and None not in codes:
        conditions.append(f"best_oa_location.license:{'|'.join(dict.fromkeys(code for code in codes if code))}")
    asked = {
        "search": " AND ".join(f"({field})" for field in fields), "filter": ",".join(conditions),
        "sort": ORDERS[query.sortby], "select": ",".join(_FIELDS),
        "per-page": min(PER_PAGE, query.maximum_scraped), "cursor": cursor,
    }  # fmt: skip
    return f"{API}?{urlencode(asked)}"


def work_url(name: str) -> str:
    """The address of one work, `W2741809807`, in the API."""
    return f"{API}/{name}?{urlencode({'select': ','.join(_FIELDS)})}"


def _words(term: str) -> str:
    return " ".join(term.replace('"', " ").replace("\\", " ").split())
