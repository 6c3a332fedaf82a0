"""A page's images, paths and shadings as shown, with what their clips leave of them."""

import ctypes
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pypdfium2.raw as pdfium

from exsclaim.geometry import Box
from exsclaim.sources.pdf.graphics.page_objects import (
    IDENTITY,
    Corners,
    Display,
    Matrix,
    Object,
    common,
    compose,
    matrix_of,
    transformed,
)

MAX_SEGMENTS = 600
"""Of a path that is looked into."""
_BAND = 6.0
"""Points: a straight line that is thicker is an area, as typesetters draw the grounds of captions."""

Kind = Literal["image", "path", "shading"]
_KINDS: dict[int, Kind] = {
    pdfium.FPDF_PAGEOBJ_IMAGE: "image", pdfium.FPDF_PAGEOBJ_PATH: "path", pdfium.FPDF_PAGEOBJ_SHADING: "shading",
}  # fmt: skip


@dataclass(frozen=True)
class Graphic:
    """One object, in points as shown."""

    kind: Kind
    box: Box
    """Part of it that its clip and the page leave."""
    whole: Box
    """All of it."""
    fill: tuple[int, int, int] | None = None
    """Colour of a path's inside; None where it is not filled."""
    is_stroked: bool = False
    rectangles: tuple[Box, ...] = ()
    """Upright rectangles of which a path draws several at once, as programs write the boxes of a flow chart."""
    raw: Any = None
    """PDFium's handle of an image: valid as long as its page is open."""
    matrix: Matrix = IDENTITY
    """Of an image: from its unit square to the page's user space."""
    width_px: int = 0
    height_px: int = 0
    length: int = 0
    """Bytes of an image in the file: two images in one place are hardly of one length unless they are the same."""

    @cached_property
    def is_rule(self) -> bool:
        """A straight line across or down the page."""
        thin, long = sorted((self.box.width, self.box.height))
        return self.kind == "path" and thin <= 2.5 and long >= 25


def read_graphics(objects: Iterable[Object], display: Display) -> list[Graphic]:
    """All that can be seen of a page's images, paths and shadings, in the order in which they are painted."""
    found = (_graphic(item, display) for item in objects if item.type in _KINDS)
    return [graphic for graphic in found if graphic is not None]


def _graphic(item: Object, display: Display) -> Graphic | None:
    """None for what is white or transparent, and for what lies outside the page or its clip."""
    band = _band(item)
    corners = band or _bounds(item)
    if corners is None:
        return None
    seen_corners = common(corners, item.clip)
    if seen_corners[0] > seen_corners[2] or seen_corners[1] > seen_corners[3]:
        return None
    if not all(map(math.isfinite, (*corners, *seen_corners))):
        return None
    seen = display.rect(*seen_corners).common(display.area)
    if seen is None:
        return None
    whole = display.rect(*corners)
    kind = _KINDS[item.type]
    if kind == "image":
        width, height = ctypes.c_uint(), ctypes.c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(item.raw, ctypes.byref(width), ctypes.byref(height))
        matrix = compose(matrix_of(item.raw), item.outer)
        length = pdfium.FPDFImageObj_GetImageDataRaw(item.raw, None, 0)
        return Graphic(
            kind, seen, whole, raw=item.raw, matrix=matrix, width_px=width.value, height_px=height.value, length=length
        )  # fmt: skip
    if kind == "shading":
        return Graphic(kind, seen, whole)
    fill, is_stroked = _paint(item.raw)
    if fill is None and not is_stroked:
        return None
    if band is not None:
        return Graphic(kind, seen, whole, fill=_visible(item.raw, pdfium.FPDFPageObj_GetStrokeColor))
    drawn = _rectangles(item, display) if is_stroked and fill is None and min(whole.width, whole.height) > 25 else ()
    return Graphic(kind, seen, whole, fill=fill, is_stroked=is_stroked, rectangles=drawn)


def _bounds(item: Object) -> Corners | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item.raw, *(ctypes.byref(side) for side in (left, bottom, right, top))):
        return None
    return transformed(item.outer, (left.value, bottom.value, right.value, top.value))


def _band(item: Object) -> Corners | None:
    """The area that one straight line, level or upright and thick, covers; its bounds reach farther. None of others."""
    width = ctypes.c_float()
    is_line = item.type == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPath_CountSegments(item.raw) == 2
    if not is_line or not pdfium.FPDFPageObj_GetStrokeWidth(item.raw, ctypes.byref(width)):
        return None
    matrix = compose(matrix_of(item.raw), item.outer)
    if width.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) < _BAND:
        return None
    ends: list[tuple[float, float]] = []
    for index in range(2):
        x, y = ctypes.c_float(), ctypes.c_float()
        if not pdfium.FPDFPathSegment_GetPoint(
            pdfium.FPDFPath_GetPathSegment(item.raw, index), ctypes.byref(x), ctypes.byref(y)
        ):
            return None
        ends.append((x.value, y.value))
    (x0, y0), (x1, y1) = ends
    if min(abs(x1 - x0), abs(y1 - y0)) > 0.01 * max(abs(x1 - x0), abs(y1 - y0)):
        return None  # it slants
    across, along = (0.0, width.value / 2) if abs(x1 - x0) > abs(y1 - y0) else (width.value / 2, 0.0)
    return transformed(matrix, (min(x0, x1) - across, min(y0, y1) - along, max(x0, x1) + across, max(y0, y1) + along))


def _rectangles(item: Object, display: Display) -> tuple[Box, ...]:
    """The upright rectangles of a path that draws several lines, each begun anew."""
    count = pdfium.FPDFPath_CountSegments(item.raw)
    if not 8 <= count <= MAX_SEGMENTS:
        return ()
    matrix = compose(matrix_of(item.raw), item.outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[list[tuple[float, float]]] = []
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return ()
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not lines:
            lines.append([])
        if kind != pdfium.FPDF_SEGMENT_BEZIERTO:
            lines[-1].append((x.value, y.value))
    corners = (
        (min(xs), min(ys), max(xs), max(ys))
        for xs, ys in (zip(*line, strict=True) for line in lines if len(line) in (4, 5))
        if len(set(xs)) == len(set(ys)) == 2
    )
    boxes = (display.rect(*transformed(matrix, each)) for each in corners)
    return tuple(box for box in boxes if min(box.width, box.height) > 2)


def _paint(raw: Any) -> tuple[tuple[int, int, int] | None, bool]:
    """Colour inside a path, and whether its outline is drawn; what is white or nearly transparent counts as none."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(raw, ctypes.byref(mode), ctypes.byref(stroke)):
        return None, False
    fill = _visible(raw, pdfium.FPDFPageObj_GetFillColor) if mode.value != pdfium.FPDF_FILLMODE_NONE else None
    return fill, bool(stroke.value) and _visible(raw, pdfium.FPDFPageObj_GetStrokeColor) is not None


def _visible(raw: Any, ask: Any) -> tuple[int, int, int] | None:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not ask(raw, *(ctypes.byref(part) for part in (red, green, blue, alpha))):
        return (128, 128, 128)  # a pattern
    colour = (red.value, green.value, blue.value)
    return None if alpha.value < 8 or min(colour) > 250 else colour
