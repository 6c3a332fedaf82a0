"""Puts panels on a page: each cell's content, its letter beside or in it, its insets and bars booked."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from exsclaim.records import PanelKind
from models.figures import fonts, letters, tiles, words
from models.figures.canvas import BLACK, WHITE, Canvas
from models.figures.layouts import Cell
from models.figures.panels import (
    diffraction,
    gels,
    graphs,
    illustrations,
    maps,
    medical_images,
    micrographs,
    photos,
    phylogenies,
    tables,
)
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Sketch, TrueBar, TrueFigure, TruePanel, hull, moved, overlap

FLAT = frozenset({"graph", "illustration", "map", "gel", "table"})
"""Kinds that are drawn on the page: their letters stand beside them, and their box is their ink."""
_ON_PAPER = {"illustration": illustrations.draw, "map": maps.draw, "gel": gels.draw, "table": tables.draw}
_TREES = 0.06
"""Share of graphs that are phylogenies."""


@dataclass
class Page:
    """A figure while it is drawn."""

    canvas: Canvas
    style: FigureStyle
    look: str
    real: tiles.Tiles | None
    panels: list[TruePanel] = field(default_factory=list)
    bars: list[TrueBar] = field(default_factory=list)
    distractors: list[tuple[str, Box]] = field(default_factory=list)
    shared: micrographs.MapSeries | None = None
    """The one field that all micrographs of a parent show, where they do."""

    def figure(self) -> TrueFigure:
        return TrueFigure(self.canvas.image, tuple(self.panels), tuple(self.bars), tuple(self.distractors))


def panel(rng: np.random.Generator, page: Page, cell: Cell, kind: str, printed: str, bare: str) -> None:
    """Draws one cell: its content, then its letter beside or in it."""
    style, box = page.style, cell.box
    letter_w, letter_h = letters.size_of(printed, style) if printed else (0, 0)
    place = style.letter_place if printed else "none"
    flat = kind in FLAT
    if place == "corner" and not flat:
        place = "inside"
    if place == "inside" and flat and rng.random() < 0.6:
        place = "above" if rng.random() < 0.5 else "corner"
    band = letter_h + max(3, round(letter_h * float(rng.uniform(0.2, 0.5))))
    column = letter_w + max(3, letter_h // 3)
    spot = (box[0], box[1])
    if place == "above" and box[3] - box[1] > band + 40:
        box = (box[0], box[1] + band, box[2], box[3])
    elif place == "left" and box[2] - box[0] > column + 40:
        box = (box[0] + column, box[1], box[2], box[3])
    elif place == "below" and box[3] - box[1] > band + 40:
        box = (box[0], box[1], box[2], box[3] - band)
        spot = ((box[0] + box[2] - letter_w) // 2, cell.box[3] - letter_h - 1)
    elif place != "none":
        pad = max(3, style.letter_size // 3) if place == "inside" else 1
        spot = (box[0] + pad, box[1] + pad)
    inside = place in ("inside", "corner")
    label_room = (spot[0], spot[1], spot[0] + letter_w, spot[1] + letter_h)
    taken = (moved(label_room, -box[0], -box[1]),) if inside and printed else ()
    if place == "above" and style.headed:
        _heading(rng, page, (cell.box[0] + letter_w + style.size, cell.box[1], cell.box[2], cell.box[1] + letter_h))
    number = len(page.panels)
    if kind == "parent":
        _parent(rng, page, replace(cell, box=box), taken)
    else:
        _paste(rng, page, box, kind, taken, None)
    if printed:
        on_image = inside and not flat
        label_box = letters.place(page.canvas, printed, spot[0], spot[1], style, on_image)
        page.panels[number] = replace(page.panels[number], label=bare, label_box=label_box)


def _heading(rng: np.random.Generator, page: Page, room: Box) -> None:
    """A few words over a panel, beside its letter."""
    style = page.style
    text = words.pick(rng, "overlay", "series", "scheme_lines")
    if fonts.render(text, style.face, style.size).mask.shape[1] > room[2] - room[0]:
        return
    colour = BLACK if page.canvas.brightness(room) > 128 else WHITE
    if rng.random() < 0.5:
        box = page.canvas.text(room[0], room[3], text, style.face, style.size, colour, "lb")
    else:
        box = page.canvas.text((room[0] + room[2]) / 2, room[3], text, style.face, style.size, colour, "mb")
    page.distractors.append(("heading", box))


def _parent(rng: np.random.Generator, page: Page, cell: Cell, taken: tuple[Box, ...]) -> None:
    """A panel of several images: a series, maps beside their image, or an image with a graph."""
    parts = cell.parts or _divided(rng, cell.box)
    if len(parts) > 1 and rng.random() < 0.25 and all((part.kind or "microscopy") == "microscopy" for part in parts):
        page = replace(page, shared=micrographs.MapSeries.start(rng))
    number = len(page.panels)
    page.panels.append(TruePanel(cell.box, PanelKind.PARENT))
    for part in parts:
        x0, y0 = max(part.box[0], cell.box[0]), max(part.box[1], cell.box[1])
        if part.box[2] - x0 < 24 or part.box[3] - y0 < 24:
            continue
        dx, dy = cell.box[0] - x0, cell.box[1] - y0
        _paste(
            rng,
            page,
            (x0, y0, part.box[2], part.box[3]),
            part.kind or "microscopy",
            tuple(moved(t, dx, dy) for t in taken),
            number,
        )
    if rng.random() < 0.25:
        _sublabels(rng, page, [part.box for part in parts])
    inner = [p.box for p in page.panels[number + 1 :]]
    if inner:
        page.panels[number] = replace(page.panels[number], box=hull(inner))


def _sublabels(rng: np.random.Generator, page: Page, boxes: list[Box]) -> None:
    """Marks on the parts of a parent, which are no panel letters: (i) (ii), I II, 1 2, or times."""
    form = str(rng.choice(["(i)", "i", "(I)", "I", "1", "time"]))
    step = int(rng.choice([1, 5, 10, 30]))
    size = max(7, round(page.style.size * float(rng.uniform(0.8, 1.2))))
    for k, box in enumerate(boxes):
        roman = letters.ROMAN[k % len(letters.ROMAN)]
        bare = {"i": roman, "I": roman.upper(), "1": str(k + 1)}.get(form.strip("()"), f"{k * step} s")
        text = form.replace(form.strip("()"), bare)
        height, width = fonts.render(text, page.style.face, size).mask.shape
        right = form == "time" or rng.random() < 0.3
        x, y = (box[2] - width - 4 if right else box[0] + 4), box[1] + 4
        area = (x, y, x + width, y + height)
        if any(p.label_box is not None and overlap(area, p.label_box, 2) for p in page.panels) or (
            k == 0 and not right
        ):
            continue
        colour = BLACK if page.canvas.brightness(area) > 125 else WHITE
        page.distractors.append(("sublabel", page.canvas.text(x, y, text, page.style.face, size, colour)))


def _divided(rng: np.random.Generator, box: Box) -> tuple[Cell, ...]:
    """`box` cut into a row or grid of parts, all of one kind or mixed."""
    x0, y0, x1, y1 = box
    wide = (x1 - x0) > (y1 - y0) * 1.2
    columns = int(rng.integers(2, 5)) if wide else int(rng.choice([1, 2, 2]))
    rows = 1 if wide and rng.random() < 0.7 else 2
    gap = int(rng.choice([0, 1, 2, 3, 6]))
    theme = choose(rng, "microscopy:5 mixed:2 diffraction:0.5 graph:0.6 illustration:0.5")
    xs = [x0 + k * (x1 - x0 + gap) // columns for k in range(columns + 1)]
    ys = [y0 + k * (y1 - y0 + gap) // rows for k in range(rows + 1)]
    return tuple(
        Cell(
            (left, top, right - gap, bottom - gap),
            choose(rng, "microscopy:2 graph:1.5 illustration:1.5") if theme == "mixed" else theme,
        )
        for top, bottom in pairwise(ys)
        for left, right in pairwise(xs)
    )


def _sketch(rng: np.random.Generator, page: Page, width: int, height: int, kind: str, taken: tuple[Box, ...]) -> Sketch:
    style = page.style
    ground = WHITE if rng.random() < 0.5 or min(style.background) < 120 else style.background
    if kind == "medical":
        return medical_images.draw(rng, width, height, style, ground=style.background)
    if kind in FLAT:
        if kind in _ON_PAPER:
            sketch = _ON_PAPER[kind](rng, width, height, style, ground=ground)
        elif min(width, height) > 100 and rng.random() < _TREES:
            sketch = phylogenies.draw(rng, width, height, style, ground=ground)
        else:
            sketch = graphs.draw(rng, width, height, style, ground=ground, real=page.real)
        if ground != style.background:
            sketch.box = (0, 0, width, height)
        return sketch
    if kind == "photo":
        return photos.draw(rng, width, height, style, taken=taken)
    if kind == "diffraction":
        return diffraction.draw(rng, width, height, style, taken=taken)
    look = page.look if rng.random() < 0.75 else micrographs.draw_look(rng)
    return micrographs.draw(rng, width, height, style, look=look, real=page.real, taken=taken, shared=page.shared)


def _paste(
    rng: np.random.Generator, page: Page, box: Box, kind: str, taken: tuple[Box, ...], parent: int | None
) -> None:
    """Draws a panel into `box` and books it, its insets and its bars."""
    x, y, x1, y1 = box
    sketch = _sketch(rng, page, x1 - x, y1 - y, kind, taken)
    page.canvas.paste(sketch.image, x, y)
    number = len(page.panels)
    page.panels.append(TruePanel(moved(sketch.box, x, y), sketch.kind, parent=parent))
    if page.style.frame and kind not in FLAT:
        page.canvas.rectangle(box, None, page.style.frame_colour, page.style.frame)
    for part in sketch.parts:
        page.panels.append(TruePanel(moved(part.box, x, y), part.kind, parent=number, is_inset=part.is_inset))
    for bar in sketch.bars:
        label = moved(bar.label_box, x, y) if bar.label_box else None
        owner = number if bar.part is None else number + 1 + bar.part
        page.bars.append(TrueBar(moved(bar.box, x, y), owner, label, bar.label_text, bar.length_nm))
    page.distractors.extend((what, moved(b, x, y)) for what, b in sketch.distractors)
