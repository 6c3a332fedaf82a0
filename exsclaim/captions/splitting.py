"""The caption splitter: sentences, labels, segments, scales, techniques and keywords put together."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_doubts import confidence_of, text_flags
from exsclaim.captions.labels.label_systems import Reading, read_labels
from exsclaim.captions.labels.letters_read_alone import second_look
from exsclaim.captions.labels.printed_labels import candidates
from exsclaim.captions.panel_techniques import techniques_by_label
from exsclaim.captions.plain_text import PlainText
from exsclaim.captions.scale_bars.panel_scales import scales_by_label
from exsclaim.captions.scale_bars.stated_scales import with_scale_lists_whole
from exsclaim.captions.segmentation.clause_cuts import cut_around_bars
from exsclaim.captions.segmentation.segments import distribute
from exsclaim.captions.sentences import sentences
from exsclaim.captions.spans import Parts, Span
from exsclaim.captions.terms.keywords import keywords
from exsclaim.errors import CaptionError
from exsclaim.records import CaptionParts

SPLITTER_VERSION = "26"
"""Part of cache keys: raised whenever the same caption may be split differently."""

_LOWERED_LABEL = re.compile(r"(?<![^\W_])[A-Za-z](?:[₀-₉]{1,2}|[⁰¹²³⁴-⁹]{1,2})(?=\s?[)\],–—−‐-])")
_LOWERED = "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_LOWERED, "0123456789" * 2)

# "y" joins words in captions with such words or letters; elsewhere it is an axis, but for the label in "x, y and z"
_ROMANCE = re.compile(r"[dlcuáéíóúñ](?:(?<=[áéíóúñ])|(?<!\w.)(?:(?<=d)el?|(?<=l)(?:as?|os)|(?<=c)on|(?<=u)na?)\b)")
_AXIS_Y = re.compile(r"(?<=[\s)\]])(?<!\w,\s)y(?=[\s.,;]|$)")
_LETTER_Y = "ʏ"


def _raised(label: re.Match[str]) -> str:
    return label.group().translate(_DIGITS)


# "Bmp2C/C; Prx1::cre mice": no clause ends inside of a genotype
_GENOTYPE = re.compile(r"([\w-]/[\w+−-]{1,8}|[Cc]re(?:ERT2?)?);(?=\s[\w-]+(?:/[\w+−-]|::\w|-[Cc]re|Cre))")


def _legible(text: str) -> str:
    """The caption as the rules read it, of the same length: "(a₁–a₃)" with large digits, "y" of an axis as no "and"."""
    is_lowered = not text.isascii() and any(map(text.__contains__, _LOWERED))
    raised = _LOWERED_LABEL.sub(_raised, text) if is_lowered else text
    if "; " in raised and ("::cre" in raised or "Cre" in raised):
        raised = _GENOTYPE.sub(r"\1·", raised)
    return raised if " y" not in raised or _ROMANCE.search(raised) else _AXIS_Y.sub(_LETTER_Y, raised)


_HEADER = re.compile(
    r"\s*(?:(?:Supplementary|Supporting|Extended Data|Suppl?\.)\s+)?"
    r"(?:Fig(?:ure|ura|\b\.?)|FIG(?:URE|\b\.?)|Scheme|SCHEME|Plate|Chart|Abb(?:ildung|\.)|Obr\.|Рис\.|Rys\.|Рисунок|图|図)"
    r"\s*[A-Z]?\d{1,3}(?:[-–.]\d{1,3})?\s*(?:[.:|–—-]+(?=\s|[A-Z(])\s*|\s|(?=\([aA]\)\s(?!and\b|shows?\b|is\b)))"
)


def _header_length(text: str) -> int:
    """Characters of the figure's own number that a caption may begin with ("Figure 3 – ")."""
    found = _HEADER.match(text)
    return found.end() if found else 0


LONGEST_CAPTION = 200_000
"""Characters. The longest captions of journals have some 6,000; more than this is no caption."""


def split(caption: str, terms: Sequence[str] = ()) -> CaptionParts:
    """Split a caption into the text about the whole figure and the text about each label.

    Every text in the result is a verbatim part of `caption`, without the punctuation at its ends; text that several
    labels share is given to each of them. A caption without labels is all `general`. A label without a technique of
    its own has that of the whole figure. Spans are offsets: each text is `caption[start:end]`. `terms`, such as those
    of a query, are reported as keywords where they occur.

    >>> parts = split("Silver nanowires. (a) SEM image, (b) XRD pattern. Scale bar: 200 nm in (a).")
    >>> parts.general, sorted(parts.segments), parts.scale_nm
    (('Silver nanowires',), ['a', 'b'], {'a': 200.0})

    Raises:
        CaptionError: the caption is longer than `LONGEST_CAPTION` characters.
        TypeError: the caption is not a string, or `terms` is one.
    """
    _refuse_what_is_no_caption(caption, terms)
    plain = PlainText(caption)
    text = _legible(plain.text)
    start = _header_length(text)
    reading = read_labels(candidates(text, start), text, start)
    sentence_spans, parts = _dealt_out(text, start, reading)
    flags = tuple(
        dict.fromkeys(
            (*reading.flags, *second_look(text[start:], reading.labels), *text_flags(text, reading.labels, parts))
        )
    )
    general = _distinct(text, parts.general)
    segments = {label: _distinct(text, spans) for label, spans in parts.of_label.items()}
    about = {label: _texts(text, spans) for label, spans in segments.items()} or {"": _texts(text, general)}
    named = {said: keywords(said, terms) for said in set(about.values())}
    is_same = text == caption
    segment_spans: dict[str, tuple[tuple[int, int], ...]] = {
        label: spans if is_same else tuple(map(plain.in_caption, spans)) for label, spans in segments.items()
    }
    return CaptionParts(
        general=tuple(map(plain.words, general)),
        segments={
            label: about[label] if is_same else tuple(map(plain.words, spans)) for label, spans in segments.items()
        },
        general_spans=tuple(map(plain.in_caption, general)),
        segment_spans=segment_spans,
        scale_nm=scales_by_label(text, sentence_spans, reading.labels, parts.of_label),
        techniques=techniques_by_label(about, _texts(text, general)),
        keywords={label: found for label, said in about.items() if (found := named[said])},
        confidence=confidence_of(reading.trust, flags),
        flags=flags,
    )


def _refuse_what_is_no_caption(caption: object, terms: object) -> None:
    if not isinstance(caption, str):
        raise TypeError(f"a caption is text, not {type(caption).__name__}")
    if isinstance(terms, str):  # each of its letters would be a term
        raise TypeError(f"terms are a list of texts, not one: [{terms!r}]")
    if len(caption) > LONGEST_CAPTION:
        raise CaptionError(
            f"caption of {len(caption)} characters ({caption[:40]!r}…): no caption has more than {LONGEST_CAPTION}; "
            "cut it to the figure's own text"
        )


def _dealt_out(text: str, start: int, reading: Reading) -> tuple[list[Span], Parts]:
    """Sentences of the text behind the figure's number, and whose each of them is."""
    spans = with_scale_lists_whole(text, sentences(text.replace(_LETTER_Y, "y")))
    if reading.labels:
        spans = cut_around_bars(text, spans, reading.mentions)
        return spans, distribute(text, start, spans, reading)
    parts = Parts()
    for sentence in spans:
        if sentence.end > start:
            parts.give_general(text, Span(max(start, sentence.start), sentence.end))
    return spans, parts


def _distinct(caption: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """`spans` without those that repeat an earlier one's text."""
    first: dict[str, Span] = {}
    for span in spans:
        first.setdefault(caption[span.start : span.end], span)
    return tuple(first.values())


def _texts(caption: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(caption[start:end] for start, end in spans)
