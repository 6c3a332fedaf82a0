"""Illustrations: schemes of things in a row or grid, joined by arrows and explained in words."""

import numpy as np

from exsclaim.records import PanelKind
from models.figures import fonts, words
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, blank, ink_box
from models.figures.panels import things
from models.figures.panels.things import colour_of
from models.figures.style import FigureStyle, choose
from models.figures.truth import Sketch


def _write(
    rng: np.random.Generator,
    canvas: Canvas,
    x: float,
    y: float,
    style: FigureStyle,
    size: int,
    room: float,
    colour: Colour,
) -> None:
    """One to three short lines around `x`, from `y` down."""
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        text = words.pick(rng, "scheme_lines") if rng.random() < 0.3 else words.pick(rng, "scheme_words", "overlay")
        if fonts.render(text, style.face, size).mask.shape[1] > room or y + size * 1.1 > canvas.height:
            continue
        box = canvas.text(x, y, text, style.face, size, colour, "mt")
        y = box[3] + size * 0.35


def _arrow(rng: np.random.Generator, canvas: Canvas, x0: float, y0: float, x1: float, y1: float, size: int) -> None:
    colour = BLACK if rng.random() < 0.5 else colour_of(rng)
    if rng.random() < 0.3:
        canvas.thick_arrow(x0, y0, x1, y1, colour, size * float(rng.uniform(0.5, 1.2)))
        return
    canvas.arrow(x0, y0, x1, y1, colour, max(1.0, size / 6), size * 0.9)


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A scheme of about `width` x `height` px; `Sketch.box` is its ink, or all where it has a ground of its own."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    filled = rng.random() < 0.18
    if filled:
        pale = 0.15 + 0.35 * float(rng.random())
        image[:] = np.linspace(colour_of(rng), colour_of(rng), height)[:, None, :] * pale + 255 * (1 - pale)
        if rng.random() < 0.5:
            canvas.rectangle(
                (0, 0, width, height), None, BLACK if rng.random() < 0.5 else colour_of(rng), int(rng.integers(1, 3))
            )
    aspect = width / max(1, height)
    cells = float(np.clip(width * height / rng.uniform(80, 210) ** 2, 1, 24))
    columns = int(np.clip(round(np.sqrt(cells * aspect)), 1, 8))
    rows = int(np.clip(round(cells / columns), 1, 5))
    cw, ch = width / columns, height / rows
    size = max(6, int(min(style.size, cw * 0.13, ch * 0.16)))
    theme = [choose(rng, things.THINGS) for _ in range(int(rng.integers(1, 4)))]
    dark = filled and canvas.brightness((0, 0, width, height)) < 120
    ink = WHITE if dark else BLACK
    boxed = rng.random() < 0.2
    for row in range(rows):
        for column in range(columns):
            w, h = cw * float(rng.uniform(0.6, 0.9)), (ch - 2.4 * size) * float(rng.uniform(0.7, 1.0))
            x, y = column * cw + (cw - w) * float(rng.uniform(0.1, 0.6)), row * ch + size * float(rng.uniform(0.1, 1.2))
            if boxed:
                edge = (int(column * cw) + 2, int(row * ch) + 2, int((column + 1) * cw) - 2, int((row + 1) * ch) - 2)
                canvas.rectangle(
                    edge, None, (120, 120, 120) if rng.random() < 0.5 else colour_of(rng), int(rng.integers(1, 3))
                )
            if rng.random() < 0.1:
                _write(rng, canvas, x + w / 2, y + h / 3, style, size, cw, ink)
                continue
            things.draw(rng, canvas, theme[int(rng.integers(len(theme)))], x, y, w, h)
            if rng.random() < 0.85:
                _write(rng, canvas, x + w / 2, y + h + 3, style, size, cw * 1.1, ink)
            if rng.random() < 0.35:
                _write(rng, canvas, x + w / 2, y + h * float(rng.uniform(0.1, 0.7)), style, size, w, ink)
            if column + 1 < columns and rng.random() < 0.7:
                _arrow(rng, canvas, x + w + 0.02 * cw, y + h / 2, (column + 1) * cw + 0.08 * cw, y + h / 2, size)
            elif row + 1 < rows and rng.random() < 0.4:
                _arrow(rng, canvas, x + w / 2, y + h + size, x + w / 2, (row + 1) * ch + size, size)
    if rng.random() < 0.25:
        _key(rng, canvas, style, size)
    box = (0, 0, width, height) if filled else ink_box(image, paper)
    return Sketch(image, PanelKind.ILLUSTRATION, box)


def _key(rng: np.random.Generator, canvas: Canvas, style: FigureStyle, size: int) -> None:
    """A legend of coloured balls or squares in a row at the bottom or a column at the right."""
    step = size * 1.6
    along = rng.random() < 0.5
    for k in range(int(rng.integers(2, 5))):
        x = size + k * canvas.width / 4 if along else canvas.width - 6.0 * size
        y = canvas.height - size if along else size + k * step
        if rng.random() < 0.6:
            canvas.sphere(x, y, size * 0.45, colour_of(rng))
        else:
            side = size // 2
            canvas.rectangle((int(x) - side, int(y) - side, int(x) + side, int(y) + side), colour_of(rng))
        canvas.text(x + size, y, words.pick(rng, "scheme_words"), style.face, size, BLACK, "lm")
