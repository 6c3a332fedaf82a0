"""A page's objects out of nested forms, each with its clip, and from their coordinates to those of the shown page.

PDFium gives text and objects in the page's user space (y up, MediaBox origin), whatever part of it is shown and
whichever way it is turned (PDF 32000-1:2008, 7.7.3.3 and 8.3.2.3).
"""

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

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

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height of the shown page in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.quarters % 2 == 0 else (height, width)

    @cached_property
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
