"""Retracted, withdrawn and removed articles, by the words with which publishers mark them."""

import re
from collections.abc import Iterable

_WORDS = r"(?:retracted|withdrawn|removed|temporary removal)"
_KINDS = r"(?:\s+(?:article|paper|chapter|manuscript|preprint|publication|study))?"
_BEFORE = re.compile(rf"\W*(?:article\s+)?{_WORDS}{_KINDS}\s*(?:[:\]–—|]|-\s|\.\s+(?=[A-Z])|\)\s*\w)", re.IGNORECASE)
_BEHIND = re.compile(
    rf"[(\[{{]\s*(?:this\s+)?(?:article\s+)?(?:has\s+been\s+)?{_WORDS}{_KINDS}[^()\[\]]{{0,80}}[)\]}}]\W*$"
    rf"|[-–—:]\s*{_WORDS}{_KINDS}\W*$|\.\s+{_WORDS}\W*$",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\W*(?:RETRACTED|WITHDRAWN|REMOVED)\b(?:\s+(?:ARTICLE|PAPER))?(?=\s+[A-Z][a-z]|\W*$)")
_KINDS_OF_ARTICLES = re.compile(
    r"(?:retracted|withdrawn|removed)(?:[-\s_]?(?:article|paper|publication))?", re.IGNORECASE
)
_RELATIONS = frozenset(
    ["retraction-forward", "retracted-by", "retraction", "withdrawal", "withdrawn-by", "removal", "retracted"]
)


def is_retracted(title: str, *, article_type: str = "", relations: Iterable[str] = ()) -> bool:
    """Tell whether a work is marked as retracted, withdrawn or removed; the note that says so of another is not.

    Args:
        title: as printed: "RETRACTED ARTICLE: Silver nanowires", "Silver nanowires (Retracted Article)".
        article_type: as the source names it: JATS's `article-type`, Europe PMC's or Crossref's types.
        relations: kinds of works that are about this one: JATS's `related-article-type`, Crossref's `updated-by`.
    """
    title = " ".join(title.split())
    marked = _BEFORE.match(title) or _BEHIND.search(title) or _SHOUTED.match(title)
    if marked or _KINDS_OF_ARTICLES.fullmatch(article_type.strip()):
        return True
    return any(relation.strip().casefold() in _RELATIONS for relation in relations)
