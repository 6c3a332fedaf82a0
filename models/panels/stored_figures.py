"""Figures for training, drawn ahead to disk by processes of their own.

    <folder>/<seed>.jpg     a drawn figure, at most `STORED_SIDE_PX` on its longer side
    <folder>/<seed>.json    its panels: [{"box": [x0, y0, x1, y1], "kind": "graph", "nested": false}, …]

Training reads whatever figures are there, and sees new ones as they come.
"""

import argparse
import json
import logging
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.image import read_image
from exsclaim.records import PanelKind
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure, held_back, read_annotated
from models.figures.fonts import use_installed_fonts
from models.figures.truth import TrueFigure

if TYPE_CHECKING:
    from models.panels.recomposition import Piece

STORED_SIDE_PX = 704

_TYPE_OF = {PanelKind.MAP: "map", PanelKind.TABLE: "table", PanelKind.GEL: "blot"}
"""Types that follow from the kind of a drawn panel; of others none is known."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredPanel:
    """A true panel in pixels of its stored image."""

    box: tuple[float, float, float, float]
    kind: PanelKind
    nested: bool
    type: str | None = None
    """One of `exsclaim.figures.detection.panel_network.TYPES`; None where it is not known."""


def store(figure: TrueFigure, folder: Path, name: str) -> None:
    """Write a drawn figure."""
    panels = [
        StoredPanel(panel.box, panel.kind, panel.parent is not None, _TYPE_OF.get(panel.kind))
        for panel in figure.panels
    ]
    _store_image(figure.image, panels, folder, name)


def _store_annotated(figures: Iterable[AnnotatedFigure], folder: Path) -> None:
    """Write figures annotated by hand as drawn ones are written; panels of no kind are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for figure in figures:
        image = read_image(figure.image, settings().max_image_megapixels)
        panels = [StoredPanel(p.box, p.kind, p.nested, p.type) for p in figure.panels]
        _store_image(image, panels, folder, figure.name)


def _store_image(image: NDArray[np.uint8], panels: Sequence[StoredPanel], folder: Path, name: str) -> None:
    """Write an image and its panels; the .json comes last and whole, so that a reader never sees half of a figure."""
    height, width = image.shape[:2]
    scale = min(1.0, STORED_SIDE_PX / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    factors = np.array([image.shape[1] / width, image.shape[0] / height] * 2)
    entries = [
        {"box": (np.array(p.box) * factors).tolist(), "kind": p.kind.value, "nested": p.nested, "type": p.type}
        for p in panels
    ]
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / f"{name}.jpg"), bgr, [cv2.IMWRITE_JPEG_QUALITY, 94])
    partial_file = folder / f"{name}.partial"
    partial_file.write_text(json.dumps(entries))
    partial_file.replace(folder / f"{name}.json")


def load(folder: Path, name: str) -> tuple[NDArray[np.uint8], list[StoredPanel]]:
    """A stored figure `(H, W, 3)` uint8 RGB, and its panels."""
    bgr = cv2.imread(str(folder / f"{name}.jpg"), cv2.IMREAD_COLOR)
    if bgr is None:
        raise FileNotFoundError(f"{folder / name}.jpg cannot be read; draw the figures again")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8), load_panels(folder, name)


def load_panels(folder: Path, name: str) -> list[StoredPanel]:
    """A stored figure's panels."""
    return [
        StoredPanel(tuple(entry["box"]), PanelKind(entry["kind"]), bool(entry["nested"]), entry.get("type"))
        for entry in json.loads((folder / f"{name}.json").read_text())
    ]


def _recompose(seed: int, folder: Path, figures: Sequence[Path]) -> None:
    from models.panels.recomposition import recomposed

    if not (folder / f"{seed:07d}.json").exists():
        _store_image(*recomposed(seed, _learned_pieces(tuple(figures))), folder, f"{seed:07d}")


@cache
def _learned_pieces(folders: tuple[Path, ...]) -> "list[Piece]":
    from models.panels.recomposition import pieces_of

    return pieces_of(_learned(folders))


def _learned(folders: Iterable[Path]) -> list[AnnotatedFigure]:
    return held_back([figure for folder in folders for figure in read_annotated(folder)])[0]


def _draw(seed: int, folder: Path, real: Path | None, collages: float) -> None:
    from models.figures.draw import draw
    from models.panels.collage import collage

    if (folder / f"{seed:07d}.json").exists():
        return
    if real is not None and random.Random(seed).random() < collages:
        store(collage(seed, real), folder, f"{seed:07d}")
    else:
        store(draw(seed, real=real), folder, f"{seed:07d}")


def main() -> None:
    """Draw what is missing: `python -m models.panels.stored_figures FOLDER --count 8000 [--real DATA]`.

    With `--annotated FIGURES` the annotated figures that are learned from are stored instead; with `--recomposed` too,
    new figures of their panels.
    """
    parser = argparse.ArgumentParser(description="Draw figures for training ahead.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=8000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--real", type=Path, help="folder of real tiles, layouts and graphs")
    parser.add_argument("--collages", type=float, default=0.35, help="share of figures made of real tiles only")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--annotated", type=Path, nargs="+", help="folders of annotated figures (`models.annotated_figures`)"
    )
    parser.add_argument("--recomposed", action="store_true", help="new figures of the panels of those of --annotated")
    options = parser.parse_args()
    use_installed_fonts()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.annotated and not options.recomposed:
        _store_annotated(_learned(options.annotated), options.folder)
        return
    seeds = range(options.first_seed, options.first_seed + options.count)
    work = partial(_draw, folder=options.folder, real=options.real, collages=options.collages)
    if options.recomposed:
        work = partial(
            _recompose, folder=options.folder, figures=options.annotated or parser.error("--annotated is missing")
        )
    with ProcessPoolExecutor(options.workers) as pool:
        for done, _ in enumerate(pool.map(work, seeds, chunksize=4), start=1):
            if done % 100 == 0:
                log.info("%d of %d figures in %s", done, len(seeds), options.folder)


if __name__ == "__main__":
    main()
