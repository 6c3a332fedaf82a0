"""The extent of a figure: the drawing that was found, with the text and the small parts around it that are its own."""

from collections.abc import Collection

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.caption_detection import Caption
from exsclaim.sources.pdf.figure_clusters import Layout
from exsclaim.sources.pdf.text_lines import Line

_TEXT_REACH = 10.0
"""Points from a figure to text that is its own in any type."""
_KIN_REACH = 24.0
"""Points over which text in a type of the figure's own is looked for."""
_MARGIN_REACH = 40.0
"""Points from a figure to text that stands alone beside it."""
STRIP = 100.0
"""Points between a figure and its caption that remarks, captions of panels and axes may fill."""


def fitted(layout: Layout, box: Box, caption: Caption) -> Box:
    """With what stands between the figure and its caption and with the figure's text around it, no empty margin."""
    box = _down_to_caption(layout, box, caption.box)
    types = {(line.style.font, line.size) for line in layout.texts if box.contains(line.box, slack=1.0)}
    grew = True
    while grew:
        grew = False
        for line in layout.texts:
            if box.contains(line.box, slack=0.1):
                continue
            if not (_is_part(line, box, types) or _is_alone_beside(line, box, layout)):
                continue
            both = hull((box, line.box))
            if not is_barred_inside(layout, both):
                box, grew = both, True
    seen = layout.ink.bounds(box.grown(0.8))
    return (seen or box).grown(0.8).common(layout.page.area) or box


def _down_to_caption(layout: Layout, box: Box, caption: Box) -> Box:
    """With the text and the ruled parts (an axis apart, a scale) between a figure and its caption."""
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


def _is_part(line: Line, box: Box, types: Collection[tuple[str, float]]) -> bool:
    """True if text at a figure's side belongs to it: axis titles, tick labels, letters of panels.

    Text in a type of the figure may be farther away: names under drawings, levels beside them.
    """
    across, along = line.box.overlap_width(box), line.box.overlap_height(box)
    if line.is_upright:
        if line.box.width > 1.2 * box.width:
            return False
        if box.grown(_TEXT_REACH).touches(line.box):
            return True
        if (line.style.font, line.size) not in types or len(line.words) > 6:
            return False
        under = across > 0.8 * line.box.width and -along < _KIN_REACH
        beside = along > 0.8 * line.box.height and -across < _KIN_REACH
        return under or beside
    # the title of an axis stands on its side, beyond the numbers of the ticks
    return along > 0.8 * line.box.height and -across < 2.2 * _TEXT_REACH


def _is_alone_beside(line: Line, box: Box, layout: Layout) -> bool:
    """True if short text stands at the height of a figure where no column of text is on that side of it."""
    if (
        line.box.overlap_height(box) < 0.8 * line.box.height
        or -line.box.overlap_width(box) > _MARGIN_REACH
        or len(line.words) > 3
    ):
        return False
    area = layout.page.area
    is_left = line.box.x1 < box.x0
    margin = Box(area.x0, box.y0, box.x0, box.y1) if is_left else Box(box.x1, box.y0, area.x1, box.y1)
    drawn = [cluster.box for cluster in layout.clusters if not box.contains(cluster.box, slack=1.0)]
    marks = [other for other in drawn if other.touches(line.box) and other.area < 4 * line.box.area]
    others = [*layout.barriers, *(other for other in drawn if other not in marks)]
    return not any(other.touches(margin) for other in others)


def is_barred_inside(layout: Layout, box: Box) -> bool:
    """True if a box would cut into running text, a caption or a gutter."""
    inner = box.grown(-2.0)
    return any(inner.touches(barrier.grown(-1.0)) for barrier in layout.barriers)
