"""Remarks in a graph beside its data: peak indices, marker lines, words, arrows, an inset."""

from dataclasses import replace

import numpy as np

from models.figures import fonts, words
from models.figures.canvas import BLACK, Canvas
from models.figures.image_annotations import COLOURS
from models.figures.panels.curves import Data
from models.figures.style import FigureStyle
from models.figures.truth import Box, Image


def remark(rng: np.random.Generator, canvas: Canvas, axes: Box, data: Data, style: FigureStyle, size: int) -> None:
    """Writes and marks into the axes as authors do; nothing on maps."""
    x0, y0, x1, y1 = axes
    if data.image is not None:
        return
    size = max(6, round(size * float(rng.choice([0.75, 0.85, 1.0]))))
    if data.kind == "line" and len(data.series) and rng.random() < 0.45:
        _index_peaks(rng, canvas, axes, data, style, size)
    if rng.random() < 0.2:
        for _ in range(int(rng.integers(1, 4))):
            x = float(rng.uniform(x0 + 5, x1 - 5))
            colour = (120, 120, 120) if rng.random() < 0.6 else COLOURS[int(rng.integers(len(COLOURS)))]
            canvas.dashes(np.array([[x, y0], [x, y1]], float), colour, 1, max(3, size * 0.4), max(2, size * 0.3))
    for _ in range(int(rng.choice([0, 0, 1, 1, 2, 4]))):
        text = words.pick(rng, "remarks")
        ink = fonts.render(text, style.face, size).mask.shape
        if ink[1] > x1 - x0 - 8 or ink[0] > y1 - y0 - 8:
            continue
        x, y = rng.uniform(x0 + 4, x1 - ink[1] - 3), rng.uniform(y0 + 3, y1 - ink[0] - 3)
        colour = BLACK if rng.random() < 0.6 else style.palette[int(rng.integers(len(style.palette)))]
        canvas.text(x, y, text, style.face, size, colour)
        if rng.random() < 0.25:
            angle = float(rng.uniform(0, 2 * np.pi))
            cx, cy = x + ink[1] / 2 + size * np.cos(angle) * 2, y + ink[0] / 2 + size * np.sin(angle)
            canvas.arrow(cx, cy, cx + 2 * size * np.cos(angle), cy + 2 * size * np.sin(angle), colour, 1, size * 0.6)


def _index_peaks(
    rng: np.random.Generator, canvas: Canvas, axes: Box, data: Data, style: FigureStyle, size: int
) -> None:
    x0, y0, x1, y1 = axes
    points = data.series[-1]
    y = points[:, 1]
    tops = [k for k in range(2, len(y) - 2) if y[k] == y[k - 2 : k + 3].max() and y[k] > y.mean() + 0.3 * y.std()]
    turned = rng.random() < 0.4
    free = float(x0)
    for k in tops[:12]:
        px = x0 + (points[k, 0] - data.x[0]) / (data.x[1] - data.x[0]) * (x1 - x0)
        py = y1 - (y[k] - data.y[0]) / (data.y[1] - data.y[0]) * (y1 - y0)
        if px < free + size or py < y0 + size * (3 if turned else 1.2):
            continue
        box = canvas.text(px, py - 2, words.pick(rng, "peaks"), style.face, size, BLACK, "mb", turned=turned)
        free = box[2]


def inset(rng: np.random.Generator, canvas: Canvas, axes: Box, image: Image) -> tuple[int, int]:
    """Pastes an inset's image near a corner of the axes; returns its upper left corner in px."""
    x0, y0, x1, y1 = axes
    height, width = image.shape[:2]
    gap = int(rng.integers(3, max(5, (x1 - x0) // 20)))
    x = x1 - width - gap if rng.random() < 0.6 else x0 + gap + (x1 - x0) // 12
    y = y0 + gap if rng.random() < 0.7 else y1 - height - gap
    canvas.paste(image, x, y)
    return x, y


def minor(canvas: Canvas, axes: Box, tick: int, thick: int, count: int) -> None:
    """Minor ticks along the lower and left axis, on all four sides where they point inwards."""
    x0, y0, x1, y1 = axes
    for k in range(count + 1):
        x, y = x0 + k * (x1 - x0 - 1) / count, y1 - 1 - k * (y1 - y0 - 1) / count
        canvas.segment(x, y1 - 1, x, y1 - 1 + tick, BLACK, thick)
        canvas.segment(x0, y, x0 - tick, y, BLACK, thick)


def faded(style: FigureStyle, share: float) -> FigureStyle:
    """The figure's style with type smaller by `share`, for what stands within a graph."""
    return replace(style, size=max(6, round(style.size * share)))
