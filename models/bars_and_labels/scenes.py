"""Pictures with panel labels, bars and scale labels, boxed: real tiles side by side, drawn figures from a folder.

FOLDER/00012.jpg, 00012.json      a drawn figure and its objects, as `models.bars_and_labels.scene_pool` writes them
"""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.bar_and_label_network import KINDS

HELD_OUT = 60
"""Of the real tiles, in the order of their hashed names, about how many are kept for checking."""

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Scene:
    """A picture `(H, W, 3)` uint8 RGB and what is in it.

    `boxes` is `(N, 4)` float32 x0 y0 x1 y1 in pixels, `kinds` `(N,)` int64 indices into `KINDS`; a kind below 0
    marks a region where something may be or not, of which nothing is to be learnt.
    """

    image: Image
    boxes: NDArray[np.float32]
    kinds: NDArray[np.int64]


UNKNOWN = -1


def scene(image: Image, objects: list[tuple[int, tuple[float, float, float, float]]]) -> Scene:
    """A scene of `(kind, box)` pairs."""
    boxes = np.array([box for _, box in objects], np.float32).reshape(-1, 4)
    return Scene(image, boxes, np.array([kind for kind, _ in objects], np.int64))


def real_tiles(emps: Path, *, held_out: bool) -> list[Scene]:
    """The tiles of `furniture.json`: the held-out ones, or all others."""
    notes = json.loads((emps / "furniture.json").read_text())
    found: list[Scene] = []
    for rank, name in enumerate(sorted(notes)):
        if (rank % (len(notes) // HELD_OUT) == 0) != held_out:
            continue
        image = _read(emps / f"{name}.jpg")
        if image is None:
            continue
        objects = []
        for note in notes[name]["objects"]:
            if note["kind"] in KINDS:
                # a letter without text is one that the tile's border cuts
                cut = note["kind"] == "letter" and not note["text"]
                objects.append((UNKNOWN if cut else KINDS.index(note["kind"]), tuple(note["box"])))
        found.append(scene(image, objects))
    return found


def graphs(folder: Path, limit: int) -> list[Scene]:
    """Real graphs, which hold neither bars nor scale labels; what stands near their borders may be a panel letter."""
    found: list[Scene] = []
    for path in sorted(folder.glob("*.jpg"))[:limit]:
        image = _read(path)
        if image is None:
            continue
        height, width = image.shape[:2]
        side, top = 0.3 * width, 0.3 * height
        found.append(
            scene(
                image,
                [
                    (UNKNOWN, (0, 0, side, top)),
                    (UNKNOWN, (width - side, 0, width, top)),
                    (UNKNOWN, (0, height - top, side, height)),
                    (UNKNOWN, (width - side, height - top, width, height)),
                ],
            )
        )
    return found


def composed(tiles: list[Scene], others: list[Scene], rng: np.random.Generator, size_px: int = 560) -> Scene:
    """Real tiles, and other pictures among them, side by side on white, black or grey as a figure lays its panels."""
    shade = int(rng.choice([255, 0, int(rng.integers(256))], p=[0.75, 0.15, 0.1]))
    image = np.full((size_px, size_px, 3), shade, np.uint8)
    objects: list[tuple[int, tuple[float, float, float, float]]] = []
    gutter = int(rng.choice([0, 1, 3, 8, 20]))
    rows = int(rng.integers(1, 5))
    y = int(rng.integers(0, 12))
    for _ in range(rows):
        tall = int(size_px / rows * rng.uniform(0.7, 1.3))
        x = int(rng.integers(0, 12))
        while x < size_px - 40 and y < size_px - 40:
            source = others if others and rng.random() < 0.35 else tiles
            part = source[rng.integers(len(source))]
            factor = tall / part.image.shape[0] * float(rng.uniform(0.9, 1.3))
            shrunk = cv2.resize(
                part.image, None, fx=factor, fy=factor,
                interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC,
            )  # fmt: skip
            h, w = min(shrunk.shape[0], tall, size_px - y), min(shrunk.shape[1], size_px - x)
            image[y : y + h, x : x + w] = shrunk[:h, :w]
            for kind, (x0, y0, x1, y1) in zip(part.kinds, part.boxes * factor, strict=True):
                visible = max(0.0, min(x1, w) - x0) * max(0.0, min(y1, h) - y0)
                share = visible / max(1e-6, (x1 - x0) * (y1 - y0))
                if share > 0.05:
                    known = int(kind) if share > 0.9 else UNKNOWN
                    objects.append((known, (x + x0, y + y0, x + min(x1, w), y + min(y1, h))))
            x += w + gutter
        y += tall + gutter
    return scene(image, objects)


def drawn(path: Path) -> Scene:
    """A scene from the pool: the picture at `path` and the objects beside it."""
    image = _read(path)
    if image is None:
        raise FileNotFoundError(
            f"{path} is not a picture; draw the pool anew (python -m models.bars_and_labels.scene_pool)"
        )
    objects = json.loads(path.with_suffix(".json").read_text())
    return scene(image, [(kind, tuple(box)) for kind, box in objects])


def _read(path: Path) -> Image | None:
    bgr = cv2.imread(str(path))
    return None if bgr is None else cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
