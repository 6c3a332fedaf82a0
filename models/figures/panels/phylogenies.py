"""Phylogenies and dendrograms: branching lines with names at their tips, supports at their forks, clades in colour."""

import numpy as np

from exsclaim.records import PanelKind
from models.figures import fonts
from models.figures.canvas import BLACK, WHITE, Canvas, Colour, as_colour, blank, ink_box
from models.figures.style import FigureStyle
from models.figures.truth import Sketch

_GENERA = ("Bacillus", "Homo", "Mus", "Vibrio", "Quercus", "Danio", "Apis", "Salmo", "Pinus", "Felis", "Oryza", "Zea")
_SPECIES = (
    "subtilis",
    "sapiens",
    "musculus",
    "robur",
    "rerio",
    "mellifera",
    "salar",
    "sativa",
    "mays",
    "alba",
    "sp. 3",
)


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A tree of about `width` x `height` px; `Sketch.box` is its ink."""
    paper = ground or WHITE
    image = blank(width, height, paper)
    canvas = Canvas(image)
    size = int(np.clip(min(style.size, width * 0.045, height * 0.06), 6, 16))
    tips = int(np.clip(height / (size * rng.uniform(1.1, 2.0)), 4, 60))
    name_room = min(int(size * float(rng.uniform(4, 9))), int(width * 0.45))
    right = width - name_room
    is_even = rng.random() < 0.5  # all tips at one depth, as in a dendrogram
    heavy = float(rng.choice([1, 1, 2, 3]))
    ys = (np.arange(tips) + 0.5) * (height - size * 1.5) / tips
    nodes = [(float(y), right if is_even else right * float(rng.uniform(0.6, 1.0))) for y in ys]
    ends = list(nodes)
    colours = [BLACK if rng.random() < 0.7 else as_colour(rng.uniform(0, 200, 3)) for _ in nodes]
    while len(nodes) > 1:
        k = int(rng.integers(len(nodes) - 1))
        (ya, xa), (yb, xb) = nodes[k], nodes[k + 1]
        depth = len(nodes) / tips
        x = max(3.0, min(xa, xb) - (right / 6) * float(rng.uniform(0.2, 1.0)) * (1.2 - depth))
        colour = colours[k] if rng.random() < 0.5 else BLACK
        canvas.segment(x, ya, xa, ya, colours[k], heavy)
        canvas.segment(x, yb, xb, yb, colours[k + 1], heavy)
        canvas.segment(x, ya, x, yb, colour, heavy)
        if rng.random() < 0.3 and len(nodes) > 3:
            canvas.text(x + 2, (ya + yb) / 2, str(rng.integers(50, 101)), style.face, max(6, size - 3), BLACK, "lm")
        nodes[k : k + 2] = [((ya + yb) / 2, x)]
        colours[k : k + 2] = [colour]
    for y, x in ends:
        name = (
            f"{rng.choice(_GENERA)} {rng.choice(_SPECIES)}"
            if rng.random() < 0.8
            else f"{rng.choice(_GENERA)[0]}{rng.integers(999)}"
        )
        if fonts.render(name, style.face, size).mask.shape[1] > width - x - 3:
            name = name[: max(2, int((width - x) / size))]
        canvas.text(x + 3, y, name, style.face, size, BLACK, "lm")
    if rng.random() < 0.4:
        length = width // 8
        canvas.rectangle((2, height - size // 2 - 2, 2 + length, height - size // 2), BLACK)
        canvas.text(2 + length / 2, height - size // 2 - 3, f"{rng.choice([0.01, 0.05, 0.1, 0.2])}", style.face,
                    max(6, size - 2), BLACK, "mb")  # fmt: skip
    return Sketch(image, PanelKind.GRAPH, ink_box(image, paper))
