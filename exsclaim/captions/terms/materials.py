"""Materials that captions name, each by one name: "titania" is TiO2, "Ag" and "silver" are one.

The names are those of materials.toml: elements, compounds with their formulas, forms ("nanowire") and features of them
("grain boundary"). Formulas that it does not list are materials under their own name.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from exsclaim.captions.terms.keywords import is_formula
from exsclaim.captions.word_forms import lexicon, singular, unified

# La0.7Sr0.3MnO3 is one token, Ag-TiO2 are two
_TOKEN = re.compile(r"[^\W_]+(?:\.\d+[^\W_]*)*")


@cache
def canonical_names() -> dict[str, str]:
    """Name of a material in small letters -> its one name; symbols of elements, which may be words, are left out."""
    found = {word: word for word in lexicon("materials")["words"]}
    every = [(each, name) for name, others in _names().items() for each in (name, *others)]
    found |= {each: name for each, name in every if each.islower()}
    for each, name in every:  # "tin" is the element, not TiN
        if not (each.isalpha() and len(each) <= 2):
            found.setdefault(each.lower(), name)
    return found


@cache
def element_names() -> dict[str, str]:
    """Symbol of an element, as printed -> its name."""
    return {each: name for name, others in _names().items() for each in others if each.isalpha() and len(each) <= 2}


def names_of_material(material: str) -> tuple[str, ...]:
    """All names of a material: itself, and its formula or its other names.

    >>> names_of_material("titania")
    ('TiO2', 'titania', 'titanium dioxide', 'titanium oxide')
    """
    canonical = canonical_name(material) or material
    return tuple(dict.fromkeys((canonical, *_names().get(canonical, ()), material)))


def canonical_name(material: str) -> str | None:
    """The one name of a material, whatever its case and number; None of what is no name or formula of a material.

    >>> [canonical_name(name) for name in ("Ag", "Silver", "quantum dots", "LaMnO3", "cheese")]
    ['silver', 'silver', 'quantum dot', 'LaMnO3', None]
    """
    plain = unified(material).strip()
    tokens = _TOKEN.findall(plain)
    phrase = _phrases().get(tuple(map(_normal, tokens)))
    symbols = {symbol.lower(): name for symbol, name in element_names().items()}
    known = element_names().get(plain) or phrase or canonical_names().get(plain.lower()) or symbols.get(plain.lower())
    return known or (plain if len(tokens) == 1 and is_formula(plain) else None)


def materials(texts: Iterable[str]) -> tuple[str, ...]:
    """Materials that texts name, in their order: each by its one name, an element by its symbol as well.

    >>> materials(["Ag nanoparticles on titanium dioxide", "silver"])
    ('silver', 'Ag', 'nanoparticle', 'TiO2')
    """
    return tuple(dict.fromkeys(name for text in texts for name in _in_text(text)))


@lru_cache(maxsize=4096)
def _in_text(text: str) -> tuple[str, ...]:
    tokens = _TOKEN.findall(unified(text))
    words = [_normal(token) for token in tokens]
    found: list[str] = []
    place = 0
    while place < len(words):
        count = _longest(words, place)
        if count:
            name = _phrases()[tuple(words[place : place + count])]
            if not _is_verb(tokens, place, name):
                found += (name, *_symbols().get(name, ()))
        elif is_formula(tokens[place]):
            found.append(tokens[place])
        place += count or 1
    return tuple(found)


def _longest(words: list[str], place: int) -> int:
    """Number of words of the longest name that begins at `place`; 0 where none does."""
    for count in range(min(_most_words(), len(words) - place), 0, -1):
        if tuple(words[place : place + count]) not in _phrases():
            continue
        # "nickel cobalt oxide" is no cobalt oxide
        if count == 1 or not place or not {words[place - 1], words[place]} <= set(element_names().values()):
            return count
    return 0


def _is_verb(tokens: list[str], place: int, name: str) -> bool:
    """True of "leads", and of "lead to"."""
    return (
        name == "lead"
        and tokens[place] != "Pb"
        and (tokens[place].endswith("s") or tokens[place + 1 : place + 2] == ["to"])
    )


@cache
def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = lexicon("materials")["names"]
    return names


@cache
def _symbols() -> dict[str, tuple[str, ...]]:
    return {name: (symbol,) for symbol, name in element_names().items()}


@cache
def _as_printed() -> frozenset[str]:
    """Parts of names that are written in one way alone: formulas, symbols, abbreviations."""
    every = [each for name, others in _names().items() for each in (name, *others)]
    return frozenset(token for each in every for token in _TOKEN.findall(each) if not token.islower())


def _normal(token: str) -> str:
    return token if token in _as_printed() else singular(token.lower())


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Words of a name, as `_normal` has them -> the material's one name."""
    words = {word: word for word in lexicon("materials")["words"]}
    words |= {each: name for name, others in _names().items() for each in (name, *others)}
    return {tuple(map(_normal, _TOKEN.findall(each))): name for each, name in words.items()}


@cache
def _most_words() -> int:
    return max(map(len, _phrases()))
