"""The image of a figure: the embedded one where it is exactly that, else the page rendered where the figure is."""

import ctypes
import io
import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from PIL import Image

from exsclaim.geometry import Box
from exsclaim.sources.pdf.graphics.page_graphics import Graphic
from exsclaim.sources.pdf.graphics.page_objects import Display
from exsclaim.sources.pdf.text.text_lines import Line

DRAWN_DPI = 300.0
"""Of vector graphics. Images are rendered at their own resolution, between the two below."""
MIN_DPI, MAX_DPI = 200.0, 600.0
MAX_PIXELS = 40_000_000
_SLACK = 2.5
_SAME = 6.0
"""Mean difference of grey values, over cells of a 1/40 of the image, up to which it looks as the page shows it."""
_CELLS = (40, 40)


class Picture(NamedTuple):
    """A figure's image file."""

    content: bytes
    """PNG, or JPEG as it was embedded."""
    dpi: float
    origin: Literal["embedded", "rendered"]
    box: Box
    """Region that it shows, in points as shown."""


def draw(page: Any, display: Display, box: Box, scale: float) -> NDArray[np.uint8]:
    """Part of a page, rendered on white without its annotations: `(H, W, 3)` uint8, RGB, `scale` pixels per point."""
    width, height = (max(1, round(side * scale)) for side in (box.width, box.height))
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, None, 0)
    if not bitmap:
        raise MemoryError(f"no memory for a picture of {width} x {height} px")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        all_width, all_height = (round(side * scale) for side in display.size)
        left, top = -round(box.x0 * scale), -round(box.y0 * scale)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, left, top, all_width, all_height, display.turn, 0)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        buffer = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte * (stride * height)))
        pixels = np.frombuffer(buffer.contents, np.uint8).reshape(height, stride)[:, : 4 * width]
        return np.ascontiguousarray(pixels.reshape(height, width, 4)[:, :, 2::-1])
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def picture(
    page: pdfium2.PdfPage, display: Display, box: Box, graphics: Sequence[Graphic], texts: Sequence[Line]
) -> Picture:
    """The image of the figure at `box` on the page."""
    images = [graphic for graphic in graphics if graphic.kind == "image" and graphic.box.share_in(box.grown(3)) > 0.5]
    for image in images:
        if _is_alone(image, box, display, graphics, texts):
            content = _embedded(page, display, image)
            if content is not None:
                return Picture(content, image.width_px / image.whole.width * 72, "embedded", image.box)
    dpi = _resolution(box, images, is_pure=_covered(box, images) > 0.97)
    pixels = draw(page.raw, display, box, dpi / 72)
    return Picture(_png(Image.fromarray(pixels)), dpi, "rendered", box)


def _is_alone(image: Graphic, box: Box, display: Display, graphics: Sequence[Graphic], texts: Sequence[Line]) -> bool:
    """True if the figure is this image and nothing else: whole, upright, with nothing drawn or written over it."""
    a, b, c, d, _, _ = image.matrix
    upright = display.quarters == 0 and a > 0 and d > 0 and abs(b) < 0.01 * a and abs(c) < 0.01 * d
    whole = image.box.contains(image.whole, slack=1.5)
    same = image.box.contains(box, slack=_SLACK) and box.area > 0.7 * image.box.area
    if not (upright and whole and same):
        return False
    inner = image.box.grown(-1.0)
    over = any(
        other is not image
        and not other.box.contains(image.box, slack=1.0)
        and other.box.touches(inner)
        and not other.is_rule
        for other in graphics
    )
    written = any(
        inner.x0 < line.box.centre[0] < inner.x1 and inner.y0 < line.box.centre[1] < inner.y1 for line in texts
    )
    return not over and not written


def _embedded(page: pdfium2.PdfPage, display: Display, image: Graphic) -> bytes | None:
    """The file of an embedded image in its own pixels; None where it does not look as the page shows it."""
    if not 1 <= image.width_px * image.height_px <= MAX_PIXELS:
        return None
    scale = min(2.0, 400.0 / max(image.box.width, image.box.height))
    shown = Image.fromarray(draw(page.raw, display, image.box, scale))
    handle = pdfium2.PdfImage(image.raw, page=page)
    jpeg = _jpeg(handle)
    if jpeg is not None and _looks_like(jpeg[1], shown):
        return jpeg[0]
    try:
        decoded = handle.get_bitmap(render=True, scale_to_original=True).to_pil()
    except (pdfium2.PdfiumError, ValueError, MemoryError):
        return None
    if decoded.mode == "RGBA":
        paper = Image.new("RGB", decoded.size, "white")
        paper.paste(decoded, mask=decoded.getchannel("A"))
        decoded = paper
    off = max(abs(decoded.width - image.width_px), abs(decoded.height - image.height_px))
    if off > 2 or not _looks_like(decoded, shown):
        return None
    return _png(decoded)


def _jpeg(handle: pdfium2.PdfImage) -> tuple[bytes, Image.Image] | None:
    """An embedded JPEG as it is, where readers of JPEG files see it as readers of the PDF do."""
    try:
        if handle.get_filters(skip_simple=True) != ["DCTDecode"]:
            return None
        content = bytes(handle.get_data(decode_simple=True))
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
            opened.load()
            if opened.mode not in ("RGB", "L") or opened.getexif().get(0x0112, 1) != 1:
                return None
            return content, opened.convert("RGB")
    except (pdfium2.PdfiumError, OSError, SyntaxError, ValueError):
        return None


def _looks_like(candidate: Image.Image, shown: Image.Image) -> bool:
    ours, theirs = (
        np.asarray(im.convert("RGB").resize(_CELLS, Image.Resampling.BOX), np.int16) for im in (candidate, shown)
    )
    return bool(np.abs(ours - theirs).mean() < _SAME)


def _covered(box: Box, images: Sequence[Graphic]) -> float:
    """The share of a box that images cover, where they do not overlap (tiles, strips)."""
    return sum(image.box.intersection(box) for image in images) / box.area if box.area else 0.0


def _resolution(box: Box, images: Sequence[Graphic], *, is_pure: bool) -> float:
    """Dots per inch in which nothing of the figure is lost, within `MAX_PIXELS`."""
    own = [
        72 * image.width_px / image.whole.width
        for image in images
        if image.whole.width > 1 and image.box.area > 0.02 * box.area
    ]
    dpi = min(MAX_DPI, max([MIN_DPI if is_pure else DRAWN_DPI, *own]))
    most = 72 * math.sqrt(MAX_PIXELS / max(1.0, box.area))
    return round(min(dpi, most), 2)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
