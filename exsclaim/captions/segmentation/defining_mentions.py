"""Mentions that define a label, "(b) TEM image", as distinct from those that refer to it, "the box in (b)"."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.labels.label_systems import Reading
from exsclaim.captions.scale_bars.stated_scales import is_scale_sentence
from exsclaim.captions.segmentation.label_roles import ENDS_PART
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import VERB

_REFERRING = re.compile(
    r"\b(?:in|of|from|panels?|see|than|frames?|insets?|on|to|(?<!\bwell )as|between|(?<!\bfollowed )by|also|and in|"
    r"corresponding to|entre|zwischen|zum?|tra|fra|dans|en|em)\s*$",
    re.IGNORECASE,
)
# the last two letters of those: a look that spares most places the pattern
_REFERRING_ENDS = frozenset((
    "in", "of", "om", "el", "ls", "ee", "an", "me", "es", "et", "ts", "on", "to", "as", "en", "by", "so", "re", "zu",
    "um", "ra", "ns", "em",
))  # fmt: skip
# "weak staining (C) relative to the control (A)"
_COMPARED_TO = re.compile(
    r"\b(?:relative to|compared (?:to|with)|than|similar to|unlike|versus|vs\.?)\s(?:in\s|th(?:at|ose)\sof\s)?the\s"
    r"(?:[\w-]+\s){1,2}$"
)
_FOR = re.compile(r"\bfor\s*$")
_ENDS_TOLD = re.compile(r"\s*(?:[.;,)]|(?:and|or)\b|$)")
_OF_LABEL = re.compile(r"\b(?:of|for|by)\s*$")
# words, and what joins the next label to them
_NEXT_OF_ROW = re.compile(r"[^\W\d]{2}.*(?:[,;]|\w\s(?:and|or))\s(?:and\s)?$")
_VERB = re.compile(r"\s*(?:is|are|was|were|shows?|indicates?|represents?|has|have|can|and in)\b")


def defining_mentions(text: str, sentences: Sequence[Span], reading: Reading) -> set[PrintedLabel]:
    """Mentions that give a label its text, as distinct from those that refer to it ("inset of (b)")."""
    definitions = _Definitions(text, sentences, reading.mentions)
    referring: list[PrintedLabel] = []
    for mention in filter(definitions.may_define, reading.mentions):
        if definitions.seems_to_refer(mention):
            referring.append(mention)
        else:
            definitions.add(mention)
    last_in = definitions.last_in_sentences()
    for mention in referring:
        if definitions.defines_all_the_same(mention, last_in):
            definitions.add_late(mention)
    return definitions.found


@dataclass
class _Definitions:
    """Mentions of a caption that define labels, as far as they were found."""

    text: str
    sentences: Sequence[Span]
    mentions: Sequence[PrintedLabel]
    found: set[PrintedLabel] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    """Position where each label is first told of by itself: -1 at the beginning of a clause."""
    named: set[str] = field(default_factory=set)
    in_groups: set[str] = field(default_factory=set)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def _sentence_number(self, mention: PrintedLabel) -> int:
        return bisect_right(self._starts, mention.span.start)

    def _home(self, mention: PrintedLabel) -> Span:
        """The sentence that a mention stands in."""
        return self.sentences[max(0, self._sentence_number(mention) - 1)]

    def _is_bracketed(self, mention: PrintedLabel) -> bool:
        return self.text[mention.span.start] in "(["

    def may_define(self, mention: PrintedLabel) -> bool:
        """False of references, of labels that are spoken of ("panel b"), and of those that scale bars are told of."""
        if mention.form is Form.REFERENCE or (mention.form is Form.NAMED and not self._is_bracketed(mention)):
            return False
        return not is_scale_sentence(self.text, self._home(mention))

    def seems_to_refer(self, mention: PrintedLabel) -> bool:
        """True of a bracketed label behind a word that points at it: "the box in (b)"."""
        text, start = self.text, mention.span.start
        before = text[max(0, start - 24) : start]
        # "(g) TEM image; (h) SAED pattern for (g);"
        # and "The voltage is 200 kV for (a) and 80 kV for (b)"
        is_told = (
            self.named.issuperset(mention.labels)
            and _ENDS_TOLD.match(text, mention.span.end)
            and (_FOR.search(before) or _COMPARED_TO.search(text, max(0, start - 48), start))
        )
        self.named.update(mention.labels)
        if mention.at_clause_start or not (self._is_bracketed(mention) or mention.form is Form.CLOSE):
            return False
        end = before.rstrip()[-2:]  # "of AF (A–C) and AS (D–F)": a short form
        return bool(is_told or (not end.isupper() and end.lower() in _REFERRING_ENDS and _REFERRING.search(before)))

    def add(self, mention: PrintedLabel) -> None:
        self.found.add(mention)
        # "b–e Antigens. Overlap in (b) genome fraction and (c) mutation count": a group does not yet tell of one
        if len(mention.labels) == 1:
            self.told.setdefault(mention.labels[0], -1 if mention.at_clause_start else mention.span.start)
        self.in_groups.update(mention.labels)

    def add_late(self, mention: PrintedLabel) -> None:
        """Add a mention that looked like a reference."""
        self.found.add(mention)
        if ENDS_PART.match(self.text, mention.span.end) is None and len(mention.labels) == 1:
            self.told.setdefault(mention.labels[0], mention.span.start)

    def last_in_sentences(self) -> dict[int, int]:
        """Position of the last mention that was found in each sentence, by the sentence's number."""
        last: dict[int, int] = {}
        for mention in self.found:
            number = self._sentence_number(mention)
            last[number] = max(mention.span.start, last.get(number, -1))
        return last

    def defines_all_the_same(self, mention: PrintedLabel, last_in: dict[int, int]) -> bool:
        """ "films of (a) CS and (b) CS/T80" defines both; "the plate in (a) is" defines nothing."""
        text, home = self.text, self._home(mention)
        if _opens_row(text, mention, self.mentions, home) or _tells_all_again(mention, self.mentions, home):
            return True
        start = mention.span.start
        # "Stacks of (A) G2 and (B) G3 mice. The expression (A, upper panel) is …": told of later, not before
        if all(self.told.get(label, start) < start for label in mention.labels) or _VERB.match(text, mention.span.end):
            return False
        # "(a,b) TEM images, (c) the area marked in (b), …"
        if (
            self.in_groups.issuperset(mention.labels)
            and not _tells_again(mention, self.mentions, home)
            and (ENDS_PART.match(text, mention.span.end) or _comes_late(mention, self.found, home.start))
        ):
            return False
        is_within = last_in.get(self._sentence_number(mention), -1) > start
        return is_within or bool(_OF_LABEL.search(text[max(0, start - 8) : start]))


def _opens_row(text: str, mention: PrintedLabel, mentions: Sequence[PrintedLabel], home: Span) -> bool:
    """ "Models of (a) the film and (b) the wire. (a) Reproduced from …": told of here first, whatever comes behind."""
    place = mentions.index(mention)
    following = mentions[place + 1] if place + 1 < len(mentions) else mention
    said = text[mention.span.end : following.span.start]
    return (
        len(mention.labels) == len(following.labels) == 1
        and mention.labels[0] in ("a", "A")
        and ord(following.labels[0][0]) == ord(mention.labels[0]) + 1
        and not any(mention.labels[0] in one.labels for one in mentions[:place])
        and following.span.end <= home.end
        and bool(_NEXT_OF_ROW.search(said))
        and not VERB.search(said)
    )


def _tells_again(mention: PrintedLabel, mentions: Sequence[PrintedLabel], home: Span) -> bool:
    """ "(a–c) Images and (d–f) sizes of (a) X and (b, c) Y": from `mention` on a group is told in its parts."""
    inside = [one for one in mentions if home.start <= one.span.start < home.end]
    groups = [set(one.labels) for one in inside if len(one.labels) > 1 and one.span < mention.span]
    last = next((labels for labels in groups if labels.issuperset(mention.labels)), set())
    again = [one for one in inside if one.span.start > mention.span.start and last.issuperset(one.labels)]
    return (
        bool(again)
        and len(groups) > 1
        and sorted(last) == sorted(label for one in (mention, *again) for label in one.labels)
    )


def _tells_all_again(mention: PrintedLabel, mentions: Sequence[PrintedLabel], home: Span) -> bool:
    """ "(a) Top and (b, c) side views at (a, b) ×10 and (c) ×20": from `mention` on all labels in other groups."""
    inside = [one for one in mentions if home.start <= one.span.start < home.end]
    groups = [[one.labels for one in inside if (one.span < mention.span) is is_before] for is_before in (True, False)]
    told, again = (sorted(label for labels in each for label in labels) for each in groups)
    return len(mention.labels) > 1 < len(groups[0]) and told == again and groups[0] != groups[1]


def _comes_late(mention: PrintedLabel, strong: Iterable[PrintedLabel], start: int) -> bool:
    """True if the sentence from `start` on has come to later labels: "(c) and (d) X; (e) image as in (d)"."""
    last = max(mention.labels)
    return any(start <= one.span.start < mention.span.start and min(one.labels) > last for one in strong)
