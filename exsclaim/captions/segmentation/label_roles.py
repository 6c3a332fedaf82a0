"""The side of a label on which its text stands, and where sentences begin with labels."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.labels.label_systems import IS_SHOWN
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import LONGEST_STEM, VERB, has_own_head

_PUTS_LABEL_FIRST = re.compile(
    r"(?:^|[.;:,!?]|\b(?:and|or|while|whereas|with|of|in|for|on|by|from|at|to|using|between|under|is|are|were|"
    r"und|et|y|e|de|del|da|do|des|von|mit|bei|com|con))\s*$"
)
_PUTS_LABEL_LAST = re.compile(
    r"\s*(?:[.;:,)—]|(?:and|or|while|but|with|of|for|in|at|after|before|using|from|und|et|y|e|de|del|da|do|des|von)\b|$)"
)
_OPPOSITE_NEXT = re.compile(r"\s(?:and|or)\swith(?:out)?\s[(\[]")
_JOINED = re.compile(r"\b(?:and|or|while|und|et|y|e)\s*$")
# "(a) X (b) Y (c) Z": no full stop before a label, and a capital after it
_BEGINS_WORDS = re.compile(r"\s+(?!Scale|Bars?\b)(?:[A-Z][a-z]+|[A-Z]{2,5}|The|An?|Δ\w+)\s")
_GOES_ON = re.compile(r",?\s(?:and|or)\s[^\W\d_]{2}")
ENDS_PART = re.compile(r"\s*(?:[.;,)]|$)")
_CAPITAL = re.compile(r"\s*(?:[A-Z]|[1-4]D\s)")
_BEGINS = re.compile(r"\s(?:[A-Z][a-z]+\s|[1-4]D\s[a-z]|[A-Z]{2,}\s[a-z]+\s[a-z])")
_NEEDS_MORE = re.compile(
    r"(?:[:(–—-]|\b(?:of|for|in|with|at|from|on|by|under|after|before|between|the|an?|and|or|to|as|is|are|show\w*|see|than|via|using|panels?|versus|vs))$"
)
# words behind a label that may need the title before it
_LONGEST_NAME = 8
_PART_OF = re.compile(r"\bof\b")
_LONGEST_ELLIPSIS = 4
_REMARK_BEFORE = re.compile(r"\s*(?:Notes?|Keys?|Legends?)\s?:")


def last_start(defining: Iterable[PrintedLabel]) -> int:
    """Position where the last label is given its text: sentences before it belong to the labels they speak of."""
    seen: set[str] = set()
    last = -1
    for mention in sorted(defining, key=lambda mention: mention.span):
        if mention.at_clause_start or not seen.issuperset(mention.labels):
            last = mention.span.start
        seen.update(mention.labels)
    return last


def begin_sentences(text: str, defining: set[PrintedLabel]) -> bool:
    """True if this caption's labels stand at the beginnings of sentences that start with a capital letter."""
    row = sorted(defining, key=lambda mention: mention.span)
    # "Maps of fields (b) Sites in the north and (c) Site 2": the first label of a list, which begins nothing
    lists = {
        one for one, other in pairwise(row) if _JOINED.search(text[max(0, other.span.start - 5) : other.span.start])
    }
    heads = [
        mention
        for mention in row
        if (mention.at_clause_start or (mention not in lists and _is_without_stop(text, mention)))
        and _CAPITAL.match(text, mention.span.end)
    ]
    return bool(heads) and len(heads) >= 0.5 * len(defining)


def _is_without_stop(text: str, mention: PrintedLabel) -> bool:
    """ "readout in red b) Magnified images": nothing joins the label to the words before it, a full stop was lost."""
    return (
        mention.form in (Form.PAREN, Form.CLOSE)
        and bool(_BEGINS.match(text, mention.span.end))
        and not _NEEDS_MORE.search(text[max(0, mention.span.start - 24) : mention.span.start].rstrip(" ,;"))
        and text[mention.span.start - 2 : mention.span.start - 1] not in (",", ";")
    )


def restarts(text: str, sentence: Span, own: list[PrintedLabel], scope: tuple[str, ...]) -> bool:
    """True if a new sentence begins with the first of `own`, the full stop before it having been lost."""
    mention = own[0]
    if stands_first(own, text, sentence):
        return False
    before = text[sentence.start : mention.span.start].rstrip()
    return (
        mention.form in (Form.PAREN, Form.CLOSE)
        and mention.note is None
        and bool(_CAPITAL.match(text, mention.span.end))
        and not _NEEDS_MORE.search(before[-24:])
        and (
            bool(scope)
            or before.endswith(")")
            # "Sections of monkey 2 (A–G) Coronal sections at the planes in (H)"
            or (
                (len(own) == 1 or len(mention.labels) > 2)
                and (not has_own_head(before) or _is_whole(text[mention.span.end : sentence.end]))
            )
        )
    )


def _is_whole(said: str) -> bool:
    """ "Live imaging of a fungus (A) Location of the protein at the tip of the tube": words that need no title."""
    return len(said.split()) > _LONGEST_NAME and bool(
        _PART_OF.search(said) or VERB.search(said) or has_own_head(said.lstrip(" )"))
    )


def stands_first(own: list[PrintedLabel], text: str, sentence: Span) -> bool:
    """True if the first mention stands at the very beginning of the sentence."""
    if not own:
        return False
    lead = text[sentence.start : own[0].span.start].strip(" ;,\n\t\u00a0")
    return lead in ("", "and", "while") and own[0].span.start - sentence.start < 12


def prefers_first(text: str, mentions: Iterable[PrintedLabel]) -> float:
    """> 0 where this caption's labels stand before their text, < 0 where behind."""
    votes = [vote(text, mention) for mention in mentions]
    return sum(votes) / max(1, len(votes))


def puts_label_last(text: str, mention: PrintedLabel) -> bool:
    """True if a part of the sentence ends right after the mention, so that the label's text may stand before it."""
    return _PUTS_LABEL_LAST.match(text, mention.span.end) is not None


@lru_cache(maxsize=128)
def vote(text: str, mention: PrintedLabel) -> float:
    """> 0 where the words around a mention put it before its text, < 0 where behind."""
    # "survival (Panel A)" stands in brackets, too
    is_named = mention.form is Form.NAMED and text[mention.span.start] in "(["
    if not (mention.form is Form.PAREN or is_named) or mention.at_clause_start:
        return 1.0
    near = text[max(0, mention.span.start - 12) : mention.span.start]
    if near.endswith(" in ") and IS_SHOWN.search(text, max(0, mention.span.start - 30), mention.span.start):
        # "Shares of gas are shown in (e) for ten years, whereas (f) portrays oil"
        return -1.5
    if near.endswith(("with ", "without ")) and _OPPOSITE_NEXT.match(text, mention.span.end):
        # "Growth with (a) and without (b) light"
        return -1.5
    before = bool(_PUTS_LABEL_FIRST.search(near))
    if _JOINED.search(near) and not ENDS_PART.match(text, mention.span.end):
        # "(a) before and (b) after heating": nothing stands between "and" and the label, so its text follows
        return 1.5
    behind = puts_label_last(text, mention) or mention.note is not None
    if not before and _GOES_ON.match(text, mention.span.end):
        # "Low- (a) and high-magnification (b) images": "and" has no words before it but the label's
        return -1.5
    if not before and not behind and _BEGINS_WORDS.match(text, mention.span.end):
        return 1.0
    return float(before) - float(behind)


def are_names(text: str, listed: Span, own: Sequence[PrintedLabel]) -> bool:
    """True if each of the parts before the labels is a few words without a picture or a verb of their own."""
    starts = [listed.start, *(printed.span.end for printed in own)]
    said = [text[start : printed.span.start] for start, printed in zip(starts, own, strict=False)]
    if _REMARK_BEFORE.match(text, max(0, text.rfind(". ", 0, listed.start) + 1)):
        return False
    return not any(has_own_head(part) or VERB.search(part) or len(part.split()) > LONGEST_STEM for part in said)


def is_elliptic(text: str, body: Span) -> bool:
    """True if the text behind a label is a few words without a picture or a verb: they need what others say."""
    said = text[body.start : body.end]
    return len(said.split()) <= _LONGEST_ELLIPSIS + 1 and not has_own_head(said) and not VERB.search(said)
