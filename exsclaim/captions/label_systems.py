"""Choice of the labels among candidate mentions, and how far they are believed.

Every way of printing (form and case) is a hypothesis. Its score is the length of the run of labels that it explains
from "a" on, less what it skips and what comes out of order. What the best one leaves out, other forms of its case may
add. Each doubt lowers the confidence by a factor, set by eye on captions without gold (docs/captions.md).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from exsclaim.captions.label_lists import Form, PrintedLabel, is_tiered
from exsclaim.captions.label_rows import NUMERALS, completed, row_of
from exsclaim.captions.shared_words import VERB
from exsclaim.captions.spans import Parts

THRESHOLD = 0.7
"""Below it a person should look at the labels."""

COMPETING = "competing labels"
GAP = "gap in the labels"
LATE = "labels begin late"
CONTINUED = "labels go on from elsewhere"
ALONE = "only one label"
UNSEEN = "letters that may be labels"
UNMARKED = "labels inside words"
RANGE = "labels only as a range"
COUNTING = "numerals as labels"
BARE = "labels without text"
GENERAL = "all text is of the whole figure"
MEANINGS = {
    COMPETING: "letters of another case or numerals form a row of their own",
    GAP: "a label in the middle of the row is nowhere named",
    LATE: "the first label is not the first letter",
    CONTINUED: "the caption begins with a label that is not the first letter, as parts of a figure on two pages do",
    ALONE: "one label, which may be the beginning of a sentence",
    UNSEEN: "letters in brackets that form no row",
    UNMARKED: "most labels stand where no part of the sentence begins or ends",
    RANGE: "most labels are named by one range inside a sentence only",
    COUNTING: "Roman numerals count things in prose as well",
    BARE: "labels that no words were found for",
    GENERAL: "labels were found, and most of the text is not theirs",
}
"""The closed list of flags of a split caption, and what each says."""
_FACTORS = {
    COMPETING: 0.75, GAP: 0.65, LATE: 0.65, CONTINUED: 0.85, ALONE: 0.65, UNSEEN: 0.65, UNMARKED: 0.75, RANGE: 0.65,
    COUNTING: 0.8, BARE: 0.65, GENERAL: 0.9,
}  # fmt: skip

# a rival row counts from this part of the labels' own score on
_RIVAL = 0.45
_PART_ENDS = re.compile(
    r"\s*(?:[.;:,)—–|]|(?:and|or|while|but|with|of|for|in|at|after|before|using|from|on|by|und|et|y|e|de|is|are|was|were|"
    r"shows?|reveals?|indicates?|represents?|correspond\w*|give[sn]?|display\w*)\b|$)"
)
_PART_OPENS = re.compile(
    r"\b(?:of|for|in|at|from|on|by|with|to|under|after|before|between|using|is|are|was|were|shows?|de|von|mit|des)\s*$"
)
_MOST_GENERAL = 0.85


def label_flags(
    text: str,
    labels: Sequence[str],
    printed: Sequence[PrintedLabel],
    *,
    rival: float,
    is_enclosed: bool,
    is_numeral: bool,
    missing: int,
) -> list[str]:
    """Doubts about a row of labels as it is printed; `rival` is the best other row's score over the row's own.

    `is_enclosed`: labels of the other case begin the caption's sentences, and these stand inside them.
    """
    found: list[str] = []
    if rival >= _RIVAL or (is_enclosed and rival > 0):
        found.append(COMPETING)
    if missing:
        found.append(GAP)
    if labels[0][0].lower() not in ("a", "i") or labels[0].lower() not in ("a", "i", "a1", "ai", "a-i", "a.i", "a′"):
        found.append(CONTINUED if printed[0].at_clause_start and printed[0].span.start < 2 else LATE)
    if is_numeral:
        found.append(COUNTING)
    naming = [one for one in printed if one.form is not Form.REFERENCE]
    marked = {label for one in naming if _is_marked(text, one) for label in one.labels}
    inside = {label for one in naming for label in one.labels}
    if len(inside - marked) > 0.5 * len(labels):
        found.append(UNMARKED)
    ranges = [one for one in naming if len(one.labels) > 2 and not one.at_part_start]
    if any(len(one.labels) > 0.6 * len(labels) for one in ranges) and len(naming) < 3:
        found.append(RANGE)
    return found


def _is_marked(text: str, one: PrintedLabel) -> bool:
    """True if a part of the sentence begins or ends at the label."""
    before = text[max(0, one.span.start - 12) : one.span.start]
    return one.at_part_start or bool(_PART_OPENS.search(before) or _PART_ENDS.match(text, one.span.end))


def text_flags(labels: Sequence[str], parts: Parts) -> list[str]:
    """Doubts that show once the text is given to its labels."""
    found = [BARE] if parts.bare else []
    of_labels = {span for spans in parts.of_label.values() for span in spans}
    own, said = (sum(end - start for start, end in spans) for spans in (of_labels, set(parts.general) - of_labels))
    if labels and own < (1 - _MOST_GENERAL) * (own + said):
        found.append(GENERAL)
    return found


def confidence_of(trust: float, flags: Sequence[str]) -> float:
    """0 to 1: how far the forms of the labels are believed, times a factor for each doubt."""
    result = (1.0 + min(1.0, max(0.0, trust))) / 2
    for flag in flags:
        result *= _FACTORS[flag]
    return round(result, 3)


_FAMILIES: tuple[tuple[Form, ...], ...] = (
    (Form.PAREN,),
    (Form.CLOSE,),
    (Form.PIPE,),
    (Form.DOT,),
    (Form.COMMA, Form.BARE),
    (Form.COLON,),
    (Form.NAMED,),
    (Form.ROW,),
)
_KINDS = ("lower", "upper", "roman", "ROMAN")
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
    # a row of numerals has a "ii", or a range "I–V" that is written out as letters
    numbered = any(label.lower() == "ii" for mention in mentions for label in mention.labels[:3]) or any(
        len(mention.labels) > 2 and mention.labels[0] in "iI" for mention in mentions
    )
    by_kind = {
        kind: [one for mention in mentions if (one := _of_kind(mention, kind)) is not None]
        for kind in _KINDS[: 4 if numbered else 2]
    }
    for kind, of_kind in by_kind.items():
        forms = {mention.form for mention in of_kind}
        for family in _FAMILIES:
            if forms.isdisjoint(family):
                continue
            own = [mention for mention in of_kind if mention.form in family]
            others = [mention for mention in of_kind if mention.form not in (*family, Form.REFERENCE)]
            if kind in NUMERALS and _in_prose(text, own[0]):
                continue
            score, run = row_of(own, others, kind)
            scores[kind] = max(scores.get(kind, 0.0), score)
            # numerals within a caption of letters count something else: "(a) Phases: I, liquid; II, glass"
            if run and (best is None or (score > best[0] and kind not in NUMERALS)):
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
    others = [] if kind in NUMERALS else by_kind["upper" if kind == "lower" else "lower"]
    labels = completed(run, [mention for mention in of_kind if mention.form is not Form.REFERENCE], kind, others)
    if by_letter := _rows_of_letters(labels, of_kind):
        of_kind = [
            one._replace(
                labels=tuple(dict.fromkeys(each for label in one.labels for each in by_letter.get(label, (label,))))
            )
            for one in of_kind
        ]
        labels = [label for label in labels if label not in by_letter]
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
    if kind not in NUMERALS:
        kept = sorted([*kept, *_in_other_case(mentions, kept)], key=lambda mention: mention.span)
    named_at_all = {label for mention in kept for label in mention.labels}
    flags = label_flags(
        text,
        labels,
        kept,
        rival=max(0.0, rival) / max(score, 1.0),
        is_enclosed=_is_enclosed(kept, others, labels),
        is_numeral=kind in NUMERALS,
        missing=len(set(labels) - named_at_all),
    )
    return Reading(tuple(labels), tuple(kept), family, trust, tuple(flags))


def _rows_of_letters(labels: list[str], mentions: list[PrintedLabel]) -> dict[str, tuple[str, ...]]:
    """ "(a1, b1) maps, (a2, b2) sizes; (a) as built, (b) aged": numbered labels by the letter that names their row."""
    firsts = {label: one.span.start for one in reversed(mentions) for label in one.labels}
    found: dict[str, tuple[str, ...]] = {}
    for letter in labels:
        numbered = tuple(label for label in labels if label[0] == letter and label[1:].isdigit() and label in firsts)
        if len(letter) == 1 and len(numbered) > 1 and firsts.get(letter, 0) > max(firsts[label] for label in numbered):
            found[letter] = numbered
    return found


def _is_enclosed(own: list[PrintedLabel], others: list[PrintedLabel], labels: list[str]) -> bool:
    """ "A. Vaccines by kind (a–i). B. Ways (a, c): …": two sentences begin with the first letters of the other case."""
    first = [label.swapcase() for label in labels[:2]]
    heads = {label for one in others if one.at_clause_start and len(one.labels) == 1 for label in one.labels}
    begins = sum(one.at_clause_start for one in own)
    return len(first) == 2 and heads.issuperset(first) and others[0].span < own[0].span and begins < len(labels)


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
    for outer_family in _FAMILIES[:-2]:
        outer = [m for m in by_kind["upper"] if m.form in outer_family and m.at_clause_start]
        score, outer_run = row_of(outer, [], "upper")
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


def _of_kind(mention: PrintedLabel, kind: str) -> PrintedLabel | None:
    """`mention` if its labels are letters of that case, or Roman numerals; None otherwise."""
    first = mention.labels[0]
    if kind in NUMERALS:
        numerals = NUMERALS[kind]
        if len(mention.labels) > 2 and mention.labels[0] in numerals and mention.labels[-1] in numerals:
            # "(I–V)", written out as letters
            low, high = numerals.index(first), numerals.index(mention.labels[-1])
            return mention._replace(labels=tuple(numerals[low : high + 1])) if low < high else None
        return mention if all(label in numerals for label in mention.labels) else None
    if any(len(label.rstrip("′″")) > 1 and not label[1].isdigit() and not is_tiered(label) for label in mention.labels):
        return None
    return mention if first.islower() == (kind == "lower") else None
