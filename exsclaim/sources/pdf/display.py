"""From a PDF page's own coordinates to the page as it is shown: CropBox and /Rotate applied, origin top left.

PDFium gives text and objects in the page's user space (y up, MediaBox origin), whatever part of it is shown and
whichever way it is turned (PDF 32000-1:2008, 7.7.3.3 and 8.3.2.3).
"""

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from exsclaim.sources.pdf.rects import Rect

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""


@dataclass(frozen=True)
class Display:
    """How a page is shown. `turn` is what it is turned by beyond its own /Rotate: quarters, clockwise."""

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
    def area(self) -> Rect:
        return Rect(0.0, 0.0, *self.size)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 0:
            return x - self.left, self.top - y
        if self.quarters == 1:
            return y - self.bottom, x - self.left
        if self.quarters == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """The shown rectangle of one in user space, given by any two opposite corners."""
        (ax, ay), (bx, by) = self.point(x0, y0), self.point(x1, y1)
        return Rect(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


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
