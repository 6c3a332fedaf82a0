"""Stretches of a caption as offsets, so that every segment stays a verbatim part of its caption."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

_LEADING = re.compile(
    r"(?:[\s,;:.|•·)\]–—。，、；]|-(?=\s)|(?:and|or|while|whereas|&)(?=[\s,])|(?:und|et|y|sowie)(?=\s(?:[^\W\d]{2}|[aà]\s|\d))|"
    # "der Proben A (a) und B (b)"
    r"(?:und|et|y|e)(?=\s[A-Z]\d?\s*$)|e(?=\s(?:[ao]s?\s|d[aeo]s?\s|[^\W\d_A-Z]{4})))+"
)
# what the pattern above may begin with, but for rare blanks: a look that spares most parts the pattern
_LEADS = frozenset(" ,;:.|•·)]–—。，、；-&aowuesy")
_TRAILING = re.compile(
    r"(?:[\s,;:|(\[•·–—。，、；]|(?<=\s)-|\.(?!\.)|(?<=\s)(?:and|or)\s(?:the|for|in|at|with|from|on|to)|"
    r"(?<=[\s,])(?:as well as|(?:together|along) with|followed by)(?:\sthe)?|"
    r"(?<=\s)(?:et|y|e)\sde|(?<=\s)und\svon|(?<=[\s,;])(?:and|or|&|while|whereas|und|sowie|et|y|e))$"
)
# what the pattern above may match ends so: looks that spare most segments the search
_TRAILS = (
    *(*" ,;:|([•·–—-.&。，、；", "and", "or", "while", "whereas", "und", "sowie", " et", " y", " e"),
    *(f"{one} {word}" for one in ("and", "or") for word in ("the", "for", "in", "at", "with", "from", "on", "to")),
    *(" et de", " y de", " e de", " und von"),
    *(f"{one}{the}" for one in ("as well as", "together with", "along with", "followed by") for the in ("", " the")),
)

_LONGEST_TRAIL = max(map(len, _TRAILS)) + 1
_LAST = frozenset(trail[-1] for trail in _TRAILS)
# those that go whatever stands before them
_ALONE = frozenset(" ,;:|(•·–—.。，、；")
_LETTER = re.compile(r"[^\W_]")


class Span(NamedTuple):
    """Half-open stretch `start`, `end` of a caption, in characters."""

    start: int
    end: int


@lru_cache(maxsize=128)
def trimmed(text: str, span: Span) -> Span | None:
    """`span` without the punctuation and conjunctions at its ends; None where no word is left."""
    start, end = span
    first = text[start : start + 1]
    if (first in _LEADS or first.isspace()) and (lead := _LEADING.match(text, start, end)):
        start = lead.end()
    # a closing bracket goes only where it opens outside the span, so the loop looks at one end at a time
    while end > start:
        last = text[end - 1]
        if last in _ALONE or (last in ")]" and _closes_outside(text, start, end)):
            end -= 1
        elif ((last in _LAST and text.endswith(_TRAILS, start, end)) or last.isspace()) and (
            tail := _TRAILING.search(text, max(start, end - _LONGEST_TRAIL), end)
        ) is not None:
            end = tail.start()
        else:
            break
    if start >= end or not (text[start].isalnum() or _LETTER.search(text, start, end)):
        return None
    return Span(start, end)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in text order, those that overlap made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def _closes_outside(text: str, start: int, end: int) -> bool:
    opening, closing = ("(", ")") if text[end - 1] == ")" else ("[", "]")
    return text.count(closing, start, end) > text.count(opening, start, end)


@dataclass
class Parts:
    """Spans of a caption by label, and those said of the whole figure."""

    general: list[Span] = field(default_factory=list)
    of_label: dict[str, list[Span]] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    """Labels that no words were found for."""

    def give(self, text: str, labels: Iterable[str], span: Span) -> None:
        """Adds `span`, without the punctuation around it, to each of `labels`."""
        kept = trimmed(text, span)
        if kept is not None:
            for label in labels:
                self.of_label.setdefault(label, []).append(kept)

    def give_general(self, text: str, span: Span) -> None:
        """Adds `span` to what is said of the whole figure."""
        kept = trimmed(text, span)
        if kept is not None and kept not in self.general:
            self.general.append(kept)


class PartsBeside(Parts):
    """Parts that give what is told of a label to those at its place in the groups beside its own as well.

    "(a–c) Images and (d–f) sizes of (a) X and (b, c) Y": X is told of d, too; `told` are the labels told again.
    """

    def __init__(self, parts: Parts, groups: Sequence[Sequence[str]], told: Sequence[Sequence[str]]) -> None:
        super().__init__(parts.general, parts.of_label, parts.bare)
        again = {label for labels in told for label in labels}
        own = next((labels for labels in groups if again == set(labels)), ())
        rows = [labels for labels in groups if len(labels) == len(own)]
        self._beside = {label: tuple(row[place] for row in rows) for place, label in enumerate(own)}

    def give(self, text: str, labels: Iterable[str], span: Span) -> None:
        """Adds `span` to each of `labels` and to those beside them."""
        super().give(text, [one for label in labels for one in self._beside.get(label, (label,))], span)
