"""Rows of labels without brackets: bare letters, letters glued to words or told with "="."""

import re
from collections.abc import Sequence, Set
from functools import cache
from itertools import pairwise

from exsclaim.captions.labels.label_ranges import Form, PrintedLabel, expanded
from exsclaim.captions.labels.label_rows import front_of
from exsclaim.captions.spans import Span

# a letter that ends a part of a sentence: "anti-actin a and tubulin b."
_BEHIND = re.compile(r"(?<=[\w)]\s)(?P<list>[A-Ha-h])(?=\s(?:and|or)\s|\s?[.,;](?:\s|$))")


def unbracketed_front(text: str, start: int, run: list[str], kind: str) -> list[PrintedLabel]:
    """Letters without marks behind their words that the row lacks at its front, each once and in order; or none."""
    missing = front_of(run, kind)
    if not missing:
        return []
    found = [match for match in _BEHIND.finditer(text, start) if match["list"] in missing]
    if [match["list"] for match in found] != missing:
        return []
    return [
        PrintedLabel(Span(*match.span("list")), (match["list"],), Form.PAREN, False, None, False) for match in found
    ]


def bare_in_gap(text: str, labels: Sequence[str], mentions: Sequence[PrintedLabel]) -> list[PrintedLabel]:
    """ "a Habit of L1, b seeds of L1. Pollen of L1 (c)": letters of the row that stand bare, each once."""
    places = {label: one.span.start for one in reversed(mentions) for label in one.labels}
    found: list[PrintedLabel] = []
    for before, label, after in zip(labels, labels[1:], labels[2:], strict=False):
        if label in places or len(label) > 1 or before not in places or after not in places:
            continue
        # behind a comma, or before a capital where a page lost a full stop
        bare = re.compile(rf"(?:(?<=[,;]\s){label}(?=\s[a-z][\w-]+\s)|(?<=[a-z)]\s){label}(?=\s[A-Z][a-z]{{3,}}\s))")
        between = list(bare.finditer(text, places[before], max(places[before], places[after])))
        if len(between) == 1:
            found.append(PrintedLabel(Span(*between[0].span()), (label,), Form.BARE, False, None, True))
    return found


_LONGEST_GAP = 3


def bare_before(text: str, labels: Sequence[str], mentions: Sequence[PrintedLabel]) -> list[PrintedLabel]:
    """ "b Voltage. Shifts with c gold and d tin. e Frames": letters behind the row, each once, before one that goes on.

    The one that goes on begins a clause; at most three stand before it.
    """
    last = max((one.span.end for one in mentions if set(one.labels) & set(labels)), default=0)
    heads = {one.labels[0]: one for one in mentions if one.at_clause_start and one.span.start > last}
    following = chr(ord(labels[-1][0]) + 1)
    missing: list[str] = []
    while following not in heads and len(missing) < _LONGEST_GAP:
        missing.append(following)
        following = chr(ord(following) + 1)
    if not missing or following not in heads or heads[following].form is not Form.BARE:
        return []
    found: list[PrintedLabel] = []
    for letter in missing:
        bare = re.compile(rf"(?<=[\w,)]\s){letter}(?=\s(?!(?:axis|is|was|shows?|and|or)\b)[^\W\d_][\w/-]+\s)")
        places = list(bare.finditer(text, last, heads[following].span.start))
        if len(places) != 1:
            return []
        last = places[0].end()
        found.append(PrintedLabel(Span(*places[0].span()), (letter,), Form.BARE, False, None, True))
    return found


# "In a, the depth in 2005. b shows …", "In a the rate is …"
_IN_LETTER = re.compile(r"In (?P<list>[A-Ha-h])(?:,\s|\s(?=(?:the|an?|we|each|all)\s))")
_STOPS = frozenset(("", ". ", "; ", ": "))
# "stages of ice, a needle; b plate; c star"
_BEHIND_COMMA = re.compile(r"(?<=,\s)(?P<list>a)\s(?=[^.;:,]{3,60}[;,]\s?b\s)")


def told_in(text: str, start: int, mentions: Sequence[PrintedLabel]) -> list[PrintedLabel]:
    """Letters without marks that begin no clause, of a row whose others do: "In a, …. b shows …"; or none."""
    patterns = [one for one, stem in ((_IN_LETTER, "In "), (_BEHIND_COMMA, ", a ")) if stem in text]
    if not patterns:
        return []
    named = {label for one in mentions if one.form is not Form.REFERENCE for label in one.labels}
    for pattern in patterns:
        found = [one for one in pattern.finditer(text, start) if one["list"] not in named]
        if pattern is _IN_LETTER:
            found = [one for one in found if text[max(0, one.start() - 2) : one.start()] in _STOPS]
        heads = {label for one in mentions if one.form is Form.BARE and one.at_clause_start for label in one.labels}
        row = {one["list"] for one in found} | heads
        if any(one["list"] in "aA" and chr(ord(one["list"]) + 1) in row for one in found):
            return [PrintedLabel(Span(*one.span()), (one["list"],), Form.BARE, True, None, True) for one in found]
    return []


def subject_row(mentions: Sequence[PrintedLabel], marked: Set[str]) -> list[PrintedLabel]:
    """ "A, C and E show roots. B, D and F show leaves.": lists that begin clauses and name each letter once; or none.

    `marked` are the letters that stand in brackets somewhere.
    """
    heads = [one for one in mentions if one.at_clause_start and one.form in (Form.REFERENCE, Form.BARE)]
    labels = sorted(label for one in heads for label in one.labels)
    is_row = labels[:1] in (["a"], ["A"]) and labels == [chr(ord(labels[0]) + place) for place in range(len(labels))]
    if len(heads) < 2 or not is_row or all(one.form is Form.BARE for one in heads) or not marked.isdisjoint(labels):
        return []
    return [one._replace(form=Form.ROW) for one in heads]


# "programs a Comparison of X with Z b Comparison of Y with Z": letters that nothing but capitals and their order show
_STOPLESS = re.compile(r"(?<=[\w)]\s)(?P<list>[a-h])(?=\s(?P<word>[A-Za-z][a-z]{2,})\s)")
_LEAST_STOPLESS = 3
# "A. tissues of the leaf and B. tissues of the root", and no species: the same word behind all, or such as these
_DOTTED_SMALL = re.compile(
    r"(?:(?<=^)|(?<=[;:,]\s)|(?<=\sand\s)|(?<=\.\s))(?P<list>[A-H])\.(?=\s(?P<word>[a-z]{2,})\s)"
)
_NO_SPECIES = frozenset(("for", "the", "in", "before", "after", "with", "without", "from", "at", "under"))


def stopless_row(text: str, start: int) -> list[PrintedLabel]:
    """Bare letters in order from "a" on, each before a capital or the word that stands behind the first; or none."""
    row: list[re.Match[str]] = []
    for found in _STOPLESS.finditer(text, start):
        is_alike = bool(row) and found["word"].lower() == row[0]["word"].lower()
        if found["list"] == chr(ord("a") + len(row)) and (is_alike or found["word"][0].isupper()):
            row.append(found)
    is_alike = len({one["word"].lower() for one in row}) == 1
    if len(row) < 2 or (len(row) < _LEAST_STOPLESS and not is_alike):
        return []
    return [PrintedLabel(Span(*one.span("list")), (one["list"],), Form.ROW, True, None, True) for one in row]


def dotted_small_row(text: str, start: int) -> list[PrintedLabel]:
    """Capitals with full stops in order from "A" on, all before one small word or before prepositions; or none."""
    if "B. " not in text:
        return []
    row: list[re.Match[str]] = []
    for found in _DOTTED_SMALL.finditer(text, start):
        if found["list"] == chr(ord("A") + len(row)):
            row.append(found)
    words = {one["word"] for one in row}
    if len(row) < 2 or not (len(words) == 1 or words <= _NO_SPECIES):
        return []
    return [PrintedLabel(Span(*one.span()), (one["list"],), Form.ROW, True, None, True) for one in row]


# what begins a row of letters without marks, joins it, and follows each
_ROW_OPENS = re.compile(r"(?:^|[:;.,]\s|\b(?:of|for|at|in|with|from|by|under|on|show|showing)\s)$")
_ROW_JOINS = re.compile(r"(?:[,;:.)\]]\s|\s[–—-]\s|\b(?:and|or|while|und|et|y)\s)$")
# "a 1 h, b 2 h", "a 30 °C, b 50 °C": a unit makes no list with the next letter
_NEIGHBOURS = "|".join(
    rf"{one}(?:,\s|\sand\s){two}"
    for letters in ("ABCDEFGHJKLMNOP", "abcdefghijklmnop")
    for one, two in pairwise(letters)
)
_ROW_LETTER = re.compile(
    rf"(?<![\w\[.°–—-])(?P<list>{_NEIGHBOURS}|[A-HJ-Pa-p](?:[–-][A-HJ-Pa-p])?)"
    r"(?=\s(?:[^\W\d_][\w/@.%-]+|an?|[A-Z\d]|[\d−]+)(?:[\s,;.:]|$))"
    r"(?!\s(?:and|or|being|is|are|was|were|has|in|of|to|on|at|by|for|from|with|as|axis|axes|direction|planes?|lattice|parameters?|denotes?|indicates?|respectively|values?|bands?|orbitals?|cells?|sites?|cores?|coli|et)\b)"
)


_CAPITAL_NEXT = re.compile(r"\s[A-Z][a-z]+[\s-]")
_CLOSE_ROW = 90
_LONGEST_ROW_NAME = 6
# "…crystal.aTEM image of a rod;bHRTEM image of its end": a page's bold letters, glued to the words
_GLUED_FIRST = re.compile(r"[.;:)]a[A-Z]")
_GLUED_A = (".a", ";a", ":a", ")a")
_GLUED = re.compile(r"(?:^|(?<=[.;:)]))\s?(?P<list>[a-h])(?=[A-Za-z][\w-]*\s)")


def glued_row(text: str, start: int) -> list[PrintedLabel]:
    """Letters glued to the words after them; the first two stand before capitals, and there are three or more."""
    row: list[PrintedLabel] = []
    if not (
        (any(map(text.__contains__, _GLUED_A)) and _GLUED_FIRST.search(text, start))
        or (text[start : start + 1] == "a" and text[start + 1 : start + 2].isupper())
    ):
        return row
    for found in _GLUED.finditer(text, start):
        is_next = found["list"] == chr(ord("a") + len(row))
        # "in (c) exhibiting": a word of its own
        is_apart = text[found.start()].isspace()
        if is_next and ((len(row) > 1 and not is_apart) or text[found.end()].isupper()):
            row.append(PrintedLabel(Span(*found.span("list")), (found["list"],), Form.ROW, True, None, True))
    return row if len(row) > 2 else []


# "A = raw quartz, B = milled quartz", "A – habit, B – leaf, C – fruit", and how many of them make a row
_TOLD = (
    (" = ", "=", 4),
    (" – ", "–", 3),
    (" — ", "—", 3),
    (" - ", "-", 3),
)


@cache
def _told_with(sign: str) -> re.Pattern[str]:
    blank = r"\s?" if sign == "=" else r"\s"
    return re.compile(
        rf"(?:(?<=[.,;:(]\s)|(?<=\()|(?<=\sand\s)|^)(?P<letter>[A-Za-z]){blank}{sign}{blank}(?P<word>[^\W\d_][\w-]+|[a-z]\s[a-z]+)"
    )


def equals_row(text: str, start: int) -> list[PrintedLabel]:
    """Letters told with equals signs or dashes, in order from "a" on; not the initials of things in a drawing."""
    for spaced, sign, shortest in _TOLD:
        if text.count(sign if sign == "=" else spaced, start) < shortest:
            continue
        row: list[re.Match[str]] = []
        for found in _told_with(sign).finditer(text, start):
            if found["letter"] in "aA":
                row = [found]
            elif row and ord(found["letter"]) == ord(row[-1]["letter"]) + 1:
                row.append(found)
        initials = sum(one["letter"].lower() == one["word"][0].lower() for one in row)
        if len(row) < shortest or 2 * initials > len(row):
            continue
        return [
            PrintedLabel(
                Span(one.start("letter"), one.start("word")), (one["letter"],), Form.ROW, one is row[0], None, True
            )
            for one in row
        ]
    return []


def _is_row_of_names(text: str, row: list[re.Match[str]]) -> bool:
    """True if few words stand between the first letters of `row`, and no sentence ends there."""
    between = [text[one.end() : two.start()] for one, two in pairwise(row[:3])]
    return not any(". " in words or len(words.split()) > _LONGEST_ROW_NAME for words in between)


def _opens_list(text: str, first: re.Match[str]) -> bool:
    """ "in three modes (a SE: secondary electrons, b BF: bright field)": the bracket of `first` names the next, too."""
    close = text.find(")", first.end())
    following = chr(ord(first["list"][-1]) + 1)
    return close > 0 and bool(re.search(rf"[,;]\s(?:and\s)?{following}\b\s?[,:]?\s?\w", text[first.end() : close]))


def _goes_on(text: str, first: str, known: Set[str]) -> bool:
    """True if the first letter that is not `known` stands bare somewhere: a look that spares the search."""
    missing = next((letter for letter in map(chr, range(ord(first), ord(first) + 26)) if letter not in known), "")
    return missing == first or any(f" {missing}{end}" in text for end in " ,–-")


def unmarked_row(text: str, start: int, known: set[str]) -> list[PrintedLabel]:
    """Letters that only their order shows to be labels: "Fig. 3 a SEM image, b TEM image and c EDS map of ZnO".

    Each but the first stands behind a comma or a conjunction, and all before words of their own.
    """
    for first in "aA":
        second, fourth = (chr(ord(first) + place) for place in (1, 3))
        is_read = {second, fourth} <= known
        if is_read and not _goes_on(text, first, known):
            continue
        row: list[re.Match[str]] = []
        following = ""
        is_told = False
        for match in _ROW_LETTER.finditer(text, start):
            before = text[max(start, match.start() - 14) : match.start()]
            letter = match["list"][0]
            if before.endswith("(") and not (letter == first and _opens_list(text, match)):
                continue
            opens = before.endswith("(") or bool(_ROW_OPENS.search(before))
            if letter == first and len(row) < 2 and (opens or first == "a"):
                row = [match]
                is_told = opens
            elif not row or letter != following or not _ROW_JOINS.search(before):
                continue
            else:
                row.append(match)
            following = chr(ord(match["list"][-1]) + 1)
        # "A" begins sentences, and "b" alone may be an axis
        is_joined = len(row) == 2 and (row[0].start() == start or text[: row[1].start()].endswith(" and "))
        # "showing the a PFS, b OS and c DSS": behind any word where the letters stand close together
        is_close = len(row) > 2 and row[2].start() - row[0].start() < _CLOSE_ROW and _is_row_of_names(text, row)
        # "covering a The first spread, b The second one and c Its end": before capitals, where "a" is no article
        is_told = is_told or is_close or (first == "a" and all(_CAPITAL_NEXT.match(text, one.end()) for one in row))
        if is_told and (
            len(row) > 2 or (is_joined and first == "a" and "." not in text[row[0].end() : row[1].start()])
        ):
            found = [
                PrintedLabel(Span(*one.span("list")), expanded(one["list"])[0], Form.ROW, one is row[0], None, True)
                for one in row
            ]
            # "a Leaf. b Root and c stem": letters that were read already are told by more than their order
            told = {label for label in known if label.islower() == first.islower()}
            if not is_read or {label for one in found for label in one.labels} > told:
                return found
    return []
