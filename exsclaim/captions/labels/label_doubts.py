"""Doubts about a caption's labels: a closed list of flags, and the confidence that they leave.

Two readings of a caption that differ are a doubt, too (`letters_read_alone`). The factors were set by eye
on 1,846 captions without gold, the second look on 483 with gold and what three versions made of those
(docs/captions.md).
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.spans import Parts
from exsclaim.captions.word_classes import VERB

THRESHOLD = 0.7
"""Below it a person should look at the labels."""

COMPETING = "competing labels"
GAP = "gap in the labels"
LATE = "labels begin late"
CONTINUED = "labels go on from elsewhere"
ALONE = "only one label"
UNSEEN = "letters that may be labels"
FURTHER = "letters that may go on"
OTHERWISE = "labels printed otherwise"
UNMARKED = "labels inside words"
RANGE = "labels only as a range"
COUNTING = "numerals as labels"
AGAIN = "labels that begin anew"
NUMBERED = "labels with and without numbers"
BARE = "labels without text"
UNEVEN = "labels with very unequal texts"
BROKEN = "a text with half of a bracket"
GENERAL = "all text is of the whole figure"
MEANINGS = {
    COMPETING: "letters of another case or numerals form a row of their own",
    AGAIN: "several letters begin two sentences each, as a list inside a panel's text does, or two ranges have them",
    NUMBERED: "some labels have a number behind their letter and others have none",
    UNEVEN: "one label has seventeen times as much text as another",
    BROKEN: "the text of a label has a bracket that opens or closes in another's",
    GAP: "a label in the middle of the row is nowhere named",
    LATE: "the first label is not the first letter",
    CONTINUED: "the caption begins with a label that is not the first letter, as parts of a figure on two pages do",
    ALONE: "one label, which may be the beginning of a sentence",
    UNSEEN: "letters in brackets, or bare ones in a row, that are not read as labels",
    FURTHER: "a letter after the last label is printed as a label is",
    OTHERWISE: "a label is named only without the brackets that the others have",
    UNMARKED: "most labels stand where no part of the sentence begins or ends",
    RANGE: "most labels are named by one range inside a sentence only",
    COUNTING: "numbers and numerals count things in prose as well",
    BARE: "labels that no words were found for",
    GENERAL: "labels were found, and most of the text is not theirs",
}
"""The closed list of flags of a split caption, and what each says."""
_FACTORS = {
    COMPETING: 0.75, GAP: 0.65, LATE: 0.65, CONTINUED: 0.85, ALONE: 0.65, UNSEEN: 0.65, UNMARKED: 0.75, RANGE: 0.65,
    COUNTING: 0.65, BARE: 0.65, GENERAL: 0.9, FURTHER: 0.65, OTHERWISE: 0.65, AGAIN: 0.65, NUMBERED: 0.65, UNEVEN: 0.65,
    BROKEN: 0.65,
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
_IN_BRACKETS = frozenset((Form.PAREN, Form.CLOSE, Form.NAMED))
# what numerals in brackets count in prose: "in two steps: (i) …, (ii) …"
_COUNTED = re.compile(
    r"\b(?:steps|ways|cases|regimes|types|reasons|assumptions|criteria|conditions|either|both|using|due to|include\w*|"
    r"assum\w+|requires?|involv\w+|consist\w*|follow\w*|we)\b"
)
_MOST_GENERAL = 0.85
# "either 1) it leaves or 2) it stays"
_WHOLE_BRACKET = re.compile(r"\([^()]*\)")
_COUNTS = re.compile(r"(?<![\w(])\d\)")
_UNEVEN = 17
_ROWS = f"{ascii_lowercase} {ascii_uppercase}"


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
    in_brackets = {label for one in naming if one.form in _IN_BRACKETS for label in one.labels}
    otherwise = {label for one in naming for label in one.labels} - in_brackets
    if otherwise and len(in_brackets) > len(otherwise) and not _is_head(naming[0]):
        found.append(OTHERWISE)
    marked = {label for one in naming if _is_marked(text, one) for label in one.labels}
    inside = {label for one in naming for label in one.labels}
    if len(inside - marked) > 0.5 * len(labels):
        found.append(UNMARKED)
    ranges = [one for one in naming if len(one.labels) > 2 and not one.at_part_start]
    if any(len(one.labels) > 0.6 * len(labels) for one in ranges) and len(naming) < 3:
        found.append(RANGE)
    if any(set(one.labels) & set(two.labels) and one.labels < two.labels for one, two in pairwise(_crossing(naming))):
        found.append(AGAIN)
    return found


def _crossing(naming: Sequence[PrintedLabel]) -> list[PrintedLabel]:
    """Ranges of more than two letters of one length whose ends both rise: "(a–e) 720 °C, (b–f) 700 °C" may be pairs."""
    ranges = [one for one in naming if one.form is Form.PAREN and "".join(one.labels) in _ROWS and len(one.labels) > 2]
    rising = all(a.labels[0] < b.labels[0] and a.labels[-1] < b.labels[-1] for a, b in pairwise(ranges))
    return ranges if rising and len({len(one.labels) for one in ranges}) == 1 else []


def _is_head(first: PrintedLabel) -> bool:
    """ "a, b Schematic (a) and spectrum (b)": the row begins without brackets."""
    return first.form not in _IN_BRACKETS


def is_enclosed(own: Sequence[PrintedLabel], others: Sequence[PrintedLabel], labels: Sequence[str]) -> bool:
    """ "A. Vaccines by kind (a–i). B. Ways (a, c): …": two sentences begin with the first letters of the other case."""
    first = [label.swapcase() for label in labels[:2]]
    heads = {label for one in others if one.at_clause_start and len(one.labels) == 1 for label in one.labels}
    begins = sum(one.at_clause_start for one in own)
    return len(first) == 2 and heads.issuperset(first) and others[0].span < own[0].span and begins < len(labels)


def in_prose(text: str, first: PrintedLabel) -> bool:
    """ "The model assumes (i) equal rates and (ii) no drift": numerals that a sentence counts with."""
    start = max(text.rfind(stop, 0, first.span.start) for stop in (". ", "? ", "\n")) + 1
    before = text[start : first.span.start]
    return bool(VERB.search(before) or _COUNTED.search(before))


def _is_marked(text: str, one: PrintedLabel) -> bool:
    """True if a part of the sentence begins or ends at the label."""
    before = text[max(0, one.span.start - 12) : one.span.start]
    return one.at_part_start or bool(_PART_OPENS.search(before) or _PART_ENDS.match(text, one.span.end))


def _is_broken(texts: Sequence[str]) -> bool:
    """True if half a bracket of a label's texts is no count, as those of "1) it leaves or 2) it stays" are."""
    rest = [_COUNTS.sub(" ", _WHOLE_BRACKET.sub(" ", one)) for one in texts]
    return sum(one.count("(") for one in rest) != sum(one.count(")") for one in rest)


def text_flags(text: str, labels: Sequence[str], parts: Parts) -> list[str]:
    """Doubts that show once the text is given to its labels."""
    found = [BARE] if parts.bare else []
    sizes = [sum([end - start for start, end in spans]) for spans in parts.of_label.values()]
    if len(sizes) > 1 and _UNEVEN * min(sizes) < max(sizes):
        found.append(UNEVEN)
    of_labels = {span for spans in parts.of_label.values() for span in spans}
    open_in = {span: text.count("(", *span) - text.count(")", *span) for span in of_labels}
    if any(open_in.values()) and any(
        sum([open_in[span] for span in spans]) and _is_broken([text[start:end] for start, end in spans])
        for spans in parts.of_label.values()
    ):
        found.append(BROKEN)
    own, rest = (sum(end - start for start, end in spans) for spans in (of_labels, set(parts.general) - of_labels))
    if labels and own < (1 - _MOST_GENERAL) * (own + rest):
        found.append(GENERAL)
    return found


def confidence_of(trust: float, flags: Sequence[str]) -> float:
    """0 to 1: how far the forms of the labels are believed, times a factor for each doubt."""
    result = (1.0 + min(1.0, max(0.0, trust))) / 2
    for flag in flags:
        result *= _FACTORS[flag]
    return round(result, 3)
