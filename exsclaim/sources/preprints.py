"""Preprints of bioRxiv, medRxiv, Research Square and others whose full text Europe PMC has as JATS (`SRC:PPR`).

https://europepmc.org/Preprints. Images: https://europepmc.org/api/fulltextRepo, by which its own pages show them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import europepmc_search
from exsclaim.sources.catalogues.pmc_bucket import SUFFIXES
from exsclaim.sources.jats.figure_references import figure_refs
from exsclaim.sources.jats.jats_article import read_jats

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://europepmc.org"


class Preprints:
    """The source `preprints`."""

    name = "preprints"
    version = "1"

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`; withdrawn preprints are found too, so that it can be said that they are left out."""
        for id, is_retracted in europepmc_search.search_preprints(query, self.name, client):
            version = europepmc_search.RETRACTED if is_retracted else ""
            yield ArticleRef(source=self.name, url=f"{europepmc_search.REST}/{id}/fullTextXML", version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`."""
        found = europepmc_search.PREPRINT.search(ref.url)
        if found is None:
            raise PageFormatError(f"{ref.url} is not the address of a preprint in Europe PMC")
        id = found[0]
        response = client.page(ref.url, source=self.name, fresh=fresh)
        jats = read_jats(client.store.read(response.sha256), ref.url)
        url = f"{SITE}/article/PPR/{id}"
        article = jats.record(source=self.name, name=id, url=url, retrieved_at=response.fetched_on)
        if article.is_retracted or ref.version == europepmc_search.RETRACTED:
            return FetchedArticle(article=article.model_copy(update={"is_retracted": True}), figures=())

        def images(href: str) -> tuple[str, ...]:
            return _shown(id, href)

        return FetchedArticle(article=article, figures=figure_refs(jats, article, images, self.name, client))


def _shown(id: str, href: str) -> tuple[str, ...]:
    """The address under which Europe PMC's pages show a graphic: the deposited file as JPEG."""
    name = href.rsplit("/", 1)[-1]
    if not name:
        return ()
    files = [name] if name.lower().endswith((".jpg", ".jpeg")) else [f"{name}.jpg"]
    files += [] if name.lower().endswith(SUFFIXES) else [f"{name}.tif.jpg"]
    fields = {"pprId": id, "type": "FILE", "mimeType": "image/jpeg"}
    return tuple(f"{SITE}/api/fulltextRepo?{urlencode({**fields, 'fileName': file})}" for file in files)
