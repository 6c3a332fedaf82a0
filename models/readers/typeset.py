"""Text as published figures print it, drawn on any ground, with the box of its ink."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.figures.fonts import folders

FAMILIES = (
    "liberation", "dejavusans", "dejavuserif", "freesans", "freeserif", "texgyreheros", "texgyretermes",
    "texgyreadventor", "texgyrecursor", "texgyrepagella", "roboto-", "opensans", "lato-", "cmuns", "cmunr",
    "cmunb", "notosans-", "notoserif-", "stixgeneral", "arimo", "tinos",
)  # fmt: skip
"""File names of the faces that journals and microscopes use, or their metric twins."""

_SANS_AND_TIMES = (
    "liberationsans-",
    "liberationserif",
    "dejavusans",
    "texgyreheros",
    "texgyretermes",
    "freesans",
    "arimo",
)


@dataclass(frozen=True)
class Ink:
    """Text as opacity `(h, w)` float32 0 to 1, cropped to what is visible, and the font size it was set in."""

    opacity: NDArray[np.float32]
    size_px: int


@cache
def fonts() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """All faces found here, and those of them that look like Arial, Helvetica or Times (most figures' choice)."""
    found = sorted(
        {
            path.name: path
            for folder in folders()
            for path in folder.rglob("*.[to]tf")
            if path.name.lower().startswith(FAMILIES) and _has_micro(path)
        }.values()
    )
    usual = tuple(path for path in found if path.name.lower().startswith(_SANS_AND_TIMES))
    return tuple(found), usual


def _has_micro(path: Path) -> bool:
    face = ImageFont.truetype(str(path), 24)
    missing = bytes(face.getmask("\ufffe"))
    return all(bytes(face.getmask(mu)) != missing for mu in "\u00b5\u03bc")


@cache
def _face(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)


def ink(text: str, size_px: int, rng: np.random.Generator) -> Ink:
    """Set `text` in a random face; some of it spaced out, squeezed or in pixels, as instruments print it.

    The character after "_" is set as a subscript, all after "^" as a superscript.
    """
    every, usual = fonts()
    faces = usual if rng.random() < 0.6 else every
    path = faces[rng.integers(len(faces))]
    pixelated = rng.random() < 0.07 and size_px > 12
    face = _face(path, max(7, size_px // 2 if pixelated else size_px))
    shifts = "_" in text or "^" in text
    tracking = int(rng.integers(1, 1 + max(2, size_px // 6))) if rng.random() < 0.08 and not shifts else 0
    width = int(face.getlength(text)) + tracking * len(text) + 2 * size_px
    canvas = Image.new("L", (width, 2 * size_px + 8))
    pen = ImageDraw.Draw(canvas)
    if tracking:
        x = float(size_px)
        for character in text:
            pen.text((x, size_px // 2), character, font=face, fill=255)
            x += face.getlength(character) + tracking
    elif shifts:
        _set_shifted(pen, text, path, face, size_px)
    else:
        pen.text((size_px, size_px // 2), text, font=face, fill=255)
    opacity: NDArray[np.float32] = np.asarray(canvas, dtype=np.float32) / np.float32(255)
    if pixelated:
        opacity = np.repeat(np.repeat(np.round(opacity), 2, axis=0), 2, axis=1).astype(np.float32)
    squeeze = float(rng.uniform(0.8, 1.25)) if rng.random() < 0.25 else 1.0
    if squeeze != 1.0:
        opacity = cv2.resize(opacity, None, fx=squeeze, fy=1.0, interpolation=cv2.INTER_AREA).astype(np.float32)
    return Ink(cropped(opacity), size_px)


def _set_shifted(pen: ImageDraw.ImageDraw, text: str, path: Path, face: ImageFont.FreeTypeFont, size_px: int) -> None:
    small = _face(path, max(6, int(0.66 * size_px)))
    x, shift, left = float(size_px), 0.0, 0
    for character in text:
        if character in "_^":
            shift, left = (0.5, 1) if character == "_" else (-0.1, len(text))
            continue
        used = small if left else face
        pen.text((x, size_px // 2 + (shift * size_px if left else 0)), character, font=used, fill=255)
        x += used.getlength(character)
        left = max(0, left - 1)


def cropped(opacity: NDArray[np.float32]) -> NDArray[np.float32]:
    """The part of `opacity` that shows anything; one empty pixel where nothing does."""
    rows, columns = np.flatnonzero(opacity.max(1) > 0.2), np.flatnonzero(opacity.max(0) > 0.2)
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return opacity[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def lay(ground: NDArray[np.uint8], opacity: NDArray[np.float32], x: int, y: int, colour: NDArray[np.float64]) -> None:
    """Paint `opacity` in `colour` (3,) on `ground` `(H, W, 3)` in place, top left at `x, y`; the rest is lost."""
    height, width = ground.shape[:2]
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + opacity.shape[1], width), min(y + opacity.shape[0], height)
    if x1 <= x0 or y1 <= y0:
        return
    part = opacity[y0 - y : y1 - y, x0 - x : x1 - x, None]
    under = ground[y0:y1, x0:x1].astype(np.float32)
    ground[y0:y1, x0:x1] = np.clip(under * (1 - part) + colour.astype(np.float32) * part, 0, 255).astype(np.uint8)


def contrasting(ground: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float64]:
    """A colour that can be read on `ground`: mostly white or black, sometimes grey or a pure colour."""
    level = float(ground.mean())
    if rng.random() < 0.12:
        colours = ((255, 0, 0), (255, 255, 0), (0, 0, 255), (0, 255, 0), (0, 255, 255), (255, 128, 0), (0, 0, 128))
        hue = np.array(colours[rng.integers(len(colours))], np.float64)
        if abs(float(hue.mean()) - level) > 30:
            return hue
    if rng.random() < 0.12:
        faint = level + (60 if level < 128 else -60) * rng.uniform(0.8, 2.0)
        return np.full(3, np.clip(faint, 0, 255))
    if 60 < level < 190 and rng.random() < 0.5:
        return np.full(3, float(rng.choice([0.0, 255.0])))
    return np.full(3, 255.0 if level < 128 else 0.0)
