"""Text of one panel to read: its segments, joined as the sentences and parts that they were."""

import re
from collections.abc import Sequence

from exsclaim.captions.scale_bars.stated_scales import SCALE_BAR
from exsclaim.captions.word_classes import VERB, is_open, is_participle

_SCALE = rf"(?:{SCALE_BAR}|Bars?)"
_OPENS_SCALE = re.compile(rf"(?:The |All )?{_SCALE}\b")
_ENDS_AS_SCALE = re.compile(rf"\b{_SCALE}$")
# "WT: wild type", "DAF, days after flowering", "**p < 0.01"
_TOLD = re.compile(r"\S+\s?[:=,]\s?\S|[*∗†‡#]+\s?\S")
# words in which a sentence that begins with a name has come to its verb
_LONGEST_SUBJECT = 9


def as_text(segments: Sequence[str]) -> str:
    """The segments of one panel as text to read: stems run on into their parts, sentences end with a full stop.

    >>> as_text(["TEM images of", "silver rods", "in water", "Scale bars", "2 µm"])
    'TEM images of silver rods in water. Scale bars: 2 µm.'
    """
    text = ""
    for segment in segments:
        if not text:
            text = segment
        elif text.endswith((".", "!", "?", ":")) or (is_open(text) and not _ends_before(text, segment)):
            text += f" {segment}"
        elif _ENDS_AS_SCALE.search(text):
            text += f": {segment}"
        elif _OPENS_SCALE.match(segment[:1].upper() + segment[1:]):
            text += f"{'. ' if segment[0].isupper() else '; '}{segment}"
        elif _begins_sentence(segment):
            text += f". {segment}"
        else:
            text += f" {segment}"
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _ends_before(text: str, segment: str) -> bool:
    """ "… after drying" before "Scale bars: 50 nm": a noun that only looks like a word that needs others after it."""
    return is_participle(text) and (_OPENS_SCALE.match(segment) is not None or _begins_sentence(segment))


def _begins_sentence(segment: str) -> bool:
    """True for a capitalised word; for a name, a number or a sign where a verb or what it stands for follows."""
    words = segment.split(None, _LONGEST_SUBJECT)[:_LONGEST_SUBJECT]
    if segment[0].isupper() and (words[0] == "A" or not words[0].isupper()):
        return True
    if segment[0].islower() or segment[0] in "([":
        return False
    return bool(_TOLD.match(segment) or VERB.search(" ".join(words)))
