"""Elsevier's APIs: articles of ScienceDirect as XML, their figures as the publisher has them.

Search: Scopus Search API, a GET that every key may use, kept to Elsevier's own DOIs; ScienceDirect's search wants PUT
and a subscription (https://dev.elsevier.com/documentation/ScopusSearchAPI.wadl). Articles:
`/content/article/doi/…` (https://dev.elsevier.com/documentation/ArticleRetrievalAPI.wadl); figures, whose
addresses the article lists: `/content/object/eid/…` (https://dev.elsevier.com/documentation/ObjectRetrievalAPI.wadl).
What a key opens depends on the institution: on its network, or with an institutional token. The XML's text is of its
Common Element Pool: https://www.elsevier.com/authors/author-schemas.
"""

import copy
import datetime as dt
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from lxml import etree
from pydantic import Field

from exsclaim.errors import PageFormatError
from exsclaim.http import Client, Credentials
from exsclaim.http.addresses import address_parts
from exsclaim.http.credentials import secret
from exsclaim.licences import Licence, declared
from exsclaim.records import Article, ArticleRef, FetchedArticle, FigureRef
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, answer
from exsclaim.sources.facts.figure_mentions import Paragraph, pointer, with_mentions
from exsclaim.sources.facts.publication_facts import (
    PublicationDate,
    is_retracted,
    most_precise,
    with_own_licence,
    written_date,
)
from exsclaim.sources.html.html_text import tidy
from exsclaim.sources.html.mathml import math_text
from exsclaim.sources.jats.jats_text import parse_xml, text_at, texts
from exsclaim.sources.latex.tex_formulas import subscript, superscript
from exsclaim.sources.reader_versions import source_version

if TYPE_CHECKING:
    from exsclaim.query import Query

API = "https://api.elsevier.com/content"
PER_PAGE = 200
"""The most that a search in the STANDARD view gives at once."""
MAX_FIRST = 5000
"""Scopus gives no more results of one search."""
PREFIX = "10.1016/"
"""Of Elsevier's DOIs."""
KEY, TOKEN = "EXSCLAIM_ELSEVIER_KEY", "EXSCLAIM_ELSEVIER_INSTTOKEN"
WHERE = "get a key at https://dev.elsevier.com"
ORDERS = {"relevant": "relevancy", "recent": "-coverDate", "old": "+coverDate"}
_SIZES = ("IMAGE-HIGH-RES", "IMAGE-DOWNSAMPLED")
"""Renditions that the article lists for each figure, largest first; thumbnails are too small to be of use."""


class _Found(ApiRecord):
    class Results(ApiRecord):
        class Entry(ApiRecord):
            doi: str = Field(default="", alias="prism:doi")

        total: int = Field(alias="opensearch:totalResults")
        entry: Listed[Entry] = []

    results: Results = Field(alias="search-results")


class Elsevier:
    """The source `elsevier`."""

    name = "elsevier"
    version = source_version(3, "elsevier")

    def search(self, query: "Query", client: Client) -> Iterator[ArticleRef]:
        """As `Source.search`: in titles, abstracts and keywords, which is what Scopus looks at."""
        key = self.credentials()
        seen: set[str] = set()
        for terms in query.searches:
            first, total = 0, 1
            while first < min(total, MAX_FIRST):
                url = search_url(query, terms, first)
                response = client.page(url, source=self.name, fresh=True, credentials=key)
                results = answer(_Found, client.store.read(response.sha256), url).results
                for doi in (entry.doi for entry in results.entry):
                    if doi.startswith(PREFIX) and doi not in seen:
                        seen.add(doi)
                        yield ArticleRef(source=self.name, url=article_url(doi))
                # as many as came, which may be fewer than were asked for
                first, total = first + len(results.entry), results.total if results.entry else 0

    def read(self, ref: ArticleRef, client: Client, *, fresh: bool = False) -> FetchedArticle:
        """As `Source.read`."""
        response = client.page(ref.url, source=self.name, fresh=fresh, credentials=self.credentials())
        return read_article(client.store.read(response.sha256), ref.url, response.fetched_on)

    def credentials(self) -> Credentials:
        """The key, and the institution's token where there is one."""
        headers = {"X-ELS-APIKey": secret(KEY, WHERE)}
        if os.environ.get(TOKEN, "").strip():
            headers["X-ELS-Insttoken"] = secret(TOKEN, WHERE)
        return Credentials("api.elsevier.com", KEY, headers=headers)


def search_url(query: "Query", terms: tuple[str, ...], first: int) -> str:
    """Results from `first` on (counted from 0): every term is a phrase, and all of them must occur."""
    wanted = [f'TITLE-ABS-KEY("{term.replace(chr(34), " ").strip()}")' for term in terms]
    wanted += [f"DOI({PREFIX}*)"]
    wanted += ["OPENACCESS(1)"] if query.open else []
    wanted += [f"PUBYEAR > {query.published_after.year - 1}"] if query.published_after else []
    wanted += [f"PUBYEAR < {query.published_before.year + 1}"] if query.published_before else []
    fields = {
        "query": " AND ".join(wanted), "start": first, "count": PER_PAGE, "sort": ORDERS[query.sortby],
        "view": "STANDARD", "field": "prism:doi", "httpAccept": "application/json",
    }  # fmt: skip
    return f"{API}/search/scopus?{urlencode(fields)}"


def article_url(doi: str) -> str:
    """The address of an article's XML, text and list of images included."""
    return f"{API}/article/doi/{quote(doi)}?{urlencode({'view': 'FULL', 'httpAccept': 'text/xml'})}"


def read_article(document: bytes, url: str, fetched_on: dt.date) -> FetchedArticle:
    """The article in the API's answer.

    Raises:
        PageFormatError: it is no answer of the article API, or holds the abstract alone (the key does not open more).
    """
    root = parse_xml(document, url)
    core = root.find("coredata")
    title = text_of(core.find("title")) if core is not None else ""
    if core is None or not title:
        raise PageFormatError(f"{url}: not an article of Elsevier's API, but <{root.tag}>")
    if root.find(".//article") is None and root.find(".//simple-article") is None and not list(root.iter("figure")):
        raise PageFormatError(
            f"{url}: the answer holds no full text; is the article open, or subscribed to, and {KEY} right?"
        )
    pii = "".join(sign for sign in text_at(core, "pii") if sign.isalnum())
    name = pii or text_at(core, "doi").partition("/")[2].replace("/", "_")
    licence = _licence(core)
    published = _published(root, core)
    article = Article(
        id=f"elsevier/{name}", name=name, source="elsevier",
        url=f"https://www.sciencedirect.com/science/article/pii/{pii}" if pii else url,
        doi=text_at(core, "doi") or None, title=title, authors=_authors(root, core),
        journal=text_at(core, "publicationName"), published=published.day if published else None,
        published_precision=published.precision if published else "day", licence=licence.id,
        licence_url=licence.url, is_open=licence.is_open or text_at(core, "openaccess") == "1",
        retrieved_at=fetched_on, is_retracted=is_retracted(title, article_type=text_at(core, "aggregationType")),
        abstract=text_of(core.find("description")), keywords=tuple(dict.fromkeys(texts(core, "subject"))),
    )  # fmt: skip
    figures, ids = _figures(root, article)
    figures = [with_own_licence(figure, licence.id) for figure in figures]
    return FetchedArticle(article=article, figures=with_mentions(figures, _paragraphs(root, ids), article.id))


def _figures(root: etree._Element, article: Article) -> tuple[list[FigureRef], dict[str, int]]:
    """Figures and schemes with a label, in the order of the text, and the index of each by its id.

    Pictures of authors and abstracts have neither label nor caption. A figure without an image is among them: the
    article's page may not name it, but it is there.
    """
    figures: list[FigureRef] = []
    ids: dict[str, int] = {}
    images = _images(root)
    for figure in root.iter("figure"):
        label = text_of(figure.find("label")).rstrip(" .:")
        caption = text_of(figure.find("caption"))
        locators = [str(link.get("locator", "")) for link in figure.iter("link")]
        if not label or not (locators or caption):
            continue
        number = len(figures) + 1
        ids.update((str(each.get("id")), number - 1) for each in figure.iter("figure") if each.get("id"))
        figures.append(
            FigureRef(
                id=f"{article.id}/fig{number}", article_id=article.id, number=number, label=label, title="",
                caption=caption, image_urls=images.get(locators[0], ()) if locators else (),
            )
        )  # fmt: skip
    return figures, ids


def _paragraphs(root: etree._Element, ids: Mapping[str, int]) -> Iterator[Paragraph]:
    """Paragraphs of the text with their sections' titles, marked where they link to figures."""
    for paragraph in root.iter("para", "simple-para"):
        if any(str(above.tag) in _NO_TEXT for above in paragraph.iterancestors()):
            continue
        own = copy.deepcopy(paragraph)
        for link in list(own.iter("cross-ref", "cross-refs", "float-anchor")):
            ids_named = link.get("refid", "").split()
            link.text = "".join(pointer(ids[id]) for id in ids_named if id in ids) + (link.text or "")
        section = next((text for above in paragraph.iterancestors("section")
                        if (text := text_of(above.find("section-title")))), "")  # fmt: skip
        yield Paragraph(text_of(own), section)


def _images(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """Locator of a figure ("gr1") -> addresses of its renditions, largest first."""
    found: dict[str, dict[str, str]] = {}
    for each in root.iterfind("objects/object"):
        url = address_parts((each.text or "").strip())
        if each.get("type") in _SIZES and url.netloc == "api.elsevier.com":
            found.setdefault(str(each.get("ref")), {})[str(each.get("type"))] = url._replace(scheme="https").geturl()
    return {ref: tuple(sizes[size] for size in _SIZES if size in sizes) for ref, sizes in found.items()}


def _authors(root: etree._Element, core: etree._Element) -> tuple[str, ...]:
    group = root.find(".//head/author-group")
    authors = group.iter("author") if group is not None else ()
    named = [
        " ".join(filter(None, (text_of(each.find("given-name")), text_of(each.find("surname"))))) for each in authors
    ]
    turned = (text_of(each).partition(", ") for each in core.iterfind("creator"))
    return tuple(dict.fromkeys(filter(None, named))) or tuple(
        f"{given} {family}".strip() for family, _, given in turned
    )


def _published(root: etree._Element, core: etree._Element) -> PublicationDate | None:
    online = root.find(".//available-online-date")
    said = [online.get("yyyymmdd", "") or text_at(root, ".//available-online-date")] if online is not None else []
    return most_precise(map(written_date, [*said, text_at(core, "coverDate"), text_at(core, "coverDisplayDate")]))


def _licence(core: etree._Element) -> Licence:
    return declared(text_at(core, "openaccessUserLicense"), text_at(core, "copyright"))


_NO_TEXT = frozenset(["figure", "table", "caption", "abstract", "bibliography", "e-component", "footnote"])
_BLOCKS = frozenset(["simple-para", "para", "list-item", "caption"])
_UNREAD = frozenset(["alt-text", "footnote", "source", "copyright"])


def text_of(element: etree._Element | None) -> str:
    """The readable text of an element whose tags have lost their namespaces, in one line; "" for None."""
    return tidy("".join(_pieces(element))) if element is not None else ""


def _pieces(element: etree._Element) -> list[str]:
    pieces = [element.text or ""]
    for child in element.iterchildren(etree.Element):
        tag = str(child.tag)
        if tag == "math":
            pieces.append(math_text(child))
        elif tag in ("sup", "inf"):
            if "\n" in pieces[-1] and not pieces[-1].strip():
                pieces.pop()  # the API indents its XML, also between a word and its index
            inner = "".join(_pieces(child))
            pieces.append("" if _cites(child) else superscript(inner) if tag == "sup" else subscript(inner))
        elif tag not in _UNREAD:
            apart = " " if tag in _BLOCKS else ""
            pieces += [apart, *_pieces(child), apart]
        pieces.append(child.tail or "")
    return pieces


def _cites(element: etree._Element) -> bool:
    return element.find(".//cross-ref") is not None or element.find(".//cross-refs") is not None
