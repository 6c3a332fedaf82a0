"""Lengths of scale bars that a caption states: "Scale bars: 100 nm (a–c), 50 nm (d)".

A sentence about scale bars is read as a row of lengths and labels; "respectively" and equal numbers of both pair them,
else each length goes with the labels at its side. Lengths of insets are left out; so are several lengths for which the
sentence does not say whose they are: no length is better than another panel's.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from exsclaim.captions.labels.label_ranges import PrintedLabel
from exsclaim.captions.scale_bars.drawn_panels import is_drawn
from exsclaim.captions.scale_bars.inset_lengths import panels_among, without_insets
from exsclaim.captions.scale_bars.scale_exceptions import with_exceptions, without_exception
from exsclaim.captions.scale_bars.scale_lists import (
    LENGTH,
    LENGTH_WITH_SLIP,
    Kind,
    Token,
    is_fragment,
    scale_tokens,
    to_last_length,
)
from exsclaim.captions.scale_bars.scale_pairs import clauses_of, paired
from exsclaim.captions.spans import Parts, Span

SCALE_BAR = (
    r"[Ss]cale[- ]?(?:bars?|lines?|lengths?|length bars?)|[Ss]calebars?|[Bb]arras?\sde\s[Ee]scala|"
    r"[Bb]arres?\sd['’][ée]chelle|[Éé]chelle|[Mm]a(?:ß|ss)st(?:a|ä)be?(?:sbalken)?|[Ee]scalas?(?=\s*[:=,]|\s\d)|[Bb]arr[ae]\sdi\s[Ss]cala|标尺|比例尺|[Мм]асштаб\w*(?:\s(?:линейк|отрезок|метк|полос)\w*)?|[Bb]ar\s(?:length|scale)s?|[Ss]cala(?=\s*[:=,]?\s?\d)|"
    r"スケールバー|축척\s?막대|스케일\s?바|[Шш]кала(?=\s*[:=,—-]?\s?\d)|[Ss]kal(?:a(?=\s*[:=,]?\s?\d)|balk|streck)|[Mm]ålestok\w*|"
    r"[Pp]odziałka|[Mm]ěřítko|[Öö]lçek\sçubuğu|(?:[Μμ]πάρα\s)?[Κκ]λίμακας?"
)
KEYWORD = re.compile(
    # "z-scale: 20 nm" is a height
    rf"\b(?:{SCALE_BAR}|(?<!\b[zZ][- ])(?<![Hh]eight[- ])(?<![Cc]olor[- ])(?<![Cc]olour[- ])(?<![Dd]epth[- ])"
    r"(?<![Pp]ixel[- ])(?<![Tt]ime[- ])(?<![Pp]late[- ])(?<![Ee]nergy[- ])"
    r"[Ss]cales?\b(?=\s*(?:[:=,]|is|are)[^.;]{0,30}?\d)|"
    r"[Ss]cales?\b(?=\sin\s(?:the\s)?(?:figures?|panels?|images?|micrographs?)\s[^.;]{0,40}?\s(?:is|are)\s\d)|"
    r"(?<![Ee]rror )(?:[Bb]ars?|[Bb]arras?|[Bb]alken)\b(?=\s*(?:[:=,]|is|are|in|indicates?|represents?|equals?|"
    r"corresponds?\sto|\()?\s*\d)|"
    r"(?<![Ee]rror )(?:[Bb]ars?|[Bb]arras?)\s*(?=[:=,]\s|in\s\(?\w\W[^.;]{0,20}\d))"
)
# without one of these there is no keyword: a quicker look, once a caption
_STEMS = (
    "bar", "Bar", "cale", "cala", "chelle", "aßst", "assst", "alken", "标尺", "比例尺", "асштаб", "スケール",
    "축척", "스케일", "кала", "kala", "kalb", "kalst", "lestok", "odział", "ěřít", "lçek", "λίμακα",
)  # fmt: skip
_BAR_AFTER = re.compile(r"[\s-]+scale[- ]?bars?\b")
_OPENS = re.compile(
    r"\s*(?:[—–-]\s)?[(\[]?(?:(?:except|apart\sfrom)\b[^.;]{1,40},\s)?"
    r"(?:\(?(?:The|All|In all images,?|White|Black|Green|Blue|Red|Yellow|Both|and|Inset)\s+)?"
    r"(?:the\s+|all\s+|white\s+|black\s+|and\s+){0,3}",
    re.IGNORECASE,
)
_ALL = re.compile(r"all|both|each|every")
_COLOURED = re.compile(r"\b(?:white|black|red|yellow)\s(?:and\s\w+\s)?$", re.IGNORECASE)
_PLACES = "(?:left|right|top|bottom|upper|lower|middle|white|black|red|yellow)"
_BY_PLACE = re.compile(rf"\b{_PLACES}\b", re.IGNORECASE)
_SEMICOLON = re.compile(";")


@lru_cache(maxsize=4096)
def states_bar(text: str) -> bool:
    """True if `text` states the length of a scale bar."""
    found = KEYWORD.search(text) if any(stem in text for stem in _STEMS) else None
    return found is not None and LENGTH.search(text, found.end()) is not None


class StatedScale(NamedTuple):
    """A length that a sentence states for some labels: the words that open the list, and the length itself."""

    labels: tuple[str, ...]
    opening: Span
    length: Span
    nm: float


@lru_cache(maxsize=16)
def speaks_of_scales(text: str) -> bool:
    return any(map(text.__contains__, _STEMS))


def keyword_in(text: str, span: Span) -> re.Match[str] | None:
    """The first word for a scale bar in `span`."""
    for stem in _STEMS:
        if text.find(stem, *span) >= 0:
            return KEYWORD.search(text, *span)
    return None


@lru_cache(maxsize=256)
def is_scale_sentence(text: str, span: Span) -> bool:
    """True if the sentence or clause is there to state scale bars."""
    if not speaks_of_scales(text):
        return False
    opening = _OPENS.match(text, *span)
    start = opening.end() if opening else span.start
    length = LENGTH.match(text, start, span.end)
    return bool(KEYWORD.match(text, start, span.end) or (length and _BAR_AFTER.match(text, length.end(), span.end)))


def tells_scale(text: str, span: Span) -> bool:
    """True if a sentence about something else states the length of a bar, too: "TEM image, scale bar: 5 nm"."""
    return speaks_of_scales(text) and bool(keyword_in(text, span)) and LENGTH.search(text, *span) is not None


def with_scale_lists_whole(text: str, sentences: Sequence[Span]) -> list[Span]:
    """`sentences` without the ends inside a list of scale bars: "Scale bars: a, 1 µm. b, 50 nm."."""
    whole: list[Span] = []
    for sentence in sentences:
        if whole and is_scale_sentence(text, whole[-1]) and is_fragment(text, sentence):
            whole[-1] = Span(whole[-1].start, sentence.end)
        else:
            whole.append(sentence)
    return whole


def states_length(text: str, span: Span) -> bool:
    """True if a sentence about scale bars gives a length: "Scale bars are as in Figure 1" does not."""
    return LENGTH_WITH_SLIP.search(text, *span) is not None


def labelled_scales(text: str, sentence: Span, labels: Sequence[str], scope: Sequence[str] = ()) -> list[StatedScale]:
    """Each stated length and its labels, of the caption's `labels`; empty where the sentence names none.

    Labels follow their length ("5 μm (c)") or go before it ("a, 5 μm"; "in (a) is 5 μm"): the first of both decides,
    clause by clause where each clause has both ("(A) is 1 cm and pertains to (B); (C) scale bar is 1 mm"). A length
    that is told of insets only has no labels. Several
    lengths told respectively without labels are those of `scope`, the labels spoken of, where these are as many.
    """
    tokens = with_exceptions(text, scale_tokens(text, sentence, labels), sentence, labels)
    tokens = to_last_length(without_insets(text, tokens))
    lengths = [token for token in tokens if token.kind is Kind.LENGTH]
    named = [token for token in tokens if token.kind is Kind.LABELS]
    if lengths and not named and 1 < len(lengths) == len(scope) and not _told_by_place(text, sentence):
        opening = Span(sentence.start, lengths[0].span.start)
        return [
            StatedScale((label,), opening, token.span, token.nm) for label, token in zip(scope, lengths, strict=True)
        ]
    if not lengths or not named or all(_ALL.match(text, token.span.start) for token in named):
        # "and pertains to all images" is said of the whole figure
        return []
    pairs: list[tuple[tuple[str, ...], Token]] = []
    clauses = _default_named(clauses_of(tokens), labels)
    whole = [[token for token in tokens if token.kind is not Kind.END]]
    both = all({Kind.LENGTH, Kind.LABELS} <= {token.kind for token in clause} for clause in clauses)
    for clause in clauses if both else whole:
        pairs += paired(text, clause)
    told = {label for names, _ in pairs if len(names) < len(labels) for label in names}
    # "100 μm in all panels except (c), 50 μm"
    pairs = [
        (tuple(label for label in names if label not in told) if len(names) == len(labels) else names, token)
        for names, token in pairs
    ]
    # "b–d, 100 µm; d, 200 µm": one told by itself is no longer of its group
    singly = {names[0] for names, _ in pairs if len(names) == 1}
    pairs = [
        (tuple(label for label in names if label not in singly) if len(names) > 1 else names, token)
        for names, token in pairs
    ]
    first = min(lengths[0].span.start, named[0].span.start)
    alone = len(lengths) == 1 and named[0].span.start < lengths[0].span.start
    opening = without_exception(text, Span(sentence.start, lengths[0].span.end if alone else first))
    stated = [StatedScale(panels_among(names), opening, token.span, token.nm) for names, token in pairs if names]
    # "20 nm; inset of b, 5 nm": the first is told of all
    is_of_all = len(stated) < len(lengths) and not any(one.labels for one in stated)
    return [] if is_of_all else stated


def _told_by_place(text: str, sentence: Span) -> bool:
    """ "Bars from left to right are …", "White and black bars are …": whose they are, only the picture says."""
    coloured = _COLOURED.search(text[max(0, sentence.start - 24) : sentence.start])
    return bool(coloured or _BY_PLACE.search(text, *sentence))


def _default_named(clauses: list[list[Token]], labels: Sequence[str]) -> list[list[Token]]:
    """ "20 µm except for d, 5 µm", "1 µm. b, 50 nm": a length without labels is that of all others."""
    alone = [clause for clause in clauses if len(clause) == 1 and clause[0].kind is Kind.LENGTH]
    named = {label for clause in clauses for token in clause for label in token.labels}
    rest = tuple(label for label in labels if label not in named)
    if len(alone) != 1 or clauses[0] is not alone[0] or len(clauses) < 2 or not rest:
        return clauses
    place = Span(clauses[0][0].span.end, clauses[0][0].span.end)
    return [[clauses[0][0], Token(Kind.LABELS, place, rest)], *(clause for clause in clauses[1:] if len(clause) > 1)]


def give_scale(text: str, sentence: Span, inside: list[PrintedLabel], parts: Parts, scope: tuple[str, ...]) -> None:
    """ "Scale bars, 5 μm (c), 500 nm (d)": the opening and the length to each label; without labels, to all."""
    told: set[str] = set()
    for stated in labelled_scales(text, sentence, tuple(parts.of_label), scope):
        parts.give(text, stated.labels, stated.opening)
        parts.give(text, stated.labels, stated.length)
        told.update(stated.labels)
    # "Scale bar, 1 cm (A); note that (I) is a magnified view of (H)"
    edges = [found.end() for found in _SEMICOLON.finditer(text, *sentence)]
    for clause in (Span(start, end) for start, end in pairwise([*edges, sentence.end])):
        subject = next((mention for mention in inside if clause.start <= mention.span.start < clause.end), None)
        if subject is not None and told.isdisjoint(subject.labels):
            parts.give(text, subject.labels, clause)
    if not inside and not told:
        if states_length(text, sentence):
            # "(a) Image. (b) Histogram of sizes. Scale bar: 5 µm": a plot has none; in doubt, all have it
            pictures = [label for label, spans in parts.of_label.items() if not is_drawn(text, spans)]
            parts.give(text, scope or pictures or tuple(parts.of_label), sentence)
        else:  # "(a) Tree. The scale bar is a distance. (b) Map."
            parts.give(text, scope, sentence)
        if not scope:
            parts.give_general(text, sentence)
