"""PMC's open-access articles as they lie in its bucket at Amazon, over plain HTTPS: no account, no key.

    ?list-type=2&prefix=PMC<id>.&delimiter=/     the versions of an article (S3 ListObjectsV2)
    metadata/PMC<id>.<version>.json              facts, licence, retraction, names of the files
    PMC<id>.<version>/…                          its JATS XML, PDF, text, images and supplements

https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/
"""

import datetime as dt
import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from pydantic import ValidationError

from exsclaim.errors import GoneError, PageFormatError
from exsclaim.http import Client
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed
from exsclaim.sources.jats.xml_parsing import parse_xml, text_at, texts

BUCKET = "pmc-oa-opendata"
SITE = f"https://{BUCKET}.s3.amazonaws.com"
SUFFIXES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".webp", ".gif")
"""Of images, best first: what the publisher delivered, then PMC's own JPEG, then its thumbnail."""
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
            name = PurePosixPath(unquote(urlsplit(url).path)).name.casefold()
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
        FetchError: listing or metadata cannot be had.
        PageFormatError: they are not understood.
    """
    versions: set[int] = set()
    token = ""
    for _ in range(MAX_LISTINGS):
        url = listing_url(pmcid, token)
        listing = parse_xml(client.store.read(client.page(url, source=source, fresh=fresh).sha256), url)
        if listing.tag != "ListBucketResult":
            raise PageFormatError(f"{url} is no listing of a bucket, but <{listing.tag}>")
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
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc == BUCKET:
        return f"{SITE}{quote(unquote(parts.path))}"
    if f"{parts.scheme}://{parts.netloc}" == SITE:
        return f"{SITE}{parts.path}"
    return None
