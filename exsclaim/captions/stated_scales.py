"""Lengths of scale bars that a caption states: "Scale bars: 100 nm (a–c), 50 nm (d)".

A sentence about scale bars is read as a row of lengths and labels; "respectively" and equal numbers of both pair them,
else each length goes with the labels at its side. Lengths of insets are left out; so are several lengths for which the
sentence does not say whose they are: no length is better than another panel's.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from exsclaim.captions.printed_labels import LABEL_LIST, expanded
from exsclaim.captions.spans import Span
from exsclaim.units import NM_PER_UNIT, length_unit

_UNIT = r"(?P<unit>pm|nm|[µμu]\s?m|mm|cm|Å|Å|Å|[Mm]icrons?|[Mm]icrometers?|[Mm]icrometres?|[Nn]anomet(?:er|re)s?|m)"
LENGTH = re.compile(rf"(?P<number>\d{{1,6}}(?:[.,]\d{{1,4}})?)[\s\u2005\u2009\u00a0-]?{_UNIT}(?![\w/^−-]|\s?[−-]?\d)")
# "5, 10 and 20 µm": numbers that have the unit of the last one
_NUMBER_BEFORE = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,5}(?:\.\d{1,3})?)\s*(?:,\s*(?:and\s|or\s)?|/|&|\band\b|\bor\b)\s*$"
)
_BAR = (
    r"[Ss]cale[- ]?(?:bars?|lengths?|length bars?)|[Ss]calebars?|[Bb]arras?\sde\s[Ee]scala|[Bb]arres?\sd['’][ée]chelle|"
    r"[Éé]chelle|[Mm]a(?:ß|ss)st(?:a|ä)be?(?:sbalken)?|[Ee]scalas?(?=\s*[:=,])"
)
_KEYWORD = re.compile(
    rf"\b(?:{_BAR}|[Ss]cales?\b(?=\s*(?:[:=,]|is|are)[^.;]{{0,30}}?\d)|"
    r"(?<![Ee]rror )(?:[Bb]ars?|[Bb]arras?|[Bb]alken)\b(?=\s*(?:[:=,]|is|are|in|indicates?|represents?|\()?\s*\d)|"
    r"(?<![Ee]rror )(?:[Bb]ars?|[Bb]arras?)\s*(?=[:=,]\s|in\s\(?\w\W[^.;]{0,20}\d))"
)
# without one of these there is no keyword: a quicker look, once a caption
_STEMS = re.compile(r"[Bb]a(?:rs?\b|rra|rre|lken)|[Ss]cale|[Ee]scala|chelle|[Mm]a(?:ß|ss)st")
_BAR_AFTER = re.compile(r"[\s-]+scale[- ]?bars?\b")
_DRAWN = re.compile(
    r"\b(?:plots?|spectr\w+|curves?|quantif\w+|histograms?|graphs?|schematics?|diagrams?|number of|levels?|ratio|"
    r"counts?|distributions?|isotherms?|voltammogr\w+|percentages?|illustrations?|model|"
    r"curvas?|gr[áa]ficos?|espectros?|courbes?|spectres?|kurven?|spektr\w+|schema\w*)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\b(?:images?|micrographs?|photo\w*|imaging|mapping|maps?|[A-Z]*S?[TE]EM|[Ii]mmuno\w+|fluoresc\w+|microscop\w+|staining|AFM|"
    r"[Mm]icrograf\w+|[Ii]mágen\w*|[Ii]magens|[Aa]ufnahmen?|[Ff]otograf\w+)\b"
)
_OPENS = re.compile(
    r"\s*(?:\(?(?:The|All|In all images,?|White|Black|Both|and|Inset)\s+)?(?:the\s+|all\s+|white\s+|black\s+)?",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    rf"(?P<respectively>\b(?:respectively|correspondingly|jeweils|respectivamente|respectivement)\b)|(?P<inset>\b(?:[Ii]nsets?|magnified|enlarged|zoom(?:ed)?(?:-in)?)\b)"
    r"|(?P<rest>\b(?:(?:(?:all|the)\s+)+(?:others?|rest|remaining)(?:\s(?:images|panels|ones))?|(?:all\s)?other\s(?:images|panels|micrographs)|"
    r"elsewhere|otherwise|the others))"
    r"|(?P<all>\b(?:all|both|each|every)\s(?:of\s(?:the\s)?)?(?:the\s)?(?:images?|panels?|micrographs?)\b|\ball(?=\s*[.;,)]|\s*$))"
    rf"|(?P<length>{LENGTH.pattern})|(?P<labels>(?<![\w.]){LABEL_LIST}(?![\w]))|(?P<end>;)"
)
_ALL = re.compile(r"all|both|each|every")
_LETTER_WORD = re.compile(r"\s+[a-z]{2,}")
_VERB_NEXT = re.compile(r"\s+(?:is|are|and|or|to|represents?|indicates?|in|at|corresponds?)\b")
_BEFORE_LETTER = re.compile(r"(?:\b(?:in|for|of|and|or|to|panels?|figs?\.?|parts?)|[(\[,:;=/&–-])\s*$")
_LENGTH_OF_INSET = re.compile(r"[\s,(]*(?:(?:in|for|of|on)\s+)?(?:the\s+)?$")
_INSET_OF_LENGTH = re.compile(r"\s*(?:scale\s?bars?)?\s*(?:[,:=(]|is|are)?\s*$")


_PLACE = re.compile(r"\s*[(,]?\s*(?:in the )?(?:left|top|upper|main|first|low)")
_OF_PANEL = re.compile(r"\s*(?:of|in|for|to)?\s*(?:panels?\s*)?[(\[]?")
_INSET_BEFORE = re.compile(r"[Ii]nsets?[\s,:]*(?:the\s)?$")


class _Kind(Enum):
    LENGTH = auto()
    LABELS = auto()
    RESPECTIVELY = auto()
    INSET = auto()
    END = auto()


class _Token(NamedTuple):
    kind: _Kind
    span: Span
    labels: tuple[str, ...] = ()
    nm: float = 0.0


class StatedScale(NamedTuple):
    """A length that a sentence states for some labels: the words that open the list, and the length itself."""

    labels: tuple[str, ...]
    opening: Span
    length: Span
    nm: float


def length_nm(number: str, unit: str) -> float:
    """A printed length in nm; a comma is read as decimal sign unless it sets off thousands."""
    value = float(number.replace(",", "") if re.fullmatch(r"\d{1,3},\d{3}", number) else number.replace(",", "."))
    symbol = length_unit(unit)
    if symbol is None:
        raise ValueError(f"{unit!r} is no unit of length: pass what LENGTH found")
    return round(value * NM_PER_UNIT[symbol], 6)


@lru_cache(maxsize=16)
def _speaks_of_scales(text: str) -> bool:
    return bool(_STEMS.search(text))


def is_scale_sentence(text: str, span: Span) -> bool:
    """Whether the sentence or clause is there to state scale bars."""
    if not _speaks_of_scales(text):
        return False
    opening = _OPENS.match(text, *span)
    start = opening.end() if opening else span.start
    length = LENGTH.match(text, start, span.end)
    return bool(_KEYWORD.match(text, start, span.end) or (length and _BAR_AFTER.match(text, length.end(), span.end)))


def states_length(text: str, span: Span) -> bool:
    """Whether a sentence about scale bars gives a length: "Scale bars are as in Figure 1" does not."""
    return bool(LENGTH.search(text, *span))


def labelled_scales(text: str, sentence: Span, labels: Sequence[str], scope: Sequence[str] = ()) -> list[StatedScale]:
    """Each stated length and its labels, of the caption's `labels`; empty where the sentence names none.

    Labels follow their length ("5 μm (c)") or go before it ("a, 5 μm"; "in (a) is 5 μm"): the first of both decides,
    clause by clause where each clause has both ("(A) is 1 cm and pertains to (B); (C) scale bar is 1 mm"). Several
    lengths told respectively without labels are those of `scope`, the labels spoken of, where these are as many.
    """
    tokens = _to_last_length(_without_insets(text, _tokens(text, sentence, labels)))
    lengths = [token for token in tokens if token.kind is _Kind.LENGTH]
    named = [token for token in tokens if token.kind is _Kind.LABELS]
    if lengths and not named and 1 < len(lengths) == len(scope):
        opening = Span(sentence.start, lengths[0].span.start)
        return [
            StatedScale((label,), opening, token.span, token.nm) for label, token in zip(scope, lengths, strict=True)
        ]
    if not lengths or not named or all(_ALL.match(text, token.span.start) for token in named):
        # "and pertains to all images" is said of the whole figure
        return []
    pairs: list[tuple[tuple[str, ...], _Token]] = []
    clauses = _split(tokens)
    whole = [[token for token in tokens if token.kind is not _Kind.END]]
    both = all({_Kind.LENGTH, _Kind.LABELS} <= {token.kind for token in clause} for clause in clauses)
    for clause in clauses if both else whole:
        pairs += _paired(text, clause)
    first = min(lengths[0].span.start, named[0].span.start)
    alone = len(lengths) == 1 and named[0].span.start < lengths[0].span.start
    opening = Span(sentence.start, lengths[0].span.end if alone else first)
    return [StatedScale(names, opening, token.span, token.nm) for names, token in pairs if names]


def _tokens(text: str, sentence: Span, labels: Sequence[str]) -> list[_Token]:
    known = {label: label for label in labels} | {
        label.swapcase(): label for label in labels if label.swapcase() not in labels
    }
    found: list[_Token] = []
    rest: list[int] = []
    position = sentence.start
    while match := _TOKENS.search(text, position, sentence.end):
        position = max(match.end(), match.start() + 1)
        span = Span(*match.span())
        if match["length"]:
            nm = length_nm(match["number"], match["unit"])
            found += [*_numbers_before(text, sentence.start, span, match["unit"]), _Token(_Kind.LENGTH, span, (), nm)]
        elif match["respectively"]:
            found.append(_Token(_Kind.RESPECTIVELY, span))
        elif match["inset"]:
            found.append(_Token(_Kind.INSET, span))
        elif match["end"]:
            found.append(_Token(_Kind.END, span))
        elif match["all"]:
            found.append(_Token(_Kind.LABELS, span, tuple(labels)))
        elif match["rest"]:
            rest.append(len(found))
            found.append(_Token(_Kind.LABELS, span))
        else:
            names, length = expanded(match["labels"])
            names = tuple(known[name] for name in names if name in known) if known.keys() >= set(names) else ()
            span = Span(match.start(), match.start() + max(1, length))
            position = span.end
            if names and not _is_word(text, span):
                found.append(_Token(_Kind.LABELS, span, names))
    named = {name for token in found for name in token.labels}
    for place in rest:
        found[place] = found[place]._replace(labels=tuple(label for label in labels if label not in named))
    return found


def _is_word(text: str, span: Span) -> bool:
    """ "a" and "A" where they are articles, "I" where it is a pronoun or a numeral of something else."""
    if text[span.start : span.end] not in ("a", "A", "I", "i") or text[span.end : span.end + 1] in (
        ")",
        "]",
        ":",
        "=",
        ",",
    ):
        return False
    if _VERB_NEXT.match(text, span.end):
        return not _BEFORE_LETTER.search(text, max(0, span.start - 8), span.start)
    return bool(_LETTER_WORD.match(text, span.end)) or not _BEFORE_LETTER.search(
        text, max(0, span.start - 8), span.start
    )


def _numbers_before(text: str, start: int, span: Span, unit: str) -> list[_Token]:
    found: list[_Token] = []
    edge = span.start
    while (number := _NUMBER_BEFORE.search(text, max(start, edge - 14), edge)) and len(found) < 12:
        place = Span(*number.span("number"))
        found.insert(0, _Token(_Kind.LENGTH, place, (), length_nm(number["number"], unit)))
        edge = place.start
    return found


def _without_insets(text: str, tokens: list[_Token]) -> list[_Token]:
    """Tokens without the lengths of insets and what names those: "100 nm (inset of b)", "(inset, 5 nm)"."""
    dropped: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind is not _Kind.INSET:
            continue
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        dropped.add(place)
        if after and after.kind is _Kind.LENGTH and _INSET_OF_LENGTH.fullmatch(text, token.span.end, after.span.start):
            dropped.add(place + 1)
        elif (
            before
            and before.kind is _Kind.LENGTH
            and _LENGTH_OF_INSET.fullmatch(text, before.span.end, token.span.start)
        ):
            dropped.add(place - 1)
            if after and after.kind is _Kind.LABELS and _OF_PANEL.fullmatch(text, token.span.end, after.span.start):
                dropped.add(place + 1)
        elif (
            after and after.kind is _Kind.LABELS and place + 2 < len(tokens) and tokens[place + 2].kind is _Kind.LENGTH
        ):
            dropped.update((place + 1, place + 2))
    return [token for place, token in enumerate(tokens) if place not in dropped]


def _to_last_length(tokens: list[_Token]) -> list[_Token]:
    """Tokens without the clauses behind the last length: "… is 1 cm in (A); note that (I) is a view of (H)"."""
    last = max((place for place, token in enumerate(tokens) if token.kind is _Kind.LENGTH), default=-1)
    stop = next((place for place in range(last + 1, len(tokens)) if tokens[place].kind is _Kind.END), len(tokens))
    is_told = any(token.kind is _Kind.LABELS for token in tokens[:stop])
    return tokens[:stop] if is_told and last >= 0 else tokens


def _split(tokens: Sequence[_Token]) -> list[list[_Token]]:
    clauses: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind is _Kind.END:
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _paired(text: str, tokens: Sequence[_Token]) -> list[tuple[tuple[str, ...], _Token]]:
    """Labels with their length, of one clause: runs of as many of both one by one, then neighbours."""
    found: list[tuple[tuple[str, ...], _Token]] = []
    left: list[list[_Token]] = [[]]
    runs = _runs(tokens)
    place = 0
    while place < len(runs):
        run = runs[place]
        following = runs[place + 1] if place + 1 < len(runs) else []
        kinds = {run[0].kind, following[0].kind} if following else set()
        if kinds == {_Kind.LENGTH, _Kind.LABELS}:
            lengths, names = (run, following) if run[0].kind is _Kind.LENGTH else (following, run)
            behind = runs[place + 2] if place + 2 < len(runs) else []
            is_said = bool(behind) and behind[0].kind is _Kind.RESPECTIVELY
            groups = _groups(names, len(lengths)) if len(lengths) > 1 else None
            # "a, b 5 µm, 2 µm c": two lengths in a row may each have labels on another side, unless it is said
            if groups is not None and (is_said or not behind):
                found += zip(groups, lengths, strict=True)
                left.append([])
                place += 3 if is_said else 2
                continue
            if is_said and len(lengths) > 1:
                # as many lengths as nothing that was counted: nobody can say whose they are
                left.append([])
                place += 3
                continue
        if run[0].kind is not _Kind.RESPECTIVELY:
            left[-1] += run
        place += 1
    for row in left:
        found += _neighbours(text, row)
    return found


def _runs(tokens: Sequence[_Token]) -> list[list[_Token]]:
    runs: list[list[_Token]] = []
    for token in tokens:
        if runs and runs[-1][0].kind is token.kind:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _groups(names: Sequence[_Token], count: int) -> list[tuple[str, ...]] | None:
    """The labels in `count` groups: as printed, "(A) and (B, C)", or one by one."""
    if len(names) == count:
        return [token.labels for token in names]
    each: list[tuple[str, ...]] = [(label,) for token in names for label in token.labels]
    return each if len(each) == count else None


def _neighbours(text: str, tokens: Sequence[_Token]) -> list[tuple[tuple[str, ...], _Token]]:
    lengths = [place for place, token in enumerate(tokens) if token.kind is _Kind.LENGTH]
    if not lengths:
        return []
    label_first = tokens[0].kind is _Kind.LABELS
    found: list[tuple[tuple[str, ...], _Token]] = []
    for number, place in enumerate(lengths):
        if label_first:
            earlier = lengths[number - 1] if number else -1
            near = list(tokens[earlier + 1 : place])
            if number == len(lengths) - 1:
                near += tokens[place + 1 :]
        else:
            near = list(tokens[place + 1 : lengths[number + 1] if number + 1 < len(lengths) else len(tokens)])
        found.append((tuple(dict.fromkeys(label for token in near for label in token.labels)), tokens[place]))
    return found


def scales_by_label(
    text: str, sentences: Sequence[Span], labels: Sequence[str], of_label: Mapping[str, Sequence[Span]]
) -> dict[str, float]:
    """Length in nm of the scale bar of each label, and of "" where a length is stated for all panels or without labels.

    A length with labels at its side is theirs; one without is that of the labels whose segment it stands in, of
    those among them that are pictures. The first length stated for a label counts.
    """
    found: dict[str, float] = {}
    if not _speaks_of_scales(text):
        return found
    for sentence in sentences:
        keyword = _KEYWORD.search(text, *sentence)
        if keyword is None and not (is_scale_sentence(text, sentence) and states_length(text, sentence)):
            continue
        region = Span(keyword.start() if keyword else sentence.start, sentence.end)
        owners = [label for label, spans in of_label.items() if any(_holds(span, region.start) for span in spans)]
        pictures = [label for label in owners if not _is_drawn(text, of_label[label])]
        paired: list[StatedScale] = []
        if is_scale_sentence(text, sentence) or _is_list(text, region, labels):
            paired = labelled_scales(text, region if keyword else sentence, labels, owners) or labelled_scales(
                text, region, labels, pictures
            )
        for stated in paired:
            for label in stated.labels:
                found.setdefault(label, stated.nm)
        if not paired:
            _set_unlabelled(text, sentence, of_label, found)
    return found


def _set_unlabelled(text: str, sentence: Span, of_label: Mapping[str, Sequence[Span]], found: dict[str, float]) -> None:
    """Lengths without labels: of the labels whose text they stand in; several different ones are nobody's."""
    for lengths in _stated(text, sentence):
        span, nm = lengths[0]
        owners = [label for label, spans in of_label.items() if any(_holds(one, span.start) for one in spans)]
        # "10 µm (left), 2 µm (right)" of one panel: the first; a list for several panels is nobody's
        if len({nm for _, nm in lengths}) > 1 and len(owners) > 1 and not _PLACE.match(text, span.end):
            continue
        if len(owners) == len(of_label):
            found.setdefault("", nm)
            owners = [label for label in owners if not _is_drawn(text, of_label[label])]
        for label in owners:
            found.setdefault(label, nm)


def _is_list(text: str, region: Span, labels: Collection[str]) -> bool:
    """ "SEM images, scale bar = 500 nm (a), 200 nm (b)": a list of lengths within a sentence about something else."""
    first = LENGTH.search(text, *region)
    if first is None:
        return False
    label = re.compile(rf"[\s,]{{0,2}}[(\[](?P<list>{LABEL_LIST})[)\]]").match(text, first.end(), region.end)
    return bool(label and set(expanded(label["list"])[0]) <= set(labels))


def _stated(text: str, span: Span) -> list[list[tuple[Span, float]]]:
    """Lengths that follow the word "scale bar" closely or precede it ("100 µm scale bar"), without those of insets.

    Lengths of one list, "5 µm, 10 µm and 20 µm", lie together.
    """
    found = [
        [(Span(*length.span()), length_nm(length["number"], length["unit"]))]
        for length in LENGTH.finditer(text, *span)
        if _BAR_AFTER.match(text, length.end(), span.end)
    ]
    for keyword in _KEYWORD.finditer(text, *span):
        tokens = _tokens(text, Span(keyword.end(), min(span.end, keyword.end() + 160)), ())
        kept = [token for token in _without_insets(text, tokens) if token.kind is _Kind.LENGTH]
        inset = _INSET_BEFORE.search(text, max(span.start, keyword.start() - 14), keyword.start())
        if kept and not inset and kept[0].span.start < keyword.end() + 60:
            found.append([(token.span, token.nm) for token in kept[: 1 + _more(text, kept)]])
    return found


def _more(text: str, lengths: Sequence[_Token]) -> int:
    """How many lengths go on the list that the first one begins: "5 µm, 10 µm and 20 µm"."""
    more = 0
    while more + 1 < len(lengths):
        between = text[lengths[more].span.end : lengths[more + 1].span.start]
        if not re.fullmatch(r"\s*(?:\([^()]{1,30}\))?\s*(?:[,;/&]|and|or|,\s*and)?\s*(?:\w+[,:]\s)?", between):
            break
        more += 1
    return more


def _holds(outer: Span, position: int) -> bool:
    return outer.start <= position < outer.end


def _is_drawn(text: str, spans: Sequence[Span]) -> bool:
    """Whether a panel is a graph or a drawing by its words: such panels have no scale bar."""
    words = " ".join(text[span.start : span.end] for span in spans)
    return bool(_DRAWN.search(words)) and not _PICTURE.search(words)
