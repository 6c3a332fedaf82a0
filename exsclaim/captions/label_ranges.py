"""Ranges and lists of labels as printed ("a–c, e", "Ai–iii"), written out; and what is none ("(I-V) curves")."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from exsclaim.captions.spans import Span

# "current density-voltage (J-V)", "(I–V) curves": two quantities against each other, and no range
_QUANTITY = (
    r"(?:currents?|voltages?|capacitances?|fields?|strains?|stress(?:es)?|polari[sz]ations?|magneti[sz]ations?|times?|"
    r"temperatures?|absorbance|potentials?|charges?|pressures?|loads?|lengths?|density|energy|forces?|displacements?|depths?|"
    r"concentrations?|frequenc(?:y|ies)|power|resistances?|conductances?|intensity|distance|volume|rate|life|cycle)"
)
_BEFORE_AXES = re.compile(
    rf"\b{_QUANTITY}\s*(?:[-–—/−‐]|versus|vs\.?|and|to)\s*(?:\w+\s)?{_QUANTITY}\s*[(\[]?$", re.IGNORECASE
)
_AFTER_AXES = re.compile(
    r"[)\]]?\s*(?:(?!and\b|or\b|with\b)[a-z]+\s){0,2}?(?:curves?|characteri[sz]ations?|characteristics?|plots?|loops?|traces?|hysteres[ie]s|measurements?|responses?|"
    r"relations?(?:hips?)?|profiles?|sweeps?|dependenc[ey]|behaviou?rs?|data|diagrams?|planes?|junctions?|cycling)\b"
)
# "the (a-b) plane": two axes of a crystal
_AFTER_PLANE = re.compile(r"[)\]]?\s(?:crystal\s)?(?:planes?|axes|directions?)\b(?![- ]view)")
# letters of things in the drawing: "layer (E) is", "letters (A–F)", "curve a"
_NAMED_THINGS = frozenset(
    ("letter", "letters", "chain", "vitamin", "hepatitis", "influenza", "monomer", "subunit", "protomer", "haplotype")
)
# "copper(II)", "iron (III)": no numeral of a panel
_OXIDATION = ("I", "II", "III", "IV", "V", "VI")
_METAL = re.compile(
    r"(?:\b(?:iron|copper|cobalt|nickel|manganese|chromium|vanadium|titanium|tin|lead|gold|silver|palladium|platinum|cerium|"
    r"europium|ruthenium|rhodium|iridium|molybdenum|tungsten|uranium|arsenic|antimony|mercury|thallium|oxides?)|"
    r"(?:Fe|Cu|Co|Ni|Mn|Cr|V|Ti|Sn|Pb|Au|Ag|Pd|Pt|Ce|Eu|Ru|Rh|Ir|Os|Mo|W|U|Re|As|Sb|Hg|Tl))\s*$"
)
_THINGS = frozenset(
    ("layer", "lane", "arrow", "point", "site", "peak", "position", "zone", "region", "domain", "box", "line", "step")
)
_VERB_AFTER = re.compile(r"\s*(?:is|are|was|were|emits?|acts?|serves?)\b")
LEGEND = frozenset(
    (
        "curve",
        "trace",
        "line",
        "spectrum",
        "layer",
        "lane",
        "arrow",
        "point",
        "peak",
        "sample",
        "column",
        "row",
        "spot",
        "route",
        "method",
        "strategy",
        "type",
        "class",
        "group",
        "case",
        "model",
        "option",
        "step",
        "phase",
        "form",
        "mode",
    )
)
# "a kinase (K, ochre)": the letter and the colour of a part of the drawing
COLOURS = (
    "(?:red|green|blue|black|white|gr[ae]y|yellow|orange|purple|pink|cyan|magenta|brown|violet|turquoise|gold|silver|"
    "ochre|tan|plum)"
)
COLOUR_NOTE = re.compile(rf"[,:;]\s*(?:light |dark |in )*{COLOURS}\)")
_NOT_A_LABEL_AFTER = re.compile(
    r"\s*(?:[=<>±~≈≤≥×*/+]|(?:axis|axes|lattice|parameter|direction|values?|is|are|was|were|denotes?|planes?|bands?|"
    r"spacing|orbitals?|edge|cells?|stands|coli|elegans|\d{1,3}[- ](?:year|month|week|day)s?[- ]old)\b"
    # "a,b Different small letters indicate": marks above bars
    r"|(?:[Dd]ifferent|[Dd]issimilar|[Ss]ame|[Uu]nlike)\s(?:[\w‐-]+\s){0,3}(?:letters?|superscripts?)\b)"
)


def is_axes(text: str, match: re.Match[str]) -> bool:
    """ "(I-V)" is current against voltage where a curve follows or both are named before; "(a-b)" is a plane."""
    if len(LABEL.findall(match["list"])) != 2 or not re.search(DASH, match["list"]) or len(match["list"]) > 5:
        return False
    start, end = match.span("list")
    if match["list"][0].islower():
        return bool(_AFTER_PLANE.match(text, end))
    return bool(_BEFORE_AXES.search(text, max(0, start - 60), start) or _AFTER_AXES.match(text, end))


def can_be_bare(text: str, labels: tuple[str, ...], start: int, end: int) -> bool:
    following = text[end : end + 24]
    start_after = text[max(0, start - 4) : start].rstrip()[-1:]
    if _NOT_A_LABEL_AFTER.match(following) or not following.strip():
        return False
    # "A stromal fibroblast", "I show": English words unless what follows begins like a sentence of its own
    word = following.lstrip()
    if labels == ("a",) and not word[:1].isupper() and start_after in (";", ":", ","):
        return False
    return not (labels[0] in ("A", "I") and len(labels) == 1 and word[:1].islower())


def is_thing(text: str, label: str, start: int, end: int, word: str) -> bool:
    """True if a letter in brackets from `start` to `end`, behind `word`, names a thing in the drawing or a charge."""
    before = text[max(0, start - 20) : start].rstrip()
    return (
        word in _NAMED_THINGS
        or (label in _OXIDATION and (text[start - 1].isalnum() or bool(_METAL.search(before))))
        or (word in _THINGS and bool(_VERB_AFTER.match(text, end)))
    )


_LONGEST_BRACKET = 300


def has_lone_close(text: str) -> bool:
    """True if a bracket closes that did not open shortly before: "a) X" is a label, "(see a)" none."""
    start = 0
    while (close := text.find(")", start)) >= 0:
        opened = text.rfind("(", start, close)
        if opened < 0 or close - opened > _LONGEST_BRACKET - 8:
            return True
        start = close + 1
    return False


def inside_bracket(text: str, position: int) -> bool:
    """True if a bracket is open at `position` of `text`."""
    window = text[max(0, position - _LONGEST_BRACKET) : position]
    return window.rfind("(") > window.rfind(")")


DASH = "[-–—−‐‑‒~∼～]"
# stands for what joins both tiers of "a-ii" and "b.i" where a caption has such labels
TIE = "\ue000"
TIER = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_LONG = rf"(?:[A-Za-z]\d{{1,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
_ONE = rf"(?:[A-Za-z]\d{{0,2}}|[A-Z]{TIER}|[A-Za-z]{TIE}{TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
ATOM = rf"{_ONE}['′″’]{{0,2}}(?![\w'′{TIE}]|{DASH}(?!{_LONG}(?!\w))\w{{2}}|\.(?![A-Z][a-z]{{3}})\w)"
JOINT = rf"\s*(?:,\s*(?:and\b|or\b|&)|,|;|/|&|\+|\b(?:and|or|to|through|und|bis|et|à|y|e)\b|{DASH}{{1,2}})\s*"
# no figure has more panels than a list of 30 items names; the bound keeps hostile text linear
LABEL_LIST = rf"{ATOM}(?:{JOINT}{ATOM}){{0,30}}"
"""Pattern of one label or a list of them, "a", "b and c", "d–f"; `expanded` says which labels it names."""
LABEL = re.compile(rf"(?<![\w{TIE}]){_ONE}['′″’]{{0,2}}(?![\w{TIE}])")

# where a label may stand, behind another character: quicker than `LABEL`, which says what stands there
PLACE = re.compile(
    rf"\W[A-Za-z](?=\W|\d|[ivxIVX{TIE}])(?<!{TIE}.)(?:\d{{0,2}}|{TIER}|{TIE}{TIER}|[ivx]{{1,3}}|[IVX]{{1,3}})['′″’]{{0,2}}(?![\w{TIE}])"
)

ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_RANGE = re.compile(f"{DASH}{{1,2}}|to|through|bis|à|a")
_FOREIGN_AND = re.compile(r"(?<=[\w)\]]\s)(?:und|et|y|e)(?=\s)")


@lru_cache(maxsize=4096)
def expanded(listed: str) -> tuple[tuple[str, ...], int]:
    """Labels of a printed list ("a–c, e") and how many of its characters make an ascending list of one kind."""
    labels: list[str] = []
    length = 0
    previous_end = 0
    # "y" and "e" are words between labels, and labels
    listed = _FOREIGN_AND.sub(lambda word: ",".ljust(len(word.group())), listed)
    for atom in LABEL.finditer(listed):
        printed = atom.group().replace("'", "′").replace("’", "′")
        joint = listed[previous_end : atom.start()].strip()
        if not labels:
            labels.append(printed)
        elif _RANGE.fullmatch(joint):
            between = _between(labels[-1], printed)
            if not between:
                break
            labels.extend(between)
        elif _follows(labels[-1], printed):
            labels.append(printed)
        else:
            break
        previous_end = length = atom.end()
    return tuple(labels), length


def _between(first: str, last: str) -> list[str]:
    """Labels after `first` up to `last`: b–e, d1–d3, ii–iv; empty where that is no range."""
    romans = ROMAN if first.islower() else [roman.upper() for roman in ROMAN]
    if len(first) == len(last) == 1 and first.islower() == last.islower() and first < last:
        return [chr(code) for code in range(ord(first) + 1, ord(last) + 1)]
    if first in romans and last in romans and (len(first) > 1 or len(last) > 1):
        return romans[romans.index(first) + 1 : romans.index(last) + 1]
    if (tier := is_tiered(first)) and first[1] != last[0]:  # "Ai–iii", "Ai–Aiii"
        stem, numerals = first[: -len(tier)], ROMAN[ROMAN.index(tier) + 1 :]
        last = last.removeprefix(stem)
        return [f"{stem}{one}" for one in numerals[: numerals.index(last) + 1]] if last in numerals else []
    stem, end = first.rstrip("′″"), last.rstrip("′″")
    if (mark := first[len(stem) :]) and mark == last[len(end) :]:
        return [f"{one}{mark}" for one in _between(stem, end)]  # "a′–c′"
    if not mark and len(stem) == len(end) == 1 and (primes := _primes(last)) and stem.islower() == end.islower():
        # "A–E′": every letter with and without
        rows = [stem, *_between(stem, end)] if stem < end else []
        marks = ["″" * (count // 2) + "′" * (count % 2) for count in range(primes + 1)]
        if rows:
            return [f"{letter}{one}" for letter in rows for one in marks][1:]
    if first[0] == last[0] and (primes := _primes(last)) > _primes(first) and len(first) + len(last) <= 5:  # "a–a″"
        return [first[0] + ("″" * (count // 2) + "′" * (count % 2)) for count in range(_primes(first) + 1, primes + 1)]
    if first[0] == last[0] and first[1:].isdigit() and last[1:].isdigit() and int(first[1:]) < int(last[1:]):
        return [f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]) + 1)]
    return []


def _primes(label: str) -> int:
    return label.count("′") + 2 * label.count("″")


_TWO_TIERS = re.compile(rf"[A-Za-z][-–.{TIE}]?({TIER})")


@lru_cache(maxsize=4096)
def is_tiered(label: str) -> str:
    """The numeral of a label of two tiers, "ii" of "Aii" and "a-ii"; "" for other labels."""
    found = _TWO_TIERS.fullmatch(label)
    return found[1] if found and label not in ROMAN else ""


def _follows(first: str, second: str) -> bool:
    if first in ROMAN and second in ROMAN and ROMAN.index(second) > ROMAN.index(first):
        return True
    return first[0].islower() == second[0].islower() and first < second


# other figures, tables, references; the copyright sign; the caption's own number is cut off before
# (the look behind stands after the first letter: patterns that begin with a character are found twice as fast)
ELSEWHERE = re.compile(
    r"[FfTtMVvRrEeSsA](?<!\w.)(?:(?<=[Ff])igs?\b\.?|(?<=[Ff])igures?|(?<=F)IGS?\b\.?|(?<=[Tt])ables?|(?<=M)ovies?|"
    r"(?<=[Vv])ideos?|(?<=[Rr])efs?\b\.?|(?<=[Ee])qs?\b\.?|(?<=[Ss])chemes?|(?<=A)ppendix)\s*"
    r"(?:S\s?)?\d{1,3}(?:[-–.]\d{1,3})?(?:\s?[A-Za-z]\d?(?![A-Za-z])|\([A-Za-z]\d?\))?"
    r"(?:(?<=[A-Za-z)])\s?[,–—-]\s?(?:and\s)?[A-Za-z](?![A-Za-z)]))*"
    r"|\([cC]\)\s*(?:(?:19|20)\d\d\b|[Cc]opyright)|©[^.]{0,60}"
)

# a quicker look, in text with single blanks
ELSEWHERE_STEMS = (
    *((stem, tuple(f"{stem}{end}" for end in (".", " ", "s"))) for stem in ("eq", "ref")),
    ("fig", ("fig.", "fig ", "figs", "figure")),
    *((stem, (stem,)) for stem in ("table", "movie", "video", "scheme", "appendix", "copyright", "©")),
    ("(c)", tuple(f"(c){blank}{century}" for blank in ("", " ") for century in (19, 20))),
)
"""Small letters without which a caption names nothing elsewhere, and what they must be part of."""


class Form(StrEnum):
    """Forms in which a label is printed."""

    PAREN = "(a)"
    CLOSE = "a)"
    DOT = "a."
    COMMA = "a,"
    COLON = "a:"
    PIPE = "a |"
    BARE = "a"
    ROW = "a X, b Y"
    NAMED = "panel a"
    REFERENCE = "in a"


class PrintedLabel(NamedTuple):
    """One place that names panels: `labels` as printed, ranges expanded; `note` is text inside the brackets."""

    span: Span
    labels: tuple[str, ...]
    form: Form
    at_clause_start: bool
    note: Span | None = None
    at_part_start: bool = False
    """Behind a comma or a conjunction, too."""
    is_reference: bool = False
    """Behind "in", "of" and the like, with no text of its own after it."""


_WORD_NEXT = re.compile(r"\s+(?!(?:and|or|is|are|was|were|shows?|respectively)\b)\w{2}")
_WHOLE_JOINT = re.compile(JOINT)
REFERS = frozenset(["in", "of", "from", "to", "than", "for", "see", "with"])


def joined(text: str, mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """Neighbours that make one list, "(a) and (b)", "(A)–(C)", as one mention."""
    result: list[PrintedLabel] = []
    seen: set[str] = set()
    for mention in mentions:
        if len(result) > 1:
            seen.update(result[-2].labels)
        if result and result[-1].form is mention.form and mention.form in (Form.PAREN, Form.CLOSE):
            last = result[-1]
            joint = text[last.span.end : mention.span.start]
            # "(a)(c) (d) Average claims": brackets side by side are a list, too
            # "the box in (a), (c) the cut": the first one refers to a panel, the second one has its own text
            is_apart = bool(
                joint.strip() in (",", "and", ", and", ";")
                and text[max(0, last.span.start - 12) : last.span.start].rpartition(" ")[0].split(" ")[-1] in REFERS
                and seen.issuperset(last.labels)
                and not seen.issuperset(mention.labels)
                and _WORD_NEXT.match(text, mention.span.end)
            )
            is_list = not joint.strip() or (";" not in joint and _WHOLE_JOINT.fullmatch(joint))
            if last.note is None and not is_apart and is_list:
                labels, length = expanded(f"{last.labels[-1]} {joint.strip() or ','} {mention.labels[0]}")
                if len(labels) > 1 and length:
                    result[-1] = last._replace(
                        span=Span(last.span.start, mention.span.end),
                        labels=last.labels + labels[1:] + mention.labels[1:],
                        note=mention.note,
                    )
                    continue
        result.append(mention)
    return result
