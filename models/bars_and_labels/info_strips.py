"""Info strips of electron microscopes below a picture, with the bars that only they have: ticks, and bars with a gap.

S4800 3.0kV x5.00k SE(M)  . . . . . . . . . . .      |------ 5 µm ------|      mag 10,000 x
                                       10.0um
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.bar_and_label_network import KINDS
from models.bars_and_labels.scenes import Scene
from models.readers.text_crops import scale_label
from models.readers.typeset import ink, lay

_BAR, _LABEL = KINDS.index("scale_bar"), KINDS.index("scale_label")
_Boxes = list[tuple[int, tuple[int, int, int, int]]]


def with_strip(source: Scene, rng: np.random.Generator) -> Scene:
    """The scene with a strip added below it, as high as such strips are, and the strip's bar and label boxed."""
    height, width = source.image.shape[:2]
    tall = int(np.clip(width * rng.uniform(0.04, 0.11), 14, 90))
    dark = rng.random() < 0.75
    strip = np.full((tall, width, 3), int(rng.integers(0, 30)) if dark else int(rng.integers(235, 256)), np.uint8)
    colour = np.full(3, 255.0 if dark else 0.0)
    form = (_ticks, _gap, _capped)[int(rng.integers(3))]
    objects = form(strip, colour, rng)
    image = np.vstack([source.image, strip])
    boxes = np.array([box for _, box in objects], np.float32).reshape(-1, 4) + np.array([0, height, 0, height])
    return Scene(
        image,
        np.vstack([source.boxes, boxes]).astype(np.float32),
        np.concatenate([source.kinds, np.array([kind for kind, _ in objects], np.int64)]),
    )


def _ticks(strip: NDArray[np.uint8], colour: NDArray[np.float64], rng: np.random.Generator) -> _Boxes:
    """Eleven ticks in a row and the label below or beside them; the instrument's line to the left."""
    tall, width = strip.shape[:2]
    length = int(width * rng.uniform(0.15, 0.4))
    x0 = width - length - int(rng.integers(3, max(4, width // 12)))
    count = int(rng.choice([6, 11, 11, 11]))
    tick, thick = max(2, int(tall * rng.uniform(0.1, 0.3))), max(1, tall // 24)
    below = rng.random() < 0.7
    y0 = int(tall * (0.12 if below else 0.4))
    for x in np.linspace(x0, x0 + length - thick, count).astype(int):
        high = 2 * tick if count == 11 and rng.random() < 0.02 else tick
        cv2.rectangle(strip, (int(x), y0), (int(x) + thick - 1, y0 + high - 1), _paint(colour), -1)
    size = max(8, int(tall * rng.uniform(0.3, 0.48)))
    text = ink(scale_label(rng)[0], size, rng).opacity
    x = x0 + length - text.shape[1] if below else x0 - text.shape[1] - size // 2
    y = y0 + tick + max(1, tall // 12) if below else (tall - text.shape[0]) // 2
    lay(strip, text, x, y, colour)
    _values(strip, colour, x0 - int(0.05 * width) - (0 if below else text.shape[1]), rng)
    return [(_BAR, (x0, y0, x0 + length, y0 + tick)), (_LABEL, _box(text, x, y))]


def _gap(strip: NDArray[np.uint8], colour: NDArray[np.float64], rng: np.random.Generator) -> _Boxes:
    """A capped line interrupted by its label, in a table's last cell."""
    tall, width = strip.shape[:2]
    size = max(8, int(tall * rng.uniform(0.35, 0.6)))
    text = ink(scale_label(rng)[0], size, rng).opacity
    length = int(max(width * rng.uniform(0.2, 0.45), 1.6 * text.shape[1]))
    x0 = max(2, width - length - int(rng.integers(3, max(4, width // 8))))
    middle, thick = tall // 2, max(1, int(tall * rng.uniform(0.03, 0.09)))
    cap = int(tall * rng.uniform(0.0, 0.3))
    x = x0 + (length - text.shape[1]) // 2
    pad = max(2, size // 4)
    for left, right in ((x0, x - pad), (x + text.shape[1] + pad, x0 + length)):
        cv2.rectangle(strip, (left, middle), (right - 1, middle + thick - 1), _paint(colour), -1)
    for end in (x0, x0 + length - thick):
        cv2.rectangle(strip, (end, middle - cap), (end + thick - 1, middle + thick - 1 + cap), _paint(colour), -1)
    y = middle + thick // 2 - text.shape[0] // 2
    lay(strip, text, x, y, colour)
    if rng.random() < 0.6:
        for edge in (x0 - int(rng.integers(3, 9)), int(x0 * rng.uniform(0.3, 0.8))):
            cv2.line(strip, (edge, 0), (edge, tall), _paint(colour), 1)
    _values(strip, colour, x0 - 14, rng)
    return [(_BAR, (x0, middle - cap, x0 + length, middle + thick + cap)), (_LABEL, _box(text, x, y))]


def _capped(strip: NDArray[np.uint8], colour: NDArray[np.float64], rng: np.random.Generator) -> _Boxes:
    """A line between two caps with its label above, at the strip's left; the instrument's values to the right."""
    tall, width = strip.shape[:2]
    size = max(8, int(tall * rng.uniform(0.3, 0.45)))
    text = ink(scale_label(rng)[0], size, rng).opacity
    length = int(max(width * rng.uniform(0.06, 0.25), 12))
    x0, thick = int(rng.integers(3, max(4, width // 10))), max(1, tall // 25)
    cap = max(1, int(tall * rng.uniform(0.05, 0.15)))
    y0 = int(tall * 0.75)
    cv2.rectangle(strip, (x0, y0), (x0 + length - 1, y0 + thick - 1), _paint(colour), -1)
    for end in (x0, x0 + length - thick):
        cv2.rectangle(strip, (end, y0 - cap), (end + thick - 1, y0 + thick - 1 + cap), _paint(colour), -1)
    x, y = max(1, x0 + (length - text.shape[1]) // 2), max(1, y0 - cap - text.shape[0] - max(1, tall // 12))
    lay(strip, text, x, y, colour)
    left = max(x0 + length, x + text.shape[1]) + size
    values = strip[:, min(left, width - 1) :]
    _values(values, colour, values.shape[1] - 4, rng)
    return [(_BAR, (x0, y0 - cap, x0 + length, y0 + thick + cap)), (_LABEL, _box(text, x, y))]


def _values(strip: NDArray[np.uint8], colour: NDArray[np.float64], room: int, rng: np.random.Generator) -> None:
    """The instrument's settings, on one line or two, as far as there is room."""
    lines = int(rng.integers(1, 3))
    size = max(7, int(strip.shape[0] * (0.5 if lines == 1 else 0.3)))
    for line in range(lines):
        text = (
            f"{rng.choice(['S4800', 'SU8010', 'HV', 'EHT =', 'SEI'])} {rng.integers(1, 30)}.0kV "
            f"{rng.uniform(2, 20):.1f}mm x{rng.uniform(1, 200):.2f}k {rng.choice(['SE(M)', 'SE', 'ETD', 'WD 5 mm'])}"
        )
        opacity = ink(text, size, rng).opacity[:, : max(0, room)]
        if opacity.shape[1]:
            y = int(strip.shape[0] * (0.5 if lines == 1 else 0.27 + 0.46 * line)) - opacity.shape[0] // 2
            lay(strip, opacity, 3, y, colour)


def _box(opacity: NDArray[np.float32], x: int, y: int) -> tuple[int, int, int, int]:
    return x, y, x + opacity.shape[1], y + opacity.shape[0]


def _paint(colour: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(colour[0]), float(colour[1]), float(colour[2])
