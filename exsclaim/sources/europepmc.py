"""Europe PMC: open-access articles, and preprints of bioRxiv, medRxiv, Research Square and others, as JATS.

Images of articles come from PMC's bucket, else from Europe PMC; those of preprints as its own pages show them
(https://europepmc.org/api/fulltextRepo). Preprints: https://europepmc.org/Preprints (`SRC:PPR`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from exsclaim.errors import GoneError, PageFormatError
from exsclaim.http import Client
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import europepmc_search
from exsclaim.sources.jats.jats_article import figure_refs, read_jats
from exsclaim.sources.pmc import SUFFIXES, Deposit, deposit, pmcid_in, retracted_article, with_metadata
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://europepmc.org"


class EuropePmc:
    """The source `europepmc`."""

    name = "europepmc"
    version = source_version(3, "jats")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`); retracted articles are found too, so that it can be said that they are left out."""
        for pmcid, version in europepmc_search.search(query, self.name, client):
            yield ArticleRef(source=self.name, url=_full_text_url(pmcid), version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`). Retracted is what the search, PMC's metadata or the article itself say to be."""
        pmcid, is_retracted = pmcid_in(ref.url), ref.version == europepmc_search.RETRACTED
        url = f"{SITE}/article/PMC/{pmcid}"
        found = self._deposit(pmcid, client, fresh or is_retracted)
        if found is not None and (is_retracted or found.metadata.is_retracted):
            return FetchedArticle(article=retracted_article(found, self.name, pmcid, url), figures=())
        response = client.page(ref.url, source=self.name, fresh=fresh)
        jats = read_jats(client.store.read(response.sha256), ref.url)
        article = jats.record(source=self.name, name=pmcid, url=url, retrieved_at=response.fetched_on)
        if found is not None:
            article = with_metadata(article, jats, found)
        if is_retracted or article.is_retracted:
            return FetchedArticle(article=article.model_copy(update={"is_retracted": True}), figures=())

        def images(href: str) -> tuple[str, ...]:
            deposited = found.images(href) if found is not None else ()
            return (*deposited, *_shown(pmcid, href))

        return FetchedArticle(article=article, figures=figure_refs(jats, article, images, self.name, client))

    def _deposit(self, pmcid: str, client: Client, fresh: bool) -> Deposit | None:
        try:
            return deposit(pmcid, self.name, client, fresh=fresh)
        except GoneError:
            return None  # Europe PMC has articles that PMC has not


def _full_text_url(id: str) -> str:
    """The address of the JATS of an article (by its PMC number) or preprint (PPR…)."""
    return f"{europepmc_search.REST}/{id}/fullTextXML"


def _shown(pmcid: str, href: str) -> tuple[str, ...]:
    """The addresses under which Europe PMC's own pages show a graphic."""
    name = href.rsplit("/", 1)[-1]
    stem, dot, suffix = name.rpartition(".")
    if dot and f".{suffix.lower()}" in SUFFIXES:
        name = stem
    return (f"{SITE}/articles/{pmcid}/bin/{quote(name)}.jpg",) if name else ()


class Preprints:
    """The source `preprints`."""

    name = "preprints"
    version = source_version(2, "jats")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`); withdrawn preprints are found too, so that they can be said to be left out."""
        for id, version in europepmc_search.search_preprints(query, self.name, client):
            yield ArticleRef(source=self.name, url=_full_text_url(id), version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`)."""
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
            return _shown_preprint(id, href)

        return FetchedArticle(article=article, figures=figure_refs(jats, article, images, self.name, client))


def _shown_preprint(id: str, href: str) -> tuple[str, ...]:
    """The address under which Europe PMC's pages show a graphic: the deposited file as JPEG."""
    name = href.rsplit("/", 1)[-1]
    if not name:
        return ()
    files = [name] if name.lower().endswith((".jpg", ".jpeg")) else [f"{name}.jpg"]
    files += [] if name.lower().endswith(SUFFIXES) else [f"{name}.tif.jpg"]
    fields = {"pprId": id, "type": "FILE", "mimeType": "image/jpeg"}
    return tuple(f"{SITE}/api/fulltextRepo?{urlencode({**fields, 'fileName': file})}" for file in files)
