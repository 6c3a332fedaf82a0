"""PubMed Central: its open-access articles, found through Europe PMC and read from PMC's bucket at Amazon.

Plain HTTPS, no account, no key (https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/):

    ?list-type=2&prefix=PMC<id>.&delimiter=/     the versions of an article (S3 ListObjectsV2)
    metadata/PMC<id>.<version>.json              facts, licence, retraction, names of the files
    PMC<id>.<version>/…                          its JATS XML, PDF, text, images and supplements
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode

from pydantic import ValidationError

from exsclaim.errors import GoneError, PageFormatError
from exsclaim.http import Client
from exsclaim.http.addresses import address_parts
from exsclaim.licences import UNKNOWN, declared
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.sources.catalogues import europepmc_search
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed
from exsclaim.sources.facts.publication_facts import is_retracted as is_marked
from exsclaim.sources.jats.jats_article import JatsArticle, figure_refs, read_jats
from exsclaim.sources.jats.jats_text import parse_xml, text_at, texts
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

BUCKET = "pmc-oa-opendata"
SITE = f"https://{BUCKET}.s3.amazonaws.com"
SUFFIXES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf")
"""Of images, best first: what the publisher delivered, PMC's own JPEG, its thumbnail, a PDF that is drawn."""
MAX_LISTINGS = 20

_VERSION = re.compile(r"PMC\d+\.(\d{1,4})/")
_CITED = re.compile(r"\b(\d{4}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{1,2})\b")


class Metadata(ApiRecord):
    """The metadata file of one version of an article, as far as it is used."""

    title: str | None = None
    citation: str | None = None
    doi: str | None = None
    is_pmc_openaccess: bool = False
    is_retracted: bool = False
    license_code: str | None = None
    xml_url: str | None = None
    media_urls: Listed[str] | None = None

    @property
    def published(self) -> dt.date | None:
        """The day in the citation ("Sci Rep. 2023 Mar 10; 13(1): 4045"); None where it has none."""
        found = _CITED.search(self.citation or "")
        try:
            return dt.datetime.strptime(" ".join(found.groups()), "%Y %b %d").date() if found else None
        except ValueError:
            return None


class Deposit(NamedTuple):
    """The newest version of an article in the bucket. `fetched_on` is the day on which its metadata were."""

    version: int
    metadata: Metadata
    fetched_on: dt.date

    def images(self, href: str) -> tuple[str, ...]:
        """Addresses of the files that show the graphic which the JATS calls `href`, best first.

        JATS names a file, or its stem ("fchem-08-00094-g0001"); the bucket may have it as TIFF, JPEG and GIF.
        """
        wanted = PurePosixPath(href.rsplit("/", 1)[-1])
        stems = {wanted.name.casefold()}
        if wanted.suffix.casefold() in SUFFIXES:
            stems.add(wanted.stem.casefold())
        found: list[tuple[int, str]] = []
        for url in filter(None, map(address, self.metadata.media_urls or ())):
            name = PurePosixPath(unquote(address_parts(url).path)).name.casefold()
            stem, _, suffix = name.rpartition(".")
            if stem in stems and f".{suffix}" in SUFFIXES:
                found.append((SUFFIXES.index(f".{suffix}"), url))
        return tuple(dict.fromkeys(url for _, url in sorted(found)))


def listing_url(pmcid: str, token: str = "") -> str:
    """The address that lists an article's versions."""
    more = f"&{urlencode({'continuation-token': token})}" if token else ""
    return f"{SITE}/?list-type=2&prefix={pmcid}.&delimiter=/{more}"


def deposit(pmcid: str, source: str, client: Client, *, fresh: bool = False) -> Deposit:
    """The newest version of the article `pmcid` ("PMC7058583") in the bucket.

    Raises:
        GoneError: it is not there (not in the open-access subset, or withdrawn).
        FetchError: listing or metadata cannot be fetched.
        PageFormatError: they are not understood.
    """
    versions: set[int] = set()
    token = ""
    for _ in range(MAX_LISTINGS):
        url = listing_url(pmcid, token)
        listing = parse_xml(client.store.read(client.page(url, source=source, fresh=fresh).sha256), url)
        if listing.tag != "ListBucketResult":
            raise PageFormatError(f"{url} is not the listing of a bucket, but <{listing.tag}>")
        prefixes = (_VERSION.fullmatch(prefix) for prefix in texts(listing, "CommonPrefixes/Prefix"))
        versions |= {int(found[1]) for found in prefixes if found and found[0].startswith(f"{pmcid}.")}
        token = text_at(listing, "NextContinuationToken")
        if text_at(listing, "IsTruncated") != "true" or not token:
            break
    if not versions:
        raise GoneError(listing_url(pmcid), f"PMC's open-access bucket has no version of {pmcid}")
    version = max(versions)
    url = f"{SITE}/metadata/{pmcid}.{version}.json"
    response = client.page(url, source=source, fresh=fresh)
    try:
        metadata = Metadata.model_validate_json(client.store.read(response.sha256))
    except ValidationError as error:
        raise PageFormatError(f"{url} is not the metadata of an article: {error.errors()[0]['msg']}") from error
    return Deposit(version, metadata, response.fetched_on)


def address(url: str) -> str | None:
    """The https address of a file of the bucket, which the metadata call `s3://…?md5=…`; None for any other."""
    parts = address_parts(url)
    if parts.scheme == "s3" and parts.netloc == BUCKET:
        return f"{SITE}{quote(unquote(parts.path))}"
    if f"{parts.scheme}://{parts.netloc}" == SITE:
        return f"{SITE}{parts.path}"
    return None


_PMCID = re.compile(r"\bPMC\d{1,10}(?=\.|$|/)")


class Pmc:
    """The source `pmc`."""

    name = "pmc"
    version = source_version(3, "jats")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`); retracted articles are found too, so that it can be said that they are left out."""
        for pmcid, version in europepmc_search.search(query, self.name, client):
            yield ArticleRef(source=self.name, url=listing_url(pmcid), version=version)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`): the newest version. Of a retracted article only the metadata are fetched."""
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
