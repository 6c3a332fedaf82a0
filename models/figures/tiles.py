"""Real images in a folder (`tiles/`, `graphs/`, `layouts/`), where there is one; decoded when drawn."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.figures.truth import Box, Image

CLEAR = {
    "nasa": (0.0, 0.0, 1.0, 1.0),
    "nffa": (0.02, 0.02, 0.98, 0.86),
    "tldr": (0.18, 0.2, 0.82, 0.76),
    "emps": (0.0, 0.0, 1.0, 1.0),
}
"""Share of a tile that is free of burnt-in letters, bars and strips: x0 y0 x1 y1, by set."""

SHARE = {"nasa": 0.08, "nffa": 0.12, "tldr": 0.4, "emps": 0.4}
"""Weight of each set when one is drawn: the first two show few specimens again and again."""


class Tiles:
    """The real images under one folder. Nothing is decoded before it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        described = folder / "tiles" / "emps" / "furniture.json"
        self.furniture: dict[str, dict[str, Any]] = json.loads(described.read_text()) if described.is_file() else {}
        self.sets = {name: _images(folder / "tiles" / name) for name in CLEAR}
        self.sets["emps"] = [p for p in self.sets["emps"] if p.stem in self.furniture]
        self.graphs = _images(folder / "graphs")
        layouts = folder / "layouts" / "annotated_layouts.json"
        self.layouts: list[dict[str, Any]] = list(json.loads(layouts.read_text()).values()) if layouts.is_file() else []

    def micrograph(self, rng: np.random.Generator, width: int, height: int) -> Image | None:
        """A furniture-free crop of a real micrograph, resized to `(height, width, 3)`; None without tiles."""
        names = [name for name in CLEAR if self.sets[name]]
        if not names:
            return None
        share = np.array([SHARE[name] for name in names])
        name = names[int(rng.choice(len(names), p=share / share.sum()))]
        path = self.sets[name][int(rng.integers(len(self.sets[name])))]
        image = load(str(path))
        h, w = image.shape[:2]
        x0, y0, x1, y1 = (int(v) for v in np.array(CLEAR[name]) * (w, h, w, h))
        if name == "emps":
            burnt = [item["box"] for item in _objects(self.furniture[path.stem])]
            x0, y0, x1, y1 = _clear_of(burnt, w, h)
        image = image[y0:y1, x0:x1]
        if min(image.shape[:2]) < 60:
            return None
        h, w = image.shape[:2]
        scale = min(w / width, h / height)
        cw, ch = max(4, int(width * scale)), max(4, int(height * scale))
        x, y = int(rng.integers(0, w - cw + 1)), int(rng.integers(0, h - ch + 1))
        crop = image[y : y + ch, x : x + cw]
        if name in ("nasa", "nffa") and rng.random() < 0.5:
            crop = crop[:, ::-1]  # the other sets have words burnt in
        shrinks = cw > width
        resized = cv2.resize(
            np.ascontiguousarray(crop), (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        )
        gain, offset = float(rng.uniform(0.8, 1.2)), float(rng.uniform(-20, 20))
        return np.asarray(cv2.convertScaleAbs(resized, alpha=gain, beta=offset), np.uint8)

    def graph(self, rng: np.random.Generator, width: int, height: int) -> Image | None:
        """The inside of a real graph's axes, `(height, width, 3)`, its upper corners (often a letter) whitened."""
        if not self.graphs:
            return None
        image = load(str(self.graphs[int(rng.integers(len(self.graphs)))])).copy()
        h, w = image.shape[:2]
        if not 0.4 < (w / h) / (width / height) < 2.5:
            return None
        image[: h // 6, : w // 7] = image[: h // 6, w - w // 7 :] = 255
        resized = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if w > width else cv2.INTER_CUBIC)
        return np.asarray(resized, np.uint8)


def _clear_of(burnt: list[list[int]], width: int, height: int) -> Box:
    """The middle band of a tile, between the furniture at its top and that at its bottom."""
    top, bottom = 0, height
    for _, y0, _, y1 in burnt:
        if (y0 + y1) / 2 > height / 2:
            bottom = min(bottom, y0 - 3)
        else:
            top = max(top, y1 + 3)
    return 0, max(0, top), width, max(0, bottom)


def _objects(entry: dict[str, Any]) -> list[Any]:
    objects = entry.get("objects", [])
    return objects if isinstance(objects, list) else []


def _images(folder: Path) -> list[Path]:
    return (
        sorted(p for p in folder.glob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png")) if folder.is_dir() else []
    )


@lru_cache(maxsize=4096)
def _bytes(path: str) -> bytes:
    return Path(path).read_bytes()


def load(path: str) -> Image:
    """`(height, width, 3)` RGB of an image file."""
    decoded = cv2.imdecode(np.frombuffer(_bytes(path), np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise OSError(f"{path} is no image that OpenCV can read: remove it from the tiles")
    rgb: NDArray[np.uint8] = np.ascontiguousarray(decoded[..., ::-1])
    return rgb


@lru_cache(maxsize=4)
def open_tiles(folder: Path) -> Tiles:
    """The folder's tiles; the folder is looked through once."""
    return Tiles(folder)
