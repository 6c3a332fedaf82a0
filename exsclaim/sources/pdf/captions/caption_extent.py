"""The extent of a caption: the rows of text under its first line, its second column, its end on the next page."""

import re
from collections.abc import Collection, Sequence

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_paragraphs import (
    begins_panel,
    ends_sentence,
    is_legend,
    is_new_paragraph,
    is_of_columns,
    is_of_text_under,
    is_title,
)
from exsclaim.sources.pdf.text.line_types import has_type_of, is_of_one_type, shares_type
from exsclaim.sources.pdf.text.text_lines import Line

_LEADING = 1.5
"""Lines of one paragraph are at most so many times their size apart, baseline to baseline."""
_FIRST_STEP = 1.9
"""So far, in sizes, the second line of a caption may be under the first, where the document is not double-spaced."""
_TITLE_GAP = 2.6
"""So far, where the first line is a title and the legend stands under it as a paragraph of its own (The Plant Cell)."""
_WORD_GAP = 0.8
"""In sizes, no gutter is narrower: what is drawn behind a fraction is no run of its line."""
_OVERLAP = 2.0
"""In sizes, how far a line may go back over its own last signs: brackets may be written before what is in them."""
_FORMULA_GAP = 2.5
"""In sizes, the widest gap that a formula leaves in a line, where its signs are not of its type."""
_STRETCHED_GAP = 4.0
"""Likewise, in a justified line of few words, where a line under it goes across."""
_TITLE_ROWS = 3
"""Such a title takes so many rows at most."""
_INDEX = 4
"""An index that is a line for itself has at most so many characters, and is nearer than the next line."""
_NO_INDEX = 1.15
"""A number that is so much larger than the row beside it is a page's, and no piece of a formula."""
_LABEL_WORDS, _LARGER_LEGEND = 2, 0.4
"""Words of a label that stands alone over its legend, and the share by which the legend's type may be larger."""
_ITEM = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.\s+\S|\[\d|\d{1,2}\s+[A-Z]")
"""The beginning of a numbered heading, list item or reference."""


def above(line: Line, lines: Sequence[Line]) -> Line | None:
    """The nearest line over this one that shares some of its width."""
    over = [
        other
        for other in lines
        if other is not line
        and other.baseline < line.baseline - 0.5 * line.size
        and other.box.overlap_width(line.box) > 0.3 * min(other.box.width, line.box.width)
    ]
    return max(over, key=lambda other: other.baseline, default=None)


def is_running_on(line: Line, before: Line | None) -> bool:
    """True if `line` continues the sentence of the line above: same type, close, and that one reaches the margin."""
    if before is None or not shares_type(before, line):
        return False
    if line.baseline - before.baseline > _LEADING * line.size or before.box.x0 > line.box.x0 + 2 * line.size:
        return False
    return before.box.x1 > line.box.x1 - 0.12 * line.box.width and before.box.width > 0.7 * line.box.width


def grown(
    start: Line, lines: Sequence[Line], taken: Collection[int], body: tuple[str, float], leading: float,
    is_label: bool = False,
) -> list[Line]:  # fmt: skip
    """The caption that a line begins: the rows under it in its type, and its second column where it has one.

    `taken` are ids of lines that begin or belong to other captions, `leading` the distance of the document's lines
    in sizes of their type. `is_label` says that the line is a label alone: the legend may stand behind it, or under one
    in bold in the type of the text ("Figure 1.", in manuscripts of PubMed Central).
    """
    block = _down(start, lines, taken, body, leading, is_label)
    if len(block) < 2 or (block[1].style.font, block[1].size) == body:
        return block
    sample, mine = block[1], set(map(id, block))
    box = hull(line.box for line in block)
    is_full = block[-1].box.x1 > box.x1 - block[-1].size
    beside = [
        line
        for line in lines
        if id(line) not in mine
        and id(line) not in taken
        and shares_type(line, sample)
        and (line.style.font, line.size) != body
        and abs(line.baseline - start.baseline) < 0.35 * start.size
        and 0 < line.box.x0 - box.x1 < 0.7 * box.width
        and line.box.width > 0.5 * box.width
    ]
    second = _down(beside[0], lines, {*taken, *mine}, body, leading) if beside else []
    # behind a short last line that ends a sentence the column beside is no shorter than its last line but one
    fills = is_full or len(second) >= len(block) - 1
    if not ends_sentence(block[-1]) or (fills and _is_second_half(second, block, lines)):
        block += second
    return block


def _is_second_half(second: Sequence[Line], first: Sequence[Line], lines: Sequence[Line]) -> bool:
    """True if a block beside one that ends a sentence is its second column: no longer, nothing of its type over it."""
    if not second or second[-1].baseline > first[-1].baseline + 0.5 * first[-1].size:
        return False
    before = above(second[0], lines)
    return (
        before is None or not shares_type(before, second[0]) or second[0].baseline - before.baseline > 2.5 * before.size
    )


def going_on(
    last: Line, there: Sequence[Line], lines: Sequence[Line], taken: Collection[int], body: tuple[str, float]
) -> list[Line]:
    """The block at the head of a column or page that continues a sentence broken off in `last`, in its type.

    A caption in the slanted cut of the text's font may be a title without a full stop: the text does not continue it.
    """
    upright = [line for line in there if line.is_upright]
    first = min(upright, key=lambda line: (line.baseline, line.box.x0), default=None)
    if first is None or id(first) in taken or not shares_type(first, last) or len(first.words) < 3:
        return []
    if (first.style.font, first.size) == body or last.is_wide:
        return []  # the latter: Chinese captions have no full stop, and no letter tells a sentence's beginning
    if not (first.text[:1].islower() or first.text[:1] in "(0123456789") or _ITEM.match(first.text):
        return []
    return _down(first, [line for line in lines if line.is_upright], taken, ("", 0.0), _LEADING)


def is_last_of_column(block: Sequence[Line], lines: Sequence[Line]) -> bool:
    """True if no text stands under a block: only then can it go on in the next column or on the next page."""
    box, last = hull(line.box for line in block), block[-1]
    mine = set(map(id, block))
    return not any(
        id(line) not in mine
        and line.baseline > last.baseline + 0.5 * last.size
        and line.box.overlap_width(box) > 0.3 * min(line.box.width, box.width)
        and len(line.words) >= 2
        for line in lines
    )


def _down(
    start: Line, lines: Sequence[Line], taken: Collection[int], body: tuple[str, float], document_leading: float,
    is_label: bool = False,
) -> list[Line]:  # fmt: skip
    rows = [[start, *_rest_of_row(start, lines, taken, is_label)]]
    mains = [start]
    left, right = start.box.x0, max(line.box.x1 for line in rows[0])
    leading: float | None = None
    while True:
        last = mains[-1]
        most = 1.25 * leading + 0.5 if leading else _first_step(start.size, body[1], document_leading)
        reach = Box(left, last.box.y0, right, last.box.y1)
        mine = {id(line) for row in rows for line in row}
        row = _next_row(mains, mine, lines, reach, most, body)
        is_apart = not row
        if is_apart:
            row = _next_row(mains, mine, lines, reach, _TITLE_GAP * start.size, body)
        if not row or any(id(line) in taken for line in row) or is_of_columns(row, start.size):
            break
        main = _main(row, mains)
        step = main.baseline - last.baseline
        if not (is_apart and begins_panel(mains, main)):  # "A. Volcano plot", and "B." under it
            is_legend_of_label = is_label and start.style.bold and abs(main.box.x0 - start.box.x0) < 0.6 * start.size
            ends = len(mains) == 1 and not is_legend_of_label and is_title(start, main, lines, body)
            if ends or is_new_paragraph(mains, main, right) or is_of_text_under(mains, main, body):
                break
            if is_apart and (len(mains) > _TITLE_ROWS or not is_legend(mains, main, lines, body, is_label)):
                break
        if not is_apart:
            leading = step if leading is None else max(leading, min(step, 1.15 * leading))
        rows.append(sorted(row, key=lambda line: line.box.x0))
        mains.append(main)
        left, right = min(left, *(line.box.x0 for line in row)), max(right, *(line.box.x1 for line in row))
    return [line for row in rows for line in row]


def _first_step(size: float, body_size: float, document_leading: float) -> float:
    """Points to the second line at most: a manuscript's caption in a smaller type keeps the leading of its text."""
    of_text = 1.12 * document_leading * max(size, min(body_size, 1.2 * size))
    return max(_FIRST_STEP * size, of_text)


def _rest_of_row(start: Line, lines: Sequence[Line], taken: Collection[int], is_label: bool) -> list[Line]:
    """The rest of a line behind a gap on its baseline: a formula's sign may be wide, a picture, or of no character.

    Such a gap is no gutter between columns if a piece of the formula stands in it, or a line under it crosses it, or if
    a label alone stands before it, with its legend behind a tabulator.
    """
    row = [start]
    while True:
        end, em = row[-1].box.x1, start.size
        level = [
            line
            for line in lines
            if line.is_upright and id(line) not in taken and line not in row
            and abs(line.size - em) <= 0.06 * em
            and abs(line.baseline - start.baseline) < 0.35 * em and line.box.x1 > end
            and -_OVERLAP * em < line.box.x0 - end < _STRETCHED_GAP * em
        ]  # fmt: skip
        rest = min(level, key=lambda line: line.box.x0, default=None)
        if rest is None:
            return row[1:]
        gap = Box(min(end, rest.box.x0), start.baseline - em, rest.box.x0, start.baseline)
        pieces = [
            line
            for line in lines
            if line not in row
            and line is not rest
            and line.box.overlap_width(gap) > 0
            and line.box.overlap_height(gap) > 0
        ]
        under = [
            line
            for line in lines
            if shares_type(line, start) and line.box.x0 < end - 2 * em and line.box.x1 > rest.box.x0 + 2 * em
            and 0.5 * em < line.baseline - start.baseline < _FIRST_STEP * em
        ]  # fmt: skip
        is_formula = rest.box.x0 - end < _FORMULA_GAP * em and shares_type(rest, start)
        is_next_word = rest.box.x0 - end < _WORD_GAP * em and shares_type(rest, start)
        is_legend_of_label = is_label and row == [start] and len(rest.words) > 1
        has_piece = any(len(line.text.strip()) <= 3 for line in pieces)
        if not (under or is_legend_of_label or is_next_word or (is_formula and has_piece)):
            return row[1:]
        row += [*(line for line in pieces if id(line) not in taken), rest]


def _next_row(
    mains: Sequence[Line],
    mine: Collection[int],
    lines: Sequence[Line],
    reach: Box,
    most: float,
    body: tuple[str, float],
) -> list[Line]:
    """The lines that make up the next row, not more than `most` points down: one of text, with pieces of formulas."""
    last = mains[-1]
    under = [
        line
        for line in lines
        if id(line) not in mine
        and line.box.centre[1] > last.baseline
        and line.box.overlap_width(reach) > 0.5 * min(line.box.width, reach.width)
    ]
    fitting = [
        line
        for line in under
        if line.baseline > last.baseline + (0.8 if len(line.glyphs) <= _INDEX else 0.5) * min(last.size, line.size)
        and _is_of_caption(line, mains, body) and any(sign.isalnum() for sign in line.text)
    ]  # fmt: skip
    main = min(fitting, key=lambda line: (round(line.baseline), -len(line.glyphs)), default=None)
    if main is None:
        return []
    row = [
        line for line in under
        if line is not main and line.box.centre[1] < main.baseline + 0.3 * main.size
        and not (line.size > _NO_INDEX * main.size and line.text.isdigit())
    ]  # fmt: skip
    if any(
        len(line.words) >= 3 and not _is_of_caption(line, mains, body) and line.size > 0.8 * last.size
        and line.baseline < main.baseline - 0.3 * main.size  # what is level with it is a formula in it
        for line in row
    ):  # fmt: skip
        return []  # other text stands between
    if main.baseline - last.baseline > most:
        # a tall formula drives lines apart, and fills the gap
        filled = [line for line in row if line.box.y0 < last.baseline + 0.8 * last.size]
        if not filled or main.baseline - last.baseline > 2 * most or len(mains) < 2:
            return []
    return [*row, main]


def _main(row: Sequence[Line], mains: Sequence[Line]) -> Line:
    return max(row, key=lambda line: (shares_type(line, mains[-1]), len(line.glyphs)))


def _is_of_caption(line: Line, mains: Sequence[Line], body: tuple[str, float]) -> bool:
    """True if a line is set as the caption is. Its title may be in a type of its own, over several lines."""
    text = mains[1] if len(mains) > 1 else mains[0]
    if has_type_of(line, text) or has_type_of(line, mains[-1]):
        return True
    if len(mains) == 1:
        if (line.style.font, line.size) == body and text.style.font == body[0] and len(text.words) > _LABEL_WORDS:
            return False  # the text's own size, over words of which a caption in another size has no more
        is_label = len(text.words) <= _LABEL_WORDS and (line.style.font, line.size) != body
        return -0.2 * text.size < line.size - text.size < (_LARGER_LEGEND if is_label else 0.2) * text.size
    is_title = len(mains) <= 4 and all(shares_type(main, mains[0]) and is_of_one_type(main) for main in mains)
    is_formula = not ends_sentence(mains[-1]) and shares_type(line, mains[-1])  # with a word between its signs
    step, usual = line.baseline - mains[-1].baseline, mains[-1].baseline - mains[-2].baseline
    is_near = step < (1.15 if (line.style.font, line.size) != body else 1.03) * usual + 0.2
    is_flush = abs(line.box.x0 - mains[-1].box.x0) < line.size
    right = max(main.box.x1 for main in mains)
    is_value = (  # a sentence's last words are a number, in a font of formulas
        not ends_sentence(mains[-1]) and mains[-1].box.x1 > right - 2 * line.size and line.box.x1 < right
        and not any(glyph.text.isalpha() for glyph in line.glyphs)
    )  # fmt: skip
    # the beginning of a row of formulas may be pieces
    is_in_row = is_formula and mains[-1].box.x0 < line.box.x0 and line.box.x1 < right + line.size
    fits = ((is_title or is_formula or is_value) and is_flush) or is_in_row
    return fits and is_near and abs(line.size - text.size) < 0.2 * text.size
