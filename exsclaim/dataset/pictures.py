"""Pictures: crops of panels, and figures with the boxes of what was found and what the caption says of each panel."""

import io
import math
import textwrap
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from exsclaim.errors import ImageError
from exsclaim.figures.image import read_image
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind
from exsclaim.settings import settings

MAX_SIDE_PX = 2400
"""Larger figures are drawn scaled down to this: they are looked at, not measured."""

COLOURS = {
    PanelKind.MICROSCOPY: "#0072b2",
    PanelKind.DIFFRACTION: "#d55e00",
    PanelKind.GRAPH: "#009e73",
    PanelKind.ILLUSTRATION: "#cc79a7",
    PanelKind.PHOTO: "#e69f00",
    PanelKind.UNCLEAR: "#666666",
    PanelKind.PARENT: "#000000",
    PanelKind.MAP: "#56b4e9",
    PanelKind.MEDICAL: "#785ef0",
    PanelKind.GEL: "#b8860b",
    PanelKind.TABLE: "#7f6f5f",
}
"""Okabe and Ito's palette, which the colour-blind can tell apart (https://jfly.uni-koeln.de/color), and, for kinds that
are rare, three colours more."""
_SCALE_COLOUR = "#ff00ff"
_MAX_CAPTION_CHARACTERS = 1000
_ASCII = dict(zip("μ‐‑–—−‘’“”×·°", ["u", *"-----", *"''", *'""', "x", ".", " deg"], strict=True))  # after NFKD


def draw(image: Path, panels: Sequence[Panel], *, with_text: bool) -> bytes | None:
    """PNG of a figure with its boxes; None where its image is not there or cannot be decoded."""
    try:
        pixels = read_image(image, settings().max_image_megapixels)
    except ImageError:
        return None
    return png(overlay(Image.fromarray(pixels), panels, with_text=with_text))


def overlay(image: Image.Image, panels: Sequence[Panel], *, with_text: bool) -> Image.Image:
    """The figure with boxes: panels in the colour of their kind, letters thin, scale bars in magenta.

    `with_text` adds below what each panel is said to be and show.
    """
    scale = min(1.0, MAX_SIDE_PX / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    picture = image.resize(size) if scale < 1 else image.copy()
    pen = ImageDraw.Draw(picture)
    width_px = max(2, round(max(picture.size) / 400))
    font = ImageFont.load_default(max(12, round(max(picture.size) / 60)))

    def frame(box: Box, colour: str, line_px: int) -> None:
        pen.rectangle([value * scale for value in box.corners], outline=colour, width=line_px)

    for panel in panels:
        colour = COLOURS[panel.kind]
        frame(panel.box, colour, width_px)
        if panel.label_box:
            frame(panel.label_box, colour, max(1, width_px // 2))
        for bar in panel.scale_bars:
            frame(bar.box, _SCALE_COLOUR, max(1, width_px // 2))
            if bar.label_box:
                frame(bar.label_box, _SCALE_COLOUR, max(1, width_px // 2))
        if panel.label:
            corner = panel.box.x0 * scale + width_px, panel.box.y0 * scale + width_px
            where = pen.textbbox(corner, panel.label[:20], font=font)
            pen.rectangle(where, fill=colour)
            pen.text(corner, panel.label[:20], fill="white", font=font)
    return _with_legend(picture, panels) if with_text else picture


def _with_legend(picture: Image.Image, panels: Sequence[Panel]) -> Image.Image:
    font = ImageFont.load_default(14)
    width = max(picture.width, 400)
    columns = max(20, int((width - 16) / font.getlength("n")))
    lines = [(line, COLOURS[panel.kind]) for panel in panels for line in textwrap.wrap(_described(panel), columns)]
    page = Image.new("RGB", (width, picture.height + 18 * len(lines) + 16), "white")
    page.paste(picture, (0, 0))
    pen = ImageDraw.Draw(page)
    for n, (line, colour) in enumerate(lines):
        pen.text((8, picture.height + 8 + 18 * n), line, fill=colour, font=font)
    return page


def _described(panel: Panel) -> str:
    facts = [panel.kind.value]
    if panel.nm_per_px is not None:
        facts.append(f"{panel.nm_per_px:.4g} nm/px")
    caption = " ".join(panel.caption) or "no caption of its own"
    return f"{panel.label or '-'} ({', '.join(facts)}): {in_ascii(caption[:_MAX_CAPTION_CHARACTERS])}"


def in_ascii(text: str) -> str:
    """The text in the letters that Pillow's own font has: "5 μm" as "5 um", "TiO₂" as "TiO2", "α" as "alpha"."""
    return "".join(_ASCII.get(sign) or _spelt(sign) for sign in unicodedata.normalize("NFKD", text))


def _spelt(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.combining(sign):
        return ""
    name = unicodedata.name(sign, "")
    if name.startswith("GREEK SMALL LETTER "):
        return name.split()[3].lower()
    if name.startswith("GREEK CAPITAL LETTER "):
        return name.split()[3].capitalize()
    return "?"


def crop(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8] | None:
    """The pixels that `box` touches, `(h, w, 3)` uint8 RGB of an image `(H, W, 3)`; None where it touches none."""
    height, width = image.shape[:2]
    inside = box.clipped(width, height)
    x0, y0, x1, y1 = (math.floor(inside.x0), math.floor(inside.y0), math.ceil(inside.x1), math.ceil(inside.y1))
    return image[y0:y1, x0:x1] if x1 > x0 and y1 > y0 else None


def png(image: NDArray[np.uint8] | Image.Image, text: dict[str, str] | None = None) -> bytes:
    """PNG file of an RGB image, the same bytes for the same pixels and the same Pillow; `text` as tEXt chunks."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, value in (text or {}).items():
        info.add_text(key, value)
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    file = io.BytesIO()
    picture.save(file, format="PNG", pnginfo=info, compress_level=4)  # half the time of 6, about its size
    return file.getvalue()
