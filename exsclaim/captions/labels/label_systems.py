"""The labels of a caption among candidate mentions, and how far they are believed.

The best row (`row_choice`) is the beginning; what it leaves out, other forms of its case may add.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from exsclaim.captions.labels.group_members import told_members
from exsclaim.captions.labels.label_doubts import (
    ALONE,
    COUNTING,
    LATE,
    UNSEEN,
    in_prose,
    is_enclosed,
    label_flags,
)
from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.labels.label_rows import (
    NUMERALS,
    completed,
    front_of,
    label_at,
    position_of,
    rows_of_letters,
)
from exsclaim.captions.labels.legend_letters import without_legends
from exsclaim.captions.labels.numbered_rows import numbered_row
from exsclaim.captions.labels.row_choice import IN_BRACKETS, UNMARKED, Row, best_row, by_kinds
from exsclaim.captions.labels.unbracketed_rows import bare_before, bare_in_gap, unbracketed_front

# how a caption's only label may be printed at its beginning
_BEGINS = re.compile(r"\s*[A-Z(\d]")
_CAPITAL = re.compile(r"\s*[A-Z]")
_WORD_BEFORE = re.compile(r"(?:^|\s)([A-Za-z])[a-z]+\s$")
_LEAST_BEFORE = 2
_ALONE = (Form.PAREN, Form.CLOSE, Form.DOT, Form.PIPE)


@dataclass(frozen=True)
class Reading:
    """The labels of a caption in order, and the mentions that name them; `family` is how they are mainly printed.

    `trust`, 0 to 1, is what each label is believed on average by how it is printed; `flags` are doubts about the row.
    """

    labels: tuple[str, ...]
    mentions: tuple[PrintedLabel, ...]
    family: tuple[Form, ...]
    trust: float
    flags: tuple[str, ...] = ()


def read_labels(mentions: list[PrintedLabel], text: str, start: int = 0) -> Reading:
    """The best consistent reading of the candidates; one without labels for a caption that names no panels."""
    mentions = _without_functions(text, _without_short_forms(text, mentions))
    by_kind = by_kinds(mentions, text)
    row, rival = best_row(by_kind, text)
    if row is None or _is_within_numbers(row, by_kind[row.kind], text, start):
        return _without_row(mentions, text, start)
    others = [] if row.kind in NUMERALS else by_kind["upper" if row.kind == "lower" else "lower"]
    labels, of_kind, is_late = _completed(row, by_kind[row.kind], others, text, start)
    known = set(labels)
    kept = without_legends(_naming(known, of_kind, row, text), mentions, known)
    kept += [mention for mention in others if mention.form is not Form.REFERENCE and known.issuperset(mention.labels)]
    if row.kind not in NUMERALS:
        kept = sorted([*kept, *_in_other_case(mentions, kept)], key=lambda mention: mention.span)
    if members := told_members(text, kept):
        taken = {one.span.start for one in members}
        kept = sorted([*(one for one in kept if one.span.start not in taken), *members], key=lambda one: one.span)
    named_at_all = {label for mention in kept for label in mention.labels}
    flags = label_flags(
        text,
        labels,
        kept,
        rival=max(0.0, rival) / max(row.score, 1.0),
        is_enclosed=is_enclosed(kept, others, labels),
        is_numeral=row.kind in NUMERALS,
        missing=len(known - named_at_all),
    )
    if is_late:
        # "Scale bars in a–e": the first labels are only referred to
        flags.append(LATE)
    trust = row.score / len(row.run)
    return Reading(tuple(labels), tuple(kept), row.family, trust, tuple(dict.fromkeys(flags)))


def _without_short_forms(text: str, mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """ "The control (C) and (A) X, (B) Y, (C) Z": a letter out of order that its word begins with is a short form.

    So is the last one of four or more where it is never told in its place: "Fatigue (F) in (A) X, … (E) Y".
    """
    single = [one for one in mentions if one.form is Form.PAREN and len(one.labels) == 1 and len(one.labels[0]) == 1]
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for one in single:
        first.setdefault(one.labels[0], one.span.start)
        last[one.labels[0]] = one.span.start

    def is_short_form(one: PrintedLabel) -> bool:
        label = one.labels[0]
        before = first.get(chr(ord(label) - 1), -1)
        if one.at_clause_start or before < one.span.start:
            return False
        word = _WORD_BEFORE.search(text, max(0, one.span.start - 30), one.span.start)
        if not word or word[1].upper() != label:
            return False
        row = [chr(code) for code in range(ord("A"), ord(label))]
        is_last = len(row) > _LEAST_BEFORE and chr(ord(label) + 1) not in first and first.keys() >= {*row}
        return last[label] > before or is_last

    short_forms = {one.span for one in single if is_short_form(one)}
    return [one for one in mentions if one.span not in short_forms]


def _without_functions(text: str, mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """ "(A) LnP(D) of clusters. (B) Rates. (C) Map": a letter glued to a word is no label before its turn."""
    glued = [
        one for one in mentions if one.form is Form.PAREN and one.span.start and text[one.span.start - 1].isalnum()
    ]
    if not glued:
        return mentions
    single = [one for one in mentions if one.form is Form.PAREN and len(one.labels) == 1 and len(one.labels[0]) == 1]
    glued = [one for one in single if one in glued]
    first: dict[str, int] = {}
    for one in single:
        if one not in glued:
            first.setdefault(one.labels[0], one.span.start)
    early = {one.span for one in glued if first.get(chr(ord(one.labels[0]) - 1), -1) > one.span.start}
    return [one for one in mentions if one.span not in early]


def _without_row(mentions: Sequence[PrintedLabel], text: str, start: int) -> Reading:
    """The reading of a caption without a row: of one panel, of numbered ones, or of none."""
    for mention in mentions:
        is_alone = mention.labels in (("a",), ("A",)) and mention.form in _ALONE
        if is_alone and mention.span.start <= start + 1 and _BEGINS.match(text, mention.span.end):
            # a figure of one panel, or the part of a caption that a page shows with it
            return Reading(mention.labels, (mention,), (mention.form,), 1.0, (ALONE,))
    if (numbers := numbered_row(text, start)) and not in_prose(text, numbers[0]):
        labels = tuple(dict.fromkeys(label for one in numbers for label in one.labels))
        return Reading(labels, tuple(numbers), (numbers[0].form,), 1.0, (COUNTING,))
    doubtful = any(mention.form in (Form.PAREN, Form.CLOSE) and mention.at_part_start for mention in mentions)
    # "Structures of A, quinine and B, morphine"
    printed = {label for one in mentions if one.form is not Form.REFERENCE for label in one.labels}
    doubtful = doubtful or {"a", "b"} <= printed or {"A", "B"} <= printed
    return Reading((), (), (), 1.0, (UNSEEN,) if doubtful else ())


def _is_within_numbers(row: Row, of_kind: Sequence[PrintedLabel], text: str, start: int) -> bool:
    """ "(1) Lake. (2) River with (a) sand and (b) mud. (3) Hill": letters that only tell what a number's panel has."""
    letters = [one for one in of_kind if one.form in row.family]
    places = [one.span.start for one in letters]
    if "1" not in text[start : places[0]] or any(one.at_clause_start for one in letters):
        return False
    numbers = [one.span.start for one in numbered_row(text, start) if one.at_clause_start]
    return len(numbers) > 1 and numbers[0] < places[0] and places[-1] < numbers[-1]


def _completed(
    row: Row, of_kind: list[PrintedLabel], others: list[PrintedLabel], text: str, start: int
) -> tuple[list[str], list[PrintedLabel], bool]:
    """The row's labels with those that other forms add, its mentions, and whether its first are only referred to."""
    run, kind = row.run, row.kind
    if front := unbracketed_front(text, start, run, kind):
        # "… with markers, such as one a and two b. c Staining": the first letters stand bare behind their words
        of_kind = sorted([*front, *of_kind], key=lambda mention: mention.span)
        run = [*(label for one in front for label in one.labels), *run]
    further = [one for one in of_kind if one.form is not Form.REFERENCE and _goes_on(text, one, row.family)]
    referred = {label for mention in of_kind if mention.form is Form.REFERENCE for label in mention.labels}
    labels = completed(run, further, kind, others)
    if bridge := _bridged(labels, further, referred, kind):
        labels = completed([*labels, *bridge], further, kind, others)
    if Form.BARE in row.family and (inside := bare_before(text, labels, of_kind)):
        of_kind = sorted([*of_kind, *inside], key=lambda mention: mention.span)
        labels = completed(labels, [*further, *inside], kind, others)
    missing_front = front_of(labels, kind)
    is_late = bool(missing_front) and referred.issuperset(missing_front)
    labels = [*missing_front, *labels] if is_late else labels
    if by_letter := rows_of_letters(labels, of_kind):
        of_kind = [_written_out(one, by_letter) for one in of_kind]
        labels = [label for label in labels if label not in by_letter]
    if gap := bare_in_gap(text, labels, of_kind):
        of_kind = sorted([*of_kind, *gap], key=lambda mention: mention.span)
    return labels, of_kind, is_late


def _written_out(mention: PrintedLabel, by_letter: Mapping[str, Sequence[str]]) -> PrintedLabel:
    """ "(a)" of a caption whose panels are a1, a2, …: all of its row."""
    labels = dict.fromkeys(each for label in mention.labels for each in by_letter.get(label, (label,)))
    return mention._replace(labels=tuple(labels))


def _naming(known: Collection[str], of_kind: Sequence[PrintedLabel], row: Row, text: str) -> list[PrintedLabel]:
    """The mentions that name known labels, each without other ones: those in other forms where no better one does."""
    explained = {label for mention in of_kind if mention.form in row.family for label in mention.labels}
    heads = {label for one in of_kind if one.form in IN_BRACKETS and one.at_clause_start for label in one.labels}
    kept: list[PrintedLabel] = []
    group: set[str] = set()
    for mention in of_kind:
        named = tuple(label for label in mention.labels if label in known)
        belongs = (
            mention.form in (*row.family, Form.PAREN, Form.NAMED, Form.REFERENCE)
            or not explained.issuperset(named)
            # "a, b Schematic of the process (a) and … (b)": the bold letters at the head, named again inside
            or (
                mention.form in (Form.COMMA, Form.BARE)
                and mention.at_clause_start
                and not (heads.issuperset(named) and text[: mention.span.start].endswith((": ", "; ")))
                and (row.kind == "lower" or len(mention.labels) > 1)
            )
            or (mention.form in (Form.DOT, Form.COLON) and mention.at_clause_start and len(mention.labels) > 1)
            # "B–D: Sections of brain. … C. Higher magnification. D. Glial nodule."
            or (mention.form is Form.DOT and mention.at_clause_start and group.issuperset(named))
        )
        if named and belongs:
            kept.append(mention if named == mention.labels else mention._replace(labels=named))
            group = set(named) if len(named) > 1 else group
    return kept


def _bridged(run: list[str], mentions: list[PrintedLabel], referred: set[str], kind: str) -> list[str]:
    """Labels behind the run that are only referred to, up to one that begins a clause: "… e. j Sizes. Bars in f–i"."""
    if not referred:
        return []
    heads = {label for mention in mentions if mention.at_clause_start for label in mention.labels}
    found: list[str] = []
    place = max(position_of(label, kind) for label in run) + 1
    while kind not in NUMERALS and (label := label_at(place, kind, run)) in referred and label not in heads:
        found.append(label)
        place += 1
    return found if found and label_at(place, kind, run) in heads else []


IS_SHOWN = re.compile(
    r"\b(?:is|are)\s(?:shown|plotted|presented|given|depicted|displayed|illustrated)\sin\s(?:panel\s)?$"
)


def _goes_on(text: str, mention: PrintedLabel, family: tuple[Form, ...]) -> bool:
    """True if `mention` may go on with labels in brackets: "(a) X. (b) Y. c Z", but not "(b) Y. d and β differ"."""
    if not IN_BRACKETS.issuperset(family) or mention.form not in UNMARKED:
        return True
    if mention.form is Form.DOT:
        return bool(_CAPITAL.match(text, mention.span.end))
    before = text[max(0, mention.span.start - 4) : mention.span.start].rstrip()[-1:]
    begins = _CAPITAL if before == ";" else _BEGINS
    return mention.at_clause_start and before != ":" and bool(begins.match(text, mention.span.end))


def _in_other_case(mentions: list[PrintedLabel], kept: list[PrintedLabel]) -> list[PrintedLabel]:
    """ "(B, C) Analysis of explants (b) revealed cells (c)": labels of a group, named again in the other case."""
    found: list[PrintedLabel] = []
    starts = [mention.span.start for mention in kept]
    legends: set[int] = set()
    for mention in mentions if any(len(one.labels) > 1 for one in kept) else ():
        place = bisect_left(starts, mention.span.start)
        if place and mention.form is Form.PAREN and len(mention.labels) < len(kept[place - 1].labels):
            swapped = tuple(label.swapcase() for label in mention.labels)
            if set(swapped) < set(kept[place - 1].labels):
                found.append(mention._replace(labels=swapped))
            elif mention.labels[0].islower() != kept[place - 1].labels[0].islower():
                # "(A, B) Spectra. (a) 0 g, (b) 5 g, (c) 9 g": the small letters are of curves
                legends.add(place)
    return [one for one in found if bisect_left(starts, one.span.start) not in legends]
