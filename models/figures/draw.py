"""Draws compound figures with exact truth: `draw(seed)` is all that most callers need."""

from pathlib import Path

import numpy as np

from models.figures import compose, layouts, letters, surroundings, tiles
from models.figures.canvas import Canvas, blank
from models.figures.compose import Page
from models.figures.degrade import degrade
from models.figures.layouts import Layout
from models.figures.panels import micrographs
from models.figures.style import choose, draw_style
from models.figures.truth import TrueFigure

THEMES = (
    "microscopy:5 mixed:5 graph:2.2 row:2.5 illustration:0.8 diffraction:0.5 photo:0.5 medical:0.6 map:0.4 gel:0.4 "
    "table:0.25"
)


def draw(seed: int, *, real: Path | None = None) -> TrueFigure:
    """One compound figure, the same for the same seed, real folder and fonts.

    `real` is a folder with `layouts/`, `tiles/`, `graphs/`; without one everything is procedural.
    """
    rng = np.random.default_rng([seed, 1])
    found = tiles.open_tiles(real) if real else None
    layout = _layout(rng, found)
    columns = layout.width / float(np.mean([c.box[2] - c.box[0] for c in layout.cells]))
    style = draw_style(rng, layout.width, columns)
    page = Page(Canvas(blank(layout.width, layout.height, style.background)), style, micrographs.draw_look(rng), found)
    kinds = _kinds(rng, layout)
    names = letters.sequence(style.letter_form, len(layout.cells), max(1, round(columns)))
    if style.letter_place == "none" or (len(layout.cells) == 1 and rng.random() < 0.6):
        names = [("", "")] * len(layout.cells)
    bare_ones = rng.random(len(names)) < (0.3 if rng.random() < 0.05 else 0.01)
    names = [("", "") if bare else name for name, bare in zip(names, bare_ones, strict=True)]
    for cell, kind, (printed, bare) in zip(layout.cells, kinds, names, strict=True):
        compose.panel(rng, page, cell, kind, printed, bare)
    surroundings.add(rng, page, [cell.box for cell in layout.cells])
    return degrade(rng, page.figure())


def _layout(rng: np.random.Generator, real: tiles.Tiles | None) -> Layout:
    width = layouts.draw_width(rng)
    if real is not None and real.layouts and rng.random() < 0.4:
        for _ in range(4):
            found = layouts.from_real(rng, real.layouts[int(rng.integers(len(real.layouts)))], width)
            if found is not None:
                return found
    return layouts.generate(rng, width)


def _kinds(rng: np.random.Generator, layout: Layout) -> list[str]:
    theme = choose(rng, THEMES)
    mixture = (
        "microscopy:5 graph:5 illustration:2 diffraction:1.2 photo:0.8 parent:1.4 medical:0.6 map:0.5 gel:0.5 table:0.4"
    )
    kinds: list[str] = []
    row_kind, row_top = "", -1
    for cell in layout.cells:
        if cell.kind is not None:
            kinds.append(cell.kind)
            continue
        kind = choose(rng, mixture)
        if theme == "row":
            if abs(cell.box[1] - row_top) > 10:
                row_kind, row_top = kind, cell.box[1]
            kind = row_kind
        elif theme != "mixed" and rng.random() < 0.88:
            kind = theme
        side = min(cell.box[2] - cell.box[0], cell.box[3] - cell.box[1])
        if (kind == "parent" and side < 130) or (kind in compose.FLAT and side < 85):
            kind = "microscopy"
        kinds.append(kind)
    return kinds
