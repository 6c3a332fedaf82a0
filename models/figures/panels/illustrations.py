"""Illustrations: schemes of spheres, arrows, boxes and words, devices, crystals."""

import numpy as np

from exsclaim.records import PanelKind
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, blank, ink_box
from models.figures.furniture import WORDS
from models.figures.style import FigureStyle, choose
from models.figures.truth import Sketch

PHRASES = ("Precursor", "Annealing", "H_{2}O", "Li^{+}", "e^{-}", "Electrolyte", "Cathode", "Anode", "Substrate", "Deposition", "Self-assembly", "Laser",
           "Detector", "Step 1", "Step 2", "Growth", "Core-shell", "Etching", "Ar, 800 °C", "CO_{2}", "hν", "Polymer", "Nanowire", "Metal", "Glass", *WORDS)  # fmt: skip


def _colour(rng: np.random.Generator) -> Colour:
    hue = rng.uniform(0, 6)
    base = np.clip(np.abs((hue + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    strength, value = rng.uniform(0.2, 0.95), rng.uniform(150, 250)
    r, g, b = (int(v) for v in value * (1 - strength * (1 - base)))
    return r, g, b


def _crystal(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    many = int(rng.integers(3, 9))
    step = min(w, h) / many
    colours = [_colour(rng) for _ in range(int(rng.integers(1, 4)))]
    slant = float(rng.uniform(-0.3, 0.5))
    points = [
        (x + step * (i + 0.5 + slant * j * 0.5), y + step * (j + 0.5))
        for j in range(int(h / step))
        for i in range(int(w / step))
    ]
    if rng.random() < 0.6:
        for px, py in points:
            canvas.segment(px, py, px + step, py, (90, 90, 90), max(1, step * 0.12))
            canvas.segment(px, py, px + slant * step * 0.5, py + step, (90, 90, 90), max(1, step * 0.12))
    for k, (px, py) in enumerate(points):
        canvas.sphere(px, py, step * 0.34, colours[k % len(colours)])


def _cluster(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    colour = _colour(rng)
    r = min(w, h) * float(rng.uniform(0.04, 0.2))
    for _ in range(int(rng.integers(3, 26))):
        canvas.sphere(
            float(rng.uniform(x + r, x + w - r)),
            float(rng.uniform(y + r, y + h - r)),
            r * float(rng.uniform(0.6, 1.1)),
            colour,
        )


def _slab(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    """Stacked layers in a skewed projection: devices, batteries, films."""
    layers = int(rng.integers(1, 6))
    depth = w * float(rng.uniform(0.1, 0.3))
    tall = (h - depth * 0.6) / layers
    for k in reversed(range(layers)):
        colour = _colour(rng)
        top = y + depth * 0.6 + k * tall
        darker: Colour = (int(colour[0] * 0.7), int(colour[1] * 0.7), int(colour[2] * 0.7))
        canvas.polygon(
            np.array([[x, top], [x + w - depth, top], [x + w, top - depth * 0.6], [x + depth, top - depth * 0.6]]),
            colour,
        )
        canvas.polygon(np.array([[x, top], [x + w - depth, top], [x + w - depth, top + tall], [x, top + tall]]),
                       (int(colour[0] * 0.87), int(colour[1] * 0.87), int(colour[2] * 0.87)))  # fmt: skip
        canvas.polygon(
            np.array(
                [
                    [x + w - depth, top],
                    [x + w, top - depth * 0.6],
                    [x + w, top - depth * 0.6 + tall],
                    [x + w - depth, top + tall],
                ]
            ),
            darker,
        )


def _box(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    box = (int(x), int(y), int(x + w), int(y + h))
    colour = _colour(rng)
    pale: Colour = ((colour[0] + 510) // 3, (colour[1] + 510) // 3, (colour[2] + 510) // 3)
    canvas.rectangle(
        box, pale if rng.random() < 0.7 else None, colour if rng.random() < 0.7 else BLACK, int(rng.integers(1, 4))
    )
    if rng.random() < 0.6:
        _cluster(rng, canvas, x + 4, y + 4, w - 8, h - 8)


def _molecule(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    r = min(w, h) * 0.16
    colours = [(60, 60, 60), (230, 40, 30), (240, 240, 240), (50, 80, 230)]
    spots = [(x + w / 2, y + h / 2)]
    for _ in range(int(rng.integers(2, 8))):
        bx, by = spots[int(rng.integers(len(spots)))]
        angle = rng.uniform(0, 6.28)
        nx, ny = (
            float(np.clip(bx + 2 * r * np.cos(angle), x + r, x + w - r)),
            float(np.clip(by + 2 * r * np.sin(angle), y + r, y + h - r)),
        )
        canvas.segment(bx, by, nx, ny, (120, 120, 120), max(1, r * 0.3))
        spots.append((nx, ny))
    for px, py in spots:
        canvas.sphere(px, py, r * 0.8, colours[int(rng.integers(4))])  # type: ignore[arg-type]


def _beaker(rng: np.random.Generator, canvas: Canvas, x: float, y: float, w: float, h: float) -> None:
    level = y + h * float(rng.uniform(0.3, 0.6))
    canvas.polygon(np.array([[x + 2, level], [x + w - 2, level], [x + w - 2, y + h], [x + 2, y + h]]), _colour(rng))
    canvas.line(np.array([[x, y], [x, y + h], [x + w, y + h], [x + w, y]]), (70, 70, 70), 2)
    canvas.ellipse(x + w / 2, level, w / 2 - 2, h * 0.05, _colour(rng))


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A scheme that fills about `width` x `height` px; `Sketch.box` is its ink, or all where it has a ground of its own."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    filled = rng.random() < 0.2
    if filled:
        image[:] = np.linspace(_colour(rng), _colour(rng), height)[:, None, :] * 0.3 + 255 * 0.7
        if rng.random() < 0.4:
            canvas.rectangle(
                (0, 0, width, height), None, BLACK if rng.random() < 0.5 else _colour(rng), int(rng.integers(1, 3))
            )
    aspect = width / max(1, height)
    columns = int(np.clip(round(float(rng.uniform(1, 3)) * np.sqrt(aspect)), 1, 6))
    rows = int(np.clip(round(columns / max(0.3, aspect) * float(rng.uniform(0.7, 1.2))), 1, 4))
    cw, ch = width / columns, height / rows
    size = max(6, int(min(style.size, cw * 0.14, ch * 0.2)))
    makers = {
        "crystal": _crystal,
        "cluster": _cluster,
        "slab": _slab,
        "box": _box,
        "molecule": _molecule,
        "beaker": _beaker,
    }
    theme = [choose(rng, "crystal:2 cluster:2 slab:4 box:4 molecule:2 beaker:1") for _ in range(2)]
    for row in range(rows):
        for column in range(columns):
            x, y = column * cw + cw * 0.1, row * ch + ch * 0.1
            w, h = cw * float(rng.uniform(0.5, 0.75)), ch * float(rng.uniform(0.45, 0.7))
            makers[theme[int(rng.integers(2))]](rng, canvas, x, y, w, h)
            if rng.random() < 0.8:
                canvas.text(x + w / 2, y + h + 3, str(rng.choice(PHRASES)), style.face, size, BLACK, "mt")
            if column + 1 < columns and rng.random() < 0.7:
                canvas.arrow(x + w + 0.04 * cw, y + h / 2, (column + 1) * cw + 0.06 * cw, y + h / 2, BLACK if rng.random() < 0.5 else _colour(rng),
                             max(1, size / 5), size * 0.9)  # fmt: skip
    box = (0, 0, width, height) if filled else ink_box(image, paper)
    return Sketch(image, PanelKind.ILLUSTRATION, box)
