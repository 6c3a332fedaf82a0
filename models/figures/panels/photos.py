"""Photographs of samples, devices and set-ups: soft light, blurred grounds, a few plain objects."""

import cv2
import numpy as np

from exsclaim.records import PanelKind
from models.figures.bars import draw_bar
from models.figures.canvas import Canvas, Colour, as_colour, blank
from models.figures.furniture import annotate
from models.figures.panels import textures
from models.figures.style import FigureStyle
from models.figures.truth import Box, Sketch


def _muted(rng: np.random.Generator) -> Colour:
    base = rng.uniform(40, 220)
    r, g, b = (int(v) for v in np.clip(base + rng.normal(0, 28, 3), 5, 250))
    return r, g, b


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, taken: tuple[Box, ...] = ()
) -> Sketch:
    """A photograph of `width` x `height` px."""
    image = blank(width, height)
    image[:] = np.clip(np.linspace(_muted(rng), _muted(rng), height), 0, 255)[:, None, :]
    canvas = Canvas(image)
    side = min(width, height)
    for _ in range(int(rng.integers(1, 7))):
        x, y = rng.uniform(0.15, 0.85, 2) * (width, height)
        w, h = rng.uniform(0.1, 0.5, 2) * side
        colour = _muted(rng)
        shade: Colour = (colour[0] // 3, colour[1] // 3, colour[2] // 3)
        shape = int(rng.integers(4))
        if shape == 0:
            canvas.ellipse(x + 0.05 * w, y + 0.08 * h, w, h, shade)
            canvas.ellipse(x, y, w, h, colour)
            canvas.ellipse(x, y, w * 0.8, h * 0.8, _muted(rng))
        elif shape == 1:
            corners = cv2.boxPoints(((float(x), float(y)), (float(w) * 1.5, float(h)), float(rng.uniform(-40, 40))))
            points = np.asarray(corners, np.float64)
            canvas.polygon(points + side * 0.02, shade)
            canvas.polygon(points, colour)
        elif shape == 2:
            body = (int(x - w / 4), int(y - h), int(x + w / 4), int(y + h))
            canvas.rectangle(body, as_colour(c + 40 for c in colour))
            canvas.rectangle((body[0] + 2, int(y), body[2] - 2, body[3] - 2), _muted(rng))
            canvas.rectangle((body[0], body[1], body[2], body[1] + int(h * 0.25)), (230, 230, 225))
        else:
            line = np.cumsum(rng.normal(0, side * 0.09, (12, 2)), 0) + np.array([x, y])
            canvas.line(line, colour, max(2, side * 0.02))
    light = textures.cut(rng, "rough" if rng.random() < 0.4 else "amorphous", width, height)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), max(1.0, side / 40)), np.uint8)
    blurred = cv2.GaussianBlur(image, (0, 0), max(0.6, side / float(rng.choice([90, 180, 350]))))
    mixed = blurred.astype(np.float32) * (0.75 + 0.5 * light[..., None] / 255) + rng.normal(0, 4, (height, width, 1))
    sketch = Sketch(np.clip(mixed, 0, 255).astype(np.uint8), PanelKind.PHOTO, (0, 0, width, height), taken=list(taken))
    if rng.random() < 0.25:
        draw_bar(rng, sketch, sketch.box, style.bar)
    if rng.random() < 0.4:
        annotate(rng, sketch, style.face, style.size)
    return sketch
