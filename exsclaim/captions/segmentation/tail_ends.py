"""Ends of two parts alike in their prepositions, where they begin, and tails that are of the last part alone."""

import re
from collections.abc import Sequence

from exsclaim.captions.segmentation.shared_bearers import BRACKETED
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import ARTICLES, PREPOSITIONS, QUANTITIES, VERB, has_own_head

_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"\d[\d.,]*")
_PLAIN_WORD = re.compile(r"[^\s,;:()]+")
_BEFORE_THING = PREPOSITIONS | ARTICLES
# "(a) CV curves and (b) capacity as a function of the scan rate": a picture has axes of its own
_HAS_AXES = re.compile(r"\b(?:curves?|plots?|images?|micrographs?|photo(?:graph)?s?|schematics?|voltammograms?)$")
_OF_AXIS = re.compile(r"as\sa\sfunction\sof|versus|vs\b")


def parallel_tail(text: str, first: Span | None, last: Span) -> int | None:
    """ "(a) loss of mass and (b) growth of grains at 900 °C": where what is said of both begins."""
    one, other = (list(_WORD.finditer(text, *part)) if part else [] for part in (first, last))
    said, own = ([word.group().lower() for word in words] for words in (one, other))
    joints = [number for number, word in enumerate(own) if word in PREPOSITIONS]
    if len(joints) < 2 or VERB.search(text, *last):
        return None
    place, tail = joints[:2]
    if not place and own[tail] == "of":
        return None  # "(a) at rest and (b) at the edge of the film"
    if own[: len(said)] == said:
        # "after etching and (c) after etching followed by annealing": what follows is what tells them apart
        return None
    is_alike = [number for number, word in enumerate(said) if word in PREPOSITIONS] == [place]
    is_picture = has_own_head(text[last.start : last.end]) and not QUANTITIES.search(text, *last)
    if not is_alike or said[place] != own[place] or is_picture or abs(tail - len(said)) > 1 or own[tail] == own[place]:
        return None
    # "6 nm oxide of zinc and (b) 2 nm oxide of tin on glass": parts with a word in common
    is_like = bool(set(said[:place]) & set(own[:place]))
    if not is_like and (place > 2 or own[tail] in ("on", "to", "with")):
        return None
    # "variance (after what [by area and residuals] explain is taken out)": a bracket is of the words before it
    cut = other[tail].start()
    return cut if text.count("(", last.start, cut) == text.count(")", last.start, cut) else None


def without_own(text: str, others: Sequence[Span | None], tail: Span) -> list[Span]:
    """ "(a) cold (5 K) and (b) hot films (9 K) on glass": a tail without the bracket that each part has its own of."""
    kinds = {_kind(found.group()) for part in others if part for found in BRACKETED.finditer(text, *part)}
    kept, position = [], tail.start
    for found in BRACKETED.finditer(text, *tail) if kinds else ():
        if _kind(found.group()) in kinds:
            kept.append(Span(position, found.start()))
            position = found.end()
    return [*kept, Span(position, tail.end)]


def _kind(bracket: str) -> str:
    """The words that brackets of one kind have in common: "(T = 300 K)" and "(T = 5 K)"."""
    return _NUMBER.sub("0", bracket.strip())


def is_told_of(text: str, part: Span | None, tail: Span) -> bool:
    """ "(a) height data and (b) function of the data": the thing that a tail ends with is what the part is.

    Nor is an axis told behind others that of a picture, which has axes of its own.
    """
    if part and _OF_AXIS.match(text, tail.start) and _HAS_AXES.search(text[slice(*part)]):
        return True
    words = _PLAIN_WORD.findall(text[slice(*tail)].lower())
    last = next((number for number in range(len(words), 0, -1) if words[number - 1] in _BEFORE_THING), 0)
    said = _PLAIN_WORD.findall(text[slice(*part)].lower()) if part else []
    return 0 < last < len(words) and said[-1:] == words[-1:] and set(words[last:]) <= set(said)
