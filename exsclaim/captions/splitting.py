"""The caption splitter: sentences, labels, segments, scales, techniques and keywords put together."""

from collections.abc import Sequence

from exsclaim.captions.keywords import keywords
from exsclaim.captions.labels import read_labels
from exsclaim.captions.mentions import candidates, header_length
from exsclaim.captions.parts import Parts
from exsclaim.captions.scales import scales_by_label
from exsclaim.captions.segments import distribute
from exsclaim.captions.sentences import sentences
from exsclaim.captions.spans import Span
from exsclaim.captions.techniques import techniques
from exsclaim.errors import CaptionError
from exsclaim.records import CaptionParts

SPLITTER_VERSION = "2"
"""Part of cache keys: raised whenever the same caption may be split differently."""

LONGEST_CAPTION = 200_000
"""Characters. The longest captions of journals have some 6,000; more than this is no caption."""


def split(caption: str, terms: Sequence[str] = ()) -> CaptionParts:
    """What `caption` says of the whole figure and of each label; `terms` are the query's, looked for as keywords.

    Every text in the result is a verbatim part of `caption`, without the punctuation at its ends; a text that
    several labels share is given to each. A caption without labels is all `general`. A label that says nothing
    of its technique has that of the whole figure. `caption[start:end]` of the spans are the texts.

    Raises:
        CaptionError: the caption is longer than `LONGEST_CAPTION` characters.
    """
    if len(caption) > LONGEST_CAPTION:
        raise CaptionError(
            f"caption of {len(caption)} characters ({caption[:40]!r}…): more than {LONGEST_CAPTION} is no caption; "
            "cut it to the figure's own text"
        )
    start = header_length(caption)
    sentence_spans = sentences(caption)
    reading = read_labels(candidates(caption, start))
    if not reading.labels:
        parts = Parts()
        for sentence in sentence_spans:
            if sentence.end > start:
                parts.give_general(caption, Span(max(start, sentence.start), sentence.end))
    else:
        parts = distribute(caption, start, sentence_spans, reading)

    general = _distinct(caption, parts.general)
    segments: dict[str, tuple[tuple[int, int], ...]] = {
        label: _distinct(caption, spans) for label, spans in parts.of_label.items()
    }
    general_texts = _texts(caption, general)
    of_all = techniques(general_texts)
    texts = {label: _texts(caption, spans) for label, spans in segments.items()}
    about = texts or {"": general_texts}
    return CaptionParts(
        general=general_texts,
        segments=texts,
        general_spans=general,
        segment_spans=segments,
        scale_nm=scales_by_label(caption, sentence_spans, reading.mentions, parts.of_label),
        techniques={label: found for label, said in about.items() if (found := techniques(said, of_all))},
        keywords={label: found for label, said in about.items() if (found := keywords(said, terms))},
        confidence=reading.confidence,
    )


def _distinct(caption: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """`spans` without those that repeat an earlier one's text."""
    first: dict[str, Span] = {}
    for span in spans:
        first.setdefault(caption[span.start : span.end], span)
    return tuple(first.values())


def _texts(caption: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(caption[start:end] for start, end in spans)
