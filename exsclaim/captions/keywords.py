"""What a text is about: the query's terms and the materials that it names."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

from exsclaim.captions.lexicon import lexicon


@cache
def _formula() -> re.Pattern[str]:
    """Chemical formulas of two elements or more, or of one element with a count: Ag2MnO4, TiO2, ZnO, Pt/C."""
    symbols = sorted(lexicon("materials")["symbols"].split(), key=len, reverse=True)
    element = f"(?:{'|'.join(symbols)})"
    count = r"(?:\d{1,2}(?:\.\d{1,2})?|[xyδ])?"
    return re.compile(rf"(?:{element}{count}){{2,8}}|{element}\d{{1,2}}|(?:A[glu]|C[rodu]|Fe|Ni|P[dt]|Si|Ti|Zn|Mn|Li)")


@cache
def _words() -> Any:
    from nltk.tokenize import RegexpTokenizer

    return RegexpTokenizer(r"[\w.]*\w(?:-\w+)*")


def keywords(text: str, terms: Sequence[str] = ()) -> tuple[str, ...]:
    """Query terms found in `text` (any case, plural or not) as the query writes them, then materials as printed."""
    found: dict[str, None] = {}
    lowered = re.sub(r"[\s–—-]+", " ", text).lower()
    for term in terms:
        plain = re.sub(r"[\s–—-]+", " ", term).strip().lower()
        if plain and re.search(rf"(?<!\w){re.escape(plain)}(?:e?s)?(?!\w)", lowered):
            found[term] = None
    known = set(lexicon("materials")["words"])
    tokens = _words().tokenize(text)
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        word = token.lower()
        for candidate in (word, word.removesuffix("s"), f"{word} {following.lower()}".removesuffix("s")):
            if candidate in known:
                found[candidate] = None
        if _is_formula(token):
            found[token] = None
    return tuple(found)


def _is_formula(token: str) -> bool:
    if not _formula().fullmatch(token):
        return False
    # words of capitals only ("PBS", "BOC") are abbreviations unless short oxides and the like ("CO", "ZnO")
    return any(character.isdigit() or character.islower() for character in token)
