"""Batches for training: drawn figures read back, altered, and brought to one size per batch."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset

from exsclaim.figures.detection.panel_detector import input_size, network_input
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.records import PanelKind
from models.panels.alterations import altered, side_by_side
from models.panels.panel_losses import Truth
from models.panels.stored_figures import StoredPanel, load, load_panels

_POOL = 128
"""Figures read at a time, so that batches of one shape can be formed."""
_MIN_SIDE_PX = 12.0
"""Panels narrower than this at the network's input are not asked for."""
_SIDE_BY_SIDE = 0.12
"""Share of the batches' figures that are two figures beside or above each other."""
_RARE = {
    PanelKind.PARENT: 1.0, PanelKind.ILLUSTRATION: 1.0, PanelKind.PHOTO: 0.7, PanelKind.MAP: 2.0,
    PanelKind.MEDICAL: 1.5, PanelKind.GEL: 2.0, PanelKind.TABLE: 2.0, PanelKind.DIFFRACTION: 0.7,
}  # fmt: skip
"""Figures with panels of these kinds are taken more often: published figures are mostly micrographs and graphs."""


@dataclass(frozen=True)
class Batch:
    """`images` `(N, 3, H, W)` as the network wants them, and N truths."""

    images: Tensor
    truths: list[Truth]


class StoredFigures(IterableDataset[Batch]):
    """Endless batches of altered figures, each batch of one shape and of a scale of its own.

    Args:
        folders: where figures lie, or will, and how much of the mix each gives.
        batch_size: figures per batch.
        areas_px: smallest and largest area of the network's input.
        seed: of the order and the alterations.
    """

    def __init__(self, folders: Mapping[Path, float], batch_size: int, areas_px: tuple[int, int], seed: int) -> None:
        self.folders, self.batch_size, self.areas_px, self.seed = folders, batch_size, areas_px, seed

    def __iter__(self) -> Iterator[Batch]:
        rng = random.Random(self.seed)
        sources = [_Source(folder) for folder in self.folders]
        waiting: dict[tuple[int, int], list[tuple[NDArray[np.uint8], list[StoredPanel]]]] = {}
        while True:
            for source in sources:
                source.look_again()
            for source in rng.choices(sources, list(self.folders.values()), k=_POOL):
                image, panels = altered(*source.draw(rng), rng)
                if rng.random() < _SIDE_BY_SIDE:
                    image, panels = side_by_side((image, panels), altered(*source.draw(rng), rng), rng)
                group = waiting.setdefault(input_size(image.shape[1], image.shape[0], self.areas_px[0]), [])
                group.append((image, panels))
                if len(group) == self.batch_size:
                    yield _as_batch(group, rng.randint(*self.areas_px))
                    group.clear()


class _Source:
    """A folder of stored figures, of which those with rare kinds are drawn more often."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._weights: dict[str, float] = {}

    def look_again(self) -> None:
        """Take in figures that came since."""
        # sorted: a disk's own order would make other batches of the same seed
        for path in sorted(self._folder.glob("*.json")):
            if path.stem not in self._weights:
                self._weights[path.stem] = _weight({panel.kind for panel in load_panels(self._folder, path.stem)})
        if not self._weights:
            raise FileNotFoundError(
                f"{self._folder} holds no figures; draw some: python -m models.panels.stored_figures"
            )

    def draw(self, rng: random.Random) -> tuple[NDArray[np.uint8], list[StoredPanel]]:
        name = rng.choices(list(self._weights), list(self._weights.values()))[0]
        return load(self._folder, name)


def _weight(kinds: set[PanelKind]) -> float:
    return 1.0 + sum(more for kind, more in _RARE.items() if kind in kinds)


def _as_batch(figures: list[tuple[NDArray[np.uint8], list[StoredPanel]]], area_px: int) -> Batch:
    """Figures of about one shape, brought to one size of about `area_px`."""
    height, width = np.mean([image.shape[:2] for image, _ in figures], axis=0)
    size = input_size(width, height, area_px)
    images, truths = [], []
    for image, panels in figures:
        images.append(network_input(image, size))
        scale = np.array([size[0] / image.shape[1], size[1] / image.shape[0]] * 2, np.float32)
        known = [panel for panel in panels if panel.kind in KINDS]
        boxes = np.array([panel.box for panel in known], np.float32).reshape(-1, 4) * scale
        asked = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= _MIN_SIDE_PX
        truths.append(
            Truth(
                torch.from_numpy(boxes[asked]),
                torch.tensor([KINDS.index(panel.kind) for panel in known], dtype=torch.int64)[asked],
                torch.tensor([panel.nested for panel in known], dtype=torch.bool)[asked],
                torch.tensor([TYPES.index(p.type) if p.type else -1 for p in known], dtype=torch.int64)[asked],
            )
        )
    return Batch(torch.stack(images), truths)
