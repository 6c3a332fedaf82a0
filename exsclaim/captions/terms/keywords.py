"""Keywords of a text: the query's terms and the materials that it names."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import compress

from exsclaim.captions.word_forms import lexicon, singular, unified

# what looks behind keeps a row of full stops from being tried from each of them; patterns that begin with a character
# are found faster
_WORD = re.compile(r"[\w.](?<!\.[\w.])(?:(?<=\.)\.*\w+|(?<!\.)\w*)(?:\.+\w+)*(?:-\w+)*")
# all but what a word may hold is blank; a table of bytes, for ASCII alone, is used several times as fast as one of
# characters
_BLANKS = bytes(code if chr(code).isalnum() or chr(code) in "_.-" else ord(" ") for code in range(256))
_PART = re.compile(r"[^\W_]+")
# what is written joined, with a hyphen or apart: nanoparticle, nano-particle, nano particle
_PREFIX = re.compile(
    r"^(nano|micro|meso|macro|hetero|homo|multi|poly|mono|bio|photo|electro|ferro|semi|super|ultra)(?=\w{3})"
)
_LETTER = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "mu": "μ", "pi": "π", "sigma": "σ", "omega": "ω"}


@cache
def _formula() -> re.Pattern[str]:
    """Chemical formulas of two elements or more, or of one element with a count: Ag2MnO4, TiO2, ZnO, Pt/C."""
    symbols = sorted(lexicon("materials")["symbols"].split(), key=len, reverse=True)
    element = f"(?:{'|'.join(symbols)})"
    count = r"(?:\d{1,2}(?:\.\d{1,2})?|[xyδ])?"
    return re.compile(rf"(?:{element}{count}){{2,8}}|{element}\d{{1,2}}|(?:A[glu]|C[rodu]|Fe|Ni|P[dt]|Si|Ti|Zn|Mn|Li)")


@cache
def _materials() -> frozenset[str]:
    return frozenset(lexicon("materials")["words"])


def keywords(texts: Iterable[str], terms: Sequence[str] = ()) -> tuple[str, ...]:
    """Query terms that `texts` hold, as the query writes them; then materials as printed.

    A term is found on word boundaries whatever the case, number, hyphens, blanks and Unicode variant of either side:
    "core-shell nanoparticle" in "Core–shell nano-particles", "TiO2" in "TiO₂", "alpha-Fe2O3" in "α-Fe2O3".
    """
    kept = tuple(texts)
    found: dict[str, None] = {}
    for term in terms:
        pattern = _term(term)
        if pattern is not None and any(pattern.search(_plain(text)) for text in kept):
            found[term] = None
    for text in kept:
        found.update(dict.fromkeys(_named(text)))
    return tuple(found)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return unified(text).casefold()


@lru_cache(maxsize=1024)
def _term(term: str) -> re.Pattern[str] | None:
    """Compile a pattern that finds `term` in plain text; None for a term without a letter or a digit."""
    words = _PART.findall(_plain(term))
    if not words:
        return None
    joint = r"(?:\s*[-/]\s*|\s+)?"
    return re.compile(rf"(?<![^\W_]){joint.join(map(_in_any_number, words))}(?![^\W_])")


def _in_any_number(word: str) -> str:
    """A pattern for one plain word: singular and plural, a Greek letter and its name, a prefix joined or apart."""
    for name, letter in _LETTER.items():
        if word in (name, letter):
            return f"(?:{name}|{letter})"
    one = singular(word)
    stem = _PREFIX.sub(r"\1[ -]?", one, count=1)
    for ending, plural in (("y", "ies"), ("um", "a"), ("is", "es")):
        if one.endswith(ending) and len(one) > 3:
            return f"{stem.removesuffix(ending)}(?:{ending}|{plural}|{ending}s)"
    return f"{stem}(?:e?s)?"


@lru_cache(maxsize=4096)
def _named(text: str) -> tuple[str, ...]:
    """Materials of the lexicon in the singular, formulas as printed."""
    found: list[str] = []
    tokens = _words(unified(text))
    # most words are no material
    for place in compress(range(len(tokens)), map(_MATERIALS.__getitem__, tokens)):
        word, formula, opens = _MATERIALS[tokens[place]] or ("", "", False)
        if word:
            found.append(word)
        if formula:
            found.append(formula)
        if opens and place + 1 < len(tokens):
            phrase = f"{singular(tokens[place].lower())} {singular(tokens[place + 1].lower())}"
            if phrase in _materials():
                found.append(phrase)
    return tuple(found)


def _words(plain: str) -> list[str]:
    """Words of a text, as `_WORD` finds them; most texts are ASCII, and most of their words letters and digits."""
    if not plain.isascii():
        return _WORD.findall(plain)
    words = plain.encode("ascii").translate(_BLANKS).decode("ascii").split()
    if "-" in plain or "." in plain or "_" in plain:
        words = [each for word in words for each in ((word,) if word.isalnum() else _WORD.findall(word))]
    return words


class _ByToken(dict[str, tuple[str, str, bool] | None]):
    """Cache of `_material`'s answer for each token seen; most tokens are no material."""

    def __missing__(self, token: str) -> tuple[str, str, bool] | None:
        if len(self) > _MOST_TOKENS:
            self.clear()
        self[token] = found = _material(token)
        return found


_MOST_TOKENS = 50_000
_MATERIALS = _ByToken()


def _material(token: str) -> tuple[str, str, bool] | None:
    """The lexicon's word for `token`, the formula that it is, and whether it opens a phrase of the lexicon; or None."""
    lowered = token.lower()
    if lowered == token and lowered[:_STEM_LENGTH] not in _beginnings():
        # most words
        return None
    word = singular(lowered)
    named = word if word in _materials() else ""
    formula = token if lowered != token and is_formula(token) else ""
    opens = word in _first_words()
    return (named, formula, opens) if named or formula or opens else None


_STEM_LENGTH = 2


@cache
def _beginnings() -> frozenset[str]:
    """The letters that words of the lexicon begin with; plurals keep them."""
    return frozenset(word[:_STEM_LENGTH] for word in _materials())


@cache
def _first_words() -> frozenset[str]:
    return frozenset(word.split()[0] for word in _materials() if " " in word)


def is_formula(token: str) -> bool:
    """True if `token` is a chemical formula as captions print it: TiO2, Ag2MnO4, ZnO, Fe; not PBS, not In."""
    if not _formula().fullmatch(token):
        return False
    # words of capitals only ("PBS", "BOC") are abbreviations unless short oxides and the like ("CO", "ZnO")
    return any(character.isdigit() or character.islower() for character in token)
