"""Names in a prompt: techniques, looks, kinds, materials, journals, sources; each word for the longest name it fits."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from exsclaim.captions.terms.keywords import is_formula
from exsclaim.captions.terms.materials import canonical_names, element_names
from exsclaim.captions.terms.techniques import places
from exsclaim.captions.word_forms import singular, unified

_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_DASHES = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹µ\u212b", "01234567890123456789μÅ")
_FORMULA = re.compile(r"(?<![\w.])[A-Z][\w.]*(?:-[A-Z]\w*)*(?:/C(?!\w))?")
_BEFORE_JOURNAL = re.compile(r"\b(?:in|from|journal:?)\s+(?:the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"[\s-]+([^\W\d_]+)")
_BEFORE_SOURCE = r"\b(?:from|on|via|source:?)\s+"
# looks and kinds that the captions' lexicon counts among the techniques
_NO_TECHNIQUE = {
    "plot": ("kind", "graph"),
    "schematic": ("kind", "illustration"),
    "photo": ("kind", "photo"),
    "map": ("kind", "map"),
}


class Named(NamedTuple):
    """A stretch of a prompt, in characters, and the conditions that it names."""

    start: int
    end: int
    conditions: tuple[tuple[str, str], ...]


def plain(prompt: str) -> str:
    """The prompt with one form of dashes, digits and units: TiO₂ is TiO2. Of the same length."""
    return prompt.translate(_SUBSCRIPTS).translate(_DASHES)


def plain_word(word: str) -> str:
    """A word as the index has it: small letters, no accents, in the singular."""
    return singular(unified(word).lower())


@cache
def vocabulary() -> dict[str, Any]:
    """Content of prompt_words.toml."""
    return tomllib.loads(files(__package__).joinpath("prompt_words.toml").read_text(encoding="utf-8"))


@cache
def filler() -> frozenset[str]:
    """Words without meaning for a search."""
    return frozenset(vocabulary()["filler"]["words"])


def special_forms(technique: str) -> tuple[str, ...]:
    """A technique and its special forms: a search for STEM finds HAADF-STEM, too."""
    return (technique, *vocabulary()["includes"].get(technique, ()))


def spelled_out(technique: str) -> tuple[str, ...]:
    """A technique's name without abbreviation; none where there is none in use."""
    return tuple(vocabulary()["spelled_out"].get(technique, ()))


@cache
def _phrases() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Words in the singular and in small letters -> the conditions that they name together."""
    found: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
    for name, material in canonical_names().items():
        found[_words(name)] = (("material", material),)
    for field, table in (("kind", "kinds"), ("type", "types")):
        for value, phrases in vocabulary()[table].items():
            for phrase in phrases:
                kept = [("text", word) for word in _words(phrase) if word in vocabulary()["kept_words"]["words"]]
                found[_words(phrase)] = ((field, value), *kept)
    return found


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in _TOKEN.findall(phrase.lower()))


def named(text: str, journals: Sequence[str] = (), sources: Sequence[str] = ()) -> list[Named]:
    """All that `text`, as `plain` gives it, names, in its order."""
    found = [*_journals(text, journals), *_sources(text, sources)]
    left = _blanked(text, found)
    formulas = list(_formulas(left))
    left = _blanked(left, formulas)
    phrases = _longest([*_own_phrases(left), *_techniques(left)])
    return _without_repeats(text, sorted([*found, *formulas, *phrases]))


def _blanked(text: str, found: Sequence[Named]) -> str:
    for each in found:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


def _own_phrases(text: str) -> Iterator[tuple[Named, int]]:
    """Phrases of our own vocabulary, with how many words each has."""
    tokens = list(_TOKEN.finditer(text))
    words = [singular(token[0].lower()) for token in tokens]
    most = max(map(len, _phrases()))
    for first in range(len(words)):
        for count in range(min(most, len(words) - first), 0, -1):
            conditions = _phrases().get(tuple(words[first : first + count]))
            if count > 1 and first and {words[first - 1], words[first]} <= set(element_names().values()):
                continue  # "nickel cobalt oxide" is no cobalt oxide
            end = tokens[first + count - 1].end()
            if conditions and "," not in text[tokens[first].start() : end]:
                yield Named(tokens[first].start(), end, conditions), count
                break


def _techniques(text: str) -> Iterator[tuple[Named, int]]:
    for start, end, name in places(text):
        conditions: tuple[tuple[str, str], ...] = (_NO_TECHNIQUE.get(name, ("technique", name)),)
        if name not in _NO_TECHNIQUE and re.search(r"spectr(?:a|um)\b", text[start:end], re.IGNORECASE):
            conditions = (*conditions, ("type", "spectrum"))
        yield Named(start, end, conditions), len(_TOKEN.findall(text[start:end]))


def _longest(found: Sequence[tuple[Named, int]]) -> list[Named]:
    """Finds that share no word; of two that do, the one of more words, of equals the one of our own vocabulary."""
    kept: list[Named] = []
    for each, _ in sorted(found, key=lambda pair: -pair[1]):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return kept


def _without_repeats(text: str, found: Sequence[Named]) -> list[Named]:
    """Less what a word adds after a technique or a look that says it already: "XRD patterns", "UMAP plots"."""
    kept: list[Named] = []
    end = 0
    for each in found:
        if each.start < end:
            continue
        end = each.end
        if each.conditions and each.conditions[0][0] in ("technique", "type"):
            while after := _AFTER.match(text, end):
                if singular(after[1].lower()) not in vocabulary()["after_technique"]["words"]:
                    break
                end = after.end()
        kept.append(Named(each.start, end, each.conditions))
    return kept


def _formulas(text: str) -> Iterator[Named]:
    """Chemical formulas and symbols of elements, as printed: TiO2, Ag, Pt/C, Au@SiO2 (two of them)."""
    for found in _FORMULA.finditer(text):
        printed = found[0]
        base = printed.removesuffix("/C")
        formula = canonical_names().get(base.lower(), base) if is_formula(base) else None
        material = element_names().get(base) or formula
        if material is not None:
            yield Named(found.start(), found.end(), (("material", printed if base != printed else material),))


def _journals(text: str, journals: Sequence[str]) -> Iterator[Named]:
    known: dict[str, list[str]] = vocabulary()["journals"]
    taken: list[tuple[int, int]] = []
    full = {**{name: [] for name in journals}, **known}
    written = [(each, name) for name, others in full.items() for each in (name, *others)]
    for each, name in sorted(written, key=lambda pair: -len(pair[0])):
        words = r"\W+".join(map(re.escape, re.findall(r"\w+", each)))
        for found in (
            re.finditer(rf"(?<!\w){words}(?!\w)\.?", text, 0 if len(each) <= 5 else re.IGNORECASE) if words else ()
        ):
            before = _BEFORE_JOURNAL.search(text[: found.start()])
            is_alone = " " not in each and not each.isupper()
            if (is_alone and (not before or not found[0][0].isupper())) or any(
                a < found.end() and found.start() < b for a, b in taken
            ):
                continue
            taken.append((found.start(), found.end()))
            yield Named(before.start() if before else found.start(), found.end(), (("journal", name),))


def _sources(text: str, sources: Sequence[str]) -> Iterator[Named]:
    for name in sources:
        for found in re.finditer(rf"{_BEFORE_SOURCE}{re.escape(name)}(?!\w)", text, re.IGNORECASE):
            if name != "nature" or found[0].endswith("nature"):
                yield Named(found.start(), found.end(), (("source", name),))
