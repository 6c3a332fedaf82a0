"""Pictures that show what was found in a figure: panels by the colour of their kind, letters, scale bars."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from exsclaim.errors import ImageError
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind
from exsclaim.storage.local import whole_file

KIND_COLOUR = {
    PanelKind.MICROSCOPY: (0, 114, 178),
    PanelKind.DIFFRACTION: (204, 121, 167),
    PanelKind.GRAPH: (0, 158, 115),
    PanelKind.ILLUSTRATION: (230, 159, 0),
    PanelKind.PHOTO: (86, 180, 233),
    PanelKind.PARENT: (213, 94, 0),
    PanelKind.MAP: (105, 60, 150),
    PanelKind.MEDICAL: (150, 20, 50),
    PanelKind.GEL: (140, 120, 0),
    PanelKind.TABLE: (0, 0, 0),
    PanelKind.UNCLEAR: (120, 120, 120),
}
"""RGB; the palette of Okabe and Ito, which colour-blind readers can tell apart, and four darker colours."""
BAR_COLOUR = (255, 0, 255)


def draw_overlay(image: NDArray[np.uint8], panels: Sequence[Panel]) -> NDArray[np.uint8]:
    """Copy of the figure, `(H, W, 3)` uint8 RGB, with boxes, letters, kinds and scale bars drawn in.

    Lines run around what they mark, and names stand at the upper right: letters and bars are to be seen.
    """
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    line = max(2, round(max(picture.size) / 500))
    for panel in panels:
        colour = KIND_COLOUR[panel.kind]
        draw.rectangle(_around(panel.box, line, picture.size), outline=colour, width=line)
        known = f" {panel.kind}" if panel.kind is not PanelKind.UNCLEAR else ""
        text = f"{panel.label or '?'}{known}"
        at = (panel.box.x1 - 2 * line, panel.box.y0 + 2 * line)
        draw.rectangle(draw.textbbox(at, text, font_size=6 * line, anchor="ra"), fill=(255, 255, 255))
        draw.text(at, text, fill=colour, font_size=6 * line, anchor="ra")
        if panel.label_box is not None:
            draw.rectangle(_around(panel.label_box, 1, picture.size), outline=colour, width=1)
        for bar in panel.scale_bars:
            draw.rectangle(_around(bar.box, line, picture.size), outline=BAR_COLOUR, width=line)
            if bar.label_box is not None:
                draw.rectangle(_around(bar.label_box, 1, picture.size), outline=BAR_COLOUR, width=1)
    return np.asarray(picture)


def write_overlay(path: Path, image: NDArray[np.uint8], panels: Sequence[Panel]) -> None:
    """Write the overlay as PNG, whole or not at all. Raises ImageError where it cannot be written."""
    try:
        with whole_file(path) as file:
            Image.fromarray(draw_overlay(image, panels)).save(file, format="PNG")
    except OSError as error:
        raise ImageError(f"{path}: the overlay cannot be written ({error.strerror or error})") from error


def _around(box: Box, line_px: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Corners of a rectangle around `box` within the picture; Pillow's rectangles include their last pixel."""
    width, height = size
    return (
        max(box.x0 - line_px, 0), max(box.y0 - line_px, 0),
        min(box.x1 + line_px, width) - 1, min(box.y1 + line_px, height) - 1,
    )  # fmt: skip
