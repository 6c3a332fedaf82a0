"""Things between and around panels: dividing lines, an outer frame, lines from a region to its magnified view."""

import numpy as np

from models.figures.canvas import BLACK, Colour
from models.figures.compose import Page
from models.figures.image_annotations import COLOURS
from models.figures.truth import Box


def add(rng: np.random.Generator, page: Page, cells: list[Box]) -> None:
    """Adds some of it, seldom; none of it is a panel, and no panel's box changes."""
    if len(cells) < 2:
        return
    if rng.random() < 0.05:
        _divide(rng, page, cells)
    if rng.random() < 0.04:
        page.canvas.rectangle((0, 0, page.canvas.width, page.canvas.height), None, BLACK, int(rng.integers(1, 3)))
    if rng.random() < 0.06:
        _magnify(rng, page)


def _divide(rng: np.random.Generator, page: Page, cells: list[Box]) -> None:
    """A line across the page through each gutter between rows, where it crosses no cell."""
    colour: Colour = (150, 150, 150) if rng.random() < 0.6 else BLACK
    dashed = rng.random() < 0.6
    for box in cells:
        below = [other[1] for other in cells if other[1] >= box[3]]
        if not below or min(below) - box[3] < 5:
            continue
        y = (box[3] + min(below)) // 2
        if any(other[1] <= y <= other[3] for other in cells):
            continue
        ends = np.array([[2, y], [page.canvas.width - 3, y]], float)
        if dashed:
            page.canvas.dashes(ends, colour, 1, 6, 4)
        else:
            page.canvas.line(ends, colour, 1)


def _magnify(rng: np.random.Generator, page: Page) -> None:
    """A small box in one panel and lines from it to the corners of another, as for enlarged regions."""
    images = [p.box for p in page.panels if p.kind == "microscopy" and not p.is_inset]
    if len(images) < 2:
        return
    first, second = (images[int(k)] for k in rng.choice(len(images), 2, replace=False))
    wide, tall = first[2] - first[0], first[3] - first[1]
    side = max(6, int(min(wide, tall) * rng.uniform(0.1, 0.25)))
    x = int(rng.integers(first[0] + wide // 4, first[2] - wide // 4 - side // 2))
    y = int(rng.integers(first[1] + tall // 4, first[3] - tall // 4 - side // 2))
    colour = COLOURS[int(rng.integers(len(COLOURS)))]
    page.canvas.rectangle((x, y, x + side, y + side), None, colour, 1)
    near = second[0] if second[0] > x else second[2]
    for top, corner in ((y, second[1]), (y + side, second[3])):
        ends = np.array([[x + side, top], [near, corner]], float)
        if rng.random() < 0.5:
            page.canvas.dashes(ends, colour, 1, 5, 4)
        else:
            page.canvas.line(ends, colour, 1)
