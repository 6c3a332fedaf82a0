"""Candidate labels in a caption: every place that looks like a label, whether it is one or not.

`exsclaim.captions.labels.label_systems` decides which of these candidates are labels; this module only knows how
labels are printed: "(a)", "a)", "a.", "a,", "a:", "a |", a bare "a", lists and ranges of them.
"""

import re
from collections.abc import Sequence

from exsclaim.captions.labels.label_lookalikes import ELSEWHERE, ELSEWHERE_STEMS, has_lone_close, inside_bracket
from exsclaim.captions.labels.label_mentions import mention
from exsclaim.captions.labels.label_ranges import (
    ATOM,
    COLUMN,
    DASH,
    JOINT,
    LABEL,
    LABEL_LIST,
    PLACE,
    TIE,
    TIER,
    Form,
    PrintedLabel,
    expanded,
    is_tiered,
    joined,
)
from exsclaim.captions.labels.unbracketed_rows import (
    dotted_small_row,
    equals_row,
    glued_row,
    stopless_row,
    subject_row,
    told_in,
    unmarked_row,
)
from exsclaim.captions.spans import Span

_TIERS = re.compile(rf"(?<!\w)([A-Za-z])[-–.]({TIER})(?!\w)")
# "(a-ii)" says that "(a-i)" is no range
_HAS_TIERS = re.compile(r"[(\s,][A-Ha-h][-–.](?:ii|iii|iv)(?!\w)")
# "(ai–aiii)" says that "ai" is a label of two tiers, as "Ai" is
_SMALL_TIERS = re.compile(rf"(?<![^\W_])([a-h])({TIER})(?=[)\],;\s–—−‐-])")
_HAS_SMALL_TIERS = re.compile(r"[(\[]\s?ai(?:[)\]]|\s?[,–—−‐-]\s?a?i)")
# "(a1–c1) …; (a2–c2) …": ranges of columns, not alleles
_COLUMNS = re.compile(rf"(?<=[(\[])([A-Ha-h])(\d)(\s?{DASH}\s?)([A-Ha-h])\2(?=[)\]])")
_PANEL = r"(?:(?:[Pp]anels?|[Pp]arts?|[Pp]late)\s+)?"

_PAREN = re.compile(
    rf"[(\[]\s*{_PANEL}(?P<list>{LABEL_LIST})\s*"
    # not "(E)-hex-2-enal", but "(A)-Cranial view" and "(c)-coated rods"; "(A–C, respectively)" also without its comma,
    # "(i,j,x=0.1)" without its blank
    r"(?P<rest>:?[)\]](?!-(?![A-Z][a-z]+\s|[a-z]+(?:ed|based|like|free)\s)\w)|(?:[,;:](?=\s|[xyz]\s?=)|(?<=\s)(?=respectively\b))(?:[^()]|\([^()]{0,80}\)){1,300}\))"
)
# "(arrows, b)", "(tumour, a, b)"
_PAREN_LAST = re.compile(rf"\((?P<rest>[^(),;]{{2,60}}[,;:]\s*){_PANEL}(?P<list>{LABEL_LIST})\)")
# not "(Aged – Young; A–Y)", "(figure supplement 1a, c)" nor "(labelled S3, S4 and S5)", "(i.e. a, b and c)"
_NO_MARK = re.compile(
    r"\([^,;:]*(?:\b[Ff]ig(?:ure)?s?\b|\b[Ss]uppl(?:ementary|ement)?\b|[\s(][A-Za-z][,;:]|\b[A-Za-z]\d,\s(?:and\s)?[A-Za-z]\d)|.*A[–-][K-Z]\)"
)
_ONE = re.compile(ATOM)
# "(top: a–c)"
_PAREN_PLACE = re.compile(
    rf"\((?P<rest>(?:[Tt]op|[Bb]ottom|[Uu]pper|[Ll]ower|[Mm]iddle|[Ll]eft|[Rr]ight|[Ff]irst|[Ss]econd|[Tt]hird)(?:\s\w+)?[,;:]\s*)"
    rf"{_PANEL}(?P<list>{LABEL_LIST})\)"
)
_CLOSE = re.compile(rf"(?<![\w(\[’'′])(?P<list>{LABEL_LIST})\)")
_HEAD = re.compile(rf"(?P<list>{LABEL_LIST})\s?(?P<mark>[.,:|]|\s[–—-]\s)?(?=\s|[A-Z(\[]|$)")
# "A, Z. nebulosa; B, Z. conchifer": a species, and no list of labels
_BEFORE_SPECIES = re.compile(r"(?P<list>[A-Z])(?P<mark>,)(?=\s(?P<genus>[A-Z])\.\s[a-z]{3})")
_LEAST_APART = 2
# not "for 24 h. Then" nor "by D. coniospora"
_MIDDLE_DOT = re.compile(rf"(?:(?<=[^\W\d]\s)|(?<=[)%,;]\s)|(?<=\())(?P<list>{ATOM})\.(?=\s\w)(?!(?<=[A-Z]\.)\s[a-z])")
# "b GID1 (TRpn_57024), c, d ORC3b (TRpn_33086)"
_MIDDLE_BARE = re.compile(rf"(?<=[)\w],\s)(?P<list>{ATOM}{JOINT}{ATOM})(?=\s[A-Z][\w-]+\s)")
# "A, B undeformed lattice, C, D strained lattice"; not the end of "in b, c, d"
_MIDDLE_PAIR = re.compile(
    rf"(?<=[a-z)\d%],\s)(?<!\W\w,\s)(?P<list>{ATOM}(?:,\s|{DASH}){ATOM})(?=\s(?:[a-z][\w-]{{2,}}|(?![A-Z])[^\W\d_]\s?=\s))"
)
# "c, the cycling performance and d, the voltage profiles"; "squamosals of A, UA 9629; B, FMNH 2512"
_MIDDLE_COMMA = re.compile(
    rf"(?:(?<=\w\w\sand\s)|(?<=\sof\s)|(?<=\()(?=\w,\s(?:scale\s)?bar))(?P<list>{ATOM}),(?=\s(?:the|an?|[a-z]+ing|corresponding|[A-Z][\w-]+|(?:scale\s)?bars?|"
    r"(?<=[B-H],\s)(?!wh|with|respect|as\b|and\b|or\b)[a-z]{3,})[\s.;])"
)
_MIDDLE_COLON = re.compile(rf"(?:(?<=[\w)%,;]\s)|(?<=\())(?P<list>{LABEL_LIST}):(?=\s)")
_CLAUSE_START = re.compile(
    r"[].;:!?\n\"”](?:(?<!\])\s*|(?<=\])\s(?=[b-hB-H]\s[A-Z]))(?:and\s+|while\s+|[–—-]\s)?(?=[A-Za-z](?:\d{1,2}|\ue000?[ivx]{1,4}|[IVX]{1,3})?[\s.,:|′″'–—~-])"
)
_PANEL_NAMED = re.compile(rf"[Pp](?<!\w.)anels?\s+(?P<list>{LABEL_LIST})(?=\W|$)")
_LISTED = re.compile(rf"(?P<list>{LABEL_LIST})(?=\W|$)")
_NAMES_NEXT = frozenset(("panel", "panels", "in", "In", "of", "from", "for", "than", "see", "and"))
# a look that spares most words the split
_NAMES_NEXT_ENDS = tuple(_NAMES_NEXT)
_NO_WORD = re.compile(r"\W")
# "A, B and F are data from Western blotting", "(D–J) are reversed images": a list as the subject of a sentence
_SUBJECT = re.compile(
    rf"(?P<list>{ATOM}(?:{JOINT}{ATOM}){{1,30}})(?=\s+(?:are|were|show|represent|depict|indicate|display)\b)"
)

# what may stand in the middle of a sentence, and the characters that may follow its first label
_JOINS = " ,;/&+-–—−‐‑‒~∼～"
_MIDDLE = (
    (_MIDDLE_DOT, Form.DOT, "."),
    (_MIDDLE_COMMA, Form.COMMA, ","),
    (_MIDDLE_BARE, Form.BARE, _JOINS),
    (_MIDDLE_PAIR, Form.BARE, _JOINS),
    (_MIDDLE_COLON, Form.COLON, f":{_JOINS}"),
)


MOST_LABELS = 1_000
"""Places in a caption that look like a label; with more of them none is one. Of 1,846 captions none has 100."""


Places = Sequence[tuple[int, str]]
"""Offsets at which a label may begin, each with the character behind its first label."""


def candidates(text: str, start: int) -> list[PrintedLabel]:
    """Every possible mention of a label in `text` from `start` on, in order and without overlap."""
    masked = _masked(text, start)
    # looked for only where a label can begin at all: a few places of a caption of some hundred words
    ends = [found.span() for found in PLACE.finditer(f" {masked}")]
    places = [(begin, masked[end - 1 : end]) for begin, end in ends]
    if len(places) > MOST_LABELS:
        return []
    starts = {found.end() for found in _CLAUSE_START.finditer(masked) if not _is_dotted(masked, found.end())} | {start}
    mentions = _Mentions(masked, starts)
    mentions.take_bracketed()
    mentions.take_closed(places)
    mentions.take_beginnings()
    mentions.take_within(places)
    mentions.take_row(start)
    mentions.take_named(places)
    return [_untied(one, text) for one in joined(masked, sorted(mentions.found, key=lambda one: one.span))]


def _masked(text: str, start: int) -> str:
    """The text with blanks for what comes before `start` and for labels of other figures; "a-i" as one word."""
    masked = " " * start + text[start:] if start else text
    small = text.lower()
    for stem, whole in ELSEWHERE_STEMS:
        if stem in small and any(one in small for one in whole):
            masked = " " * start + ELSEWHERE.sub(lambda found: " " * len(found.group()), text[start:])
            break
    if "ii" in masked and _HAS_TIERS.search(masked):
        masked = _TIERS.sub(rf"\1{TIE}\2", masked)
    if "ai" in masked and _HAS_SMALL_TIERS.search(masked):
        masked = _SMALL_TIERS.sub(lambda found: found[1].upper() + found[2], masked)
    if "1" in masked and "2" in masked:
        columns = [(one[1], one[4]) for one in _COLUMNS.finditer(masked) if one[1] < one[4]]
        if len(columns) > 1 and len(set(columns)) == 1:
            masked = _COLUMNS.sub(
                lambda found: f"{found[1]}{found[2]}{COLUMN:^{len(found[3])}}{found[4]}{found[2]}", masked
            )
    return masked


class _Mentions:
    """Mentions found in a text, none over another: what is looked for first has the place."""

    def __init__(self, text: str, starts: set[int]) -> None:
        self.found: list[PrintedLabel] = []
        self._text = text
        self._starts = starts
        self._taken = bytearray(len(text))

    def _take(self, match: re.Match[str], form: Form) -> None:
        one = mention(self._text, match, form, self._starts)
        if one is not None and 1 not in self._taken[one.span.start : one.span.end]:
            self._mark(one.span)
            self.found.append(one)

    def _mark(self, span: Span) -> None:
        self._taken[span.start : span.end] = b"\1" * (span.end - span.start)

    def take_bracketed(self) -> None:
        """ "(a)", "(top: a–c)", "(SR-159, a)"."""
        has_place = ": " in self._text or "; " in self._text
        for pattern in (_PAREN, *((_PAREN_PLACE,) if has_place else ()), _PAREN_LAST):
            for match in pattern.finditer(self._text):
                is_doubtful = pattern is _PAREN_LAST and not _ONE.fullmatch(match["list"])
                if not is_doubtful or not _NO_MARK.match(match.group()):
                    self._take(match, Form.PAREN)

    def take_closed(self, places: Places) -> None:
        """ "a)"."""
        text, position = self._text, 0
        for place, character in places if has_lone_close(text) else ():
            listed = _CLOSE.match(text, place) if character in f"){_JOINS}" and place >= position else None
            if listed is None:
                continue
            match = listed
            position = listed.end()
            if expanded(listed["list"])[1] < len(listed["list"]):
                # "a) S1, b) S2": no list, but a sample's name before the next label
                last = list(LABEL.finditer(text, *listed.span("list")))[-1]
                match = _CLOSE.match(text, last.start()) or listed
            if not inside_bracket(text, match.start()):
                self._take(match, Form.CLOSE)

    def take_beginnings(self) -> None:
        """ "Panel a", and what begins a clause: "a. …", "A, B and F are …"."""
        for match in _PANEL_NAMED.finditer(self._text) if "anel" in self._text else ():
            self._take(match, Form.NAMED)
        for position in sorted(self._starts):
            if subject := _SUBJECT.match(self._text, position):
                self._take(subject, Form.REFERENCE)
            species = _BEFORE_SPECIES.match(self._text, position)
            is_listed = species and ord(species["genus"]) - ord(species["list"]) < _LEAST_APART
            if head := (species if species and not is_listed else _HEAD.match(self._text, position)):
                self._take(head, _head_form(head))

    def take_within(self, places: Places) -> None:
        """Labels without brackets in the middle of a sentence."""
        text = self._text
        behind_comma = [one for one in places if text.startswith(", ", one[0] - 2)]
        for pattern, form, next_characters in _MIDDLE:
            end = 0
            within = behind_comma if form is Form.BARE else places if form is not Form.COLON or ":" in text else ()
            for place in [place for place, character in within if character in next_characters]:
                middle = pattern.match(text, place) if place >= end else None
                if middle:
                    end = middle.end()
                    self._take(middle, form)

    def take_row(self, start: int) -> None:
        """Rows of labels that nothing marks but their order, whatever was found in their places."""
        marked = {
            label for one in self.found if one.form in (Form.PAREN, Form.CLOSE, Form.PIPE) for label in one.labels
        }
        # "(D15)" is a day
        if sum(len(label) < 3 or not label[1:].isdigit() for label in marked) > 1:
            row = glued_row(self._text, start) or []
        else:
            named = {label for one in self.found for label in one.labels}
            row = equals_row(self._text, start) or unmarked_row(self._text, start, named)
        row = row or told_in(self._text, start, self.found) or subject_row(self.found, marked)
        if not self.found and not row:
            row = stopless_row(self._text, start)
        if not marked and not row:
            row = dotted_small_row(self._text, start)
        # the first one may have been taken for a bare label at the beginning of a clause
        spans = {one.span for one in row}
        self.found = [*(one for one in self.found if one.span not in spans), *row]
        for one in row:
            self._mark(one.span)

    def take_named(self, places: Places) -> None:
        """ "in a and b", "panels c–e"."""
        text, end = self._text, 0
        for place, _ in places:
            if place < end or not text[place - 1 : place].isspace():
                continue
            word = text[max(0, place - 12) : place].rstrip()
            if word.endswith(_NAMES_NEXT_ENDS) and _NO_WORD.split(word)[-1] in _NAMES_NEXT:
                named = _LISTED.match(text, place)
                if named:
                    end = named.end()
                    self._take(named, Form.REFERENCE)


def _untied(printed: PrintedLabel, text: str) -> PrintedLabel:
    """Labels of two tiers as they are printed: "a-i", "ai"."""
    if not any(TIE in label for label in printed.labels):
        if is_tiered(printed.labels[0]) and _SMALL_TIERS.search(text, printed.span.start, printed.span.end + 1):
            return printed._replace(labels=tuple(label[0].lower() + label[1:] for label in printed.labels))
        return printed
    joint = _TIERS.search(text, *printed.span)
    tie = text[joint.start(2) - 1] if joint else "-"
    return printed._replace(labels=tuple(label.replace(TIE, tie) for label in printed.labels))


def _head_form(head: re.Match[str]) -> Form:
    mark = (head["mark"] or "").strip()
    return {".": Form.DOT, ",": Form.COMMA, ":": Form.COLON, "|": Form.PIPE}.get(mark, Form.PIPE if mark else Form.BARE)


_DOTTED = re.compile(r"(?<![^\W_])[A-Za-z]\.$")
_FIGURE_ENDS = frozenset("gsGSq")
_IN_FIGURE = re.compile(r"\b(?:[Ff]igs?|FIGS?|Eqs?)\.\s[a-z](?:\s[a-z]|[,)])$")


def _is_dotted(text: str, position: int) -> bool:
    """ "(i.e. none)", "mean ± s.e (n = 3)", "in Fig. a": no label behind a letter or "Fig" with a full stop."""
    if text[position - 1 : position] == ".":
        return bool(_DOTTED.search(text[max(0, position - 4) : position]))
    if text[position - 5 : position] in ("i.e. ", "e.g. "):
        return True
    # a look at one character spares most places the pattern
    return text[position - 3 : position - 2] in _FIGURE_ENDS and bool(
        _IN_FIGURE.search(text, position - 7, position + 3)
    )
