"""Figures laid out as published ones are, filled with real tiles and graphs: what no drawing can imitate.

A layout (panel boxes and kinds of one published figure) is filled with whole tiles, their burnt-in letters, bars and
strips included: to the panel network these are part of what a panel looks like. Needs the folder of real data.
"""

import json
import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from exsclaim.records import PanelKind
from models.figures.truth import Box, Image, TrueFigure, TruePanel, hull
from models.panels.panel_pictures import DRAWN, drawn, font, graph, texture, tiles

_KINDS: Mapping[str, PanelKind] = {kind.value: kind for kind in PanelKind if kind is not PanelKind.UNCLEAR} | {
    "basic photo": PanelKind.PHOTO
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def collage(seed: int, real: Path) -> TrueFigure:
    """A seeded figure of real tiles in a real layout.

    Args:
        seed: of every choice.
        real: folder with layouts/, tiles/ and graphs/.
    """
    rng = random.Random(seed)
    layouts, weights = _layouts(real)
    layout = rng.choices(layouts, weights)[0]
    zoom = rng.uniform(0.9, 1.5)
    boxes = [_scaled(box, zoom) for box, _ in layout]
    kinds = [
        rng.choice(_RECAST[kind]) if kind in _RECAST and rng.random() < _RECAST_SHARE else kind for _, kind in layout
    ]
    if rng.random() < 0.4:
        boxes = _gutters_set(boxes, rng.choice((0, 0, 1, 1, 2, 3)))
    width, height = max(b[2] for b in boxes) + rng.randint(0, 8), max(b[3] for b in boxes) + rng.randint(0, 8)
    page = rng.choices(((255, 255, 255), (250, 250, 250), (0, 0, 0), (128, 128, 128)), (88, 4, 6, 2))[0]
    canvas: Image = np.full((height, width, 3), page, np.uint8)
    panels: list[TruePanel] = []
    shared = tiles(real)[rng.randrange(len(tiles(real)))] if rng.random() < 0.25 else None
    for box, kind in zip(boxes, kinds, strict=True):
        if box[2] - box[0] < 12 or box[3] - box[1] < 12:
            continue
        if kind is PanelKind.PARENT:
            _fill_parent(canvas, box, panels, real, rng)
        elif kind is PanelKind.GRAPH and rng.random() < 0.5:
            panels.append(TruePanel(graph(canvas, box, real, rng), kind))
        elif kind in DRAWN:
            panels.append(TruePanel(drawn(canvas, box, kind, rng), kind))
        else:
            canvas[box[1] : box[3], box[0] : box[2]] = texture(kind, box, real, rng, shared)
            panels.append(TruePanel(box, kind))
            if kind is PanelKind.MICROSCOPY and rng.random() < 0.12:
                _inset(canvas, box, panels, real, rng)
    return TrueFigure(lettered(canvas, panels, rng, page), tuple(panels), ())


@cache
def _layouts(real: Path) -> tuple[list[list[tuple[Box, PanelKind]]], list[float]]:
    """Layouts, and how often to take each: parents and schemes are rare, and hard."""
    layouts: list[list[tuple[Box, PanelKind]]] = []
    for entry in json.loads((real / "layouts" / "annotated_layouts.json").read_text()).values():
        known = [(tuple(int(v) for v in p["box"]), p["kind"]) for p in entry["panels"]]
        if known and all(kind in _KINDS for _, kind in known):
            layouts.append([((b[0], b[1], b[2], b[3]), _KINDS[kind]) for b, kind in known])
    weights = [
        1.0 + 2.0 * any(k is PanelKind.PARENT for _, k in layout) + any(k is PanelKind.ILLUSTRATION for _, k in layout)
        for layout in layouts
    ]
    return layouts, weights


def _scaled(box: Box, zoom: float) -> Box:
    x0, y0, x1, y1 = (max(0, int(v * zoom)) for v in box)  # some annotators drew beyond the edge
    return x0, y0, x1, y1


def _gutters_set(boxes: list[Box], gutter: int) -> list[Box]:
    """Panels whose sides nearly meet are brought to a common gutter: tight figures, as many are."""
    out = []
    for i, (x0, y0, x1, y1) in enumerate(boxes):
        rights = [b[0] for j, b in enumerate(boxes) if j != i and -3 <= b[0] - x1 <= 12 and b[1] < y1 and y0 < b[3]]
        lowers = [b[1] for j, b in enumerate(boxes) if j != i and -3 <= b[1] - y1 <= 12 and b[0] < x1 and x0 < b[2]]
        out.append((x0, y0, min(rights) - gutter if rights else x1, min(lowers) - gutter if lowers else y1))
    return out


_RECAST = {
    PanelKind.GRAPH: (PanelKind.MAP, PanelKind.TABLE),
    PanelKind.MICROSCOPY: (PanelKind.MEDICAL, PanelKind.GEL),
}
"""Kinds that the layouts, all of materials science, do not have, and in whose place they are drawn."""
_RECAST_SHARE = 0.04


_PARENT_MIXTURES = (
    (PanelKind.MICROSCOPY,),
    (PanelKind.MICROSCOPY,),
    (PanelKind.MICROSCOPY,) * 5 + (PanelKind.GRAPH, PanelKind.DIFFRACTION),
    (PanelKind.DIFFRACTION,),
    (PanelKind.ILLUSTRATION, PanelKind.ILLUSTRATION, PanelKind.GRAPH),
    (PanelKind.ILLUSTRATION, PanelKind.GRAPH, PanelKind.MICROSCOPY),
    (PanelKind.ILLUSTRATION, PanelKind.MICROSCOPY),
    (PanelKind.GRAPH,),
)


def _fill_parent(canvas: Image, box: Box, panels: list[TruePanel], real: Path, rng: random.Random) -> None:
    width, height = box[2] - box[0], box[3] - box[1]
    across = max(1, min(6, round(width / height * rng.choice((1, 1, 2)))))
    down = max(1, min(4, round(height / width * rng.choice((1, 1, 2)))))
    if across * down == 1:
        across, down = (2, 1) if width > height else (1, 2)
    mixture = rng.choice(_PARENT_MIXTURES)
    has_drawings = PanelKind.ILLUSTRATION in mixture or PanelKind.GRAPH in mixture
    gutter = rng.choice((4, 6, 10, 14)) if has_drawings else rng.choice((0, 1, 2, 3, 4, 6))
    at = len(panels)
    parts: list[TruePanel] = []
    shared = rng.choice(tiles(real)) if rng.random() < 0.5 else None
    for row in range(down):
        for column in range(across):
            x0, x1 = box[0] + column * (width + gutter) // across, box[0] + (column + 1) * (width + gutter) // across
            y0, y1 = box[1] + row * (height + gutter) // down, box[1] + (row + 1) * (height + gutter) // down
            part = (x0, y0, x1 - gutter, y1 - gutter)
            if part[2] - part[0] < 8 or part[3] - part[1] < 8:
                continue
            kind = rng.choice(mixture)
            if kind in DRAWN:
                is_real = kind is PanelKind.GRAPH and rng.random() < 0.5
                found = graph(canvas, part, real, rng) if is_real else drawn(canvas, part, kind, rng)
                parts.append(TruePanel(found, kind, parent=at))
            else:
                canvas[part[1] : part[3], part[0] : part[2]] = texture(kind, part, real, rng, shared)
                parts.append(TruePanel(part, kind, parent=at))
    if parts:
        panels.append(TruePanel(hull([p.box for p in parts]), PanelKind.PARENT))
        panels.extend(parts)


def _inset(canvas: Image, box: Box, panels: list[TruePanel], real: Path, rng: random.Random) -> None:
    width, height = box[2] - box[0], box[3] - box[1]
    across, down = int(width * rng.uniform(0.2, 0.45)), int(height * rng.uniform(0.2, 0.45))
    if min(across, down) < 14:
        return
    margin = rng.choice((0, 1, 3))
    x0 = rng.choice((box[0] + margin, box[2] - across - margin))
    y0 = rng.choice((box[1] + margin, box[3] - down - margin))
    part = (x0, y0, x0 + across, y0 + down)
    kind = rng.choice((PanelKind.MICROSCOPY, PanelKind.DIFFRACTION, PanelKind.GRAPH))
    host = len(panels) - 1
    if kind is PanelKind.GRAPH:
        canvas[y0 : y0 + down, x0 : x0 + across] = 255
        graph(canvas, part, real, rng)
    else:
        canvas[y0 : y0 + down, x0 : x0 + across] = texture(kind, part, real, rng)
    if rng.random() < 0.6:
        colour = rng.choice(((255, 255, 255), (0, 0, 0), (255, 255, 0), (255, 0, 0)))
        cv2.rectangle(canvas, (x0, y0), (x0 + across - 1, y0 + down - 1), colour, rng.randint(1, 2))
    panels.append(TruePanel(part, kind, parent=host, is_inset=True))


def lettered(canvas: Image, panels: list[TruePanel], rng: random.Random, page: tuple[int, ...]) -> Image:
    """Letters on most figures, in one style: in the panel's corner, or above its left on the page."""
    if rng.random() < 0.12:
        return canvas
    picture = Picture.fromarray(canvas)
    pen = ImageDraw.Draw(picture)
    form = rng.choice(("{}", "({})", "{})", "{}", "({})"))
    upper, size = rng.random() < 0.4, max(9, int(max(canvas.shape) * rng.uniform(0.015, 0.04)))
    face = font(rng, size)
    boxed, colour = rng.random() < 0.25, rng.choice(((255, 255, 255), (0, 0, 0), (255, 255, 255), (255, 255, 0)))
    in_order = sorted((p for p in panels if p.parent is None), key=lambda p: (p.box[1] // 40, p.box[0]))
    for number, panel in enumerate(in_order):
        letter = _LETTERS[number % 26]
        text = form.format(letter.upper() if upper else letter)
        outside = panel.kind in (PanelKind.GRAPH, PanelKind.PARENT) or rng.random() < 0.05
        at = (panel.box[0] - size * 0.8, panel.box[1] - size * 0.6) if outside else (panel.box[0] + 2, panel.box[1] + 2)
        at = (max(0.0, at[0]), max(0.0, at[1]))
        if boxed and not outside:
            pen.rectangle(pen.textbbox(at, text, font=face), fill=rng.choice(((255, 255, 255), (0, 0, 0))))
        fill = colour if not outside else ((255, 255, 255) if sum(page) < 200 else (0, 0, 0))
        pen.text(at, text, fill=fill, font=face)
    return np.array(picture)
