"""Articles in JATS XML, as PMC, Europe PMC and Springer give them: facts, text, and references to their figures.

JATS (ANSI/NISO Z39.96) and its ancestor NLM DTD: https://jats.nlm.nih.gov/archiving/tag-library/
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml import etree

from exsclaim.errors import BadContentError, GoneError, ImageError, PageFormatError
from exsclaim.http import Client
from exsclaim.records import Article, FigureRef, Record
from exsclaim.sources.facts.figure_licences import with_own_licence
from exsclaim.sources.facts.figure_mentions import Paragraph, with_mentions
from exsclaim.sources.facts.publication_facts import (
    PublicationDate,
    bare_doi,
    is_retracted,
    most_precise,
    publication_date,
    written_date,
)
from exsclaim.sources.figure_images import Part, composed, labelled_grid
from exsclaim.sources.jats.jats_figures import JatsFigure, figures_of
from exsclaim.sources.jats.jats_graphics import JatsGraphic
from exsclaim.sources.jats.jats_prose import abstract_of, keywords_of, paragraphs_of
from exsclaim.sources.jats.jats_rights import article_rights
from exsclaim.sources.jats.jats_text import parse_xml, text_at, text_of

_DATES = ("epub", "epub-ppub", "pub", "ppub", "epreprint", "pmc-release", "collection")
"""Kinds of publication dates, first appearance first."""


_TITLES = ("title-group/article-title", "title-group//trans-title", "title-group/alt-title", "product/source")
"""The title, else what stands for it: in another language, in the running head, of the book that is reviewed."""


class JatsArticle(Record):
    """An article by its JATS. What the XML does not say is empty or None."""

    pmcid: str
    """"PMC7058583"."""
    pmid: str
    doi: str | None
    title: str
    authors: tuple[str, ...]
    """Given name first; consortia by their names."""
    journal: str
    published: PublicationDate | None
    """The first appearance, by the dates that are known best: a day before a month."""
    article_type: str
    licence: str
    """Short name, see `exsclaim.licences`."""
    licence_url: str | None
    is_open: bool
    """Under a Creative Commons licence, or said to be open access."""
    is_retracted: bool
    figures: tuple[JatsFigure, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    """Of the text, with pointers (`figure_mentions.pointer`) to `figures`."""
    abstract: str = ""
    keywords: tuple[str, ...] = ()

    def record(self, *, source: str, name: str, url: str, retrieved_at: dt.date) -> Article:
        """The article as the source `source` gives it, under the name and address that it has there."""
        return Article(
            id=f"{source}/{name}", name=name, source=source, url=url, doi=self.doi, title=self.title,
            authors=self.authors, journal=self.journal, published=self.published.day if self.published else None,
            published_precision=self.published.precision if self.published else "day", licence=self.licence,
            licence_url=self.licence_url, is_open=self.is_open, retrieved_at=retrieved_at,
            is_retracted=self.is_retracted, abstract=self.abstract, keywords=self.keywords,
        )  # fmt: skip


def read_jats(document: bytes, origin: str) -> JatsArticle:
    """The article in a JATS document, or the first of several; `origin` (a URL or file name) is used in error messages.

    >>> document = b'''<article><front><article-meta><title-group><article-title>Silver rods</article-title>
    ... </title-group></article-meta></front><body><fig><label>Figure 1</label><caption><p>(a) SEM image of rods.</p>
    ... </caption></fig></body></article>'''
    >>> article = read_jats(document, "rods.xml")
    >>> article.title, [figure.caption for figure in article.figures]
    ('Silver rods', ['(a) SEM image of rods.'])

    Raises:
        PageFormatError: the document is not XML that can be parsed safely (`jats_text.parse_xml`), or contains no
            article with a title or figures.
        TypeError: `document` is not bytes; a path, say.
    """
    if not isinstance(document, bytes):
        raise TypeError(
            f"JATS is read from its bytes, not from {type(document).__name__}: pathlib.Path(file).read_bytes()"
        )
    return read_articles(document, origin)[0]


def read_articles(document: bytes, origin: str) -> tuple[JatsArticle, ...]:
    """All articles of a document: one, or those that an API's answer wraps. Raises as `read_jats`."""
    root = parse_xml(document, origin)
    elements = [root] if root.tag == "article" else list(root.iter("article"))
    if not elements:
        raise PageFormatError(f"{origin}: no JATS article, but <{root.tag}>")
    return tuple(_article(element, origin) for element in elements)


def _article(article: etree._Element, origin: str) -> JatsArticle:
    meta = article.find("front/article-meta")
    figures, elements = figures_of(article)
    title = next(filter(None, (text_of(meta.find(path)) for path in _TITLES)), "") if meta is not None else ""
    if meta is None and article.find("front") is None:
        raise PageFormatError(f"{origin}: no JATS article, but another publisher's own <article>: it has no <front>")
    if meta is None or not (title or figures):
        raise PageFormatError(f"{origin}: a JATS article without a title, and without figures")
    rights = article_rights(meta)
    related = {str(each.get("related-article-type")) for each in meta.iter("related-article")}
    ids = {str(each.get("pub-id-type")): "".join(each.itertext()).strip() for each in meta.iterfind("article-id")}
    number = next((ids[kind] for kind in ("pmcid", "pmc", "pmcaid") if ids.get(kind)), "")
    return JatsArticle(
        pmcid=f"PMC{number.removeprefix('PMC')}" if number else "",
        pmid=ids.get("pmid", ""),
        doi=bare_doi(ids.get("doi", "")) or None,
        title=title,
        authors=tuple(_authors(meta)),
        journal=text_at(
            article,
            "front/journal-meta//journal-title",
            "front/journal-meta//abbrev-journal-title",
            "front/journal-meta/journal-id",
        ),
        published=_published(meta),
        article_type=article.get("article-type", ""),
        licence=rights.licence,
        licence_url=rights.licence_url,
        is_open=rights.is_open,
        is_retracted=is_retracted(title, article_type=article.get("article-type", ""), relations=related),
        figures=figures,
        paragraphs=tuple(paragraphs_of(article, elements)),
        abstract=abstract_of(meta),
        keywords=keywords_of(meta),
    )


_WRITE = frozenset(["author", "collab", "collaboration", "consortium", "group", "organization", "on-behalf-of"])
"""Kinds of contributors that are authors."""


def _authors(meta: etree._Element) -> Iterator[str]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author").casefold() not in _WRITE:
            continue
        if collaboration := _collaboration(contributor):
            yield collaboration
            yield from _authors_of(contributor.iterfind(".//collab//contrib"))
        else:
            yield from _authors_of([contributor])


def _authors_of(contributors: Iterable[etree._Element]) -> Iterator[str]:
    for contributor in contributors:
        name = contributor.find(".//name")
        if name is not None:
            parts = (text_of(name.find(part)) for part in ("given-names", "surname", "suffix"))
            if written := " ".join(filter(None, parts)) or text_of(name):
                yield written
        elif written := text_of(contributor.find(".//string-name")):
            yield written


def _collaboration(contributor: etree._Element) -> str:
    # a consortium may list its members inside its name
    return text_of(contributor.find(".//collab"), but=frozenset(["contrib-group", "contrib"]))


def _published(meta: etree._Element) -> PublicationDate | None:
    """The best known of the dates: to the day rather than the month, then by their kinds."""
    dates: dict[str, PublicationDate] = {}
    for element in meta.iter("pub-date"):
        kind = element.get("pub-type") or element.get("date-type") or "pub"
        date = publication_date(*(text_at(element, part) for part in ("year", "month", "day")))
        date = date or written_date(element.get("iso-8601-date", "") or text_at(element, "string-date"))
        if date is not None:
            is_online = element.get("publication-format") == "electronic" and kind == "pub"
            dates.setdefault("epub" if is_online else kind, date)
    return most_precise(dates[kind] for kind in (*_DATES, *dates) if kind in dates)


Addresses = Callable[[str], Sequence[str]]
"""The addresses of a graphic that JATS calls so, best first."""


def figure_refs(
    jats: JatsArticle, article: Article, addresses: Addresses, source: str, client: Client
) -> tuple[FigureRef, ...]:
    """One reference per figure. A figure of several graphics is put together here, and its image kept in the store.

    Raises:
        TransientFetchError, BlockedError: an image of such a figure cannot be fetched now.
    """
    refs = [_reference(figure, article, addresses, source, client) for figure in jats.figures]
    return with_context(refs, jats, article)


def figure_ref(figure: JatsFigure, article_id: str, image_urls: tuple[str, ...] = ()) -> FigureRef:
    """A reference to a figure, its image at one of these addresses."""
    return FigureRef(
        id=f"{article_id}/fig{figure.number}", article_id=article_id, number=figure.number, label=figure.label,
        title=figure.title, caption=figure.caption, image_urls=image_urls,
    )  # fmt: skip


def with_context(refs: Sequence[FigureRef], jats: JatsArticle, article: Article) -> tuple[FigureRef, ...]:
    """The references, one for each of `jats.figures`, with their mentions and with licences of their own."""
    own = [
        with_own_licence(ref, article.licence, figure.rights.statement)
        for ref, figure in zip(refs, jats.figures, strict=True)
    ]
    return with_mentions(own, jats.paragraphs, article.id, article.title)


def _reference(figure: JatsFigure, article: Article, addresses: Addresses, source: str, client: Client) -> FigureRef:
    renditions = [_renditions(graphic, addresses) for graphic in figure.graphics]
    image_sha256, no_image, image_urls = None, "", next(iter(renditions), ())
    if len(renditions) > 1:
        try:
            parts = [
                Part(_image(urls, source, client), graphic.label)
                for urls, graphic in zip(renditions, figure.graphics, strict=True)
            ]
            # without letters it is one figure that goes over several pages
            rows = labelled_grid(parts) if any(part.label for part in parts) else [[part] for part in parts]
            image_sha256 = client.store.put(composed(rows))
        except (GoneError, BadContentError, ImageError) as error:
            no_image = (
                f"of its {len(renditions)} images one cannot be fetched, and without it the figure is another: {error}"
            )
    changes = {"image_sha256": image_sha256, "no_image": no_image}
    return figure_ref(figure, article.id, image_urls).model_copy(update=changes)


def _renditions(graphic: JatsGraphic, addresses: Addresses) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for href in graphic.hrefs for url in addresses(href)))


def _image(urls: Sequence[str], source: str, client: Client) -> bytes:
    failure: GoneError | BadContentError = GoneError("the article", "it names no image for a part of a figure")
    for url in urls:
        try:
            return client.store.read(client.image(url, source=source).sha256)
        except (GoneError, BadContentError) as error:
            failure = error
    raise failure
