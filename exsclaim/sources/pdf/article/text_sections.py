"""The running text in reading order, by sections, without the list of references."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from exsclaim.sources.pdf.captions.caption_text import Words
from exsclaim.sources.pdf.figures.running_text import Typography, obstacles
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.characters import Style
from exsclaim.sources.pdf.text.text_lines import Line

_APART = 1.3
"""Sizes of the type between the baselines of a title and of the line over it: more than within a paragraph."""
_TITLE_LINES = 3
_ARTICLE_TITLE = 1.35
"""Text so many times larger than the body, on the first page, is the article's title."""
_WIDE = 0.6
"""A line that takes so much of the width of a page's text stands over its columns."""
_MISREAD_ONE = re.compile(r"(?:(?<=Fig\. )|(?<=Figs\. )|(?<=Figure )|(?<=FIG\. ))l(?=[a-h]?\b)")
"""What a scan's recognition has for the first figure: "Fig. la"."""
_REFERENCES = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:references?(?: and notes| cited)?|bibliography|literature(?: cited)?|works cited|literatur"
    r"(?:verzeichnis)?|r[ée]f[ée]rences?|bibliographie|referencias|bibliograf[íi]a)\W*",
    re.IGNORECASE,
)


def sections_of(
    pages: Sequence[Page], typography: Typography, words: Words, captions: Set[int]
) -> tuple[tuple[str | None, str], ...]:
    """The running text, each section as `(its title or None, its text)`, without the list of references.

    `captions` are ids of the lines that belong to captions, which are left out.
    """
    found = []
    for title, lines in _sections(pages, typography, captions):
        heading = words.join(title) if title else None
        if len(title) > _TITLE_LINES:  # an abstract in a type of its own
            heading, lines = None, [*title, *lines]
        if lines and not (heading and _REFERENCES.fullmatch(heading)):
            found.append((heading, _MISREAD_ONE.sub("1", words.join(lines))))
    return tuple(found)


def _sections(
    pages: Sequence[Page], typography: Typography, captions: Set[int]
) -> Iterator[tuple[list[Line], list[Line]]]:
    """Lines of each section's title, none for what stands before the first, and lines of its text."""
    ordered = [_in_reading_order(_text_of(page, typography, captions)) for page in pages]
    body = Counter(line.style for lines in ordered for line in lines).most_common(1)[0][0] if any(ordered) else None
    title: list[Line] = []
    text: list[Line] = []
    for number, lines in enumerate(ordered):
        before: Line | None = None
        for line in lines:
            if title and not text and line.style == title[-1].style:
                title.append(line)
            elif body is not None and _is_title(line, before, body):
                if number or line.size < _ARTICLE_TITLE * body.size:
                    yield title, text
                    title, text = [line], []
            else:
                text.append(line)
            before = line
    yield title, text


def _text_of(page: Page, typography: Typography, captions: Set[int]) -> list[Line]:
    """The page's running text and headings, and the heading of the references however it is set."""
    lines = obstacles(page, typography, captions)
    known = captions | set(map(id, lines))
    return lines + [
        line for line in page.lines if line.is_upright and id(line) not in known and _REFERENCES.fullmatch(line.text)
    ]


def _is_title(line: Line, before: Line | None, body: Style) -> bool:
    """True if a line is a section's title: short, set apart, in one type that is not the text's."""
    if _REFERENCES.fullmatch(line.text):
        return True
    reads_as_one = re.match(r"(?:[\dIVX]+(?:\.\d+)*\.?\s+)?[^\W\d_a-z]", line.text) and not re.search(
        r"[.,;:–-]$", line.text.strip()
    )
    if not reads_as_one or len(line.words) > 14 or line.size < 0.9 * body.size:
        return False
    alike = sum(glyph.style.font == line.style.font for glyph in line.glyphs)
    if (line.style.font, line.size) == (body.font, body.size) or alike < 0.85 * len(line.glyphs):
        return False
    is_under = before is not None and line.baseline - before.baseline > 0
    return not is_under or before is None or line.baseline - before.baseline > _APART * max(line.size, before.size)


def _in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Columns from left to right, each from top to bottom, between the lines that stand over all columns."""
    if not lines:
        return []
    width = max(line.box.x1 for line in lines) - min(line.box.x0 for line in lines)
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.box.x0)):
        if line.box.width > _WIDE * width:
            ordered += [*_columns(band), line]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band)


def _columns(lines: Sequence[Line]) -> list[Line]:
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.box.width):
        fitting = (
            column for column in columns if line.box.overlap_width(column[0].box) > 0.5 * min(line.box.width, 40.0)
        )
        column = next(fitting, None)
        if column is None:
            columns.append([line])
        else:
            column.append(line)
    columns.sort(key=lambda column: column[0].box.x0)
    return [line for column in columns for line in sorted(column, key=lambda line: line.baseline)]
