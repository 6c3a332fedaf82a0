"""A page's objects as shown: images, paths, shadings and texts out of nested forms, with what clips leave of them.

PDFium gives text and objects in the page's user space (y up, MediaBox origin), whatever part of it is shown and
whichever way it is turned (PDF 32000-1:2008, 7.7.3.3 and 8.3.2.3).
"""

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pypdfium2.raw as pdfium

from exsclaim.geometry import Box

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""


@dataclass(frozen=True)
class Display:
    """Display of a page. `turn` is its turn beyond its own /Rotate: quarters, clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int
    """/Rotate and `turn` together, clockwise."""
    turn: int

    @classmethod
    def of(cls, page: Any, turn: int = 0) -> "Display":
        shown = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(shown))
        quarters = (pdfium.FPDFPage_GetRotation(page) + turn) % 4
        return cls(shown.left, shown.bottom, shown.right, shown.top, quarters, turn % 4)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the shown page in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.quarters % 2 == 0 else (height, width)

    @property
    def area(self) -> Box:
        return Box(0.0, 0.0, *self.size)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 0:
            return x - self.left, self.top - y
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The shown rectangle of one in user space, given by any two opposite corners."""
        (ax, ay), (bx, by) = self.point(x0, y0), self.point(x1, y1)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def compose(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def transformed(matrix: Matrix, corners: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Bounds of a transformed rectangle: left, bottom, right, top."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = corners
    points = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def matrix_of(raw: Any) -> Matrix:
    """The matrix of a page object (for a form: of all that is in it)."""
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, ctypes.byref(found)):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


MAX_OBJECTS = 200_000
"""Of one page: a map or a scatter plot has tens of thousands. Those beyond are drawn, but not looked at."""
MAX_DEPTH = 12
"""Of forms within forms."""
MAX_CLIP_POINTS = 200
MAX_SEGMENTS = 600
"""Of a path that is looked into."""

Corners = tuple[float, float, float, float]
"""Left, bottom, right, top in a page's user space."""
EVERYWHERE: Corners = (-1e9, -1e9, 1e9, 1e9)


class Object(NamedTuple):
    """One text, image, path or shading."""

    raw: Any
    """PDFium's handle: valid as long as its page is open."""
    type: int
    outer: Matrix
    """From the space it is drawn in to the page's user space."""
    clip: Corners
    """Nothing of it is seen outside; not a box (left > right) where nothing is seen at all."""

    @property
    def address(self) -> int:
        return address_of(self.raw)


def address_of(raw: Any) -> int:
    """Address by which two handles of PDFium are told apart."""
    return ctypes.cast(raw, ctypes.c_void_p).value or 0


def objects_of(page: Any) -> list[Object]:
    """All objects of a page in the order in which they are painted, at most `MAX_OBJECTS`."""
    count = min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)
    top = (pdfium.FPDFPage_GetObject(page, index) for index in range(count))
    found = []
    for item in _flat(top, IDENTITY, EVERYWHERE, 0):
        found.append(item)
        if len(found) >= MAX_OBJECTS:
            break
    return found


def common(a: Corners, b: Corners) -> Corners:
    """Area that both cover."""
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _flat(raws: Iterator[Any], outer: Matrix, clip: Corners, depth: int) -> Iterator[Object]:
    for raw in raws:
        if not raw:
            continue
        kind = pdfium.FPDFPageObj_GetType(raw)
        seen = common(clip, _clip(raw, outer))
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield Object(raw, kind, outer, seen)
        elif depth < MAX_DEPTH:
            count = min(pdfium.FPDFFormObj_CountObjects(raw), MAX_OBJECTS)
            inner = (pdfium.FPDFFormObj_GetObject(raw, index) for index in range(count))
            yield from _flat(inner, compose(matrix_of(raw), outer), seen, depth + 1)


def _clip(raw: Any, outer: Matrix) -> Corners:
    """The rectangle around what an object's own clip paths leave visible."""
    clip = pdfium.FPDFPageObj_GetClipPath(raw)
    seen = EVERYWHERE
    if not clip:
        return seen
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        segments = pdfium.FPDFClipPath_CountPathSegments(clip, path)
        if not 0 < segments <= MAX_CLIP_POINTS:
            continue
        xs, ys = [], []
        for index in range(segments):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, index)
            if segment and pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            seen = common(seen, transformed(outer, (min(xs), min(ys), max(xs), max(ys))))
    return seen


def hide_texts(objects: Iterable[Object], display: Display, boxes: Sequence[Box], are_slanted: bool) -> None:
    """Keep slanted or straight texts within some boxes, in points as shown, from being drawn while a page is loaded."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item in objects if boxes else ():
        if item.type != pdfium.FPDF_PAGEOBJ_TEXT or not pdfium.FPDFPageObj_GetBounds(
            item.raw, *(ctypes.byref(side) for side in (left, bottom, right, top))
        ):
            continue
        corners = transformed(item.outer, (left.value, bottom.value, right.value, top.value))
        a, b, *_ = compose(matrix_of(item.raw), item.outer)
        if (min(abs(a), abs(b)) > 0.1 * max(abs(a), abs(b))) == are_slanted and any(
            display.rect(*corners).share_in(box.grown(5.0)) > 0.9 for box in boxes
        ):
            pdfium.FPDFPageObj_SetIsActive(item.raw, False)


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

    @property
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
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item.raw, *(ctypes.byref(side) for side in (left, bottom, right, top))):
        return None
    corners = transformed(item.outer, (left.value, bottom.value, right.value, top.value))
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
    drawn = _rectangles(item, display) if is_stroked and fill is None and min(whole.width, whole.height) > 25 else ()
    return Graphic(kind, seen, whole, fill=fill, is_stroked=is_stroked, rectangles=drawn)


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
