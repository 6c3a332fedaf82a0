"""Diffraction patterns: spots, rings, Kikuchi bands, and Fourier transforms of lattice images."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind
from models.figures import fonts
from models.figures.bars import draw_bar
from models.figures.canvas import WHITE, Canvas
from models.figures.panels import textures
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Sketch, overlap

Pattern = NDArray[np.float32]
"""`(n, n)`, 0 to about 1."""


def _spots(rng: np.random.Generator, n: int) -> Pattern:
    image = np.zeros((n, n), np.float32)
    a, b = rng.uniform(0.06, 0.2) * n, rng.uniform(0.06, 0.2) * n
    angle, between = rng.uniform(0, np.pi), rng.choice([np.pi / 2, np.pi / 3, rng.uniform(0.9, 1.6)])
    u = np.array([np.cos(angle), np.sin(angle)]) * a
    v = np.array([np.cos(angle + between), np.sin(angle + between)]) * b
    centre = n / 2 + rng.uniform(-0.04, 0.04, 2) * n
    size = float(rng.uniform(0.006, 0.02)) * n
    decay = float(rng.uniform(0.12, 0.4)) * n
    for i in range(-9, 10):
        for j in range(-9, 10):
            p = centre + i * u + j * v
            if (p < 0).any() or (p >= n).any():
                continue
            far = float(np.hypot(*(p - centre)))
            level = float(np.exp(-far / decay) * rng.uniform(0.4, 1.6))
            if level > 0.03:
                cv2.circle(
                    image,
                    (int(p[0] * 16), int(p[1] * 16)),
                    max(8, int(size * 16 * (0.6 + level))),
                    min(1.0, level * 2.2),
                    -1,
                    cv2.LINE_AA,
                    4,
                )
    soft = cv2.GaussianBlur(image, (0, 0), max(0.5, size * 0.4))
    return np.asarray(
        soft + _halo(n, centre, float(rng.uniform(0.03, 0.12)) * n) * float(rng.uniform(0.2, 1.0)), np.float32
    )


def _halo(n: int, centre: NDArray[np.floating], width: float) -> Pattern:
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    return np.asarray(np.exp(-np.hypot(x - centre[0], y - centre[1]) / width), np.float32)


def _rings(rng: np.random.Generator, n: int) -> Pattern:
    centre = n / 2 + rng.uniform(-0.05, 0.05, 2) * n
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    r = np.hypot(x - centre[0], y - centre[1]) / n
    image = np.exp(-r / 0.06).astype(np.float32)
    speck = rng.random((n, n), dtype=np.float32) if rng.random() < 0.6 else np.ones((n, n), np.float32)
    for radius in np.sort(rng.uniform(0.1, 0.5, int(rng.integers(2, 8)))):
        width = float(rng.uniform(0.003, 0.012))
        image += float(rng.uniform(0.15, 0.6)) * np.exp(-(((r - radius) / width) ** 2)) * speck
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.8), np.float32)


def _kikuchi(rng: np.random.Generator, n: int) -> Pattern:
    y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n - 0.5
    image = np.full((n, n), 0.3, np.float32)
    for _ in range(int(rng.integers(5, 12))):
        angle, offset, width = rng.uniform(0, np.pi), rng.uniform(-0.35, 0.35), rng.uniform(0.015, 0.06)
        d = np.abs(np.cos(angle) * x + np.sin(angle) * y - offset)
        image += float(rng.uniform(0.08, 0.3)) * (1 / (1 + np.exp((d - width) * 300)))
    return np.asarray(image * np.exp(-2.5 * (x * x + y * y)) + 0.05 * rng.random((n, n), dtype=np.float32), np.float32)


def _fourier(rng: np.random.Generator, n: int) -> Pattern:
    source = textures.cut(rng, choose(rng, "lattice:5 stripes:1 amorphous:1"), n, n).astype(np.float32)
    window = np.hanning(n).astype(np.float32)
    power = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2((source - source.mean()) * window * window[:, None]))))
    power = (power - power.mean()) / (power.max() - power.mean() + 1e-6)
    return np.asarray(cv2.GaussianBlur(np.clip(power, 0, 1).astype(np.float32), (0, 0), 0.8), np.float32)


def draw(
    rng: np.random.Generator,
    width: int,
    height: int,
    style: FigureStyle,
    *,
    taken: tuple[Box, ...] = (),
    bar: float = 0.4,
) -> Sketch:
    """A diffraction pattern of `width` x `height` px; `bar` is the chance of a scale bar."""
    n = int(np.clip(max(width, height), 48, 400))
    maker = (_spots, _spots, _rings, _kikuchi, _fourier, _fourier)[int(rng.integers(6))]
    pattern = np.clip(maker(rng, n) * float(rng.uniform(0.7, 1.4)) + 0.03 * rng.random((n, n), dtype=np.float32), 0, 1)
    if maker in (_spots, _rings) and rng.random() < 0.2:
        angle = float(rng.uniform(0, 2 * np.pi))
        far = (int(n / 2 + n * np.cos(angle)), int(n / 2 + n * np.sin(angle)))
        cv2.line(pattern, (n // 2, n // 2), far, 0.02, max(2, n // 30), cv2.LINE_AA)
    grey = np.round(255 * pattern).astype(np.uint8)
    if rng.random() < 0.1:
        grey = 255 - grey
    side = max(width, height)
    grey = np.asarray(cv2.resize(grey, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)[:height, :width]
    image = np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))
    if rng.random() < 0.08:
        image = np.ascontiguousarray(cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO)[..., ::-1])
    sketch = Sketch(image, PanelKind.DIFFRACTION, (0, 0, width, height), taken=list(taken))
    if rng.random() < bar:
        draw_bar(rng, sketch, sketch.box, replace(style.bar, form="line"), reciprocal=bool(rng.random() < 0.8))
    canvas = Canvas(image)
    for _ in range(int(rng.choice([0, 0, 1, 2, 4]))):
        size = max(8, int(min(style.size, height * 0.11)))
        word = str(
            rng.choice(
                [
                    "(111)",
                    "(200)",
                    "(220)",
                    "002",
                    "110",
                    "(100)",
                    "[001]",
                    "[110]",
                    "FFT",
                    "SAED",
                    "(10-10)",
                    "ZA [010]",
                ]
            )
        )
        x, y = rng.uniform(0.12, 0.75, 2) * (width, height)
        ink = fonts.render(word, style.face, size).mask.shape
        area = (int(x), int(y), int(x) + ink[1], int(y) + ink[0])
        if area[2] < width and not any(overlap(area, t) for t in sketch.taken):
            box = canvas.text(x, y, word, style.face, size, WHITE if grey.mean() < 140 else (200, 0, 0))
            sketch.taken.append(box)
            sketch.distractors.append(("text", box))
        if rng.random() < 0.4:
            canvas.ellipse(float(x), float(y + size * 1.5), size * 0.7, size * 0.7, (255, 220, 0), max(1, size // 10))
    return sketch
