"""Members of a group, told one by one by bare letters behind it: "(a–c) Rods: a, raw; b, annealed; c, cut"."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import LABEL_LIST, Form, PrintedLabel, expanded
from exsclaim.captions.spans import Span

# what a list in a group's text begins and ends with: "A, control; B and C, after a day"
_MARKED_MEMBERS = re.compile(rf"(?<=[.;:]\s)(?P<list>{LABEL_LIST})[,:.]\s")
# "shown in panels a and b"
_NAMES_NEXT = re.compile(r"\b(?:panels?|in|of|to|from|and|for)\s$")
_BRACKETED = frozenset((Form.PAREN, Form.CLOSE))


def told_members(text: str, mentions: Sequence[PrintedLabel]) -> list[PrintedLabel]:
    """Bare letters that tell a group before them in its parts, each label once.

    "(A–C) Sections of the liver. A, control; B, 1 day; C, 3 days", "(a–c) The film a before, b during and c after".
    The group may be all that was told before: "Rods (A, B) and discs (C, D). A and C: top view; B and D: side view".
    """
    found: list[PrintedLabel] = []
    groups = [one for one in mentions if one.form not in (Form.REFERENCE, Form.NAMED)]
    for number, group in enumerate(groups):
        if len(group.labels) == 1:
            continue
        following = groups[number + 1 :]
        known = group.labels
        if not following and number and all(len(one.labels) > 1 for one in groups):
            known = tuple(dict.fromkeys(label for one in groups for label in one.labels))
        others = [one for one in following if not set(known).issuperset(one.labels)]
        end = others[0].span.start if others else len(text)
        is_told = any(one.form in _BRACKETED and one.span.start < end for one in following)
        if not is_told:
            body = Span(group.span.end, end)
            found += _marked_members(text, body, known) or _bare_members(text, body, known)
    return found


def _marked_members(text: str, body: Span, known: Sequence[str]) -> list[PrintedLabel]:
    row = [(one, expanded(one["list"])) for one in _MARKED_MEMBERS.finditer(text, *body)]
    row = [(one, read) for one, read in row if read[1] == len(one["list"])]
    if len(row) < 2 or sorted(label for _, (labels, _) in row for label in labels) != sorted(known):
        return []
    return [
        PrintedLabel(Span(one.start(), one.end() - 1), labels, Form.ROW, True, None, True) for one, (labels, _) in row
    ]


def _bare_members(text: str, body: Span, known: Sequence[str]) -> list[PrintedLabel]:
    row: list[Span] = []
    for label in known:
        place = _next_member(text, Span(row[-1].end if row else body.start, body.end), label)
        if place is None and not row and label.islower():
            # "Photographs of a film a before, b during": the last one before "b", the others are articles
            second = _next_member(text, body, known[1])
            start = text.rfind(f" {label} ", body.start, second.start) + 1 if second else 0
            is_member = start > 0 and not _NAMES_NEXT.search(text, body.start, start)
            place = Span(start, start + len(label)) if is_member else None
        if place is None:
            return []
        row.append(place)
    return [
        PrintedLabel(place, (label,), Form.ROW, text[place.start - 2] in ".;:", None, True)
        for place, label in zip(row, known, strict=True)
    ]


def _next_member(text: str, within: Span, label: str) -> Span | None:
    """The first place behind a stop or a conjunction where `label` stands before words of its own."""
    # a look that spares most labels a pattern of their own
    if not any(text.find(f" {label}{mark} ", *within) >= 0 for mark in ("", ",", ":")):
        return None
    found = re.compile(
        rf"(?:[.;:,]\s(?:and\s|while\s)?|\s(?:and|while)\s)(?P<label>{re.escape(label)}[,:]?)"
        r"(?=\s(?!(?:and|or|is|are|was|were|to|respectively)\b)(?:[^\W\d_]{2}|\d))"
    ).search(text, *within)
    return Span(*found.span("label")) if found else None
