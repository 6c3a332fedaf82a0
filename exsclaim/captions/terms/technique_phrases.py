"""Phrases of the lexicon of techniques: which may begin with a word, and which is the longest that stands there."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from exsclaim.captions.word_forms import lexicon

_STEM_LENGTH = 3


class Phrase(NamedTuple):
    """A name as words: lower case; as printed where it holds capitals; `*` at an end stands for any letters."""

    words: tuple[str, ...]
    name: str
    is_quantity: bool
    """Suggests a technique, and names none."""
    second: frozenset[str] | None = None
    """The forms of its second word; None where any word may be it."""


@cache
def _phrases() -> tuple[Phrase, ...]:
    """All names, the longest first: what "HAADF-STEM" has matched is not looked at again for "STEM"."""
    content = lexicon("techniques")
    levels = [
        (f"{element}{blank}{level}", "XPS")
        for level, elements in content["core_levels"].items()
        for element in elements.split()
        for blank in ("", " ")
    ]
    listed = [
        (phrase, name)
        for table in ("names", "by_quantity")
        for name, phrases in content[table].items()
        for phrase in phrases
    ]
    found = [
        Phrase(words := tuple(phrase.split()), name, words in _quantities(), _second(words))
        for phrase, name in listed + levels
    ]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.words)))


def _second(words: tuple[str, ...]) -> frozenset[str] | None:
    is_plain = len(words) > 1 and words[1].isalnum() and words[1].islower()
    return frozenset(_forms(words[1])) if is_plain else None


class _FirstWords(NamedTuple):
    """Phrases, the longest first, by what a token must be to begin them."""

    whole: dict[str, list[Phrase]]
    """By the word and its plural: as printed where it holds capitals, in small letters otherwise."""
    stems: dict[str, list[tuple[str, Phrase]]]
    """By the first three letters of it: the letters that it begins with, for words that end with `*`."""
    inner: list[tuple[str, Phrase]]
    """The letters that it holds, for words that begin with `*`."""


@cache
def _first_words() -> _FirstWords:
    index = _FirstWords({}, {}, [])
    for phrase in _phrases():
        word = phrase.words[0]
        if word.startswith("*"):
            index.inner.append((word.strip("*"), phrase))
        elif word.endswith("*"):
            index.stems.setdefault(word[:_STEM_LENGTH], []).append((word[:-1], phrase))
        else:
            for form in _forms(word):
                index.whole.setdefault(form, []).append(phrase)
    return index


@cache
def _inner_letters() -> re.Pattern[str]:
    """Any of the letters that phrases look for inside a word: a look that spares most words the list of them."""
    return re.compile("|".join(sorted({re.escape(letters) for letters, _ in _first_words().inner})))


class _Beginnings(dict[str, tuple[Phrase, ...]]):
    """Phrases by the token that they may begin with; most tokens of a caption begin none."""

    def __missing__(self, token: str) -> tuple[Phrase, ...]:
        if len(self) > _MOST_TOKENS:
            self.clear()
        self[token] = found = _beginning_with(token)
        return found


_MOST_TOKENS = 50_000
BEGINNINGS = _Beginnings()


def _beginning_with(token: str) -> tuple[Phrase, ...]:
    """Phrases whose first word fits `token`, the longest first."""
    index = _first_words()
    lowered = token.lower()
    whole = index.whole.get(lowered)
    printed = index.whole.get(token) if lowered != token else None
    stems = index.stems.get(lowered[:_STEM_LENGTH])
    holds = _inner_letters().search(lowered)
    if not (whole or printed or stems or holds):
        return ()
    found = [*(whole or ()), *(printed or ())]
    if stems:
        found += [phrase for letters, phrase in stems if lowered.startswith(letters)]
    if holds:
        found += [phrase for letters, phrase in index.inner if letters in lowered]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.words))) if len(found) > 1 else tuple(found)


@cache
def _quantities() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(one.split()) for phrases in lexicon("techniques")["by_quantity"].values() for one in phrases)


def _forms(word: str) -> tuple[str, str]:
    """A word and its plural."""
    return word, f"{word[:-1]}ies" if word[-1:] == "y" and word[-2:-1] not in "aeou" else f"{word}s"


@lru_cache(maxsize=50_000)
def _fits(word: str, token: str) -> bool:
    if word != word.lower():
        return token in (word, f"{word}s")
    lowered = token.lower()
    if word.startswith("*"):
        return word.strip("*") in lowered
    if word.endswith("*"):
        return lowered.startswith(word[:-1])
    return lowered in _forms(word)


def longest(phrases: Iterable[Phrase], tokens: list[str], position: int) -> tuple[Phrase | None, int]:
    """The longest of `phrases` that stands at `position`, and how many tokens it takes."""
    behind = ""
    for phrase in phrases:
        # most are of one or two words
        if len(phrase.words) == 1:
            return phrase, 1
        behind = behind or _behind(tokens, position)
        if phrase.second is not None and behind not in phrase.second:
            continue
        if length := _length(tokens, position, phrase):
            return phrase, length
    return None, 0


def _behind(tokens: list[str], position: int) -> str:
    """The word behind that at `position`, in small letters; a full stop where none is."""
    for token in islice(tokens, position + 1, None):
        if token not in "()":
            return token.lower()
    return "."


def _length(tokens: list[str], position: int, phrase: Phrase) -> int:
    """Tokens that `phrase`, whose first word fits, takes from `position` on; 0: its other words do not follow.

    Brackets between its words are left out of account.
    """
    here = position + 1
    for word in phrase.words[1:]:
        while here < len(tokens) and tokens[here] in "()":
            here += 1
        if here >= len(tokens) or not _fits(word, tokens[here]):
            return 0
        here += 1
    return here - position
