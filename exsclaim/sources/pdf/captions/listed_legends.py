"""Legends that a manuscript lists under a heading ("Figure legends"): each goes on to the next one's label.

There they are set as the text is, in paragraphs, and over the ends of pages; nothing else stands among them, and no
drawing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_HEADING = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:(?:list of |main |supplementa(?:ry|l) |supporting |extended data )?"
    r"fig(?:ure|\.)s?\s+(?:legends?|captions?)"
    r"|(?:legends?|captions?)\s+(?:to|of|for)\s+(?:the\s+)?figures?|legends)\W*",
    re.IGNORECASE,
)
_INDENT = 2.0
"""Sizes of its type between a legend's label and the margin of its lines at most."""
_LETTERS = 3
"""Of a line that is more than the number of its page or of itself."""
_DRAWN = 30.0
"""Points: what is so wide and high is a drawing."""


def with_whole_legends(captions: Sequence[Caption], pages: Sequence[Page]) -> list[Caption]:
    """The captions, those listed under a heading each with all lines up to the next one's label.

    The last one keeps the lines that it has: what follows it may be anything.
    """
    heads = [(page.number, line.baseline) for page in pages for line in page.lines if _HEADING.fullmatch(line.text)]
    if not heads:
        return list(captions)
    by_number = {page.number: page for page in pages}
    listed = [c for c in captions if (c.page, c.lines[0].baseline) > min(heads)]
    listed.sort(key=lambda caption: (caption.page, caption.lines[0].baseline))
    whole: dict[int, Caption] = {}
    for one, following in pairwise(listed):
        pages_of = (by_number[one.page], by_number[following.page])
        if not one.is_figure or not _are_listed(one, following) or any(map(_has_drawing, pages_of)):
            continue
        first, last = one.lines[0], following.lines[0]
        if one.page == following.page:
            here, there = _to_next_list(_between(pages_of[0].lines, first, last)), []
        else:
            rest, more = _between(pages_of[0].lines, first, None), _between(pages_of[1].lines, None, last)
            here = _to_next_list(rest)
            there = _to_next_list(more) if here == rest else []
        whole[id(one)] = replace(one, lines=(first, *here), elsewhere=tuple(there))
    return [whole.get(id(caption), caption) for caption in captions]


def _are_listed(one: Caption, following: Caption) -> bool:
    """True if two captions stand under one another at one margin, on one page or on two."""
    first, last = one.lines[0], following.lines[0]
    is_aligned = abs(first.box.x0 - last.box.x0) < _INDENT * first.size and not (one.is_bare or following.is_bare)
    is_next = (one.kind, one.number) != (following.kind, following.number)
    return is_aligned and is_next and 0 <= following.page - one.page <= 1


def _has_drawing(page: Page) -> bool:
    return any(min(graphic.box.width, graphic.box.height) > _DRAWN for graphic in page.graphics)


def _between(lines: Sequence[Line], first: Line | None, last: Line | None) -> list[Line]:
    """The lines of a page under one and over another, without its number."""
    return sorted(
        (
            line
            for line in lines
            if line.is_upright
            and sum(glyph.text.isalpha() for glyph in line.glyphs) >= _LETTERS
            and (first is None or line.baseline > first.baseline + 1)
            and (last is None or line.baseline < last.baseline - 1)
        ),
        key=lambda line: (line.baseline, line.box.x0),
    )


def _to_next_list(lines: Sequence[Line]) -> list[Line]:
    return list(takewhile(lambda line: not _HEADING.fullmatch(line.text), lines))
