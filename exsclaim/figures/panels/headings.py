"""Headings of images: a line of print above or below an image that is its own.

Drawings take in the print beside them (`lettering`), images end at their edges. What stands over a column of images
names the column and belongs to none of them; over an image that has no other in its column, or where each of the column
has its line, it is the image's heading.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.panels.lettering import LETTERING_WORK_PX, loose_blocks, shrunk_ink
from exsclaim.geometry import Box, distance, hull

# Chosen on figures_micro and figures_fields, train; the networks know most of them, but not what lies outside of boxes.
_GAP = 0.025
"""A heading stands no farther from its image, as a share of the figure's longer side."""
_LINE = 0.008, 0.08
"""So high is one, likewise: one line of print or two, a small colour bar."""
_WIDTH = 0.1
"""It is at least so wide, as a share of its image."""
_BEYOND = 0.1
"""It reaches beyond its image by no more, likewise."""
_COLUMN = 0.5
"""Images stand in one column if they share so much of the narrower one's width."""


def with_headings(
    boxes: Sequence[Box],
    images: Collection[int],
    ink: NDArray[np.uint8],
    letters: Sequence[Box],
    own: Mapping[int, Box],
) -> list[Box]:
    """Panels' boxes, of which images take in the line above and, where they stand alone in their column, below them.

    A line belongs to the nearest panel; one with a letter names what that letter does, except an image's own letter
    beside the heading above it. Below, a line with the image's letter is a caption of its own.

    Args:
        boxes: all panels of a figure.
        images: indices of those that are images.
        ink: `(H, W)`, 1 where the figure is not page, panel letters on the page erased.
        letters: boxes of panel letters.
        own: of each panel, the box of its letter where it has one.
    """
    factor = min(1.0, LETTERING_WORK_PX / max(ink.shape))
    small = [box.scaled(factor) for box in boxes]
    marks = {i: box.scaled(factor) for i, box in own.items()}
    unowned = [box.scaled(factor) for box in letters if box not in own.values()]
    side_px = factor * max(ink.shape)
    blocks = loose_blocks(shrunk_ink(ink, factor), small, side_px) if images else []

    def line_of(i: int, *, is_above: bool) -> Box | None:
        line = _line(small[i], blocks, side_px, is_above=is_above)
        others = [box for j, box in enumerate(small) if j != i]
        if line is None or any(distance(line, box) < distance(line, small[i]) for box in others):
            return None
        whole = hull((small[i], line))
        strange = [*unowned, *(mark for j, mark in marks.items() if j != i or not is_above)]
        named = any(line.overlap_height(mark) > 0 and whole.intersection(mark) > 0 for mark in strange)
        covers = any(whole.intersection(box) > small[i].intersection(box) for box in others)
        return None if named or covers else line

    above = {i: line for i in images if (line := line_of(i, is_above=True))}
    headed = list(boxes)
    for i in images:
        column = [j for j in images if j != i and _in_column(boxes[i], boxes[j])]
        lines = [above[i]] if i in above and all(j in above for j in column) else []
        if not column and (line := line_of(i, is_above=False)):
            lines.append(line)
        headed[i] = hull([boxes[i], *(line.scaled(1 / factor) for line in lines)])
    return headed


def _in_column(box: Box, other: Box) -> bool:
    return box.overlap_width(other) > _COLUMN * min(box.width, other.width)


def _line(image: Box, blocks: Sequence[Box], side_px: float, *, is_above: bool) -> Box | None:
    """The nearest line of print above or below an image, if it stands within the image's span and is one line."""

    def gap(block: Box) -> float:
        return image.y0 - block.y1 if is_above else block.y0 - image.y1

    near = [block for block in blocks if -1 <= gap(block) <= _GAP * side_px and block.overlap_width(image) > 0]
    if not near:
        return None
    first = min(near, key=gap)
    line = hull(block for block in near if block.overlap_height(first) > 0)
    slack = _BEYOND * image.width
    is_within = line.x0 >= image.x0 - slack and line.x1 <= image.x1 + slack
    least, most = _LINE
    is_line = least * side_px <= line.height <= most * side_px and line.width >= _WIDTH * image.width
    return line if is_within and is_line else None
