"""Small figures with known panels, drawn with a seed: textures for micrographs, axes for graphs, letters for labels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.geometry import Box

Picture = NDArray[np.uint8]


def page(width: int, height: int, colour: tuple[int, int, int] = (255, 255, 255)) -> Picture:
    return np.full((height, width, 3), colour, dtype=np.uint8)


def texture(width: int, height: int, seed: int, level: int = 120) -> Picture:
    """A grey grainy field, like a micrograph's."""
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (height, width)), (0, 0), 2.0)
    grey = np.clip(level + 30 * grain / grain.std(), 10, 215).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def place(figure: Picture, picture: Picture, x: int, y: int) -> Box:
    height, width = picture.shape[:2]
    figure[y : y + height, x : x + width] = picture
    return Box.of((x, y, x + width, y + height))


def letter(figure: Picture, text: str, x: int, y: int, colour: tuple[int, int, int] = (0, 0, 0)) -> None:
    cv2.putText(figure, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)


def graph(figure: Picture, x: int, y: int, width: int, height: int) -> Box:
    """Axes, a curve, tick labels and titles; returns the box of all its ink, within about 2 px."""
    left, bottom = x + 44, y + height - 36
    cv2.rectangle(figure, (left, y), (x + width - 1, bottom), (0, 0, 0), 1)
    xs = np.linspace(0, 1, 80)
    curve = np.stack([left + xs * (x + width - 1 - left), bottom - 0.8 * (bottom - y) * xs**2], axis=1)
    cv2.polylines(figure, [curve.round().astype(np.int32)], False, (200, 30, 30), 1, cv2.LINE_AA)
    for i in range(4):
        letter(figure, str(i), left + i * (width - 60) // 3, bottom + 15)
        letter(figure, f"{i}.0", left - 28, bottom - i * (bottom - y - 12) // 3)
    letter(figure, "time (s)", left + width // 4, y + height - 4)
    turned = page(60, 14)
    letter(turned, "current", 0, 11)
    upright = np.rot90(turned)
    figure[y + 20 : y + 80, x : x + 14] = np.minimum(figure[y + 20 : y + 80, x : x + 14], upright)
    return Box.of((x, y, x + width, y + height))


def jpeg(figure: Picture, quality: int = 80) -> Picture:
    _, content = cv2.imencode(".jpg", figure, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(content, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, dtype=np.uint8)
