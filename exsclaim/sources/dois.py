"""The source `dois`: works of a list of yours, DOIs and PMC numbers, each read from the open copy that there is.

Where a DOI's copy lies is asked of Unpaywall (`EXSCLAIM_CONTACT` has to be set), what it is of Crossref.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.arxiv import SITE as ARXIV
from exsclaim.sources.arxiv import Arxiv
from exsclaim.sources.catalogues import crossref
from exsclaim.sources.catalogues.open_copies import arxiv_id_in, read_copy, unpaywall
from exsclaim.sources.catalogues.pmc_bucket import listing_url
from exsclaim.sources.pmc import Pmc, pmcid_in

if TYPE_CHECKING:
    from exsclaim.query import Query

_RESOLVER = "https://doi.org/"
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class Dois:
    """The source `dois`."""

    name = "dois"
    version = "1"

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`: the list's works in its order; nobody is asked."""
        for work in query.works:
            url = listing_url(work) if work.startswith("PMC") else f"{_RESOLVER}{quote(work, safe='/')}"
            yield ArticleRef(source=self.name, url=url)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`. Raises GoneError where no open copy is known, SettingsError, PdfError."""
        if not ref.url.startswith(_RESOLVER):
            return self._own(Pmc().read(ref, client, fresh=fresh), pmcid_in(ref.url))
        doi = unquote(urlsplit(ref.url).path).lstrip("/")
        if not _DOI.fullmatch(doi):
            raise PageFormatError(f"{ref.url} is not the address of a DOI")
        if id := arxiv_id_in(doi):  # DataCite's, which Crossref does not know
            found = Arxiv().read(ArticleRef(source=Arxiv.name, url=f"{ARXIV}/abs/{id}"), client, fresh=fresh)
            return self._own(found, found.article.name)
        work, today = crossref.read_work(doi, client, source=self.name, fresh=fresh)
        article = work.article(source=self.name, url=f"{_RESOLVER}{doi}", today=today)
        if article.is_retracted:
            return FetchedArticle(article=article, figures=())
        return read_copy(article, unpaywall(doi, client, source=self.name, fresh=fresh), client, fresh=fresh)

    def _own(self, found: FetchedArticle, name: str) -> FetchedArticle:
        article = found.article.model_copy(update={"id": f"{self.name}/{name}", "name": name, "source": self.name})
        figures = tuple(
            figure.model_copy(update={"id": f"{article.id}/fig{figure.number}", "article_id": article.id})
            for figure in found.figures
        )
        return FetchedArticle(article=article, figures=figures)
