"""Pictures that fill the panels of a collage: real tiles, real graphs with axes drawn around them, diffraction patterns
and what the synthesis draws (schemes, photos, maps, gels, tables).
"""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from exsclaim.records import PanelKind
from models.figures.fonts import pick
from models.figures.panels import gels, graphs, illustrations, maps, medical_images, photos, tables
from models.figures.style import FigureStyle, draw_style
from models.figures.truth import Box, Image, Sketch

_TILE_FOLDERS = {"emps": 420, "tldr": 842, "nasa": 40, "nffa": 91}
"""Tiles taken of each folder; nasa's are nearly alike."""
DRAWN: dict[PanelKind, Callable[[np.random.Generator, int, int, FigureStyle], Sketch]] = {
    PanelKind.GRAPH: graphs.draw,
    PanelKind.ILLUSTRATION: illustrations.draw,
    PanelKind.PHOTO: photos.draw,
    PanelKind.MAP: maps.draw,
    PanelKind.MEDICAL: medical_images.draw,
    PanelKind.GEL: gels.draw,
    PanelKind.TABLE: tables.draw,
}


@cache
def tiles(real: Path) -> list[Path]:
    tiles: list[Path] = []
    for name, count in _TILE_FOLDERS.items():
        files = sorted((real / "tiles" / name).glob("*.[jp][pn]g"))
        tiles += files[:: max(1, len(files) // count)]
    return tiles


@cache
def _graphs(real: Path) -> list[Path]:
    return sorted((real / "graphs").glob("*.jpg"))


def font(rng: random.Random, size_px: int) -> ImageFont.FreeTypeFont:
    face = pick(np.random.default_rng(rng.randrange(2**31)), bold=rng.random() < 0.5)
    return ImageFont.truetype(face.path, size_px)


def _read(file: Path) -> Image:
    bgr = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if bgr is None:
        raise FileNotFoundError(f"{file} cannot be read as an image")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def texture(kind: PanelKind, box: Box, real: Path, rng: random.Random, shared: Path | None = None) -> Image:
    width, height = box[2] - box[0], box[3] - box[1]
    if kind is PanelKind.DIFFRACTION:
        return _diffraction(width, height, rng)
    file = shared if shared is not None and rng.random() < 0.7 else rng.choice(tiles(real))
    tile = _read(file)
    if file == shared:
        # neighbours from one sample: only their edges tell them apart
        tile = _part(tile, rng)
    if rng.random() < 0.5:
        # of the tile, the part with the panel's shape; the rest is squeezed, as few figures are
        tile = _cut_to_shape(tile, width / height, rng)
    fitted = np.asarray(cv2.resize(tile, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    if rng.random() < 0.08:
        grey = cv2.cvtColor(fitted, cv2.COLOR_RGB2GRAY)
        colour = np.array(rng.choice(((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 0.6, 0))))
        fitted = (np.maximum(grey.astype(np.float32) - rng.uniform(20, 120), 0)[..., None] * 1.5 * colour).clip(0, 255)
    return fitted.astype(np.uint8)


def _part(tile: Image, rng: random.Random) -> Image:
    height, width = tile.shape[:2]
    across, down = int(width * rng.uniform(0.5, 0.9)), int(height * rng.uniform(0.5, 0.9))
    x, y = rng.randint(0, width - across), rng.randint(0, height - down)
    return tile[y : y + down, x : x + across]


def _cut_to_shape(tile: Image, aspect: float, rng: random.Random) -> Image:
    height, width = tile.shape[:2]
    across = min(width, max(8, int(height * aspect)))
    down = min(height, max(8, int(width / aspect)))
    x, y = rng.randint(0, width - across), rng.randint(0, height - down)
    return tile[y : y + down, x : x + across]


def drawn(canvas: Image, box: Box, kind: PanelKind, rng: random.Random) -> Box:
    """A graph, scheme or photo as the synthesizer draws it; returns its box."""
    source = np.random.default_rng(rng.randrange(2**31))
    width, height = box[2] - box[0], box[3] - box[1]
    if min(width, height) < 40:
        canvas[box[1] : box[3], box[0] : box[2]] = rng.randrange(256)
        return box
    style = draw_style(source, canvas.shape[1], canvas.shape[1] / width)
    sketch = DRAWN[kind](source, width, height, style)
    room = canvas[box[1] : box[3], box[0] : box[2]]
    image = sketch.image[: room.shape[0], : room.shape[1]]
    room[: image.shape[0], : image.shape[1]] = image
    inner = sketch.box
    return box[0] + inner[0], box[1] + inner[1], box[0] + inner[2], box[1] + inner[3]


def _diffraction(width: int, height: int, rng: random.Random) -> Image:
    side = max(width, height)
    noise = np.random.default_rng(rng.randrange(2**31))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    cx, cy = width / 2 + rng.uniform(-5, 5), height / 2 + rng.uniform(-5, 5)
    radius = np.hypot(x - cx, y - cy) / side
    light = np.exp(-radius * rng.uniform(8, 25)) * rng.uniform(0.5, 1.2)
    if rng.random() < 0.45:
        for _ in range(rng.randint(3, 8)):
            light += np.exp(-(((radius - rng.uniform(0.08, 0.5)) / rng.uniform(0.003, 0.012)) ** 2)) * rng.uniform(
                0.1, 0.7
            )
    else:
        angle, step = rng.uniform(0, 3), rng.uniform(0.07, 0.2) * side
        skew, ratio, spot = rng.uniform(0.9, 2.1), rng.uniform(0.6, 1.4), rng.uniform(0.006, 0.016) * side
        reach = int(0.8 * side / step) + 1
        for i in range(-reach, reach + 1):
            for j in range(-reach, reach + 1):
                sx = cx + i * step * np.cos(angle) + j * step * ratio * np.cos(angle + skew)
                sy = cy + i * step * np.sin(angle) + j * step * ratio * np.sin(angle + skew)
                if 0 <= sx < width and 0 <= sy < height:
                    x0, x1 = int(max(0, sx - 4 * spot)), int(sx + 4 * spot) + 1
                    y0, y1 = int(max(0, sy - 4 * spot)), int(sy + 4 * spot) + 1
                    near = np.hypot(x[y0:y1, x0:x1] - sx, y[y0:y1, x0:x1] - sy) / spot
                    light[y0:y1, x0:x1] += (
                        np.exp(-(near**2)) * rng.uniform(0.2, 1.0) * np.exp(-2 * np.hypot(i, j) / reach)
                    )
    light += noise.normal(0, 0.02, light.shape) + 0.03
    if rng.random() < 0.15:
        light = 0.9 - light
    return np.repeat((light.clip(0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)


def graph(canvas: Image, box: Box, real: Path, rng: random.Random) -> Box:
    """A real plot with tick labels and axis titles drawn around it; returns the box of its ink."""
    width, height = box[2] - box[0], box[3] - box[1]
    letters = max(6, int(min(width, height) * rng.uniform(0.045, 0.075)))
    left, below = int(letters * rng.uniform(2.2, 4.5)), int(letters * rng.uniform(2.2, 3.4))
    plot = _read(rng.choice(_graphs(real)))
    right, top = rng.choice((0, 1, letters // 2)), rng.choice((0, 1, letters // 2))
    if width - left - right < 16 or height - below - top < 16:
        left = below = right = top = 0
    sheet: Image = np.full((height, width, 3), 255, np.uint8)
    size = (width - left - right, height - below - top)
    sheet[top : top + size[1], left : left + size[0]] = cv2.resize(plot, size, interpolation=cv2.INTER_AREA)
    if left:
        picture = Picture.fromarray(sheet)
        pen = ImageDraw.Draw(picture)
        pen.rectangle((left, top, left + size[0] - 1, top + size[1] - 1), outline=(0, 0, 0), width=rng.randint(1, 2))
        face = font(rng, letters)
        for k in range(rng.randint(3, 6)):
            across = left + int(size[0] * (0.05 + 0.17 * k))
            pen.text((across, height - below + 2), str(rng.randint(0, 90) * 10), fill=(0, 0, 0), font=face)
            down = top + int(size[1] * (0.02 + 0.17 * k))
            if rng.random() < 0.7:
                pen.text((left - 2, down), str(rng.randint(0, 99)), fill=(0, 0, 0), font=face, anchor="rt")
        pen.text((left + size[0] // 2, height), rng.choice(_X_TITLES), fill=(0, 0, 0), font=face, anchor="mb")
        title = Picture.new("RGB", (size[1], int(letters * 1.3)), (255, 255, 255))
        ImageDraw.Draw(title).text((size[1] // 2, 0), rng.choice(_Y_TITLES), fill=(0, 0, 0), font=face, anchor="mt")
        picture.paste(title.rotate(90, expand=True), (0, top))
        sheet = np.array(picture)
    if rng.random() < 0.12:
        sheet = _tinted(sheet, rng)
        canvas[box[1] : box[3], box[0] : box[2]] = sheet
        return box
    dark_page = canvas[min(box[1], canvas.shape[0] - 1), min(box[0], canvas.shape[1] - 1)].max() < 100
    if dark_page and rng.random() < 0.5:
        sheet = 255 - sheet
        sheet = np.maximum(sheet, canvas[box[1] : box[3], box[0] : box[2]])
    canvas[box[1] : box[3], box[0] : box[2]] = sheet
    if dark_page:
        return box
    ys, xs = np.nonzero(sheet.min(axis=2) < 225)
    if len(xs) == 0:
        return box
    return box[0] + int(xs.min()), box[1] + int(ys.min()), box[0] + int(xs.max()) + 1, box[1] + int(ys.max()) + 1


def _tinted(sheet: Image, rng: random.Random) -> Image:
    """The picture on a coloured ground, as spectrometers draw: yellow on blue, green on black, red on grey."""
    ground, ink = (np.array(colour) for colour in rng.choice(_SCREEN_COLOURS))
    light = sheet.min(axis=2, keepdims=True) / 255
    return np.asarray((ink + light * (ground - ink)).clip(0, 255), np.uint8)


_SCREEN_COLOURS = (
    ((0, 40, 100), (240, 220, 40)),
    ((0, 0, 0), (60, 220, 90)),
    ((0, 0, 0), (255, 255, 255)),
    ((10, 30, 90), (255, 255, 255)),
    ((232, 232, 236), (200, 30, 30)),
    ((205, 228, 245), (20, 20, 30)),
    ((255, 250, 225), (30, 40, 120)),
    ((70, 70, 80), (250, 160, 60)),
)
"""(ground, ink)"""

_X_TITLES = ("2θ (degree)", "Energy (eV)", "Raman shift (cm⁻¹)", "Time (s)", "Potential (V vs. RHE)", "Wavelength (nm)",
             "Binding energy (eV)", "Temperature (K)", "Voltage (V)", "Cycle number", "Distance (nm)")  # fmt: skip
_Y_TITLES = ("Intensity (a.u.)", "Counts", "Current density (mA cm⁻²)", "Absorption (a.u.)", "Capacity (mAh/g)",
             "Normalized μ(E)", "Transmittance (%)", "Stress (MPa)", "Frequency (%)")  # fmt: skip
