"""Micrographs: textures in the tones of SEM, TEM, STEM, AFM, optical and element maps, with furniture."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind
from models.figures import tiles, words
from models.figures.bars import draw_bar, draw_strip
from models.figures.canvas import BLACK, WHITE, Canvas, Colour
from models.figures.image_annotations import annotate, free_spot
from models.figures.panels import diffraction, textures
from models.figures.style import FigureStyle, choose
from models.figures.truth import Box, Image, Sketch, SketchPart, moved, overlap

MAPS = (
    cv2.COLORMAP_HOT,
    cv2.COLORMAP_JET,
    cv2.COLORMAP_VIRIDIS,
    cv2.COLORMAP_INFERNO,
    cv2.COLORMAP_BONE,
    cv2.COLORMAP_OCEAN,
    cv2.COLORMAP_PARULA,
    cv2.COLORMAP_TURBO,
)
REAL_SHARE = {"sem": 0.8, "tem": 0.75, "stem": 0.7, "hrtem": 0.35, "optical": 0.15}
"""Share of real tiles among the pictures of each look, where there are tiles (they are SEM, TEM and AFM)."""
DYES: tuple[Colour, ...] = (
    (255, 0, 0),
    (0, 255, 0),
    (40, 60, 255),
    (255, 255, 0),
    (0, 255, 255),
    (255, 0, 255),
    (255, 140, 0),
    (160, 80, 255),
    (255, 90, 120),
    (120, 255, 120),
)


def texture(rng: np.random.Generator, width: int, height: int, look: str, real: tiles.Tiles | None) -> Image:
    """Bare image content of a micrograph: `(height, width, 3)` uint8. `look` as in `draw_look`."""
    if look == "map":
        return _element_map(rng, width, height)
    if real is not None and look in REAL_SHARE and rng.random() < REAL_SHARE[look]:
        found = real.micrograph(rng, width, height)
        if found is not None:
            return found
    kinds = {
        "sem": "particles:3 fibres:2 porous:3 rough:3 sheets:2 stripes:1 layers:1 grains:1",
        "tem": "discs:5 amorphous:2 sheets:1 lattice:2 layers:0.5",
        "stem": "discs:4 lattice:3 layers:1 particles:0.5",
        "hrtem": "lattice:6 amorphous:1",
        "afm": "rough:3 particles:1 grains:2 stripes:1 discs:1",
        "optical": "grains:4 rough:1 stripes:1 fibres:0.5 discs:1 layers:1",
        "fluorescence": "discs:3 fibres:2 particles:1 porous:1",
    }[look]
    grey = textures.cut(rng, choose(rng, kinds), width, height)
    if look == "stem" or look == "fluorescence":
        grey = 255 - grey if grey.mean() > 128 else grey
    grey = textures.tone(rng, grey)
    if look == "afm":
        coloured = np.asarray(cv2.applyColorMap(grey, MAPS[int(rng.integers(len(MAPS)))]), np.uint8)
        return np.ascontiguousarray(coloured[..., ::-1])
    if look == "optical" and rng.random() < 0.75:
        tint = np.array([rng.uniform(0.7, 1), rng.uniform(0.6, 1), rng.uniform(0.4, 1)], np.float32)
        other = np.array([rng.uniform(0, 60), rng.uniform(0, 60), rng.uniform(0, 90)], np.float32)
        mixed = grey[..., None] * tint + other * (1 - grey[..., None] / 255)
        return np.asarray(np.clip(mixed, 0, 255), np.uint8)
    if look == "fluorescence":
        dye = np.array(DYES[int(rng.integers(len(DYES)))], np.float32) / 255
        dark = np.clip((grey.astype(np.float32) - 70) * 1.5, 0, 255)[..., None]
        return np.asarray(dark * dye, np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _element_map(rng: np.random.Generator, width: int, height: int) -> Image:
    """Counts of one element as coloured dots on black; sometimes several overlaid."""
    image = np.zeros((height, width, 3), np.uint8)
    for _ in range(int(rng.choice([1, 1, 1, 1, 2, 3]))):
        density = (
            textures.cut(rng, choose(rng, "discs particles porous layers rough sheets"), width, height).astype(
                np.float32
            )
            / 255
        )
        if density.mean() > 0.5:
            density = 1 - density
        image = np.maximum(image, _dots(rng, density))
    return image


def _dots(rng: np.random.Generator, density: NDArray[Any]) -> Image:
    """Counts on black where `density` (0 to 1, `(height, width)`) is high, in one colour."""
    height, width = density.shape
    dot = int(rng.choice([1, 1, 2, 3])) if min(width, height) > 90 else 1
    small = cv2.resize(density, (max(1, width // dot), max(1, height // dot)), interpolation=cv2.INTER_AREA)
    hits = rng.random(small.shape, dtype=np.float32) < small ** float(rng.uniform(1, 3)) * float(rng.uniform(0.2, 1))
    level = (hits * rng.integers(90, 256, small.shape)).astype(np.uint8)
    scaling = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
    full = np.asarray(cv2.resize(level, (width, height), interpolation=scaling), np.float32)
    if rng.random() < 0.3:
        full = np.asarray(np.minimum(255, cv2.GaussianBlur(full, (0, 0), 1.0) * 1.8), np.float32)
    dye = np.array(DYES[int(rng.integers(len(DYES)))], np.float32) / 255
    return np.asarray(full[..., None] * dye, np.uint8)


@dataclass
class MapSeries:
    """One field of view shown again and again: first the image, then the elements in it, each in its colour."""

    kind: str
    number: int
    inverted: bool
    shown: int = 0

    @classmethod
    def start(cls, rng: np.random.Generator) -> "MapSeries":
        kind = choose(rng, "discs:3 particles:2 porous layers sheets rough fibres")
        return cls(kind, int(rng.integers(textures.PER_KIND)), bool(rng.random() < 0.3))

    def next(self, rng: np.random.Generator, width: int, height: int) -> Image:
        """The next image of the series, `(height, width, 3)`."""
        whole = textures.bank(self.kind, self.number)
        side = textures.SIDE
        w, h = (side, max(8, side * height // width)) if width > height else (max(8, side * width // height), side)
        grey = np.asarray(cv2.resize(whole[:h, :w], (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        if self.kind == "discs" or self.inverted:
            grey = 255 - grey
        self.shown += 1
        if self.shown == 1:
            return np.repeat(textures.tone(rng, grey)[..., None], 3, axis=2)
        density = grey.astype(np.float32) / 255
        return _dots(rng, 1 - density if rng.random() < 0.2 else density)


def draw_look(rng: np.random.Generator) -> str:
    """Instrument: micrographs of one figure mostly share it."""
    return choose(rng, "sem:8 tem:5 stem:3 hrtem:3 afm:1.3 optical:1.5 fluorescence:0.6 map:1.5")


def draw(
    rng: np.random.Generator,
    width: int,
    height: int,
    style: FigureStyle,
    *,
    look: str,
    real: tiles.Tiles | None = None,
    taken: tuple[Box, ...] = (),
    bar: float = 0.75,
    insets: float = 0.12,
    notes: float = 0.35,
    shared: MapSeries | None = None,
) -> Sketch:
    """A micrograph of `width` x `height` px; `bar`, `insets`, `notes` are chances; `taken` is kept clear."""
    if shared is not None:
        look = "map" if shared.shown else "stem"
    image = shared.next(rng, width, height) if shared is not None else texture(rng, width, height, look, real)
    sketch = Sketch(image, PanelKind.MICROSCOPY, (0, 0, width, height), taken=list(taken))
    small = min(width, height)
    if look == "sem" and rng.random() < 0.12 and height > 90 and width > 120:
        draw_strip(rng, sketch, style.bar)
    elif rng.random() < bar:
        own = style.bar
        if rng.random() < 0.15:
            own = replace(own, corner="left" if own.corner == "right" else "right")
        if look == "map" and own.colour == BLACK:
            own = replace(own, colour=WHITE)
        draw_bar(rng, sketch, sketch.box, own)
    if look == "map" and rng.random() < 0.75:
        word = words.pick(rng, "elements") + str(rng.choice(["", "", "", "-K", " Kα", " map"]))
        size = int(np.clip(style.size * rng.uniform(1, 1.8), 9, max(10, small // 5)))
        canvas = Canvas(sketch.image)
        x, y, anchor = ((width - 6, 6, "rt"), (width - 6, height - 6, "rb"), (6, height - 6, "lb"))[
            int(rng.integers(3))
        ]
        probe = (
            x - 3 * size if anchor[0] == "r" else x,
            y if anchor[1] == "t" else y - size,
            x if anchor[0] == "r" else x + 3 * size,
            y + size if anchor[1] == "t" else y,
        )
        if not any(overlap(probe, t) for t in sketch.taken):
            colour = WHITE if rng.random() < 0.6 else DYES[int(rng.integers(len(DYES)))]
            box = canvas.text(x, y, word, style.face, size, colour, anchor)
            sketch.taken.append(box)
            sketch.distractors.append(("text", box))
    if look == "afm" and width > 120 and rng.random() < 0.2:
        _colour_bar(rng, sketch, style)
    if small > 110 and rng.random() < insets:
        _inset(rng, sketch, style, look, real)
    if small > 70 and rng.random() < notes:
        annotate(rng, sketch, style.face, style.size)
    return sketch


def _colour_bar(rng: np.random.Generator, sketch: Sketch, style: FigureStyle) -> None:
    """A colour scale along the right side, with its two ends written."""
    canvas = Canvas(sketch.image)
    _, y0, x1, y1 = sketch.box
    size = int(np.clip(style.size * 0.8, 7, 16))
    left, wide = x1 - int(size * 4.2), size
    box = (left, y0 + (y1 - y0) // 4, left + wide, y1 - (y1 - y0) // 4)
    if any(overlap(box, t, 2) for t in sketch.taken):
        return
    ramp = np.linspace(255, 0, box[3] - box[1]).astype(np.uint8)[:, None]
    colours = np.asarray(cv2.applyColorMap(ramp, MAPS[int(rng.integers(len(MAPS)))]), np.uint8)[..., ::-1]
    canvas.paste(np.repeat(colours, wide, axis=1), box[0], box[1])
    high = f"{rng.uniform(1, 90):.0f} nm"
    for text, y in ((high, box[1]), ("0", box[3] - size)):
        written = canvas.text(box[2] + 3, y, text, style.face, size, WHITE)
        sketch.distractors.append(("text", written))
    sketch.distractors.append(("colour bar", box))
    sketch.taken.append((box[0], box[1], x1, box[3]))


def _inset(rng: np.random.Generator, sketch: Sketch, style: FigureStyle, look: str, real: tiles.Tiles | None) -> None:
    width, height = sketch.box[2], sketch.box[3]
    side = int(min(width, height) * rng.uniform(0.26, 0.46))
    w, h = side, int(side * rng.choice([1, 1, 1, 0.8, 1.2]))
    corner = int(rng.integers(5))
    gap = int(rng.choice([0, 0, 3, 8]))
    spots = ((width - w - gap, gap), (gap, height - h - gap), (width - w - gap, height - h - gap), (gap, gap))
    spot = free_spot(rng, sketch, w, h) if corner == 4 else spots[corner]
    if spot is None:
        return
    box = (spot[0], spot[1], spot[0] + w, spot[1] + h)
    if box[1] < 0 or any(overlap(box, t) for t in sketch.taken):
        return
    if look in ("hrtem", "tem", "stem") and rng.random() < 0.6:
        kind, inner = PanelKind.DIFFRACTION, diffraction.draw(rng, w, h, style, bar=0.15)
    else:
        kind = PanelKind.MICROSCOPY
        inner = draw(rng, w, h, style, look=look, real=real, bar=0.35, insets=0, notes=0.05)
    canvas = Canvas(sketch.image)
    canvas.paste(inner.image, box[0], box[1])
    edge = int(rng.choice([0, 1, 2, 3]))
    if edge:
        colour = WHITE if rng.random() < 0.6 else DYES[int(rng.integers(len(DYES)))]
        canvas.rectangle(box, None, colour, edge)
    number = len(sketch.parts)
    sketch.parts.append(SketchPart(box, kind))
    for found in inner.bars:
        label = moved(found.label_box, box[0], box[1]) if found.label_box else None
        sketch.bars.append(replace(found, box=moved(found.box, box[0], box[1]), label_box=label, part=number))
    sketch.taken.append(box)
