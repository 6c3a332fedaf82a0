"""Lengths of scale bars that a caption states: "Scale bars: 100 nm (a–c), 50 nm (d)"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from exsclaim.captions.printed_labels import PrintedLabel
from exsclaim.captions.spans import Span
from exsclaim.units import NM_PER_UNIT, length_unit

_UNIT = r"(?P<unit>pm|nm|[µμu]\s?m|mm|cm|Å|Å|Å|[Mm]icrons?|[Mm]icrometers?|[Mm]icrometres?|[Nn]anomet(?:er|re)s?|m)"
LENGTH = re.compile(rf"(?P<number>\d{{1,6}}(?:[.,]\d{{1,4}})?)[\s\u2005\u2009\u00a0-]?{_UNIT}(?![\w/^−-]|\s?[−-]?\d)")
_KEYWORD = re.compile(
    r"\b(?:[Ss]cale[- ]?(?:bars?|lengths?|length bars?)|[Ss]cales?\b(?=\s*(?:[:=,]|is|are))|(?<![Ee]rror )[Bb]ars?\b"
    r"(?=\s*(?:[:=,]|is|are|in|indicates?|represents?|\()?\s*\d)|(?<![Ee]rror )[Bb]ars?\s*(?=[:=,]\s))"
)
# without one of these there is no keyword: a quicker look
_KEYWORD_STEMS = ("Bar", "bar", "Scale", "scale")
_BAR_AFTER = re.compile(r"[\s-]+scale[- ]?bars?\b")
_DRAWN = re.compile(
    r"\b(?:plots?|spectr\w+|curves?|quantif\w+|histograms?|graphs?|schematics?|diagrams?|number of|levels?|ratio|"
    r"distributions?|isotherms?|voltammogr\w+|percentages?|illustrations?|model)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\b(?:images?|micrographs?|photo\w*|imaging|mapping|maps?|[A-Z]*S?[TE]EM|[Ii]mmuno\w+|fluoresc\w+|microscop\w+|staining|AFM)\b"
)
_OPENS = re.compile(
    r"\s*(?:\(?(?:The|All|In all images,?|White|Black|Both|and|Inset)\s+)?(?:the\s+|all\s+|white\s+|black\s+)?",
    re.IGNORECASE,
)


def length_nm(number: str, unit: str) -> float:
    """A printed length in nm; a comma is read as decimal sign unless it sets off thousands."""
    value = float(number.replace(",", "") if re.fullmatch(r"\d{1,3},\d{3}", number) else number.replace(",", "."))
    symbol = length_unit(unit)
    if symbol is None:
        raise ValueError(f"{unit!r} is no unit of length: pass what LENGTH found")
    return round(value * NM_PER_UNIT[symbol], 6)


def is_scale_sentence(text: str, span: Span) -> bool:
    """Whether the sentence or clause is there to state scale bars."""
    opening = _OPENS.match(text, *span)
    start = opening.end() if opening else span.start
    length = LENGTH.match(text, start, span.end)
    return bool(_KEYWORD.match(text, start, span.end) or (length and _BAR_AFTER.match(text, length.end(), span.end)))


def labelled_scales(
    text: str, sentence: Span, mentions: Sequence[PrintedLabel]
) -> Iterator[tuple[tuple[str, ...], Span, Span]]:
    """For each stated length with labels: the labels, the span of the opening words, the span of the length.

    Labels follow their length ("5 μm (c)") or go before it ("a, 5 μm"; "in (a) is 5 μm"): the first of both decides,
    clause by clause where each clause has both ("(A) is 1 cm and pertains to (B); (C) scale bar is 1 mm").
    """
    clauses = [Span(a, b) for a, b in pairwise(_clause_edges(text, sentence))]
    of_clause = [[mention for mention in mentions if c.start <= mention.span.start < c.end] for c in clauses]
    if len(clauses) > 1 and all(
        inside and LENGTH.search(text, *clause) and _KEYWORD.search(text, *clause)
        for clause, inside in zip(clauses, of_clause, strict=True)
    ):
        for clause, inside in zip(clauses, of_clause, strict=True):
            yield from _labelled_in(text, clause, inside)
    else:
        yield from _labelled_in(text, sentence, mentions)


def _clause_edges(text: str, sentence: Span) -> list[int]:
    return [sentence.start, *(found.end() for found in re.compile(";").finditer(text, *sentence)), sentence.end]


def _labelled_in(
    text: str, sentence: Span, mentions: Sequence[PrintedLabel]
) -> Iterator[tuple[tuple[str, ...], Span, Span]]:
    lengths = list(LENGTH.finditer(text, *sentence))
    if not lengths or not mentions:
        return
    stop = text.find(";", lengths[-1].end(), sentence.end)
    mentions = [mention for mention in mentions if stop < 0 or mention.span.start < stop]
    if not mentions:
        return
    first = lengths[0].start()
    label_first = mentions[0].span.start < first
    # "Scale bar in (a) is 1 µm" is one statement; a list of lengths has an opening that all share
    alone = label_first and len(lengths) == 1
    opening = Span(sentence.start, lengths[0].end() if alone else min(first, mentions[0].span.start))
    for number, length in enumerate(lengths):
        if label_first:
            earlier = lengths[number - 1].end() if number else sentence.start
            near = [mention for mention in mentions if earlier <= mention.span.start < length.start()]
            if number == len(lengths) - 1:
                near += [mention for mention in mentions if mention.span.start >= length.end()]
        else:
            later = lengths[number + 1].start() if number + 1 < len(lengths) else sentence.end
            near = [mention for mention in mentions if length.end() <= mention.span.start < later]
        labels = tuple(dict.fromkeys(label for mention in near for label in mention.labels))
        if labels:
            yield labels, opening, Span(*length.span())


def scales_by_label(
    text: str, sentences: Sequence[Span], mentions: Sequence[PrintedLabel], of_label: Mapping[str, Sequence[Span]]
) -> dict[str, float]:
    """Length in nm of the scale bar of each label, and of "" where a length is stated for all panels or without labels.

    A length with labels at its side is theirs; one without is that of the labels whose segment it stands in, of
    those among them that are pictures. The first length stated for a label counts: what follows is mostly an inset's.
    """
    found: dict[str, float] = {}
    if not any(word in text for word in _KEYWORD_STEMS):
        return found
    for sentence in sentences:
        keyword = _KEYWORD.search(text, *sentence)
        if keyword is None:
            continue
        region = Span(keyword.start(), sentence.end)
        inside = [mention for mention in mentions if region.start <= mention.span.start < region.end]
        first = LENGTH.search(text, *region)
        # "SEM images, scale bar = 500 nm (a), 200 nm (b)": a list of lengths within a sentence about something else
        listed = bool(inside and first and 0 <= inside[0].span.start - first.end() <= 2)
        paired = list(labelled_scales(text, region, inside)) if listed or is_scale_sentence(text, sentence) else []
        for labels, _, length in paired:
            for label in labels:
                found.setdefault(label, _length_at(text, length))
        for length in [] if paired else _stated(text, sentence):
            owners = [label for label, spans in of_label.items() if any(_holds(span, length) for span in spans)]
            if len(owners) == len(of_label):
                found.setdefault("", _length_at(text, length))
                owners = [label for label in owners if not _is_drawn(text, of_label[label])]
            for label in owners:
                found.setdefault(label, _length_at(text, length))
    return found


def _stated(text: str, span: Span) -> list[Span]:
    """Lengths that follow the word "scale bar" closely or precede it ("100 µm scale bar"), without those of insets."""
    found: list[Span] = []
    for stated in LENGTH.finditer(text, *span):
        if _BAR_AFTER.match(text, stated.end(), span.end):
            found.append(Span(*stated.span()))
    for keyword in _KEYWORD.finditer(text, *span):
        length = LENGTH.search(text, keyword.end(), min(span.end, keyword.end() + 60))
        if length and "nset" not in text[keyword.end() : length.start()]:
            found.append(Span(*length.span()))
    return found


def _length_at(text: str, span: Span) -> float:
    length = LENGTH.match(text, *span)
    if length is None:
        raise ValueError(f"no length at {span} of the caption: pass a span that LENGTH found")
    return length_nm(length["number"], length["unit"])


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _is_drawn(text: str, spans: Sequence[Span]) -> bool:
    """Whether a panel is a graph or a drawing by its words: such panels have no scale bar."""
    words = " ".join(text[span.start : span.end] for span in spans)
    return bool(_DRAWN.search(words)) and not _PICTURE.search(words)
