"""A page's objects, out of the forms in which they are nested, each with what its clips leave of it."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from exsclaim.sources.pdf.display import IDENTITY, Matrix, compose, matrix_of, transformed

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
    """What tells two handles of PDFium apart."""
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
    """What both cover."""
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
