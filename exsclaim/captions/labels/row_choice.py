"""Choice of the row of labels: every way of printing, form and case, is a hypothesis.

Its score is the length of the run of labels that it explains from "a" on, less what it skips and what comes out of
order.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exsclaim.captions.labels.label_doubts import in_prose
from exsclaim.captions.labels.label_ranges import Form, PrintedLabel, is_tiered
from exsclaim.captions.labels.label_rows import NUMERALS, row_of
from exsclaim.captions.labels.legend_letters import without_inner_lists

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
# a row scores at most one for each label, and this for where it begins
_MOST_ADDED = 2
IN_BRACKETS = frozenset((Form.PAREN, Form.CLOSE))
_BARE = (Form.COMMA, Form.BARE)
UNMARKED = frozenset((Form.DOT, Form.COMMA, Form.BARE, Form.COLON))


class Row(NamedTuple):
    """A run of labels, the forms and the kind (case, or numerals) that it is printed in, and how good it is."""

    score: float
    run: list[str]
    family: tuple[Form, ...]
    kind: str


def by_kinds(mentions: Sequence[PrintedLabel], text: str) -> dict[str, list[PrintedLabel]]:
    """Kind -> the mentions that may be of it; numerals only where there are any."""
    # a row of numerals has a "ii", or a range "I–V" that is written out as letters
    numbered = any(label.lower() == "ii" for mention in mentions for label in mention.labels[:3]) or any(
        len(mention.labels) > 2 and mention.labels[0] in "iI" for mention in mentions
    )
    found = {
        kind: without_inner_lists([one for mention in mentions if (one := _of_kind(mention, kind)) is not None])
        for kind in _KINDS[: 4 if numbered else 2]
    }
    if any(len(one.labels) > 2 and one.form in _BARE for one in found["upper"]) and found["lower"]:
        found["upper"] = _without_initials(text, found["upper"], found["lower"])
    return found


_INITIALS = re.compile(r"(?P<one>[A-Z])-(?P<two>[A-Z]),? (?P<words>(?:[\w–-]+\s){0,2}[\w–-]+)")


def _without_initials(text: str, capitals: list[PrintedLabel], small: list[PrintedLabel]) -> list[PrintedLabel]:
    """Capitals without "C-N, negative control", "A-P anterior–posterior" where small letters begin clauses."""
    if not {"a", "b"} <= {label for one in small if one.at_clause_start for label in one.labels}:
        return capitals

    def is_initials(one: PrintedLabel) -> bool:
        found = _INITIALS.match(text, one.span.start)
        return found is not None and any(word[0].upper() == found["two"] for word in re.findall(r"\w+", found["words"]))

    rest = [one for one in capitals if not is_initials(one)]
    # one that is told so tells how the others are meant
    return [one for one in rest if len(one.labels) < 3 or one.form not in _BARE] if rest != capitals else capitals


def best_row(by_kind: Mapping[str, list[PrintedLabel]], text: str) -> tuple[Row | None, float]:
    """The best row of a caption, and the score of the best one of another kind; None for a caption without labels."""
    best: Row | None = None
    scores: dict[str, float] = {}
    for kind, of_kind in by_kind.items():
        forms = {mention.form for mention in of_kind}
        for family in _FAMILIES:
            if forms.isdisjoint(family):
                continue
            own = [mention for mention in of_kind if mention.form in family]
            most = len({label for mention in own for label in mention.labels}) + _MOST_ADDED
            if best is not None and most <= min(best.score, scores.get(kind, 0.0)):
                # too few to be the row, or the better rival
                continue
            if (kind in NUMERALS and in_prose(text, own[0])) or _is_told_inside(text, own[0], of_kind):
                continue
            others = [mention for mention in of_kind if mention.form not in (*family, Form.REFERENCE)]
            score, run = row_of(own, others, kind)
            scores[kind] = max(scores.get(kind, 0.0), score)
            # numerals within a caption of letters count something else: "(a) Phases: I, liquid; II, glass"
            if run and (best is None or (score > best.score and kind not in NUMERALS)):
                best = Row(score, run, family, kind)
    if best is None:
        return None, 0.0
    best = _enclosing(best, by_kind) or _begun_before(best, by_kind, text) or _told_before(best, by_kind) or best
    return best, max((other for kind, other in scores.items() if kind != best.kind), default=0.0)


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
    if first.islower() != (kind == "lower"):
        return None
    if max(map(len, mention.labels)) > 1 and any(
        len(label) > 1 and len(label.rstrip("′″")) > 1 and not label[1].isdigit() and not is_tiered(label)
        for label in mention.labels
    ):
        return None
    return mention


def _is_told_inside(text: str, first: PrintedLabel, of_kind: Sequence[PrintedLabel]) -> bool:
    """ "(A) Iron in two groups: A, young women; B, young men. (B) Zinc": a list of things inside one panel's words."""
    return (
        first.form in UNMARKED
        and text[: first.span.start].endswith(": ")
        and any(
            one.form in IN_BRACKETS
            and one.at_clause_start
            and one.labels[0] == first.labels[0]
            and one.span < first.span
            for one in of_kind
        )
    )


def _told_before(best: Row, by_kind: Mapping[str, list[PrintedLabel]]) -> Row | None:
    """ "A: rods; B: cubes; C: discs. The data (A, B and C) were taken at 5 K": the list, not the group named later."""
    named = [one for one in by_kind[best.kind] if one.form in best.family]
    if best.kind in NUMERALS or any(one.at_clause_start for one in named) or max(len(o.labels) for o in named) < 2:
        return None
    for family in ((Form.COLON,), (Form.DOT,), (Form.COMMA, Form.BARE)):
        heads = [one for one in by_kind[best.kind] if one.form in family and one.at_clause_start]
        told = [label for one in heads for label in one.labels]
        if heads and set(best.run) <= set(told) and len(heads) > 2 and heads[-1].span < named[0].span:
            return Row(row_of(heads, [], best.kind)[0], best.run, family, best.kind)
    return None


_OF_WHAT = re.compile(r"\b(?:of|for|with|in|from):?\s[(\[]?$")


def _begun_before(best: Row, by_kind: Mapping[str, list[PrintedLabel]], text: str) -> Row | None:
    """ "(A) Mix of oils such as olive (a) and sesame (b); (B) fish and (C) flax": capitals begun before small letters.

    They go on behind the small ones, or these begin no clause: those name what is in a panel, as in "Spectra (A, B) of:
    (a) gold and (b) tin".
    """
    if best.kind != "lower" or not IN_BRACKETS.issuperset(best.family):
        return None
    inner = [mention for mention in by_kind["lower"] if mention.form in best.family]
    outer = [mention for mention in by_kind.get("upper", ()) if mention.form is Form.PAREN]
    if not outer or not inner or outer[0].labels[0] != "A" or outer[0].span > inner[0].span:
        return None
    goes_on = outer[-1].span > inner[0].span
    is_content = _OF_WHAT.search(text, max(0, inner[0].span.start - 8), inner[0].span.start)
    if not (goes_on or is_content) and any(mention.at_clause_start for mention in inner):
        return None
    score, run = row_of(outer, [], "upper")
    return Row(score, run, (Form.PAREN,), "upper") if len(run) > 1 else None


def _enclosing(best: Row, by_kind: Mapping[str, list[PrintedLabel]]) -> Row | None:
    """ "A The cluster; a, gene 7; b, gene 9. B Tree of genes": capitals that small letters only subdivide.

    The small ones start at "a" again behind every capital that they follow, or go on beyond a group of capitals:
    "(A, B) Spectra. (a) 0 g, (b) 5 g, (c) 9 g". So do capitals without brackets within small letters that have them:
    "(a) Leaf. A: cuticle. B: epidermis. (b) Root. A: hair. B: cortex".
    """
    family, kind = best.family, best.kind
    if kind in NUMERALS or (kind == "upper" and IN_BRACKETS.issuperset(family)):
        return None
    other = "upper" if kind == "lower" else "lower"
    inner = [mention for mention in by_kind[kind] if mention.form in family]
    for outer_family in _FAMILIES[:-2] if kind == "lower" else _FAMILIES[:2]:
        outer = [m for m in by_kind[other] if m.form in outer_family and m.at_clause_start]
        if not inner or len({label for mention in outer for label in mention.labels}) < 2:
            continue
        score, outer_run = row_of(outer, [], other)
        if len(outer_run) < 2 or outer[0].span > inner[0].span:
            continue
        starts = [mention.span.start for mention in outer if set(mention.labels) & set(outer_run)]
        first_in: dict[int, str] = {}
        for mention in inner:
            first_in.setdefault(bisect_left(starts, mention.span.start), mention.labels[0])
        if len(outer) == 1 and (
            set(best.run) <= {label.swapcase() for label in outer[0].labels}
            or inner[0].at_clause_start < max(mention.at_clause_start for mention in inner)
        ):
            # its members: "(A–C) Rods. (a) as made, (b) cut, (c) bent", "A, B) Male (a) and female (b). (c) Sizes"
            continue
        first = "a" if kind == "lower" else "A"
        if set(first_in.values()) == {first} and (kind == "lower" or len(first_in) > 1):
            return Row(score, outer_run, outer_family, other)
    return None
