"""The kind of a panel by plain statistics of its pixels: how much of it is paper, how colourful and how flat it is.

Three kinds can be told so: microscopy, graph, illustration. Diffraction patterns, photos and parents cannot; what
no rule speaks for is `unclear` with confidence 0.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import is_colourful
from exsclaim.records import PanelKind

WORK_PX = 256

# Confidence of a rule = its precision on the 134 panels of 25 published figures, as boxed and named by hand (parents
# count as wrong): 75 of 76 for the first two together, 5 of 7, 21 of 25, 5 of 14. The limits were set
# on single micrographs and graphs, but with these panels in view (of illustrations there were no others): the
# precision on other figures may be lower.
_GREY_IMAGE = (PanelKind.MICROSCOPY, 0.98)
_COLOUR_MAP = (PanelKind.MICROSCOPY, 0.98)
_COLOUR_TEXTURE = (PanelKind.MICROSCOPY, 0.71)
_PLOT = (PanelKind.GRAPH, 0.84)
_DRAWING = (PanelKind.ILLUSTRATION, 0.36)
_NOT_KNOWN = (PanelKind.UNCLEAR, 0.0)


class Statistics(NamedTuple):
    """Shares (0 to 1) of a panel's pixels that are white, black, colourful, and flat (equal to both neighbours);
    `one_hue`: share of the colourful ones in the commonest twelfth of the hue circle; `longest_row`,
    `longest_column`: largest share of a row, a column, that is ink."""

    white: float
    black: float
    colourful: float
    one_hue: float
    flat: float
    longest_row: float
    longest_column: float


def classify(panel: NDArray[np.uint8]) -> tuple[PanelKind, float]:
    """Kind of a panel and the confidence in it (0: not known).

    Args:
        panel: `(H, W, 3)` uint8 RGB, the panel alone.
    """
    if min(panel.shape[:2]) < 16:
        return _NOT_KNOWN
    s = statistics(panel)
    if s.white < 0.2:
        if s.colourful < 0.08:
            return _GREY_IMAGE if s.flat < 0.7 else _NOT_KNOWN
        if s.black >= 0.4 and s.one_hue >= 0.8:
            return _COLOUR_MAP
        return _COLOUR_TEXTURE if s.flat < 0.25 else _NOT_KNOWN
    if s.white >= 0.5 and s.colourful < 0.1 and min(s.longest_row, s.longest_column) >= 0.6:
        return _PLOT
    if s.white >= 0.25 and s.colourful >= 0.05 and s.flat >= 0.35:
        return _DRAWING
    return _NOT_KNOWN


def statistics(panel: NDArray[np.uint8]) -> Statistics:
    """Statistics of a panel, `(H, W, 3)` uint8 RGB, taken at a longest side of 256 px."""
    height, width = panel.shape[:2]
    scale = WORK_PX / max(height, width)
    if scale < 1:
        size = (max(2, round(width * scale)), max(2, round(height * scale)))
        panel = np.asarray(cv2.resize(panel, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    darkest = panel.min(axis=2)
    lightest = panel.max(axis=2)
    colourful = is_colourful(panel)
    hues = cv2.cvtColor(np.ascontiguousarray(panel), cv2.COLOR_RGB2HSV)[..., 0][colourful]
    hue_counts = np.histogram(hues, bins=12, range=(0, 180))[0]
    grey = panel.mean(axis=2)
    flat = (np.abs(np.diff(grey, axis=1))[:-1] < 2) & (np.abs(np.diff(grey, axis=0))[:, :-1] < 2)
    ink = darkest < 200
    return Statistics(
        white=float((darkest >= 235).mean()),
        black=float((lightest < 40).mean()),
        colourful=float(colourful.mean()),
        one_hue=float(hue_counts.max() / max(1, hue_counts.sum())),
        flat=float(flat.mean()),
        longest_row=float(ink.mean(axis=1).max()),
        longest_column=float(ink.mean(axis=0).max()),
    )
