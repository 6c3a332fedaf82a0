"""Which articles, from whatever sources, are one work."""

import re
import unicodedata
from collections.abc import Iterable

from exsclaim.records import Article

MIN_TITLE_WORDS = 4
""""Editorial", "Author Correction" and "Supporting Information" are many works."""


def same_works(articles: Iterable[Article]) -> list[tuple[Article, ...]]:
    """Groups of articles that are one work: with the same DOI, else the same title, first and last author.

    The groups, and the articles in each, are in the order of their ids, whatever order they came in. Title and authors
    count besides DOIs, too: a preprint has another DOI than the article that it became.
    """
    by_id = {article.id: article for article in sorted(articles, key=_id)}
    group = {id: id for id in by_id}

    def first_of(id: str) -> str:
        while group[id] != id:
            id = group[id]
        return id

    seen: dict[tuple[str, ...], str] = {}
    for id, article in by_id.items():
        for key in _keys(article):
            ours, theirs = first_of(id), first_of(seen.setdefault(key, id))
            group[max(ours, theirs)] = min(ours, theirs)
    groups: dict[str, list[Article]] = {}
    for id, article in by_id.items():
        groups.setdefault(first_of(id), []).append(article)
    return [tuple(groups[id]) for id in sorted(groups)]


def doi_key(doi: str | None) -> str:
    """A DOI without resolver and in lower case (DOIs know no case); "" for none."""
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", (doi or "").strip().casefold())


def _keys(article: Article) -> list[tuple[str, ...]]:
    doi, title = doi_key(article.doi), _letters(article.title)
    keys: list[tuple[str, ...]] = [("doi", doi)] if doi else []
    if article.authors and len(article.title.split()) >= MIN_TITLE_WORDS:
        keys.append(("title", title, _family(article.authors[0]), _family(article.authors[-1])))
    return keys


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


def _id(article: Article) -> str:
    return article.id
