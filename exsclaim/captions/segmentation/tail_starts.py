"""Beginnings of tails, the words that a part leaves out: "(a) energy and (b) field [of Fe]"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from exsclaim.captions.segmentation.shared_bearers import BRACKETED, behind_adjectives, behind_names
from exsclaim.captions.spans import Span
from exsclaim.captions.word_classes import ADJECTIVE, PLURAL, PREPOSITIONS, QUANTITIES, has_own_head

# words of a part that may leave out what the last one says
LONGEST_SHARING = 7
_SPACED_WORD = re.compile(r"\S+")
PLURAL_HEAD = re.compile(
    r"(?:views|images|micrographs|spectra|patterns|maps|photographs|plots|sections|surfaces|curves|profiles|models|structures|"
    r"distributions|histograms|loops|diagrams|scans|isotherms|voltammograms|schematics|measurements|results|components|parts|simulations|traces|channels|correlations|signals|projections)\b"
)
_ACRONYM = re.compile(r"[A-Z][A-Z\d-]{1,11}$")
_KIND = re.compile(rf"Raman|[Oo]ptical|{_ACRONYM.pattern}")
ELLIPTIC = re.compile(
    r"(?:before|after|with|without|pre|post|avant|après|antes|despu[eé]s|depois|vor|nach|ohne)$", re.IGNORECASE
)
_QUANTITY = re.compile(r"[−–-]?\d[\d.,–-]*\s?[^\s;]{0,5}")
_NUMBER_OF = re.compile(r"(?:the\s)?(?:\w+\s)?numbers? of\b")
# "(a) speed and (b) the effect of dose on growth": what the "of" is of belongs to the word before it alone
_OWN_OF = re.compile(
    r"(?:the\s|an?\s)?(?:[\w-]+\s)?(?:effects?|influences?|impacts?|roles?|structure|comparisons?|evolution|dependences?)\sof\b"
)
# "(a) thermal driving and (b) sine of the slope": what is computed is of the words behind it alone
_COMPUTED = re.compile(
    r"\b(?:co)?sines?\b|\blogarithm|\bsquare|\bderivative|\binverse|\breciprocal|\bstandard (?:deviation|error)|"
    r"\bfraction|\bproportion|\bpercentage|\bvariance|\bmeans?\b|\baverage|\bmedian|\bsum\b|\bproduct\b|\bdifference"
)
_AS_IT_WAS = re.compile(r"\b(?:as-\w+|pristine|fresh|initial|original|untreated|bare|raw)\b", re.IGNORECASE)
# "(a) bare glass and (b) glass coated with gold": what was added is of the last part alone
_PLAIN = re.compile(
    r"\b(?:pure|bare|pristine|neat|blank|plain|uncoated|undoped|unmodified|unfilled|untreated)\s\w", re.IGNORECASE
)
_ADDED = re.compile(
    r"\s(?:coated|covered|decorated|functionali[sz]ed|modified|grafted|loaded|doped|filled|impregnated|infiltrated|"
    r"capped|wrapped|reinforced)\s(?:with|by)\s"
)
# a remark, no label
_REMARK = re.compile(r"\([a-z]{2,}\)")
HYPHEN = re.compile(r"-(?=[a-z][A-Za-z])")
_NO_TAIL = re.compile(
    r"\s(?:of\s(?:both|these|those|(?:the|all)\s(?:two|three|four|five|six)|all\s(?:these|those))"
    r"|as\swell|(?<=\swell\s)as)\b"
)
TAIL = re.compile(
    r"\s(?!of\s(?:states?|interest|view|freedom)\b)"
    r"(?:of|for|in|at|as|on|with|without|under|among|within|across|versus|vs\.?|from|during|around|along|inside|throughout|to(?=\s(?:study|investigate|determine|show|evaluate|assess|compare|confirm|verify|obtain|examine|analy[sz]e)\b)|(?<!\bthe\s)(?<!\ba\s)(?:measured|obtained|recorded|calculated)|(?:averaged|normali[sz]ed|collected|acquired|simulated|estimated|conditioned|extracted|derived|compared)(?=\s(?:at|by|for|from|in|on|over|to|under|using|with)\b)|after|upon|when|is|are|was|were|shows?|demonstrates?|reveals?|indicates?|de|der|des|von|del|da|do)\s(?!\([A-Za-z]\d?\))"
)


@dataclass(frozen=True)
class _Sharing:
    """The last part of a sentence, and the parts before it that may leave out how it ends."""

    text: str
    before: list[str]
    last: Span
    is_and: bool
    """ "X (a) and Y (b)", in which words are left out more readily than in "X (a), Y (b)"."""

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """Words of the last part."""
        return list(_SPACED_WORD.finditer(self.text, *self.last))

    @cached_property
    def size(self) -> int:
        """Number of words of the part right before the last."""
        return len(self.before[-1].split())

    @cached_property
    def final(self) -> str:
        """Last word of the part right before the last."""
        return self.before[-1].split()[-1]

    @cached_property
    def has_head(self) -> bool:
        """True if the part right before the last ends with the name of a thing."""
        return has_own_head(self.final) and not ADJECTIVE.match(self.final)

    @cached_property
    def tail(self) -> re.Match[str] | None:
        """First words of the last part that a tail may begin with."""
        return tail_in(self.text, self.last)

    @property
    def stop(self) -> int:
        """Position at which the tail begins, or the last part ends."""
        return self.tail.start() if self.tail else self.last.end

    @property
    def is_of(self) -> bool:
        return self.tail is not None and self.tail.group().strip() == "of"

    @cached_property
    def heads(self) -> list[int]:
        """Numbers of the words before the tail that name a picture or its like: "images", "curves"."""
        return [
            number
            for number, word in enumerate(self.words[:7])
            if number and word.end() <= self.stop and PLURAL_HEAD.match(word.group())
        ]


class _Verdict(NamedTuple):
    """Finding of a rule: the position where the words begin that are left out, or None where nothing is."""

    start: int | None


_NOTHING = _Verdict(None)


def tail_start(text: str, others: Sequence[Span | None], last: Span, is_and: bool) -> int | None:
    """Position in the last part where the words begin that the parts before it omit; None where they omit nothing."""
    sharing = _Sharing(text, [text[slice(*span)] for span in others if span is not None], last, is_and)
    for rule in _RULES:
        if (verdict := rule(sharing)) is not None:
            return verdict.start
    return None


def _by_names(said: _Sharing) -> _Verdict | None:
    """ "(a) Co- and (b) Ni-doped oxide", "(a) LP-1 and (b) HT-2 samples": what has several names is told once."""
    if not said.is_and:
        return None
    words = said.words
    if said.final.endswith("-") and (hyphen := HYPHEN.search(words[0].group())):
        return _Verdict(words[0].start() + hyphen.end())
    if (named := behind_names(said.before, words)) is not None:
        return _Verdict(named)
    has_bracket = said.final.endswith(")") or _REMARK.fullmatch(words[1 % len(words)].group())
    if has_bracket and (turned := behind_adjectives(said.before[-1], words)) is not None:
        return _Verdict(turned)
    return None


def _by_pictures(said: _Sharing) -> _Verdict | None:
    """ "(a) SEM and (b) TEM images of rods": two pictures share the word for them."""
    words, heads, final, size = said.words, said.heads, said.final, said.size
    if not said.is_and or not heads:
        return None
    if heads[0] == 1 and all(map(_KIND.fullmatch, (*said.before, words[0].group()))):
        return _Verdict(words[1].start())
    # "(a) biological processes and (b) cellular components": each has a plural of its own
    is_plural = size > 1 and heads[0] == size - 1 and PLURAL.fullmatch(final)
    if said.has_head or is_plural or has_own_head(said.before[-1]):
        return None
    are_adjectives = ADJECTIVE.match(final) and ADJECTIVE.match(words[0].group())
    # "top-view and (b) side-view FESEM images": each has one word of its own
    least = 1 if are_adjectives else max(1, size)
    cut = heads[0]
    while cut > least and _ACRONYM.match(words[cut - 1].group()):
        cut -= 1
    if size == 1 and are_adjectives:
        # "measured and (b) simulated radiation patterns", but "dorsal and (b) right lateral views"
        cut = next((number for number in range(1, cut) if not ADJECTIVE.match(words[number].group())), cut)
    if size <= 2 and _ACRONYM.match(words[min(cut, size)].group()):
        cut = min(cut, size)
    return _Verdict(words[cut].start())


def _by_statistics(said: _Sharing) -> _Verdict | None:
    """ "(a) mean and (b) standard deviation of the wind"."""
    if said.final not in ("mean", "average", "median") or not _COMPUTED.search(said.text, said.last.start, said.stop):
        return None
    return _Verdict(said.tail.start() + 1) if said.tail else _NOTHING


def _by_adjectives(said: _Sharing) -> _Verdict | None:
    """ "(a) before and (b) after annealing", "(a) top-view and (b) side-view images": no part names its thing."""
    words, final, size = said.words, said.final, said.size
    if not said.is_and or said.has_head or len(words) <= size:
        return None
    if ELLIPTIC.match(said.before[-1]) and ELLIPTIC.match(words[0].group()):
        return _Verdict(words[size].start())
    if not ADJECTIVE.match(final) or words[0].group().lower() in PREPOSITIONS:
        return None
    if size == 1 and final.endswith(f"-{words[1].group()}") and len(words) > 2:
        # "s-polarized and (b) circularly polarized light"
        return _Verdict(words[2].start())
    bearer = words[1].group()
    # "Low top-view and (b) side-view FESEM images": each has one word of its own
    is_one = ADJECTIVE.match(words[0].group()) and (_ACRONYM.match(bearer) or PLURAL.fullmatch(bearer))
    return _Verdict(words[1 if is_one else size].start())


def _by_what_is_added(said: _Sharing) -> _Verdict | None:
    """ "(a) gold rods and (b) gold rods in silica": what the last part has more is what tells them apart."""
    words, size = said.words, said.size
    if [word.group() for word in words[:size]] == said.before[-1].split():
        return _NOTHING
    if size > 1 and words[0].group() == said.final and words[1 % len(words)].group() in PREPOSITIONS:
        # "(a) the pure and doped films and (b) films of one thickness"
        return _NOTHING
    return _NOTHING if _ADDED.search(said.text, *said.last) and any(map(_PLAIN.search, said.before)) else None


def _by_repeated_word(said: _Sharing) -> _Verdict | None:
    """ "(a) red light and (b) blue light at noon": what follows the word that both end with."""
    words, final = said.words, said.final
    # not "(a) church forests and (b) own forests and sacred ones", nor "(a) a rise and (b) loss for the rise in heat"
    same = [
        number
        for number, word in enumerate(words[:-1])
        if word.group().strip(",") == final
        and not final.isdigit()
        and (said.is_of or word.start() < said.stop)
        and not (word.group() == final and words[number + 1].group() in ("and", "or"))
        # "(a) charge cycles and (b) efficiency of a cell for 10 cycles at 1 C"
        and not (number > 1 and words[number - 1].group().isdigit() and words[number - 2].group() in PREPOSITIONS)
    ]
    if not same:
        return None
    following = words[same[0] + 1]
    if following.group() == "after" and any(map(_AS_IT_WAS.search, said.before)):
        return _NOTHING  # "(a) the as-deposited film and (b) the film after annealing"
    is_shared = said.is_and and same[0] + 1 >= said.size and following.group()[0] != "("
    return _Verdict(following.start()) if is_shared else None


def _by_values(said: _Sharing) -> _Verdict | None:
    """ "(a) x = 0 and (b) x = 1 oxides", "(a) 5 nm and (b) 10 nm rods"."""
    words, size = said.words, said.size
    if not said.is_and:
        return None
    if size == 1 and all("=" in part for part in said.before) and "=" in words[0].group() and len(words) > 1:
        return _Verdict(words[1].start())
    if size > 2 or not said.before[-1][:1].isdigit():
        return None
    quantity = said.text[words[0].start() : words[min(size, len(words)) - 1].end()]
    is_quantity = _QUANTITY.fullmatch(BRACKETED.sub("", quantity))
    return _Verdict(words[size].start()) if is_quantity and len(words) > size else _NOTHING


def _by_preposition(said: _Sharing) -> _Verdict | None:
    """ "(a) energy and (b) field of iron": what stands behind the first preposition, unless the last part owns it."""
    text, last, before, tail = said.text, said.last, said.before, said.tail
    if tail is None:
        return None
    if _NUMBER_OF.match(text, *last) and not any(map(QUANTITIES.search, before)):
        return _NOTHING  # "(a) species, (b) season and (c) the number of cycles"
    if said.is_of and (_OWN_OF.match(text, *last) or said.words[0].group().lower() in PREPOSITIONS):
        return _NOTHING  # "(b) by donor and (c) by expression of CD3"
    is_computed = said.is_of and said.size > 1 and _COMPUTED.search(text, last.start, said.stop)
    if is_computed and not any(map(_COMPUTED.search, before)):
        return _NOTHING
    own = BRACKETED.sub("", text[last.start : tail.start()])
    names = re.split(r",\s(?:and\s)?", own)
    is_list = len(names) > 1 and "," not in before[-1] and not all(map(has_own_head, names))
    if re.search(r"[;:]", own) or is_list or len(own.split()) > LONGEST_SHARING:
        return _NOTHING
    return _Verdict(tail.start() + 1) if said.is_and or has_own_head(before[-1]) else _NOTHING


_RULES: tuple[Callable[[_Sharing], _Verdict | None], ...] = (
    _by_names, _by_pictures, _by_statistics, _by_adjectives, _by_what_is_added, _by_repeated_word, _by_values,
    _by_preposition,
)  # fmt: skip
"""The first that has a verdict counts."""


def tail_in(text: str, part: Span) -> re.Match[str] | None:
    """The first words of `part` that a tail may begin with, outside of brackets: not in "HT-2 (aged for 3 h)"."""
    for tail in TAIL.finditer(text, *part):
        # "(c) the sum of both for ten trees", "(b) a list as well as (c) a drawing"
        if _NO_TAIL.match(text, tail.start()):
            continue
        if text.count("(", part.start, tail.start()) <= text.count(")", part.start, tail.start()):
            return tail
    return None
