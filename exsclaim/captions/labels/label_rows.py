"""Rows of labels: how well letters make one from "a" on, and what other forms add."""

from collections.abc import Sequence
from itertools import chain, pairwise

from exsclaim.captions.labels.label_ranges import ROMAN, Form, PrintedLabel, is_tiered

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
_HEADED = frozenset((Form.PAREN, Form.CLOSE))
BARE_FORMS = frozenset((Form.DOT, Form.COMMA, Form.BARE, Form.COLON))


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
    order = _without_inner_labels(_without_other_parts(order, mentions, kind), mentions)
    places: dict[int, list[str]] = {}
    for label in order:
        places.setdefault(position_of(label, kind), []).append(label)
    if not places:
        return 0.0, []
    first = min(places)
    last, gaps = _end_of_run(places, mentions, kind)
    run = [label for place in sorted(places) if first <= place <= last for label in places[place]]
    if not _is_plausible(run, first, gaps, mentions, kind):
        return 0.0, []
    if first > 0 and len(places) == 1 and not any(mention.at_clause_start for mention in mentions):
        # "no salt (T1), 5 % (T2) and 10 % (T3)": treatments, not panels
        return 0.0, []
    seen = [position_of(label, kind) for label in order if label in run]
    disorder = sum(later < earlier for earlier, later in pairwise(seen))
    score = sum(order[label] for label in run) - gaps - 0.3 * disorder - (1.0 if first else 0.0)
    if any(mention.at_clause_start for mention in mentions):
        score += 0.5
    if kind in NUMERALS:
        score -= 1.5
    return score, run


def _without_other_parts(order: dict[str, float], mentions: list[PrintedLabel], kind: str) -> dict[str, float]:
    """Labels and how far each is believed, without first ones that belong to another part of the figure."""
    kept = dict(order)
    while kept:
        front = min(kept, key=lambda label: (position_of(label, kind), label))
        if not _is_of_other_part(front, mentions):
            break
        del kept[front]
    return kept


def _is_of_other_part(front: str, mentions: list[PrintedLabel]) -> bool:
    """True of a first label that is only referred to: "(B1) Cells of the line in (A)"."""
    naming = [mention for mention in mentions if front in mention.labels]
    # labels behind their text stand nowhere at the beginning of a part
    later = [mention for mention in mentions if mention.at_clause_start and front not in mention.labels]
    if not later:
        return False
    begins = mentions[0].at_clause_start and mentions[0].span.start < 2
    if begins and later[0] is mentions[0] and not any(mention.at_part_start for mention in naming):
        # "(B1) Cells. (B2) More of the lines (A, B1)": the caption begins with the first label of its part
        return True
    if not naming or not all(mention.is_reference for mention in naming):
        return False
    return naming[0].span >= later[0].span


def _without_inner_labels(order: dict[str, float], mentions: list[PrintedLabel]) -> dict[str, float]:
    """Labels and how far each is believed, without numbered ones within the words: names of samples, of segments."""
    at_starts = {label for mention in mentions if mention.at_part_start for label in mention.labels}
    # "images of (a1–a3) the surface and (b1–b3) the core"
    at_starts |= {
        label for one in mentions if len(one.labels) > 1 for label in one.labels if at_starts and label[0] in "aA"
    }
    # "walls of (a1) tin and (b1) zinc; cores of (a2) tin and (b2) zinc": all of a grid if one of its row does
    grid = {one for label in at_starts if _is_numbered(label) for one in (label[0], label[1:])}
    at_starts |= {label for label in order if label[1:].isdigit() and len(order) > 2 and {label[0], label[1:]} & grid}
    return {
        label: trust
        for label, trust in order.items()
        # "(T1, T2 and the abdominal neuromeres)": where labels begin clauses, numbered ones do; names of samples do not
        if not _orphan(label, order) and (label in at_starts or not _is_numbered(label) or not at_starts)
    }


def _end_of_run(places: dict[int, list[str]], mentions: list[PrintedLabel], kind: str) -> tuple[int, int]:
    """Last place of the run that begins at the first of `places`, and how many places lack within it."""
    reached = last = min(places)
    named = best = len(places[reached])
    gaps = gaps_at_best = 0
    for place in sorted(places)[1:]:
        if place - reached - 1 > _LARGEST_GAP:
            break
        gaps += place - reached - 1
        named += len(places[place])
        reached = place
        # "d 1 depth of the notch": a bare letter behind a gap makes no row longer
        is_loose = gaps > gaps_at_best and all(
            one.form in BARE_FORMS for one in mentions if position_of(one.labels[0], kind) == place
        )
        if named - gaps > best or (named - gaps == best and not is_loose):
            best, last, gaps_at_best = named - gaps, place, gaps
    return last, gaps_at_best


def _is_plausible(run: list[str], first: int, gaps: int, mentions: list[PrintedLabel], kind: str) -> bool:
    """True of a run long enough for labels of panels.

    A caption may go on where another left off, "(d)…(e)…(f)", but two letters from nowhere are no panels, unless both
    begin sentences in brackets: "(d) Rods. (e) Discs."
    """
    headed = (one.labels for one in mentions if one.form in _HEADED and one.at_clause_start)
    least = 2 if first == 0 or (len(run) == 2 and set(run).issubset(chain.from_iterable(headed))) else 3
    if len(run) - gaps < least:
        return False
    if first == 0:
        return True
    # one range, "(S-V)", is no row of panels
    is_one_range = sum(bool(set(mention.labels) & set(run)) for mention in mentions) < 2
    return not gaps and kind not in NUMERALS and not is_one_range


def _orphan(label: str, others: dict[str, float]) -> bool:
    """ "d2" without a "d1": a sample's name, not a panel's."""
    if len(label) == 1:
        return False
    if tier := is_tiered(label):
        return tier != "i" and f"{label[: -len(tier)]}i" not in others
    return label[1:].isdigit() and label[1:] != "1" and f"{label[0]}1" not in others


def _is_numbered(label: str) -> bool:
    return len(label) > 1 and (label[1:].isdigit() or bool(is_tiered(label)))


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
    named = dict.fromkeys([label for mention in mentions for label in mention.labels], 1.0)
    named = {label: 1.0 for label in named if not _orphan(label, named)}
    is_plain = not any(map(_is_numbered, run))
    if is_plain:
        heads = {label for mention in mentions if mention.at_clause_start for label in mention.labels}
        named = {label: 1.0 for label in named if label in heads or not _is_numbered(label)}
    by_place: dict[int, list[str]] = {}
    for label in sorted(named):
        by_place.setdefault(position_of(label, kind), []).append(label)
    first, last = min(places), max(places)
    if first and all(place in by_place for place in range(first)):
        # "Cells (A) and walls (B). C, Map. D, Plot. E, Sizes": the first ones are printed otherwise
        begin = next((mention.span for mention in mentions if run[0] in mention.labels), None)
        before = {label for mention in mentions if begin and mention.span < begin for label in mention.labels}
        front = [label for place in range(first) for label in by_place[place]]
        known.update(front if before.issuperset(front) else ())
    for place in range(first, last):
        if place not in places:
            # a figure has no (a), (c) without a (b), even if its caption does not speak of it
            known.update(by_place.get(place) or [label_at(place, kind, run)])
    if is_plain:
        # "(d) Views of the retina. d1) Its layer. d2) Its rim.": parts of a panel that begin sentences of their own
        inner = [label for label in named if _is_numbered(label) and label[0] in known and label not in known]
        known.update(label for label in inner if {f"{label[0]}1", f"{label[0]}2"} <= set(inner))
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


def rows_of_letters(labels: Sequence[str], mentions: Sequence[PrintedLabel]) -> dict[str, tuple[str, ...]]:
    """ "(a1, b1) maps, (a2, b2) sizes; (a) as built, (b) aged": numbered labels by the letter that names their row."""
    found: dict[str, tuple[str, ...]] = {}
    if max(map(len, labels)) == 1:
        return found
    firsts = {label: one.span.start for one in reversed(mentions) for label in one.labels}
    for letter in labels:
        numbered = tuple(label for label in labels if label[0] == letter and label[1:].isdigit() and label in firsts)
        if len(letter) == 1 and len(numbered) > 1 and firsts.get(letter, 0) > max(firsts[label] for label in numbered):
            found[letter] = numbered
    return found
