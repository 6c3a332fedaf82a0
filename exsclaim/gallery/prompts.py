"""Prompts: "HAADF-STEM silver nanoparticles below 50 nm, CC BY, since 2020" as a search. Deterministic and offline.

Each recogniser claims the words that it understands, the surest first: quoted phrases, licences, years, lengths,
states, journals and sources, then techniques, looks, kinds and materials by the longest phrase. Words that no one
claims are looked for in the text; of numbers that mean nothing here it is said that they were not understood.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from exsclaim.gallery.prompt_numbers import Stated, lengths, unusable, years
from exsclaim.gallery.prompt_vocabulary import Named, filler, named, plain, plain_word
from exsclaim.gallery.searches import CHOICES, LISTS, OPEN, Search
from exsclaim.licences import normalised
from exsclaim.panel_doubts import PANEL_FLAGS

_PHRASE = re.compile(r"[\"“„]([^\"“”„]{2,200})[\"”“]")
_NOT = re.compile(
    r"(?:\b(?:no|not|non|without|except(?: for)?|excluding|but not)\s+(?:any\s+|the\s+)?|(?<!\S)-)$", re.IGNORECASE
)
_DENIED_WORDS = re.compile(
    r"(?:\b(?!(?-i:NO)\s)(?:no|not|without|except(?: for)?|excluding|but not)\s(?:any\s|the\s)?|(?<!\S)-)(?!only\b)"
    r"(?P<words>[^\W\d_][^\W_]*(?:[ -][^\W_]+){0,5})",
    re.IGNORECASE,
)
_NEXT_DENIED, _NO_LONGER_DENIED = (
    re.compile(rf"(?:^|[ -])(?:{words})(?:[ -]|$)", re.IGNORECASE)
    for words in ("or|nor", "and|but|with|since|by|in|of")
)
_EITHER_WAY = re.compile(r"\bwith\s*(?:and|or|/)\s*without\b", re.IGNORECASE)
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
_LICENCE = re.compile(
    r"\bcc[\s-]?(?:by(?:[\s-](?:nc|nd|sa))*|0|zero)(?:[\s-]\d\.\d)?(?!\w)|\bpublic[\s-]domain\b|"
    r"(?P<open>\bopen(?:ly)?[\s-]licen[cs]ed\b|\bopen\s+licen[cs]es?\b|\bcreative\s+commons\b|\bfree\s+to\s+re-?use\b|\breusable\b)",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 1000
_MOST_WORDS = 32


class Understood(NamedTuple):
    """The search that a prompt means; `unknown`, its words that mean nothing here; `notes`, what was assumed."""

    search: Search
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


def understood(
    prompt: str, *, journals: Sequence[str] = (), sources: Sequence[str] = (), this_year: int | None = None
) -> Understood:
    """The search that a prompt means. `journals` and `sources` are those of the data set, by name."""
    reading = _Reading(plain(prompt[:_MOST_CHARACTERS]))
    if len(prompt) > _MOST_CHARACTERS:
        reading.notes.append(f"only the first {_MOST_CHARACTERS:,} characters of the prompt were read")
    for found in _EITHER_WAY.finditer(reading.text):
        reading.claim(found.start(), found.end(), ())
    for found in _PHRASE.finditer(reading.text):
        reading.claim_or_deny(found.start(), found.end(), (("phrase", found[1].strip()),))
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
        reading.claim_or_deny(found.start(), found.end(), (("label", found[1]),))
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
            self.claim_or_deny(each.start, each.end, each.conditions)
            self.notes += [each.note] if each.note else []

    def claim_matches(self, pattern: re.Pattern[str], condition: tuple[str, str]) -> None:
        for found in pattern.finditer(self.left):
            self.claim_or_deny(found.start(), found.end(), (condition,))

    def claim_or_deny(self, start: int, end: int, conditions: Sequence[tuple[str, str]]) -> None:
        """Claim; after "no" or "not" the contrary of conditions that have one."""
        denial = self._denial(start)
        if denial and all(name in LISTS or name in CHOICES for name, _ in conditions):
            self.claim(denial.start(), start, ())
            conditions = [
                (name, f"-{value}" if name in LISTS else "no" if value == "yes" else "yes")
                for name, value in conditions
            ]
        self.claim(start, end, conditions)

    def _denial(self, start: int) -> re.Match[str] | None:
        """The "no" before a place, where it is no part of what was claimed ("NO", "with and without")."""
        found = _NOT.search(self.text[:start])
        return found if found and self.left[found.start() : start] == self.text[found.start() : start] else None

    def claim_denied_words(self) -> None:
        """Claim words after "no" that mean nothing else; adjacent words are excluded as a phrase."""
        for found in _DENIED_WORDS.finditer(self.left):
            words = _NO_LONGER_DENIED.split(found["words"])[0]
            said = [" ".join(each.split()) for each in _NEXT_DENIED.split(words) if each.strip()]
            denied = [
                ("phrase", f"-{each}") if _WORD.sub("", each) else ("text", f"-{plain_word(each)}") for each in said
            ]
            if said:
                self.claim(found.start(), found.start("words") + len(words), denied)

    def claim_named(self, found: Sequence[Named]) -> None:
        """Conditions by name; those after "no" are left out, materials with "or" between them are alternatives."""
        before: Named | None = None
        is_denied = False
        for each in found:
            between = self.text[before.end : each.start] if before else ""
            denial = self._denial(each.start)
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
        self.claim_denied_words()
        words = [plain_word(each[0]) for each in _WORD.finditer(self.left)]
        words = [word for word in dict.fromkeys(words) if word not in filler()]
        if len(words) > _MOST_WORDS:
            self.notes.append(f"only the first {_MOST_WORDS} of {len(words)} words are looked for in the text")
        pairs = [*self._settled(), *(("text", word) for word in words[:_MOST_WORDS])]
        return Understood(Search.of(pairs), tuple(self.unknown), tuple(self.notes))

    def _settled(self) -> list[tuple[str, str]]:
        """The conditions; of a property with one value, the value that was said last."""
        kept: list[tuple[str, str]] = []
        for name, value in self.pairs:
            former = dict(kept).get(name) if name not in LISTS else None
            if former not in (None, value):
                self.notes.append(f"of {name.replace('_', ' ')} {former} and {value} the latter counts")
                kept.remove((name, str(former)))
            kept.append((name, value))
        return kept


def licences(text: str) -> Iterator[Stated]:
    """Licences, by their usual names."""
    for found in _LICENCE.finditer(text):
        name = OPEN if found["open"] else normalised(found[0].replace("-", " "))
        yield Stated(found.start(), found.end(), (("licence", name),))
