"""The source `dois`: works of a list of yours, DOIs and PMC numbers, each read from the open copy that there is.

A copy is read by the source that knows where it lies (PMC, arXiv), else from its PDF. Where a DOI's copies lie is asked
of Unpaywall (https://unpaywall.org/products/api), which tells under which licence, too, and wants an e-mail address
(`EXSCLAIM_CONTACT`); what the work is, of Crossref.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from pydantic import Field

from exsclaim.errors import (
    ArchiveError,
    BadContentError,
    BlockedError,
    GoneError,
    PageFormatError,
    PdfError,
    SettingsError,
)
from exsclaim.http import Client
from exsclaim.licences import UNKNOWN, Licence, declared
from exsclaim.records import Article, ArticleRef, FetchedArticle
from exsclaim.settings import settings
from exsclaim.sources.arxiv import SITE as ARXIV
from exsclaim.sources.arxiv import Arxiv
from exsclaim.sources.catalogues import crossref
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, answer
from exsclaim.sources.pdf import figure_refs, read_pdf
from exsclaim.sources.pmc import Pmc, listing_url, pmcid_in
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

UNPAYWALL = "https://api.unpaywall.org/v2"
_PMCID = re.compile(r"\bPMC\d{1,10}\b", re.IGNORECASE)
_PMC_NUMBER = re.compile(r"/pmc/articles/(\d{1,10})\b")
_ARXIV = re.compile(
    r"arxiv\.org/(?:abs|pdf)/(?P<id>(?:[a-z-]+(?:\.[A-Z]{2})?/)?\d{4}\.?\d{3,5})|10\.48550/arxiv\.(?P<of>[\d.]+)",
    re.IGNORECASE,
)
_UNREADABLE = (GoneError, BadContentError, BlockedError, PageFormatError, PdfError, ArchiveError)


class Copy(NamedTuple):
    """One place where a work is open: a PMC number, an e-print's id, or the address of a PDF, and its licence."""

    pmcid: str = ""
    arxiv: str = ""
    pdf: str = ""
    licence: Licence = Licence(UNKNOWN, None)


class Location(ApiRecord):
    """A place in an answer of Unpaywall or OpenAlex, which are of the same making."""

    pdf: str = Field(default="", alias="url_for_pdf")
    pdf_url: str = ""
    page: str = Field(default="", alias="url_for_landing_page")
    landing_page_url: str = ""
    license: str = ""
    is_oa: bool = True

    def copies(self) -> list[Copy]:
        """PMC's and arXiv's copies are fetched from there, and in a better form than a PDF."""
        licence = declared(self.license)
        found: list[Copy] = []
        for address in filter(None, (self.page, self.landing_page_url, self.pdf, self.pdf_url)):
            if pmcid := pmcid_in_address(address):
                found.append(Copy(pmcid=pmcid, licence=licence))
            elif id := arxiv_id_in(address):
                found.append(Copy(arxiv=id, licence=licence))
        pdf = self.pdf or self.pdf_url
        return found or ([Copy(pdf=pdf, licence=licence)] if pdf.startswith(("https://", "http://")) else [])


class _Answer(ApiRecord):
    is_oa: bool
    best: Location = Field(default=Location(), alias="best_oa_location")
    places: Listed[Location] = Field(default=[], alias="oa_locations")


def pmcid_in_address(address: str) -> str:
    """ "PMC7058583" out of an address or an id of PMC's; "" where there is none."""
    if found := _PMCID.search(address):
        return found[0].upper()
    number = _PMC_NUMBER.search(address)
    return f"PMC{number[1]}" if number else ""


def arxiv_id_in(text: str) -> str:
    """The id of an e-print in an address of arXiv's or in its DOI; "" where there is none."""
    found = _ARXIV.search(text)
    return (found["id"] or found["of"] or "") if found else ""


def _contact() -> str:
    contact = settings().contact
    if not contact:
        raise SettingsError(
            "EXSCLAIM_CONTACT is not set: Unpaywall, which tells where open copies are, wants an e-mail"
        )
    return contact


def unpaywall(doi: str, client: Client, *, source: str, fresh: bool = False) -> list[Copy]:
    """Open copies of a work, the best first.

    Raises:
        SettingsError: no e-mail address is set.
        FetchError, PageFormatError: there is no answer, or not the documented one.
    """
    url = f"{UNPAYWALL}/{quote(doi, safe='/')}?{urlencode({'email': _contact()})}"
    try:
        response = client.page(url, source=source, fresh=fresh)
    except GoneError:
        return []  # it does not know the DOI
    said = answer(_Answer, client.store.read(response.sha256), url)
    return ranked(copy for place in (said.best, *said.places) for copy in place.copies()) if said.is_oa else []


def ranked(copies: Iterable[Copy]) -> list[Copy]:
    """Each copy once, those with XML or LaTeX before PDFs."""
    return sorted(dict.fromkeys(copies), key=lambda copy: (not copy.pmcid, not copy.arxiv))


def read_copy(article: Article, copies: Iterable[Copy], client: Client, *, fresh: bool = False) -> FetchedArticle:
    """The work's figures out of the first copy that can be read, under the record `article`.

    Where the record says nothing of the licence, the copy does. Raises the first copy's error if none can be read;
    TransientFetchError at once.
    """
    problems: list[Exception] = []
    for copy in copies:
        try:
            return _under(article, _read(article, copy, client, fresh), copy)
        except _UNREADABLE as error:
            problems.append(error)
    if problems:
        raise problems[0]
    raise GoneError(article.url, "no open copy of it is known")


def _read(article: Article, copy: Copy, client: Client, fresh: bool) -> FetchedArticle:
    if copy.pmcid:
        return Pmc().read(ArticleRef(source=Pmc.name, url=listing_url(copy.pmcid)), client, fresh=fresh)
    if copy.arxiv:
        return Arxiv().read(ArticleRef(source=Arxiv.name, url=f"{ARXIV}/abs/{copy.arxiv}"), client, fresh=fresh)
    response = client.file(copy.pdf, source=article.source, fresh=fresh)
    pdf = read_pdf(client.store.read(response.sha256))
    licence = copy.licence if copy.licence.id != UNKNOWN else Licence(pdf.front.licence, pdf.front.licence_url)
    own = article.model_copy(update={"licence": licence.id, "licence_url": licence.url, "is_open": licence.is_open})
    return FetchedArticle(article=own, figures=figure_refs(pdf, article.id, licence.id, copy.pdf, client.store))


def _under(article: Article, found: FetchedArticle, copy: Copy) -> FetchedArticle:
    """The article as it was read, under the record's id and with what it knows and the copy does not."""
    theirs = found.article
    changes: dict[str, object] = {"id": article.id, "name": article.name, "source": article.source}
    changes |= {"url": article.url, "doi": article.doi or theirs.doi}
    changes["is_retracted"] = article.is_retracted or theirs.is_retracted
    for key in ("title", "authors", "journal", "abstract", "keywords"):
        changes[key] = getattr(article, key) or getattr(theirs, key)
    if article.published is not None:
        changes |= {"published": article.published, "published_precision": article.published_precision}
    if theirs.licence == UNKNOWN:
        known = copy.licence if copy.licence.id != UNKNOWN else Licence(article.licence, article.licence_url)
        changes |= {"licence": known.id, "licence_url": known.url, "is_open": known.is_open}
    figures = tuple(
        figure.model_copy(update={"id": f"{article.id}/fig{figure.number}", "article_id": article.id})
        for figure in found.figures
    )
    return FetchedArticle(article=theirs.model_copy(update=changes), figures=figures)


_RESOLVER = "https://doi.org/"
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class Dois:
    """The source `dois`."""

    name = "dois"
    version = source_version(3, "pdf", "jats", "latex")

    def require(self) -> None:
        """Require what `Conditional.require` says."""
        _contact()

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): the list's works in its order; nobody is asked."""
        for work in query.works:
            url = listing_url(work) if work.startswith("PMC") else f"{_RESOLVER}{quote(work, safe='/')}"
            yield ArticleRef(source=self.name, url=url)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`). Raises GoneError where no open copy is known, SettingsError, PdfError."""
        if not ref.url.startswith(_RESOLVER):
            return self._own(Pmc().read(ref, client, fresh=fresh), pmcid_in(ref.url))
        doi = unquote(urlsplit(ref.url).path).lstrip("/")
        if not _DOI.fullmatch(doi):
            raise PageFormatError(f"{ref.url} is not the address of a DOI")
        if id := arxiv_id_in(doi):  # DataCite's, which Crossref does not know
            found = Arxiv().read(ArticleRef(source=Arxiv.name, url=f"{ARXIV}/abs/{id}"), client, fresh=fresh)
            return self._own(found, found.article.name)
        try:
            work, today = crossref.read_work(doi, client, source=self.name, fresh=fresh)
        except GoneError as error:
            if error.status != 404:
                raise
            raise GoneError(
                ref.url, "Crossref does not know this DOI: is it misspelt? Data and reports of other agencies (Zenodo, "
                "figshare) are not read; take it out of the list, or put a PDF of the work into a folder",
                status=404,
            ) from error  # fmt: skip
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
