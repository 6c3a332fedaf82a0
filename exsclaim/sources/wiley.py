"""Wiley Online Library: found through Crossref, read from the PDF that Wiley's text-and-data-mining API gives.

https://onlinelibrary.wiley.com/library-info/resources/text-and-datamining: `/onlinelibrary/tdm/v1/articles/<DOI>` with
the header `Wiley-TDM-Client-Token`; three articles a second, sixty in ten minutes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from exsclaim.errors import BlockedError, TransientFetchError
from exsclaim.http import Client, Credentials
from exsclaim.http.credentials import secret
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import crossref
from exsclaim.sources.pdf import figure_refs, read_pdf
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://api.wiley.com/onlinelibrary/tdm/v1/articles"
MEMBER = 311
"""Of Crossref."""
KEY = "EXSCLAIM_WILEY_KEY"
WHERE = "get a client token at https://onlinelibrary.wiley.com/library-info/resources/text-and-datamining"
PAUSE_S = 10.0


class Wiley:
    """The source `wiley`."""

    name = "wiley"
    version = source_version(4, "pdf")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`); what Crossref knows of licences and dates saves documents that are not wanted."""
        self.credentials()
        for work in crossref.search(query, client, source=self.name, member=MEMBER):
            yield ArticleRef(source=self.name, url=f"{API}/{quote(work.doi, safe='')}")

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`): facts and licence from Crossref, figures from the PDF. Raises PdfError."""
        key = self.credentials()
        doi = unquote(urlsplit(ref.url).path.rpartition("/")[2])
        work, _ = crossref.read_work(doi, client, source=self.name, fresh=fresh)
        try:
            response = client.file(ref.url, source=self.name, fresh=fresh, credentials=key)
        except TransientFetchError as error:
            if error.status == 200 and error.cause.endswith("it is empty"):
                cause = f"not entitled: Wiley answers with nothing; is {doi} open, or does your institution have it?"
                raise BlockedError(ref.url, cause, status=200) from error
            raise
        page = f"https://onlinelibrary.wiley.com/doi/{doi}"
        article = work.article(source=self.name, url=page, today=response.fetched_on)
        if article.is_retracted:
            return FetchedArticle(article=article, figures=())
        pdf = read_pdf(client.store.read(response.sha256))
        address = f"https://onlinelibrary.wiley.com/doi/pdf/{doi}"
        figures = figure_refs(pdf, article.id, article.licence, address, client.store)
        return FetchedArticle(article=article, figures=figures)

    def credentials(self) -> Credentials:
        """The key, for `sources.credentials`."""
        token = {"Wiley-TDM-Client-Token": secret(KEY, WHERE)}
        return Credentials("api.wiley.com", KEY, headers=token, pause_s=PAUSE_S)
