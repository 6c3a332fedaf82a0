"""Legends in the type of the running text, under a caption that is a bold title.

By its type such a legend is running text. It is told by the first panel that it begins with, or by a title larger than
the text on a page that has no other text.
"""

import re
from collections.abc import Collection, Sequence

from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.text.text_lines import Line

_FIRST_PANEL = re.compile(r"(?:[Aa]\s?[-–&,]\s?[B-Zb-z],\s|A,\s|\([Aa](?:\s?[-–,&]\s?[B-Zb-z])?\)|[Aa]\))\s?\S")
_PANEL = re.compile(r"(?:[A-Z](?:\s?[-–&,]\s?[A-Z])*,\s|\(?[A-Za-z](?:\s?[-–,&]\s?[A-Za-z])*\))\s?\S")
_TITLE_GAP = 2.6
"""In sizes of the title's type, the legend's first line is so far under it at most, baseline to baseline."""
_INDENT, _MARGIN = 2.5, 0.6
"""Sizes of its type by which a legend's first line may be indented, and by which others may be off its margin."""
_LARGER = 1.15
"""A title is so much larger than the text where its legend begins with no panel."""
_PARAGRAPH = 6
"""Words that the first line of a legend has at least, and of a line that is running text."""
_SHORT = 3.0
"""Sizes of its type by which the last line of a paragraph ends before the others."""
_STEP, _LOOSE_STEP = 1.2, 2.2
"""So many steps are a gap between paragraphs; so many sizes of its type is the first step at most."""


def legend_under(
    title: Sequence[Line], lines: Sequence[Line], taken: Collection[int], body: tuple[str, float]
) -> list[Line]:
    """The lines of the legend under a caption's bold title, where it is set as the running text is; or none."""
    if not all(_is_bold(line) for line in title):
        return []
    last, left = title[-1], min(line.box.x0 for line in title)
    mine = set(map(id, title))
    under = sorted(
        (line for line in lines
         if id(line) not in mine and line.baseline > last.baseline + 0.5 * line.size
         and line.box.x1 > left and line.box.x0 < max(title[0].box.x1, last.box.x1)),
        key=lambda line: line.baseline,
    )  # fmt: skip
    first = under[0] if under else None
    if first is None or (first.style.font, first.size) != body or len(first.words) < _PARAGRAPH:
        return []
    if not -_MARGIN * first.size < first.box.x0 - left < _INDENT * first.size:
        return []
    if first.baseline - last.baseline > _TITLE_GAP * last.size:
        return []
    legend = _paragraphs(under, taken, body)
    if _FIRST_PANEL.match(first.text):
        return legend
    is_heading = min(line.size for line in title) > _LARGER * body[1] and first.text[:1].isupper()
    is_alone = not any(
        (line.style.font, line.size) == body and len(line.words) >= _PARAGRAPH
        for line in lines if line not in legend
    )  # fmt: skip
    return legend if is_heading and is_alone and legend and ends_sentence(legend[-1]) else []


def _paragraphs(under: Sequence[Line], taken: Collection[int], body: tuple[str, float]) -> list[Line]:
    """The first lines of those under a title up to a gap, another type, or a paragraph that begins with no panel."""
    legend: list[Line] = []
    step: float | None = None
    for line in under:
        if id(line) in taken:
            break
        if not legend:
            legend.append(line)
            continue
        last = legend[-1]
        if line.baseline - last.baseline < 0.5 * line.size:
            legend.append(line)  # a formula's piece, or what is behind it
            continue
        this_step = line.baseline - last.baseline
        if this_step > (_STEP * step if step else _LOOSE_STEP * last.size):
            break
        right = max(other.box.x1 for other in legend)
        is_ended = last.box.x1 < right - _SHORT * last.size and ends_sentence(last)
        if (line.style.font, line.size) != body or (is_ended and not _PANEL.match(line.text)):
            break
        legend.append(line)
        step = step or this_step
    return legend


def _is_bold(line: Line) -> bool:
    return all(glyph.style.bold for glyph in line.glyphs if glyph.text.isalpha())
