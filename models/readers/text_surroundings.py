"""Marks that stand around a drawn text, which the reader learns to leave out: plates, scale bars, blots."""

import cv2
import numpy as np
from numpy.typing import NDArray


def plate(
    image: NDArray[np.uint8], x: int, y: int, w: int, h: int, colour: NDArray[np.float64], rng: np.random.Generator
) -> None:
    """A plain rectangle behind the text, sometimes framed."""
    pad = int(rng.integers(1, max(2, h // 2) + 1))
    corners = (max(0, x - pad), max(0, y - pad)), (x + w + pad, y + h + pad)
    cv2.rectangle(image, *corners, [float(v) for v in 255 - colour], -1)
    if rng.random() < 0.3:
        cv2.rectangle(image, *corners, [float(v) for v in colour], 1)


def bar(
    image: NDArray[np.uint8], x: int, y: int, w: int, h: int, size_px: int, colour: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """A piece of the label's scale bar above or below it, with caps or ticks at times."""
    thick = int(rng.integers(1, max(2, size_px // 3) + 1))
    gap = int(rng.integers(1, max(2, size_px // 2) + 1))
    length = int(w * rng.uniform(0.6, 2.5))
    x0 = x + (w - length) // 2 + int(rng.integers(-w // 4, w // 4 + 1))
    y0 = y + h + gap if rng.random() < 0.75 else y - gap - thick
    paint = [float(v) for v in colour]
    cv2.rectangle(image, (x0, y0), (x0 + length, y0 + thick - 1), paint, -1)
    if rng.random() < 0.2:
        for end in np.linspace(x0, x0 + length, int(rng.integers(2, 5))).astype(int):
            cv2.line(image, (int(end), y0 - size_px // 3), (int(end), y0 + thick), paint, 1)


def halves(
    image: NDArray[np.uint8], x: int, y: int, w: int, h: int, size_px: int, colour: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """The halves of the label's scale bar at both of its sides, and often the lines of an info strip around both."""
    paint = [float(v) for v in colour]
    thick, middle = int(rng.integers(1, max(2, size_px // 5) + 1)), y + h // 2
    gap, length = int(rng.uniform(0.15, 0.8) * size_px) + 1, int(rng.uniform(0.4, 2.5) * size_px)
    for start in (x - gap - length, x + w + gap):
        cv2.rectangle(image, (start, middle), (start + length, middle + thick - 1), paint, -1)
    if rng.random() < 0.5:
        cv2.line(image, (x - gap - length, y), (x - gap - length, y + h), paint, 1)
        cv2.line(image, (x + w + gap + length, y), (x + w + gap + length, y + h), paint, 1)
    if rng.random() < 0.5:
        off = int(rng.uniform(0.15, 0.8) * size_px) + 1
        for row in (y - off, y + h + off):
            cv2.line(image, (0, row), (image.shape[1], row), paint, int(rng.integers(1, 3)))


def mark(
    image: NDArray[np.uint8], x: int, y: int, w: int, h: int, size_px: int, colour: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """A blot or stroke left or right of the text: a bar's end, a bracket of the strip, a neighbour's last sign."""
    paint = [float(v) for v in colour]
    across, tall = int(rng.integers(1, max(2, size_px // 2) + 1)), int(rng.integers(2, max(3, h) + 1))
    gap = int(rng.uniform(0.25, 0.7) * size_px) + 1
    x0 = x - gap - across if rng.random() < 0.6 else x + w + gap
    y0 = y + int(rng.integers(0, max(1, h - tall) + 1))
    cv2.rectangle(image, (x0, y0), (x0 + across - 1, y0 + tall - 1), paint, -1)
