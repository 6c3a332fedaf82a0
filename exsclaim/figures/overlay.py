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
    """Copy of the figure, `(H, W, 3)` uint8 RGB, with boxes, letters, kinds and scale bars drawn in."""
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    line = max(2, round(max(picture.size) / 500))
    for panel in panels:
        colour = KIND_COLOUR[panel.kind]
        draw.rectangle(_inclusive(panel.box), outline=colour, width=line)
        known = f" {panel.kind}" if panel.kind is not PanelKind.UNCLEAR else ""
        text = f"{panel.label or '?'}{known}"
        at = (panel.box.x0 + 2 * line, panel.box.y0 + 2 * line)
        draw.rectangle(draw.textbbox(at, text, font_size=6 * line), fill=(255, 255, 255))
        draw.text(at, text, fill=colour, font_size=6 * line)
        if panel.label_box is not None:
            draw.rectangle(_inclusive(panel.label_box), outline=colour, width=1)
        for bar in panel.scale_bars:
            draw.rectangle(_inclusive(bar.box), outline=BAR_COLOUR, width=line)
            if bar.label_box is not None:
                draw.rectangle(_inclusive(bar.label_box), outline=BAR_COLOUR, width=1)
    return np.asarray(picture)


def write_overlay(path: Path, image: NDArray[np.uint8], panels: Sequence[Panel]) -> None:
    """Write the overlay as PNG, whole or not at all. Raises ImageError where it cannot be written."""
    try:
        with whole_file(path) as file:
            Image.fromarray(draw_overlay(image, panels)).save(file, format="PNG")
    except OSError as error:
        raise ImageError(f"{path}: the overlay cannot be written ({error.strerror or error})") from error


def _inclusive(box: Box) -> tuple[float, float, float, float]:
    """Pillow's rectangles include their last pixel, boxes do not."""
    return box.x0, box.y0, max(box.x0, box.x1 - 1), max(box.y0, box.y1 - 1)
