"""A figure's extent: the drawing that was found, with the text and the small parts around it that are its own."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.sub_captions import are_parted_by_a_letter, first_letter_over, letters_over
from exsclaim.sources.pdf.figures.figure_clusters import Layout
from exsclaim.sources.pdf.figures.figure_labels import KIN_REACH, is_label_of
from exsclaim.sources.pdf.text.text_lines import Line

_MARGIN_REACH = 40.0
"""Points from a figure to text that stands alone beside it."""
_COLUMN_LINES = 3
_TITLE_WORDS, _TITLE_REACH = 3, 1.5
"""Words of a column's title, and sizes of its type between it and its figure, at most."""
_COLUMN_REACH, _LABEL_WORDS = 100.0, 8
"""Points to labels of a figure's rows, which stand under one another, and their words at most."""
_EDGE = 0.15
"""A figure may reach so far, in its height, into its caption by what is not its own."""
_IN_FIGURE = 4.0
_BESIDE = 40.0
"""Points from a figure to ruled parts that are its own."""
_APART = 150.0
"""Points between panels side by side; a third of it between rows."""
_LETTER, _LETTER_REACH = 30.0, 20.0
"""Points: a drawn letter of a panel is so small, and stands so near to a corner of its panel."""
_LEVEL, _STAGGERED = 0.5, 0.15
"""So much of the lower one's height have two parts in common that stand side by side; and two that are large."""
STRIP = 100.0
"""Points between a figure and its caption that remarks, captions of panels and axes may fill."""


def fitted(layout: Layout, box: Box, caption: Caption) -> Box:
    """A figure with what stands between it and its caption and with the figure's text around it, no empty margin."""
    box = _down_to_caption(layout, box, caption.box)
    with_letters = hull((box, *(line.box for line in letters_over(box, layout.texts))))
    box = with_labels(layout, box if is_barred_inside(layout, with_letters) else with_letters)
    box = _down_to_caption(layout, box, caption.box)  # the title of an axis under names that stand on their side
    if (letter := first_letter_over(box, layout.texts)) and not is_barred_inside(layout, hull((box, letter.box))):
        box = hull((box, letter.box.grown(0.8)))
    return (
        box
        if stands_in(caption.box, box) and _is_beside_ink(layout, box, caption.box)
        else _clear_of(box, caption.lines)
    )


def with_neighbours(layout: Layout, box: Box, others: Collection[int] = ()) -> Box:
    """The figure with parts that no caption claims and no text parts from it: panels beside a short caption.

    `others` are the places of the clusters that are other captions'.
    """
    grew = True
    while grew:
        grew = False
        for number, cluster in enumerate(layout.clusters):
            other = cluster.box
            if box.contains(other, slack=1.0) or number in others:
                continue
            if cluster.is_ruled and not (box.y0 < other.y0 and other.y1 < box.y1 and other.width < 0.5 * box.width):
                continue  # a dashed line, an arrow beside a figure is its own; a line under it may part it from text
            if cluster.is_ruled and not box.grown(_BESIDE).touches(other):
                continue  # strokes of letters that a scan's recognised text does not cover
            are_large = min(other.width, other.height, box.width, box.height) > _LETTER
            level = (_STAGGERED if are_large else _LEVEL) * min(other.height, box.height)
            near = other.overlap_height(box) > level and -other.overlap_width(box) < _APART
            near |= (
                other.overlap_width(box) > 0.5 * min(other.width, box.width) and -other.overlap_height(box) < _APART / 3
            )
            near |= are_parted_by_a_letter(box, other, layout.texts)
            near |= max(other.width, other.height) < _LETTER and box.grown(_LETTER_REACH).touches(other)
            both = hull((box, other))
            if near and not is_barred_inside(layout, both):
                box, grew = both, True
    return box


def with_labels(layout: Layout, box: Box) -> Box:
    """A figure with the text around it that is its own, no empty margin."""
    types = {(line.style.font, line.size) for line in layout.texts if box.contains(line.box, slack=1.0)}
    grew = True
    while grew:
        grew = False
        for line in layout.texts:
            if box.contains(line.box, slack=0.1) or _is_in_other_column(line, box, layout):
                continue
            is_own = is_label_of(line, box, types) or _is_title_of_column(line, box, layout.texts)
            if not (is_own or _is_alone_beside(line, box, layout, types)):
                continue
            both = hull((box, line.box))
            if not is_barred_inside(layout, both):
                box, grew = both, True
    seen = layout.ink.bounds(box.grown(0.8))
    return (seen or box).grown(0.8).common(layout.page.area) or box


def stands_in(caption: Box, box: Box) -> bool:
    """True if a caption has its place in a figure's rectangle."""
    return box.contains(caption, slack=_IN_FIGURE)


def _is_beside_ink(layout: Layout, box: Box, caption: Box) -> bool:
    """True if a figure goes on beside its caption, to that one's foot: the caption stands in a corner left free."""
    left, right = (box.x0, caption.x0 - _IN_FIGURE), (caption.x1 + _IN_FIGURE, box.x1)
    seen = [layout.ink.bounds(Box(x0, caption.y0, x1, box.y1)) for x0, x1 in (left, right) if x1 - x0 > KIN_REACH]
    return any(ink is not None and ink.height > 0.5 * caption.height and ink.width > KIN_REACH for ink in seen)


def _clear_of(box: Box, caption: Sequence[Line]) -> Box:
    """A figure without the edge of its caption: accents stand over its first line, and scans are not straight."""
    for line in (caption[0], caption[-1]):
        if line.box.overlap_width(box) <= 0 or line.box.overlap_height(box) <= 0:
            continue
        if box.y1 - line.box.y0 < _EDGE * box.height:
            box = Box(box.x0, box.y0, box.x1, line.box.y0)
        elif line.box.y1 - box.y0 < _EDGE * box.height:
            box = Box(box.x0, line.box.y1, box.x1, box.y1)
    return box


def _down_to_caption(layout: Layout, box: Box, caption: Box) -> Box:
    """A box with the text and the ruled parts (an axis apart, a scale) between a figure and its caption."""
    top, bottom = (box.y1, caption.y0) if box.centre[1] < caption.centre[1] else (caption.y1, box.y0)
    if not 0 < bottom - top < STRIP:
        return box
    parts = [line.box for line in layout.texts]
    parts += [cluster.box for cluster in layout.clusters if cluster.is_ruled and cluster.has_text]
    for part in parts:
        inside = top - 2 <= part.y0 and part.y1 <= bottom + 2 and part.overlap_width(box) > 0.5 * part.width
        both = hull((box, part))
        if inside and not is_barred_inside(layout, both):
            box = both
    return box


def _is_in_other_column(line: Line, box: Box, layout: Layout) -> bool:
    """True if a line is in a column of text beside the figure, as formulas are; last lines of wide text are none."""
    column = [
        barrier for barrier in layout.barriers
        if (barrier.x1 < box.x0 + 2 or barrier.x0 > box.x1 - 2)
        and barrier.x0 - line.size < line.box.x0 and line.box.x1 < barrier.x1 + line.size
    ]  # fmt: skip
    edges = [barrier.x0 for barrier in column]
    wide = [b for b in layout.barriers if b.overlap_width(box) > line.size and any(abs(b.x0 - x) < 2 for x in edges)]
    return len(column) >= max(_COLUMN_LINES, len(wide))


def _is_title_of_column(line: Line, box: Box, texts: Sequence[Line]) -> bool:
    """True if a line is one of several short ones in a row right over a figure, and no wider than that."""

    def is_over(other: Line) -> bool:
        is_near = -2 < box.y0 - other.box.y1 < _TITLE_REACH * other.size and len(other.words) <= _TITLE_WORDS
        return other.is_upright and is_near and box.x0 - 2 < other.box.x0 and other.box.x1 < box.x1 + 2

    row = [other for other in texts if abs(other.baseline - line.baseline) < 0.2 * line.size and is_over(other)]
    return is_over(line) and len(row) > 1


def _is_alone_beside(line: Line, box: Box, layout: Layout, types: Collection[tuple[str, float]]) -> bool:
    """True if short text stands at the height of a figure where no column of text is on that side of it.

    What stands with others of the figure's `types` in a column of its rows may be longer, and farther away.
    """
    gap = -line.box.overlap_width(box)
    if line.box.overlap_height(box) < 0.8 * line.box.height or gap > _COLUMN_REACH:
        return False
    if (gap > _MARGIN_REACH or len(line.words) > 3) and not _is_in_row_labels(line, box, layout.texts, types):
        return False
    area = layout.page.area
    is_left = line.box.x1 < box.x0
    margin = Box(area.x0, box.y0, box.x0, box.y1) if is_left else Box(box.x1, box.y0, area.x1, box.y1)
    drawn = [cluster.box for cluster in layout.clusters if not box.contains(cluster.box, slack=1.0)]
    marks = [other for other in drawn if other.touches(line.box) and other.area < 4 * line.box.area]
    others = [*layout.barriers, *(other for other in drawn if other not in marks)]
    return not any(other.touches(margin) for other in others)


def _is_in_row_labels(line: Line, box: Box, texts: Sequence[Line], types: Collection[tuple[str, float]]) -> bool:
    """True if a line in one of the `types` begins with others of its type under one another, row by row of a figure."""
    kind = line.style.font, line.size
    column = [
        other.box for other in texts
        if (other.style.font, other.size) == kind and abs(other.box.x0 - line.box.x0) < 1 and other.is_upright
        and other.box.overlap_height(box) > 0.8 * other.box.height
    ]  # fmt: skip
    rows = sorted(other.y0 for other in column)
    apart = all(low - high > 2 * line.size for high, low in pairwise(rows))  # nearer, they are lines of a text
    return kind in types and len(line.words) <= _LABEL_WORDS and len(rows) > _COLUMN_LINES and apart


def is_barred_inside(layout: Layout, box: Box) -> bool:
    """True if a box would cut into running text, a caption or a gutter."""
    inner = box.grown(-2.0)
    return any(inner.touches(barrier.grown(-1.0)) for barrier in layout.barriers)
