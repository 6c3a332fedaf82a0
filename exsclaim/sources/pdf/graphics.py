"""What is drawn on a page apart from text: images, paths and shadings, each with the box in which it can be seen."""

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import pypdfium2.raw as pdfium

from exsclaim.sources.pdf.display import IDENTITY, Display, Matrix, compose, matrix_of, transformed
from exsclaim.sources.pdf.objects import Object, common
from exsclaim.sources.pdf.rects import Rect

Kind = Literal["image", "path", "shading"]
_KINDS: dict[int, Kind] = {
    pdfium.FPDF_PAGEOBJ_IMAGE: "image", pdfium.FPDF_PAGEOBJ_PATH: "path", pdfium.FPDF_PAGEOBJ_SHADING: "shading",
}  # fmt: skip


@dataclass(frozen=True)
class Graphic:
    """One object, in points as shown."""

    kind: Kind
    box: Rect
    """What its clip and the page leave of it."""
    whole: Rect
    """All of it."""
    fill: tuple[int, int, int] | None = None
    """Colour of a path's inside; None where it is not filled."""
    is_stroked: bool = False
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
    seen = display.rect(*seen_corners).common(display.area)
    if seen.width < 0 or seen.height < 0:
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
    return Graphic(kind, seen, whole, fill=fill, is_stroked=is_stroked)


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
