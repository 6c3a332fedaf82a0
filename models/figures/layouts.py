"""Layouts of panels in a figure: grids, rows, nested splits, or those of real figures."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.figures.style import choose
from models.figures.truth import Box, overlap

KIND_NAMES = {"basic photo": "photo", "unclear": "microscopy"}


@dataclass(frozen=True)
class Cell:
    """Room for one panel; `kind` is None where the layout leaves it open."""

    box: Box
    kind: str | None = None
    parts: tuple["Cell", ...] = ()


@dataclass(frozen=True)
class Layout:
    """Cells in reading order on a page of `width` x `height` px; gutters are `gutter` px."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    gutter: int


def draw_width(rng: np.random.Generator) -> int:
    """A figure's width in px: most 600-1100, some 300-2200."""
    roll = rng.random()
    if roll < 0.72:
        return int(rng.integers(600, 1100))
    return int(rng.integers(300, 600)) if roll < 0.84 else int(rng.integers(1100, 2200))


def _shares(rng: np.random.Generator, count: int, spread: float) -> np.ndarray:
    shares = rng.lognormal(0, spread, count)
    return np.asarray(shares / shares.sum())


def _cuts(start: int, stop: int, shares: np.ndarray, gutter: int) -> list[tuple[int, int]]:
    room = stop - start - gutter * (len(shares) - 1)
    edges = np.concatenate([[0.0], np.cumsum(shares)]) * room
    return [(start + round(a) + k * gutter, start + round(b) + k * gutter) for k, (a, b) in enumerate(pairwise(edges))]


def _split(rng: np.random.Generator, box: Box, count: int, gutter: int) -> list[Box]:
    x0, y0, x1, y1 = box
    if count <= 1 or min(x1 - x0, y1 - y0) < 70:
        return [box]
    upright = (x1 - x0) * float(rng.uniform(0.7, 1.4)) > (y1 - y0)
    ways = min(count, int(rng.choice([2, 2, 2, 3])))
    parts = [count // ways + (k < count % ways) for k in range(ways)]
    rng.shuffle(parts)
    shares = np.array(parts, float) ** float(rng.uniform(0.5, 1.0)) * rng.lognormal(0, 0.12, ways)
    cuts = _cuts(x0, x1, shares / shares.sum(), gutter) if upright else _cuts(y0, y1, shares / shares.sum(), gutter)
    boxes: list[Box] = []
    for (a, b), many in zip(cuts, parts, strict=True):
        boxes += _split(rng, (a, y0, b, y1) if upright else (x0, a, x1, b), many, gutter)
    return boxes


def generate(rng: np.random.Generator, width: int) -> Layout:
    """A layout of 1 to 40 panels on a page of `width` px."""
    margin = int(rng.choice([0, 0, 0, 2, 5, 10, 20]))
    gutter = int(rng.choice([0, 1, 2, 3, 4, 6, 8, 10, 14, 20, 30]) * max(0.6, min(1.5, width / 900)))
    form = choose(rng, "grid:4 rows:4 split:4 single:0.5")
    inner = width - 2 * margin
    boxes: list[Box] = []
    if form == "single":
        height = int(inner * rng.uniform(0.5, 1.1))
        boxes = [(margin, margin, margin + inner, margin + height)]
    elif form == "grid":
        columns = int(rng.choice([1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6]))
        rows = int(rng.choice([1, 1, 2, 2, 2, 3, 3, 4, 5])) if columns < 5 else int(rng.integers(1, 6))
        if columns == 1:
            rows = max(2, rows)
        cell_h = int((inner / columns) * float(rng.choice([0.75, 0.8, 1, 1, 0.7, 1.2, 0.6])))
        xs = _cuts(margin, margin + inner, np.full(columns, 1 / columns), gutter)
        gap_y = gutter if rng.random() < 0.7 else int(rng.integers(0, 25))
        boxes = [
            (a, margin + r * (cell_h + gap_y), b, margin + r * (cell_h + gap_y) + cell_h)
            for r in range(rows)
            for a, b in xs
        ]
        height = rows * (cell_h + gap_y) - gap_y
    elif form == "rows":
        y = margin
        for _ in range(int(rng.choice([1, 2, 2, 3, 3, 4, 5]))):
            count = int(rng.choice([1, 2, 2, 3, 3, 4, 5]))
            row_h = (
                int(inner / count * float(rng.uniform(0.55, 1.05))) if count > 1 else int(inner * rng.uniform(0.3, 0.5))
            )
            for a, b in _cuts(margin, margin + inner, _shares(rng, count, float(rng.choice([0, 0.15, 0.35]))), gutter):
                boxes.append((a, y, b, y + row_h))
            y += row_h + gutter
        height = y - gutter - margin
    else:
        height = int(inner * rng.uniform(0.45, 1.25))
        boxes = _split(rng, (margin, margin, margin + inner, margin + height), int(rng.integers(2, 14)), gutter)
    boxes = [b for b in boxes if b[2] - b[0] >= 36 and b[3] - b[1] >= 36]
    boxes = boxes or [(margin, margin, margin + inner, margin + int(inner * 0.7))]
    bottom = max(b[3] for b in boxes) + margin
    return Layout(width, bottom, tuple(Cell(b) for b in boxes), gutter)


def from_real(rng: np.random.Generator, described: dict[str, object], width: int) -> Layout | None:
    """A real figure's layout scaled to `width` px, mirrored now and then; None where it cannot be used."""
    panels = described.get("panels")
    if not isinstance(panels, list) or not panels:
        return None
    boxes = np.array([p["box"] for p in panels], float)
    kinds = [KIND_NAMES.get(p["kind"], p["kind"]) for p in panels]
    margin = int(rng.integers(0, 8))
    left, top = boxes[:, 0].min(), boxes[:, 1].min()
    scale = (width - 2 * margin) / max(1.0, boxes[:, 2].max() - left)
    px = np.round((boxes - [left, top, left, top]) * scale).astype(int) + margin
    height = int(px[:, 3].max()) + margin
    if height > 2.2 * width or (px[:, 2:] - px[:, :2]).min() < 36:
        return None
    order = sorted(range(len(px)), key=lambda k: (round(px[k][1] / max(20, height / 8)), px[k][0]))
    whole = [k for k in order if kinds[k] == "parent"]
    cells: list[Cell] = []
    used: set[int] = set()
    for k in whole:
        x0, y0, x1, y1 = px[k]
        inside = [
            j
            for j in order
            if j != k
            and kinds[j] != "parent"
            and j not in used
            and x0 - 4 <= (px[j][0] + px[j][2]) / 2 <= x1 + 4
            and y0 - 4 <= (px[j][1] + px[j][3]) / 2 <= y1 + 4
        ]
        parts = [Cell((int(px[j][0]), int(px[j][1]), int(px[j][2]), int(px[j][3])), kinds[j]) for j in inside]
        if any(overlap(a.box, b.box, -3) for i, a in enumerate(parts) for b in parts[:i]):
            return None
        used.update(inside)
        if len(parts) > 1:
            box = (
                min(c.box[0] for c in parts),
                min(c.box[1] for c in parts),
                max(c.box[2] for c in parts),
                max(c.box[3] for c in parts),
            )
            cells.append(Cell(box, "parent", tuple(parts)))
        elif parts:
            cells += parts
        else:
            cells.append(Cell((int(x0), int(y0), int(x1), int(y1)), "parent"))
    cells += [
        Cell((int(px[k][0]), int(px[k][1]), int(px[k][2]), int(px[k][3])), kinds[k])
        for k in order
        if k not in used and kinds[k] != "parent"
    ]
    if not cells or any(overlap(a.box, b.box, -3) for i, a in enumerate(cells) for b in cells[:i]):
        return None
    cells.sort(key=lambda c: (round(c.box[1] / max(20, height / 8)), c.box[0]))
    return Layout(width, height, tuple(cells), int(rng.integers(0, 8)))
