"""Ink on a page that is no running text: the seeds of figures.

Objects tell what was drawn, pixels what is seen of it (behind white boxes, clips and masks), so the page is rendered
small and its ink is taken where no text of the article stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.graphics.page_graphics import Graphic

SCALE = 2.0
"""Pixels per point of the rendering in which ink is looked for."""
MAX_SIDE_PX = 4000
_PAPER = 246
_FRAME, _LEAST_FRAME = 5.5, 60.0
"""Points: how far inwards a frame's corners reach, and how large what it goes around is at least."""
_CORNER = 6.0
"""Points that the round corner of a frame takes at most."""
_THIN = 3.0
_REACH = 3.0
"""Ink nearer than this, in points, is one piece."""


@dataclass(frozen=True)
class Piece:
    """Ink that hangs together. `ink` is its area in square points."""

    box: Box
    ink: float
    label: int
    is_frame: bool = False
    """Nothing but a line around something else."""

    @property
    def is_rule(self) -> bool:
        return min(self.box.width, self.box.height) <= 4.0


class Ink:
    """A rendered page. `pixels` is `(H, W, 3)` uint8, RGB, `scale` pixels per point."""

    def __init__(self, pixels: NDArray[np.uint8], scale: float) -> None:
        self._scale = scale
        self._pixels = pixels
        self._labels: NDArray[Any] | None = None
        paper = _paper(pixels)
        if min(paper) >= _PAPER + 3:  # told to four levels of grey, whose highest `paper` has
            self.mask = ~_between(pixels, (_PAPER,) * 3, (255,) * 3)
        else:
            self.mask = ~_near(pixels, paper, 10)

    def erase(self, box: Box, margin: float = 0.7) -> None:
        """Take out what is in a box."""
        rows, columns = self._cut(box.grown(margin))
        self.mask[rows, columns] = False

    def erase_outline(self, box: Box, margin: float = 1.5) -> None:
        """Take out a frame's four sides."""
        for side in (
            Box(box.x0, box.y0, box.x1, box.y0), Box(box.x0, box.y1, box.x1, box.y1),
            Box(box.x0, box.y0, box.x0, box.y1), Box(box.x1, box.y0, box.x1, box.y1),
        ):  # fmt: skip
            self.erase(side, margin)

    def erase_tint(self, box: Box) -> None:
        """Take out the one colour that fills most of a box: the tinted ground of a caption or a sidebar."""
        rows, columns = self._cut(box)
        part = self._pixels[rows, columns]
        if part.size == 0:
            return
        (red, green, blue), _ = _commonest(part.reshape(-1, 3))
        self.mask[rows, columns] &= ~_near(part, (red + 2, green + 2, blue + 2), 12)

    def pieces(self, gutters: Sequence[Box] = ()) -> list[Piece]:
        """Connected pieces of the ink, without specks; none hangs together with what is beyond a gutter."""
        radius = max(1, round(_REACH * self._scale / 2))
        kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
        # a margin, so that what stands at the edge grows by the whole radius too
        grown = cv2.dilate(np.pad(self.mask.astype(np.uint8), radius), kernel)
        for gutter in gutters:
            rows, columns = self._cut(gutter)
            grown[rows.start + radius : rows.stop + radius, columns.start + radius : columns.stop + radius] = 0
        count, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        inner = labels[radius:-radius, radius:-radius]
        self._labels = inner
        areas = np.bincount(inner[self.mask], minlength=count) / self._scale**2
        found = []
        found_rows = zip(stats[1:].tolist(), areas[1:].tolist(), strict=True)
        for label, ((left, top, width, height, _), area) in enumerate(found_rows, start=1):
            if not area:
                continue  # the edge of a piece, cut off by a gutter
            # a piece that ends at a gutter has no edge of its own there
            x0, y0, x1, y1 = left, top, left + max(1, width - 2 * radius), top + max(1, height - 2 * radius)
            box = Box(x0 / self._scale, y0 / self._scale, x1 / self._scale, y1 / self._scale)
            if max(box.width, box.height) >= 2.0:
                is_large = min(box.width, box.height) > _LEAST_FRAME
                is_frame = is_large and self._is_hollow(box, inner, label)
                found.append(Piece(box, area, label, is_frame))
        return found

    def _is_hollow(self, box: Box, labels: NDArray[Any], label: int) -> bool:
        rows, columns = self._cut(box.grown(-_FRAME))
        part = self.mask[rows, columns] & (labels[rows, columns] == label)
        return not part.any()

    def erase_piece(self, piece: Piece) -> None:
        """Take out one of the last `pieces`, and nothing near it."""
        if self._labels is not None:
            self.mask &= self._labels != piece.label

    def packed(self) -> "InkMap":
        """Pack the mask, needed once the page is taken apart, to a bit per pixel: a thesis has hundreds of pages."""
        return InkMap(np.packbits(self.mask), self.mask.shape, self._scale)

    def free_column(self, box: Box) -> float | None:
        """x of the rightmost column of a box that has no ink, in the middle of those that hang together."""
        rows, columns = self._cut(box)
        free = np.flatnonzero(~self.mask[rows, columns].any(axis=0))
        if not len(free):
            return None
        last = len(free) - 1
        while last and free[last - 1] == free[last] - 1:
            last -= 1
        return float(columns.start + (free[last] + free[-1] + 1) / 2) / self._scale

    def _cut(self, box: Box) -> tuple[slice, slice]:
        return _cut(self.mask.shape, self._scale, box)


@dataclass(frozen=True, eq=False)
class InkMap:
    """Ink of a page that no text or frame accounts for: `bits` is its `(H, W)` mask, packed."""

    bits: NDArray[np.uint8]
    shape: tuple[int, ...]
    scale: float
    """Pixels per point."""

    def bounds(self, box: Box) -> Box | None:
        """The smallest box around all ink in a box; None where it is empty."""
        height, width = self.shape
        mask = np.unpackbits(self.bits, count=height * width).reshape(height, width).astype(np.bool_)
        rows, columns = _cut(self.shape, self.scale, box)
        part = mask[rows, columns]
        across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(across):
            return None
        left, top = columns.start, rows.start
        return Box(
            (left + int(across[0])) / self.scale, (top + int(down[0])) / self.scale,
            (left + int(across[-1]) + 1) / self.scale, (top + int(down[-1]) + 1) / self.scale,
        )  # fmt: skip


def _cut(shape: tuple[int, ...], scale: float, box: Box) -> tuple[slice, slice]:
    """Rows and columns of a mask that a box in points covers."""
    height, width = shape
    x0, x1 = (min(width, max(0, v)) for v in (int(box.x0 * scale), int(np.ceil(box.x1 * scale))))
    y0, y1 = (min(height, max(0, v)) for v in (int(box.y0 * scale), int(np.ceil(box.y1 * scale))))
    return slice(y0, max(y0, y1)), slice(x0, max(x0, x1))


def _paper(pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    """The colour along the page's edge: white, or the tint of a page that is coloured all over."""
    edge = np.concatenate([pixels[:4].reshape(-1, 3), pixels[-4:].reshape(-1, 3), pixels[:, :4].reshape(-1, 3)])
    (red, green, blue), count = _commonest(edge)
    return (255, 255, 255) if count < 0.5 * len(edge) else (red + 3, green + 3, blue + 3)


def _commonest(colours: NDArray[np.uint8]) -> tuple[tuple[int, int, int], int]:
    """The commonest of `(N, 3)` colours without their last two bits, and how often it is there."""
    fine = colours.astype(np.int32) >> 2
    counts = np.bincount(fine[:, 0] << 12 | fine[:, 1] << 6 | fine[:, 2])
    code = int(counts.argmax())
    return (code >> 12 << 2, (code >> 6 & 63) << 2, (code & 63) << 2), int(counts[code])


def _near(pixels: NDArray[np.uint8], colour: tuple[int, int, int], by: int) -> NDArray[np.bool_]:
    """True where no channel of `(H, W, 3)` pixels is further than `by` from a colour."""
    return _between(pixels, [max(0, part - by) for part in colour], [min(255, part + by) for part in colour])


def _between(pixels: NDArray[np.uint8], least: Sequence[int], most: Sequence[int]) -> NDArray[np.bool_]:
    # numpy, going over three channels at a time, takes twenty times as long
    return np.asarray(cv2.inRange(pixels, tuple(least), tuple(most)) > 0)


def frames(
    graphics: Sequence[Graphic], texts: Sequence[Box], repeated: Sequence[Box] = ()
) -> tuple[list[Box], list[Box], list[Box]]:
    """Graphics that only frame or underlie text: rules that make up a frame, outlines, and filled grounds.

    `texts` are boxes of captions and running text; a figure's own frame holds none of them. Frames of several pages
    may have sides in one place, which are `repeated`.
    """
    rules = [graphic.box for graphic in graphics if graphic.is_rule]
    rules += [box for box in repeated if min(box.width, box.height) < _THIN]
    framing: list[Box] = []
    if len(rules) <= 400:
        for group in _joined(rules):
            if len(group) > 1 and _holds_text(hull(group), texts):
                framing += group
        for frame in _rounded(rules):
            if _holds_text(hull(frame), texts):
                framing += frame
    outlines: list[Box] = []
    grounds: list[Box] = []
    for graphic in graphics:
        is_area = graphic.kind != "image" and min(graphic.box.width, graphic.box.height) > 6
        if is_area and _holds_text(graphic.box, texts):
            (outlines if graphic.kind == "path" and graphic.fill is None else grounds).append(graphic.box)
    return framing, outlines, grounds


def _rounded(rules: Sequence[Box]) -> Iterator[list[Box]]:
    """Four bars each that make a rectangle but for its round corners; with the corners."""
    level = [rule for rule in rules if rule.width > _LEAST_FRAME]
    upright = [rule for rule in rules if rule.height > _LEAST_FRAME]
    for top, bottom in (
        (a, b) for a in level for b in level if a.y0 < b.y0 and abs(a.x0 - b.x0) + abs(a.x1 - b.x1) < 2
    ):
        sides = [
            side for side in upright
            if 0 <= side.y0 - top.y0 < _CORNER and 0 <= bottom.y1 - side.y1 < _CORNER
            and (0 <= top.x0 - side.x0 < _CORNER or 0 <= side.x1 - top.x1 < _CORNER)
        ]  # fmt: skip
        if len(sides) == 2:
            whole = hull((top, bottom, *sides))
            corners = [
                Box(x, y, x + _CORNER, y + _CORNER)
                for x in (whole.x0, whole.x1 - _CORNER)
                for y in (whole.y0, whole.y1 - _CORNER)
            ]
            yield [top, bottom, *sides, *corners]


def _holds_text(box: Box, texts: Sequence[Box]) -> bool:
    return any(box.contains(text, slack=2.0) for text in texts)


def _joined(rules: Sequence[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for rule in rules:
        near = [group for group in groups if any(rule.grown(2.0).touches(other) for other in group)]
        groups = [group for group in groups if group not in near] + [
            [rule, *(other for group in near for other in group)]
        ]
    return groups
