"""Grouping of articles, from whatever sources, that are one work."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from exsclaim.records import Article

T = TypeVar("T", str, tuple[str, str])

MIN_TITLE_WORDS = 4
""""Editorial", "Author Correction" and "Supporting Information" are many works."""


def same_works(articles: Iterable[Article]) -> list[tuple[Article, ...]]:
    """Groups of articles that are one work: with the same DOI, else the same title, first and last author.

    The groups, and the articles in each, are in the order of their ids, whatever order they came in. Title and authors
    count besides DOIs, too: a preprint has another DOI than the article that it became.
    """
    by_id = {article.id: article for article in articles}
    groups = grouped({id: work_keys(article) for id, article in by_id.items()})
    return [tuple(by_id[id] for id in group) for group in groups]


def work_keys(article: Article) -> tuple[str, ...]:
    """Texts by which records of one work are known: two records that have one in common are of the same work."""
    return keys_of(article.doi, article.title, article.authors)


def keys_of(doi: str | None, title: str, authors: Sequence[str]) -> tuple[str, ...]:
    """The same texts, of an article that is known by these fields alone."""
    keys = [f"doi {doi_key(doi)}"] if doi_key(doi) else []
    if authors and len(title.split()) >= MIN_TITLE_WORDS:
        keys.append(f"title {_letters(title)} {_family(authors[0])} {_family(authors[-1])}")
    return tuple(keys)


def grouped(keys: Mapping[T, Iterable[str]]) -> list[list[T]]:
    """Groups of the things that hang together by common keys; groups and their members in order."""
    group = {thing: thing for thing in sorted(keys)}

    def first_of(thing: T) -> T:
        while group[thing] != thing:
            group[thing] = group[group[thing]]
            thing = group[thing]
        return thing

    seen: dict[str, T] = {}
    for thing in list(group):
        for key in keys[thing]:
            ours, theirs = first_of(thing), first_of(seen.setdefault(key, thing))
            group[max(ours, theirs)] = min(ours, theirs)
    groups: dict[T, list[T]] = {}
    for thing in group:
        groups.setdefault(first_of(thing), []).append(thing)
    return [groups[first] for first in sorted(groups)]


def doi_key(doi: str | None) -> str:
    """A DOI without resolver and in lower case (DOIs know no case); "" for none."""
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", (doi or "").strip().casefold())


def _family(author: str) -> str:
    """Family name of "J. G. Murillo" or "José G. Murillo Jr."."""
    names = [
        name
        for name in author.replace(",", " ").split()
        if name.rstrip(".").casefold() not in ("jr", "sr", "ii", "iii")
    ]
    return _letters(names[-1]) if names else ""


def _letters(text: str) -> str:
    """Letters and digits alone, without accents: sources differ in dashes, spaces, indices and Greek letters' forms."""
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]", "", "".join(sign for sign in plain if not unicodedata.combining(sign))).casefold()
