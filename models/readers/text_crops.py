"""Crops that the reader learns from: scale labels, panel letters and other text, each with its characters.

Real crops are the boxes of `tiles/emps/furniture.json`, jittered anew each time they are drawn; drawn ones are
typeset on real micrographs where there are some, and on flat, shaded and noisy grounds otherwise. Fractions and
ranges were set by looking at what published figures print.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.text_network import CHARACTERS
from models.readers.text_surroundings import bar, halves, mark, plate
from models.readers.typeset import contrasting, ink, lay

HELD_OUT = 60
"""Of the real tiles, in the order of their hashed names, about how many are kept for checking."""

_NUMBERS = (
    "1", "2", "3", "4", "5", "10", "15", "20", "25", "30", "40", "50", "60", "80", "100", "150", "200", "250",
    "300", "400", "500", "600", "800", "1000", "0.1", "0.2", "0.25", "0.3", "0.4", "0.5", "1.0", "1.5", "2.0",
    "2.5", "3.0", "5.0", "10.0", "20.0", "30.0", "40.0", "50.0", "1.00", "2.00", "3.00", "4.00", "5.00",
    "10.00", "200.0",
)  # fmt: skip
_POINTS = (
    "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", ".1", ".2", ".25", ".3", ".4", ".5", ".6", ".8", "1.0", "1.5",
    "2.0", "2.5", "3.0", "4.0", "5.0", "7.5", "10.0", "12.5", "20.0", "25.0", "50.0", "100.0", "0.05", "0.25", "1.00",
    "2.00", "5.00", "10.00", "20.00", "50.00",
)  # fmt: skip
_POINT_SHARE = 0.5
"""Of the numbers; half of these are printed without their point, so that nothing but the point tells 1.0 from 10."""
_UNITS = ("nm", "µm", "um", "mm", "Å", "cm", "pm", "m", "km")
_UNIT_SHARES = (0.415, 0.335, 0.07, 0.07, 0.05, 0.025, 0.015, 0.01, 0.01)
_LABEL_SHARE = 0.56
"""Of the drawn crops; a third of all are panel letters."""
_MU = ("\u00b5", "\u03bc")
_WORDS = (
    "BF", "HAADF", "SEM", "TEM", "Ti", "Mo", "Cu", "Si", "Al", "Fe", "Co", "Ni", "Zn", "Ag", "Au", "Pt", "SiO2",
    "TiO2", "substrate", "anode", "cathode", "electrolyte", "before", "after", "sample", "bulk", "5kV", "SE",
    "WD", "HV", "mag", "10.0kV", "x50k", "300K", "20min", "0.5V", "pristine", "Zone", "axis", "[001]", "(110)",
    "(002)", "-111", "2theta", "(a.u.)", "Intensity", "Counts", "Energy", "Time", "(s)", "V", "vs.", "RHE",
    "graphene", "void", "matrix", "grain", "SAED", "FFT", "GPa", "wt%", "mol", "mA/cm2",
)  # fmt: skip
_ROMAN = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
)  # fmt: skip


@dataclass(frozen=True)
class Crop:
    """A crop `(h, w, 3)` uint8 RGB and the characters it shows, without blanks ("0.5µm", "a", "#", "")."""

    image: NDArray[np.uint8]
    text: str


@dataclass(frozen=True)
class RealText:
    """A box with its text on a real tile, and the other boxes of the tile (which a crop may show in part)."""

    tile: NDArray[np.uint8]
    box: tuple[int, int, int, int]
    text: str


def real_texts(emps: Path, *, held_out: bool) -> list[RealText]:
    """The readable scale labels and letters of the real tiles: of the held-out tiles, or of all others."""
    notes = json.loads((emps / "furniture.json").read_text())
    found: list[RealText] = []
    for rank, name in enumerate(sorted(notes)):
        if (rank % (len(notes) // HELD_OUT) == 0) != held_out:
            continue
        objects = [o for o in notes[name]["objects"] if o["kind"] in ("scale_label", "letter") and o["text"]]
        if not objects:
            continue
        bgr = cv2.imread(str(emps / f"{name}.jpg"))
        if bgr is None:
            continue
        tile = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
        for o in objects:
            text = characters(o["text"])
            if set(text) <= set(CHARACTERS):
                found.append(RealText(tile, tuple(o["box"]), text))
    return found


def characters(text: str) -> str:
    """`text` in the reader's characters: no blanks, one micro sign, "um" as micrometre."""
    bare = "".join(text.split()).replace("\u03bc", "µ").replace("\u212b", "Å")
    return bare[:-2] + "µm" if bare.endswith("um") and bare[:1].isdigit() else bare


def real_crop(source: RealText, rng: np.random.Generator) -> Crop:
    """The source's box with margins as a detector leaves them, at another size, brightness and sharpness."""
    x0, y0, x1, y1 = source.box
    return Crop(_degraded(_with_margins(source.tile, x0, y0, x1, y1, rng), rng), source.text)


def drawn_crop(grounds: list[NDArray[np.uint8]], rng: np.random.Generator) -> Crop:
    """A typeset scale label (most of them), panel letter, other text, or nothing but ground."""
    chance = rng.random()
    if chance < _LABEL_SHARE:
        printed, text = scale_label(rng)
    elif chance < 0.88:
        printed, text = panel_letter(rng)
    elif chance < 0.96:
        printed, text = other_text(rng)
    else:
        printed, text = "", ""
    size_px = int(np.exp(rng.uniform(np.log(9), np.log(48))))
    height, width = 4 * size_px + 8, int(size_px * (0.8 * max(len(printed), 2) + 4)) + 8
    image = _ground(grounds, height, width, rng)
    if not printed:
        return Crop(_degraded(image[: 2 * size_px, : width // 2].copy(), rng), "")
    set_text = ink(printed, size_px, rng)
    h, w = set_text.opacity.shape
    x, y = max(0, (width - w) // 2), max(0, (height - h) // 2)
    around = image[y : y + h, x : x + w]
    colour = contrasting(around, rng)
    if rng.random() < 0.22:
        plate(image, x, y, w, h, colour, rng)
    if rng.random() < 0.12:
        glow = cv2.dilate(set_text.opacity, np.ones((3, 3), np.uint8)).astype(np.float32)
        lay(image, glow, x, y, 255 - colour)
    if rng.random() < 0.1:
        off = max(1, size_px // 16)
        lay(image, set_text.opacity, x + off, y + off, 255 - colour)
    lay(image, set_text.opacity, x, y, colour)
    if chance < _LABEL_SHARE and (form := rng.random()) < 0.65:
        (bar if form < 0.45 else halves if form < 0.57 else mark)(image, x, y, w, h, size_px, colour, rng)
    return Crop(_degraded(_with_margins(image, x, y, x + w, y + h, rng), rng), text)


def scale_label(rng: np.random.Generator) -> tuple[str, str]:
    """A scale label as printed and in the reader's characters; one in twenty a reciprocal length."""
    if rng.random() < _POINT_SHARE:
        number = str(rng.choice(_POINTS))
        if rng.random() < 0.5:
            number = number.replace(".", "").lstrip("0")
    else:
        number = str(rng.choice(_NUMBERS)) if rng.random() < 0.6 else _any_number(rng)
    unit = str(rng.choice(_UNITS, p=_UNIT_SHARES))
    blank = "" if rng.random() < 0.3 else " " * int(rng.integers(1, 3))
    if rng.random() < 0.05:
        if rng.random() < 0.5:
            root = str(rng.choice(("nm", "nm", "Å")))
            return f"{number}{blank}{root}^-1", f"{number}{root}-1"
        return f"{number}{blank or ' '}1/nm", f"{number}1/nm"
    shown = unit.replace("µ", str(rng.choice(_MU)))
    if unit in ("nm", "um") and rng.random() < 0.04:
        shown = shown.upper()
    if rng.random() < 0.02:
        number = number.replace(".", ",")
    return f"{number}{blank}{shown}", number + unit.replace("um", "µm")


def _any_number(rng: np.random.Generator) -> str:
    if rng.random() < 0.5:
        return str(rng.integers(1, 1000))
    return f"{rng.uniform(0.1, 60):.{rng.integers(1, 3)}f}"


def panel_letter(rng: np.random.Generator) -> tuple[str, str]:
    """A panel letter as printed ("(a)", "B.", "c1") and bare."""
    chance = rng.random()
    # the alphabet's beginning is printed most, but each letter is to be known
    base = chr(ord("a") + int(min(25, rng.exponential(5)))) if rng.random() < 0.6 else chr(ord("a") + rng.integers(26))
    if chance < 0.08:
        bare = str(rng.choice(_ROMAN))
    elif chance < 0.2:
        bare = base + str(rng.integers(1, 10))
    elif chance < 0.23:
        bare = str(rng.integers(1, 13))
    else:
        bare = base
    if rng.random() < 0.33 and not bare.isdigit():
        bare = bare.upper()
    form = rng.choice(("{}", "({})", "{})", "{}.", "[{}]", "{}:"), p=(0.5, 0.34, 0.1, 0.03, 0.015, 0.015))
    shown = f"{bare[0]}_{bare[1:]}" if bare[:1].isalpha() and bare[1:].isdigit() and rng.random() < 0.4 else bare
    return str(form).format(shown), bare


def other_text(rng: np.random.Generator) -> tuple[str, str]:
    """Text that is neither letter nor scale label: "#"; a bare number is read as it stands."""
    if rng.random() < 0.25:
        number = _any_number(rng)
        return number, number
    words = " ".join(str(w) for w in rng.choice(_WORDS, int(rng.integers(1, 4))))
    return (words, "#") if len(words) > 2 else (words + " phase", "#")


def _degraded(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Scaled down and up, blurred, compressed, inverted, recoloured: what happens to a figure on its way."""
    if rng.random() < 0.4:
        tall = image.shape[0]
        factor = max(float(rng.uniform(0.4, 1.0)), min(1.0, 11 / tall))
        image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    if rng.random() < 0.2:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.0))).astype(np.uint8)
    values = image.astype(np.float32)
    if rng.random() < 0.5:
        values = (values - 128) * float(rng.uniform(0.5, 1.3)) + 128 + float(rng.uniform(-30, 30))
    if rng.random() < 0.25:
        values = 255 - values
    if rng.random() < 0.2:
        grain = rng.normal(
            0, rng.uniform(2, 14) if rng.random() < 0.7 else rng.uniform(14, 45), values.shape[:2]
        ).astype(np.float32)
        values = values + grain[:, :, None]
    image = np.clip(values, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        image = recompressed(image, int(rng.integers(35, 95)), ".webp" if rng.random() < 0.4 else ".jpg")
    return image


def recompressed(image: NDArray[np.uint8], quality: int, form: str = ".jpg") -> NDArray[np.uint8]:
    """`image` as it comes back from a JPEG or WebP file of that quality (0 to 100)."""
    setting = cv2.IMWRITE_WEBP_QUALITY if form == ".webp" else cv2.IMWRITE_JPEG_QUALITY
    _, packed = cv2.imencode(form, image, [setting, quality])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return image if unpacked is None else unpacked.astype(np.uint8)


def _with_margins(
    image: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    unit = y1 - y0
    left, top, right, bottom = (round(unit * _margin(rng)) for _ in range(4))
    x0, y0 = max(0, x0 - left), max(0, y0 - top)
    x1, y1 = min(width, max(x1 + right, x0 + 3)), min(height, max(y1 + bottom, y0 + 3))
    return image[y0:y1, x0:x1].copy()


def _margin(rng: np.random.Generator) -> float:
    """Margin as a share of the text's height: what detectors leave, now and then what people leave who cut by hand."""
    least, most = ((-0.04, 0.3), (0.3, 0.7), (0.7, 1.6))[rng.choice(3, p=(0.72, 0.15, 0.13))]
    return float(rng.uniform(least, most))


def _ground(grounds: list[NDArray[np.uint8]], height: int, width: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    chance = rng.random()
    if grounds and chance < 0.55:
        tile = grounds[rng.integers(len(grounds))]
        zoom = float(np.exp(rng.uniform(np.log(0.5), np.log(2.5))))
        h, w = min(tile.shape[0], int(height / zoom) + 1), min(tile.shape[1], int(width / zoom) + 1)
        y, x = int(rng.integers(tile.shape[0] - h + 1)), int(rng.integers(tile.shape[1] - w + 1))
        return cv2.resize(tile[y : y + h, x : x + w], (width, height)).astype(np.uint8)
    level = float(rng.choice([255.0, 0.0, rng.uniform(0, 255)], p=[0.4, 0.2, 0.4]))
    values = np.full((height, width, 3), level, np.float32)
    if rng.random() < 0.2:
        values += rng.uniform(-60, 60, 3).astype(np.float32)
    if chance > 0.85:
        grain = rng.normal(0, rng.uniform(5, 45), (height, width)).astype(np.float32)
        values += cv2.GaussianBlur(grain, (0, 0), float(rng.uniform(0.5, 2.5)))[:, :, None] * 1.5
    return np.clip(values, 0, 255).astype(np.uint8)
