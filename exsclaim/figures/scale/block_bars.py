"""Scale bars that hold their label: a plain block, as long as the scale, with the text in its middle.

Microscopes for cells print such blocks. Seen as a thin bar, one of the block's edges would be measured instead; so
where a scale label stands in the middle of a block much wider than itself, the block is the bar, and where a block was
seen as a bar, what stands in its middle is read.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import Colour, is_like
from exsclaim.geometry import Box

_PLAIN = 40
"""Grey levels by which the ground of a block may differ from its median: compression leaves noise around print."""
_MOSTLY = 0.85
"""Share of a row, a column or an outline that has to be ground, or has to be something else."""
_LARGELY = 0.6
"""The same where few pixels count: beside a block, and in a row where no print is."""
_LEAST_HEIGHT_PX = 6
_EDGE_PX = 3
"""Height of what is seen as a bar at a block's long edge, and its distance from that edge, at most."""
_EDGE_LENGTH = 0.95
"""Share of a block's width from which on what has clear ends is its edge; a shorter bar stands on a plate."""
_TALLEST = 3.5
"""Height of a block in heights of its text at most."""
_LEAST_WIDTH = 1.5
"""Width of a block in widths of its text: the ground behind a label is closer to it."""
_CLEAR_WIDTH = 1.8
"""From here on nobody takes it for such a ground."""
_BESIDE = 0.2
"""So much of the print's width to its left and right is surely block."""
_WIDEST = 12.0
_OFF_CENTRE = 0.12
"""Share of the block's width by which the text's middle may be off its own."""
_LEAST_ASPECT = 2.5
"""Width of a block in its own heights."""


@dataclass(frozen=True)
class BlockBar:
    """A block with its label's print.

    `in_doubt`: it is hardly wider than a ground behind a label would be, or a plate that holds a bar as well.
    """

    box: Box
    print_box: Box
    in_doubt: bool

    def is_seen_as(self, bar: Box, *, ends_in_doubt: bool = True) -> bool:
        """True if a bar that was seen there is the block, or one of its long edges.

        Args:
            bar: as measured.
            ends_in_doubt: of the bar; one with clear ends is an edge only if it is as long as the block.
        """
        to_edge = min(abs(bar.centre[1] - self.box.y0), abs(bar.centre[1] - self.box.y1))
        is_edge = bar.height <= _EDGE_PX and to_edge <= _EDGE_PX
        return bar.iou(self.box) > 0.5 or (is_edge and (ends_in_doubt or bar.width > _EDGE_LENGTH * self.box.width))


def block_around(image: NDArray[np.uint8], inside: Box) -> BlockBar | None:
    """The block that has a label's or a bar's box inside or is it, None if there is none.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        inside: of a label, or of a block that was seen as a bar.
    """
    height, width = image.shape[:2]
    inside = inside.clipped(width, height)
    across, down = _WIDEST * max(inside.height, inside.width / 4), 4 * inside.height
    x0, y0 = max(0, int(inside.x0 - across)), max(0, int(inside.y0 - down))
    x1, y1 = min(width, int(inside.x1 + across) + 1), min(height, int(inside.y1 + down) + 1)
    patch = image[y0:y1, x0:x1]
    near = inside.moved(-x0, -y0).clipped(x1 - x0, y1 - y0)
    rows, columns = slice(int(near.y0), int(np.ceil(near.y1))), slice(int(near.x0), int(np.ceil(near.x1)))
    around = patch[rows, columns].reshape(-1, 3).astype(np.int16)
    if min(near.height, near.width) < _LEAST_HEIGHT_PX - 1:
        return None
    plain = is_like(patch, _commonest(around), _PLAIN)
    outline = _outline(plain, near)
    if outline is None:
        return None
    top, bottom, left, right = outline
    block = plain[top:bottom, left:right]
    if not (bottom - top >= _LEAST_HEIGHT_PX and right - left >= _LEAST_ASPECT * (bottom - top)):
        return None
    beyond = (plain[top - 2 : top, left:right], plain[bottom : bottom + 2, left:right])
    aside = (plain[top:bottom, left - 2 : left].T, plain[top:bottom, right : right + 2].T)
    corner = max(2, (right - left) // 40)
    if any((1 - lines.mean(axis=1)).max() < _MOSTLY for lines in beyond):
        return None
    # a bar above its label on a plate looks like the block's edge, but for its ends
    ends = [(lines[:, :corner], lines[:, -corner:]) for lines in beyond]
    may_be_plate = any(all((1 - end.mean(axis=1)).max() < _LARGELY for end in both) for both in ends)
    if any((1 - lines.mean(axis=1)).max() < _LARGELY for lines in aside):
        return None
    written = ~block[1:-1, 2:-2]
    ink_rows, ink_columns = np.flatnonzero(written.any(axis=1)), np.flatnonzero(written.any(axis=0))
    if len(ink_rows) < 4 or len(ink_columns) < 4:
        return None
    text = Box(
        left + 2.0 + ink_columns[0], top + 1.0 + ink_rows[0], left + 3.0 + ink_columns[-1], top + 2.0 + ink_rows[-1]
    )
    box = Box(float(left), float(top), float(right), float(bottom))
    is_label = (
        _LEAST_WIDTH * text.width <= box.width <= _WIDEST * text.width
        and box.height <= _TALLEST * text.height
        and text.width >= 1.5 * text.height
        and abs(text.centre[0] - box.centre[0]) <= _OFF_CENTRE * box.width
    )
    if not is_label:
        return None
    return BlockBar(box.moved(x0, y0), text.moved(x0, y0), may_be_plate or box.width < _CLEAR_WIDTH * text.width)


def _commonest(pixels: NDArray[np.int16]) -> Colour:
    """The colour of most pixels: the median of those whose brightness is the commonest."""
    levels = pixels.sum(axis=1) // 48
    red, green, blue = np.median(pixels[levels == np.bincount(levels).argmax()], axis=0)
    return int(red), int(green), int(blue)


def _outline(plain: NDArray[np.bool_], near: Box) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right, half-open, of the ground around a box; None where it reaches the patch's border.

    Rows are followed where no print is; columns over the block's height, left and right of the print.
    """
    margin = max(2.0, _BESIDE * near.width)
    start, stop = max(0, int(near.x0 - margin)), min(plain.shape[1], int(np.ceil(near.x1 + margin)))
    free = np.flatnonzero(plain[int(near.y0) : int(np.ceil(near.y1)), start:stop].mean(axis=0) >= _MOSTLY) + start
    if len(free) < 3:
        return None
    rows = plain[:, free].mean(axis=1) >= _LARGELY
    middle = min(round(near.centre[1]), len(rows) - 1)
    if not rows[middle]:
        return None
    top, bottom = _run(rows, middle)
    columns = plain[top:bottom].mean(axis=0) >= _MOSTLY
    edges = np.concatenate([plain[top : top + 2], plain[bottom - 2 : bottom]])[:, start:stop]
    columns[start:stop] |= np.logical_or.reduce(edges)  # print has ground above or below
    left, right = _run(columns, int(free[len(free) // 2]))
    if top < 2 or left < 2 or bottom + 2 > plain.shape[0] or right + 2 > plain.shape[1]:
        return None
    return top, bottom, left, right


def _run(line: NDArray[np.bool_], at: int) -> tuple[int, int]:
    """The run of True around a place, half-open."""
    before, after = np.flatnonzero(~line[:at]), np.flatnonzero(~line[at:])
    return int(before[-1]) + 1 if len(before) else 0, at + int(after[0]) if len(after) else len(line)
