"""Facts of an article that its page keeps in a script alone: IEEE Xplore's `xplGlobal.document.metadata`.

They are given as JSON-LD gives them (schema.org's ScholarlyArticle), so that one reader reads both.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

from exsclaim.sources.facts.publication_facts import PublicationDate, most_precise, written_date

_METADATA = re.compile(r"\bxplGlobal\.document\.metadata\s*=\s*(?=\{)")
_LICENCES = re.compile(r"CC0|CC[\s_-]?BY(?:[\s_-]?(?:NC|ND|SA))*", re.IGNORECASE)
_KEYWORDS = ("Author Keywords", "Index Terms", "IEEE Keywords")
"""The lists of keywords that IEEE has, the authors' own first."""
MAX_SCRIPT = 4_000_000


def scripted_article(page: BeautifulSoup) -> dict[str, Any]:
    """The article in a page's script, in the words of schema.org; empty where there is none."""
    for script in page.find_all("script"):
        text = script.get_text()
        found = _METADATA.search(text) if len(text) <= MAX_SCRIPT else None
        if found is None:
            continue
        try:
            content, _ = json.JSONDecoder(strict=False).raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue
        return {name: value for name, value in _described(content).items() if value}
    return {}


def _described(content: Mapping[str, Any]) -> dict[str, Any]:
    def said(*names: str) -> str:
        return next((value for name in names if isinstance(value := content.get(name), str) and value.strip()), "")

    published = _published(said)
    rights = said("_value") if _LICENCES.fullmatch(said("_value").strip()) else said("articleCopyRight")
    return {
        "headline": said("title", "displayDocTitle", "formulaStrippedArticleTitle"),
        "identifier": said("doi", "doiLink"),
        "author": [name for each in _listed(content, "authors") if (name := str(each.get("name") or "").strip())],
        "isPartOf": {"name": said("publicationTitle", "displayPublicationTitle")},
        "datePublished": _iso(published) if published else "",
        "license": f"© {rights}" if re.match(r"\d{4}\b", rights) else rights,
        "abstract": said("abstract"),
        "keywords": _keywords(content),
    }


def _published(said: Callable[..., str]) -> PublicationDate | None:
    """The day of publication; of a conference, whose days are told instead, the day online, if it is of that year.

    What was printed before there was a site has on it the day of its scan.
    """
    day = written_date(said("displayPublicationDate"))
    issue = written_date(said("publicationYear"))
    online = written_date(said("onlineDate", "dateOfInsertion", "insertDate"))
    is_of_year = online is not None and issue is not None and online.day.year == issue.day.year
    return most_precise([day, online if is_of_year else None, written_date(said("publicationDate")), issue])


def _iso(date: PublicationDate) -> str:
    return date.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[date.precision]]


def _listed(content: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    given = content.get(name)
    yield from (each for each in given if isinstance(each, dict)) if isinstance(given, list) else ()


def _keywords(content: Mapping[str, Any]) -> list[str]:
    lists = {str(each.get("type") or "").strip(): each.get("kwd") for each in _listed(content, "keywords")}
    chosen = next((words for kind in _KEYWORDS if isinstance(words := lists.get(kind), list) and words), [])
    return [word for word in chosen if isinstance(word, str)]
