"""Articles in JATS XML, as PMC, Europe PMC and Springer give them and publishers deliver them: facts, figures, licence.

JATS (ANSI/NISO Z39.96) and its ancestor NLM DTD: https://jats.nlm.nih.gov/archiving/tag-library/
"""

import datetime as dt
import re
from collections.abc import Iterator

from lxml import etree

from exsclaim.errors import PageFormatError
from exsclaim.records import Article, Record
from exsclaim.sources.jats.jats_figures import JatsFigure, figures_of
from exsclaim.sources.jats.jats_rights import rights_of
from exsclaim.sources.jats.jats_text import text_of
from exsclaim.sources.jats.xml_parsing import parse_xml, text_at

_DATES = ("epub", "epub-ppub", "pub", "ppub", "epreprint", "pmc-release", "collection")
"""Kinds of publication dates, first appearance first."""
_RETRACTED = re.compile(r"\W*retracted(?: article| paper)?\s*[\]:–—]", re.IGNORECASE)
_RETRACTIONS = ("retraction-forward", "retracted-by", "retraction")


class JatsArticle(Record):
    """What an article's JATS says. What it does not say is empty or None."""

    pmcid: str
    """"PMC7058583"."""
    pmid: str
    doi: str | None
    title: str
    authors: tuple[str, ...]
    """Given name first; consortia by their names."""
    journal: str
    published: dt.date | None
    """The first day that is given whole: a month alone is no day."""
    article_type: str
    licence: str
    """Short name, see `exsclaim.licences`."""
    licence_url: str | None
    is_open: bool
    """Under a Creative Commons licence, or said to be open access."""
    is_retracted: bool
    figures: tuple[JatsFigure, ...]

    def record(self, *, source: str, name: str, url: str, retrieved_at: dt.date) -> Article:
        """The article as the source `source` gives it, under the name and address that it has there."""
        return Article(
            id=f"{source}/{name}", name=name, source=source, url=url, doi=self.doi, title=self.title,
            authors=self.authors, journal=self.journal, published=self.published, licence=self.licence,
            licence_url=self.licence_url, is_open=self.is_open, retrieved_at=retrieved_at,
            is_retracted=self.is_retracted,
        )  # fmt: skip


def read_jats(document: bytes, origin: str) -> JatsArticle:
    """The article in a JATS document, or the first of several; `origin` (an address, a file) names it in errors.

    Raises:
        PageFormatError: it is no XML that can be read safely (`xmltree.parse_xml`), or holds no article with a title.
    """
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
    title = text_of(meta.find("title-group/article-title")) if meta is not None else ""
    if meta is None or not title:
        raise PageFormatError(f"{origin}: a JATS article without a title")
    rights = rights_of(meta.find("permissions"))
    related = {str(each.get("related-article-type")) for each in meta.iter("related-article")}
    ids = {str(each.get("pub-id-type")): "".join(each.itertext()).strip() for each in meta.iterfind("article-id")}
    number = next((ids[kind] for kind in ("pmcid", "pmc", "pmcaid") if ids.get(kind)), "")
    return JatsArticle(
        pmcid=f"PMC{number.removeprefix('PMC')}" if number else "",
        pmid=ids.get("pmid", ""),
        doi=ids.get("doi") or None,
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
        is_retracted=bool(_RETRACTED.match(title)) or not related.isdisjoint(_RETRACTIONS),
        figures=figures_of(article),
    )


def _authors(meta: etree._Element) -> Iterator[str]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find(".//name")
        if name is not None:
            parts = (text_of(name.find(part)) for part in ("given-names", "surname", "suffix"))
            yield " ".join(filter(None, parts))
        elif written := text_of(contributor.find(".//string-name")) or _collaboration(contributor):
            yield written


def _collaboration(contributor: etree._Element) -> str:
    # a consortium may list its members inside its name
    return text_of(contributor.find(".//collab"), but=frozenset(["contrib-group", "contrib"]))


def _published(meta: etree._Element) -> dt.date | None:
    days: dict[str, dt.date] = {}
    for date in meta.iterfind("pub-date"):
        kind = date.get("pub-type") or date.get("date-type") or "pub"
        day = _day(*(text_at(date, part) for part in ("year", "month", "day")))
        if day is not None:
            days.setdefault("epub" if date.get("publication-format") == "electronic" and kind == "pub" else kind, day)
    return next((days[kind] for kind in (*_DATES, *days) if kind in days), None)


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
