"""Tables printed as figures: rules, heads, shaded rows, columns of words and numbers; also listings of code."""

import numpy as np

from exsclaim.records import PanelKind
from models.figures import fonts, words
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, as_colour, blank, ink_box
from models.figures.style import FigureStyle
from models.figures.truth import Sketch


def _number(rng: np.random.Generator) -> str:
    form = int(rng.integers(5))
    value = float(rng.lognormal(1, 2))
    return (f"{value:.2f}", f"{value:.1f} ± {value / 9:.1f}", f"{value:.0f}", f"{value:.1e}", f"{value % 100:.1f} %")[
        form
    ]


def _code(rng: np.random.Generator, canvas: Canvas, size: int) -> None:
    face = fonts.usual(serif=False, number=int(rng.integers(9)))
    y, indent = size * 0.5, 0
    dark = canvas.image[0, 0].mean() < 120
    while y + size * 1.3 < canvas.height:
        name, other = words.pick(rng, "elements").lower(), words.pick(rng, "elements").lower()
        lines = (f"for {name} in {other}:", f"{name} = f({other}, 2)", f"return {name}", f"if {name} > 0:", "end")
        line = str(rng.choice(lines))
        colour = as_colour(rng.choice([WHITE if dark else BLACK, (200, 80, 40), (60, 120, 200), (60, 150, 80)]))
        canvas.text(size * (0.6 + 2 * indent), y, line, face, size, colour)
        indent = int(np.clip(indent + rng.integers(-1, 2), 0, 4))
        y += size * 1.5


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A table of about `width` x `height` px; `Sketch.box` is its ink, or all where it is shaded throughout."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    size = int(np.clip(min(style.size, width / 22, height / 9), 6, 20))
    if rng.random() < 0.15:
        image[:] = as_colour(rng.choice([(40, 42, 54), (245, 245, 245), (250, 250, 240)]))
        _code(rng, canvas, size)
        return Sketch(image, PanelKind.TABLE, (0, 0, width, height))
    columns = int(np.clip(width / (size * rng.uniform(4.5, 9)), 2, 9))
    line = size * float(rng.uniform(1.5, 2.4))
    rows = int(np.clip(height / line, 3, 30))
    line = height / rows
    shares = rng.uniform(0.7, 1.2, columns)
    shares[0] *= float(rng.uniform(1.0, 1.8))
    edges = np.concatenate([[0], np.cumsum(shares / shares.sum())]) * (width - 2)
    head, band = as_colour(rng.uniform(120, 245, 3)), as_colour(rng.uniform(225, 252, 3))
    has_head, has_bands = rng.random() < 0.4, rng.random() < 0.3
    for row in range(rows):
        y0, y1 = round(row * line), round((row + 1) * line)
        if row == 0 and has_head:
            canvas.rectangle((0, y0, width, y1), head)
        elif has_bands and row % 2:
            canvas.rectangle((0, y0, width, y1), band)
        for column in range(columns):
            text = words.pick(rng, "series", "scheme_words") if row == 0 or column == 0 else _number(rng)
            room = edges[column + 1] - edges[column]
            if fonts.render(text, style.face, size).mask.shape[1] > room - 4 or rng.random() < 0.04:
                continue
            centred = column > 0
            x = edges[column] + (room / 2 if centred else 3)
            ink = WHITE if row == 0 and has_head and sum(head) < 400 else BLACK
            canvas.text(x, (y0 + y1) / 2, text, style.face, size, ink, "mm" if centred else "lm")
    rules = str(rng.choice(["book", "book", "grid", "rows"]))
    thick = int(rng.integers(1, 3))
    for row in range(rows + 1):
        if rules != "book" or row in (0, 1, rows):
            y = min(height - thick, round(row * line))
            canvas.rectangle((0, y, width, y + (thick if row in (0, rows) else 1)), BLACK)
    if rules == "grid":
        for x in edges:
            canvas.rectangle((int(x), 0, int(x) + 1, height), BLACK)
    return Sketch(image, PanelKind.TABLE, ink_box(image, paper))
