"""arXiv: e-prints found through its API, read from their LaTeX or else from their PDFs, with the licence from OAI-PMH.

API: https://info.arxiv.org/help/api/user-manual.html; OAI-PMH: https://info.arxiv.org/help/oa/index.html; one request
in three seconds over one connection (https://info.arxiv.org/help/api/tou.html) is kept by the client.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from lxml import etree

from exsclaim.errors import BadContentError, GoneError, ImageError, PageFormatError, PdfError
from exsclaim.http import Client
from exsclaim.licences import declared
from exsclaim.records import Article, ArticleRef, FetchedArticle, FigureRef
from exsclaim.settings import settings
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.facts.figure_licences import with_own_licence
from exsclaim.sources.facts.figure_mentions import figure_key, with_mentions
from exsclaim.sources.facts.publication_facts import is_retracted
from exsclaim.sources.jats.jats_text import parse_xml, text_at, texts
from exsclaim.sources.latex.latex_figures import LatexDocument, LatexFigure, read_latex
from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.submission_files import figure_image, unpacked
from exsclaim.sources.latex.tex_encodings import decoded
from exsclaim.sources.latex.tex_source import STYLES, located
from exsclaim.sources.pdf import figure_refs, read_pdf
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

EXPORT = "https://export.arxiv.org"
"""Its copy for programs; arxiv.org is for people, and its robots.txt keeps programs from sources."""
API = f"{EXPORT}/api/query"
OAI = "https://oaipmh.arxiv.org/oai"
SITE = "https://arxiv.org"
PAGE_SIZE = 500
MAX_RESULTS = 30_000
"""Beyond this the API refuses a search."""
MAX_PDFS = 20
"""So many PDFs are read whose pages a document includes."""

_ORDERS = {"relevant": ("relevance", "descending"), "recent": ("submittedDate", "descending"),
           "old": ("submittedDate", "ascending")}  # fmt: skip
_ADDRESS = re.compile(r"/abs/(?P<id>(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5}))(?:v(?P<version>\d{1,3}))?$")
_WITHDRAWN = re.compile(
    r"\b(?:paper|article|manuscript|submission|preprint|work|it) (?:has been|is|was|have been)\s+(?:\w+ )?"
    r"(?:withdrawn|retracted)|^\W*(?:withdrawn|retracted)\b",
    re.IGNORECASE,
)


class Arxiv:
    """The source `arxiv`."""

    name = "arxiv"
    version = source_version(3, "latex", "pdf")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """Search (`Source.search`): e-prints in their newest version."""
        seen: set[str] = set()
        pages = ResultPages(MAX_RESULTS)
        while pages.follow:
            url = search_url(query, pages.met)
            feed = parse_xml(client.store.read(client.page(url, source=self.name, fresh=True).sha256), url)
            entries = list(_entries(feed, url))
            for id, version in entries:
                if id not in seen:
                    seen.add(id)
                    yield ArticleRef(source=self.name, url=f"{SITE}/abs/{id}v{version}", version=version)
            total = text_at(feed, "totalResults")
            ids = (id for id, _ in entries)
            pages.met_on(url, len(entries), ids, int(total) if total.isdecimal() else 0)

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """Read (`Source.read`): figures with their images, which are in the store thereafter.

        Raises:
            ArchiveError: the sources cannot be unpacked safely.
            PageFormatError: arXiv has no record.
            PdfError: no LaTeX was submitted, and the PDF cannot be read.
        """
        found = _ADDRESS.search(ref.url)
        if found is None:
            raise PageFormatError(f"{ref.url} is not the address of an e-print, such as {SITE}/abs/2101.00001v1")
        id, version = found["id"], found["version"]
        record_url = f"{OAI}?verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:{id}"
        response = client.page(record_url, source=self.name, fresh=fresh)
        article = _article(parse_xml(client.store.read(response.sha256), record_url), ref, found, response.fetched_on)
        if article.is_retracted:
            return FetchedArticle(article=article, figures=())
        source_url = f"{EXPORT}/e-print/{id}v{version}" if version else f"{EXPORT}/e-print/{id}"
        archive = client.store.read(client.file(source_url, source=self.name).sha256)
        files = unpacked(archive, source_url)
        pdf = _Pdf(f"{EXPORT}/pdf/{id}v{version}" if version else f"{EXPORT}/pdf/{id}", article, client)
        document = _document(files)
        if document is None:
            return FetchedArticle(article=article, figures=pdf.figures())
        figures = [
            pdf.instead_of(_reference(figure, number, article, document, files, source_url, client))
            for number, figure in enumerate(document.figures, start=1)
        ]
        figures = [with_own_licence(figure, article.licence) for figure in figures]
        figures += _of_pages(document, files, article, len(figures), source_url, client)
        figures += _undefined(document, article, len(figures))
        told = with_mentions(figures, document.paragraphs, article.id, article.title)
        return FetchedArticle(article=article, figures=told)


def search_url(query: "Query", start: int) -> str:
    """The address of one page of results."""
    order, direction = _ORDERS[query.sortby]
    fields = {
        "search_query": search_expression(query), "start": str(start),
        "max_results": str(min(PAGE_SIZE, query.maximum_scraped)), "sortBy": order, "sortOrder": direction,
    }  # fmt: skip
    return f"{API}?{urlencode(fields)}"


def search_expression(query: "Query") -> str:
    """The query in the API's language: phrases over all fields, alternatives joined by OR, fields by AND."""
    parts = []
    for field in query.query.values():
        parts.append(f"({' OR '.join(map(_phrase, field.alternatives))})")
    if query.published_after or query.published_before:
        first = f"{query.published_after:%Y%m%d}" if query.published_after else "19910101"
        last = f"{query.published_before:%Y%m%d}" if query.published_before else "29991231"
        parts.append(f"submittedDate:[{first}0000 TO {last}2359]")
    return " AND ".join(parts)


def _phrase(term: str) -> str:
    words = " ".join(re.sub(r'["\\():\[\]]', " ", term).split())
    return f'all:"{words}"'


def _entries(feed: etree._Element, url: str) -> Iterator[tuple[str, str]]:
    """Id and version of each entry; the API tells errors in an entry as well."""
    if feed.tag != "feed":
        raise PageFormatError(f"{url} is no Atom feed, but <{feed.tag}>")
    for entry in feed.iterfind("entry"):
        id = text_at(entry, "id")
        if "/api/errors" in id:
            raise PageFormatError(f"{url} is not a page of search results: {text_at(entry, 'summary') or id}")
        if found := _ADDRESS.search(id):
            yield found["id"], found["version"] or "1"


def _article(root: etree._Element, ref: ArticleRef, found: re.Match[str], fetched_on: dt.date) -> Article:
    record = root.find("GetRecord/record/metadata/arXiv")
    if record is None:
        said = text_at(root, "error") or f"the answer is <{root.tag}>"
        raise PageFormatError(f"{ref.url}: arXiv's OAI-PMH has no record of {found['id']}: {said}")
    licence = declared(text_at(record, "license"))
    name, title = found["id"].replace("/", "-"), readable(text_at(record, "title"))
    return Article(
        id=f"arxiv/{name}", name=name, source="arxiv", url=ref.url,
        doi=next(texts(record, "doi"), "").split(" ")[0] or f"10.48550/arXiv.{found['id']}",
        title=title, authors=tuple(_authors(record)), journal="arXiv",
        published=_day(text_at(record, "created")), licence=licence.id, licence_url=licence.url,
        is_open=licence.is_open, retrieved_at=fetched_on,
        is_retracted=bool(_WITHDRAWN.search(text_at(record, "comments"))) or is_retracted(title),
        abstract=readable(text_at(record, "abstract")),
    )  # fmt: skip


def _authors(record: etree._Element) -> Iterator[str]:
    for author in record.iterfind("authors/author"):
        parts = (readable(text_at(author, part)) for part in ("forenames", "keyname", "suffix"))
        yield " ".join(filter(None, parts))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


class _Pdf:
    """The article's PDF, fetched when a figure is asked of it: what LaTeX draws itself, or from EPS, is seen there."""

    def __init__(self, url: str, article: Article, client: Client) -> None:
        self._url, self._article, self._client = url, article, client
        self._read: tuple[FigureRef, ...] | None = None

    def figures(self) -> tuple[FigureRef, ...]:
        """All its figures. Raises FetchError, PdfError."""
        if self._read is None:
            body = self._client.store.read(self._client.file(self._url, source=Arxiv.name).sha256)
            article = self._article
            self._read = figure_refs(read_pdf(body), article.id, article.licence, self._url, self._client.store)
        return self._read

    def instead_of(self, figure: FigureRef) -> FigureRef:
        """The figure with its image from the PDF, where its LaTeX gave none; as it is where the PDF has none either."""
        key = figure_key(figure.label)
        if not figure.no_image or key is None:
            return figure
        try:
            found = next((each for each in self.figures() if figure_key(each.label) == key and each.image_sha256), None)
        except (GoneError, BadContentError, PdfError) as error:
            self._read = ()
            return figure.model_copy(update={"no_image": f"{figure.no_image}; nor does the PDF give it: {error}"})
        if found is None:
            return figure
        changes = {"image_urls": found.image_urls, "image_sha256": found.image_sha256, "no_image": ""}
        return figure.model_copy(update=changes | ({} if figure.caption else {"caption": found.caption}))


def _document(files: Mapping[str, bytes]) -> LatexDocument | None:
    """The LaTeX document in the files of a submission; None where there is none (a PDF alone, say)."""
    sources = {
        path or "main.tex": content
        for path, content in files.items()
        if (path == "" and content.lstrip()[:4] != b"%PDF")
        or path.lower().endswith((".tex", ".ltx", ".latex", ".txt", ".pgf", ".pdf_tex", ".bbl", *STYLES))
    }
    return read_latex(decoded(sources))


def _of_pages(
    document: LatexDocument, files: Mapping[str, bytes], article: Article, before: int, source_url: str, client: Client
) -> list[FigureRef]:
    """Figures of PDFs whose pages the document includes, such as a supplement; that one cannot be read is told."""
    found: list[FigureRef] = []
    for name in document.pages[:MAX_PDFS]:
        path = located(files, name, document.folders, (".pdf",))
        try:
            pdf = read_pdf(files[path] if path else b"")
            found += figure_refs(pdf, article.id, article.licence, source_url, client.store)
        except PdfError as error:
            why = f"cannot be read: {error}" if path else "the submission does not have"
            found.append(_unread(article, 0, f"the document includes pages of {name!r}, which {why}"))
    return [
        figure.model_copy(update={"id": f"{article.id}/fig{number}", "number": number})
        for number, figure in enumerate(found, start=before + 1)
    ]


def _undefined(document: LatexDocument, article: Article, before: int) -> list[FigureRef]:
    """Figures that the text refers to by labels which no float has: they were not read, and that is told."""
    return [
        _unread(article, number, f"the text refers to {name!r}, a figure that no file of the submission has")
        for number, name in enumerate(document.undefined, start=before + 1)
    ]


def _unread(article: Article, number: int, why: str) -> FigureRef:
    return FigureRef(
        id=f"{article.id}/fig{number}", article_id=article.id, number=number, label="", title="", caption="",
        image_urls=(), no_image=why,
    )  # fmt: skip


def _reference(
    figure: LatexFigure, number: int, article: Article, document: LatexDocument, files: Mapping[str, bytes],
    source_url: str, client: Client,
) -> FigureRef:  # fmt: skip
    image_sha256, no_image = None, ""
    try:
        image = figure_image(figure, files, document.folders, max_megapixels=settings().max_image_megapixels)
        image_sha256 = client.store.put(image)
    except ImageError as error:
        no_image = str(error)
    return FigureRef(
        id=f"{article.id}/fig{number}", article_id=article.id, number=number, label=figure.label, title="",
        caption=figure.caption, image_urls=(source_url,), image_sha256=image_sha256, no_image=no_image,
    )  # fmt: skip
