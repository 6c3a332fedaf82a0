"""Procedural micrograph textures: a bank of grey images per kind, made on first use and kept for the process."""

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
SIDE = 512
PER_KIND = 16


def _unit(values: NDArray[Any]) -> NDArray[np.float32]:
    low, high = np.percentile(values[::4, ::4], [0.5, 99.5])
    scaled = np.clip((values - low) / max(1e-6, float(high - low)), 0, 1)
    return np.asarray(scaled, np.float32)


def _noise(rng: np.random.Generator, scale: float, side: int = SIDE) -> NDArray[np.float32]:
    """Smooth noise with features of about `scale` px, 0 to 1."""
    small = rng.random((max(3, int(side / scale) + 2),) * 2).astype(np.float32)
    return _unit(cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC))


def _fractal(rng: np.random.Generator, scale: float) -> NDArray[np.float32]:
    total = np.zeros((SIDE, SIDE), np.float32)
    weight = 1.0
    while scale > 2:
        total += weight * _noise(rng, scale)
        scale /= 2.1
        weight *= 0.6
    return _unit(total)


def _relief(height: NDArray[np.float32], strength: float) -> NDArray[np.float32]:
    """Light from one side, as secondary electrons show topography."""
    gx, gy = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    return _unit(0.5 + strength * (gx + 0.6 * gy) + 0.6 * np.hypot(gx, gy) * strength)


def _particles(rng: np.random.Generator) -> NDArray[np.float32]:
    """Heaped spheres or blocks with bright rims (SEM of a powder)."""
    image = 0.25 * _fractal(rng, 80)
    size = float(rng.uniform(8, 60))
    block = rng.random() < 0.4
    for _ in range(int(min(900, 2.2 * SIDE * SIDE / (size * size * 4)))):
        r = size * float(rng.uniform(0.5, 1.4))
        x, y = rng.uniform(-r, SIDE + r, 2)
        level = float(rng.uniform(0.35, 0.75))
        if block:
            points = cv2.boxPoints(
                ((float(x), float(y)), (2 * r, float(rng.uniform(0.8, 2)) * r), float(rng.uniform(0, 180)))
            )
            cv2.fillConvexPoly(image, points.astype(np.int32), level * 0.7, cv2.LINE_AA)
            cv2.polylines(
                image, [points.astype(np.int32)], True, min(1.0, level + 0.3), max(1, int(r / 12)), cv2.LINE_AA
            )
            continue
        for step in range(5):
            t = step / 4
            cv2.circle(
                image,
                (int(x - 0.25 * r * t), int(y - 0.25 * r * t)),
                max(1, int(r * (1 - 0.8 * t))),
                level * (1 - 0.35 * t) + 0.15 * (step == 0),
                -1,
                cv2.LINE_AA,
            )
    return _unit(cv2.GaussianBlur(image, (0, 0), 1.0) + 0.15 * _noise(rng, 5))


def _fibres(rng: np.random.Generator) -> NDArray[np.float32]:
    image = np.full((SIDE, SIDE), 0.08, np.float32)
    thick = float(rng.uniform(2, 18))
    for k in range(int(rng.integers(60, 260))):
        start = rng.uniform(-50, SIDE + 50, 2)
        angle = float(rng.uniform(0, np.pi)) + np.cumsum(rng.normal(0, 0.06, 40))
        points = start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], 1) * 18, 0)
        level = 0.25 + 0.6 * k / 260 + float(rng.uniform(-0.1, 0.15))
        pts = [np.round(points * 16).astype(np.int32)]
        cv2.polylines(image, pts, False, level * 0.55, int(thick) + 2, cv2.LINE_AA, 4)
        cv2.polylines(image, pts, False, level, max(1, int(thick * 0.55)), cv2.LINE_AA, 4)
    return _unit(cv2.GaussianBlur(image, (0, 0), 0.9))


def _grains(rng: np.random.Generator) -> NDArray[np.float32]:
    """Voronoi grains: metallography, EBSD, polycrystals."""
    count = int(rng.integers(25, 500))
    seeds = np.zeros((SIDE, SIDE), np.uint8)
    seeds[rng.integers(0, SIDE, count), rng.integers(0, SIDE, count)] = 1
    _, labels = cv2.distanceTransformWithLabels(1 - seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    warp = ((_noise(rng, 40) - 0.5) * 24).astype(np.float32)
    grid = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    labels = cv2.remap(labels.astype(np.float32), grid[1] + warp, grid[0] + warp.T, cv2.INTER_NEAREST)
    levels = (
        rng.uniform(0.3, 0.8, count + 2).astype(np.float32)
        if rng.random() < 0.7
        else np.full(count + 2, 0.7, np.float32)
    )
    image = levels[np.clip(labels.astype(np.int32), 0, count + 1)]
    edges = cv2.morphologyEx(labels, cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0
    image = np.where(edges, float(rng.uniform(0, 0.25)), image)
    return _unit(cv2.GaussianBlur(image, (0, 0), 0.8) + 0.12 * _fractal(rng, 30))


def _porous(rng: np.random.Generator) -> NDArray[np.float32]:
    height = _fractal(rng, float(rng.uniform(14, 90)))
    level = float(rng.uniform(0.35, 0.6))
    image = np.where(height > level, 0.45 + 0.5 * (height - level), 0.25 * height)
    return _unit(
        cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.2) + 0.5 * _relief(height, 6) + 0.1 * _noise(rng, 3)
    )


def _rough(rng: np.random.Generator) -> NDArray[np.float32]:
    height = _fractal(rng, float(rng.uniform(20, 160)))
    return _unit(_relief(height, float(rng.uniform(3, 12))) + 0.5 * height)


def _sheets(rng: np.random.Generator) -> NDArray[np.float32]:
    """Crumpled sheets and flakes: graphene oxide, MXene."""
    folds = np.abs(_fractal(rng, float(rng.uniform(60, 200))) - 0.5)
    return _unit(np.exp(-folds * float(rng.uniform(10, 30))) + 0.6 * _fractal(rng, 120) + 0.1 * _noise(rng, 4))


def _discs(rng: np.random.Generator) -> NDArray[np.float32]:
    """Particles on a support, dark on bright as in TEM; inverted it is HAADF."""
    image = 0.72 + 0.1 * _fractal(rng, 150)
    size = float(rng.choice([3, 5, 8, 14, 25, 45]))
    shape = int(rng.integers(3))
    for _ in range(int(np.clip(rng.uniform(0.05, 0.5) * SIDE * SIDE / (4 * size * size), 5, 900))):
        r = size * float(rng.normal(1, 0.15))
        centre = (int(rng.integers(SIDE)), int(rng.integers(SIDE)))
        level = float(rng.uniform(0.15, 0.5))
        if shape == 0:
            cv2.circle(image, centre, max(1, int(r)), level, -1, cv2.LINE_AA)
        elif shape == 1:
            points = cv2.boxPoints((centre, (1.8 * r, 1.8 * r * float(rng.uniform(1, 3))), float(rng.uniform(0, 180))))
            cv2.fillConvexPoly(image, points.astype(np.int32), level, cv2.LINE_AA)
        else:
            cv2.ellipse(
                image,
                centre,
                (max(1, int(r)), max(1, int(r * 1.4))),
                float(rng.uniform(0, 180)),
                0,
                360,
                level,
                -1,
                cv2.LINE_AA,
            )
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.7) + rng.normal(0, 0.05, image.shape).astype(np.float32), 0, 1)


def _lattice(rng: np.random.Generator) -> NDArray[np.float32]:
    """Lattice fringes in one or a few domains (HRTEM, atomic STEM)."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    period = float(rng.uniform(5, 26))
    image = np.zeros((SIDE, SIDE), np.float32)
    weights = [_noise(rng, float(rng.uniform(90, 300))) for _ in range(int(rng.integers(1, 4)))]
    best = np.argmax(np.stack(weights), axis=0)
    for k in range(len(weights)):
        angle = float(rng.uniform(0, np.pi))
        domain = np.zeros((SIDE, SIDE), np.float32)
        for turn in (0.0, *((np.pi / 2,), (np.pi / 3, 2 * np.pi / 3), (1.1,), ())[int(rng.integers(4))]):
            u = np.cos(angle + turn) * x + np.sin(angle + turn) * y
            domain += np.cos(2 * np.pi * u / period).astype(np.float32)
        image = np.where(best == k, domain, image)
    image = _unit(image) ** float(rng.uniform(0.7, 2.0))
    image = image * (0.4 + 0.6 * _noise(rng, 150)) + float(rng.uniform(0.05, 0.35)) * rng.random((SIDE, SIDE)).astype(
        np.float32
    )
    return _unit(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.6, 1.4))))


def _amorphous(rng: np.random.Generator) -> NDArray[np.float32]:
    speck = cv2.GaussianBlur(rng.random((SIDE, SIDE)).astype(np.float32), (0, 0), float(rng.uniform(0.7, 2.5)))
    return _unit(_unit(speck) + float(rng.uniform(0, 2.0)) * _fractal(rng, 200))


def _stripes(rng: np.random.Generator) -> NDArray[np.float32]:
    """Lamellae, fabricated trenches, cross-sections of layers."""
    warp = _fractal(rng, 200) * float(rng.uniform(0, 60))
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    angle = float(rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]))
    u = np.cos(angle) * x + np.sin(angle) * y + warp
    wave = np.tanh(float(rng.uniform(0.6, 6)) * np.sin(2 * np.pi * u / float(rng.uniform(14, 160))))
    return _unit(wave + 0.5 * _fractal(rng, 60) + 0.15 * _noise(rng, 3))


def _layers(rng: np.random.Generator) -> NDArray[np.float32]:
    """A cross-section: layers of unlike brightness and grain, wavy boundaries."""
    y = np.mgrid[0:SIDE, 0:SIDE][0].astype(np.float32) + 40 * (_noise(rng, 80) - 0.5)
    edges = np.sort(rng.uniform(20, SIDE - 20, int(rng.integers(2, 6))))
    which = np.searchsorted(edges, y)
    image = rng.uniform(0.05, 0.9, len(edges) + 1).astype(np.float32)[which]
    grain = np.stack([_fractal(rng, float(s)) for s in (8, 25, 70)])[
        which % 3, np.mgrid[0:SIDE, 0:SIDE][0], np.mgrid[0:SIDE, 0:SIDE][1]
    ]
    return _unit(cv2.GaussianBlur(image, (0, 0), 1.0) + 0.4 * grain)


KINDS = {
    "particles": _particles,
    "fibres": _fibres,
    "grains": _grains,
    "porous": _porous,
    "rough": _rough,
    "sheets": _sheets,
    "discs": _discs,
    "lattice": _lattice,
    "amorphous": _amorphous,
    "stripes": _stripes,
    "layers": _layers,
}


@cache
def bank(kind: str, number: int) -> Grey:
    """Texture `number` (0 to PER_KIND - 1) of a kind: `(SIDE, SIDE)` uint8, the same in every process."""
    rng = np.random.default_rng([sorted(KINDS).index(kind), number, 77])
    return np.asarray(np.round(255 * np.clip(KINDS[kind](rng), 0, 1)), np.uint8)


def cut(rng: np.random.Generator, kind: str, width: int, height: int) -> Grey:
    """`(height, width)` uint8 out of a random texture of `kind`: another crop, scale, turn and tone each time."""
    source = bank(kind, int(rng.integers(PER_KIND)))
    if rng.random() < 0.5:
        source = source[:, ::-1]
    if rng.random() < 0.5:
        source = source.T
    share = float(rng.uniform(0.35, 1.0))
    aspect = width / max(1, height)
    w = int(SIDE * share * min(1.0, aspect))
    h = int(SIDE * share * min(1.0, 1 / aspect))
    w, h = max(8, w), max(8, h)
    x, y = int(rng.integers(0, SIDE - w + 1)), int(rng.integers(0, SIDE - h + 1))
    crop = np.ascontiguousarray(source[y : y + h, x : x + w])
    shrinking = w > width
    return np.asarray(
        cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC), np.uint8
    )


def tone(rng: np.random.Generator, image: Grey) -> Grey:
    """Other contrast, brightness, gamma, shading and noise, as detectors and operators differ."""
    table = np.linspace(0, 1, 256) ** float(rng.lognormal(0, 0.35))
    low, high = float(rng.uniform(0, 0.3)), float(rng.uniform(0.65, 1.1))
    table = low + (high - low) * table
    if rng.random() < 0.06:
        table = table[::-1]
    out = cv2.LUT(image, np.round(255 * np.clip(table, 0, 1)).astype(np.uint8))
    if rng.random() < 0.6:
        height, width = image.shape
        grain = rng.integers(0, 256, (128, 128), np.uint8).astype(np.int16)
        tiled = np.tile(grain, (height // 128 + 1, width // 128 + 1))[:height, :width]
        amount = float(rng.choice([0.03, 0.06, 0.12, 0.25]))
        out = np.clip(out + (tiled - 128) * amount, 0, 255).astype(np.uint8)
    return np.asarray(out, np.uint8)
