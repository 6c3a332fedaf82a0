"""Searching Europe PMC, for the sources that read articles there and at PMC.

The service: https://europepmc.org/RestfulWebService; fields of its query language:
https://europepmc.org/searchsyntax. No key is needed.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import Field, ValidationError

from exsclaim.errors import PageFormatError
from exsclaim.http import Client
from exsclaim.licences import normalised
from exsclaim.sources.catalogues.api_answers import ApiRecord, Listed, Results, promised
from exsclaim.sources.catalogues.result_pages import ResultPages
from exsclaim.sources.facts.publication_facts import is_retracted

if TYPE_CHECKING:
    from exsclaim.query import Query

REST = "https://www.ebi.ac.uk/europepmc/webservices/rest"
PAGE_SIZE = 1000
ARTICLES = "OPEN_ACCESS:y"
PREPRINTS = "SRC:PPR AND HAS_FT:y"
PREPRINT = re.compile(r"\bPPR\d{1,10}\b")
RETRACTED = "retracted"
"""Version of a reference to an article of which the search already says so: it is read anew, whatever was cached."""

_ORDERS = {"relevant": "", "recent": "P_PDATE_D desc", "old": "P_PDATE_D asc"}
_CODES = {
    "CC-BY": ("cc by", "cc-by"), "CC-BY-NC": ("cc by-nc", "cc-by-nc"), "CC-BY-SA": ("cc by-sa", "cc-by-sa"),
    "CC-BY-ND": ("cc by-nd", "cc-by-nd"), "CC-BY-NC-SA": ("cc by-nc-sa", "cc-by-nc-sa"),
    "CC-BY-NC-ND": ("cc by-nc-nd", "cc-by-nc-nd"), "CC0": ("cc0",),
}  # fmt: skip
_RETRACTED_KINDS = ("retracted publication", "retracted article", "withdrawn")
_PMCID = re.compile(r"PMC\d{1,10}")


class _Types(ApiRecord):
    pub_type: Listed[str] = Field(default=[], alias="pubType")


class _Hit(ApiRecord):
    id: str = ""
    pmcid: str = ""
    title: str = ""
    is_open_access: str = Field(default="", alias="isOpenAccess")
    types: _Types = Field(default=_Types(), alias="pubTypeList")
    """Of a `core` answer; a `lite` one has them in one text."""
    pub_type: str = Field(default="", alias="pubType")

    @property
    def version(self) -> str:
        kinds = {kind.strip().casefold() for kind in (*self.types.pub_type, *self.pub_type.split(";"))}
        return RETRACTED if not kinds.isdisjoint(_RETRACTED_KINDS) or is_retracted(self.title) else ""


class _Hits(ApiRecord):
    result: Results[_Hit]


class _Answer(ApiRecord):
    total: int = Field(default=0, alias="hitCount")
    hits: _Hits = Field(alias="resultList")
    next_cursor: str = Field(default="", alias="nextCursorMark")


def search(query: "Query", source: str, client: Client) -> Iterator[tuple[str, str]]:
    """PMC number ("PMC7058583") of each open article that matches, best first, and `RETRACTED` or "" as its version.

    Raises:
        FetchError: a page of results cannot be fetched.
        PageFormatError: it is not understood; the message gives the service's own words where it sent some.
    """
    for hit in _hits(query, source, client, ARTICLES):
        if _PMCID.fullmatch(hit.pmcid) and hit.is_open_access == "Y":
            yield hit.pmcid, hit.version


def search_preprints(query: "Query", source: str, client: Client) -> Iterator[tuple[str, str]]:
    """Number ("PPR158112") of each preprint with full text that matches, otherwise as `search`."""
    for hit in _hits(query, source, client, PREPRINTS):
        if PREPRINT.fullmatch(hit.id):
            yield hit.id, hit.version


def _hits(query: "Query", source: str, client: Client, wanted: str) -> Iterator[_Hit]:
    cursor, pages, seen = "*", ResultPages(), set[str]()
    while pages.follow:
        url = search_url(query, cursor, wanted)
        answer = _parsed(client.store.read(client.page(url, source=source, fresh=True).sha256), url)
        hits = {hit.pmcid or hit.id: hit for hit in promised(answer.hits.result, url)}
        yield from (hit for name, hit in hits.items() if name not in seen)
        seen.update(hits)
        is_last = answer.next_cursor in ("", cursor)
        pages.met_on(url, len(answer.hits.result), hits, answer.total, is_last=is_last)
        cursor = answer.next_cursor


def search_url(query: "Query", cursor: str, wanted: str = ARTICLES) -> str:
    """The address of one page of results."""
    fields = {
        "query": search_expression(query, wanted),
        "format": "json",
        "resultType": "lite",
        "pageSize": str(min(PAGE_SIZE, query.maximum_scraped)),
        "cursorMark": cursor,
    }
    if order := _ORDERS[query.sortby]:
        fields["sort"] = order
    return f"{REST}/search?{urlencode(fields)}"


def search_expression(query: "Query", wanted: str = ARTICLES) -> str:
    """The query in the service's language: terms are phrases, alternatives joined by OR, fields and conditions by AND.

    Only articles with full text are asked for, whatever `query.open` says: open-access ones, or preprints.
    """
    fields = (" OR ".join(map(_phrase, field.alternatives)) for field in query.query.values())
    parts = [f"({field})" for field in fields]
    parts.append(wanted)
    if query.published_after or query.published_before:
        first = query.published_after or "1800-01-01"
        last = query.published_before or "3000-12-31"
        parts.append(f"FIRST_PDATE:[{first} TO {last}]")
    if licence := _licences(query.licences):
        parts.append(f"({licence})")
    return " AND ".join(parts)


def _phrase(term: str) -> str:
    """A phrase in quotes, in which no quotes, backslashes or words of the language (AND, TITLE:) mean anything."""
    words = " ".join(re.sub(r'["\\]', " ", term).split())
    return f'"{words}"'


def _licences(names: tuple[str, ...]) -> str:
    """Condition on licences; "" where a wanted one has no code there: they are looked at when articles are read."""
    wanted = [_CODES.get(re.sub(r"-\d\.\d$", "", normalised(name))) for name in names]
    codes = dict.fromkeys(code for each in wanted if each for code in each)
    return "" if None in wanted else " OR ".join(f'LICENSE:"{code}"' for code in codes)


def _parsed(page: bytes, url: str) -> _Answer:
    try:
        return _Answer.model_validate_json(page)
    except ValidationError as error:
        said = re.search(rb'"errMsg"\s*:\s*"([^"]{1,200})"', page)
        cause = said[1].decode("utf-8", "replace") if said else f"{error.error_count()} faults in the answer"
        raise PageFormatError(f"{url} is not a page of search results: {cause}") from error
