"""The caption splitter: sentences, labels, segments, scales, techniques and keywords put together."""

from collections.abc import Sequence

from exsclaim.captions.keywords import keywords
from exsclaim.captions.labels import read_labels
from exsclaim.captions.mentions import Mention, candidates, header_length
from exsclaim.captions.parts import Parts
from exsclaim.captions.scales import scales_by_label
from exsclaim.captions.segments import distribute
from exsclaim.captions.sentences import sentences
from exsclaim.captions.spans import Span
from exsclaim.captions.techniques import techniques
from exsclaim.errors import CaptionError
from exsclaim.records import CaptionParts

SPLITTER_VERSION = "1"
"""Part of cache keys: raised whenever the same caption may be split differently."""

LONGEST_CAPTION = 200_000
"""Characters. The longest captions of journals have some 6,000; more than this is no caption."""


def split(caption: str, terms: Sequence[str] = ()) -> CaptionParts:
    """What `caption` says of the whole figure and of each label; `terms` are the query's, looked for as keywords.

    Every text in the result is a verbatim part of `caption`, without the punctuation at its ends; a text that
    several labels share is given to each. A caption without labels is all `general`. A label that says nothing
    of its technique has that of the whole figure.

    Raises:
        CaptionError: the caption is longer than `LONGEST_CAPTION` characters.
    """
    if len(caption) > LONGEST_CAPTION:
        raise CaptionError(
            f"caption of {len(caption)} characters ({caption[:40]!r}…): more than {LONGEST_CAPTION} is no caption; "
            "cut it to the figure's own text"
        )
    start = header_length(caption)
    spans = sentences(caption)
    reading = read_labels(candidates(caption, start))
    mentions: tuple[Mention, ...] = ()
    if reading is None:
        parts = Parts()
        for sentence in spans:
            if sentence.end > start:
                parts.give_general(caption, Span(max(start, sentence.start), sentence.end))
    else:
        mentions = reading.mentions
        parts = distribute(caption, start, spans, reading)

    general = _texts(caption, parts.general)
    segments = {label: _texts(caption, of_label) for label, of_label in parts.of_label.items()}
    of_all = techniques(" ".join(general))
    about = {label: " ".join(texts) for label, texts in segments.items()} or {"": " ".join(general)}
    return CaptionParts(
        general=general,
        segments=segments,
        scale_nm=scales_by_label(caption, spans, mentions, parts.of_label),
        techniques={label: found for label, text in about.items() if (found := techniques(text) or of_all)},
        keywords={label: found for label, text in about.items() if (found := keywords(text, terms))},
    )


def _texts(caption: str, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(caption[span.start : span.end] for span in spans))
