"""Captions of a figure's parts, set under them inside the figure, as LaTeX's subcaption does: "(a) Side view"."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.caption_text import Words
from exsclaim.sources.pdf.text.line_types import family, shares_type
from exsclaim.sources.pdf.text.text_lines import Line

PANEL_CAPTION = re.compile(r"\(?[a-pA-H]\)\s*\S|\([a-p]\d?\)")
"""What a part's caption begins with; it may be its letter alone."""
_PANEL_LINES = 3
"""A panel's own caption has at most so many lines."""
_START = re.compile(r"\(?([a-z])\)\s*(?=.*[^\W\d_]{3})")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEAST_PARTS = 2
_APART, _SPACE = 0.8, 0.2
"""Gap, in sizes, between two parts' captions on one line; a word's space."""
_LEADING = 1.5
"""Lines of one caption are at most so many times their size apart, baseline to baseline."""
_AXIS, _AXIS_ROW = 60.0, 6.0
"""Points that an axis with its names may take under its drawing, and between two rows of it where letters are paths."""
_WIDEST, _WIDEST_OF_ROW = 1.15, 1.5
"""Widths of its drawing that a part's caption has at most: beside it stand names of an axis, and a scale of colours."""
_OFF_CENTRE = 0.25
"""A line that is neither flush with those above nor wider is off their centre by no more than this share of them."""
_STOP = re.compile(r"[.!?…]\W*$")

_LETTER = re.compile(r"\(?[A-Za-z]\)?\.?")
_ONE_LETTER = re.compile(r"\(?[a-zA-Z]\)?")
_ROWS_APART = 100.0
"""Points between rows of panels that a letter parts, at most."""
_LETTERS_REACH = 40.0
"""Points between a row of panels' letters and the figure under it."""


def lines_of_sub_captions(prose: Sequence[Line], drawn: Sequence[Box], parts: Sequence[Box]) -> list[Line]:
    """The lines among a page's prose that are captions of parts, set under a drawing.

    Args:
        prose: what was taken for running text.
        drawn: boxes of drawings and images.
        parts: what may stand of an axis under its drawing: lines that are no prose, and small paths, maybe letters.
    """
    starts = [line for line in prose if PANEL_CAPTION.match(line.text)]
    in_order = sorted(parts, key=lambda box: box.y0) if starts else []
    found = []
    for line in starts:
        in_row = any(other is not line and abs(other.baseline - line.baseline) < 0.2 * line.size for other in starts)
        block = _under(line, drawn, in_order, prose, _WIDEST_OF_ROW if in_row else _WIDEST)
        pieces = _cut(line, _SPACE) if not block else []
        if len(pieces) > 1:  # of parts side by side, with a word's space between
            blocks = [_under(piece, drawn, in_order, prose, _WIDEST_OF_ROW) for piece in pieces]
            block = [line, *(under for each in blocks for under in each[1:])] if all(blocks) else []
        found += block
    return found


def _foot(drawing: Box, parts: Sequence[Box]) -> float:
    """The height down to which the numbers and the title of an axis stand under a drawing, row by row."""
    bottom = drawing.y1
    for part in parts:
        is_next = bottom - part.height < part.y0 < bottom + max(1.5 * part.height, _AXIS_ROW)
        if is_next and part.overlap_width(drawing) > 0.5 * part.width:
            bottom = max(bottom, part.y1)
    return bottom


def _under(first: Line, drawn: Sequence[Box], parts: Sequence[Box], prose: Iterable[Line], widest: float) -> list[Line]:
    """The lines of a panel's own caption, "(a) Mean temperature", centred under its drawing; none where it is text."""
    over = [
        box for box in drawn
        if -2 < first.box.y0 - box.y1 < _AXIS + 2.5 * first.size and first.box.width < widest * box.width
        and abs(first.box.centre[0] - box.centre[0]) < 0.15 * box.width
    ]  # fmt: skip
    within = [part for part in parts if part.y1 <= first.box.y0 + 2] if over else []
    if not any(-2 < first.box.y0 - _foot(box, within) < 2.5 * first.size for box in over):
        return []
    block = [first]
    for line in sorted(prose, key=lambda line: line.baseline):
        step = line.baseline - block[-1].baseline
        if 0.5 * first.size < step < 1.5 * first.size and line.box.overlap_width(first.box) > 0:
            block.append(line)
    return block if len(block) <= _PANEL_LINES else []


def with_sub_captions(text: str, caption: Caption, lines: Sequence[Line], box: Box, words: Words) -> str:
    """A figure's caption, and after it those of its parts; as it is where it tells of parts itself, or none are there.

    Args:
        text: the caption's, without its label.
        caption: the same with its lines.
        lines: the page's.
        box: of the figure, in points of the page.
        words: the document's, by which words broken at line ends are mended.
    """
    parts = _parts(caption, lines, box)
    if any(re.search(rf"\(?\b{label}\)", text) for label in parts):
        return text
    told = [text] if text else []
    told += [f"({label}) {_START.sub('', words.join(block), count=1)}" for label, block in parts.items()]
    return " ".join(each if _STOP.search(each) or each is told[-1] else f"{each}." for each in told)


def _parts(caption: Caption, lines: Sequence[Line], box: Box) -> dict[str, list[Line]]:
    """The lines of each part's caption, by its letter: "a", "b" … without a gap, in the fonts of the whole's caption.

    Drawing programs write titles of parts, too, in fonts of their own; those belong to the picture.
    """
    own = {id(line) for line in caption.lines}
    fonts = {font for line in caption.lines for font in _fonts(line)}
    inside = [
        piece
        for line in lines
        if line.is_upright and id(line) not in own and line.box.intersection(box) > 0 and _fonts(line) & fonts
        for piece in _cut(line)
    ]
    starts = {found[1]: line for line in reversed(inside) if (found := _START.match(line.text))}
    labels = sorted(starts)
    if len(labels) < _LEAST_PARTS or labels != list(_LETTERS[: len(labels)]):
        return {}
    begun = {id(line) for line in starts.values()}
    blocks = {label: _block(starts[label], inside, begun) for label in labels}
    taken = [id(line) for block in blocks.values() for line in block]
    # what is told at the figure's very top stands over its parts; a line of two captions is not told apart
    is_over = any(block[0].box.y0 - box.y0 < 2 * block[0].size for block in blocks.values())
    return {} if is_over or len(set(taken)) < len(taken) else blocks


def _fonts(line: Line) -> set[str]:
    """Fonts of a line's letters without weight, slant and LaTeX's size: "CMR9" and "CMR10" are one."""
    return {family(glyph.style.font).rstrip("0123456789") for glyph in line.glyphs if glyph.text.isalpha()}


def _cut(line: Line, apart: float = _APART) -> list[Line]:
    """The line in pieces, each from a label on: "(a) Side view (b) Top view" may be near enough to be one line.

    Before each but the first is a space of more than `apart` sizes.
    """
    signs = [glyph.text for glyph in line.glyphs]
    begins = [
        n for n in range(1, len(signs) - 2) if signs[n] == "(" and signs[n + 1] in _LETTERS and signs[n + 2] == ")"
    ]
    cuts = [n for n in begins if line.glyphs[n].box.x0 - line.glyphs[n - 1].box.x1 > apart * line.size]
    return [Line(line.glyphs[start:stop]) for start, stop in pairwise([0, *cuts, len(signs)])]


def _block(start: Line, lines: Sequence[Line], begun: Collection[int]) -> list[Line]:
    """A part's caption: its first line and those under it in its type."""
    block = [start]
    while True:
        around, last = hull(line.box for line in block), block[-1]
        below = [
            line
            for line in lines
            if id(line) not in begun
            and 0 < line.baseline - last.baseline <= _LEADING * last.size
            and shares_type(line, start)
            and _is_in_column(line.box, around)
        ]
        if not below:
            return block
        block.append(min(below, key=lambda line: line.baseline))


def _is_in_column(box: Box, around: Box) -> bool:
    """True if a line begins where those above do, or stands at their middle."""
    centred = abs(box.centre[0] - around.centre[0]) <= _OFF_CENTRE * around.width
    return abs(box.x0 - around.x0) <= box.height or (centred and box.overlap_width(around) > 0)


def letters_over(box: Box, texts: Sequence[Line]) -> list[Line]:
    """The letters of panels that stand in a row over a figure and apart from it: A, B … on one baseline.

    A single one may be anything.
    """
    over = [
        line for line in texts
        if line.is_upright and 0 <= box.y0 - line.box.y1 < _LETTERS_REACH and _LETTER.fullmatch(line.text.strip())
        and box.x0 - line.size < line.box.x0 and line.box.x1 < box.x1
    ]  # fmt: skip
    rows = [[line for line in over if abs(line.baseline - first.baseline) < 0.2 * first.size] for first in over]
    longest: list[Line] = max(rows, key=lambda row: len(row), default=[])
    row = sorted(longest, key=lambda line: line.box.x0)
    letters = [line.text.strip().strip("().") for line in row]
    if len(row) < 2 or any(ord(b) != ord(a) + 1 for a, b in pairwise(letters)):
        return []
    low = row[0].baseline
    between = (line for line in texts if line not in row and low < line.baseline < box.y0)
    return [] if any(line.box.overlap_width(box) > 0 for line in between) else row


def first_letter_over(box: Box, texts: Sequence[Line]) -> Line | None:
    """The letter of a figure's first panel that stands alone over it: "A" over the "B" of a panel further down."""
    for line in texts:
        letter = line.text.strip().strip("().")
        if not (line.is_upright and 0 <= box.y0 - line.box.y1 < _LETTERS_REACH and letter in ("A", "a")):
            continue
        below = [other for other in texts if box.contains(other.box, slack=1.0)]
        if any(
            (other.style.font, other.size) == (line.style.font, line.size)
            and abs(other.box.x0 - line.box.x0) < 0.2 * line.size
            and other.text.strip().strip("().") == chr(ord(letter) + 1)
            for other in below
        ):
            return line
    return None


def are_parted_by_a_letter(box: Box, other: Box, texts: Sequence[Line]) -> bool:
    """True if panels stand over one another with nothing but the letter of one between them."""
    gap = max(box.y0, other.y0) - min(box.y1, other.y1)
    if not 0 < gap < _ROWS_APART or other.overlap_width(box) < 0.5 * min(other.width, box.width):
        return False
    top, bottom = min(box.y1, other.y1), max(box.y0, other.y0)
    return any(
        top - 2 < line.box.y0 and line.box.y1 < bottom + 2 and line.box.overlap_width(other) > 0
        and _ONE_LETTER.fullmatch(line.text) is not None
        for line in texts
    )  # fmt: skip
