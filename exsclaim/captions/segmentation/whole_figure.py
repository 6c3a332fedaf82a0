"""Sentences that are said of the whole figure though they stand behind a label: keys, credits, numbers of animals."""

import re
from functools import cache

from exsclaim.captions.labels.label_lookalikes import COLOURS, LEGEND
from exsclaim.captions.plain_text import lexicon
from exsclaim.captions.segmentation.told_data import told_of_data
from exsclaim.captions.shared_words import VERB
from exsclaim.captions.spans import Span

_COLOURS = re.compile(rf"\b{COLOURS}\b", re.IGNORECASE)
# "Green, lithium; red, oxygen", "Black: wild type, orange: mutant", "C, grey; O, red"
_COLOUR_KEY = re.compile(
    rf"\s*(?:(?:open|filled|light|dark|solid|dashed|atoms?|the)\s)*(?:{COLOURS}\b[^,;:=]{{0,24}}[,:=–]|[\w+-]{{1,12}}(?:\satoms?)?\s?[,:=–]\s?(?:in\s)?{COLOURS}\b)",
    re.IGNORECASE,
)
# "WT: wild type", "BP = blood pressure, HR = heart rate", "L – lumen"
_ENTRY = re.compile(
    r"\W*(?P<short>[^\s:=,;]{1,14}(?:\s[A-Z]{1,4})?)\s?(?:[:=]\s?|\s[–—-]\s|,\s)(?P<long>[A-Za-z][^:=;]{3,70})"
)
_LONGEST_KEY = 900
# "1—Citrus yellow, 2—Skorpion blue": a key of numbers
_NUMBER_KEY = re.compile(r"\s*1\s?[—–=:]\s?[^,;]{2,60}[,;]\s*2\s?[—–=:]")
_PICTURES = ("panel", "plot", "image", "graph", "map", "figure", "chart", "diagram", "row", "column")
# "Genes are coloured by cluster in both plots", "The old ones are on the top row"
_ABOUT_ALL = re.compile(
    r"\b(?:in|on|of|across|for|between)\s(?:the\s)?(?:two|three|four|five|six|both|all|each(?=\s(?:sub)?(?:panel|graph|plot|image|chart|map|micrograph|diagram)s?\b))\s(?:of\sthe\s)?"
    r"(?:sub)?(?:panels?|plots?|images?|graphs?|micrographs?|maps?|figures?|charts?|diagrams?|rows|columns)\b"
    r"|\b[oi]n\sthe\s(?:top|bottom|upper|lower|left|right|middle|first|second|third|last)\s(?:row|column)\b"
)
# "Left: red arrows, nuclei; right: blue arrows, walls"
_BY_PLACE = re.compile(r"\s*\(?(?:Left|Right|Top|Bottom|Upper|Lower|Middle|Cent(?:re|er))(?:\s\w+)?(?::|\)\s)")
# "Columns are means ± SEM", "Root lengths are presented as mean ± standard error"
_MEANS = re.compile(r"\b[Mm]eans?\b[^.;]{0,20}?(?:±|\+/[-−])|±\s?(?:S\.?[DE]\b|SEM\b|s\.?[de]\b|standard)")
_LONGEST_MEANS = 110
_NO_WORD = re.compile(r"\W")
_SAYS_ALL = re.compile(
    r"\s*(?:All|In (?:all|each|every|both))\s(?:of\s)?(?:the\s)?"
    r"(?:panels?|images|figures|micrographs|graphs|plots|maps|scale|bars|experiments)\b"
)


@cache
def _of_all() -> re.Pattern[str]:
    openings = "|".join(one for kind in lexicon("whole_figure").values() for one in kind)
    return re.compile(rf"\s*(?:[—–-]\s)?[(\[]?(?:{openings})")


def opening_of_all(text: str, sentence: Span) -> str:
    """The first word of a sentence that, behind the last label, is said of the whole figure; "" for other sentences.

    Where the labels before have each a sentence that begins so ("n = 5"), the last one has its own, too.
    """
    if _BY_PLACE.match(text, *sentence):
        return ""
    found = _of_all().match(text, *sentence)
    if found:
        opening = found.group().strip()
        return _NO_WORD.split(opening, 1)[0] or opening
    said = text[sentence.start : min(sentence.end, sentence.start + _LONGEST_KEY)]
    if any(word in said for word in _PICTURES) and _ABOUT_ALL.search(said):
        return "all"
    if ("±" in said or "+/" in said) and _MEANS.search(said, 0, _LONGEST_MEANS) and "panel" not in said:
        return "means"
    if told := told_of_data(said):
        return told
    return "key" if _NUMBER_KEY.match(said) or _is_colour_key(said) or _is_abbreviation(said) else ""


def _is_colour_key(said: str) -> bool:
    return bool(_COLOUR_KEY.match(said)) and len(_COLOURS.findall(said)) > 1 and not VERB.search(said)


def _is_abbreviation(said: str) -> bool:
    """A list of abbreviations, of one entry or more: a short form, and words that begin with its letters."""
    entry = _ENTRY.match(said)
    if entry is None or VERB.search(said):
        return False
    short, words = entry["short"], entry["long"].lower().split()
    if short.split()[0].lower() in LEGEND:
        return False  # "Lane M, marker": of the gel that it is a lane of
    capitals = sum(character.isupper() for character in short)
    is_short = capitals >= 2 or (len(short) <= 3 and capitals) or bool(re.fullmatch(r"[a-z]{1,4}", short))
    initial = short.lower()[:1]
    return is_short and any(word.startswith(initial) for word in words[:6])


def says_all(text: str, sentence: Span) -> bool:
    """True if a sentence begins with all panels, images, bars: it is said of the whole figure wherever it stands."""
    return bool(_SAYS_ALL.match(text, sentence.start))
