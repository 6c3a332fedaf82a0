"""A drawing surface: anti-aliased lines, shapes and text on an RGB array, in fractional pixels."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from models.figures.fonts import Face, render
from models.figures.truth import Box, Image

Colour = tuple[int, int, int]
SHIFT = 4  # cv2 takes fixed-point coordinates: 1/16 px
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)


def as_colour(channels: Iterable[float]) -> Colour:
    """Red, green, blue cut to 0-255."""
    red, green, blue = (int(min(255, max(0, value))) for value in channels)
    return red, green, blue


def _fixed(points: NDArray[np.floating]) -> NDArray[np.int32]:
    return np.round(np.asarray(points, np.float64) * (1 << SHIFT)).astype(np.int32)


def blank(width: int, height: int, colour: Colour = WHITE) -> Image:
    """`(height, width, 3)` of one colour."""
    image = np.empty((max(1, height), max(1, width), 3), np.uint8)
    image[:] = colour
    return image


def ink_box(image: Image, background: Colour, tolerance: int = 24) -> Box:
    """The hull of all that differs from `background`; the whole image where nothing does."""
    differs = cv2.absdiff(image, np.full_like(image, background)).max(axis=2) > tolerance
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, image.shape[1], image.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


class Canvas:
    """Draws on `image` in place. Coordinates are px, x to the right, y down; integers are pixel centres."""

    def __init__(self, image: Image) -> None:
        self.image = image

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])

    def line(self, points: NDArray[np.floating], colour: Colour, width: float = 1.0, closed: bool = False) -> None:
        """A polyline through `(N, 2)` points."""
        thick = max(1, round(width))
        cv2.polylines(self.image, [_fixed(points)], closed, colour, thick, cv2.LINE_AA, SHIFT)

    def segment(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float = 1.0) -> None:
        self.line(np.array([[x0, y0], [x1, y1]]), colour, width)

    def dashes(self, points: NDArray[np.floating], colour: Colour, width: float, dash: float, gap: float) -> None:
        """A dashed polyline: `dash` px drawn, `gap` px left out."""
        points = np.asarray(points, np.float64)
        steps = np.hypot(*np.diff(points, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        for start in np.arange(0.0, along[-1], dash + gap):
            t = np.linspace(start, min(start + dash, along[-1]), 6)
            x, y = np.interp(t, along, points[:, 0]), np.interp(t, along, points[:, 1])
            self.line(np.stack([x, y], 1), colour, width)

    def polygon(self, points: NDArray[np.floating], colour: Colour) -> None:
        cv2.fillPoly(self.image, [_fixed(points)], colour, cv2.LINE_AA, SHIFT)

    def rectangle(self, box: Box, fill: Colour | None = None, edge: Colour | None = None, width: int = 1) -> None:
        """Fills exactly the half-open box; the edge is drawn inside of it."""
        x0, y0, x1, y1 = box
        if fill is not None:
            self.image[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] = fill
        if edge is not None:
            for part in (
                (x0, y0, x1, y0 + width),
                (x0, y1 - width, x1, y1),
                (x0, y0, x0 + width, y1),
                (x1 - width, y0, x1, y1),
            ):
                self.rectangle(part, edge)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, width: float = -1, angle: float = 0.0
    ) -> None:
        """An ellipse around `(x, y)`, filled where `width` is negative."""
        centre = (round(x * 16), round(y * 16))
        axes = (max(1, round(rx * 16)), max(1, round(ry * 16)))
        thick = -1 if width < 0 else max(1, round(width))
        cv2.ellipse(self.image, centre, axes, angle, 0, 360, colour, thick, cv2.LINE_AA, SHIFT)

    def arrow(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float, head: float) -> None:
        """An arrow with a filled head of `head` px at `(x1, y1)`."""
        length = max(1e-6, float(np.hypot(x1 - x0, y1 - y0)))
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        bx, by = x1 - ux * head, y1 - uy * head
        self.segment(x0, y0, bx, by, colour, width)
        half = head * 0.45
        self.polygon(np.array([[x1, y1], [bx - uy * half, by + ux * half], [bx + uy * half, by - ux * half]]), colour)

    def thick_arrow(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float) -> None:
        """A block arrow of `width` px shaft."""
        along, across = np.array([x1 - x0, y1 - y0]), np.array([y0 - y1, x1 - x0])
        length = max(1e-6, float(np.hypot(*along)))
        along, across = along / length, across / length * width / 2
        start, end = np.array([x0, y0]), np.array([x1, y1])
        neck = end - along * min(length * 0.6, width * 1.2)
        corners = [
            start + across,
            neck + across,
            neck + 2 * across,
            end,
            neck - 2 * across,
            neck - across,
            start - across,
        ]
        self.polygon(np.array(corners), colour)

    def sphere(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A shaded ball, as atoms are drawn."""
        base = np.array(colour, float)
        for step in range(6):
            t = step / 5
            shade = np.clip(base * (0.55 + 0.45 * t) + 130 * max(0.0, t - 0.55), 0, 255)
            self.ellipse(
                x - 0.3 * radius * t,
                y - 0.3 * radius * t,
                radius * (1 - 0.85 * t),
                radius * (1 - 0.85 * t),
                (int(shade[0]), int(shade[1]), int(shade[2])),
            )

    def paste(self, image: Image, x: int, y: int) -> None:
        """Copies `image` to `(x, y)`, cut off at the border."""
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(self.width, x + image.shape[1]), min(self.height, y + image.shape[0])
        if x1 > x0 and y1 > y0:
            self.image[y0:y1, x0:x1] = image[y0 - y : y1 - y, x0 - x : x1 - x]

    def blend(self, mask: NDArray[np.uint8], x: int, y: int, colour: Colour) -> None:
        """Mixes `colour` in by coverage 0-255."""
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(self.width, x + mask.shape[1]), min(self.height, y + mask.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        cover = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.uint16)
        spot = self.image[y0:y1, x0:x1]
        spot[:] = ((spot * (255 - cover) + np.array(colour, np.uint16) * cover + 127) // 255).astype(np.uint8)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: Face,
        size: int,
        colour: Colour = BLACK,
        anchor: str = "lt",
        turned: bool = False,
        halo: Colour | None = None,
    ) -> Box:
        """Draws a line of text, its ink placed by `anchor`; returns the box of its ink.

        `anchor` is one of l, m, r followed by t, m, b (of the ink) or s (baseline). `turned` reads upwards.
        `halo` outlines the text by a pixel or two, which the box leaves out.
        """
        ink = render(text, face, size)
        mask = np.ascontiguousarray(np.rot90(ink.mask)) if turned else ink.mask
        height, width = mask.shape
        left = round(x - {"l": 0.0, "m": width / 2, "r": float(width)}[anchor[0]])
        if anchor[1] == "s" and not turned:
            top = round(y) + ink.dy
        else:
            top = round(y - {"t": 0.0, "m": height / 2, "b": float(height), "s": height / 2}[anchor[1]])
        if halo is not None:
            rim = max(1, size // 14)
            wide = cv2.dilate(
                cv2.copyMakeBorder(mask, rim, rim, rim, rim, cv2.BORDER_CONSTANT), np.ones((2 * rim + 1,) * 2, np.uint8)
            )
            self.blend(np.asarray(wide, np.uint8), left - rim, top - rim, halo)
        self.blend(mask, left, top, colour)
        return max(0, left), max(0, top), min(self.width, left + width), min(self.height, top + height)

    def brightness(self, box: Box) -> float:
        """Mean grey value 0-255 within a box."""
        x0, y0, x1, y1 = box
        spot = self.image[max(0, y0) : max(1, y1), max(0, x0) : max(1, x1)]
        return float(spot.mean()) if spot.size else 255.0
