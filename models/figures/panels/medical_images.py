"""Medical images: slices of heads and chests, ultrasound, layers of the retina, radiographs, brain surfaces."""

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind
from models.figures.canvas import WHITE, Canvas, Colour, as_colour, blank, ink_box
from models.figures.panels import textures
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Image, Sketch

Grey = NDArray[np.floating]
"""`(height, width)`, 0 is black, 1 white."""


def _grid(width: int, height: int) -> tuple[Grey, Grey]:
    """x and y of each pixel, -1 to 1 along the shorter side."""
    side = min(width, height) / 2
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return (x - width / 2) / side, (y - height / 2) / side


def _grain(rng: np.random.Generator, kind: str, width: int, height: int) -> Grey:
    return np.asarray(textures.cut(rng, kind, width, height), np.float32) / 255


def _inside(x: Grey, y: Grey, rx: float, ry: float) -> Grey:
    """1 within an ellipse, 0 outside, with a soft rim."""
    return np.asarray(np.clip((1 - np.hypot(x / rx, y / ry)) * 25, 0, 1), np.float32)


def _head(rng: np.random.Generator, width: int, height: int) -> Grey:
    """An axial, coronal or sagittal slice: scalp, skull, folded cortex, white matter, ventricles."""
    x, y = _grid(width, height)
    rx, ry = float(rng.uniform(0.6, 0.8)), float(rng.uniform(0.75, 0.93))
    skull = float(rng.choice([0.05, 0.1, 0.95]))  # dark in MRI, white in CT
    image = 0.6 * _inside(x, y, rx, ry) * (1 - _inside(x, y, rx * 0.94, ry * 0.94))
    image += skull * _inside(x, y, rx * 0.94, ry * 0.94) * (1 - _inside(x, y, rx * 0.87, ry * 0.88))
    brain = _inside(x, y, rx * 0.85, ry * 0.86)
    folds = np.abs(_grain(rng, "sheets", width, height) - 0.5)
    white = _inside(x, y, rx * 0.68, ry * 0.7)
    light, dark = rng.permutation([float(rng.uniform(0.6, 0.85)), float(rng.uniform(0.35, 0.5))])
    image += brain * (dark + (light - dark) * white + 0.35 * (folds - 0.25))
    for side in (-1, 1):
        image -= 0.5 * _inside(x - side * 0.12, y - float(rng.uniform(-0.1, 0.1)), 0.08, 0.25) * brain
    image -= 0.3 * brain * (np.abs(x) < 0.012)
    if rng.random() < 0.3:
        image += 0.4 * _inside(x - float(rng.uniform(-0.4, 0.4)), y - float(rng.uniform(-0.4, 0.4)), 0.15, 0.12) * brain
    return image


def _chest(rng: np.random.Generator, width: int, height: int) -> Grey:
    """A slice or radiograph of the chest: dark lungs, bright spine and ribs."""
    x, y = _grid(width, height)
    image = 0.45 * _inside(x, y, 1.25, 0.8) + 0.1 * _grain(rng, "amorphous", width, height)
    for side in (-1, 1):
        lung = _inside(x - side * 0.48, y, 0.38, 0.55)
        image = image * (1 - 0.8 * lung) + lung * 0.2 * np.abs(_grain(rng, "sheets", width, height) - 0.4)
        for k in range(int(rng.integers(3, 7))):
            arc = np.abs(np.hypot((x - side * 0.1) / 0.9, (y - 1.4 + 0.3 * k) / 0.9) - 1.1)
            image += 0.18 * np.exp(-((arc / 0.03) ** 2))
    heart, spine = _inside(x - 0.12, y + 0.05, 0.25, 0.3), _inside(x, y - 0.55, 0.14, 0.16)
    return np.asarray(image + 0.5 * spine + 0.25 * heart, np.float32)


def _fan(rng: np.random.Generator, width: int, height: int) -> Grey:
    """Ultrasound: a fan of speckle with dark cavities."""
    x, y = _grid(width, height)
    down, radius = y + 1.15, np.hypot(x, y + 1.15)
    fan = (np.abs(np.arctan2(x, down)) < rng.uniform(0.5, 0.8)) & (radius < 2.05) & (radius > 0.25)
    speckle = _grain(rng, "amorphous", width, height) * (0.4 + 0.6 * _grain(rng, "rough", width, height))
    for _ in range(int(rng.integers(1, 4))):
        a, b = rng.uniform(-0.4, 0.4, 2)
        speckle *= 1 - 0.9 * _inside(
            x - float(a), y - float(b), float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.1, 0.3))
        )
    return np.asarray(fan * speckle * 1.1, np.float32)


def _retina(rng: np.random.Generator, width: int, height: int) -> Grey:
    """Optical coherence tomography: bright layers across a dark, speckled field."""
    x, y = _grid(width, height)
    bow = float(rng.uniform(-0.15, 0.25)) * x**2 + 0.15 * np.exp(-((x / 0.3) ** 2)) * float(rng.choice([0, 1, 1]))
    image = np.zeros_like(x)
    top = float(rng.uniform(-0.4, 0.0))
    for k in range(int(rng.integers(4, 8))):
        at = top + k * float(rng.uniform(0.06, 0.12))
        image += float(rng.uniform(0.3, 0.9)) * np.exp(-(((y - bow - at) / float(rng.uniform(0.015, 0.04))) ** 2))
    image += 0.35 * np.exp(-np.maximum(y - bow - top - 0.4, 0) * 3) * (y - bow > top + 0.4)
    speckle = rng.gamma(2.0, 0.5, x.shape).astype(np.float32)
    return np.asarray(image * speckle * 0.8 + 0.06 * speckle, np.float32)


def _bone(rng: np.random.Generator, width: int, height: int) -> Grey:
    """A radiograph of a limb: shafts and joints in soft tissue."""
    image = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 6))):
        at = float(rng.uniform(0.25, 0.75)) * width
        thick = float(rng.uniform(0.05, 0.14)) * width
        lean = float(rng.uniform(-0.2, 0.2)) * width
        ends = [(round(at - lean), round(-0.1 * height)), (round(at + lean), round(1.1 * height))]
        cv2.line(image, ends[0], ends[1], float(rng.uniform(0.25, 0.35)), round(thick * 3), cv2.LINE_AA)
        cv2.line(image, ends[0], ends[1], float(rng.uniform(0.7, 0.95)), max(2, round(thick)), cv2.LINE_AA)
        cv2.circle(
            image, (round(at), round(rng.uniform(0.3, 0.7) * height)), max(3, round(thick)), 0.9, -1, cv2.LINE_AA
        )
    soft = cv2.GaussianBlur(image, (0, 0), max(1.0, width / 80))
    return np.asarray(soft + 0.08 * _grain(rng, "amorphous", width, height), np.float32)


_SLICES = {"head": _head, "chest": _chest, "fan": _fan, "retina": _retina, "bone": _bone}


def _activity(rng: np.random.Generator, image: Image) -> Image:
    """Hot and cold spots laid over a slice, as in PET and functional MRI."""
    height, width = image.shape[:2]
    x, y = _grid(width, height)
    heat = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 6))):
        a, b = rng.uniform(-0.5, 0.5, 2)
        heat += np.exp(-(((x - a) ** 2 + (y - b) ** 2) / float(rng.uniform(0.005, 0.06))))
    heat *= image.max(axis=2) > 40
    colours = cv2.applyColorMap(
        (255 * np.clip(heat, 0, 1)).astype(np.uint8), int(rng.choice([cv2.COLORMAP_HOT, cv2.COLORMAP_JET]))
    )
    share = (np.clip(heat, 0, 1)[..., None] > 0.3) * np.clip(heat, 0, 1)[..., None]
    return np.asarray(image * (1 - share) + colours[..., ::-1] * share, np.uint8)


def _surface(rng: np.random.Generator, canvas: Canvas, box: Box) -> None:
    """A brain seen from the side or from above, grey, with regions in colour, on the page."""
    x0, y0, x1, y1 = box
    turn = np.linspace(0, 2 * np.pi, 80)
    from_side = rng.random() < 0.6
    wave = 1 + 0.05 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.03 * np.sin(5 * turn)
    outline = np.stack([
        (x0 + x1) / 2 + (x1 - x0) * 0.48 * np.cos(turn) * wave,
        (y0 + y1) / 2 + (y1 - y0) * 0.46 * np.sin(turn) * wave * (1 - 0.15 * from_side * np.cos(turn)),
    ], 1)  # fmt: skip
    height, width = y1 - y0, x1 - x0
    mask = np.zeros(canvas.image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 255)
    room = mask[y0:y1, x0:x1] > 0
    folds = _grain(rng, "rough", width, height)
    shade = np.repeat((120 + 110 * folds)[..., None], 3, 2)
    field = cv2.GaussianBlur(_grain(rng, "rough", width, height), (0, 0), max(2.0, width / 12))
    level = (field - field.min()) / max(1e-6, float(np.ptp(field)))
    ramp = int(
        rng.choice([cv2.COLORMAP_JET, cv2.COLORMAP_HOT, cv2.COLORMAP_COOL, cv2.COLORMAP_VIRIDIS, cv2.COLORMAP_PLASMA])
    )
    colours = cv2.applyColorMap((255 * level).astype(np.uint8), ramp).astype(np.float32) * (
        0.6 + 0.5 * folds[..., None]
    )
    hot = level > float(rng.choice([0.0, 0.5, 0.7]))
    shade[hot] = colours[hot]
    canvas.image[y0:y1, x0:x1][room] = np.clip(shade, 0, 255).astype(np.uint8)[room]


def draw(
    rng: np.random.Generator, width: int, height: int, style: FigureStyle, *, ground: Colour | None = None
) -> Sketch:
    """A medical image of `width` x `height` px, or brain surfaces on the page."""
    if rng.random() < 0.3:
        paper = ground or WHITE
        image = blank(width, height, paper)
        canvas = Canvas(image)
        columns = 2 if width > 1.3 * height else 1
        rows = 2 if height > 0.7 * width and rng.random() < 0.4 else 1
        for row in range(rows):
            for column in range(columns):
                cell = (
                    column * width // columns + 2, row * height // rows + 2,
                    (column + 1) * width // columns - 3, (row + 1) * height // rows - 3,
                )  # fmt: skip
                if cell[2] - cell[0] > 20 and cell[3] - cell[1] > 20:
                    _surface(rng, canvas, cell)
        return Sketch(image, PanelKind.MEDICAL, ink_box(image, paper))
    kind = choose(rng, "head:5 chest:2 fan:1.2 retina:1.5 bone:1.2")
    grey = _SLICES[kind](rng, width, height) + rng.normal(0, 0.02, (height, width))
    if rng.random() < 0.08:
        grey = 1 - grey
    image = np.repeat((255 * np.clip(grey, 0, 1)).astype(np.uint8)[..., None], 3, 2)
    if kind in ("head", "chest") and rng.random() < 0.3:
        image = _activity(rng, image)
    canvas = Canvas(image)
    size = max(7, min(style.size, width // 12))
    if rng.random() < 0.4:
        colour = WHITE if rng.random() < 0.7 else (255, 255, 0)
        word = str(rng.choice(["R", "L", "T1", "T2", "z = 12", "axial", "baseline", "FLAIR", "OD", "post"]))
        canvas.text(width - 4, height - 4, word, style.face, size, colour, "rb")
    if rng.random() < 0.3:
        a, b = rng.uniform(0.3, 0.7, 2)
        tip = (float(a) * width, float(b) * height)
        canvas.arrow(
            tip[0] + 3 * size,
            tip[1] + 2 * size,
            *tip,
            as_colour(rng.choice([WHITE, (255, 220, 0), (255, 40, 40)])),
            2,
            size,
        )
    return Sketch(image, PanelKind.MEDICAL, (0, 0, width, height))
