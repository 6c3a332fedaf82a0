"""Alterations of a drawn figure when it is read: as scans, printers, publishers and JPEG alter real ones."""

import random
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind
from models.panels.stored_figures import StoredPanel

Image = NDArray[np.uint8]

_DRAWN = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION, PanelKind.TABLE, PanelKind.MAP})


def altered(image: Image, panels: list[StoredPanel], rng: random.Random) -> tuple[Image, list[StoredPanel]]:
    """A figure altered in size, frame, colours and sharpness, with its panels' boxes in the new pixels."""
    image, panels = _framed(image, panels, rng)
    if rng.random() < 0.35:
        image, panels = _stretched(image, panels, rng)
    if rng.random() < 0.3:
        side = rng.uniform(0.5, 0.9)
        height, width = image.shape[:2]
        small = cv2.resize(
            image, (max(32, int(width * side)), max(32, int(height * side))), interpolation=cv2.INTER_AREA
        )
        image = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    image = _recoloured(image, rng)
    if rng.random() < 0.4:
        form, setting = rng.choice(((".jpg", cv2.IMWRITE_JPEG_QUALITY), (".webp", cv2.IMWRITE_WEBP_QUALITY)))
        _, data = cv2.imencode(form, image, [setting, rng.randint(25, 92)])
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return image, panels


def side_by_side(
    one: tuple[Image, list[StoredPanel]], other: tuple[Image, list[StoredPanel]], rng: random.Random
) -> tuple[Image, list[StoredPanel]]:
    """Two figures as one: beside or above each other, with a gutter in the first one's page colour."""
    across = rng.random() < (0.7 if one[0].shape[0] > one[0].shape[1] else 0.35)
    (first, first_panels), (second, second_panels) = one, other
    along, beside = (1, 0) if across else (0, 1)
    scale = first.shape[beside] / second.shape[beside]
    if not 0.4 < scale < 2.5:
        return one
    size = (max(1, round(second.shape[1] * scale)), max(1, round(second.shape[0] * scale)))
    size = (size[0], first.shape[0]) if across else (first.shape[1], size[1])
    second = np.asarray(cv2.resize(second, size, interpolation=cv2.INTER_AREA), np.uint8)
    gap = rng.choice((2, 6, 10, 16, 24))
    shape = list(first.shape)
    shape[along] = gap
    gutter = np.full(shape, first[0, 0], np.uint8)
    image = np.concatenate((first, gutter, second), axis=along)
    offset = first.shape[along] + gap
    moved = [
        _moved(replace(panel, box=_scaled(panel.box, scale)), offset if across else 0, 0 if across else offset)
        for panel in second_panels
    ]
    return np.ascontiguousarray(image), [*first_panels, *moved]


def _scaled(box: tuple[float, float, float, float], scale: float) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (v * scale for v in box)
    return x0, y0, x1, y1


def _stretched(image: Image, panels: list[StoredPanel], rng: random.Random) -> tuple[Image, list[StoredPanel]]:
    """Drawn out in one direction, as authors do to make a figure fit."""
    height, width = image.shape[:2]
    factor = rng.uniform(0.8, 1.25)
    size = (max(32, round(width * factor)), height)
    across = size[0] / width
    image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    return image, [replace(p, box=(p.box[0] * across, p.box[1], p.box[2] * across, p.box[3])) for p in panels]


def _framed(image: Image, panels: list[StoredPanel], rng: random.Random) -> tuple[Image, list[StoredPanel]]:
    """Cut down to a part that tears no panel, or given a margin in the page's colour, or left."""
    chance = rng.random()
    height, width = image.shape[:2]
    if chance < 0.12:
        return _alone(image, panels, rng)
    if chance < 0.25 and len(panels) > 2:
        return _cropped(image, panels, rng)
    if chance < 0.4:
        left, top, right, bottom = (int(rng.uniform(0, 0.08) * side) for side in (width, height, width, height))
        page = tuple(int(v) for v in image[0, 0])
        image = np.asarray(
            cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=page), np.uint8
        )
        return image, [_moved(panel, left, top) for panel in panels]
    return image, panels


def _alone(image: Image, panels: list[StoredPanel], rng: random.Random) -> tuple[Image, list[StoredPanel]]:
    """Cut down to one panel: figures of a single picture."""
    own = [panel for panel in panels if not panel.nested and panel.kind is not PanelKind.PARENT]
    if not own:
        return image, panels
    # graphs and drawings are what comes in pieces
    chosen = rng.choices(own, [3.0 if panel.kind in _DRAWN else 1.0 for panel in own])[0]
    x0, y0, x1, y1 = (round(v) for v in chosen.box)
    if min(x1 - x0, y1 - y0) < 100:
        return image, panels
    margin = rng.choice((0, 0, 2, 4))
    x0, y0 = max(0, x0 - margin), max(0, y0 - margin)
    x1, y1 = min(image.shape[1], x1 + margin), min(image.shape[0], y1 + margin)
    kept = [
        p for p in panels if p.box[0] >= x0 - 1 and p.box[1] >= y0 - 1 and p.box[2] <= x1 + 1 and p.box[3] <= y1 + 1
    ]
    return np.ascontiguousarray(image[y0:y1, x0:x1]), [_moved(panel, -x0, -y0) for panel in kept]


def _cropped(image: Image, panels: list[StoredPanel], rng: random.Random) -> tuple[Image, list[StoredPanel]]:
    height, width = image.shape[:2]
    for _ in range(8):
        x0, x1 = sorted((rng.uniform(0, width), rng.uniform(0, width)))
        y0, y1 = sorted((rng.uniform(0, height), rng.uniform(0, height)))
        if rng.random() < 0.5:
            x0, x1 = 0, width
        else:
            y0, y1 = 0, height
        # grown to the panels it touches, so that none is torn
        for _ in range(4):
            for panel in panels:
                a, b, c, d = panel.box
                if min(c, x1) - max(a, x0) > 0 and min(d, y1) - max(b, y0) > 0:
                    x0, y0, x1, y1 = min(x0, a - 1), min(y0, b - 1), max(x1, c + 1), max(y1, d + 1)
        x0, y0, x1, y1 = max(0, int(x0)), max(0, int(y0)), min(width, int(x1 + 1)), min(height, int(y1 + 1))
        kept = [
            p for p in panels if p.box[0] >= x0 - 1 and p.box[1] >= y0 - 1 and p.box[2] <= x1 + 1 and p.box[3] <= y1 + 1
        ]
        touched = [p for p in panels if min(p.box[2], x1) > max(p.box[0], x0) and min(p.box[3], y1) > max(p.box[1], y0)]
        if kept and len(touched) == len(kept) and (x1 - x0) > 0.25 * width and (y1 - y0) > 0.25 * height:
            return np.ascontiguousarray(image[y0:y1, x0:x1]), [_moved(panel, -x0, -y0) for panel in kept]
    return image, panels


def _moved(panel: StoredPanel, dx: float, dy: float) -> StoredPanel:
    x0, y0, x1, y1 = panel.box
    return replace(panel, box=(x0 + dx, y0 + dy, x1 + dx, y1 + dy))


def _recoloured(image: Image, rng: random.Random) -> Image:
    if rng.random() < 0.12:
        image = np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)
    elif rng.random() < 0.15:
        order = [0, 1, 2]
        rng.shuffle(order)
        image = np.ascontiguousarray(image[..., order])
    if rng.random() < 0.4:
        gamma, gain = rng.uniform(0.7, 1.4), rng.uniform(0.85, 1.0)
        table = (255 * gain * (np.arange(256) / 255) ** gamma).clip(0, 255).astype(np.uint8)
        image = np.asarray(cv2.LUT(image, table), np.uint8)
    if rng.random() < 0.01:
        image = 255 - image
    return image
