"""Gels, blots and chromatography plates: bands in lanes, with weights beside them and samples above."""

import cv2
import numpy as np

from exsclaim.records import PanelKind
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, blank, ink_box
from models.figures.style import FigureStyle, choose
from models.figures.truth import Image, Sketch

_WEIGHTS = ("250", "150", "100", "75", "50", "37", "25", "20", "15", "10")
_PROTEINS = ("Actin", "GAPDH", "β-tubulin", "p53", "ERK", "p-ERK", "AKT", "Flag", "HA", "H3", "Cas9", "Lamin B")
_SAMPLES = ("WT", "KO", "+", "-", "1", "2", "3", "M", "0 h", "6 h", "24 h", "IP", "Input", "ctrl", "si1", "si2")


def _film(rng: np.random.Generator, width: int, height: int, lanes: int, rows: int, *, ladder: bool) -> Image:
    """Bands as dark smears on a pale film (or the other way round), each lane of its own strength."""
    level = np.zeros((height, width), np.float32)
    at = np.sort(rng.uniform(0.08, 0.92, rows))
    lane_width = width / lanes
    for lane in range(lanes):
        own = np.sort(rng.uniform(0.05, 0.95, 9)) if ladder and lane == 0 else at + rng.normal(0, 0.006, rows)
        for y in own:
            strength = float(rng.uniform(0.0, 1.0)) ** 0.7
            half = lane_width * float(rng.uniform(0.3, 0.46))
            thick = max(1.0, height * float(rng.uniform(0.006, 0.03 if rows > 2 else 0.14)))
            centre = ((lane + 0.5) * lane_width, float(y) * height)
            size = (max(1, round(half * 16)), max(1, round(thick * 16)))
            cv2.ellipse(level, (round(centre[0] * 16), round(centre[1] * 16)), size, float(rng.normal(0, 2)), 0, 360,
                        strength, -1, cv2.LINE_AA, 4)  # fmt: skip
        if rows > 2:
            smear = float(rng.uniform(0, 0.15))
            level[:, int(lane * lane_width + 2) : int((lane + 1) * lane_width - 2)] += smear
    blur = max(0.8, min(width, height) / float(rng.uniform(60, 160)))
    level = np.asarray(cv2.GaussianBlur(level, (0, 0), blur) + rng.normal(0, 0.02, level.shape), np.float32)
    form = choose(rng, "film:5 fluorescent:2 stained:1.5 plate:1")
    if form == "film":
        grey = np.clip(float(rng.uniform(0.75, 1.0)) - 0.85 * level, 0, 1)[..., None] * 255
        return np.asarray(np.repeat(grey, 3, 2), np.uint8)
    if form == "fluorescent":
        colour = np.array(((1, 1, 1), (1, 1, 1), (0.2, 1, 0.3), (1, 0.3, 0.2))[int(rng.integers(4))])
        return np.asarray(255 * np.clip(level * 1.1 + 0.04, 0, 1)[..., None] * colour, np.uint8)
    paper, ink = np.array((235, 238, 248)), np.array((40, 50, 140))
    if form == "plate":
        paper, ink = np.array((225, 240, 215)), np.array((110, 70, 130))
    return np.asarray(np.clip(paper + np.clip(level, 0, 1)[..., None] * (ink - paper), 0, 255), np.uint8)


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A gel or a stack of blot strips that fills about `width` x `height` px; `Sketch.box` is its ink."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    size = int(np.clip(min(style.size, width * 0.07, height * 0.08), 6, 20))
    bare = rng.random() < 0.25
    left, right = (0, 0) if bare else (int(size * 2.4), int(size * float(rng.choice([0, 3.6]))))
    top = 0 if bare else int(size * float(rng.choice([1.5, 2.8])))
    lanes = int(rng.integers(2, 13))
    strips = int(rng.integers(2, 6)) if rng.random() < 0.5 and height > 90 else 1
    x1 = max(left + 20, width - right)
    gap = max(2, size // 2)
    each = (height - top - gap * (strips - 1)) // strips
    if each < 10:
        strips, each = 1, height - top
    for strip in range(strips):
        y0 = top + strip * (each + gap)
        rows = int(rng.integers(3, 12)) if strips == 1 else int(rng.integers(1, 3))
        canvas.paste(_film(rng, x1 - left, each, lanes, rows, ladder=strips == 1 and rng.random() < 0.6), left, y0)
        if strips > 1 or rng.random() < 0.4:
            canvas.rectangle((left, y0, x1, y0 + each), None, BLACK)
        if bare:
            continue
        marks = _WEIGHTS if strips == 1 else (str(rng.choice(_WEIGHTS)),)
        for k, weight in enumerate(marks):
            y = y0 + each * (k + 0.5) / len(marks)
            canvas.text(left - size * 0.6, y, weight, style.face, max(6, min(size, each // len(marks))), BLACK, "rm")
            canvas.segment(left - size * 0.45, y, left - 1, y, BLACK)
        if right:
            canvas.text(x1 + size * 0.3, y0 + each / 2, str(rng.choice(_PROTEINS)), style.face, size, BLACK, "lm")
    for lane in range(lanes if top else 0):
        x = left + (lane + 0.5) * (x1 - left) / lanes
        canvas.text(x, top - size * 0.3, str(rng.choice(_SAMPLES)), style.face, max(6, round(size * 0.8)), BLACK, "mb")
    return Sketch(image, PanelKind.GEL, ink_box(image, paper))
