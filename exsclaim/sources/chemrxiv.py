"""ChemRxiv: preprints of chemistry through its Open Engage API, read from their PDFs.

https://chemrxiv.org/engage/chemrxiv/public-api/documentation: `items?term=…&limit=…&skip=…&sort=…` gives hits with
authors, licence, dates and the address of the PDF; `items/<id>` one of them.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import Field

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.licences import declared
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, Results, answer, promised
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.facts.publication_facts import bare_doi, is_retracted, written_date
from exsclaim.sources.html.html_text import parse, text_of, tidy
from exsclaim.sources.pdf import figure_refs, read_pdf
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://chemrxiv.org/engage/chemrxiv/public-api/v1/items"
PER_PAGE = 50
ORDERS = {"relevant": "RELEVANT_DESC", "recent": "PUBLISHED_DATE_DESC", "old": "PUBLISHED_DATE_ASC"}


class Item(ApiRecord):
    """One preprint in its newest version."""

    class _Author(ApiRecord):
        first: str = Field(default="", alias="firstName")
        last: str = Field(default="", alias="lastName")

    class _Licence(ApiRecord):
        name: str = ""
        url: str = ""

    class _Asset(ApiRecord):
        class _File(ApiRecord):
            url: str = ""

        original: _File = _File()

    id: str
    version: str = ""
    doi: str = ""
    title: str = ""
    abstract: str = ""
    status: str = ""
    authors: Listed[_Author] = []
    licence: _Licence = _Licence()
    published: str = Field(default="", alias="publishedDate")
    status_date: str = Field(default="", alias="statusDate")
    keywords: Listed[str] = []
    asset: _Asset = _Asset()

    def article(self, today: dt.date) -> Article:
        """The record of the preprint."""
        licence = declared(self.licence.url, self.licence.name)
        date = written_date(self.published) or written_date(self.status_date)
        title = text_of(parse(self.title)) if self.title else ""
        names = (tidy(f"{each.first} {each.last}") for each in self.authors)
        return Article(
            id=f"chemrxiv/{self.id}", name=self.id, source="chemrxiv",
            url=f"https://chemrxiv.org/engage/chemrxiv/article-details/{self.id}",
            doi=bare_doi(self.doi).lower() or None,
            title=title, authors=tuple(filter(None, names)), journal="ChemRxiv",
            published=date.day if date else None, published_precision=date.precision if date else "day",
            licence=licence.id, licence_url=licence.url, is_open=licence.is_open, retrieved_at=today,
            is_retracted=self.status.upper() in ("WITHDRAWN", "RETRACTED", "REMOVED") or is_retracted(title),
            abstract=text_of(parse(self.abstract)) if self.abstract else "", keywords=tuple(self.keywords),
        )  # fmt: skip


class _Hits(ApiRecord):
    class Hit(ApiRecord):
        item: Item

    total: int = Field(default=0, alias="totalCount")
    hits: Results[Hit] = Field(alias="itemHits")


class ChemRxiv:
    """The source `chemrxiv`."""

    name = "chemrxiv"
    version = source_version(3, "pdf")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): every combination of terms in turn."""
        seen: set[str] = set()
        for terms in query.searches:
            pages = ResultPages()
            while pages.follow:
                url = search_url(query, terms, pages.met)
                response = client.page(url, source=self.name, fresh=True)
                found = answer(_Hits, client.store.read(response.sha256), url)
                items = [hit.item for hit in promised(found.hits, url)]
                for item in items:
                    if item.id not in seen:
                        seen.add(item.id)
                        yield ArticleRef(source=self.name, url=f"{API}/{item.id}", version=item.version)
                pages.met_on(url, len(found.hits), (item.id for item in items), found.total)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`): figures from the preprint's PDF. Raises PdfError, too."""
        response = client.page(ref.url, source=self.name, fresh=fresh)
        item = answer(Item, client.store.read(response.sha256), ref.url)
        article = item.article(response.fetched_on)
        if article.is_retracted:
            return FetchedArticle(article=article, figures=())
        address = item.asset.original.url
        if not address.startswith("https://"):
            raise PageFormatError(f"{ref.url}: no address of the preprint's PDF is given, but {address[:100]!r}")
        pdf = read_pdf(client.store.read(client.file(address, source=self.name, fresh=fresh).sha256))
        figures = figure_refs(pdf, article.id, article.licence, address, client.store)
        return FetchedArticle(article=article, figures=figures)


def search_url(query: "Query", terms: tuple[str, ...], skipped: int) -> str:
    """Hits behind the first `skipped`; the API knows phrases in quotes and no other operators."""
    fields: dict[str, object] = {
        "term": " ".join(f'"{term.replace(chr(34), " ").strip()}"' for term in terms), "sort": ORDERS[query.sortby],
        "limit": PER_PAGE, "skip": skipped,
    }  # fmt: skip
    if query.published_after:
        fields["searchDateFrom"] = f"{query.published_after}T00:00:00.000Z"
    if query.published_before:
        fields["searchDateTo"] = f"{query.published_before}T23:59:59.999Z"
    return f"{API}?{urlencode(fields)}"
