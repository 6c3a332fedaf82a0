"""New figures of annotated panels: what real panels of many fields look like, in more arrangements than were published.

Panels keep their shape. They stand in rows of one height or columns of one width, with the gutters, page and letters
that figures have; half of a figure's panels come from one published figure, as panels of one article look alike.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from exsclaim.figures.image import read_image
from exsclaim.records import PanelKind
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure, AnnotatedPanel
from models.figures.truth import Box, Image, TruePanel
from models.panels.collage import lettered
from models.panels.stored_figures import StoredPanel

_LEAST_SIDE_PX = 60
_IMAGES = frozenset({PanelKind.MICROSCOPY, PanelKind.DIFFRACTION, PanelKind.PHOTO, PanelKind.MEDICAL, PanelKind.GEL})
"""Kinds that fill their box: these may touch, and lie on a dark page."""


@dataclass(frozen=True)
class Piece:
    """An annotated panel with its insets and parts, to be cut from its figure."""

    figure: AnnotatedFigure
    panel: AnnotatedPanel
    nested: tuple[AnnotatedPanel, ...]

    @property
    def aspect(self) -> float:
        """Width by height."""
        x0, y0, x1, y1 = self.panel.box
        return (x1 - x0) / (y1 - y0)


def pieces_of(figures: Sequence[AnnotatedFigure]) -> list[Piece]:
    """The panels of annotated figures that are large enough and not too long for a new figure."""
    pieces = []
    for figure in figures:
        for panel in figure.panels:
            x0, y0, x1, y1 = panel.box
            if panel.nested or panel.kind is PanelKind.UNCLEAR or min(x1 - x0, y1 - y0) < _LEAST_SIDE_PX:
                continue
            inside = [p for p in figure.panels if p.nested and _is_within(p.box, panel.box)]
            piece = Piece(figure, panel, tuple(inside))
            if 0.2 < piece.aspect < 6:
                pieces.append(piece)
    return pieces


def recomposed(seed: int, pieces: Sequence[Piece]) -> tuple[Image, list[StoredPanel]]:
    """A seeded figure of `pieces`: its image, and its panels with their kinds, types and nesting."""
    rng = random.Random(seed)
    chosen = _chosen(pieces, rng)
    is_upright = rng.random() < 0.25
    all_images = all(piece.panel.kind in _IMAGES for piece in chosen)
    gutter = rng.choice((0, 1, 2, 3, 4, 6, 10, 16)) if all_images else rng.choice((6, 8, 10, 14, 18, 24, 32))
    boxes = _arranged([1 / p.aspect if is_upright else p.aspect for p in chosen], gutter, rng)
    if is_upright:
        boxes = [(y0, x0, y1, x1) for x0, y0, x1, y1 in boxes]
    margin = rng.choice((0, 0, 2, 6, 12, 24)) if all_images else rng.choice((4, 8, 16, 28))
    boxes = [(x0 + margin, y0 + margin, x1 + margin, y1 + margin) for x0, y0, x1, y1 in boxes]
    width, height = max(b[2] for b in boxes) + margin, max(b[3] for b in boxes) + margin
    page = (
        rng.choice(((255, 255, 255), (0, 0, 0), (128, 128, 128))) if all_images and rng.random() < 0.3 else (255,) * 3
    )
    canvas: Image = np.full((height, width, 3), page, np.uint8)
    panels: list[StoredPanel] = []
    without_letter: list[TruePanel] = []
    for piece, box in zip(chosen, boxes, strict=True):
        panels += _set(canvas, piece, box)
        has_letter = piece.panel.label_box is not None and _is_within(piece.panel.label_box, piece.panel.box)
        if not has_letter:
            without_letter.append(TruePanel(box, piece.panel.kind))
    return lettered(canvas, without_letter, rng, page), panels


def _chosen(pieces: Sequence[Piece], rng: random.Random) -> list[Piece]:
    count = rng.choice((2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 8, 9, 10, 12))
    first = rng.choice(pieces)
    kin = [piece for piece in pieces if piece.figure.name == first.figure.name]
    like = [piece for piece in pieces if (piece.panel.kind in _IMAGES) == (first.panel.kind in _IMAGES)]
    chosen = [first]
    while len(chosen) < count:
        chance = rng.random()
        piece = rng.choice(kin if chance < 0.5 else like if chance < 0.75 else pieces)
        if piece in chosen:
            piece = rng.choice(like)
        chosen.append(piece)
    if rng.random() < 0.6:
        rng.shuffle(chosen)
    return chosen


def _arranged(aspects: list[float], gutter: int, rng: random.Random) -> list[Box]:
    """Boxes of these shapes in rows that are `page` px wide, ragged at the right or filling the row."""
    page = rng.randint(500, 1100)
    wanted = page * rng.uniform(0.18, 0.5)
    boxes: list[Box] = []
    y, at = 0, 0
    is_ragged = rng.random() < 0.3
    while at < len(aspects):
        row, total = [aspects[at]], aspects[at]
        while at + len(row) < len(aspects) and total * wanted + gutter * len(row) < page * rng.uniform(0.8, 1.1):
            row.append(aspects[at + len(row)])
            total += row[-1]
        height = (page - gutter * (len(row) - 1)) / total
        height = max(40, round(min(height, wanted * (1.1 if is_ragged else 1.8))))
        x = 0
        for aspect in row:
            across = max(30, round(height * aspect))
            # without a common height in some ragged rows: a smaller panel stands lower or higher
            share = rng.uniform(0.75, 1) if is_ragged and rng.random() < 0.4 else 1.0
            top = y + rng.choice((0, round(height * (1 - share))))
            boxes.append((x, top, x + round(across * share), top + round(height * share)))
            x += across + gutter
        y += height + max(gutter, rng.choice((0, 4, 12)) if gutter > 4 else 0)
        at += len(row)
    return boxes


def _set(canvas: Image, piece: Piece, box: Box) -> list[StoredPanel]:
    """Paint the piece into its box; its panels there."""
    image = _image(piece.figure.image)
    x0, y0, x1, y1 = (round(v) for v in piece.panel.box)
    cut = image[max(0, y0) : y1, max(0, x0) : x1]
    size = (box[2] - box[0], box[3] - box[1])
    canvas[box[1] : box[3], box[0] : box[2]] = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    across, down = size[0] / (x1 - x0), size[1] / (y1 - y0)
    placed = StoredPanel(tuple(float(v) for v in box), piece.panel.kind, False, piece.panel.type)  # type: ignore[arg-type]
    inner = []
    for part in piece.nested:
        a, b, c, d = part.box
        there = (
            max(box[0], box[0] + (a - x0) * across), max(box[1], box[1] + (b - y0) * down),
            min(box[2], box[0] + (c - x0) * across), min(box[3], box[1] + (d - y0) * down),
        )  # fmt: skip
        inner.append(replace(placed, box=there, kind=part.kind, nested=True, type=part.type))
    return [placed, *inner]


@lru_cache(maxsize=64)
def _image(path: Path) -> Image:
    return read_image(path, settings().max_image_megapixels)


def _is_within(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
