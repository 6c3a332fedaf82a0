"""Prompts: "HAADF-STEM silver nanoparticles below 50 nm, CC BY, since 2020" as a search. Deterministic and offline.

Each recogniser claims the words that it understands, the surest first: quoted phrases, licences, years, lengths,
states, journals and sources, then techniques, looks, kinds and materials by the longest phrase. Words that no one
claims are looked for in the text; of numbers that mean nothing here it is said that they were not understood.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from exsclaim.flags import PANEL_FLAGS
from exsclaim.gallery.prompt_numbers import Stated, lengths, licences, unusable, years
from exsclaim.gallery.prompt_vocabulary import Named, filler, named, plain, plain_word
from exsclaim.gallery.searches import Search

_PHRASE = re.compile(r"[\"“„]([^\"“”„]{2,200})[\"”“]")
_NOT = re.compile(
    r"(?:\b(?:no|not|non|without|except(?: for)?|excluding|but not)\s+(?:any\s+|the\s+)?|(?<!\S)-)$", re.IGNORECASE
)
_AND_NOT = re.compile(r"\s*(?:,|or|nor|and no|/)\s*", re.IGNORECASE)
_EITHER = re.compile(r"\s*(?:,\s*)?or\s*", re.IGNORECASE)
_STATES: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), condition)
    for pattern, condition in (
        (r"open[\s-]access", ("access", "yes")),
        (r"(?:with|having)\s+(?:an?\s+|known\s+)?scale(?:\s*-?bars?)?(?!\s+conflict)", ("scale", "yes")),
        (r"(?:without|no|lacking)\s+(?:an?\s+|any\s+)?scale(?:\s*-?bars?)?", ("scale", "no")),
        (r"(?:with|having)\s+(?:any\s+)?(?:doubts?|flags?)|doubtful|flagged|dubious|questionable", ("flagged", "yes")),
        (r"(?:without|no)\s+(?:any\s+)?(?:doubts?|flags?)|unflagged|undoubted", ("flagged", "no")),
        (r"un-?reviewed|not(?:\s+yet)?\s+reviewed", ("reviewed", "no")),
        (r"reviewed", ("reviewed", "yes")),
        (r"(?:no|without|not)\s+insets?", ("inset", "no")),
        (r"insets?", ("inset", "yes")),
        (r"low\s+confidence", ("sure", "low")),
        (r"high\s+confidence", ("sure", "high")),
    )
)
_LETTER = re.compile(r"\b(?:panels?|labels?|letters?)\s+\(?([a-zA-Z])\)?(?![\w-])")
_WORD = re.compile(r"[^\W_]+")
_BEFORE_FLAG = r"(?:(?:with|whose|having)\s+)?(?:an?\s+|the\s+)?"


class Understood(NamedTuple):
    """The search that a prompt means; `unknown`, its words that mean nothing here; `notes`, what was assumed."""

    search: Search
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


def understood(
    prompt: str, *, journals: Sequence[str] = (), sources: Sequence[str] = (), this_year: int | None = None
) -> Understood:
    """The search that a prompt means. `journals` and `sources` are those of the data set, by name."""
    reading = _Reading(plain(prompt))
    for found in _PHRASE.finditer(reading.text):
        reading.claim(found.start(), found.end(), (("phrase", found[1].strip()),))
    reading.claim_all(licences(reading.left))
    reading.claim_all(years(reading.left, this_year or dt.date.today().year))
    reading.claim_all(lengths(reading.left))
    for each in list(unusable(reading.left)):
        reading.unknown.append(each.note)
        reading.claim(each.start, each.end, ())
    for flag in PANEL_FLAGS:
        words = r"\s+(?:(?:was|were|is|are|in|the)\s+)*".join(word for word in flag.split("_") if word != "in")
        reading.claim_matches(re.compile(rf"{_BEFORE_FLAG}\b{words}s?\b", re.IGNORECASE), ("doubt", flag))
    for pattern, condition in _STATES:
        reading.claim_matches(pattern, condition)
    for found in _LETTER.finditer(reading.left):
        reading.claim(found.start(), found.end(), (("label", found[1]),))
    reading.claim_named(named(reading.left, journals, sources))
    return reading.result()


class _Reading:
    """A prompt, and what of it was understood so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text
        """The prompt with blanks for what was claimed."""
        self.pairs: list[tuple[str, str]] = []
        self.unknown: list[str] = []
        self.notes: list[str] = []

    def claim(self, start: int, end: int, conditions: Iterable[tuple[str, str]]) -> None:
        self.pairs += conditions
        self.left = self.left[:start] + " " * (end - start) + self.left[end:]

    def claim_all(self, stated: Iterable[Stated]) -> None:
        for each in list(stated):
            self.claim(each.start, each.end, each.conditions)
            self.notes += [each.note] if each.note else []

    def claim_matches(self, pattern: re.Pattern[str], condition: tuple[str, str]) -> None:
        for found in pattern.finditer(self.left):
            self.claim(found.start(), found.end(), (condition,))

    def claim_named(self, found: Sequence[Named]) -> None:
        """Conditions by name; those after "no" are left out, materials with "or" between them are alternatives."""
        before: Named | None = None
        is_denied = False
        for each in found:
            between = self.text[before.end : each.start] if before else ""
            denial = _NOT.search(self.text[: each.start])
            is_denied = bool(denial) or (is_denied and bool(_AND_NOT.fullmatch(between)))
            if denial:
                self.claim(denial.start(), each.start, ())
            sign = "-" if is_denied else ""
            if (
                before and not sign and self.pairs and each.conditions[:1] and self.pairs[-1][0] == "material"
                and each.conditions[0][0] == "material" and _EITHER.fullmatch(between)
            ):  # fmt: skip
                either = ("material", f"{self.pairs.pop()[1]}|{each.conditions[0][1]}")
                self.claim(each.start, each.end, (either, *each.conditions[1:]))
            else:
                self.claim(each.start, each.end, [(name, sign + value) for name, value in each.conditions])
            before = each

    def result(self) -> Understood:
        words = [plain_word(each[0]) for each in _WORD.finditer(self.left)]
        pairs = [*self.pairs, *(("text", word) for word in dict.fromkeys(words) if word not in filler())]
        return Understood(Search.of(pairs), tuple(self.unknown), tuple(self.notes))
