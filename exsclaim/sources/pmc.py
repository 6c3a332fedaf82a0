"""PubMed Central: its open-access articles, found through Europe PMC and read from PMC's bucket at Amazon."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.licences import UNKNOWN, declared
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import europepmc_search
from exsclaim.sources.catalogues.pmc_bucket import Deposit, address, deposit, listing_url
from exsclaim.sources.facts.retractions import is_retracted as is_marked
from exsclaim.sources.jats.figure_references import figure_refs
from exsclaim.sources.jats.jats_article import JatsArticle, read_jats

if TYPE_CHECKING:
    from exsclaim.query import Query

_PMCID = re.compile(r"\bPMC\d{1,10}(?=\.|$|/)")


class Pmc:
    """The source `pmc`."""

    name = "pmc"
    version = "2"

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`; retracted articles are found too, so that it can be said that they are left out."""
        for pmcid, is_retracted in europepmc_search.search(query, self.name, client):
            version = europepmc_search.RETRACTED if is_retracted else ""
            yield ArticleRef(source=self.name, url=listing_url(pmcid), version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`: the newest version. Of a retracted article only the metadata are fetched."""
        pmcid = pmcid_in(ref.url)
        is_retracted = ref.version == europepmc_search.RETRACTED
        found = deposit(pmcid, self.name, client, fresh=fresh or is_retracted)
        url = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
        if is_retracted or found.metadata.is_retracted or is_marked(found.metadata.title or ""):
            return FetchedArticle(article=retracted_article(found, self.name, pmcid, url), figures=())
        xml_url = address(found.metadata.xml_url or "")
        if xml_url is None:
            raise PageFormatError(f"{ref.url}: the metadata of {pmcid} name no XML in PMC's bucket")
        jats = read_jats(client.store.read(client.page(xml_url, source=self.name, fresh=fresh).sha256), xml_url)
        article = jats.record(source=self.name, name=pmcid, url=url, retrieved_at=found.fetched_on)
        article = with_metadata(article, jats, found)
        return FetchedArticle(article=article, figures=figure_refs(jats, article, found.images, self.name, client))


def pmcid_in(url: str) -> str:
    """The PMC number that an address of this source or of `europepmc` carries.

    Raises:
        PageFormatError: it carries none.
    """
    found = _PMCID.search(url)
    if found is None:
        raise PageFormatError(f"{url} is not the address of an article of PMC")
    return found[0]


def with_metadata(article: Article, jats: JatsArticle, found: Deposit) -> Article:
    """The article with what its JATS leaves open and the bucket's metadata tell: licence, day, DOI."""
    code = declared(found.metadata.license_code)
    changes: dict[str, object] = {"is_open": article.is_open or found.metadata.is_pmc_openaccess}
    if not article.licence.startswith("CC") and code.id != UNKNOWN:
        changes |= {"licence": code.id, "licence_url": code.url or article.licence_url}
    if found.metadata.published is not None and (article.published is None or article.published_precision != "day"):
        changes |= {"published": found.metadata.published, "published_precision": "day"}
    if article.doi is None:
        changes["doi"] = found.metadata.doi
    return article.model_copy(update=changes)


def retracted_article(found: Deposit, source: str, pmcid: str, url: str) -> Article:
    """The record of a retracted article, by the bucket's metadata."""
    known = found.metadata
    licence = declared(known.license_code)
    return Article(
        id=f"{source}/{pmcid}", name=pmcid, source=source, url=url, doi=known.doi,
        title=known.title or known.citation or pmcid, authors=(), journal="", published=known.published,
        licence=licence.id, licence_url=licence.url, is_open=known.is_pmc_openaccess, retrieved_at=found.fetched_on,
        is_retracted=True,
    )  # fmt: skip
