"""Paragraphs of a caption: whether a line under it begins one that goes with it, or other text."""

import re
from collections.abc import Sequence
from itertools import pairwise

from exsclaim.geometry import hull
from exsclaim.sources.pdf.text.line_types import family, has_type_of
from exsclaim.sources.pdf.text.text_lines import Line

_FULL_STOP = re.compile(r"[.!?)\]”\"]\s*$")
_PANEL = re.compile(r"\(?([A-Z])(?:\s?[-–,]\s?[A-Z]|,? and [A-Z])*(?:\.|\)|:)\s")
_HEADING = re.compile(r"(?:[A-Z]|[IVX]{1,4}|\d{1,2}(?:\.\d{1,2})*)[.)]?\s+[A-Z][a-z ]")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z]")
_LARGER = 1.1
_OFF = 2.5
"""Sizes of its type by which a line is off the margin or the middle of what stands over it."""
_COLUMNS_APART, _TITLE_WORDS = 4.0, 3
"""Sizes of its type between pieces of one row that are no words of a caption, and the words of each at most."""
_FEW, _PARAGRAPH = 2, 6
"""A legend's first line has so many words at least: what is shorter under a title may be anything."""


def ends_sentence(line: Line) -> bool:
    """True if the line ends with a full stop, and what may stand behind one."""
    return _FULL_STOP.search(line.text) is not None


def is_title(start: Line, line: Line, lines: Sequence[Line], body: tuple[str, float]) -> bool:
    """True if a caption is its first line alone, and the next line begins the running text, being set in its type.

    A centred line stands within the width of the paragraph under it, and farther from it than that one's lines.
    """
    em = start.size
    if start.is_wide and line.size == body[1] and line.size > _LARGER * em:
        return True  # Chinese text has fonts of their own for its digits and its signs
    if (line.style.font, line.size) != body:
        return _is_heading(start, line, lines, body)
    if _has_room_for_more(start, line):
        return True
    under = [
        other.baseline - line.baseline
        for other in lines
        if other.baseline > line.baseline + 0.5 * em
        and other.box.overlap_width(line.box) > 0.5 * min(other.box.width, line.box.width)
        and (other.style.font, other.size) == body
    ]
    return bool(under) and line.baseline - start.baseline > 1.15 * min(under) + 0.5


def is_of_text_under(block: Sequence[Line], line: Line, body: tuple[str, float]) -> bool:
    """True if a line in the type of the text, or a section's heading, is neither at a caption's margin nor its middle.

    A caption that is centred over two columns has the first lines of both right under it. One of several lines that is
    centred in a type of its own has the text of its column under it, which stands out on both sides.
    """
    box, most = hull(other.box for other in block), _OFF * line.size
    if len(block) > 1 and (line.style.font, line.size) == body and all(other.style.font != body[0] for other in block):
        out = min(box.x0 - line.box.x0, line.box.x1 - box.x1)
        if out > line.size and abs(line.box.centre[0] - box.centre[0]) < line.size:
            return True
    is_off = abs(line.box.x0 - box.x0) > most and abs(line.box.centre[0] - box.centre[0]) > most
    sticks_out = line.box.x0 < box.x0 - most or line.box.x1 > box.x1 + most
    is_text = (line.style.font, line.size) == body or (len(block) == 1 and _SECTION.match(line.text) is not None)
    return is_text and is_off and sticks_out


def is_legend(
    title: Sequence[Line], line: Line, lines: Sequence[Line], body: tuple[str, float], is_label: bool = False
) -> bool:
    """True if a line that stands apart under a caption's title begins the paragraph that goes with it.

    It is set as the title is and as the running text is not, at its margin, and begins a sentence: no footnote.
    `is_label` says that the title is a label alone, under which a legend may be short.
    """
    first, last = title[0], title[-1]
    if not has_type_of(line, first) or line.size == body[1] or not ends_sentence(last):
        return False
    if abs(line.box.x0 - first.box.x0) > 0.6 * first.size or len(line.words) < (_FEW if is_label else _PARAGRAPH):
        return False
    if not (line.text[:1].isupper() or line.text[:1] in "(["):
        return False
    beside = [other for other in lines if abs(other.baseline - last.baseline) < 0.35 * last.size]
    return all(other is last or other.box.x0 > line.box.x1 or other.box.x1 < line.box.x0 for other in beside)


def begins_panel(block: Sequence[Line], line: Line) -> bool:
    """True if a line begins the paragraph of a panel with its letter in bold: that of A, or one behind it."""
    letter = _PANEL.match(line.text)
    if letter is None or not line.bold_lead or line.bold_lead == len(line.glyphs) or not has_type_of(line, block[0]):
        return False
    has_first = any(other.bold_lead and _PANEL.match(other.text) is not None for other in block[1:])
    return (has_first or letter[1] == "A") and abs(line.box.x0 - block[-1].box.x0) < 0.6 * line.size


def _is_heading(start: Line, line: Line, lines: Sequence[Line], body: tuple[str, float]) -> bool:
    """True if a line under a caption's full stop is a numbered heading, slanted or bold, of the text under it.

    A centred caption needs no full stop, and a heading may have another under it.
    """
    is_off = abs(line.box.x0 - start.box.x0) > _OFF * start.size
    cuts = {glyph.style.font for glyph in line.glyphs}
    if (
        not (ends_sentence(start) or is_off)
        or not _HEADING.match(line.text)
        or len(cuts) > 1
        or line.style.font == start.style.font
    ):
        return False
    if family(line.style.font) != family(body[0]) or abs(line.size - body[1]) > 0.1 * body[1]:
        return False
    under = [other for other in lines if 0.5 * line.size < other.baseline - line.baseline < 2 * line.size
             and other.box.overlap_width(line.box) > 0.5 * min(line.box.width, other.box.width)]  # fmt: skip
    is_next = any(other.style == line.style and _HEADING.match(other.text) for other in under)
    return is_next or any((other.style.font, other.size) == body for other in under)


def _has_room_for_more(line: Line, following: Line) -> bool:
    """True if a line ends a paragraph: the first word of the next, with a capital, would have fitted in it.

    Under a centred line the text of the column before may go on, with any letter.
    """
    first = following.words[0] if following.words else ""
    glyphs = following.glyphs[: len(first)]
    left, right = line.box.x0 - following.box.x0, following.box.x1 - line.box.x1
    is_centred = min(left, right) > line.size and abs(left - right) < line.size
    if min(left, right) <= -1 or not (first[:1].isupper() or is_centred):
        return False
    return left + right > glyphs[-1].box.x1 - glyphs[0].box.x0 + 0.35 * line.size


def is_new_paragraph(block: Sequence[Line], line: Line, right: float) -> bool:
    """A caption's last line is short and ends its sentence; what then begins at another margin is no part of it.

    Nor is what goes on with a small letter in another type, under a last line that has room for its first word.
    """
    last = block[-1]
    word = line.words[0] if line.words else ""
    first = line.glyphs[: len(word)]
    has_own_type = line.style.font not in {glyph.style.font for glyph in last.glyphs}
    if len(word) > 1 and word[0].islower() and has_own_type:  # one letter may begin a formula
        room = right - last.box.x1 - _OFF * line.size
        if room > first[-1].box.x1 - first[0].box.x0:
            return True
    if last.box.x1 > right - 3 * last.size or not _FULL_STOP.search(last.text) or len(block) < 2:
        return False
    left = min(other.box.x0 for other in block[1:])
    return abs(line.box.x0 - left) > 0.6 * line.size


def is_of_columns(row: Sequence[Line], em: float) -> bool:
    """True if the lines of a row are short and stand far apart, as titles of columns and numbers of ticks do."""
    edges = sorted((line.box.x0, line.box.x1) for line in row)
    is_apart = any(after[0] - before[1] > _COLUMNS_APART * em for before, after in pairwise(edges))
    return is_apart and all(len(line.words) <= _TITLE_WORDS for line in row)
