"""Ranges and lists of labels as printed ("a–c, e", "Ai–iii"), written out."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from exsclaim.captions.spans import Span

COLUMN = "\ue001"
"""Stands for the dash of "a1–c1" where a caption has "a2–c2", too: a range of columns."""
DASH = f"[-–—−‐‑‒~∼～{COLUMN}]"
# stands for what joins both tiers of "a-ii" and "b.i" where a caption has such labels
TIE = "\ue000"
TIER = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_LONG = rf"(?:[A-Za-z]\d{{1,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
_ONE = rf"(?:[A-Za-z]\d{{0,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
ATOM = rf"{_ONE}['′″’]{{0,2}}(?![\w'′{TIE}]|{DASH}(?!{_LONG}(?!\w))\w{{2}}|\.(?![A-Z][a-z]{{3}})\w)"
JOINT = rf"\s*(?:,\s*(?:and\b|or\b|&)|,|;|/|&|\+|\b(?:and|or|to|through|und|bis|et|à|y|e)\b|{DASH}{{1,2}})\s*"
# no figure has more panels than a list of 30 items names; the bound keeps hostile text linear
LABEL_LIST = rf"{ATOM}(?:{JOINT}{ATOM}){{0,30}}"
"""Pattern of one label or a list of them, "a", "b and c", "d–f"; `expanded` says which labels it names."""
LABEL = re.compile(rf"(?<![\w{TIE}]){_ONE}['′″’]{{0,2}}(?![\w{TIE}])")

# where a label may stand, behind another character: quicker than `LABEL`, which says what stands there
PLACE = re.compile(
    rf"\W[A-Za-z](?=\W|\d|[ivxIVX{TIE}])(?<!{TIE}.)(?:\d{{0,2}}|{TIER}|{TIE}{TIER}|[ivx]{{1,3}}|[IVX]{{1,3}})['′″’]{{0,2}}(?![\w{TIE}])"
)

ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_RANGE = re.compile(f"{DASH}{{1,2}}|to|through|bis|à|a")
_LARGEST_GRID = 60
_FOREIGN_AND = re.compile(r"(?<=[\w)\]]\s)(?:und|et|y|e)(?=\s)")


@lru_cache(maxsize=4096)
def expanded(listed: str) -> tuple[tuple[str, ...], int]:
    """Labels of a printed list ("a–c, e") and how many of its characters make an ascending list of one kind."""
    labels: list[str] = []
    length = 0
    previous_end = 0
    # "y" and "e" are words between labels, and labels
    listed = _FOREIGN_AND.sub(lambda word: ",".ljust(len(word.group())), listed)
    for atom in LABEL.finditer(listed):
        printed = atom.group().replace("'", "′").replace("’", "′")
        joint = listed[previous_end : atom.start()].strip()
        if not labels:
            labels.append(printed)
        elif _RANGE.fullmatch(joint):
            between = _between_columns(labels[-1], printed) if joint == COLUMN else _between(labels[-1], printed)
            if not between:
                break
            labels.extend(between)
        elif _follows(labels[-1], printed):
            labels.append(printed)
        else:
            break
        previous_end = length = atom.end()
    return tuple(labels), length


def _between(first: str, last: str) -> list[str]:
    """Labels after `first` up to `last`: b–e, d1–d3, ii–iv; empty where that is no range."""
    romans = ROMAN if first.islower() else [roman.upper() for roman in ROMAN]
    if len(first) == len(last) == 1 and first.islower() == last.islower() and first < last:
        return [chr(code) for code in range(ord(first) + 1, ord(last) + 1)]
    if first in romans and last in romans and (len(first) > 1 or len(last) > 1):
        return romans[romans.index(first) + 1 : romans.index(last) + 1]
    if (tier := is_tiered(first)) and first[1] != last[0]:  # "Ai–iii", "Ai–Aiii"
        stem, numerals = first[: -len(tier)], ROMAN[ROMAN.index(tier) + 1 :]
        last = last.removeprefix(stem)
        return [f"{stem}{one}" for one in numerals[: numerals.index(last) + 1]] if last in numerals else []
    stem, end = first.rstrip("′″"), last.rstrip("′″")
    if (mark := first[len(stem) :]) and mark == last[len(end) :]:
        return [f"{one}{mark}" for one in _between(stem, end)]  # "a′–c′"
    if not mark and len(stem) == len(end) == 1 and (primes := _primes(last)) and stem.islower() == end.islower():
        # "A–E′": every letter with and without
        rows = [stem, *_between(stem, end)] if stem < end else []
        marks = ["″" * (count // 2) + "′" * (count % 2) for count in range(primes + 1)]
        if rows:
            return [f"{letter}{one}" for letter in rows for one in marks][1:]
    if first[0] == last[0] and (primes := _primes(last)) > _primes(first) and len(first) + len(last) <= 5:  # "a–a″"
        return [first[0] + ("″" * (count // 2) + "′" * (count % 2)) for count in range(_primes(first) + 1, primes + 1)]
    if first[0] == last[0] and first[1:].isdigit() and last[1:].isdigit() and int(first[1:]) < int(last[1:]):
        return [f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]) + 1)]
    return _between_rows(first, last)


def _between_rows(first: str, last: str) -> list[str]:
    """Labels after `first` of a grid of rows: "a1–c3" has a1, a2, a3, b1, … c3. "A1–D1" may be alleles: no grid."""
    is_grid = first[1:] == "1" and last[1:].isdigit() and last[1:] != "1" and first[0].islower() == last[0].islower()
    if not is_grid or not first[0] < last[0]:
        return []
    rows = [chr(code) for code in range(ord(first[0]), ord(last[0]) + 1)]
    numbers = range(1, int(last[1:]) + 1)
    if len(rows) * len(numbers) > _LARGEST_GRID:
        return []
    return [f"{row}{number}" for row in rows for number in numbers][1:]


def _between_columns(first: str, last: str) -> list[str]:
    """Labels after `first` of a column: "a2–c2" has a2, b2, c2; empty where that is none ("A1–h1")."""
    if first[1:] != last[1:] or first[0].islower() != last[0].islower():
        return []
    return [f"{chr(code)}{first[1:]}" for code in range(ord(first[0]) + 1, ord(last[0]) + 1)]


def _primes(label: str) -> int:
    return label.count("′") + 2 * label.count("″")


_TWO_TIERS = re.compile(rf"[A-Za-z][-–.{TIE}]?({TIER})")


@lru_cache(maxsize=4096)
def is_tiered(label: str) -> str:
    """The numeral of a label of two tiers, "ii" of "Aii" and "a-ii"; "" for other labels."""
    found = _TWO_TIERS.fullmatch(label)
    return found[1] if found and label not in ROMAN else ""


def _follows(first: str, second: str) -> bool:
    if first in ROMAN and second in ROMAN and ROMAN.index(second) > ROMAN.index(first):
        return True
    return first[0].islower() == second[0].islower() and first < second


class Form(StrEnum):
    """Forms in which a label is printed."""

    PAREN = "(a)"
    CLOSE = "a)"
    DOT = "a."
    COMMA = "a,"
    COLON = "a:"
    PIPE = "a |"
    BARE = "a"
    ROW = "a X, b Y"
    NAMED = "panel a"
    REFERENCE = "in a"


class PrintedLabel(NamedTuple):
    """One place that names panels: `labels` as printed, ranges expanded; `note` is text inside the brackets."""

    span: Span
    labels: tuple[str, ...]
    form: Form
    at_clause_start: bool
    note: Span | None = None
    at_part_start: bool = False
    """Behind a comma or a conjunction, too."""
    is_reference: bool = False
    """Behind "in", "of" and the like, with no text of its own after it."""


_WORD_NEXT = re.compile(r"\s+(?!(?:and|or|is|are|was|were|shows?|respectively)\b)\w{2}")
_WHOLE_JOINT = re.compile(JOINT)
REFERS = frozenset(["in", "of", "from", "to", "than", "for", "see", "with"])


def joined(text: str, mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """Neighbours that make one list, "(a) and (b)", "(A)–(C)", as one mention."""
    result: list[PrintedLabel] = []
    seen: set[str] = set()
    for mention in mentions:
        if len(result) > 1:
            seen.update(result[-2].labels)
        if result and result[-1].form is mention.form and mention.form in (Form.PAREN, Form.CLOSE):
            last = result[-1]
            joint = text[last.span.end : mention.span.start]
            # "(a)(c) (d) Average claims": brackets side by side are a list, too
            # "the box in (a), (c) the cut": the first one refers to a panel, the second one has its own text
            is_apart = bool(
                joint.strip() in (",", "and", ", and", ";")
                and text[max(0, last.span.start - 12) : last.span.start].rpartition(" ")[0].split(" ")[-1] in REFERS
                and seen.issuperset(last.labels)
                and not seen.issuperset(mention.labels)
                and _WORD_NEXT.match(text, mention.span.end)
            )
            is_list = not joint.strip() or (";" not in joint and _WHOLE_JOINT.fullmatch(joint))
            if last.note is None and not is_apart and is_list:
                labels, length = expanded(f"{last.labels[-1]} {joint.strip() or ','} {mention.labels[0]}")
                if len(labels) > 1 and length:
                    result[-1] = last._replace(
                        span=Span(last.span.start, mention.span.end),
                        labels=last.labels + labels[1:] + mention.labels[1:],
                        note=mention.note,
                    )
                    continue
        result.append(mention)
    return result
