"""Candidate labels in a caption: every place that looks like a label, whether it is one or not.

`exsclaim.captions.label_systems` decides which of these candidates are labels; this module only knows how
labels are printed: "(a)", "a)", "a.", "a,", "a:", "a |", a bare "a", lists and ranges of them.
"""

import re
from itertools import pairwise

from exsclaim.captions.label_ranges import (
    ATOM,
    COLOUR_NOTE,
    DASH,
    ELSEWHERE,
    ELSEWHERE_STEMS,
    JOINT,
    LABEL,
    LABEL_LIST,
    LEGEND,
    PLACE,
    REFERS,
    TIE,
    TIER,
    Form,
    PrintedLabel,
    can_be_bare,
    expanded,
    has_lone_close,
    inside_bracket,
    is_axes,
    is_thing,
    joined,
)
from exsclaim.captions.spans import Span
from exsclaim.captions.unbracketed_rows import equals_row, glued_row, unmarked_row

_TIERS = re.compile(rf"(?<!\w)([A-Za-z])[-–.]({TIER})(?!\w)")
# "(a-ii)" says that "(a-i)" is no range
_HAS_TIERS = re.compile(r"[(\s,][A-Ha-h][-–.](?:ii|iii|iv)(?!\w)")
_PANEL = r"(?:(?:[Pp]anels?|[Pp]arts?|[Pp]late)\s+)?"

_PAREN = re.compile(
    rf"[(\[]\s*{_PANEL}(?P<list>{LABEL_LIST})\s*"
    # not "(E)-hex-2-enal", but "(A)-Cranial view" and "(c)-coated rods"; "(A–C, respectively)" also without its comma
    r"(?P<rest>[)\]](?!-(?![A-Z][a-z]+\s|[a-z]+(?:ed|based|like|free)\s)\w)|(?:[,;:](?=\s)|(?<=\s)(?=respectively\b))(?:[^()]|\([^()]{0,80}\)){1,300}\))"
)
# "(a: morphology; b: C segregation)": a list of labels in one bracket, not a label with a note
_LIST_INSIDE = re.compile(r"[;,]\s*[A-Za-z][:.]\s")
# "(a b) lithium, (c d) sodium", "wild type (b.c)": two letters that follow each other
_PAIRS = "|".join(f"{one}[ .]{two}" for letters in ("abcdefgh", "ABCDEFGH") for one, two in pairwise(letters))
_PAREN_PAIR = re.compile(rf"\((?P<list>{_PAIRS})(?P<rest>\))")
_PAREN_LAST = re.compile(rf"\((?P<rest>[^(),;]{{2,60}}[,;:]\s*){_PANEL}(?P<list>{ATOM})\)")
# "(top: a–c)"
_PAREN_PLACE = re.compile(
    rf"\((?P<rest>(?:[Tt]op|[Bb]ottom|[Uu]pper|[Ll]ower|[Mm]iddle|[Ll]eft|[Rr]ight|[Ff]irst|[Ss]econd|[Tt]hird)(?:\s\w+)?[,;:]\s*)"
    rf"{_PANEL}(?P<list>{LABEL_LIST})\)"
)
_CLOSE = re.compile(rf"(?<![\w(\[’'′])(?P<list>{LABEL_LIST})\)")
_HEAD = re.compile(rf"(?P<list>{LABEL_LIST})\s?(?P<mark>[.,:|]|\s[–—-]\s)?(?=\s|[A-Z(\[]|$)")
# not "for 24 h. Then" nor "by D. coniospora"
_MIDDLE_DOT = re.compile(rf"(?:(?<=[^\W\d]\s)|(?<=[)%,;]\s)|(?<=\())(?P<list>{ATOM})\.(?=\s\w)(?!(?<=[A-Z]\.)\s[a-z])")
# "b GID1 (TRpn_57024), c, d ORC3b (TRpn_33086)"
_MIDDLE_BARE = re.compile(rf"(?<=[)\w],\s)(?P<list>{ATOM}{JOINT}{ATOM})(?=\s[A-Z][\w-]+\s)")
# "A, B undeformed lattice, C, D strained lattice"
_MIDDLE_PAIR = re.compile(rf"(?<=[a-z)\d],\s)(?P<list>{ATOM}(?:,\s|{DASH}){ATOM})(?=\s[a-z][\w-]{{2,}})")
# "c, the cycling performance and d, the voltage profiles"; "squamosals of A, UA 9629; B, FMNH 2512"
_MIDDLE_COMMA = re.compile(
    rf"(?:(?<=\w\w\sand\s)|(?<=\sof\s))(?P<list>{ATOM}),(?=\s(?:the|an?|[a-z]+ing|corresponding|[A-Z][\w-]+|"
    r"(?<=[B-H],\s)(?!wh|with|respect|as\b|and\b|or\b)[a-z]{3,})\s)"
)
_MIDDLE_COLON = re.compile(rf"(?:(?<=[\w)%,;]\s)|(?<=\())(?P<list>{LABEL_LIST}):(?=\s)")
_CLAUSE_START = re.compile(
    r"[].;:!?\n\"”](?:(?<!\])\s*|(?<=\])\s(?=[b-hB-H]\s[A-Z]))(?:and\s+|while\s+)?(?=[A-Za-z](?:\d{1,2}|\ue000?[ivx]{1,4}|[IVX]{1,3})?[\s.,:|′″'–—~-])"
)
_PANEL_NAMED = re.compile(rf"\b[Pp]anels?\s+(?P<list>{LABEL_LIST})(?=\W|$)")
_LISTED = re.compile(rf"(?P<list>{LABEL_LIST})(?=\W|$)")
_NAMES_NEXT = frozenset(("panel", "panels", "in", "of", "from", "for", "than", "see", "and"))
# a look that spares most words the split
_NAMES_NEXT_ENDS = tuple(_NAMES_NEXT)
_NO_WORD = re.compile(r"\W")
# "A, B and F are data from Western blotting", "(D–J) are reversed images": a list as the subject of a sentence
_SUBJECT = re.compile(
    rf"(?P<list>{ATOM}(?:{JOINT}{ATOM}){{1,30}})(?=\s+(?:are|were|show|represent|depict|indicate|display)\b)"
)

_REFERS_TO_PANELS = re.compile(
    r"\b(?:see|cf\.?|compare)\s+(?:also\s+)?(?:the\s+)?(?:panels?|parts?)?\s*$", re.IGNORECASE
)
# "… of 2 and 3 nm, see (a) and (b), respectively"
_EACH_ITS_OWN = re.compile(r"(?:,?\s(?:and\s)?\([A-Za-z]\)){0,12},?\srespectively\b")
_BEFORE_REFERENCE = frozenset(["see", "cf", "cf.", "compare", "also", "the", "panel", "panels", "part", "parts"])
# where a part of a sentence may begin with its label
_PART_STARTS = frozenset(["and", "or", "while", "und", "et", "y", "e"])


# what may stand in the middle of a sentence, and the characters that may follow its first label
_JOINS = " ,;/&+-–—−‐‑‒~∼～"
_MIDDLE = (
    (_MIDDLE_DOT, Form.DOT, "."),
    (_MIDDLE_COMMA, Form.COMMA, ","),
    (_MIDDLE_BARE, Form.BARE, _JOINS),
    (_MIDDLE_PAIR, Form.BARE, _JOINS),
    (_MIDDLE_COLON, Form.COLON, f":{_JOINS}"),
)


_FIRST_LETTERS = 6
MOST_LABELS = 1_000
"""Places in a caption that look like a label; with more of them none is one. Of 1,846 captions none has 100."""


def candidates(text: str, start: int) -> list[PrintedLabel]:
    """Every possible mention of a label in `text` from `start` on, in order and without overlap."""
    masked = text
    if any(stem in text for stem in ELSEWHERE_STEMS):
        masked = " " * start + ELSEWHERE.sub(lambda found: " " * len(found.group()), text[start:])
    elif start:
        masked = " " * start + text[start:]
    if "ii" in masked and _HAS_TIERS.search(masked):
        masked = _TIERS.sub(rf"\1{TIE}\2", masked)
    # looked for only where a label can begin at all: a few places of a caption of some hundred words
    places = [(begin, masked[end : end + 1]) for begin, end in map(re.Match.span, PLACE.finditer(masked))]
    starts = {found.end() for found in _CLAUSE_START.finditer(masked) if not _is_dotted(masked, found.end())} | {start}
    found: list[PrintedLabel] = []
    taken = bytearray(len(masked))

    def take(mention: PrintedLabel | None) -> None:
        if mention is not None and 1 not in taken[mention.span.start : mention.span.end]:
            taken[mention.span.start : mention.span.end] = b"\1" * (mention.span.end - mention.span.start)
            found.append(mention)

    if len(places) > MOST_LABELS:
        return []
    for match in _PAREN.finditer(masked):
        take(_mention(masked, match, Form.PAREN, starts))
    for match in _PAREN_PAIR.finditer(masked):
        take(_mention(masked, match, Form.PAREN, starts))
    for match in _PAREN_PLACE.finditer(masked) if ": " in masked or "; " in masked else ():
        take(_mention(masked, match, Form.PAREN, starts))
    for match in _PAREN_LAST.finditer(masked):
        take(_mention(masked, match, Form.PAREN, starts))
    position = 0
    for place, character in places if has_lone_close(masked) else ():
        listed = _CLOSE.match(masked, place) if character in f"){_JOINS}" and place >= position else None
        if listed is None:
            continue
        match = listed
        position = listed.end()
        if expanded(listed["list"])[1] < len(listed["list"]):
            # "a) S1, b) S2": no list, but a sample's name before the next label
            last = list(LABEL.finditer(masked, *listed.span("list")))[-1]
            match = _CLOSE.match(masked, last.start()) or listed
        if not inside_bracket(masked, match.start()):
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
    behind_comma = [one for one in places if masked.startswith(", ", one[0] - 2)]
    for pattern, form, next_characters in _MIDDLE:
        end = 0
        within = behind_comma if form is Form.BARE else places if form is not Form.COLON or ":" in masked else ()
        for place in [place for place, character in within if character in next_characters]:
            middle = pattern.match(masked, place) if place >= end else None
            if middle:
                end = middle.end()
                take(_mention(masked, middle, form, starts))
    marked = {label for one in found if one.form in (Form.PAREN, Form.CLOSE, Form.PIPE) for label in one.labels}
    # "(D15)" is a day
    is_marked = sum(len(label) < 3 or not label[1:].isdigit() for label in marked) > 1
    row = (
        glued_row(masked, start) or []
        if is_marked
        else equals_row(masked, start)
        or unmarked_row(masked, start, {label for mention in found for label in mention.labels})
    )
    # the first one may have been taken for a bare label at the beginning of a clause
    found = [mention for mention in found if mention.span not in {one.span for one in row}] + row
    for one in row:
        taken[one.span.start : one.span.end] = b"\1" * (one.span.end - one.span.start)
    end = 0
    for place, _ in places:
        if place < end or not masked[place - 1 : place].isspace():
            continue
        word = masked[max(0, place - 12) : place].rstrip()
        if word.endswith(_NAMES_NEXT_ENDS) and _NO_WORD.split(word)[-1] in _NAMES_NEXT:
            named = _LISTED.match(masked, place)
            if named:
                end = named.end()
                take(_mention(masked, named, Form.REFERENCE, starts))
    return [_untied(one, text) for one in joined(masked, sorted(found, key=lambda mention: mention.span))]


def _untied(printed: PrintedLabel, text: str) -> PrintedLabel:
    """Labels of two tiers as they are printed: "a-i"."""
    if not any(TIE in label for label in printed.labels):
        return printed
    joint = _TIERS.search(text, *printed.span)
    tie = text[joint.start(2) - 1] if joint else "-"
    return printed._replace(labels=tuple(label.replace(TIE, tie) for label in printed.labels))


def _head_form(head: re.Match[str]) -> Form:
    mark = (head["mark"] or "").strip()
    return {".": Form.DOT, ",": Form.COMMA, ":": Form.COLON, "|": Form.PIPE}.get(mark, Form.PIPE if mark else Form.BARE)


def _mention(text: str, match: re.Match[str], form: Form, starts: set[int]) -> PrintedLabel | None:
    labels, length = expanded(match["list"])
    if not labels:
        return None
    if len(labels) > 1 and is_axes(text, match):
        return None
    cut_short = length < len(match["list"])
    end = match.end()
    note: Span | None = None
    if form is Form.PAREN:
        if cut_short:
            return None
        if "/" in match["list"] and len(labels) == 2 and ord(labels[1][0]) - ord(labels[0][0]) != 1:
            return None  # "(C/N) ratio"
        end += text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()
        rest = match.span("rest")
        if _LIST_INSIDE.search(text, *rest):
            return None
        if rest[1] - rest[0] > 1:
            note = Span(*rest)
            if (COLOUR_NOTE.match(text, rest[0]) and not _in_row(text, labels[0])) or _BOUNDS.match(text, rest[0]):
                return None
        if match.start() < rest[0] < match.start("list"):
            note = Span(*rest)  # "(SR-159, a)"
        elif text[match.start() + 1 : match.start("list")].strip():
            form = Form.NAMED
    elif cut_short:
        if form is Form.CLOSE:
            return None
        end = match.start("list") + length
        if form not in (Form.REFERENCE, Form.NAMED):
            form = Form.COMMA if text[end : end + 1] == "," else Form.BARE
    if form is Form.BARE and not can_be_bare(text, labels, match.start(), end):
        return None
    is_word = labels in (("a",), ("A",), ("I",)) and text[end : end + 2].strip()[:1].isalnum()
    if form is Form.REFERENCE and is_word and not _SHOWN_IN.match(text, end):
        return None  # "in a rod", but "Arrows in a mark the rod"
    if form is Form.REFERENCE and labels[-1].isupper() and re.match(r"\.\s[a-z]", text[end : end + 3]):
        return None  # "of A. machipongonensis"
    in_bracket = text[match.start()] in "(["
    start = match.start("list") if form in (Form.REFERENCE, Form.NAMED) and not in_bracket else match.start()
    before = text[max(0, start - 20) : start].rstrip()
    word = before[before.rfind(" ") + 1 :].lstrip("(")
    at_start = start in starts or not before or before[-1] in ".;:!?"
    if at_start and form is Form.DOT and _NAME_NEXT.match(text, end):
        return None
    if not at_start:
        if form in (Form.PAREN, Form.CLOSE):
            if form is Form.PAREN and is_thing(text, labels[0], start, end, word):
                return None
            is_pointed = word in _BEFORE_REFERENCE and _REFERS_TO_PANELS.search(text, max(0, start - 30), start)
            if is_pointed and not _EACH_ITS_OWN.match(text, end):
                form = Form.REFERENCE
        elif form not in (Form.REFERENCE, Form.NAMED) and word.removesuffix("s") in LEGEND:
            return None
    if form is Form.DOT and not at_start and word in REFERS and _LABEL_NEXT.match(text, end):
        form = Form.REFERENCE  # "B. Section along the line in A. C. Column"
    if form is Form.COLON and _INSET_OF.search(text, max(0, start - 16), start):
        form = Form.REFERENCE  # "Insets in b and c: nuclei"
    is_reference = word in REFERS and not at_start and bool(_PART_ENDS.match(text, end))
    at_part_start = at_start or before[-1] == "," or word in _PART_STARTS
    return PrintedLabel(Span(start, end), labels, form, at_start, note, at_part_start, is_reference)


# "A. Smith's drawing", "A. Smith and B. Jones"
_NAME_NEXT = re.compile(r"\s?[A-Z][a-z]+(?:['’]s\b|\set al|\sand\s[A-Z]\.)")
_INSET_OF = re.compile(r"\b[Ii]nsets? (?:in|of) $")
_SHOWN_IN = re.compile(
    r"\s+(?:is|are|was|were|mark|indicate|denote|show|represent|highlight|point|correspond|and [b-hB-H]\b)"
)
_LABEL_NEXT = re.compile(r"\s[B-Hb-h][.:]\s")
_PART_ENDS = re.compile(r"\s*(?:[.;:,)]|and\b|or\b|$)")
# "(A: < 45 years)": what a group is defined by
_BOUNDS = re.compile(r"[:,;]\s?[<>≤≥=]")
_DOTTED = re.compile(r"(?<![^\W_])[A-Za-z]\.$")
_FIGURE_ENDS = frozenset("gsGSq")
_IN_FIGURE = re.compile(r"\b(?:[Ff]igs?|FIGS?|Eqs?)\.\s[a-z](?:\s[a-z]|[,)])$")


def _in_row(text: str, label: str) -> bool:
    """ "day 1 (a, green) and day 9 (b, red)": one of the first letters, and those before it stand in brackets, too."""
    first = ord("a" if label[0].islower() else "A")
    place = ord(label[0]) - first
    near = [chr(first + each) for each in range(place)] or [chr(first + 1)]
    return place < _FIRST_LETTERS and all(f"({one}," in text or f"({one})" in text for one in near)


def _is_dotted(text: str, position: int) -> bool:
    """ "(i.e. none)", "mean ± s.e (n = 3)", "in Fig. a": no label behind a letter or "Fig" with a full stop."""
    if text[position - 1 : position] == ".":
        return bool(_DOTTED.search(text[max(0, position - 4) : position]))
    # a look at one character spares most places the pattern
    return text[position - 3 : position - 2] in _FIGURE_ENDS and bool(
        _IN_FIGURE.search(text, position - 7, position + 3)
    )
