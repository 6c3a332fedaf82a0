"""Europe PMC: open-access articles with their full text as JATS; images from PMC's bucket, else from Europe PMC."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from exsclaim.errors import GoneError
from exsclaim.http import Client
from exsclaim.records import ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import europepmc_search
from exsclaim.sources.catalogues.pmc_bucket import SUFFIXES, Deposit, deposit
from exsclaim.sources.jats.figure_references import figure_refs
from exsclaim.sources.jats.jats_article import read_jats
from exsclaim.sources.pmc import pmcid_in, retracted_article, with_metadata

if TYPE_CHECKING:
    from exsclaim.query import Query

SITE = "https://europepmc.org"


class EuropePmc:
    """The source `europepmc`."""

    name = "europepmc"
    version = "2"

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`; retracted articles are found too, so that it can be said that they are left out."""
        for pmcid, is_retracted in europepmc_search.search(query, self.name, client):
            version = europepmc_search.RETRACTED if is_retracted else ""
            yield ArticleRef(source=self.name, url=full_text_url(pmcid), version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`. Retracted is what the search, PMC's metadata or the article itself say to be."""
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


def full_text_url(pmcid: str) -> str:
    """The address of an article's JATS."""
    return f"{europepmc_search.REST}/{pmcid}/fullTextXML"


def _shown(pmcid: str, href: str) -> tuple[str, ...]:
    """The addresses under which Europe PMC's own pages show a graphic."""
    name = href.rsplit("/", 1)[-1]
    stem, dot, suffix = name.rpartition(".")
    if dot and f".{suffix.lower()}" in SUFFIXES:
        name = stem
    return (f"{SITE}/articles/{pmcid}/bin/{quote(name)}.jpg",) if name else ()
