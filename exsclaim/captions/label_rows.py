"""Rows of labels: how well letters make one from "a" on, what other forms add; rows of numbers and of bare letters."""

import re
from itertools import pairwise

from exsclaim.captions.label_lists import ROMAN, Form, PrintedLabel, expanded, is_tiered
from exsclaim.captions.spans import Span

# how far a form alone is to be believed; by eye on the unlabelled captions
_TRUST = {
    Form.PAREN: 1.0,
    Form.CLOSE: 1.0,
    Form.PIPE: 1.0,
    Form.COMMA: 0.9,
    Form.COLON: 0.85,
    Form.DOT: 0.9,
    Form.BARE: 0.8,
    Form.ROW: 0.8,
    Form.NAMED: 0.6,
    Form.REFERENCE: 0.0,
}
NUMERALS = {"roman": ROMAN, "ROMAN": [numeral.upper() for numeral in ROMAN]}
_LARGEST_GAP = 2


def position_of(label: str, kind: str) -> int:
    """Place of a label's letter in its alphabet, from 0."""
    if kind in NUMERALS:
        return ROMAN.index(label.lower())
    return (ord(label[0]) | 32) - 97


def row_of(mentions: list[PrintedLabel], others: list[PrintedLabel], kind: str) -> tuple[float, list[str]]:
    """Score and labels of the run that starts at the first letter; no labels where there is no plausible run.

    `others` are mentions of the same kind in other forms: they may supply a first label that a page lost its print of.
    """
    order: dict[str, float] = {}
    for mention in mentions:
        for label in mention.labels:
            order[label] = max(order.get(label, 0.0), _trust(mention))
    if order and min(position_of(label, kind) for label in order) > 0:
        heads = [other for other in others if other.at_clause_start and position_of(other.labels[0], kind) == 0]
        order = {label: 0.5 for head in heads[:1] for label in head.labels} | order
    # labels behind their text stand nowhere at the beginning of a part
    # a first label that is only referred to, "(B1) Cells of the line in (A)", is in another part of the figure
    while order and (front := next(iter(sorted(order, key=lambda label: (position_of(label, kind), label))))):
        naming = [mention for mention in mentions if front in mention.labels]
        later = [mention for mention in mentions if mention.at_clause_start and front not in mention.labels]
        begins = mentions[0].at_clause_start and mentions[0].span.start < 2
        if later and begins and later[0] is mentions[0] and not any(mention.at_part_start for mention in naming):
            # "(B1) Cells. (B2) More of the lines (A, B1)": the caption begins with the first label of its part
            del order[front]
            continue
        if (
            not naming
            or not later
            or not all(mention.is_reference for mention in naming)
            or naming[0].span < later[0].span
        ):
            break
        del order[front]
    at_starts = {label for mention in mentions if mention.at_part_start for label in mention.labels}
    # "images of (a1–a3) the surface and (b1–b3) the core"
    at_starts |= {
        label for one in mentions if len(one.labels) > 1 for label in one.labels if at_starts and label[0] in "aA"
    }
    order = {
        label: trust
        for label, trust in order.items()
        # "(T1, T2 and the abdominal neuromeres)": where labels begin clauses, numbered ones do; names of samples do not
        if not _orphan(label, order) and (label in at_starts or not _is_numbered(label) or not at_starts)
    }
    places: dict[int, list[str]] = {}
    for label in order:
        places.setdefault(position_of(label, kind), []).append(label)
    if not places:
        return 0.0, []
    first = last = min(places)
    named = best = len(places[first])
    gaps = gaps_at_best = 0
    reached = first
    for place in sorted(places)[1:]:
        if place - reached - 1 > _LARGEST_GAP:
            break
        gaps += place - reached - 1
        named += len(places[place])
        reached = place
        if named - gaps >= best:
            best, last, gaps_at_best = named - gaps, place, gaps
    run = [label for place in sorted(places) if first <= place <= last for label in places[place]]
    # a caption may go on where another left off ("(d)…(e)…(f)"), but two letters from nowhere are no panels
    if len(run) - gaps_at_best < (2 if first == 0 else 3) or (first > 0 and (gaps_at_best or kind in NUMERALS)):
        return 0.0, []
    if first > 0 and sum(bool(set(mention.labels) & set(run)) for mention in mentions) < 2:
        # one range, "(S-V)", is no row of panels
        return 0.0, []
    seen = [position_of(label, kind) for label in order if label in run]
    disorder = sum(later < earlier for earlier, later in pairwise(seen))
    score = sum(order[label] for label in run) - gaps_at_best - 0.3 * disorder - (1.0 if first else 0.0)
    if any(mention.at_clause_start for mention in mentions):
        score += 0.5
    if kind in NUMERALS:
        score -= 1.5
    return score, run


def _orphan(label: str, others: dict[str, float]) -> bool:
    """ "d2" without a "d1": a sample's name, not a panel's."""
    if tier := is_tiered(label):
        return tier != "i" and f"{label[: -len(tier)]}i" not in others
    return label[1:].isdigit() and label[1:] != "1" and f"{label[0]}1" not in others


def _is_numbered(label: str) -> bool:
    return label[1:].isdigit() or bool(is_tiered(label))


def _trust(mention: PrintedLabel) -> float:
    trust = _TRUST[mention.form]
    return (
        trust
        if mention.at_clause_start or mention.form in (Form.PAREN, Form.CLOSE, Form.NAMED, Form.ROW)
        else trust / 2
    )


def completed(run: list[str], mentions: list[PrintedLabel], kind: str, others: list[PrintedLabel]) -> list[str]:
    """`run` with what other forms add at its end or in its gaps, in alphabetical order; gaps that stay are filled."""
    known = set(run)
    places = {position_of(label, kind) for label in run}
    named = dict.fromkeys((label for mention in mentions for label in mention.labels), 1.0)
    named = {label: 1.0 for label in named if not _orphan(label, named)}
    if not any(_is_numbered(label) for label in run):
        heads = {label for mention in mentions if mention.at_clause_start for label in mention.labels}
        named = {label: 1.0 for label in named if label in heads or not _is_numbered(label)}
    by_place: dict[int, list[str]] = {}
    for label in sorted(named):
        by_place.setdefault(position_of(label, kind), []).append(label)
    first, last = min(places), max(places)
    for place in range(first, last):
        if place not in places:
            # a figure has no (a), (c) without a (b), even if its caption does not speak of it
            known.update(by_place.get(place) or [label_at(place, kind, run)])
    while last + 1 in by_place:
        last += 1
        known.update(by_place[last])
    known.update(_continued(last + 1, kind, others))
    return sorted(known, key=lambda label: (position_of(label, kind), len(label), label))


def front_of(labels: list[str], kind: str) -> list[str]:
    """The labels before the first of a row of letters that begins late: a, b of c, d, e."""
    if kind in NUMERALS or len(labels[0]) > 1:
        return []
    return [label_at(place, kind, labels) for place in range(position_of(labels[0], kind))]


# a letter that ends a part of a sentence: "anti-actin a and tubulin b."
_BEHIND = re.compile(r"(?<=[\w)]\s)(?P<list>[A-Ha-h])(?=\s(?:and|or)\s|\s?[.,;](?:\s|$))")


def unbracketed_front(text: str, start: int, run: list[str], kind: str) -> list[PrintedLabel]:
    """Letters without marks behind their words that the row lacks at its front, each once and in order; or none."""
    missing = front_of(run, kind)
    if not missing:
        return []
    found = [match for match in _BEHIND.finditer(text, start) if match["list"] in missing]
    if [match["list"] for match in found] != missing:
        return []
    return [
        PrintedLabel(Span(*match.span("list")), (match["list"],), Form.PAREN, False, None, False) for match in found
    ]


def _continued(place: int, kind: str, others: list[PrintedLabel]) -> list[str]:
    """ "a … b … c … (D) Usage": the next label at the start of a clause, its case slipped."""
    found: list[str] = []
    if any(one.at_clause_start and position_of(one.labels[0], kind) == 0 for one in others if kind not in NUMERALS):
        # rows of their own: "(A) Rates. (a) At 1 C. (b) At 2 C. (c) At 5 C. (B) Cells. (a) …"
        return found
    for mention in others:
        letters = mention.form in (Form.PAREN, Form.CLOSE) and mention.at_clause_start and kind not in NUMERALS
        if (
            letters
            and all(len(label) == 1 for label in mention.labels)
            and position_of(mention.labels[0], kind) == place
        ):
            found += mention.labels
            place += len(mention.labels)
    return found


def label_at(place: int, kind: str, run: list[str]) -> str:
    upper = run[0][0].isupper()
    label = ROMAN[place] if kind in NUMERALS else chr(ord("a") + place)
    return label.upper() if upper else label


# panels numbered with figures: "(1) anode, (2) cathode", "1. Casting. 2. Drying."; from the first on without a gap
_NUMBERS = (
    (Form.PAREN, re.compile(r"\((?P<number>\d{1,2})\)(?=[.,:]?\s*[^\W_])")),
    (Form.CLOSE, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2})\)(?=\s*[^\W_])")),
    (Form.DOT, re.compile(r"(?<![\w(.,–-])(?P<number>\d{1,2})\.(?=\s[A-Z])")),
)
_CLAUSE_BEFORE = re.compile(r"(?:^|[.;:!?]\s)$")
_PART_BEFORE = re.compile(r"(?:^|[.;:,!?]\s|\b(?:and|or|und|et|y|e)\s)$")


def numbered_row(text: str, start: int) -> list[PrintedLabel]:
    """Numbers that count panels in a caption without letters; empty where they do not begin parts of it, in order."""
    if "1" not in text or "2" not in text:
        return []
    for form, pattern in _NUMBERS:
        row: list[PrintedLabel] = []
        for found in pattern.finditer(text, start):
            before = text[max(start, found.start() - 6) : found.start()]
            at_clause = found.start() == start or bool(_CLAUSE_BEFORE.search(before))
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


# what begins a row of letters without marks, joins it, and follows each
_ROW_OPENS = re.compile(r"(?:^|[:;.,]\s|\b(?:of|for|at|in|with|from|by|under|on|show|showing)\s)$")
_ROW_JOINS = re.compile(r"(?:[,;:.)\]]\s|\b(?:and|or|while|und|et|y)\s)$")
_ROW_LETTER = re.compile(
    r"(?<![\w\[.–—-])(?P<list>[A-HJ-Pa-p](?:(?:,\s|\sand\s|[–-])[A-HJ-Pa-p])?)(?=\s(?:[^\W\d_][\w/@.%-]+|an?|[A-Z\d]|[\d−]+)(?:[\s,;.:]|$))"
    r"(?!\s(?:and|or|being|is|are|was|were|has|in|of|to|on|at|by|for|from|with|as|axis|axes|direction|planes?|lattice|parameters?|denotes?|indicates?|respectively|values?|bands?|orbitals?|cells?|sites?|cores?|coli|et)\b)"
)


_CLOSE_ROW = 90
_LONGEST_ROW_NAME = 6
# "…crystal.aTEM image of a rod;bHRTEM image of its end": a page's bold letters, glued to the words
_GLUED_FIRST = re.compile(r"[.;:)]a[A-Z]")
_GLUED = re.compile(r"(?:^|(?<=[.;:)]))\s?(?P<list>[a-h])(?=[A-Za-z][\w-]*\s)")


def glued_row(text: str, start: int) -> list[PrintedLabel]:
    """Letters glued to the words after them; the first two stand before capitals, and there are three or more."""
    row: list[PrintedLabel] = []
    if not (
        _GLUED_FIRST.search(text, start) or (text[start : start + 1] == "a" and text[start + 1 : start + 2].isupper())
    ):
        return row
    for found in _GLUED.finditer(text, start):
        is_next = found["list"] == chr(ord("a") + len(row))
        # "in (c) exhibiting": a word of its own
        is_apart = text[found.start()].isspace()
        if is_next and ((len(row) > 1 and not is_apart) or text[found.end()].isupper()):
            row.append(PrintedLabel(Span(*found.span("list")), (found["list"],), Form.ROW, True, None, True))
    return row if len(row) > 2 else []


def _is_row_of_names(text: str, row: list[re.Match[str]]) -> bool:
    """True if few words stand between the first letters of `row`, and no sentence ends there."""
    between = [text[one.end() : two.start()] for one, two in pairwise(row[:3])]
    return not any(". " in words or len(words.split()) > _LONGEST_ROW_NAME for words in between)


def _opens_list(text: str, first: re.Match[str]) -> bool:
    """ "in three modes (a SE: secondary electrons, b BF: bright field)": the bracket of `first` names the next, too."""
    close = text.find(")", first.end())
    following = chr(ord(first["list"][-1]) + 1)
    return close > 0 and bool(re.search(rf"[,;]\s(?:and\s)?{following}\b\s?[,:]?\s?\w", text[first.end() : close]))


def unmarked_row(text: str, start: int, known: set[str]) -> list[PrintedLabel]:
    """Letters that only their order shows to be labels: "Fig. 3 a SEM image, b TEM image and c EDS map of ZnO".

    Each but the first stands behind a comma or a conjunction, and all before words of their own.
    """
    for first in "aA":
        if chr(ord(first) + 1) in known:
            continue
        row: list[re.Match[str]] = []
        following = ""
        is_told = False
        for match in _ROW_LETTER.finditer(text, start):
            before = text[max(start, match.start() - 14) : match.start()]
            letter = match["list"][0]
            if before.endswith("(") and not (letter == first and _opens_list(text, match)):
                continue
            opens = before.endswith("(") or bool(_ROW_OPENS.search(before))
            if letter == first and len(row) < 2 and (opens or first == "a"):
                row = [match]
                is_told = opens
            elif not row or letter != following or not _ROW_JOINS.search(before):
                continue
            else:
                row.append(match)
            following = chr(ord(match["list"][-1]) + 1)
        # "A" begins sentences, and "b" alone may be an axis
        is_joined = len(row) == 2 and (row[0].start() == start or text[: row[1].start()].endswith(" and "))
        # "showing the a PFS, b OS and c DSS": behind any word where the letters stand close together
        is_close = len(row) > 2 and row[2].start() - row[0].start() < _CLOSE_ROW and _is_row_of_names(text, row)
        is_told = is_told or is_close
        if is_told and (
            len(row) > 2 or (is_joined and first == "a" and "." not in text[row[0].end() : row[1].start()])
        ):
            return [
                PrintedLabel(Span(*one.span("list")), expanded(one["list"])[0], Form.ROW, one is row[0], None, True)
                for one in row
            ]
    return []
