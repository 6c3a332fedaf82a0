"""Panels by the gutters between them: recursive cuts along lines of page colour, then along strong seams.

The published idea is the recursive X-Y cut (Nagy and Seth, 1984): a region is cut at every empty row or column of
its ink, and its parts again. Here small isolated components (panel letters, tick labels) are put aside first, so
that they neither block a cut nor become panels; drawings that a cut tore apart are joined again
(`exsclaim.figures.panels.fragments`), and images that touch are parted where a straight seam runs all across.

Work is done at a bounded scale; the edges are found again in the full image (`panel_edges.snap`).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.panels.fragments import PixelBox, Region, join
from exsclaim.figures.panels.panel_edges import snap
from exsclaim.figures.pixels import (
    Colour,
    is_like,
    largest_channel,
    line_means,
    line_sums,
    mean_channel,
    median,
    medians,
    page_colour,
    quartile_and_median,
)
from exsclaim.geometry import Box

MAX_WORK_PX = 1600
"""Longest side at which a figure is worked on."""
TEXT_SIDE = 0.035
"""Components up to this share of the figure's longer side, both ways, may be letters."""
MIN_PANEL_SIDE = 0.04
"""A panel is at least this share of the figure's longer side wide and high."""
MIN_SEAM_SIDE = 0.1
"""As `MIN_PANEL_SIDE`, where only a seam parts two panels."""
SEAM_FILL = 0.6
"""Seams are looked for where at least this share of a region is ink: lines across drawings are axes."""
IMAGE_FILL = 0.80
"""Share of a region's box that is ink, from which on it is an image rather than a drawing on the page."""

AXIS_SHARE = 0.8
"""An axis is a line of ink along at least this share of a drawing's side."""
# A step: the jump (grey levels, largest channel) in the lower quartile and the median of the seam's length, at least,
# and as a multiple of what is usual between neighbouring lines of the image; and the lower quartile as a multiple of
# that of the lines within 12 px, because textures jump everywhere. On 300 single micrographs (JPEG, 400 px) these
# numbers see a seam in 3 %; of 150 touching pairs of others they part 85 % at the right column, with a hairline 98 %.
STEP_LEAST = (8.0, 20.0)
STEP_PROMINENCE = (2.5, 2.0)
STEP_LOCAL_PROMINENCE = 1.5
HAIRLINE_SHARE = 0.9
"""Share of a hairline's length that is lighter than both its sides."""
HAIRLINE_CONTRAST = 5.0
"""Least median difference (grey levels) of a hairline from the lighter of its sides."""


def panel_boxes(image: NDArray[np.uint8], page: Colour | None = None) -> list[Box]:
    """Boxes of a figure's panels, in no particular order, not overlapping beyond what joined drawings need.

    A figure without gutters is one panel: its whole picture.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        page: colour of its page, where that is known.
    """
    height, width = image.shape[:2]
    work, scale = _shrunk(image)
    regions = _regions(work, page if page and work is image else page_colour(work))
    boxes = []
    for region in regions:
        x0, y0, x1, y1 = region.box
        box = Box.of((x0 / scale, y0 / scale, x1 / scale, y1 / scale)).clipped(width, height)
        boxes.append(snap(box, image, reach_px=2 / scale + 1) if region.is_image and scale < 1 else box)
    return boxes or [Box.of((0, 0, width, height))]


def _shrunk(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    height, width = image.shape[:2]
    scale = min(1.0, MAX_WORK_PX / max(height, width))
    if scale == 1.0:
        return image, 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), scale


def _regions(image: NDArray[np.uint8], page: Colour) -> list[Region]:
    height, width = image.shape[:2]
    ink = (~is_like(image, page)).astype(np.uint8)
    solid, words = _without_text(ink)
    leaves = _leaves(image, ink, solid)
    regions = [Region(leaf, _fill(ink, leaf) >= IMAGE_FILL, _has_axes(ink, leaf)) for leaf in leaves]
    panels = join(regions, words, side_px=max(height, width), min_side=MIN_PANEL_SIDE)
    if sum(page) < 3 * 128 and not all(panel.is_image for panel in panels):
        # dark "page" around something that is no image: more likely the dark field of a single picture
        panels = []
    return panels or [Region((0, 0, width, height), is_image=False)]


def _leaves(image: NDArray[np.uint8], ink: NDArray[np.uint8], solid: NDArray[np.uint8]) -> list[PixelBox]:
    """Pieces that neither a gutter nor a seam divides any more."""
    height, width = ink.shape
    min_side_px = MIN_SEAM_SIDE * max(height, width)
    leaves: list[PixelBox] = []
    open_boxes: list[PixelBox] = [(0, 0, width, height)]
    while open_boxes:
        for cut in _cut(solid, open_boxes.pop()):
            parts = _find_seam(image, cut, min_side_px) if _fill(ink, cut) >= SEAM_FILL else None
            if parts:
                open_boxes += parts
            else:
                leaves += _components(solid, cut)
    return leaves


def _without_text(ink: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], list[PixelBox]]:
    """The ink without its small components, and their boxes."""
    _, marks, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    limit = max(4.0, TEXT_SIDE * max(ink.shape))
    small = (stats[:, cv2.CC_STAT_WIDTH] <= limit) & (stats[:, cv2.CC_STAT_HEIGHT] <= limit)
    small[0] = True
    solid = (~small).astype(np.uint8)[marks]
    words = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, area in stats[1:][small[1:]] if area >= 3]
    return solid, words


def _cut(solid: NDArray[np.uint8], region: PixelBox) -> list[PixelBox]:
    """Recursive X-Y cut of the region: boxes of ink that no empty row or column divides any more."""
    done: list[PixelBox] = []
    open_regions = [region]
    while open_regions:
        x0, y0, x1, y1 = open_regions.pop()
        part = solid[y0:y1, x0:x1]
        columns = [(x0 + a, x0 + b) for a, b in _runs(part, axis=0)]
        rows = [(y0 + a, y0 + b) for a, b in _runs(part, axis=1)]
        if not columns or not rows:
            continue
        pieces = [(a, c, b, d) for a, b in columns for c, d in rows]
        if pieces == [(x0, y0, x1, y1)]:
            done.append(pieces[0])
        else:
            open_regions += pieces
    return done


def _runs(part: NDArray[np.uint8], axis: int) -> list[tuple[int, int]]:
    """Runs `(start, stop)` of lines that hold ink, along the other axis; a speck of noise does not count as ink."""
    counts = line_sums(part, axis)
    inked = np.concatenate([[0], (counts > 0.004 * part.shape[axis]).astype(np.int8), [0]])
    change = np.diff(inked)
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))


def _components(solid: NDArray[np.uint8], region: PixelBox) -> list[PixelBox]:
    """Boxes of connected ink in a region, overlapping boxes as one: parts layouts that no straight cut can."""
    x0, y0, x1, y1 = region
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid[y0:y1, x0:x1], connectivity=8)
    boxes = [(int(x0 + x), int(y0 + y), int(x0 + x + w), int(y0 + y + h)) for x, y, w, h, _ in stats[1:]]
    if len(boxes) > 200:
        return [region]
    merged = True
    while merged:
        merged = False
        for i, a in enumerate(boxes):
            for j in range(len(boxes) - 1, i, -1):
                b = boxes[j]
                if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                    a = boxes[i] = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
                    del boxes[j]
                    merged = True
    return boxes


def _has_axes(ink: NDArray[np.uint8], box: PixelBox) -> bool:
    x0, y0, x1, y1 = box
    part = ink[y0:y1, x0:x1]
    return bool(line_means(part, 0).max() >= AXIS_SHARE and line_means(part, 1).max() >= AXIS_SHARE)


def _fill(ink: NDArray[np.uint8], box: PixelBox) -> float:
    x0, y0, x1, y1 = box
    return float(ink[y0:y1, x0:x1].mean())


def _find_seam(image: NDArray[np.uint8], box: PixelBox, min_side_px: float) -> tuple[PixelBox, PixelBox] | None:
    """The two parts of a box on the sides of its clearest seam; None where no seam crosses it completely.

    A seam is a *step* (most pixels of two neighbouring columns differ, and go on to differ beyond them) or a
    *hairline* (one or two columns lighter than both sides). Dark lines do not count: they are axes and frames.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        box: the region to part, in whole pixels.
        min_side_px: least width (height) of each part.
    """
    x0, y0, x1, y1 = box
    part = image[y0:y1, x0:x1]
    column, column_strength = _clearest(part, min_side_px)
    row, row_strength = _clearest(part.transpose(1, 0, 2), min_side_px)
    if max(column_strength, row_strength) == 0:
        return None
    if column_strength >= row_strength:
        return (x0, y0, x0 + column, y1), (x0 + column, y0, x1, y1)
    return (x0, y0, x1, y0 + row), (x0, y0 + row, x1, y1)


def _clearest(part: NDArray[np.uint8], min_side_px: float) -> tuple[int, float]:
    """Column at which the clearest seam runs, and its strength in grey levels (0: none)."""
    height, width = part.shape[:2]
    margin = max(6, int(min_side_px))
    if width < 2 * margin + 2 or height < margin:
        return 0, 0.0
    rows = part[:: max(1, height // 256)].astype(np.int16)
    strength = np.maximum(_steps(rows, margin), _hairlines(mean_channel(rows)))
    strength[:margin] = 0
    strength[width - margin :] = 0
    at = int(np.argmax(strength))
    return at, float(strength[at])


def _steps(rows: NDArray[np.int16], margin: int) -> NDArray[np.float64]:
    """Per column boundary (x: between x-1 and x) the median jump where a step runs, else 0; not within the margin."""
    strength = np.zeros(rows.shape[1])
    jumps = largest_channel(np.abs(np.diff(rows, axis=1)))
    large = line_sums((jumps >= int(STEP_LEAST[1])).view(np.uint8), 0)[margin - 1 : rows.shape[1] - margin - 1]
    if large.max() < len(rows) // 2:  # no median can be as large, and to sort all columns is most of the work
        return strength
    quartile, middle = quartile_and_median(jumps)
    clear = (quartile >= STEP_LEAST[0]) & (middle >= STEP_LEAST[1])
    clear &= quartile >= STEP_PROMINENCE[0] * (median(quartile) + 1)
    clear &= middle >= STEP_PROMINENCE[1] * (median(middle) + 1)
    clear[: margin - 1] = clear[rows.shape[1] - margin - 1 :] = False
    for at in np.flatnonzero(clear):
        beside = np.concatenate([quartile[max(0, at - 12) : max(0, at - 2)], quartile[at + 3 : at + 13]])
        clear[at] = quartile[at] >= STEP_LOCAL_PROMINENCE * beside.max(initial=0) and all(
            # what differs across the seam must differ farther out too: else a dark line, an axis or a frame
            quartile_and_median(_jump(rows, int(at) - out, int(at) + 1 + out)[:, None])[0][0] >= STEP_LEAST[0]
            for out in (1, 2, 4)
        )
    strength[1:] = np.where(clear, middle, 0)
    return strength


def _jump(rows: NDArray[np.int16], left: int, right: int) -> NDArray[np.int16]:
    left, right = max(left, 0), min(right, rows.shape[1] - 1)
    return largest_channel(np.abs(rows[:, right] - rows[:, left]))


def _hairlines(grey: NDArray[np.float32]) -> NDArray[np.float64]:
    """Per column the median lightness of a hairline over its sides, else 0; hairlines of one and two columns."""
    width = grey.shape[1]
    strength = np.zeros(width)
    for thick in (1, 2):
        inner = width - thick - 3
        line = grey[:, 2 : 2 + inner] if thick == 1 else np.minimum(grey[:, 2 : 2 + inner], grey[:, 3 : 3 + inner])
        sides = np.maximum(grey[:, :inner], grey[:, thick + 3 : thick + 3 + inner])
        above = line - sides
        clear = np.flatnonzero(line_means((above > 3).view(np.uint8), 0) >= HAIRLINE_SHARE)
        found = np.zeros(inner)
        found[clear] = medians(above[:, clear], 0)
        found[found < HAIRLINE_CONTRAST] = 0
        strength[2 : 2 + inner] = np.maximum(strength[2 : 2 + inner], found)
    return strength
