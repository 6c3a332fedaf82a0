"""Photographs of samples, devices and set-ups: grounds, soft light, and the few things that laboratories photograph."""

import cv2
import numpy as np

from exsclaim.records import PanelKind
from models.figures.bars import draw_bar
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, as_colour, blank
from models.figures.image_annotations import annotate
from models.figures.panels import textures
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Image, Sketch


def _muted(rng: np.random.Generator) -> Colour:
    return as_colour(rng.uniform(40, 220) + rng.normal(0, 28, 3))


def _ground(rng: np.random.Generator, width: int, height: int) -> Image:
    """A bench, cloth, cutting mat, paper or out-of-focus room."""
    image = blank(width, height)
    kind = choose(rng, "plain:4 surface:3 mat:1 dark:1.5 room:2")
    if kind == "plain":
        low = float(rng.uniform(120, 225))
        image[:] = np.linspace(np.full(3, low), as_colour(low + rng.normal(15, 15, 3)), height)[:, None, :]
    elif kind == "surface":
        grain = textures.cut(rng, choose(rng, "rough stripes amorphous grains"), width, height)[..., None] / 255.0
        image[:] = np.clip(np.array(_muted(rng)) * (0.75 + 0.4 * grain), 0, 255)
    elif kind == "mat":
        image[:] = as_colour(np.array([40, 120, 80]) + rng.normal(0, 20, 3))
        canvas, step = Canvas(image), max(8, width // int(rng.integers(6, 18)))
        for at in range(step // 2, max(width, height), step):
            canvas.segment(at, 0, at, height, (200, 220, 200))
            canvas.segment(0, at, width, at, (200, 220, 200))
    elif kind == "dark":
        image[:] = as_colour(rng.uniform(5, 40, 3))
    else:
        small = (rng.uniform(30, 210, (4, 5, 1)) + rng.normal(0, 14, (4, 5, 3))).astype(np.float32)
        image[:] = np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255)
    return image


def _patch(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """A film, wafer or chip lying at an angle, with a shadow and perhaps contacts."""
    colour = _muted(rng)
    shape = (size * float(rng.uniform(0.7, 2.0)), size)
    corners = np.asarray(cv2.boxPoints(((x, y), shape, float(rng.uniform(-45, 45)))), np.float64)
    corners += rng.normal(0, size * 0.06, (4, 2))
    canvas.polygon(corners + size * 0.06, as_colour(c * 0.35 for c in colour))
    canvas.polygon(corners, colour)
    canvas.polygon(corners[:3] * 0.8 + corners.mean(0) * 0.2, as_colour(c * 1.15 for c in colour))
    for k in range(int(rng.choice([0, 0, 3, 5]))):
        spot = corners[0] + (corners[1] - corners[0]) * (k + 1) / 6 + (corners[3] - corners[0]) * 0.2
        canvas.ellipse(float(spot[0]), float(spot[1]), size * 0.05, size * 0.05, (220, 190, 90))


def _dish(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """A dish, coin or pellet seen obliquely."""
    flat = float(rng.uniform(0.5, 1.0))
    colour = _muted(rng)
    canvas.ellipse(x + size * 0.05, y + size * 0.08, size, size * flat, as_colour(c * 0.4 for c in colour))
    canvas.ellipse(x, y, size, size * flat, as_colour(c * 1.2 for c in colour))
    canvas.ellipse(x, y, size * 0.9, size * 0.9 * flat, colour)
    canvas.ellipse(x - size * 0.3, y - size * 0.3 * flat, size * 0.25, size * 0.1, as_colour(c * 1.4 for c in colour))


def _vials(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """One or several vials in a row, each with its liquid."""
    many = int(rng.integers(1, 7))
    wide = size * float(rng.uniform(0.35, 0.6))
    hue = np.array(_muted(rng), float)
    for k in range(many):
        left = x + (k - many / 2) * wide * 1.15
        body = (int(left), int(y - size), int(left + wide), int(y + size))
        canvas.rectangle(body, (205, 212, 215), (150, 155, 160))
        liquid = as_colour(hue * (0.5 + 0.9 * k / many))
        canvas.rectangle((body[0] + 2, int(y - size * 0.3), body[2] - 2, body[3] - 2), liquid)
        canvas.rectangle((body[0] + int(wide * 0.15), body[1], body[0] + int(wide * 0.25), body[3]), (235, 240, 242))
        cap = WHITE if rng.random() < 0.5 else BLACK
        canvas.rectangle((body[0] - 1, body[1] - int(size * 0.25), body[2] + 1, body[1]), cap)


def _wire(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """A cable, fibre or tube."""
    bends = np.cumsum(rng.normal(0, size * 0.03, (40, 2)), 0) + rng.normal(0, size * 0.1, 2)
    line = np.cumsum(bends, 0) + np.array([x, y])
    colour, thick = _muted(rng), max(2.0, size * float(rng.uniform(0.03, 0.12)))
    canvas.line(line + thick * 0.6, as_colour(c * 0.4 for c in colour), thick)
    canvas.line(line, colour, thick)
    canvas.line(line - thick * 0.2, as_colour(c * 1.4 for c in colour), max(1.0, thick * 0.25))


def _hand(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """Fingers, bare or gloved, from a side of the picture."""
    skins: tuple[Colour, ...] = ((225, 180, 150), (60, 90, 200), (235, 235, 230), (150, 105, 80), (110, 70, 170))
    skin = skins[int(rng.integers(len(skins)))]
    side = 0.0 if rng.random() < 0.5 else float(canvas.width)
    for k in range(2):
        tip = y + (k - 0.5) * size * 0.6
        canvas.segment(side, tip + size * (0.5 if k else -0.5), x, tip, as_colour(c * 0.8 for c in skin), size * 0.42)
        canvas.segment(side, tip + size * (0.5 if k else -0.5), x, tip - size * 0.05, skin, size * 0.3)


def _ruler(rng: np.random.Generator, canvas: Canvas, x: float, y: float, size: float) -> None:
    """A ruler along the lower part: its ticks are no scale bar."""
    top = int(canvas.height * float(rng.uniform(0.75, 0.88)))
    canvas.rectangle((0, top, canvas.width, canvas.height), (225, 220, 200))
    step = max(3.0, size * 0.08)
    for k in range(int(canvas.width / step)):
        canvas.segment(k * step, top, k * step, top + size * (0.25 if k % 5 else 0.4), BLACK)


THINGS = {"patch": _patch, "dish": _dish, "vials": _vials, "wire": _wire, "hand": _hand, "ruler": _ruler}


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, taken: tuple[Box, ...] = ()
) -> Sketch:
    """A photograph of `width` x `height` px."""
    image = _ground(rng, width, height)
    canvas = Canvas(image)
    side = min(width, height)
    for _ in range(int(rng.integers(1, 5))):
        thing = choose(rng, "patch:4 dish:2.5 vials:2 wire:1.5 hand:1.2 ruler:0.5")
        x, y = rng.uniform(0.2, 0.8, 2) * (width, height)
        THINGS[thing](rng, canvas, float(x), float(y), side * float(rng.uniform(0.1, 0.35)))
    if rng.random() < 0.15:
        far = np.hypot(
            *np.meshgrid(np.arange(width) - rng.uniform(0, width), np.arange(height) - rng.uniform(0, height))
        )
        glow = np.exp(-far / (side * 0.12))[..., None] * np.array(_muted(rng)) * 1.6
        image[:] = np.clip(image + glow, 0, 255).astype(np.uint8)
    light = cv2.GaussianBlur(textures.cut(rng, "rough", width, height), (0, 0), max(1.0, side / 25)).astype(np.float32)
    soft = cv2.GaussianBlur(image, (0, 0), max(0.6, side / float(rng.choice([120, 220, 400])))).astype(np.float32)
    mixed = soft * (0.8 + 0.4 * light[..., None] / 255) + rng.normal(0, 3, (height, width, 1))
    sketch = Sketch(np.clip(mixed, 0, 255).astype(np.uint8), PanelKind.PHOTO, (0, 0, width, height), taken=list(taken))
    if rng.random() < 0.25:
        draw_bar(rng, sketch, sketch.box, style.bar)
    if rng.random() < 0.4:
        annotate(rng, sketch, style.face, style.size)
    return sketch
