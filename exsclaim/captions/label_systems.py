"""Which candidate mentions are labels: the reading of the whole caption that hangs together best.

Every way of printing (form and case) is a hypothesis. Its score is the length of the run of labels that
it explains from "a" on, less what it skips and what comes out of order: "(s)", "(n = 3)" or "A. thaliana"
never make a run. What the best hypothesis leaves out, other forms of the same case may add.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from exsclaim.captions.caption_doubts import ALONE, UNSEEN, label_flags
from exsclaim.captions.printed_labels import ROMAN, Form, PrintedLabel, is_tiered
from exsclaim.captions.stems import VERB

# how far a form alone is to be believed; by eye on the unlabelled captions
_TRUST = {
    Form.PAREN: 1.0,
    Form.CLOSE: 1.0,
    Form.PIPE: 1.0,
    Form.COMMA: 0.9,
    Form.COLON: 0.85,
    Form.DOT: 0.9,
    Form.BARE: 0.8,
    Form.NAMED: 0.6,
    Form.REFERENCE: 0.0,
}
_FAMILIES: tuple[tuple[Form, ...], ...] = (
    (Form.PAREN,),
    (Form.CLOSE,),
    (Form.PIPE,),
    (Form.DOT,),
    (Form.COMMA, Form.BARE),
    (Form.COLON,),
    (Form.NAMED,),
)
_KINDS = ("lower", "upper", "roman", "ROMAN")
_NUMERALS = {"roman": ROMAN, "ROMAN": [numeral.upper() for numeral in ROMAN]}
_LARGEST_GAP = 2
# what numerals in brackets count in prose: "in two steps: (i) …, (ii) …"
_COUNTED = re.compile(
    r"\b(?:steps|ways|cases|regimes|types|reasons|assumptions|criteria|conditions|either|both|using|due to|include\w*|"
    r"assum\w+|requires?|involv\w+|consist\w*|follow\w*|we)\b"
)
# how a caption's only label may be printed at its beginning
_BEGINS = re.compile(r"\s*[A-Z(\d]")
_ALONE = (Form.PAREN, Form.CLOSE, Form.DOT, Form.PIPE)


_Scored = tuple[float, list[str], tuple[Form, ...], str]


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
    best: _Scored | None = None
    scores: dict[str, float] = {}
    by_kind = {kind: [one for mention in mentions if (one := _of_kind(mention, kind)) is not None] for kind in _KINDS}
    for kind, of_kind in by_kind.items():
        forms = {mention.form for mention in of_kind}
        for family in _FAMILIES:
            if forms.isdisjoint(family):
                continue
            own = [mention for mention in of_kind if mention.form in family]
            others = [mention for mention in of_kind if mention.form not in (*family, Form.REFERENCE)]
            if kind in _NUMERALS and _in_prose(text, own[0]):
                continue
            score, run = _run(own, others, kind)
            scores[kind] = max(scores.get(kind, 0.0), score)
            # numerals within a caption of letters count something else: "(a) Phases: I, liquid; II, glass"
            if run and (best is None or (score > best[0] and kind not in _NUMERALS)):
                best = (score, run, family, kind)
    if best is not None:
        best = _enclosing(best, by_kind) or best
    if best is None:
        for mention in mentions:
            is_alone = mention.labels in (("a",), ("A",)) and mention.form in _ALONE
            if is_alone and mention.span.start <= start + 1 and _BEGINS.match(text, mention.span.end):
                # a figure of one panel, or the part of a caption that a page shows with it
                return Reading(mention.labels, (mention,), (mention.form,), 1.0, (ALONE,))
        doubtful = any(mention.form in (Form.PAREN, Form.CLOSE) and mention.at_part_start for mention in mentions)
        return Reading((), (), (), 1.0, (UNSEEN,) if doubtful else ())
    score, run, family, kind = best
    of_kind = by_kind[kind]
    rival = max((other for name, other in scores.items() if name != kind), default=0.0)
    trust = score / len(run)
    others = [] if kind in _NUMERALS else by_kind["upper" if kind == "lower" else "lower"]
    labels = _completed(run, [mention for mention in of_kind if mention.form is not Form.REFERENCE], kind, others)
    known = set(labels)
    explained = {label for mention in of_kind if mention.form in family for label in mention.labels}
    kept: list[PrintedLabel] = []
    group: set[str] = set()
    for mention in of_kind:
        named = tuple(label for label in mention.labels if label in known)
        belongs = (
            mention.form in (*family, Form.PAREN, Form.NAMED, Form.REFERENCE)
            or not explained.issuperset(named)
            # "a, b Schematic of the process (a) and … (b)": the bold letters at the head, named again inside
            or (
                mention.form in (Form.COMMA, Form.BARE)
                and mention.at_clause_start
                and (kind == "lower" or len(mention.labels) > 1)
            )
            or (mention.form in (Form.DOT, Form.COLON) and mention.at_clause_start and len(mention.labels) > 1)
            # "B–D: Sections of brain. … C. Higher magnification. D. Glial nodule."
            or (mention.form is Form.DOT and mention.at_clause_start and group.issuperset(named))
        )
        if named and belongs:
            kept.append(mention if named == mention.labels else mention._replace(labels=named))
            group = set(named) if len(named) > 1 else group
    kept += [mention for mention in others if mention.form is not Form.REFERENCE and known.issuperset(mention.labels)]
    if kind not in _NUMERALS:
        kept = sorted([*kept, *_in_other_case(mentions, kept)], key=lambda mention: mention.span)
    named_at_all = {label for mention in kept for label in mention.labels}
    flags = label_flags(
        text,
        labels,
        kept,
        rival=max(0.0, rival) / max(score, 1.0),
        is_numeral=kind in _NUMERALS,
        missing=len(set(labels) - named_at_all),
    )
    return Reading(tuple(labels), tuple(kept), family, trust, tuple(flags))


def _in_prose(text: str, first: PrintedLabel) -> bool:
    """ "The model assumes (i) equal rates and (ii) no drift": numerals that a sentence counts with."""
    start = max(text.rfind(stop, 0, first.span.start) for stop in (". ", "? ", "\n")) + 1
    before = text[start : first.span.start]
    return bool(VERB.search(before) or _COUNTED.search(before))


def _enclosing(best: _Scored, by_kind: dict[str, list[PrintedLabel]]) -> _Scored | None:
    """ "A The cluster; a, gene 7; b, gene 9. B Tree of genes": capitals that small letters only subdivide.

    The small ones start at "a" again behind every capital that they follow.
    """
    _, _, family, kind = best
    if kind != "lower":
        return None
    inner = [mention for mention in by_kind["lower"] if mention.form in family]
    for outer_family in _FAMILIES[:-1]:
        outer = [m for m in by_kind["upper"] if m.form in outer_family and m.at_clause_start]
        score, outer_run = _run(outer, [], "upper")
        if len(outer_run) < 2 or not inner or outer[0].span > inner[0].span:
            continue
        starts = [mention.span.start for mention in outer if set(mention.labels) & set(outer_run)]
        first_in: dict[int, str] = {}
        for mention in inner:
            first_in.setdefault(bisect_left(starts, mention.span.start), mention.labels[0])
        if set(first_in.values()) == {"a"}:
            return score, outer_run, outer_family, "upper"
    return None


def _in_other_case(mentions: list[PrintedLabel], kept: list[PrintedLabel]) -> list[PrintedLabel]:
    """ "(B, C) Analysis of explants (b) revealed cells (c)": labels of a group, named again in the other case."""
    found: list[PrintedLabel] = []
    starts = [mention.span.start for mention in kept]
    for mention in mentions:
        swapped = tuple(label.swapcase() for label in mention.labels)
        place = bisect_left(starts, mention.span.start)
        if place and mention.form is Form.PAREN and set(swapped) < set(kept[place - 1].labels):
            found.append(mention._replace(labels=swapped))
    return found


def position_of(label: str, kind: str) -> int:
    """Place of a label's letter in its alphabet, from 0."""
    if kind in _NUMERALS:
        return ROMAN.index(label.lower())
    return ord(label[0].lower()) - ord("a")


def _of_kind(mention: PrintedLabel, kind: str) -> PrintedLabel | None:
    """`mention` if its labels are letters of that case, or Roman numerals; None otherwise."""
    first = mention.labels[0]
    if kind in _NUMERALS:
        numerals = _NUMERALS[kind]
        if len(mention.labels) > 2 and mention.labels[0] in numerals and mention.labels[-1] in numerals:
            # "(I–V)", written out as letters
            low, high = numerals.index(first), numerals.index(mention.labels[-1])
            return mention._replace(labels=tuple(numerals[low : high + 1])) if low < high else None
        return mention if all(label in numerals for label in mention.labels) else None
    if any(len(label.rstrip("′″")) > 1 and not label[1].isdigit() and not is_tiered(label) for label in mention.labels):
        return None
    return mention if first.islower() == (kind == "lower") else None


def _run(mentions: list[PrintedLabel], others: list[PrintedLabel], kind: str) -> tuple[float, list[str]]:
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
        if (
            not naming
            or not later
            or not all(mention.is_reference for mention in naming)
            or naming[0].span < later[0].span
        ):
            break
        del order[front]
    at_starts = {label for mention in mentions if mention.at_part_start for label in mention.labels}
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
    if len(run) - gaps_at_best < (2 if first == 0 else 3) or (first > 0 and (gaps_at_best or kind in _NUMERALS)):
        return 0.0, []
    if first > 0 and sum(bool(set(mention.labels) & set(run)) for mention in mentions) < 2:
        # one range, "(S-V)", is no row of panels
        return 0.0, []
    seen = [position_of(label, kind) for label in order if label in run]
    disorder = sum(later < earlier for earlier, later in pairwise(seen))
    score = sum(order[label] for label in run) - gaps_at_best - 0.3 * disorder - (1.0 if first else 0.0)
    if any(mention.at_clause_start for mention in mentions):
        score += 0.5
    if kind in _NUMERALS:
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
    return trust if mention.at_clause_start or mention.form in (Form.PAREN, Form.CLOSE, Form.NAMED) else trust / 2


def _completed(run: list[str], mentions: list[PrintedLabel], kind: str, others: list[PrintedLabel]) -> list[str]:
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
            known.update(by_place.get(place) or [_label_at(place, kind, run)])
    while last + 1 in by_place:
        last += 1
        known.update(by_place[last])
    known.update(_continued(last + 1, kind, others))
    return sorted(known, key=lambda label: (position_of(label, kind), len(label), label))


def _continued(place: int, kind: str, others: list[PrintedLabel]) -> list[str]:
    """ "a … b … c … (D) Usage": the next label at the start of a clause, its case slipped."""
    found: list[str] = []
    for mention in others:
        letters = mention.form in (Form.PAREN, Form.CLOSE) and mention.at_clause_start and kind not in _NUMERALS
        if (
            letters
            and all(len(label) == 1 for label in mention.labels)
            and position_of(mention.labels[0], kind) == place
        ):
            found += mention.labels
            place += len(mention.labels)
    return found


def _label_at(place: int, kind: str, run: list[str]) -> str:
    upper = run[0][0].isupper()
    label = ROMAN[place] if kind in _NUMERALS else chr(ord("a") + place)
    return label.upper() if upper else label
