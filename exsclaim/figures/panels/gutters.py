"""Panels by the gutters between them: recursive cuts along lines of page colour, then along strong seams.

The published idea is the recursive X-Y cut (Nagy and Seth, 1984): a region is cut at every empty row or column of
its ink, and its parts again. Here small isolated components (panel letters, tick labels) are put aside first, so
that they neither block a cut nor become panels; drawings that a cut tore apart are joined again
(`exsclaim.figures.panels.fragments`), and images that touch are parted where a straight seam runs all across.

Work is done at a bounded scale; the edges are found again in the full image (`snap`).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.panels.fragments import PixelBox, Region, join
from exsclaim.figures.panels.page import like, line_means, line_sums, page_colour
from exsclaim.figures.panels.seams import find_seam
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


def panel_boxes(image: NDArray[np.uint8]) -> list[Box]:
    """Boxes of a figure's panels, in no particular order, not overlapping beyond what joined drawings need.

    A figure without gutters is one panel: its whole picture.

    Args:
        image: `(H, W, 3)` uint8 RGB.
    """
    height, width = image.shape[:2]
    work, scale = _shrunk(image)
    regions = _regions(work)
    boxes = []
    for region in regions:
        x0, y0, x1, y1 = region.box
        box = Box.of((x0 / scale, y0 / scale, x1 / scale, y1 / scale)).clipped(width, height)
        boxes.append(snap(box, image, reach_px=2 / scale + 1) if region.is_image and scale < 1 else box)
    return boxes or [Box.of((0, 0, width, height))]


def snap(box: Box, image: NDArray[np.uint8], reach_px: float | None = None) -> Box:
    """Move each side of a box to the image's own straight edge nearby, where there is a clear one.

    A side is moved to the column (or row) boundary within `reach_px` (default: 3 % of the box's shorter side, at
    least 3 px) across which the colours differ most, provided that the difference stands out from its surroundings;
    otherwise it stays. So the border of a micrograph is found to the pixel, and a drawing's box is left alone.

    Args:
        box: in pixels of `image`.
        image: `(H, W, 3)` uint8 RGB.
    """
    height, width = image.shape[:2]
    box = box.clipped(width, height)
    if box.width < 4 or box.height < 4:
        return box
    reach = max(3.0, 0.03 * min(box.width, box.height)) if reach_px is None else reach_px
    x0 = _edge_near(image, box.x0, box.y0, box.y1, reach)
    x1 = _edge_near(image, box.x1, box.y0, box.y1, reach)
    turned = image.transpose(1, 0, 2)
    y0 = _edge_near(turned, box.y0, box.x0, box.x1, reach)
    y1 = _edge_near(turned, box.y1, box.x0, box.x1, reach)
    return Box.of((x0, y0, x1, y1)) if x0 < x1 and y0 < y1 else box


def _edge_near(image: NDArray[np.uint8], at: float, start: float, stop: float, reach: float) -> float:
    """Column boundary near `at` with the strongest edge over rows `start` to `stop`, else `at`."""
    width = image.shape[1]
    left, right = max(1, int(at - reach)), min(width - 1, int(np.ceil(at + reach)))
    margin = 0.05 * (stop - start)
    rows = image[int(start + margin) : max(int(start + margin) + 1, int(stop - margin))]
    if right < left or rows.shape[0] == 0:
        return float(round(at))
    step = max(1, rows.shape[0] // 512)
    strip = rows[::step, left - 1 : right + 1].astype(np.int16)
    contrast = np.abs(np.diff(strip, axis=1)).max(axis=2).clip(max=48)
    strength = contrast.mean(axis=0)
    nearness = 1 - 0.2 * np.abs(np.arange(left, right + 1) - at) / max(reach, 1)
    best = int(np.argmax(strength * nearness))
    clear = strength[best] >= 10 and strength[best] >= 2 * float(np.median(strength))
    if clear:
        return float(left + best)
    for border in (0.0, float(width)):
        if abs(at - border) <= 2:
            return border
    return float(round(at))


def _shrunk(image: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    height, width = image.shape[:2]
    scale = min(1.0, MAX_WORK_PX / max(height, width))
    if scale == 1.0:
        return image, 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), scale


def _regions(image: NDArray[np.uint8]) -> list[Region]:
    height, width = image.shape[:2]
    page = page_colour(image)
    ink = (~like(image, page)).astype(np.uint8)
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
            parts = find_seam(image, cut, min_side_px) if _fill(ink, cut) >= SEAM_FILL else None
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
    solid = np.asarray(~small[marks], dtype=np.uint8)
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
