"""Fragments that cuts tore apart, joined again: parts of drawings with each other and with their lettering."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_LETTERS = 3000
"""More small components than this are texture, not lettering; the rest is left out."""

LEAST_GRAPH_SIDE = 0.15
"""Axes shorter than this share of the figure's longer side may be an inset or a part of a drawing."""
MAX_PIECES = 100
"""Beyond the so many largest, pieces of drawings count as lettering: joining takes the cube of their number."""

PixelBox = tuple[int, int, int, int]


class Region(NamedTuple):
    """A piece of a figure: its box in whole pixels; whether it is a filled image (else a drawing on the page);
    whether it has axes: a line along most of its height and one along most of its width."""

    box: PixelBox
    is_image: bool
    has_axes: bool = False


def join(regions: list[Region], words: list[PixelBox], *, side_px: int, min_side: float) -> list[Region]:
    """Panels from the pieces of a figure.

    Drawings' pieces join the drawing they lie nearest to (a small piece from farther away than a large one); thin
    strips of full width join the image they belong to; lettering (`words`) widens the drawings beside it. What is
    then still too small for a panel is dropped.

    Args:
        regions: pieces found by the cuts.
        words: boxes of small components (letters, ticks).
        side_px: the figure's longer side.
        min_side: shortest side of a panel, as a share of `side_px`.
    """
    images, drawings = _strips_joined(regions, side_px)
    least_axis = LEAST_GRAPH_SIDE * side_px
    axes = [
        r.box
        for r in regions
        if r.has_axes and not r.is_image and min(r.box[2] - r.box[0], r.box[3] - r.box[1]) >= least_axis
    ]
    drawings.sort(key=_area, reverse=True)
    words = [*words, *drawings[MAX_PIECES:]]
    drawings = _drawings_joined(drawings[:MAX_PIECES], images, axes, side_px)
    drawings = _lettered(drawings, _lines_of_text(words, side_px), images, side_px)
    drawings = _drawings_joined(drawings, images, axes, side_px)
    least = max(2.0, min_side * side_px)
    panels = [Region(box, True) for box in images] + [Region(box, False) for box in drawings]
    return [p for p in panels if min(p.box[2] - p.box[0], p.box[3] - p.box[1]) >= least]


def _strips_joined(regions: list[Region], side_px: int) -> tuple[list[PixelBox], list[PixelBox]]:
    """Images, each with the info strips that lie along it; and drawings."""
    images = sorted((r.box for r in regions if r.is_image), key=_area, reverse=True)
    drawings = [r.box for r in regions if not r.is_image]
    kept: list[PixelBox] = []
    near, slack = 0.008 * side_px, 0.015 * side_px
    for box in images:
        for i, host in enumerate(kept):
            across = abs(box[0] - host[0]) <= slack and abs(box[2] - host[2]) <= slack
            thin = (box[3] - box[1]) <= 0.2 * (host[3] - host[1])
            if across and thin and gap(box, host) <= near:
                kept[i] = union(box, host)
                break
        else:
            small = min(box[2] - box[0], box[3] - box[1]) < 0.06 * side_px
            (drawings if small else kept).append(box)
    return kept, drawings


def _drawings_joined(
    drawings: list[PixelBox], images: list[PixelBox], axes: list[PixelBox], side_px: int
) -> list[PixelBox]:
    """Drawings after joining pieces, the closest pair first, until no pair is close enough; two graphs never are."""
    boxes = np.array(drawings, np.int64).reshape(-1, 4)
    is_graph = np.array([any(overlaps(box, frame) for frame in axes) for box in drawings], bool)
    is_left = np.ones(len(boxes), bool)
    taken = np.array(images, np.int64).reshape(-1, 1, 1, 4)

    def apart(rows: Sequence[int]) -> NDArray[np.float64]:
        """`(rows, boxes)`: distances of these pieces from all; infinite where two are not to be joined."""
        these = boxes[rows, None]
        low, high = np.minimum(boxes[:, :2], these[..., :2]), np.maximum(boxes[:, 2:], these[..., 2:])
        one_inside = np.logical_or(*(((low == b[..., :2]) & (high == b[..., 2:])).all(-1) for b in (boxes, these)))
        over_image = ((taken[..., :2] < high) & (low < taken[..., 2:])).all(-1).any(0)
        distances = _gaps(boxes, these)
        joinable = is_left & (one_inside | ~(is_graph & is_graph[rows, None])) & ~over_image
        joinable &= distances <= _reaches(boxes, these, side_px)
        joinable[range(len(rows)), rows] = False
        return np.where(joinable, distances, np.inf)

    distances = apart(range(len(boxes)))
    while distances.size:
        i, j = divmod(int(distances.argmin()), len(boxes))  # of equally close pairs the first: i < j
        if distances[i, j] == np.inf:
            break
        boxes[i, :2], boxes[i, 2:] = np.minimum(boxes[i, :2], boxes[j, :2]), np.maximum(boxes[i, 2:], boxes[j, 2:])
        is_graph[i] = any(overlaps((*boxes[i].tolist(),), frame) for frame in axes)
        is_left[j] = False
        distances[j] = distances[:, j] = np.inf
        distances[i] = distances[:, i] = apart([i])[0]
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in boxes[is_left].tolist()]


def _reaches(boxes: NDArray[np.int64], others: NDArray[np.int64], side_px: int) -> NDArray[np.float64]:
    """Distances up to which pieces of drawings are one: longer where one of them cannot stand alone."""
    longer = [(each[..., 2:] - each[..., :2]).max(axis=-1) for each in (boxes, others)]
    small = np.minimum(*longer) / side_px
    return np.where(small < 0.08, 0.05, np.where(small < 0.16, 0.03, 0.012)) * side_px


def _lines_of_text(letters: list[PixelBox], side_px: int) -> list[PixelBox]:
    """Letters gathered to words and short lines: an axis title belongs to one graph as a whole."""
    near = 0.008 * side_px
    lines: dict[int, PixelBox] = {}
    growing: dict[int, PixelBox] = {}
    for number, letter in enumerate(sorted(letters)[:MAX_LETTERS]):
        growing = {i: line for i, line in growing.items() if line[2] + near >= letter[0]}  # the next are farther right
        for i in [i for i, line in growing.items() if gap(line, letter) <= near]:
            letter = union(letter, growing.pop(i))
            del lines[i]
        lines[number] = growing[number] = letter
    return list(lines.values())


def _lettered(drawings: list[PixelBox], lines: list[PixelBox], images: list[PixelBox], side_px: int) -> list[PixelBox]:
    """Drawings widened by the lettering beside them: tick labels first, then what lies next to those.

    A drawing does not grow over another one or over an image; a line of text between two belongs to neither then.
    """
    boxes = list(drawings)
    reach = 0.022 * side_px
    waiting = list(lines)
    for _ in range(4):
        left: list[PixelBox] = []
        apart = _gaps(np.array(boxes).reshape(-1, 1, 4), np.array(waiting).reshape(1, -1, 4))
        nearest_first = np.argsort(apart.min(axis=0), kind="stable") if boxes else range(len(waiting))
        for line in (waiting[i] for i in nearest_first):
            nearest = min(range(len(boxes)), key=lambda i: gap(boxes[i], line), default=None)
            if nearest is None or gap(boxes[nearest], line) > reach:
                left.append(line)
                continue
            wider = union(boxes[nearest], line)
            if wider == boxes[nearest]:
                continue
            others = images + [box for i, box in enumerate(boxes) if i != nearest]
            if not any(overlaps(wider, other) and not overlaps(boxes[nearest], other) for other in others):
                boxes[nearest] = wider
        if len(left) == len(waiting):
            break
        waiting = left
    return boxes


def gap(a: PixelBox, b: PixelBox) -> float:
    """Distance in px between two boxes; 0 where they touch or overlap."""
    dx = max(a[0] - b[2], b[0] - a[2], 0)
    dy = max(a[1] - b[3], b[1] - a[3], 0)
    return float((dx * dx + dy * dy) ** 0.5)


def _gaps(boxes: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float64]:
    """`gap` of each of the boxes `(..., 4)` and the others, which are broadcast."""
    apart = np.maximum(boxes[..., :2] - others[..., 2:], others[..., :2] - boxes[..., 2:]).clip(min=0)
    return np.asarray(np.sqrt((apart * apart).sum(axis=-1)), np.float64)


def overlaps(a: PixelBox, b: PixelBox) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def union(a: PixelBox, b: PixelBox) -> PixelBox:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _area(box: PixelBox) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
