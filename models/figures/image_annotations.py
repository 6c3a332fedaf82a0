"""Marks that authors draw over images beside scale bars: texts, arrows, outlines, dimension lines."""

import numpy as np

from models.figures import fonts, words
from models.figures.canvas import BLACK, WHITE, Canvas, Colour
from models.figures.style import choose
from models.figures.truth import Box, Sketch, overlap

COLOURS: tuple[Colour, ...] = (
    (255, 0, 0),
    (255, 255, 0),
    (0, 255, 0),
    (0, 200, 255),
    (255, 140, 0),
    (255, 0, 255),
    (40, 80, 255),
)

MARKERS = (*"ABCDabc123PQM", "(a)", "(b)", "(c)", "(1)", "(2)", "(i)", "i", "ii", "①", "P1", "#1", "*")


def free_spot(
    rng: np.random.Generator, sketch: Sketch, width: int, height: int, margin: int = 3, tries: int = 14
) -> tuple[int, int] | None:
    """A place for a thing of `width` x `height` px, clear of what is drawn already; None where none was found."""
    x0, y0, x1, y1 = sketch.box
    if width + 2 * margin >= x1 - x0 or height + 2 * margin >= y1 - y0:
        return None
    for _ in range(tries):
        x = int(rng.integers(x0 + margin, x1 - margin - width))
        y = int(rng.integers(y0 + margin, y1 - margin - height))
        if not any(overlap((x, y, x + width, y + height), taken, margin) for taken in sketch.taken):
            return x, y
    return None


def contrast(canvas: Canvas, box: Box, wanted: Colour) -> Colour:
    """`wanted` where it can be seen on what lies in `box`, else white or black."""
    there = canvas.brightness(box)
    light = 0.3 * wanted[0] + 0.59 * wanted[1] + 0.11 * wanted[2]
    coloured = max(wanted) - min(wanted) > 80
    if abs(light - there) > (45 if coloured else 80):
        return wanted
    return WHITE if there < 128 else BLACK


def annotate(rng: np.random.Generator, sketch: Sketch, face: fonts.Face, size: int) -> None:
    """Some of: texts, element symbols, region letters, arrows, outlines, dimension lines; each is a distractor."""
    for _ in range(int(rng.choice([0, 1, 1, 2, 3]))):
        what = choose(rng, "overlay:5 arrow:3 outline:3 dimension:1.6 marker:2 path:1 elements:1.5")
        colour = COLOURS[int(rng.integers(len(COLOURS)))] if rng.random() < 0.45 else WHITE
        if what in ("overlay", "elements", "marker"):
            word = str(rng.choice(MARKERS)) if what == "marker" else words.pick(rng, what)
            _write(rng, sketch, word, face, max(8, int(size * rng.uniform(0.7, 1.5))), colour)
        else:
            _mark(rng, sketch, what, face, size, colour)


def _write(rng: np.random.Generator, sketch: Sketch, word: str, face: fonts.Face, size: int, colour: Colour) -> None:
    """A word in a free place, sometimes on a white patch, sometimes with an arrow from it."""
    canvas = Canvas(sketch.image)
    height, width = fonts.render(word, face, size).mask.shape
    spot = free_spot(rng, sketch, width, height)
    if spot is None:
        return
    area = (spot[0], spot[1], spot[0] + width, spot[1] + height)
    if rng.random() < 0.15:
        canvas.rectangle((area[0] - 4, area[1] - 4, area[2] + 4, area[3] + 4), WHITE)
        colour = BLACK
    seen = contrast(canvas, area, colour)
    box = canvas.text(spot[0], spot[1], word, face, size, seen)
    sketch.taken.append(box)
    sketch.distractors.append(("text", box))
    if rng.random() < 0.3:
        angle = float(rng.uniform(0, np.pi))
        far = float(rng.uniform(0.1, 0.25)) * min(canvas.width, canvas.height)
        x, y = (box[0] + box[2]) / 2, box[3] + 3
        canvas.arrow(
            x, y, x + far * np.cos(angle), y + far * np.sin(angle) + 4, seen, max(1, size // 9), max(5.0, size / 2)
        )


def _mark(rng: np.random.Generator, sketch: Sketch, what: str, face: fonts.Face, size: int, colour: Colour) -> None:
    """An arrow, an outline, a dimension line (no scale bar) or a wavy path in a free place."""
    canvas = Canvas(sketch.image)
    x0, y0, x1, y1 = sketch.box
    width, height = (max(6, int(side * rng.uniform(0.08, 0.4))) for side in (x1 - x0, y1 - y0))
    spot = free_spot(rng, sketch, width, height)
    if spot is None:
        return
    x, y = spot
    area = (x, y, x + width, y + height)
    middle = y + height / 2
    colour = contrast(canvas, area, colour)
    thick = int(rng.integers(1, 3 + size // 12))
    dash = (max(4.0, size * 0.5), max(3.0, size * 0.35))
    if what == "arrow":
        canvas.arrow(x, y, area[2], area[3] if rng.random() < 0.5 else y, colour, thick, max(5.0, size * 0.6))
    elif what == "outline":
        corners = np.array([[x, y], [area[2], y], [area[2], area[3]], [x, area[3]], [x, y]], float)
        t = np.linspace(0, 2 * np.pi, 60)
        oval = np.stack([x + width / 2 * (1 + np.cos(t)), middle + height / 2 * np.sin(t)], 1)
        edge = corners if rng.random() < 0.4 else oval
        if rng.random() < 0.6:
            canvas.dashes(edge, colour, thick, *dash)
        else:
            canvas.line(edge, colour, thick)
    elif what == "dimension":
        head = max(4.0, size * 0.4)
        canvas.arrow(x + width / 2, middle, x, middle, colour, thick, head)
        canvas.arrow(x + width / 2, middle, area[2], middle, colour, thick, head)
        if rng.random() < 0.6 and height > size:
            text = f"{rng.uniform(0.2, 90):.{int(rng.integers(0, 3))}f} nm"
            box = canvas.text(x + width / 2, middle - 4, text, face, max(8, int(size * 0.9)), colour, "mb")
            sketch.taken.append(box)
            sketch.distractors.append(("dimension_text", box))
    else:
        wave = np.cumsum(rng.normal(0, 1, 24))
        wave *= height / 2 / (np.abs(wave).max() + 1e-6)
        canvas.dashes(np.stack([np.linspace(x, area[2], 24), middle + wave], 1), colour, thick, *dash)
    sketch.taken.append(area)
    sketch.distractors.append((what, area))
