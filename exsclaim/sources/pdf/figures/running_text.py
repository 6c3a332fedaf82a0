"""Running text and headings, over which no figure reaches."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.body_type import usual_leading
from exsclaim.sources.pdf.captions.caption_detection import LEGEND_ELSEWHERE
from exsclaim.sources.pdf.captions.caption_paragraphs import ends_sentence
from exsclaim.sources.pdf.captions.sub_captions import PANEL_CAPTION, lines_of_sub_captions
from exsclaim.sources.pdf.figures.plot_titles import SMALL, is_title_of_drawing
from exsclaim.sources.pdf.figures.ruled_parts import boxes_of_a_chart, frames_over, listings_over
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.line_types import family
from exsclaim.sources.pdf.text.text_lines import Line

_SHARE = 0.03
"""A type in which so much of all long lines is set is one of running text."""
_BODY_SHARE = 0.2
"""Of the letters of the most frequent type: what has so many is of the main text."""
_GAP = 45.0
"""Points that a line may be away from the next line or drawing and still belong to it."""
_LEAST_DRAWING = 25.0
"""Points: what is narrower is a detail of a drawing."""
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[A-Z]")
_LETTERED = re.compile(r"[a-h]\.\s+[A-Z]")
"""A panel's own caption, where it stands between drawing and caption; elsewhere it may be an item of a list."""
_PANEL_ROWS = 6
"""Rows of the captions of panels, side by side or one over the other, under the row that begins them."""
_SOURCE = re.compile(r"(?:Fontes?|Fuentes?|Sources?|Quellen?|Not[ae]s?)\s?:\s")
"""What is said of the data between a drawing and its caption, in the text's own type."""
_SOURCE_LINES = 5
_SECTION = re.compile(r"\d{1,2}(?:\.[\da-z]{1,2}){1,3}\.?\s+[A-Z]")
"""A section's heading, with a number that no plot's title has."""
_TINY = 0.5
"""Of the text's size: what is smaller are names in drawings, however long and however many."""
_LEADING, _WIDE_LEADING = 1.45, 1.7
"""Sizes of its type between two lines of a paragraph at most, and of one in Chinese, Japanese or Korean."""
_EVEN = 0.12
"""Sizes by which the lines of a double-spaced document may be nearer or farther than most of its lines are."""


_TITLE_WORDS, _TITLE_REACH = 8, 25.0
"""Words that a panel's title has at most, and points between it and the drawings over and under it."""
_EQUATION = re.compile(r"\((?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3})?[a-z]?\)")
"""An equation's number, at the end of its column: no figure reaches over it."""


class Typography:
    """The types of a document's running text, and where its columns begin; learnt from all its pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        letters: Counter[tuple[str, float]] = Counter()
        self._edges: dict[int, Counter[int]] = defaultdict(Counter)
        self._ends: dict[int, Counter[int]] = defaultdict(Counter)
        for page in pages:
            for line in page.lines:
                if line.is_upright and line.length >= 30:
                    letters[family(line.style.font), line.size] += len(line.glyphs)
                    self._edges[page.number][round(line.box.x0)] += 1
                    self._ends[page.number][round(line.box.x1)] += 1
        total = sum(letters.values())
        self.size = max(letters, key=lambda kind: letters[kind])[1] if letters else 10.0
        self.types = {
            kind for kind, count in letters.items() if count >= _SHARE * total and kind[1] > _TINY * self.size
        }
        self.body = {kind for kind, count in letters.items() if count >= _BODY_SHARE * max(letters.values())}
        self.leading = usual_leading(pages)

    def is_of_text(self, line: Line) -> bool:
        return (family(line.style.font), line.size) in self.types

    def is_body(self, line: Line) -> bool:
        """True if a line is in a type of the main text, and not of notes and captions alone."""
        return (family(line.style.font), line.size) in self.body

    def is_at_edge(self, page: Page, line: Line) -> bool:
        """True if the line begins at the edge at which at least three long lines of its page begin."""
        return _is_frequent(self._edges[page.number], line.box.x0)

    def is_at_end(self, page: Page, line: Line) -> bool:
        """True if the line ends at the margin at which at least three long lines of its page end."""
        return _is_frequent(self._ends[page.number], line.box.x1)


def _is_frequent(places: Counter[int], place: float) -> bool:
    return sum(places[round(place) + step] for step in (-1, 0, 1)) >= 3


def obstacles(page: Page, typography: Typography, taken: Collection[int], captions: Sequence[Box] = ()) -> list[Line]:
    """The page's lines of running text and its headings.

    `taken` are ids of lines that belong to captions, `captions` the boxes of the page's figure captions: what stands
    between a figure and its caption in a type of its own is the figure's (captions of panels, remarks).
    """
    images = [] if page.is_scan else [g.box for g in page.graphics if g.kind == "image"]
    images += boxes_of_a_chart(page) + frames_over(captions, page.graphics)
    images += listings_over(captions, page)
    free = [line for line in page.lines if line.is_upright and id(line) not in taken and not _inside(line, images)]
    found = {id(line): line for line in free if _is_prose(line, typography) or LEGEND_ELSEWHERE.fullmatch(line.text)}
    found |= {id(line): line for line in _rests_of_pages(free, page, typography)}
    waiting = list(found.values())
    while waiting:  # a paragraph's short last line, a heading's second line: next to prose and in its type
        known = waiting.pop()
        for line in free:
            if id(line) not in found and _belongs(line, known, typography.leading):
                found[id(line)] = line
                waiting.append(line)
    drawn = [g.box for g in page.graphics if not g.is_rule and g.box.area < 0.5 * page.area.area]
    for line in free:
        if id(line) in found or not _is_heading(line, page, typography) or _inside(line, drawn):
            continue
        if line.size > 0.9 * typography.size:
            found[id(line)] = line
    drawn = [box for box in drawn if box.width > _LEAST_DRAWING]
    edges = [g.box for g in page.graphics if g.is_rule and g.box.width > _LEAST_DRAWING]
    labels = [line for line in free if id(line) not in found]
    for line in list(found.values()):
        is_of_text = typography.is_of_text(line) and line.size > SMALL * typography.size
        is_section = _SECTION.match(line.text) and typography.is_at_edge(page, line)
        if not (is_of_text or is_section) and is_title_of_drawing(line, drawn + edges, labels, typography.size):
            found.pop(id(line))
            labels.append(line)
    for line in _inside_figures(list(found.values()), labels, captions, page, typography):
        found.pop(id(line))
    for line in labels:
        if _EQUATION.fullmatch(line.text) and typography.is_at_end(page, line) and not _inside(line, drawn):
            found[id(line)] = line
    parts = [line.box for line in labels] + [g.box for g in page.graphics if g.box.width <= _LEAST_DRAWING]
    for line in lines_of_sub_captions(list(found.values()), drawn + images, parts):
        found.pop(id(line), None)
    for caption in captions:
        between = _between_figure_and_caption(caption, page, free, found, typography)
        for line in between or _source_over(caption, page, found):
            found.pop(id(line), None)
    return list(found.values())


def _rests_of_pages(lines: Sequence[Line], page: Page, typography: Typography) -> list[Line]:
    """The first line of a page where it is the rest of the last one's paragraph, too short for a line of text."""
    first = min((line for line in page.lines if line.is_upright), key=lambda line: line.baseline, default=None)
    return [
        line for line in lines
        if line is first and typography.is_body(line) and typography.is_at_edge(page, line)
        and len(line.words) > 1 and ends_sentence(line)
    ]  # fmt: skip


def _inside_figures(
    prose: Sequence[Line], labels: Sequence[Line], captions: Sequence[Box], page: Page, typography: Typography
) -> list[Line]:
    """The lines of the text's type that stand alone between two drawings, or over one under a caption or a page's head.

    A title of a panel does; a paragraph or heading of one line begins at the margin.
    """
    words = [line for line in prose if len(line.words) > 1]
    alone = [
        line for line in words
        if len(line.words) <= _TITLE_WORDS and not ends_sentence(line) and not typography.is_at_edge(page, line)
        and not any(other is not line and other.box.touches(_room(line, 1.0)) for other in words)
    ]  # fmt: skip
    if not alone:
        return []
    drawn = [g.box for g in page.graphics if not g.is_rule and g.box.area < 0.5 * page.area.area]
    over = [*drawn, *(line.box for line in labels), *captions]

    def is_title(line: Line) -> bool:
        x0, y0, x1, y1 = line.box.corners
        if not any(box.touches(Box(x0, y1, x1, y1 + _TITLE_REACH)) for box in drawn):
            return False
        if any(box.touches(Box(x0, y0 - _TITLE_REACH, x1, y0)) for box in over):
            return True
        is_first = not any(other.box.y1 < y0 and other.box.overlap_width(line.box) > 0 for other in page.lines)
        return is_first and any(box.touches(Box(x0, y1, x1, y1 + line.size)) for box in drawn)

    titles = [line for line in alone if is_title(line)]
    # the letter of a panel beside its title
    letters = [line for line in prose if len(line.words) == 1 and any(line.box.touches(_room(t, 1.0)) for t in titles)]
    return titles + letters


def _room(line: Line, sizes: float) -> Box:
    """The room over and under a line, as wide as the line."""
    return Box(line.box.x0, line.box.y0 - sizes * line.size, line.box.x1, line.box.y1 + sizes * line.size)


def _between_figure_and_caption(
    caption: Box, page: Page, lines: Sequence[Line], prose: Collection[int], typography: Typography
) -> list[Line]:
    """The lines over a caption up to a drawing or image, where none of them is of the running text."""
    over = sorted(
        (line for line in lines if line.box.y1 <= caption.y0 + 2 and line.box.overlap_width(caption) > 0),
        key=lambda line: -line.baseline,
    )
    drawn = [
        g.box for g in page.graphics
        if g.box.width > 25 and g.box.overlap_width(caption) > 0 and g.box.area < 0.5 * page.area.area
    ]  # fmt: skip
    kept: list[Line] = []
    pending: list[Line] = []
    top = caption.y0
    for line in over[:30]:
        if any(line.box.y1 - 2 <= box.y1 <= top + 2 for box in drawn):
            return [] if pending else kept
        if top - line.box.y1 > _GAP:
            return []
        if PANEL_CAPTION.match(line.text) or _LETTERED.match(line.text):
            kept += [*pending, line]
            pending = []
        elif id(line) in prose and typography.is_body(line):
            pending.append(line)  # of a panel's caption, if one begins above
        else:
            kept.append(line)
        if len({round(each.baseline) for each in pending}) > _PANEL_ROWS:
            return []
        top = min(top, line.box.y0)
    reached = any(top - _GAP < box.y1 <= top + 2 for box in drawn)
    return kept if reached and not pending else []


def _source_over(caption: Box, page: Page, prose: Mapping[int, Line]) -> list[Line]:
    """The lines right over a caption that say where the data of the drawing over them are from."""
    block: list[Line] = []
    top = caption.y0
    for line in sorted(prose.values(), key=lambda line: -line.baseline):
        if line.box.y1 > top + 2 or line.box.overlap_width(caption) <= 0:
            continue
        if len(block) == _SOURCE_LINES or top - line.box.y1 > (0.8 if block else 2.5) * line.size:
            return []
        block.append(line)
        top = line.box.y0
        if _SOURCE.match(line.text):
            break
    if not block or not _SOURCE.match(block[-1].text):
        return []
    parts = [g.box for g in page.graphics] + [line.box for line in page.lines if id(line) not in prose]
    over = [box for box in parts if top - _GAP < box.y1 <= top + 2 and box.overlap_width(caption) > 0]
    return block if over and hull(over).width > _LEAST_DRAWING else []


def _inside(line: Line, boxes: Sequence[Box]) -> bool:
    return any(line.box.share_in(box) > 0.5 for box in boxes)


def _is_prose(line: Line, typography: Typography) -> bool:
    letters, words = line.length, len(line.words)
    if not _is_wordy(line):
        return False
    if typography.is_of_text(line):
        return letters >= 25 and words >= 4
    return letters >= 55 and words >= 8 and line.size > SMALL * typography.size


def _is_wordy(line: Line) -> bool:
    """True if a line is made of words set evenly: the numbers along an axis and the cells of a table are not."""
    spelt = [word for word in line.words if sum(letter.isalpha() for letter in word) >= 2]
    letters = sum(glyph.text.isalpha() for glyph in line.glyphs)
    gaps = [b.box.x0 - a.box.x1 for a, b in zip(line.glyphs, line.glyphs[1:], strict=False) if b.spaced]
    wide = sum(gap > 1.3 * line.size for gap in gaps)
    return len(spelt) >= 3 and letters > 0.5 * len(line.glyphs) and wide <= max(1, len(gaps) // 4)


def _belongs(line: Line, prose: Line, leading: float) -> bool:
    is_of_one_family = family(line.style.font) == family(prose.style.font)
    if abs(line.size - prose.size) > 0.06 * prose.size or not (is_of_one_family or prose.is_wide):
        return False  # Chinese text has fonts of their own for its digits and its signs
    step = abs(line.baseline - prose.baseline) / prose.size
    if step > (_WIDE_LEADING if prose.is_wide else _LEADING) and abs(step - leading) > _EVEN:
        return False
    inside = line.box.x0 > prose.box.x0 - 2 * line.size and line.box.x1 < prose.box.x1 + 2 * line.size
    return inside and line.box.overlap_width(prose.box) > 0.8 * min(line.box.width, prose.box.width)


def _is_heading(line: Line, page: Page, typography: Typography) -> bool:
    if sum(letter.isalpha() for letter in line.text) < 4 or not typography.is_at_edge(page, line):
        return False
    large = line.size > 1.08 * typography.size
    return large or line.style.bold or (_NUMBERED.match(line.text) is not None and line.size >= 0.9 * typography.size)
