"""Draws compound figures, and single pieces of them, with exact truth: `draw(seed)` is all that most callers need."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from models.figures import compose, layouts, letters, surroundings, tiles
from models.figures.canvas import Canvas, blank
from models.figures.compose import Page
from models.figures.degrade import degrade
from models.figures.layouts import Cell, Layout
from models.figures.panels import micrographs
from models.figures.style import FigureStyle, choose, draw_style
from models.figures.truth import Box, Image, TrueFigure

THEMES = (
    "microscopy:5 mixed:5 graph:2.2 row:2.5 illustration:0.8 diffraction:0.5 photo:0.5 medical:0.6 map:0.4 gel:0.4 "
    "table:0.25"
)


def draw(seed: int, *, real: Path | None = None, style: FigureStyle | None = None) -> TrueFigure:
    """One compound figure, the same for the same seed, real folder and fonts.

    `real` is a folder with `layouts/`, `tiles/`, `graphs/` (or the environment's `EXSCLAIM_TILES`); without one
    everything is procedural. `style` fixes the figure's look, else it is drawn too.
    """
    rng = np.random.default_rng([seed, 1])
    found = tiles.open_tiles(real)
    layout = _layout(rng, found)
    columns = layout.width / float(np.mean([c.box[2] - c.box[0] for c in layout.cells]))
    style = style or draw_style(rng, layout.width, columns)
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


def micrograph_with_furniture(seed: int, real: Path | None = None) -> TrueFigure:
    """One micrograph with its bars, labels and letter boxed, for the detector of small things.

    With real tiles half of them are real panels with hand-made boxes of what is burnt in.
    """
    rng = np.random.default_rng([seed, 2])
    found = tiles.open_tiles(real)
    if found is not None and found.furnished and rng.random() < 0.5:
        return degrade(rng, found.furnished_tile(rng))
    width = int(rng.integers(150, 640))
    height = int(width * float(rng.choice([1, 1, 0.75, 0.8, 0.6, 1.2])))
    style = draw_style(rng, width, 1.0)
    style = replace(style, letter_place="inside", size=max(9, min(style.size, 24)))
    page = Page(Canvas(blank(width, height)), style, micrographs.draw_look(rng), found)
    printed, bare = (
        letters.sequence(style.letter_form, 12, 3)[int(rng.integers(12))] if rng.random() < 0.7 else ("", "")
    )
    kind = choose(rng, "microscopy:9 diffraction:1 photo:0.4")
    compose.panel(rng, page, Cell((0, 0, width, height)), kind, printed, bare)
    return degrade(rng, page.figure())


def _crop(rng: np.random.Generator, image: Image, box: Box, loose: float) -> Image:
    """`box` with margins of up to `loose` times its height, each side on its own, as a detector would cut it."""
    height = box[3] - box[1]
    grow = np.round(rng.uniform(-0.04, loose, 4) * height + rng.uniform(0, 2, 4)).astype(int)
    x0, y0 = max(0, box[0] - int(grow[0])), max(0, box[1] - int(grow[1]))
    x1, y1 = min(image.shape[1], box[2] + int(grow[2])), min(image.shape[0], box[3] + int(grow[3]))
    return np.ascontiguousarray(image[y0:y1, x0:x1])


def draw_scale_label(seed: int, real: Path | None = None) -> tuple[Image, str, float | None]:
    """A crop of a scale label as a detector gives it: image, text as printed, length in nm (None if reciprocal)."""
    for attempt in range(60):
        figure = micrograph_with_furniture(seed * 64 + attempt, real)
        labelled = [b for b in figure.bars if b.label_box is not None and b.label_text]
        if labelled:
            rng = np.random.default_rng([seed, 3])
            bar = labelled[int(rng.integers(len(labelled)))]
            return _crop(rng, figure.image, bar.label_box or bar.box, 0.4), bar.label_text or "", bar.length_nm
    raise RuntimeError(f"seed {seed} gave no scale label in 60 tries: the bar styles leave no room")


def draw_letter(seed: int, real: Path | None = None) -> tuple[Image, str]:
    """A crop of a panel letter as a detector gives it: image and the bare letter."""
    for attempt in range(60):
        figure = micrograph_with_furniture(seed * 64 + attempt, real)
        lettered = [p for p in figure.panels if p.label_box is not None and p.label]
        if lettered:
            rng = np.random.default_rng([seed, 4])
            return _crop(rng, figure.image, lettered[0].label_box or lettered[0].box, 0.35), lettered[0].label or ""
    raise RuntimeError(f"seed {seed} gave no letter in 60 tries")
