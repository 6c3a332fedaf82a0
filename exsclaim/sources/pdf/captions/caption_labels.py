"""Labels of captions: "Figure 3.", "Figs 1–9.", "FIG. 3", "Abb. 2", "Рис. 4", "图 3.1", "[Fig. 5]", and what follows.

A line that begins so may as well be a sentence: "Figure 3 shows …", "図 3 に示す". Its sign after the number, its type,
how it goes on and where it stands tell.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from exsclaim.sources.pdf.captions.caption_extent import above, is_running_on
from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.text.label_words import BEHIND_FIGURE, BEHIND_TABLE, CONTINUED, FIGURE, OTHERS, TABLE
from exsclaim.sources.pdf.text.text_lines import Line

ENOUGH = 2
NO_FIGURES = ("table", "box", "algorithm", "listing")
OPENED, CLOSED = r"[\[(（【〔<＜〈]", r"[\])）】〕>＞〉]"
"""Brackets in which a label may stand."""
POINTER = r"(?:[◀▶◄►◁▷▲▼△▽←→↑↓•■]\s?|\d\s(?=Fig(?:ure|\.)\s?\d{1,2}[.:]\s))"
"""What points to the figure beside or over a caption: "◄ Fig. 4. …", in scans "4 Fig. 4. …"."""
_BEFORE = rf"(?:\[\s*Table\s*/\s*)?{POINTER}?(?P<bracket>{OPENED}\s?)?"
_SERIES = r"(?:(?:Extended\s+Data|Supplementa(?:ry|l)|Supporting|Appendix)\s+|S(?=Fig))?"
_NUMBER = (
    r"(?:(?:[A-Z]{1,2}|[IVX]{3,5})\s?[.\-]?\s?)?\d{1,3}(?:[.\-–‐‑]\d{1,3}){0,2}(?![\d])(?:[a-zA-Z](?![a-zA-Z]|\s?[-–]\s?[a-zA-Z]\b))?"
    r"|[IVX]{1,6}\b(?![.\-]\d)|l(?=\s?[.:])"
)
_START = re.compile(
    rf"{_BEFORE}(?P<label>{_SERIES}"
    rf"(?P<kind>(?P<figure>{FIGURE})|(?P<table>{TABLE})|{OTHERS})"
    rf"\s*(?:[-–]\s?(?=\d))?(?P<number>{_NUMBER}))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_FIRST = re.compile(
    r"(?P<bracket>(?!))?(?P<label>(?P<number>\d{1,3}(?:[.\-–]\d{1,3}){0,2})\s?[.\-–]?\s?(?:sz\.\s?|számú\s)?"
    rf"(?P<kind>(?P<figure>{BEHIND_FIGURE})|(?P<table>{BEHIND_TABLE})))(?![^\W\d_])(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PLURAL = re.compile(
    rf"{_BEFORE}(?P<label>{_SERIES}(?P<kind>(?P<figure>Fig(?:ure)?s\.?|Abbildungen|Abb\."
    r"|Fig(?:ure|\.)(?=\s*\d{1,3}\s?(?:&|and)\s?\d{1,3}\s?[:.|]\s))|(?P<table>(?!)))"
    r"\s*(?P<number>(?P<first>\d{1,3})\s?(?:[-–—,&]|and|und)\s?(?P<last>\d{1,3})(?![\w]|\.\d)))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Several figures that are one image, with one caption."""
_WITHIN = re.compile(r"(?<=\s)(?:of|in|from|to|by|with|the|and|see|than|both)\s*$")
"""How a line ends whose sentence goes on in the next one."""
_DOUBLE = 2.2
"""Lines of a manuscript are at most so many sizes of their type apart."""
_SPREAD = re.compile(r"^(?:[A-Z] ){3,}[A-Z](?=\s?\d)")
"""A label in letters with spaces between them: "F I G U R E 10"."""
_CLOSED = re.compile(rf"\s?{CLOSED}")
_SEPARATOR = re.compile(r"\s*\]?\s*(?:[.:|│¦▪•■：．]|\s[—–-]\s|—|–(?=\s))\s*")
_SENTENCE = re.compile(
    r"(?:shows?|showed|shown|illustrates?|illustrated|presents?|presented|depicts?|displays?|displayed|compares?|gives?"
    r"|demonstrates?|exhibits?|reveals?|represents?|summari[sz]es?|provides?|plots?|indicates?|suggests?|describes?"
    r"|contains?|reports?|confirms?|is|are|was|were|has|have|can|could|may|and|or|to|in|of|for|with|from|by|at|on|as"
    r"|that|which|where|also|below|above|respectively|clearly|further|we|it|the)\b"
)
_WIDE_SENTENCE = re.compile(
    r"[(（]?[a-zA-Z]?[)）]?(?:"
    r"\s?(?:[にはをがのでとも](?![ぁ-ん])|に[示おつよ]|では|には|とは|のよう|のとおり|から|より|および"  # Japanese
    r"|[，、和与及或]|中(?![国國])|[所显顯]示|展示|表示|给出|給出|表明|可以)"  # Chinese
    r"|[은는을를이가에와과의])"  # Korean: no space parts these from the number
)
"""How a sentence goes on behind a figure's number."""
_PANELS = re.compile(r"^(?:[a-z]\s?[-–]\s?[a-z]|[A-Z])\s+")


_TWO_PANELS = re.compile(r"[A-Z](?:\s?[-–,]\s?|\s(?:and|&)\s)[A-Z],\s[A-Z][a-z]")
"""What a caption begins with that tells of two panels first: "FIGURE 4 A and B, Velocities of …"."""
_REMARK = re.compile(r"\(\s*(?:(?:in )?colou?r(?:ed)?\b|online colou?r)", re.IGNORECASE)
"""What may stand between a label and its caption: "FIG. 1 (color online). The …"."""
_QUALIFIED = re.compile(r"\([^()]{1,40}(?:\([^()]{1,20}\)[^()]{0,20})?\)\s?[:|]\s")
"""What tells figures apart, before the sign: "Figure S2 (ψ = 3): The …". A full stop would end a sentence."""


class Start(NamedTuple):
    """A line that may begin a caption. `score` is at least `ENOUGH` where it does."""

    label: str
    number: str
    kind: str
    rest: str
    score: int


def start_of(line: Line, lines: Sequence[Line], body: tuple[str, float]) -> Start | None:
    """Start of a figure or table that a line may be, with its score; None where it names no figure or table."""
    match = _named(line.text)
    if match is None or re.search(r"(?:\.\s?){4,}|…{2,}", match["rest"]):
        return None  # the last: a line of a list of figures
    before = above(line, lines)
    if before is not None and is_running_on(line, before) and not _begins_anew(before, line, match):
        return None
    if before is not None and _breaks_off(before, line) and not _is_translated(before.text, match):
        return None
    behind, is_bracketed = match["rest"], match["bracket"] is not None
    if is_bracketed:
        closed = _CLOSED.match(behind)
        if closed is None:
            return None
        behind = behind[closed.end() :]
    separator = _SEPARATOR.match(behind)
    rest = (behind[separator.end() :] if separator else behind).strip()
    if match["label"][0].islower() and not (separator and rest[:1].isupper() and _begins_a_block(line, lines)):
        return None  # "… as is seen in / fig. 4. The particles …"
    if match.re is _PLURAL and len(rest.split()) < 2:
        return None  # the end of a description that names its figures: "Figs. 5, 6."
    score = _score(line, lines, body, rest, separator is not None) + 2 * _is_set_apart(line, match.end("label"))
    if not separator and _WIDE_SENTENCE.match(behind):
        score -= 5
    if is_bracketed:
        # "(Fig. 3). The …" is the end of a sentence
        score = score if rest and _begins_a_block(line, lines) else score - 5
    kind = "figure" if match["figure"] else "table" if match["table"] else match["kind"].casefold()
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", match["number"])).replace("l", "1")  # of a scan: "FIG. l."
    return Start(" ".join(match["label"].split()), number, kind, rest, score)


def _named(text: str) -> re.Match[str] | None:
    """A line's label with its number: of several figures from the first to the last, else of one."""
    text = _SPREAD.sub(lambda spread: spread[0].replace(" ", ""), text)
    several = _PLURAL.match(text)
    if several and int(several["first"]) < int(several["last"]):
        return several
    return _START.match(text) or _NUMBER_FIRST.match(text)


def begins_with_label(text: str) -> bool:
    """True if a line begins with a figure's label, or is no more than one of a figure or table."""
    match = _named(text)
    if match is None or match["bracket"] is not None:
        return False
    return match["figure"] is not None or not match["rest"].strip(" .:")


def _begins_anew(before: Line, line: Line, match: re.Match[str]) -> bool:
    """True if a label right under a line of its type does not go on with that one's sentence.

    That one is the caption in another language, a heading in bold, or ends its sentence, and behind the label stand a
    sign and a capital.
    """
    if _is_translated(before.text, match) or (before.style.bold and not line.style.bold):
        return True
    separator = _SEPARATOR.match(match["rest"])
    return separator is not None and match["rest"][separator.end() :][:1].isupper() and ends_sentence(before)


def _breaks_off(before: Line, line: Line) -> bool:
    """True if the line above ends within a sentence, at the same margin and in the same type, at any leading of text.

    The lines of a manuscript stand farther apart than `is_running_on` allows.
    """
    is_of_block = abs(before.box.x0 - line.box.x0) < 0.6 * line.size and before.style == line.style
    is_near = line.baseline - before.baseline < _DOUBLE * line.size
    return is_of_block and is_near and len(before.words) > 4 and _WITHIN.search(before.text) is not None


def _is_translated(text: str, match: re.Match[str]) -> bool:
    """True if a line has the label of the next one in another language: captions may stand in two."""
    other = _named(text)
    if other is None or other["number"] != match["number"] or other["kind"][0] == match["kind"][0]:
        return False
    return _is_no_figure(other) == _is_no_figure(match)  # "Fig. 1. The cost of / Algorithm 1" is no translation


def _is_no_figure(match: re.Match[str]) -> bool:
    return match["table"] is not None or match["kind"].casefold() in NO_FIGURES


def _score(line: Line, lines: Sequence[Line], body: tuple[str, float], rest: str, has_separator: bool) -> int:
    first = rest.lstrip("(“\"'[ ")[:1]
    has_separator = has_separator or _REMARK.match(rest) is not None or _goes_on(rest)
    has_separator = has_separator or _QUALIFIED.match(rest) is not None or _TWO_PANELS.match(rest) is not None
    score = 2 if has_separator else 1
    if not has_separator and first.islower() and not re.match(r"\(?[a-z]\s?[).,:–-]", rest):
        score -= 5 if _SENTENCE.match(rest) else 2
    elif not has_separator and (
        _SENTENCE.match(_PANELS.sub("", rest))
        or re.match(r"[,;)\]/&+]", rest)
        or re.match(r"\(?[a-z]\s?[).,–-]+\s*(?:[a-z]\s?\)\s*)?[a-z]{2}", rest)
    ):
        score -= 5
    elif (
        not has_separator
        and re.match(r"(?:[a-z],\s|\([a-zA-Z]\)\s)?[^\W\d_a-z][a-z]", rest)
        and (_begins_a_block(line, lines) or _is_centred(line, lines))
    ):
        score += 1
    elif line.is_wide and not has_separator:
        score += _is_centred(line, lines)
    score += 2 * ((line.style.font, line.size) != body and line.size < 1.3 * body[1])
    return score


def _goes_on(rest: str) -> bool:
    """True if a label's line says that the figure goes on, and no more than that in the same breath."""
    found = CONTINUED.match(rest)
    return found is not None and (found.end() == len(rest) or not found[0].rstrip()[-1:].isalpha())


def _begins_a_block(line: Line, lines: Sequence[Line]) -> bool:
    before = above(line, lines)
    return before is None or line.baseline - before.baseline > 2.5 * line.size


def _is_centred(line: Line, lines: Sequence[Line]) -> bool:
    """True if as much is free on the left of a line as on its right, within the longest line around it."""
    around = [other.box for other in lines if other.box.x0 < line.box.x0 + 1 and other.box.x1 > line.box.x1 - 1]
    widest = max(around, key=lambda box: box.width)
    left, right = line.box.x0 - widest.x0, widest.x1 - line.box.x1
    return left > 2 * line.size and abs(left - right) < 2 * line.size


def _is_set_apart(line: Line, end: int) -> bool:
    """True if the label is in another type than the text after it: bold, or another font."""
    letters = len(re.sub(r"\s", "", line.text[:end]))
    label, rest = line.glyphs[: max(1, letters - 1)], line.glyphs[letters + 1 :]
    if not rest:
        return all(glyph.style.bold for glyph in label)
    fonts = Counter(glyph.style.font for glyph in rest[:40])
    return all(glyph.style.bold for glyph in label) > all(glyph.style.bold for glyph in rest[-20:]) or all(
        glyph.style.font not in fonts for glyph in label
    )
