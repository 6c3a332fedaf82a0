"""Second reading of the single letters of a caption, by how they are printed alone, held against the labels found.

It asks whether the next letter is printed as a label is, whether letters of another case make a row, whether a row
begins anew, and whether letters were left although no label was found.
"""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_doubts import AGAIN, COMPETING, FURTHER, NUMBERED, UNSEEN
from exsclaim.captions.spans import Span

# single letters as a page may print labels; not "d'Or", "p-value", "x/y"
# (behind a character: a pattern that begins with one is found faster than one with a word boundary)
_LETTER = re.compile(r"\W[A-Za-z](?![\w'’′/])(?=[^-–]|$|[-–][A-Za-z](?!\w))(?<![\w'’′.–/°$\\-].)")
# what a part of a sentence begins behind
_ENDS = ".;:,)]!?"
_JOINS = (" and ", " or ", " while ", " the ", " of ", " y ", " und ", " et ")
_SENTENCE_ENDS = (". ", "; ", ": ")
_MARKS = frozenset(".:|=")
_CLOSES = frozenset((")", "]"))
# prints of labels that are not read: "(1a)", "(a,I)", "{b}", "②", "Figure 2a: …", "1a, …; 1b, …", "a-SEM image, b-TEM
# …", "a/ …; b/ …", "(a – …; b – …)", "(1) …, (2) …"
_ODD = re.compile(
    r"[(\[](?:\d{1,2}[A-Za-z]|[A-Za-z][-., ]{1,2}(?:\d{1,2}|[ivxIVX]{1,4}))[)\]]|\{[a-dA-D]\}|[①-⑳]|\([а-д]\)|"
    r"(?:^|\.\s)Fig(?:ure|\.)\s?\d+[A-Ha-h]\b|(?:^|[.;]\s)\d{1,2}[A-Ha-h](?=[,.:)]\s)|"
    r"(?:^|[,;:.]\s|\sand\s)[a-d](?:-(?=[A-Z][A-Za-z]{2,}\s)|/\s)|[(;]\s?[a-d]\s[–—-]\s|(?:^|[:,;]\s)\([12]\)\s"
)
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
