"""Draws compound figures, and single pieces of them, with exact truth: `draw(seed)` is all that most callers need."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from exsclaim.records import PanelKind
from models.figures import layouts, letters, tiles
from models.figures.canvas import Canvas, blank
from models.figures.degrade import degrade
from models.figures.layouts import Cell, Layout
from models.figures.panels import diffraction, graphs, illustrations, micrographs, photos
from models.figures.style import FigureStyle, choose, draw_style
from models.figures.truth import Box, Image, Sketch, TrueBar, TrueFigure, TruePanel, hull, moved

THEMES = ("microscopy:5", "mixed:5", "graph:2.2", "row:2.5", "illustration:0.8", "diffraction:0.5", "photo:0.5")


@dataclass
class _Page:
    """A figure while it is drawn."""

    canvas: Canvas
    style: FigureStyle
    look: str
    real: tiles.Tiles | None
    panels: list[TruePanel] = field(default_factory=list)
    bars: list[TrueBar] = field(default_factory=list)
    distractors: list[tuple[str, Box]] = field(default_factory=list)


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
    page = _Page(Canvas(blank(layout.width, layout.height, style.background)), style, micrographs.draw_look(rng), found)
    kinds = _kinds(rng, layout)
    names = letters.sequence(style.letter_form, len(layout.cells), max(1, round(columns)))
    if style.letter_place == "none" or (len(layout.cells) == 1 and rng.random() < 0.6):
        names = [("", "")] * len(layout.cells)
    bare_ones = rng.random(len(names)) < (0.3 if rng.random() < 0.05 else 0.01)
    names = [("", "") if bare else name for name, bare in zip(names, bare_ones, strict=True)]
    for cell, kind, (printed, bare) in zip(layout.cells, kinds, names, strict=True):
        _panel(rng, page, cell, kind, printed, bare, layout.gutter)
    figure = TrueFigure(page.canvas.image, tuple(page.panels), tuple(page.bars), tuple(page.distractors))
    return degrade(rng, figure)


def _layout(rng: np.random.Generator, real: tiles.Tiles | None) -> Layout:
    width = layouts.draw_width(rng)
    if real is not None and real.layouts and rng.random() < 0.4:
        for _ in range(4):
            found = layouts.from_real(rng, real.layouts[int(rng.integers(len(real.layouts)))], width)
            if found is not None:
                return found
    return layouts.generate(rng, width)


def _kinds(rng: np.random.Generator, layout: Layout) -> list[str]:
    theme = choose(rng, " ".join(THEMES))
    mixture = "microscopy:5 graph:5 illustration:2 diffraction:1.2 photo:0.8 parent:1.4"
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
        if (kind == "parent" and side < 130) or (kind in ("graph", "illustration") and side < 85):
            kind = "microscopy"
        kinds.append(kind)
    return kinds


def _panel(rng: np.random.Generator, page: _Page, cell: Cell, kind: str, printed: str, bare: str, gutter: int) -> None:
    """Draws one cell: its content, then its letter beside or in it."""
    style, box = page.style, cell.box
    letter_w, letter_h = letters.size_of(printed, style) if printed else (0, 0)
    place = style.letter_place if printed else "none"
    flat = kind in ("graph", "illustration")
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
    number = len(page.panels)
    if kind == "parent":
        _parent(rng, page, replace(cell, box=box), gutter, taken)
    else:
        _paste(rng, page, box, kind, taken, None)
    if printed:
        on_image = inside and not flat
        label_box = letters.place(rng, page.canvas, printed, spot[0], spot[1], style, on_image)
        page.panels[number] = replace(page.panels[number], label=bare, label_box=label_box)


def _parent(rng: np.random.Generator, page: _Page, cell: Cell, gutter: int, taken: tuple[Box, ...]) -> None:
    """A panel of several images: a series, maps beside their image, or an image with a graph."""
    parts = list(cell.parts)
    if not parts:
        x0, y0, x1, y1 = cell.box
        wide = (x1 - x0) > (y1 - y0) * 1.2
        columns = int(rng.integers(2, 5)) if wide else int(rng.choice([1, 2, 2]))
        rows = 1 if wide and rng.random() < 0.7 else 2
        gap = int(rng.choice([0, 1, 2, 3, 6]))
        theme = choose(rng, "microscopy:5 mixed:2 diffraction:0.5 graph:0.6 illustration:0.5")
        for row in range(rows):
            for column in range(columns):
                kind = choose(rng, "microscopy:2 graph:1.5 illustration:1.5") if theme == "mixed" else theme
                left, top = x0 + column * (x1 - x0 + gap) // columns, y0 + row * (y1 - y0 + gap) // rows
                right, bottom = (
                    x0 + (column + 1) * (x1 - x0 + gap) // columns - gap,
                    y0 + (row + 1) * (y1 - y0 + gap) // rows - gap,
                )
                parts.append(Cell((left, top, right, bottom), kind))
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
    inner = [p.box for p in page.panels[number + 1 :]]
    if inner:
        page.panels[number] = replace(page.panels[number], box=hull(inner))


def _sketch(
    rng: np.random.Generator, page: _Page, width: int, height: int, kind: str, taken: tuple[Box, ...]
) -> Sketch:
    style = page.style
    ground = (255, 255, 255) if rng.random() < 0.5 else style.background
    if min(style.background) < 120:
        ground = (255, 255, 255)
    if kind == "graph":
        return graphs.draw(rng, width, height, style, ground=ground, real=page.real)
    if kind == "illustration":
        return illustrations.draw(rng, width, height, style, ground=ground)
    if kind == "photo":
        return photos.draw(rng, width, height, style, taken=taken)
    if kind == "diffraction":
        return diffraction.draw(rng, width, height, style, taken=taken)
    look = page.look if rng.random() < 0.75 else micrographs.draw_look(rng)
    return micrographs.draw(rng, width, height, style, look=look, real=page.real, taken=taken)


def _paste(
    rng: np.random.Generator, page: _Page, box: Box, kind: str, taken: tuple[Box, ...], parent: int | None
) -> None:
    """Draws a panel into `box` and books it, its insets and its bars."""
    x, y, x1, y1 = box
    sketch = _sketch(rng, page, x1 - x, y1 - y, kind, taken)
    page.canvas.paste(sketch.image, x, y)
    number = len(page.panels)
    page.panels.append(TruePanel(moved(sketch.box, x, y), sketch.kind, parent=parent))
    if page.style.frame and kind not in ("graph", "illustration"):
        page.canvas.rectangle(box, None, page.style.frame_colour, page.style.frame)
    for part in sketch.parts:
        page.panels.append(TruePanel(moved(part.box, x, y), part.kind, parent=number, is_inset=part.is_inset))
    for bar in sketch.bars:
        label = moved(bar.label_box, x, y) if bar.label_box else None
        owner = number if bar.part is None else number + 1 + bar.part
        page.bars.append(TrueBar(moved(bar.box, x, y), owner, label, bar.label_text, bar.length_nm))
    page.distractors.extend((what, moved(b, x, y)) for what, b in sketch.distractors)


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
    page = _Page(Canvas(blank(width, height)), style, micrographs.draw_look(rng), found)
    printed, bare = (
        letters.sequence(style.letter_form, 12, 3)[int(rng.integers(12))] if rng.random() < 0.7 else ("", "")
    )
    kind = choose(rng, "microscopy:9 diffraction:1 photo:0.4")
    _panel(rng, page, Cell((0, 0, width, height)), kind, printed, bare, 0)
    return degrade(rng, TrueFigure(page.canvas.image, tuple(page.panels), tuple(page.bars), tuple(page.distractors)))


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
