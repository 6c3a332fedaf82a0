"""Sentences about the whole figure, known by how they begin or by what they list."""

import re
from functools import cache

from exsclaim.captions.lexicon import lexicon
from exsclaim.captions.shared_words import VERB
from exsclaim.captions.spans import Span

_COLOUR = (
    "(?:red|green|blue|black|white|gr[ae]y|yellow|orange|purple|pink|cyan|magenta|brown|violet|turquoise|gold|silver)"
)
_COLOURS = re.compile(rf"\b{_COLOUR}\b", re.IGNORECASE)
# "Green, lithium; red, oxygen", "Black: wild type, orange: mutant", "C, grey; O, red"
_COLOUR_KEY = re.compile(
    rf"\s*(?:(?:open|filled|light|dark|solid|dashed|atoms?|the)\s)*(?:{_COLOUR}\b[^,;:=]{{0,24}}[,:=–]|[\w+-]{{1,12}}(?:\satoms?)?\s?[,:=–]\s?(?:in\s)?{_COLOUR}\b)",
    re.IGNORECASE,
)
# "WT: wild type", "BP = blood pressure, HR = heart rate", "L – lumen"
_ENTRY = re.compile(
    r"\W*(?P<short>[^\s:=,;]{1,14}(?:\s[A-Z]{1,4})?)\s?(?:[:=]\s?|\s[–—-]\s|,\s)(?P<long>[A-Za-z][^:=;]{3,70})"
)
_LONGEST_KEY = 900


@cache
def _of_all() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:{'|'.join(opening for openings in lexicon('whole_figure').values() for opening in openings)})"
    )


def opening_of_all(text: str, sentence: Span) -> str:
    """The first word of a sentence that, behind the last label, is said of the whole figure; "" for other sentences.

    Where the labels before have each a sentence that begins so ("n = 5"), the last one has its own, too.
    """
    found = _of_all().match(text, *sentence)
    if found:
        return re.sub(r"\W.*", "", found.group().strip()) or found.group().strip()
    said = text[sentence.start : min(sentence.end, sentence.start + _LONGEST_KEY)]
    return "key" if _is_colour_key(said) or _is_abbreviation(said) else ""


def _is_colour_key(said: str) -> bool:
    return bool(_COLOUR_KEY.match(said)) and len(_COLOURS.findall(said)) > 1 and not VERB.search(said)


def _is_abbreviation(said: str) -> bool:
    """A list of abbreviations, of one entry or more: a short form, and words that begin with its letters."""
    entry = _ENTRY.match(said)
    if entry is None or VERB.search(said):
        return False
    short, words = entry["short"], entry["long"].lower().split()
    capitals = sum(character.isupper() for character in short)
    is_short = capitals >= 2 or (len(short) <= 3 and capitals) or bool(re.fullmatch(r"[a-z]{1,4}", short))
    initial = short.lower()[:1]
    return is_short and any(word.startswith(initial) for word in words[:6])
