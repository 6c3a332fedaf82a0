"""Titles right over drawings, in other types than the text, which are the figure's and no running text."""

from collections.abc import Sequence

from exsclaim.geometry import Box
from exsclaim.sources.pdf.text.text_lines import Line

SMALL = 0.7
"""Of the text's size: what is smaller is neither running text nor a running head, however much there is of it."""
_KIN_REACH = 3.0
"""Sizes of its type that a plot's title may stand over the first words of its drawing, if those are in that type."""
_LABELS = 3
"""So many words of a drawing in the font of the line right over it tell that this is its title, however long."""
_OVERHANG = 1.5
"""Times the width of its drawing that a plot's title may have over the middle of it."""


def is_title_of_drawing(line: Line, drawn: Sequence[Box], labels: Sequence[Line], text_size: float) -> bool:
    """True if a line in none of the text's types stands right over a drawing and as wide: a plot's title.

    One that is much smaller than the text may stand farther from it: it is no running head. So may one in the type
    of the drawing's labels, the first of which stands under it.
    """
    reach = (2 if line.size < SMALL * text_size else 1) * line.size
    wide = [box for box in drawn if _is_as_wide(box, line.box)]
    kin = [label.box for label in labels if (label.style.font, label.size) == (line.style.font, line.size)]
    of_font = [label.box for label in labels if label.style.font == line.style.font and label.size <= line.size]
    if sum(_stands_in_or_at(label, drawn, line) for label in of_font) >= _LABELS:
        return True
    return any(-2 < box.y0 - line.box.y1 < reach for box in wide) or any(
        0 <= label.y0 - line.box.y1 < _KIN_REACH * line.size and box.y1 > label.y1
        and box.grown(_KIN_REACH * line.size).contains(label)
        for box in wide for label in kin
    )  # fmt: skip


def _stands_in_or_at(label: Box, drawn: Sequence[Box], title: Line) -> bool:
    """True if a label is of a drawing right under a title that begins no farther left than label or drawing."""
    return any(
        -2 < box.y0 - title.box.y1 < 2 * title.size and box.overlap_width(title.box) > 0.6 * title.box.width
        and box.grown(_KIN_REACH * title.size).contains(label) and label.y0 > title.box.y1
        for box in drawn
    )  # fmt: skip


def _is_as_wide(drawing: Box, title: Box) -> bool:
    """True if a title is no wider than its drawing, or stands out by as much on both sides."""
    out = 0.1 * drawing.width
    if drawing.x0 - out < title.x0 and title.x1 < drawing.x1 + out:
        return True
    return title.width < _OVERHANG * drawing.width and abs(drawing.centre[0] - title.centre[0]) < 0.5 * out
