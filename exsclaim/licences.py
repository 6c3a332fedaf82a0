"""Licences as one short name each: SPDX's where there is one (https://spdx.org/licenses/).

`CC-BY-4.0`, `CC-BY-NC-ND-3.0`, `CC0-1.0`, `CC-PDM-1.0` (Public Domain Mark); without a version (`CC-BY`) where the
source names none; `publisher` where rights are reserved or the terms are a publisher's own (read them at the link);
`public-domain` for works of governments and others that nobody owns; `unknown` where nothing is said.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

PUBLISHER = "publisher"
UNKNOWN = "unknown"
PUBLIC_DOMAIN = "public-domain"
THIRD_PARTY = "third-party"
"""Of a figure that the article's licence does not cover: ask who is named in its words."""

_LINK = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licen[sc]es/(?P<terms>by(?:-(?:nc|nd|sa)){0,2})|"
    r"publicdomain/(?P<public>zero|mark))/(?P<version>\d\.\d)",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"creative\s+commons\b|public(?=domain\s+(?:mark|dedication)\b)|\bcc(?=0\b|[\s-]*(?:by|zero|pdm)\b)", re.IGNORECASE
)
_TOKEN = re.compile(r"\d\.\d|[a-z]+|\d+")
_SPELT_APART = re.compile(r"\b(non|no|share|public)[\s_‐-―-]+(?=commercial|deriv|alike|domain)", re.IGNORECASE)
_TERMS = {
    "by": "BY", "attribution": "BY", "nc": "NC", "noncommercial": "NC", "nd": "ND", "noderivatives": "ND",
    "noderivs": "ND", "noderivative": "ND", "sa": "SA", "sharealike": "SA",
}  # fmt: skip
_PUBLIC = {"zero": "CC0", "0": "CC0", "dedication": "CC0", "mark": "CC-PDM", "pdm": "CC-PDM"}
_FILLING = frozenset(
    {"and", "cc", "commons", "creative", "works", "s", "licence", "license", "licences", "licenses", "v", "version"}
    | {"international", "unported", "generic", "igo", "domain", "publicdomain", "universal", "waiver"}
)
_MOST_TOKENS = 16
_ORDER = ("BY", "NC", "ND", "SA")
_COMMON = re.compile(
    r"\b(?:is|are|lies?|placed|falls?|belongs?)?\s*(?:in|into|to) the public domain\b|^public[- ]domain\b|"
    r"\bpublic domain (?:work|article|licen[cs]e|in the)|"
    r"\b(?:a|the) (?:work|product) of (?:the )?(?:u\.? ?s\.?|united states) (?:federal )?government|"
    r"\b(?:u\.? ?s\.?|united states|federal) government (?:work|employee|publication)|"
    r"\bnot subject to (?:u\.? ?s\.? |united states )?copyright|\bfree of (?:all|any) copyright\b|"
    r"\bnot (?:under|protected by) (?:u\.? ?s\.? )?copyright",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"no (?:copyright )?claim (?:is made )?to (?:original )?(?:u\.? ?s\.?|united states) government works?",
    re.IGNORECASE,
)
"""AAAS's line for articles that it owns: it says that parts may be others', not that the article is anybody's."""
_RESERVED = re.compile(
    r"rights\s+(?:are\s+)?reserved|^NO-CC CODE$|^TDM$|copyright|©|user licen[sc]e|reprints|terms of use|"
    r"terms and conditions|non-?exclusive|exclusive licen[sc]|^publisher$|^https?://\S+$",
    re.IGNORECASE,
)


class Licence(NamedTuple):
    """A licence by its short name, and the address of its text where that is known."""

    id: str
    url: str | None

    @property
    def is_open(self) -> bool:
        """True if it is a Creative Commons licence, or puts the work into the public domain."""
        return self.id.startswith("CC") or self.id == PUBLIC_DOMAIN


def licence_at(url: str) -> Licence | None:
    """The Creative Commons licence that a link leads to; None for any other link.

    Addresses: https://creativecommons.org/share-your-work/cclicenses/
    """
    found = _LINK.match(url.strip())
    return _linked(found) if found else None


def first_licence(urls: Iterable[str]) -> Licence | None:
    """The first of `urls` that leads to a licence, as `licence_at` gives it."""
    return next(filter(None, map(licence_at, urls)), None)


def declared(*statements: str | None) -> Licence:
    """The licence that a source declares: by an address, a code of an API ("cc by-nc", "CC0"), a name or a sentence.

    The first statement that names a Creative Commons licence decides. Else it is the publisher's own where one
    reserves rights or is a link to other terms (with that link), else unknown.
    """
    given = [" ".join(statement.split()) for statement in statements if statement and statement.strip()]
    if given[:1] == [THIRD_PARTY]:
        return Licence(THIRD_PARTY, None)
    for text in given:
        if (found := _LINK.search(text)) is not None:
            return _linked(found)
        if (id := _in_words(text)) is not None:
            return Licence(id, address(id))
    if any(_COMMON.search(_NO_CLAIM.sub("", text)) for text in given):
        return Licence(PUBLIC_DOMAIN, None)
    if not any(_RESERVED.search(text) for text in given):
        return Licence(UNKNOWN, None)
    links = (text for text in given if re.fullmatch(r"https?://\S+", text, re.IGNORECASE))
    return Licence(PUBLISHER, next(links, None))


def normalised(name: str | None) -> str:
    """Short name of what `declared` understands; also of the names that earlier versions wrote ("CC BY 4.0")."""
    return UNKNOWN if name is None or name == UNKNOWN else declared(name).id


def is_known(name: str) -> bool:
    """True if a name means a licence, `publisher` or `unknown` ("CC BYE" does not)."""
    return normalised(name) != UNKNOWN or name.strip().casefold() == UNKNOWN


def address(id: str) -> str | None:
    """Address of the text of a Creative Commons licence; None for others and where the version is not known."""
    if found := re.fullmatch(r"CC-(BY(?:-[A-Z]{2})*)-(\d\.\d)", id):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    if found := re.fullmatch(r"CC(0|-PDM)-(\d\.\d)", id):
        return f"https://creativecommons.org/publicdomain/{'zero' if found[1] == '0' else 'mark'}/{found[2]}/"
    return None


def admits(wanted: str, licence: str) -> bool:
    """True if a query's `wanted` ("CC BY", "CC-BY-4.0", "publisher") covers a licence.

    A name without a version covers all versions; "CC BY" covers neither "CC-BY-NC-4.0" nor "CC-BY-SA-4.0".
    """
    asked, given = normalised(wanted), normalised(licence)
    return given == asked or re.fullmatch(re.escape(asked) + r"-\d\.\d", given) is not None


def _linked(found: re.Match[str]) -> Licence:
    kind = {"zero": "CC0", "mark": "CC-PDM"}[found["public"].lower()] if found["public"] else None
    terms = (found["terms"] or "").upper().split("-")
    id = f"{kind or _creative_commons(terms)}-{found['version']}"
    return Licence(id, address(id))


def _in_words(text: str) -> str | None:
    """The first Creative Commons licence that a text names: its terms, and a version if one stands beside them."""
    joined = _SPELT_APART.sub(lambda parts: parts[1], text.replace("_", " "))
    for mention in _MENTION.finditer(joined):
        kind, version = "", ""
        terms: list[str] = []
        for token in _TOKEN.findall(joined[mention.end() :].casefold())[:_MOST_TOKENS]:
            if token in _PUBLIC and not terms:
                kind = _PUBLIC[token]
            elif token in _TERMS and not kind:
                terms.append(_TERMS[token])
            elif re.fullmatch(r"[1-4]\.\d", token):
                version = f"-{token}"
                break
            elif token not in _FILLING:
                break
        if kind or "BY" in terms:
            return f"{kind or _creative_commons(terms)}{version}"
    return None


def _creative_commons(terms: Iterable[str]) -> str:
    return "-".join(["CC", *(term for term in _ORDER if term in set(terms))])
