"""Repeated words: which of several labels a sentence behind them goes on about.

"(a) Photograph of the cell and (b) spectrum of the gas. The gas was dry." is of b: its subject is a word that only b
was told. A sentence whose subject repeats words of all labels, or of none, says nothing here.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import PREPOSITIONS, VERB

_WORD = re.compile(r"[^\W_]\w*(?:-\w+)*")
_SHORTEST = 3
_LONGEST_SUBJECT = 12
# words of a label in a list of all of them, and in a sentence of its own, that no further sentence is about
_LONGEST_LISTED = 12
_LONGEST_OF_TWO = 6
_LONGEST_NAME = 5
_LEAST_NAMES = 3
# words before the preposition of what a panel shows: "MRI scans of"
_LONGEST_HEAD = 3
_BRACKETED = re.compile(r"\([^()]*\)")
# what any sentence may begin with
_COMMON = frozenset((
    "after", "all", "also", "and", "another", "are", "area", "areas", "arrow", "arrows", "bar", "bars", "before",
    "being", "below", "between", "both", "bottom", "but", "colour", "colours", "color", "colors", "data", "dashed",
    "each", "for", "from", "here", "image", "images", "inset", "insets", "its", "left", "line", "lines", "note",
    "notice", "only", "other", "panel", "panels", "red", "right", "same", "see", "some", "such", "that", "the",
    "their", "then", "there", "these", "they", "this", "those", "three", "top", "two", "under", "using", "when",
    "where", "which", "while", "white", "with", "without",
))  # fmt: skip


@lru_cache(maxsize=512)
def _words(said: str) -> frozenset[str]:
    """Words of `said` in lower case, a plural's "s" left out; of short ones only names: "Au", "1B"."""
    found = (word for word in _WORD.findall(said) if not word.isdigit())
    lowered = (word.lower() for word in found if len(word) >= _SHORTEST or word[-1:].isupper())
    return frozenset(
        word[:-1] if word.endswith("s") and len(word) > _SHORTEST else word for word in lowered if word not in _COMMON
    )


def _subject(text: str, sentence: Span) -> str:
    """The first words, up to the verb, without remarks in brackets."""
    words = _BRACKETED.sub(" ", text[sentence.start : sentence.end]).split(None, _LONGEST_SUBJECT)[:_LONGEST_SUBJECT]
    said = " ".join(words)
    verb = VERB.search(said)
    return said[: verb.start()] if verb else said


def _own(text: str, span: Span, first: PrintedLabel) -> frozenset[str]:
    """Words of `span` that are not of the labels after the `first` one, too.

    "Network of the genes (A) and model (B)": what stands before the first label may be of all, but for its last part.
    """
    said = text[slice(*span)]
    if span.start > first.span.start:
        return _words(said)
    words = said.split()
    joints = [number for number, word in enumerate(words) if word.lower() in PREPOSITIONS]
    return _words(" ".join(words[joints[-1] + 1 :])) if joints else frozenset()


# "For the test, gold and tin were weighed"
_OF_ONE = re.compile(r"\s*(?:For|In)\s")
# what goes on about the panel spoken of last
_GOES_ON = re.compile(
    r"\s*(?:This|That|These|Those|It|Its|They|Their|Here|There|Note|Inset|Left|Right|Top|Bottom|Upper|Lower|"
    r"(?:The |An? )?(?:\w+ ){0,3}(?:[Ii]nsets?|[Aa]rrow(?:head)?s?|[Aa]sterisks?|[Ss]tars?|[Bb]ox(?:es)?|[Cc]ircles?|"
    r"[Dd]otted|[Dd]ashed|[Ll]ines?|[Rr]ectangles?|panels?))\b"
)


def repeats_none(
    text: str, sentence: Span, texts: Collection[Sequence[Span]], last: Collection[Sequence[Span]], *, is_list: bool
) -> bool:
    """True if a `sentence` about something has no word of its subject in `last`, the labels before it.

    All `texts` are of few words, told in one sentence (`is_list`) or more: "(A) Knees, (B) Choteau, (C) Conrad. Plants
    were grown in soil." is of Conrad no more than of the others.
    """
    is_row = len(texts) >= _LEAST_NAMES
    longest = (_LONGEST_LISTED if is_row else _LONGEST_OF_TWO) if is_list else _LONGEST_NAME
    if not (is_list or is_row):
        return False
    sizes = [sum(text.count(" ", *span) + 1 for span in spans) for spans in texts]
    if not 0 < min(sizes) <= max(sizes) <= longest or _GOES_ON.match(text, sentence.start):
        return False
    subject = _words(_subject(text, sentence)) if VERB.search(text, *sentence) else frozenset()
    return bool(subject) and not any(subject & _words(text[slice(*span)]) for spans in last for span in spans)


def repeats_shared(
    text: str, sentence: Span, texts: Collection[Sequence[Span]], last: Collection[Sequence[Span]]
) -> bool:
    """True if the subject of a `sentence` has no word of `last` alone: all `texts` show things of one kind.

    "(A) Expression of X in roots. (B) Expression pattern of Y. (C) Expression of Z. Plants were grown in soil."
    """
    said = [
        text[slice(*spans[0])].lower().split(None, _LONGEST_HEAD + 1)[: _LONGEST_HEAD + 1] for spans in texts if spans
    ]
    is_alike = len({words[0] for words in said}) == 1 and not any(PREPOSITIONS.isdisjoint(words[1:]) for words in said)
    if not is_alike or len(said) < _LEAST_NAMES or _GOES_ON.match(text, sentence.start):
        return False
    if not VERB.search(text, *sentence):
        return False
    words = [frozenset[str]().union(*(_words(text[slice(*span)]) for span in spans)) for spans in texts]
    own = frozenset[str]().union(*(_words(text[slice(*span)]) for spans in last for span in spans))
    subject = _words(_subject(text, sentence))
    return bool(subject) and not subject & (own - frozenset.intersection(*words))


def repeats(
    text: str, sentence: Span, told: Sequence[PrintedLabel], within: Span, of_label: Mapping[str, Sequence[Span]]
) -> tuple[str, ...]:
    """The labels of those groups of `told`, not of all, whose words the subject of `sentence` repeats; or ().

    Their words are those given them `within` the sentence that told of them, of them alone, and nowhere else before.
    """
    groups = dict.fromkeys(printed.labels for printed in told)
    distinct = [group for group in groups if not any(set(one) < set(group) for one in groups)]
    subject = _words(_subject(text, sentence)) if len(distinct) > 1 else frozenset()
    if not subject:
        return ()
    given = [
        [span for label in group for span in of_label[label] if within.start <= span.start < within.end]
        for group in distinct
    ]
    words = [frozenset[str]().union(*(_words(text[slice(*span)]) for span in spans)) for spans in given]
    own = [one - frozenset[str]().union(*words[:number], *words[number + 1 :]) for number, one in enumerate(words)]
    found = [group for group, told_alone in zip(distinct, own, strict=True) if subject & told_alone]
    if not found:
        return ()
    # "The growth and death of cells were …" of growth (a) and death (b): the caption spoke of one before, not of both
    subject -= _words(text[: within.start])
    if not any(subject & told_alone for told_alone in own):
        return ()
    if found[:1] == [told[0].labels] and not any(subject & _own(text, span, told[0]) for span in given[0]):
        return ()
    is_of_one = len(distinct) < _LEAST_NAMES or _OF_ONE.match(text, sentence.start)
    if not is_of_one and all(_words(text[slice(*sentence)]) & told_alone for told_alone in own):
        # "Hair and hemp have more of it than coal and tar", of four panels: of all that it names
        return ()
    return tuple(label for group in found for label in group) if len(found) < len(distinct) else ()
