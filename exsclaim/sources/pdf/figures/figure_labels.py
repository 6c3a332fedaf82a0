"""Text beside a drawing that is its own: titles of axes, labels of ticks, letters of panels."""

import re
from collections.abc import Collection

from exsclaim.geometry import Box
from exsclaim.sources.pdf.text.text_lines import Line

_TEXT_REACH = 10.0
"""Points from a figure to text that is its own in any type."""
_SIDEWAYS_REACH = 15.0
"""Points from a figure to the names of its ticks that stand on their side under it."""
KIN_REACH = 24.0
"""Points over which text in a type of the figure's own is looked for."""
_PANEL_LETTER = re.compile(r"\([a-zA-Z]\)")
"""What stands alone so is a panel's letter, in whatever type."""


def is_label_of(line: Line, box: Box, types: Collection[tuple[str, float]]) -> bool:
    """True if text at a figure's side belongs to it: axis titles, tick labels, letters of panels.

    Text in a type of the figure may be farther away: names under drawings, levels beside them.
    """
    across, along = line.box.overlap_width(box), line.box.overlap_height(box)
    if line.is_upright:
        if line.box.width > 1.2 * box.width:
            return False
        if box.grown(_TEXT_REACH).touches(line.box):
            return True
        is_title = line.box.y1 <= box.y0 + 2 and across > 0.95 * line.box.width  # and may be larger
        is_kin = (line.style.font, line.size) in types or (is_title and line.style.font in {font for font, _ in types})
        is_kin |= _PANEL_LETTER.fullmatch(line.text.strip()) is not None
        if not is_kin or (len(line.words) > 6 and not is_title):
            return False
        under = across > 0.8 * line.box.width and -along < KIN_REACH
        beside = along > 0.8 * line.box.height and -across < KIN_REACH
        return under or beside
    # names under ticks may stand on their side, as the title of an axis does, beyond the numbers of its ticks
    is_under = across > 0.8 * line.box.width and -along < _SIDEWAYS_REACH
    return is_under or (along > 0.8 * line.box.height and -across < 2.2 * _TEXT_REACH)
