"""Rows of numbers that count the panels of a caption without letters: "(1) anode, (2) cathode"."""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.spans import Span

# panels numbered with figures: "(1) anode, (2) cathode", "1. Casting. 2. Drying."; from the first on without a gap.
# Plates of fossils and insects tell several at once: "(1–4) Specimen A, (1) dorsal view, …", "1, 2, holotype"
_LIST = r"(?P<list>\d{1,2}(?:(?:,\s?|\s?[-–—]\s?|\s(?:and|&|to)\s)\d{1,2}){0,30})"
_OPENS = r"(?<![\w(.,–-])"
_NUMBERS = (
    (Form.PAREN, re.compile(rf"\({_LIST}\)(?=[.,:]?\s*[^\W_])")),
    (Form.CLOSE, re.compile(rf"{_OPENS}{_LIST}\)(?=\s*[^\W_])")),
    (Form.DOT, re.compile(rf"{_OPENS}{_LIST}\.(?=\s[A-Z])")),
    (Form.COLON, re.compile(rf"{_OPENS}{_LIST}:(?=\s[^\W\d])")),
    (Form.COMMA, re.compile(rf"{_OPENS}{_LIST},(?=\s[^\W\d])")),
)
_ITEM = re.compile(r"(?P<joint>\D*)(?P<number>\d+)")
_CLAUSE_BEFORE = re.compile(r"(?:^|[.;:!?]\s)$")
_PART_BEFORE = re.compile(r"(?:^|[.;:,!?]\s|\b(?:and|or|und|et|y|e)\s)$")

# "Lanes: 1, marker; 2, control": what is counted is no panel
_OF_THINGS = re.compile(
    r"(?:\b[Ll]anes?|\b[Cc]urves?|\b[Pp]eaks?|\b[Ll]ines?|\b[Tt]races?|\b[Ss]amples?|\b[Ss]tations?|:\s1,)"
)


def numbered_row(text: str, start: int) -> list[PrintedLabel]:
    """Numbers that count panels in a caption without letters; empty where they do not begin parts of it, in order."""
    if "1" not in text or "2" not in text:
        return []
    is_of_things = bool(_OF_THINGS.search(text, start))
    for form, pattern in _NUMBERS:
        row: list[PrintedLabel] = []
        count = 0
        for found in pattern.finditer(text, start):
            before = text[max(start, found.start() - 6) : found.start()]
            at_clause = found.start() == start or bool(_CLAUSE_BEFORE.search(before))
            if form in (Form.COLON, Form.COMMA) and (not at_clause or is_of_things):
                continue
            at_part = at_clause or (form is not Form.DOT and bool(_PART_BEFORE.search(before)))
            numbers = _written_out(found["list"])
            new = [number for number in numbers if number > count]
            is_next = at_part and bool(new) and new == list(range(count + 1, count + 1 + len(new)))
            is_next = is_next and (len(numbers) == 1 or at_clause)
            # of a group that was told, or of all: "(1–4) … in (1) lateral view", "(1, 3) Scale bars = 1 mm"
            is_again = bool(numbers) and not new and _has_groups(row) and (at_part or before.endswith(" in "))
            if not (is_next or is_again):
                row, count = (row, count) if count > 1 else ([], 0)
                continue
            labels = tuple(map(str, numbers))
            row.append(PrintedLabel(Span(*found.span()), labels, form, at_clause, at_part_start=True))
            count = max(count, numbers[-1])
        # two numbers count things in prose, unless each begins a clause; so does a lone group
        clauses = sum(one.at_clause_start for one in row)
        if clauses > 1 or (count > 2 and not _has_groups(row)):
            return row
    return []


def _has_groups(row: Sequence[PrintedLabel]) -> bool:
    return any(len(one.labels) > 1 for one in row)


def _written_out(listed: str) -> tuple[int, ...]:
    """The numbers of a list in ascending order, "1, 3–5" as 1, 3, 4, 5; () where it is none."""
    numbers: list[int] = []
    for item in _ITEM.finditer(listed):
        number, joint = int(item["number"]), item["joint"].strip()
        if number <= (numbers[-1] if numbers else 0):
            return ()
        is_range = joint in ("-", "–", "—", "to")
        numbers += range(numbers[-1] + 1, number + 1) if is_range else [number]
    return tuple(numbers)
