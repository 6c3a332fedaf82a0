"""Lengths and labels in a sentence about scale bars, as a row of tokens."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from exsclaim.captions.labels.label_ranges import LABEL_LIST, expanded
from exsclaim.captions.spans import Span
from exsclaim.lengths import FOREIGN_UNIT_NAMES, NM_PER_UNIT, length_unit

_UNIT = (
    r"(?P<unit>pm|nm|[µμu]\s?m|mm|cm|Å|Å|Å|[Mm]icrons?|[Mm]icrometers?|[Mm]icrometres?|[Nn]anomet(?:er|re)s?|"
    rf"(?:{'|'.join(sorted(' '.join(FOREIGN_UNIT_NAMES.values()).split(), key=len, reverse=True))})s?|m)"
)
_NUMBER = r"\d{1,5}(?:\.\d{1,3})?"
LENGTH = re.compile(
    rf"(?P<number>\d{{1,6}}(?:[.,]\d{{1,4}})?)[\s\u2005\u2009\u00a0-]?{_UNIT}"
    # "5 nm 2" is an area; "25 µm 24 nm" two lengths
    # and "5 nm per pixel" a step
    r"(?![\w/^−-]|\sper\s|\s?[−-]?\d(?!\d{0,4}\s?(?:nm|[µμ]m|mm)\b))"
)
# "5, 10 and 20 µm", "100 (a) and 5 nm (b)": numbers that have the unit of the last one
_NUMBER_BEFORE = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,5}(?:\.\d{1,3})?)\s*(?:\([^()\d]{1,12}\)\s*)?(?:,\s*(?:and\s|or\s)?|/|&|\band\b|\bor\b)\s*(?:\([^()\d]{1,12}\)\s*)?$"
)
_TOKENS = re.compile(
    rf"(?P<respectively>\b(?:respectively|correspondingly|jeweils|respectivamente|respectivement)\b)|(?P<inset>\b(?:[Ii]nsets?|magnified|enlarged|zoom(?:ed)?(?:-in)?)\b)"
    r"|(?P<rest>\b(?:(?:(?:all|the)\s+)+(?:others?|rest|remaining)(?:\s(?:images|panels|ones))?|(?:all\s)?other\s(?:images|panels|micrographs)|"
    r"elsewhere|otherwise|others)\b)"
    # bars of diffraction patterns: they count in a list, and are no lengths
    r"|(?P<reciprocal>\d+(?:\.\d+)?\s?(?:1\s?/\s?(?:nm|Å)|(?:nm|Å|[µμ]m)\s?\^?[−–-]\s?1))"
    r"|(?P<all>\b(?:all|both|each|every)\s(?:of\s(?:the\s)?)?(?:the\s)?(?:images?|panels?|micrographs?)\b|\ball(?=\s*[.;,)]|\s*$))"
    # "(500, 2, 500) µm"
    rf"|[(\[](?P<row>{_NUMBER}(?:,\s?{_NUMBER})+)[)\]]\s?{_UNIT.replace('<unit>', '<unit_of_row>')}(?![\w/^−-])"
    rf"|(?P<length>{LENGTH.pattern})|(?P<labels>(?<![\w.]){LABEL_LIST}(?![\w]))"
    # "1 µm. b, 50 nm", "20 µm (d: 5 µm)", "20 µm except for d, 5 µm", "1 µm, (c) 50 nm"
    rf"|(?P<end>;|\.(?=\s)|\b(?:except|unless|apart\sfrom)\b|\((?={LABEL_LIST}\s?[:,=]?\s?\d)"
    rf"|(?<=m),(?=\s(?:and\s)?(?:\({LABEL_LIST}\)\s?|{LABEL_LIST}\s)[:=]?\s?\d))"
)
# "scale bar = 50 µM": a slip of the shift key
LENGTH_WITH_SLIP = re.compile(LENGTH.pattern.replace("pm|nm|", "pm|nm|[µμ]M|"))
_TOKENS_WITH_SLIP = re.compile(_TOKENS.pattern.replace("pm|nm|", "pm|nm|[µμ]M|"))
_LONGEST_KEYWORD = 12
# "; axes: d – dorsal; v – ventral" tells of no panel d
_KEY = re.compile(
    r"[;.]\s(?:[Aa]x[ei]s|[Oo]rientations?|[Dd]irections?|[Kk]ey):\s|[;:]\s[a-z]\s[–—]\s[a-z]{3,}[,;]\s[a-z]{1,2}\s[–—]\s[a-z]{3}"
)
_LETTER_WORD = re.compile(r"\s+[a-z]{2,}")
_EQUALS_NEXT = re.compile(r"\s?[=:]?\s?\d")
_INSET_NEXT = re.compile(r"\s[Ii]nsets?\b")
_VERB_NEXT = re.compile(r"\s+(?:is|are|and|or|to|represents?|indicates?|in|at|corresponds?)\b")
_BEFORE_LETTER = re.compile(r"(?:\b(?:in|for|of|and|or|to|panels?|figs?\.?|parts?)|[(\[,:;=/&–-])\s*$")
_RANGE_BETWEEN = re.compile(r"[)\]]\s?(?:[–—-]{1,2}|to|through)\s?[(\[]")


class Kind(Enum):
    LENGTH = auto()
    LABELS = auto()
    RESPECTIVELY = auto()
    INSET = auto()
    END = auto()


class Token(NamedTuple):
    kind: Kind
    span: Span
    labels: tuple[str, ...] = ()
    nm: float = 0.0
    """0 for the bar of a diffraction pattern."""


_KIND_OF = {
    "reciprocal": Kind.LENGTH,
    "respectively": Kind.RESPECTIVELY,
    "inset": Kind.INSET,
    "end": Kind.END,
    "all": Kind.LABELS,
    "rest": Kind.LABELS,
}
"""Kinds of tokens by the groups of the patterns."""


def length_nm(number: str, unit: str) -> float:
    """A printed length in nm; a comma is read as decimal sign unless it sets off thousands."""
    value = float(number.replace(",", "") if re.fullmatch(r"\d{1,3},\d{3}", number) else number.replace(",", "."))
    symbol = length_unit(unit)
    if symbol is None:
        raise ValueError(f"{unit!r} is not a unit of length: pass what LENGTH found")
    return round(value * NM_PER_UNIT[symbol], 6)


def scale_tokens(text: str, sentence: Span, labels: Sequence[str]) -> list[Token]:
    """Lengths, labels and words about both in a sentence that tells of scale bars, in their order."""
    known = {label: label for label in labels} | {
        label.swapcase(): label for label in labels if label.swapcase() not in labels
    }
    found: list[Token] = []
    # spans of "others" and the like: the labels that the sentence does not name
    rest: set[Span] = set()
    position = sentence.start
    # "From left to right bars, control, 0.5 μM drug" is told of no length
    is_slip = text.find("cale", max(0, sentence.start - _LONGEST_KEYWORD), sentence.end) >= 0
    tokens = _TOKENS_WITH_SLIP if is_slip and not LENGTH.search(text, *sentence) else _TOKENS
    key = _KEY.search(text, *sentence)
    end = key.start() if key else sentence.end
    while match := tokens.search(text, position, end):
        position = max(match.end(), match.start() + 1)
        span = Span(*match.span())
        if match["length"]:
            if found and found[-1].kind is Kind.LENGTH and text[found[-1].span.end : span.start].isspace():
                # "25 µm 24 nm data set": the second names something
                continue
            nm = length_nm(match["number"], match["unit"])
            found += [*_numbers_before(text, sentence.start, span, match["unit"]), Token(Kind.LENGTH, span, (), nm)]
        elif match["row"]:
            found += _lengths_of_row(match)
        elif kind := next((kind for name, kind in _KIND_OF.items() if match[name]), None):
            found.append(Token(kind, span, tuple(labels) if match["all"] else ()))
            rest |= {span} if match["rest"] else set()
        else:
            names, length = expanded(match["labels"])
            names = tuple(known[name] for name in names if name in known) if known.keys() >= set(names) else ()
            span = Span(match.start(), match.start() + max(1, length))
            position = span.end
            if names and not _is_word(text, span):
                found.append(Token(Kind.LABELS, span, names))
    found = _with_ranges_whole(text, found, known)
    named = {name for token in found for name in token.labels}
    unnamed = tuple(label for label in labels if label not in named)
    # "20 (A, B) and 5 µm (C, D)": the number before has its unit from behind
    found.sort(key=lambda token: token.span)
    return [token._replace(labels=unnamed) if token.span in rest else token for token in found]


def _lengths_of_row(match: re.Match[str]) -> Iterator[Token]:
    """ "5, 10 and 20 µm": each number with the unit behind the last."""
    for number in re.finditer(_NUMBER, match["row"]):
        at = Span(match.start("row") + number.start(), match.start("row") + number.end())
        yield Token(Kind.LENGTH, at, (), length_nm(number.group(), match["unit_of_row"]))


def _with_ranges_whole(text: str, tokens: Sequence[Token], known: Mapping[str, str]) -> list[Token]:
    """The tokens with the two of "(b)–(d)" made one."""
    found = list(tokens)
    for place in range(len(found) - 1, 0, -1):
        one, other = found[place - 1], found[place]
        if one.labels and other.labels and _RANGE_BETWEEN.fullmatch(text, one.span.end, other.span.start):
            names, _ = expanded(f"{one.labels[-1]}–{other.labels[0]}")
            labels = (*one.labels, *(known[name] for name in names[1:] if name in known), *other.labels[1:])
            found[place - 1 : place + 1] = [Token(Kind.LABELS, Span(one.span.start, other.span.end), labels)]
    return found


def _is_word(text: str, span: Span) -> bool:
    """ "a" and "A" where they are articles, "I" where it is a pronoun or a numeral of something else."""
    if text[span.start : span.end] not in ("a", "A", "I", "i") or text[span.end : span.end + 1] in (
        ")",
        "]",
        ":",
        "=",
        ",",
    ):
        return False
    if _EQUALS_NEXT.match(text, span.end):
        return False
    if _INSET_NEXT.match(text, span.end) and text[span.start] in "aA":
        # "5 nm in a inset": the article is "an"
        return False
    if _VERB_NEXT.match(text, span.end):
        return not _BEFORE_LETTER.search(text, max(0, span.start - 8), span.start)
    return bool(_LETTER_WORD.match(text, span.end)) or not _BEFORE_LETTER.search(
        text, max(0, span.start - 8), span.start
    )


def _numbers_before(text: str, start: int, span: Span, unit: str) -> list[Token]:
    found: list[Token] = []
    edge = span.start
    while (number := _NUMBER_BEFORE.search(text, max(start, edge - 30), edge)) and len(found) < 12:
        place = Span(*number.span("number"))
        found.insert(0, Token(Kind.LENGTH, place, (), length_nm(number["number"], unit)))
        edge = place.start
    return found


def to_last_length(tokens: list[Token]) -> list[Token]:
    """Tokens without the clauses behind the last length: "… is 1 cm in (A); note that (I) is a view of (H)"."""
    last = max((place for place, token in enumerate(tokens) if token.kind is Kind.LENGTH), default=-1)
    stop = next((place for place in range(last + 1, len(tokens)) if tokens[place].kind is Kind.END), len(tokens))
    is_told = any(token.kind is Kind.LABELS for token in tokens[:stop])
    return tokens[:stop] if is_told and last >= 0 else tokens


_FRAGMENT = re.compile(rf"\s*\W?(?:in\s)?\(?{LABEL_LIST}\)?\s?[,:=–-]?\s?{LENGTH.pattern}[^.;]{{0,30}}[.;]?\s*$")


def is_fragment(text: str, sentence: Span) -> bool:
    """True for labels and a length that go on with the sentence before: "Scale bars: a, 1 µm. b, 50 nm."."""
    return sentence.end - sentence.start < 80 and bool(_FRAGMENT.match(text[sentence.start : sentence.end]))
