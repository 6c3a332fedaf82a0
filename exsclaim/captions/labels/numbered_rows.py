"""Rows of numbers that count the panels of a caption without letters: "(1) anode, (2) cathode"."""

import re

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.spans import Span

# panels numbered with figures: "(1) anode, (2) cathode", "1. Casting. 2. Drying."; from the first on without a gap
_NUMBERS = (
    (Form.PAREN, re.compile(r"\((?P<number>\d{1,2})\)(?=[.,:]?\s*[^\W_])")),
    (Form.CLOSE, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2})\)(?=\s*[^\W_])")),
    (Form.DOT, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2})\.(?=\s[A-Z])")),
    (Form.COLON, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2}):(?=\s[^\W\d])")),
    (Form.COMMA, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2}),(?=\s[^\W\d])")),
)
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
        for found in pattern.finditer(text, start):
            before = text[max(start, found.start() - 6) : found.start()]
            at_clause = found.start() == start or bool(_CLAUSE_BEFORE.search(before))
            if form in (Form.COLON, Form.COMMA) and (not at_clause or is_of_things):
                continue
            at_part = at_clause or (form is not Form.DOT and bool(_PART_BEFORE.search(before)))
            if not at_part or found["number"] != str(len(row) + 1):
                row = [] if len(row) < 2 else row
                continue
            label = (found["number"],)
            row.append(PrintedLabel(Span(*found.span()), label, form, at_clause, at_part_start=True))
        # two numbers count things in prose, unless each begins a clause
        if len(row) > 2 or (len(row) == 2 and all(one.at_clause_start for one in row)):
            return row
    return []
