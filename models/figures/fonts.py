"""Fonts of published figures: sorted by look, rendered to masks.

Figures are drawn with the fonts that matplotlib brings (DejaVu, STIX), so that a seed gives the same bytes on every
machine. Training wants more of them: `use_installed_fonts` adds those of this machine, the metric twins of Arial,
Helvetica and Times (Liberation, FreeFont, TeX Gyre), which most figures use, first.
"""

import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import font_manager
from numpy.typing import NDArray
from PIL import ImageFont

VARIABLE = "EXSCLAIM_FONTS"
INSTALLED = "installed"
FOLDERS = (
    "/usr/share/fonts",
    "/usr/share/texmf/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
SANS = ("LiberationSans", "FreeSans", "texgyreheros", "Arial", "Helvetica")
OTHER_SANS = ("DejaVuSans", "OpenSans", "Roboto", "Lato", "NotoSans", "LiberationSansNarrow", "texgyreheroscn",
              "DejaVuSansCondensed", "RobotoCondensed", "Carlito", "cmunss", "texgyreadventor")  # fmt: skip
SERIF = ("LiberationSerif", "FreeSerif", "texgyretermes", "STIXGeneral", "Times")
OTHER_SERIF = ("DejaVuSerif", "NotoSerif", "cmunrm", "texgyrepagella", "texgyreschola", "LiberationMono")


@dataclass(frozen=True)
class Face:
    """One font file and how it looks."""

    path: str
    family: str
    bold: bool
    italic: bool


def use_installed_fonts() -> None:
    """Draw with the fonts of this machine as well, in this process and in those that it starts: for training.

    To be called before anything is drawn.
    """
    os.environ[VARIABLE] = INSTALLED


def bundled() -> Path:
    """The folder of the fonts that matplotlib brings."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def folders() -> tuple[Path, ...]:
    """Folders from which fonts are taken."""
    installed = map(Path, FOLDERS) if os.environ.get(VARIABLE) == INSTALLED else ()
    return (*installed, bundled())


def matplotlib_family(face: Face) -> str:
    """The name by which matplotlib finds a face; without `use_installed_fonts` it finds `bundled` ones alone."""
    manager = font_manager.fontManager
    if os.environ.get(VARIABLE) != INSTALLED:
        own = str(bundled())
        manager.ttflist = [entry for entry in manager.ttflist if entry.fname.startswith(own)]
    manager.addfont(Path(face.path))
    return font_manager.FontProperties(fname=face.path).get_name()


@cache
def faces() -> tuple[Face, ...]:
    """All usable faces of the known families, in a fixed order."""
    known = {name.lower(): name for name in (*SANS, *OTHER_SANS, *SERIF, *OTHER_SERIF)}
    found: dict[str, Face] = {}
    for folder in folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() not in (".ttf", ".otf"):
                continue
            match = re.match(r"([A-Za-z]+)[-_]?(.*)$", path.stem)
            stem, rest = (match.group(1), match.group(2).lower()) if match else (path.stem, "")
            weight = re.search(r"(bold)?(oblique|italic|obli)?$", stem, re.I)
            if weight and not rest:
                rest, stem = weight.group(0).lower(), stem[: weight.start()]
            if stem.lower() not in known or not re.fullmatch(r"(regular|roman|bold|medium|book|italic|oblique)*", rest):
                continue
            face = Face(str(path), known[stem.lower()], "bold" in rest, "italic" in rest or "oblique" in rest)
            found.setdefault(path.stem.lower(), face)
    return tuple(sorted(found.values(), key=lambda f: (f.family, f.path)))


@cache
def _choices(serif: bool, bold: bool, italic: bool) -> tuple[tuple[Face, ...], tuple[Face, ...]]:
    def of(families: tuple[str, ...]) -> tuple[Face, ...]:
        return tuple(f for f in faces() if f.family in families and f.bold == bold and f.italic == italic)

    usual, rare = (SERIF, OTHER_SERIF) if serif else (SANS, OTHER_SANS)
    every = of(usual) or of(rare)
    if not every:
        every = tuple(f for f in faces() if f.bold == bold) or faces()
    return every, of(rare) or every


def pick(rng: np.random.Generator, *, bold: bool = False, italic: bool = False, serif: bool | None = None) -> Face:
    """A face as often as published figures use its kind: mostly Arial's like, some Times, few others."""
    is_serif = bool(rng.random() < 0.22) if serif is None else serif
    usual, rare = _choices(is_serif, bold, italic)
    group = usual if rng.random() < 0.7 else rare
    return group[int(rng.integers(len(group)))]


def usual(*, serif: bool, number: int) -> Face:
    """Face `number` (counted round) of the most used regular ones."""
    group = _choices(serif, False, False)[0]
    return group[number % len(group)]


def variant(face: Face, *, bold: bool = False, italic: bool = False) -> Face:
    """The face of the same family in another weight or slant; `face` itself where there is none."""
    for other in faces():
        if other.family == face.family and other.bold == bold and other.italic == italic:
            return other
    return face


@lru_cache(maxsize=512)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _has(path: str, char: str) -> bool:
    font = _font(path, 24)
    return char == " " or bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffd"))


def supports(face: Face, text: str) -> bool:
    """True if the face has a glyph for every character of `text`."""
    return all(_has(face.path, char) for char in text)


@lru_cache(maxsize=2048)
def fallback(face: Face, text: str) -> Face:
    """`face`, or the first of like weight that has all of `text` (DejaVu Sans comes with matplotlib)."""
    if supports(face, text):
        return face
    alike = [f for f in faces() if f.bold == face.bold and not f.italic]
    return next((f for f in (*alike, *faces()) if supports(f, text)), face)


@dataclass(frozen=True)
class Ink:
    """A rendered text: coverage 0-255 cropped to its ink, `dy` from the baseline to the first row, `advance` px."""

    mask: NDArray[np.uint8]
    dx: int
    dy: int
    advance: float


@lru_cache(maxsize=4096)
def _run(text: str, face: Face, size: int) -> Ink:
    font = _font(fallback(face, text).path, max(4, size))
    x0, y0, x1, y1 = (int(v) for v in font.getbbox(text, anchor="ls"))
    core = font.getmask(text, mode="L", anchor="ls")
    mask = np.array(core, np.uint8).reshape(core.size[1], core.size[0])
    return Ink(mask[: y1 - y0, : x1 - x0], x0, y0, float(font.getlength(text)))


@lru_cache(maxsize=4096)
def render(text: str, face: Face, size: int) -> Ink:
    """Ink of one line; `^{…}` raises and `_{…}` lowers: `cm^{-2}`, `H_{2}O`. `size` is px per em."""
    runs: list[tuple[Ink, int, int]] = []
    pen = 0.0
    for plain, mark, script in re.findall(r"((?:(?![\^_]\{).)+)|([\^_])\{([^}]*)\}", text):
        level = 0 if plain else (-1 if mark == "^" else 1)
        ink = _run(plain or script, face, size if plain else max(4, round(size * 0.68)))
        shift = round(-0.36 * size) if level < 0 else round(0.16 * size) if level > 0 else 0
        runs.append((ink, round(pen) + ink.dx, ink.dy + shift))
        pen += ink.advance
    runs = [r for r in runs if r[0].mask.size]
    if not runs:
        return Ink(np.zeros((1, 1), np.uint8), 0, 0, pen)
    left, top = min(x for _, x, _ in runs), min(y for _, _, y in runs)
    right = max(x + i.mask.shape[1] for i, x, _ in runs)
    bottom = max(y + i.mask.shape[0] for i, _, y in runs)
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for ink, x, y in runs:
        height, width = ink.mask.shape
        spot = mask[y - top : y - top + height, x - left : x - left + width]
        np.maximum(spot, ink.mask, out=spot)
    rows, columns = np.flatnonzero(mask.max(1) > 40), np.flatnonzero(mask.max(0) > 40)
    if not len(rows) or not len(columns):
        return Ink(mask, left, top, pen)
    cropped = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Ink(cropped, left + int(columns[0]), top + int(rows[0]), pen)
