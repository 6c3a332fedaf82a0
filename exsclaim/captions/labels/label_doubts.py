"""Doubts about a caption's labels: a closed list of flags, and the confidence that they leave.

Two readings of a caption that differ are a doubt, too: `second_look` asks of the single letters of a caption only how
they are printed, and compares what rows they make with the labels that the grammar found. The factors were set by eye
on 1,846 captions without gold, the second look on 483 with gold and what three versions made of those
(docs/captions.md).
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel
from exsclaim.captions.spans import Parts, Span
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


# single letters as a page may print labels; not "d'Or", "p-value", "x/y"
# (behind a character: a pattern that begins with one is found faster than one with a word boundary)
_LETTER = re.compile(r"\W[A-Za-z](?![\w'’′/])(?=[^-–]|$|[-–][A-Za-z](?!\w))(?<![\w'’′.–/°$\\-].)")
# what a part of a sentence begins behind
_ENDS = ".;:,)]!?"
_JOINS = (" and ", " or ", " while ", " the ", " of ", " y ", " und ", " et ")
_SENTENCE_ENDS = (". ", "; ", ": ")
_MARKS = frozenset(".:|=")
_CLOSES = frozenset((")", "]"))
# "either 1) it leaves or 2) it stays"
_WHOLE_BRACKET = re.compile(r"\([^()]*\)")
_COUNTS = re.compile(r"(?<![\w(])\d\)")
# prints of labels that are not read: "(1a)", "(a,I)", "{b}", "②", "Figure 2a: …"
_ODD = re.compile(
    r"[(\[](?:\d{1,2}[A-Za-z]|[A-Za-z][-., ]{1,2}(?:\d{1,2}|[ivxIVX]{1,4}))[)\]]|\{[a-dA-D]\}|[①-⑳]|\([а-д]\)|"
    r"(?:^|\.\s)Fig(?:ure|\.)\s?\d+[A-Ha-h]\b"
)
_UNEVEN = 17
# characters looked at; the longest captions of journals have some 6,000
_LONGEST_LOOK = 20_000
# letters after the last label that may begin a sentence as further labels do
_REACH = 5


def _is_initial(text: str, place: int) -> bool:
    """True for the capital of the word before it, "native (N)", or a part of a name, "OsAOC(I)", "log (p)"."""
    before = text[max(0, place - 30) : place - 1]
    if not before[-1:].isspace():
        return before[-1:].isalnum()
    words = before.split()
    word = words[-1] if words else ""
    return word == "log" or (text[place].isupper() and word[:1] == text[place].lower())


class _Letters:
    """The single letters of a text, and how each is printed: counted when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ways: dict[str, dict[str, int]] = {}
        self.places: dict[str, list[Span]] = {}
        for found in _LETTER.finditer(f" {text}"):
            start, behind = found.span()
            self.places.setdefault(text[start], []).append(Span(start, behind - 1))

    def ways(self, letter: str) -> dict[str, int]:
        """Counts: in a "bracket", "inside" one at least, a "mark" or a "word" behind, at the "start" of a sentence."""
        if letter not in self._ways:
            self._ways[letter] = self._counted(letter)
        return self._ways[letter]

    def _counted(self, letter: str) -> dict[str, int]:
        text = self._text
        seen = {"inside": 0, "bracket": 0, "mark": 0, "word": 0, "start": 0}
        for place, end in self.places.get(letter, ()):
            opened, closed = place > 0 and text[place - 1] in "([", text[end : end + 2].lstrip()[:1] in _CLOSES
            if opened and closed and _is_initial(text, place):
                continue
            if is_printed := opened or closed:
                seen["inside"] += 1
                seen["bracket"] += opened and closed
            before = text[max(0, place - 8) : place].removesuffix("(")
            if before.rstrip()[-1:] in _ENDS or before.endswith(_JOINS):
                after = text[end : end + 3]
                mark = after.lstrip()
                is_mark = mark[:1] in _MARKS and mark[1:2].isspace()
                # "A: acute; C: chronic"
                is_mark = is_mark and not (letter.isupper() and text[end + 2 : end + 3] == letter.lower())
                is_word = after.removeprefix(",")[:1] == " " and after[-1:].isalnum()
                seen["mark"] += is_mark
                seen["word"] += is_word
                is_printed = is_printed or is_mark or is_word
            if is_printed and (not before or before.endswith(_SENTENCE_ENDS)):
                seen["start"] += 1
        return seen

    def row(self, first: str, *printed: str) -> int:
        """Number of letters in a row from `first` on that are printed in one of the ways `printed`."""
        length = 0
        while any(map(self.ways(chr(ord(first) + length)).__getitem__, printed)):
            length += 1
        return length


def second_look(text: str, labels: Sequence[str]) -> list[str]:
    """Doubts from reading the single letters of `text` by themselves, and comparing with the `labels` found."""
    look = _Letters(text[:_LONGEST_LOOK])
    letters = {label[0] for label in labels if label[0].isalpha()}
    if not labels:
        for a, b, alphabet in (("a", "b", str.islower), ("A", "B", str.isupper)):
            printed = [look.ways(letter) for letter in look.places if alphabet(letter) and letter != "n"]
            if (
                max(look.row(a, "inside"), look.row(b, "inside"), look.row(b, "mark", "word")) > 1
                or look.row(a, "mark") > 2
                or sum(bool(seen["inside"] or seen["mark"]) for seen in printed) > 1
                or sum(bool(seen["word"]) for seen in printed) > 2
            ):
                return [UNSEEN]
        return [UNSEEN] if len(set(_ODD.findall(text[:_LONGEST_LOOK]))) > 1 else []
    if not letters:
        return []
    found: list[str] = []
    is_upper = 2 * sum(letter.isupper() for letter in letters) > len(letters)
    last = max(letters)
    reach = chr(ord(last) + _REACH)
    later = {letter: look.ways(letter) for letter in look.places if letter > last and letter.isupper() == is_upper}
    following = look.ways(chr(ord(last) + 1))
    if any(following.values()) or any(
        seen["bracket"] or (seen["start"] and seen["word"] and letter <= reach) for letter, seen in later.items()
    ):
        found.append(FURTHER)
    first = "a" if is_upper else "A"
    if first not in letters and max(look.row(first, "inside"), look.row(first, "mark", "start")) > 1:
        found.append(COMPETING)
    several = [letter for letter in letters if len(look.places.get(letter, ())) > 1]
    if sum(look.ways(letter)["start"] > 1 for letter in several) > 1:
        found.append(AGAIN)
    if 0 < sum(len(label.rstrip("′″")) > 1 for label in labels) < len(labels):
        found.append(NUMBERED)
    return found


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
