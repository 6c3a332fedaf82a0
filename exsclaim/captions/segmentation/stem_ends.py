"""Ends of a stem that a part leaves out: behind the second word of a pair, before a verb, at the choice of "or"."""

import re
from collections.abc import Sequence

from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import ADJECTIVE, ARTICLES, PREPOSITIONS, VERB

# where a word stands, and the word
Word = tuple[int, int, str]
# "Effect of light on the yield (a) and mass of roots (b)", "Link between dose and yield (a), mass (b)": what the parts
# of the caption change is behind the second word of the pair
_PAIR = re.compile(
    r"\b(?:(?:[Ee]ffects?|[Ii]nfluences?|[Ii]mpacts?)\sof\b.*?\s(?P<on>on)|between\b.*?\s(?P<and>and))\s"
)
# without one of these there is none
_PAIRED = ("ffect", "nfluence", "mpact", "between")
# characters from the pair to the label: the bound keeps long captions linear
_LONGEST_PAIR = 400
# "expressed more of it", "significantly reduced the mass": a verb and what it is done to
_DOES = re.compile(
    r"(?:[a-z]+ly\s)?(?:[a-z]{3,}(?<!e)ed\s(?:[a-z]+ly|an?)|[a-z]{3,}(?:ed|[^s]s)\s(?:the|its|their|no|higher|lower|more|"
    r"less|fewer))\s"
)
_THEN_DOES = re.compile(rf"(?<=\s){_DOES.pattern}")
_PARTICIPLE_ED = re.compile(r"[a-z]*ed")
_THERE = re.compile(r"(?:but\s|whereas\s|while\s|yet\s)?there\s(?:is|are|was|were)\b")
# nobody who does it, or words of a relative clause before the verb: "and [that] was", "plants which"
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where|when|what|if|as|than|how|whether)\b")
_NO_SUBJECT = re.compile(
    rf"{_RELATIVE.pattern}|^\s*(?:but\s|and\s|then\s|also\s|not\s)*$|,\s(?:and\s)?$|^\s*(?:but\s|and\s)?(?:{'|'.join(sorted(PREPOSITIONS))})\s"
)
OPPOSITES = {
    "after": " before ", "before": " after ", "without": " with ", "with": " without ",
    "nach": " vor ", "mit": " ohne ", "après": " avant ", "después": " antes ", "depois": " antes ",
}  # fmt: skip
_ARTICLES = ("the", "a", "an")
_ENDING = 4
_RHYME = 6


def first_verb(said: str, part: str) -> int:
    """Position of the first verb of `said`, what its subject does, where `part` begins with one; -1 for other parts."""
    if VERB.match(part):
        # "Cells were photographed after staining (a) and were counted (b)"
        first = VERB.search(said)
        is_own = first and not _RELATIVE.search(said[: first.start()]) and said.count("(", 0, first.start()) == 0
        return first.start() if first and is_own else -1
    found = _THEN_DOES.search(said) if _DOES.match(part) else None
    return found.start() if found else -1


def turned(text: str, previous: Span, part: Span) -> Span:
    """ "Cells before (a) and after induction for 5 days (b)": what the first leaves out behind "before"."""
    last, first = text[slice(*previous)].rpartition(" ")[2].lower(), text[slice(*part)].partition(" ")[0].lower()
    start = min(part.start + len(first) + 1, part.end)
    return Span(start if OPPOSITES.get(first, "").strip() == last else part.end, part.end)


def is_clause(text: str, previous: Span, part: Span) -> bool:
    """ "Few cells are seen at the base (a) and some are dead above (b)": one with a subject and a verb of its own."""
    said = text[slice(*part)]
    if (own := VERB.search(said)) is None or not (first := VERB.search(text, *previous)):
        return False
    return bool(_THERE.match(said)) or not (
        _NO_SUBJECT.search(said[: own.start()]) or _RELATIVE.search(text[previous.start : first.start()])
    )


def behind_pair(text: str, previous: Span, words: Sequence[Word], wanted: Sequence[str]) -> int:
    """Words up to the second of "effect of … on" and "between … and", counted; 0 where `previous` has no pair."""
    said = text[max(previous.start, previous.end - _LONGEST_PAIR) : previous.end]
    if not any(map(said.__contains__, _PAIRED)):
        return 0
    pair = _PAIR.search(text, previous.end - len(said), previous.end)
    if pair is None or ("on" if pair["on"] else "and") in wanted or is_in_bracket(text, previous.start, pair.end()):
        return 0
    behind = [number for number, word in enumerate(words) if word[0] >= pair.end()]
    if not behind:
        return 0
    first = behind[0]
    return first + (len(behind) > 1 and words[first][2].lower() in ARTICLES and wanted[0].lower() not in ARTICLES)


def is_choice(preposition: str, wanted: Sequence[str]) -> bool:
    """ "fed on leaves (a) or a blend of seeds (b)": what the preposition nearest to the "or" leaves a choice of."""
    return (
        preposition.lower() not in ("as", "than")
        and not _PARTICIPLE_ED.fullmatch(wanted[0])
        and preposition not in (word for word in wanted if word != "of")
        and not VERB.search(" ".join(wanted))
    )


def tells_apart(before: str, last: str, wanted: str) -> bool:
    """True if one word stands for another behind the same beginning."""
    are_adjectives = bool(ADJECTIVE.match(last) and ADJECTIVE.match(wanted))
    return (
        # "The bead's lateral (a) and axial (b) profiles"
        (are_adjectives and before.endswith(("'s", "’s")))
        # "The ten most upregulated (a) and downregulated (b) genes"
        or _rhymes(last, wanted)
        # "Respective positive (a) and negative (b) stainings", "Samples showed strong (a) and weak (b) signals"
        or (are_adjectives and last[-_ENDING:] == wanted[-_ENDING:])
    )


def _rhymes(one: str, other: str) -> bool:
    """ "upregulated" and "downregulated", "left-handed" and "right-handed": words of one kind by their last letters."""
    return one != other and min(len(one), len(other)) > _RHYME and one[-_RHYME:].lower() == other[-_RHYME:].lower()


def without_doubled(text: str, stem: Span, part: Span) -> Span:
    """A stem without the article or preposition that the part begins with: "rods on (a) glass and (b) on steel"."""
    last = text[slice(*stem)].rpartition(" ")[2]
    first = text[part.start : part.end].lstrip(" )]:,.").split(" ", 1)[0]
    is_article = last in _ARTICLES and first in (*_ARTICLES, "its", "their")
    is_double = is_article or (last in PREPOSITIONS and first == last)
    return Span(stem.start, stem.end - len(last)) if is_double else stem


def is_in_bracket(text: str, start: int, position: int) -> bool:
    return text.count("(", start, position) > text.count(")", start, position)
