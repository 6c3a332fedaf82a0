"""Element spectra as analysis software exports them: coloured ground to the edge, filled peaks, marked elements."""

import numpy as np

from exsclaim.records import PanelKind
from models.figures import words
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, blank
from models.figures.style import FigureStyle
from models.figures.truth import Sketch

GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((0, 50, 100), (255, 255, 0)), ((0, 0, 0), (255, 220, 0)), ((0, 0, 0), (0, 255, 0)), ((245, 245, 245), (200, 0, 0)),
    ((20, 30, 80), (255, 255, 255)), ((255, 255, 255), (70, 110, 180)),
)  # fmt: skip


def draw(rng: np.random.Generator, width: int, height: int, style: FigureStyle) -> Sketch:
    """An element spectrum that covers all of `width` x `height` px."""
    ground, colour = GROUNDS[int(rng.integers(len(GROUNDS)))]
    ink = WHITE if sum(ground) < 380 else BLACK
    image = blank(width, height, ground)
    canvas = Canvas(image)
    size = int(np.clip(min(style.size, height * 0.07), 6, 20))
    foot = height - int(size * 1.8)
    x = np.linspace(0, 1, max(60, width))
    level = 0.05 * np.exp(-3 * x) + 0.01 * rng.random(len(x))
    centres = np.sort(rng.beta(1, 2.2, int(rng.integers(3, 12))))
    heights = rng.lognormal(-1.6, 0.9, len(centres)).clip(0.02, 0.95)
    for centre, top in zip(centres, heights, strict=True):
        level += top * np.exp(-(((x - centre) / 0.008) ** 2))
    y = foot - level.clip(0, 1) * (foot - size)
    outline = np.concatenate([np.stack([x * (width - 1), y], 1), [[width - 1, foot], [0, foot]]])
    canvas.polygon(outline, colour)
    canvas.segment(0, foot, width, foot, ink)
    for centre, top in zip(centres, heights, strict=True):
        px, py = centre * (width - 1), foot - min(1.0, top) * (foot - size) - size * 0.9
        if rng.random() < 0.7:
            if rng.random() < 0.4:
                canvas.ellipse(px, py, size * 0.8, size * 0.8, (200, 200, 200))
                canvas.text(px, py, words.pick(rng, "elements"), style.face, max(5, size - 3), BLACK, "mm")
            else:
                canvas.text(px, py, words.pick(rng, "elements"), style.face, size, ink, "mm")
    for k in range(1, int(rng.choice([4, 5, 8, 10])) + 1):
        at = k * width / 10.5
        canvas.segment(at, foot, at, foot + size * 0.3, ink)
        canvas.text(at, foot + size * 0.45, str(2 * k), style.face, max(5, size - 2), ink, "mt")
    return Sketch(image, PanelKind.GRAPH, (0, 0, width, height))
