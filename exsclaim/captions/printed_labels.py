"""Where a caption may name panels: every place that looks like a label, whether it is one or not.

`exsclaim.captions.label_systems` decides which of these candidates are labels; this module only knows how
labels are printed: "(a)", "a)", "a.", "a,", "a:", "a |", a bare "a", lists and ranges of them.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from exsclaim.captions.spans import Span

_DASH = "[-–—−‐‑‒~∼～]"
# stands for what joins both tiers of "a-ii" and "b.i" where a caption has such labels
_TIE = "\ue000"
_TIER = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_LONG = rf"(?:[A-Za-z]\d{{1,2}}|[A-Z]{_TIER}|[A-Za-z]{_TIE}{_TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
_ONE = rf"(?:[A-Za-z]\d{{0,2}}|[A-Z]{_TIER}|[A-Za-z]{_TIE}{_TIER}|[ivx]{{2,4}}|[IVX]{{2,4}})"
_ATOM = rf"{_ONE}['′″’]{{0,2}}(?![\w'′{_TIE}]|{_DASH}(?!{_LONG}(?!\w))\w{{2}}|\.\w)"
_JOINT = rf"\s*(?:,\s*(?:and\b|or\b|&)|,|;|/|&|\+|\b(?:and|or|to|through|und|bis|et|à|y|e)\b|{_DASH})\s*"
# no figure has more panels than a list of 30 items names; the bound keeps hostile text linear
_LIST = rf"{_ATOM}(?:{_JOINT}{_ATOM}){{0,30}}"
LABEL_LIST = _LIST
"""Pattern of one label or a list of them, "a", "b and c", "d–f"; `expanded` says which labels it names."""
_LISTED = re.compile(rf"(?<![\w{_TIE}]){_ONE}['′″’]{{0,2}}(?![\w{_TIE}])")
_TIERS = re.compile(rf"(?<!\w)([A-Za-z])[-–.]({_TIER})(?!\w)")
# "(a-ii)" says that "(a-i)" is no range
_HAS_TIERS = re.compile(r"[(\s,][A-Ha-h][-–.](?:ii|iii|iv)(?!\w)")
_PANEL = r"(?:(?:[Pp]anels?|[Pp]arts?|[Pp]late)\s+)?"

_PAREN = re.compile(
    rf"[(\[]\s*{_PANEL}(?P<list>{_LIST})\s*"
    # not "(E)-hex-2-enal"
    r"(?P<rest>[)\]](?!-\w)|[,;:](?=\s)(?:[^()]|\([^()]{0,80}\)){1,300}\))"
)
# "(a: morphology; b: C segregation)": a list of labels in one bracket, not a label with a note
_LIST_INSIDE = re.compile(r"[;,]\s*[A-Za-z][:.]\s")
_PAREN_LAST = re.compile(rf"\((?P<rest>[^(),;]{{2,60}}[,;:]\s*){_PANEL}(?P<list>{_ATOM})\)")
_CLOSE = re.compile(rf"(?<![\w(\[’'′]){_PANEL}(?P<list>{_LIST})\)")
_HEAD = re.compile(rf"(?P<list>{_LIST})\s?(?P<mark>[.,:|]|\s[–—-]\s)?(?=\s|[A-Z(\[]|$)")
# not "for 24 h. Then" nor "by D. coniospora"
_MIDDLE_DOT = re.compile(rf"(?:(?<=[^\W\d]\s)|(?<=[)%,;]\s)|(?<=\())(?P<list>{_ATOM})\.(?=\s\w)(?!(?<=[A-Z]\.)\s[a-z])")
# "b GID1 (TRpn_57024), c, d ORC3b (TRpn_33086)"
_MIDDLE_BARE = re.compile(rf"(?<=[)\w],\s)(?P<list>{_ATOM}{_JOINT}{_ATOM})(?=\s[A-Z][\w-]+\s)")
# "A, B undeformed lattice, C, D strained lattice"
_MIDDLE_PAIR = re.compile(rf"(?<=[a-z)\d],\s)(?P<list>{_ATOM}(?:,\s|{_DASH}){_ATOM})(?=\s[a-z][\w-]{{2,}})")
# "c, the cycling performance and d, the voltage profiles"; "squamosals of A, UA 9629; B, FMNH 2512"
_MIDDLE_COMMA = re.compile(
    rf"(?:(?<=\w\w\sand\s)|(?<=\sof\s))(?P<list>{_ATOM}),(?=\s(?:the|an?|[a-z]+ing|corresponding|[A-Z]\w+)\s)"
)
_MIDDLE_COLON = re.compile(rf"(?:(?<=[\w)%,;]\s)|(?<=\())(?P<list>{_LIST}):(?=\s)")
_CLAUSE_START = re.compile(
    r"(?:^|(?<=[.;:!?\n\"”]))\s*(?:and\s+|while\s+)?(?=[A-Za-z](?:\d{1,2}|\ue000?[ivx]{1,4}|[IVX]{1,3})?[\s.,:|′'–—~-])",
    re.MULTILINE,
)
_PANEL_NAMED = re.compile(rf"\b[Pp]anels?\s+(?P<list>{_LIST})(?=\W|$)")
_WORDS_NAMED = re.compile(rf"\b(?:panels?|insets? (?:in|of)|in|of|from|for|than|see|and)\s+(?P<list>{_LIST})(?=\W|$)")
# "A, B and F are data from Western blotting", "(D–J) are reversed images": a list as the subject of a sentence
_SUBJECT = re.compile(
    rf"(?P<list>{_ATOM}(?:{_JOINT}{_ATOM}){{1,30}})(?=\s+(?:are|were|show|represent|depict|indicate|display)\b)"
)

# other figures, tables, references; the copyright sign; the caption's own number is cut off before
_ELSEWHERE = re.compile(
    r"\b(?:(?:Supplementary|Supporting|Extended Data|Suppl?\.?|online)\s+)*"
    r"(?:[Ff]igs?\b\.?|[Ff]igures?|FIGS?\b\.?|[Tt]ables?|Movies?|[Vv]ideos?|[Rr]efs?\b\.?|[Ee]qs?\b\.?|[Ss]chemes?|Appendix)\s*"
    r"(?:S\s?)?\d{1,3}(?:[-–.]\d{1,3})?(?:\s?[A-Za-z]\d?(?![A-Za-z])|\([A-Za-z]\d?\))?"
    r"(?:(?<=[A-Za-z)])\s?[,–—-]\s?(?:and\s)?[A-Za-z](?![A-Za-z)]))*"
    r"|\([cC]\)\s*(?:(?:19|20)\d\d\b|[Cc]opyright)|©[^.]{0,60}"
)
_HEADER = re.compile(
    r"\s*(?:(?:Supplementary|Supporting|Extended Data|Suppl?\.)\s+)?"
    r"(?:Fig(?:ure|\b\.?)|FIG(?:URE|\b\.?)|Scheme|SCHEME|Plate|Chart)"
    r"\s*[A-Z]?\d{1,3}(?:[-–.]\d{1,3})?\s*(?:[.:|–—-]+(?=\s|[A-Z(])\s*|\s)"
)
_NOT_A_LABEL_AFTER = re.compile(
    r"\s*(?:[=<>±~≈≤≥×*/+]|(?:axis|axes|lattice|parameter|direction|values?|is|are|was|were|denotes?|planes?|bands?|"
    r"spacing|orbitals?|edge|cells?|stands|coli|elegans)\b)"
)
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
    r"[)\]]?\s*(?:[a-z]+\s){0,2}?(?:curves?|characteri[sz]ations?|characteristics?|plots?|loops?|traces?|hysteres[ie]s|measurements?|responses?|"
    r"relations?(?:hips?)?|profiles?|sweeps?|dependenc[ey]|behaviou?rs?|data|diagrams?|planes?|junctions?|cycling)\b"
)
# letters of things in the drawing: "layer (E) is", "letters (A–F)", "curve a"
_NAMED_THING = re.compile(r"\b(?:letters?|chain|vitamin|hepatitis|influenza)\s*$")
# "copper(II)", "iron (III)": no numeral of a panel
_OXIDATION = ("I", "II", "III", "IV", "V", "VI")
_METAL = re.compile(
    r"(?:\b(?:iron|copper|cobalt|nickel|manganese|chromium|vanadium|titanium|tin|lead|gold|silver|palladium|platinum|cerium|"
    r"europium|ruthenium|rhodium|iridium|molybdenum|tungsten|uranium|arsenic|antimony|mercury|thallium|oxides?)|"
    r"(?:Fe|Cu|Co|Ni|Mn|Cr|V|Ti|Sn|Pb|Au|Ag|Pd|Pt|Ce|Eu|Ru|Rh|Ir|Os|Mo|W|U|Re|As|Sb|Hg|Tl))\s*$"
)
_THING = re.compile(r"\b(?:layer|lane|arrow|point|site|peak|position|zone|region|domain|box|line|step|curve)\s*$")
_VERB_AFTER = re.compile(r"\s*(?:is|are|was|were|emits?|acts?|serves?)\b")
_LEGEND = re.compile(r"\b(?:curve|trace|line|spectrum|layer|lane|arrow|point|peak|sample|column|row|spot)s?\s*$")
_REFERS_TO_PANELS = re.compile(
    r"\b(?:see|cf\.?|compare)\s+(?:also\s+)?(?:the\s+)?(?:panels?|parts?)?\s*$", re.IGNORECASE
)
# where a part of a sentence may begin with its label
_PART_STARTS = re.compile(r"(?:[.;:!?,]|\b(?:and|or|while|und|et|y|e))\s*$")


class Form(StrEnum):
    """How a label is printed."""

    PAREN = "(a)"
    CLOSE = "a)"
    DOT = "a."
    COMMA = "a,"
    COLON = "a:"
    PIPE = "a |"
    BARE = "a"
    NAMED = "panel a"
    REFERENCE = "in a"


# what may stand in the middle of a sentence, and the characters that may follow its first label
_JOINS = " ,;/&+-–—−‐‑‒~∼～"
_MIDDLE = (
    (_MIDDLE_DOT, Form.DOT, "."),
    (_MIDDLE_COMMA, Form.COMMA, ","),
    (_MIDDLE_BARE, Form.BARE, _JOINS),
    (_MIDDLE_PAIR, Form.BARE, _JOINS),
    (_MIDDLE_COLON, Form.COLON, f":{_JOINS}"),
)


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


def header_length(text: str) -> int:
    """Characters of the figure's own number that a caption may begin with ("Figure 3 – ")."""
    found = _HEADER.match(text)
    return found.end() if found else 0


def candidates(text: str, start: int) -> list[PrintedLabel]:
    """Every possible mention of a label in `text` from `start` on, in order and without overlap."""
    masked = _ELSEWHERE.sub(lambda found: " " * len(found.group()), text[start:])
    masked = " " * start + masked
    if _HAS_TIERS.search(masked):
        masked = _TIERS.sub(rf"\1{_TIE}\2", masked)
    starts = {found.end() for found in _CLAUSE_START.finditer(masked)} | {start}
    found: list[PrintedLabel] = []
    taken = bytearray(len(masked))

    def take(mention: PrintedLabel | None) -> None:
        if mention is not None and 1 not in taken[mention.span.start : mention.span.end]:
            taken[mention.span.start : mention.span.end] = b"\1" * (mention.span.end - mention.span.start)
            found.append(mention)

    for match in _PAREN.finditer(masked):
        take(_mention(masked, match, Form.PAREN, starts))
    for match in _PAREN_LAST.finditer(masked):
        take(_mention(masked, match, Form.PAREN, starts))
    for listed in _CLOSE.finditer(masked):
        match = listed
        if expanded(listed["list"])[1] < len(listed["list"]):
            # "a) S1, b) S2": no list, but a sample's name before the next label
            last = list(_LISTED.finditer(masked, *listed.span("list")))[-1]
            match = _CLOSE.match(masked, last.start()) or listed
        if not _inside_bracket(masked, match.start()):
            take(_mention(masked, match, Form.CLOSE, starts))
    if "anel" in masked:
        for match in _PANEL_NAMED.finditer(masked):
            take(_mention(masked, match, Form.NAMED, starts))
    for position in sorted(starts):
        subject = _SUBJECT.match(masked, position)
        if subject:
            take(_mention(masked, subject, Form.REFERENCE, starts))
        head = _HEAD.match(masked, position)
        if head:
            take(_mention(masked, head, _head_form(head), starts))
    # looked for only where a label can begin at all: a few places of a caption of some hundred words
    places = [(place.start(), masked[place.end() : place.end() + 1]) for place in _LISTED.finditer(masked)]
    for pattern, form, next_characters in _MIDDLE:
        end = 0
        for place, character in places:
            middle = pattern.match(masked, place) if character in next_characters and place >= end else None
            if middle:
                end = middle.end()
                take(_mention(masked, middle, form, starts))
    for match in _WORDS_NAMED.finditer(masked):
        take(_mention(masked, match, Form.REFERENCE, starts))
    return [_untied(one, text) for one in _joined(masked, sorted(found, key=lambda mention: mention.span))]


def _untied(printed: PrintedLabel, text: str) -> PrintedLabel:
    """Labels of two tiers as they are printed: "a-i"."""
    if not any(_TIE in label for label in printed.labels):
        return printed
    joint = _TIERS.search(text, *printed.span)
    tie = text[joint.start(2) - 1] if joint else "-"
    return printed._replace(labels=tuple(label.replace(_TIE, tie) for label in printed.labels))


def _head_form(head: re.Match[str]) -> Form:
    mark = (head["mark"] or "").strip()
    return {".": Form.DOT, ",": Form.COMMA, ":": Form.COLON, "|": Form.PIPE}.get(mark, Form.PIPE if mark else Form.BARE)


def _mention(text: str, match: re.Match[str], form: Form, starts: set[int]) -> PrintedLabel | None:
    labels, length = expanded(match["list"])
    if not labels:
        return None
    if len(labels) > 1 and labels[0].isupper() and _is_axes(text, match, starts):
        return None
    cut_short = length < len(match["list"])
    end = match.end()
    note: Span | None = None
    if form is Form.PAREN:
        if cut_short:
            return None
        rest = match.span("rest")
        if _LIST_INSIDE.search(text, *rest):
            return None
        if rest[1] - rest[0] > 1:
            note = Span(*rest)
            if _COLOUR_NOTE.match(text, rest[0]):
                return None
        if text[match.start() + 1 : match.start("list")].strip():
            form = Form.NAMED
    elif cut_short:
        if form is Form.CLOSE:
            return None
        end = match.start("list") + length
        if form not in (Form.REFERENCE, Form.NAMED):
            form = Form.COMMA if text[end : end + 1] == "," else Form.BARE
    if form is Form.BARE and not _can_be_bare(text, labels, match.start(), end):
        return None
    is_word = labels in (("a",), ("A",), ("I",)) and text[end : end + 2].strip()[:1].isalnum()
    if form is Form.REFERENCE and is_word and not _SHOWN_IN.match(text, end):
        return None  # "in a rod", but "Arrows in a mark the rod"
    if form is Form.REFERENCE and labels[-1].isupper() and re.match(r"\.\s[a-z]", text[end : end + 3]):
        return None  # "of A. machipongonensis"
    start = match.start("list") if form in (Form.REFERENCE, Form.NAMED) else match.start()
    before = text[max(0, start - 20) : start].rstrip()
    at_start = start in starts or not before or before[-1] in ".;:!?"
    if at_start and form is Form.DOT and _NAME_NEXT.match(text, end):
        return None
    if not at_start:
        if form in (Form.PAREN, Form.CLOSE):
            if form is Form.PAREN and (
                _NAMED_THING.search(before)
                or (labels[0] in _OXIDATION and (text[start - 1].isalnum() or _METAL.search(before)))
                or (_THING.search(before) and _VERB_AFTER.match(text, end))
            ):
                return None
            if _REFERS_TO_PANELS.search(text[max(0, start - 30) : start]):
                form = Form.REFERENCE
        elif form not in (Form.REFERENCE, Form.NAMED) and _LEGEND.search(before):
            return None
    is_reference = bool(_REFERS.search(before)) and not at_start and bool(_PART_ENDS.match(text, end))
    at_part_start = at_start or bool(_PART_STARTS.search(before))
    return PrintedLabel(Span(start, end), labels, form, at_start, note, at_part_start, is_reference)


def _is_axes(text: str, match: re.Match[str], starts: set[int]) -> bool:
    """ "(I-V)" is current against voltage where a curve follows or both quantities are named before."""
    if len(_LISTED.findall(match["list"])) != 2 or not re.search(_DASH, match["list"]) or len(match["list"]) > 5:
        return False
    start, end = match.span("list")
    return bool(_BEFORE_AXES.search(text, max(0, start - 60), start) or _AFTER_AXES.match(text, end))


def _can_be_bare(text: str, labels: tuple[str, ...], start: int, end: int) -> bool:
    following = text[end : end + 24]
    start_after = text[max(0, start - 4) : start].rstrip()[-1:]
    if _NOT_A_LABEL_AFTER.match(following) or not following.strip():
        return False
    # "A stromal fibroblast", "I show": English words unless what follows begins like a sentence of its own
    word = following.lstrip()
    if labels == ("a",) and not word[:1].isupper() and start_after in (";", ":", ","):
        return False
    return not (labels[0] in ("A", "I") and len(labels) == 1 and word[:1].islower())


# "A. Smith's drawing", "A. Smith and B. Jones"
_NAME_NEXT = re.compile(r"\s?[A-Z][a-z]+(?:['’]s\b|\set al|\sand\s[A-Z]\.)")
# "a kinase (K, ochre)": the letter and the colour of a part of the drawing
_COLOUR_NOTE = re.compile(
    r"[,:;]\s*(?:light |dark |in )*(?:red|green|blue|black|white|gr[ae]y|yellow|orange|purple|pink|cyan|magenta|brown|"
    r"violet|ochre|tan|plum)\)"
)
_SHOWN_IN = re.compile(
    r"\s+(?:is|are|was|were|mark|indicate|denote|show|represent|highlight|point|correspond|and [b-hB-H]\b)"
)
_WORD_NEXT = re.compile(r"\s+(?!(?:and|or|is|are|was|were|shows?|respectively)\b)\w{2}")
_PART_ENDS = re.compile(r"\s*(?:[.;:,)]|and\b|or\b|$)")
_REFERS = re.compile(r"\b(?:in|of|from|to|than|for|see|with)\s*$")
_RANGE = re.compile(f"{_DASH}|to|through|bis|à|a")
_FOREIGN_AND = re.compile(r"(?<=[\w)\]]\s)(?:und|et|y|e)(?=\s)")


@lru_cache(maxsize=4096)
def expanded(listed: str) -> tuple[tuple[str, ...], int]:
    """Labels of a printed list ("a–c, e") and how many of its characters make an ascending list of one kind."""
    labels: list[str] = []
    length = 0
    previous_end = 0
    # "y" and "e" are words between labels, and labels
    listed = _FOREIGN_AND.sub(lambda word: ",".ljust(len(word.group())), listed)
    for atom in _LISTED.finditer(listed):
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
    if (tier := is_tiered(first)) and first[1] != last[0]:
        # "Ai–iii", "Ai–Aiii"
        stem, numerals = first[: -len(tier)], ROMAN[ROMAN.index(tier) + 1 :]
        last = last.removeprefix(stem)
        return [f"{stem}{one}" for one in numerals[: numerals.index(last) + 1]] if last in numerals else []
    if first[0] == last[0] and first[1:].isdigit() and last[1:].isdigit() and int(first[1:]) < int(last[1:]):
        return [f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]) + 1)]
    return []


def is_tiered(label: str) -> str:
    """The numeral of a label of two tiers, "ii" of "Aii" and "a-ii"; "" for other labels."""
    found = re.fullmatch(rf"[A-Za-z][-–.{_TIE}]?({_TIER})", label)
    return found[1] if found and label not in ROMAN else ""


def _follows(first: str, second: str) -> bool:
    if first in ROMAN and second in ROMAN and ROMAN.index(second) > ROMAN.index(first):
        return True
    return first[0].islower() == second[0].islower() and first < second


def _inside_bracket(text: str, position: int) -> bool:
    window = text[max(0, position - 300) : position]
    return window.rfind("(") > window.rfind(")")


def _joined(text: str, mentions: list[PrintedLabel]) -> list[PrintedLabel]:
    """Neighbours that make one list, "(a) and (b)", "(A)–(C)", as one mention."""
    result: list[PrintedLabel] = []
    seen: set[str] = set()
    for mention in mentions:
        if len(result) > 1:
            seen.update(result[-2].labels)
        if result and result[-1].form is mention.form and mention.form in (Form.PAREN, Form.CLOSE):
            last = result[-1]
            joint = text[last.span.end : mention.span.start]
            # "(a)(c)(d) Average claims": brackets side by side are a list, too
            # "the box in (a), (c) the cut": the first one refers to a panel, the second one has its own text
            is_apart = bool(
                joint.strip() in (",", "and", ", and", ";")
                and _REFERS.search(text, max(0, last.span.start - 12), last.span.start)
                and seen.issuperset(last.labels)
                and not seen.issuperset(mention.labels)
                and _WORD_NEXT.match(text, mention.span.end)
            )
            if last.note is None and not is_apart and ";" not in joint and (not joint or re.fullmatch(_JOINT, joint)):
                labels, length = expanded(f"{last.labels[-1]}{joint or ','}{mention.labels[0]}")
                if len(labels) > 1 and length:
                    result[-1] = last._replace(
                        span=Span(last.span.start, mention.span.end),
                        labels=last.labels + labels[1:] + mention.labels[1:],
                        note=mention.note,
                    )
                    continue
        result.append(mention)
    return result


ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
