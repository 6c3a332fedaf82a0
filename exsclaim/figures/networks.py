"""The networks at work on a figure: what they see of it, before anything is concluded."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from exsclaim.errors import SettingsError
from exsclaim.figures.furniture import Found, FurnitureDetector
from exsclaim.figures.label_reading import SeenLetter
from exsclaim.figures.panels import DetectedPanel, PanelDetector
from exsclaim.figures.reading import TextReader
from exsclaim.figures.scaling import SeenBar, SeenScaleLabel
from exsclaim.geometry import Box

LEAST_CONFIDENCE = 0.12
"""Furniture from here on is read; what stands beside it decides whether it is believed."""
_MARGIN = 0.15
"""Around a text, as a share of its height: as the reader was trained."""


@dataclass(frozen=True)
class Sight:
    """What the networks see of one figure; boxes in its pixels."""

    panels: tuple[DetectedPanel, ...]
    letters: tuple[SeenLetter, ...] = ()
    bars: tuple[SeenBar, ...] = ()
    scale_labels: tuple[SeenScaleLabel, ...] = ()


@dataclass(frozen=True)
class Networks:
    """All networks that separation uses, with their weights."""

    panels: PanelDetector
    furniture: FurnitureDetector
    reader: TextReader

    @classmethod
    def load(cls, device: str) -> Self:
        """The networks with the installed weights on a device ("cpu", "cuda").

        Raises:
            WeightsError: weights are missing, damaged or for newer code.
        """
        return cls(PanelDetector.load(device), FurnitureDetector.load(device), TextReader.load(device))

    def look(self, image: NDArray[np.uint8]) -> Sight:
        """What is seen of a figure, `(H, W, 3)` uint8 RGB."""
        (panels,) = self.panels.detect([image])
        furniture = self.furniture.find(image, LEAST_CONFIDENCE)
        letters = self.reader.read_letters(crops(image, furniture.letters))
        labels = self.reader.read_scale_labels(crops(image, furniture.labels))
        return Sight(
            panels=tuple(panels),
            letters=tuple(
                SeenLetter(found.box, found.confidence, letter.alternatives)
                for found, letter in zip(furniture.letters, letters, strict=True)
            ),
            bars=tuple(SeenBar(found.box, found.confidence) for found in furniture.bars),
            scale_labels=tuple(
                SeenScaleLabel(found.box, found.confidence, label.text, label.length_nm, label.confidence)
                for found, label in zip(furniture.labels, labels, strict=True)
            ),
        )


_loaded: dict[str, Networks] = {}
_loading = Lock()


def installed(device: str) -> Networks:
    """The installed networks, loaded once per process and device; any number of threads may ask.

    Args:
        device: as for `torch_device`.

    Raises:
        SettingsError: "cuda" where torch sees no GPU.
        WeightsError: weights are missing, damaged or for newer code.
    """
    chosen = torch_device(device)
    with _loading:
        if chosen not in _loaded:
            _loaded[chosen] = Networks.load(chosen)
        return _loaded[chosen]


def torch_device(device: str) -> str:
    """torch's name of the device that a setting means: "auto" takes a GPU where there is one, else the CPU.

    Raises:
        SettingsError: "cuda" where torch sees no GPU.
    """
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise SettingsError("device 'cuda' was asked for, but torch sees no GPU; use auto or cpu")
    return "cuda" if device != "cpu" and available else "cpu"


def crops(image: NDArray[np.uint8], found: Sequence[Found]) -> list[NDArray[np.uint8]]:
    """The pixels of each text with a margin; at least one pixel each."""
    return [_crop(image, item.box) for item in found]


def _crop(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    margin = max(2.0, _MARGIN * box.height)
    x0, y0 = (min(int(max(0.0, v - margin)), limit - 1) for v, limit in ((box.x0, width), (box.y0, height)))
    return image[y0 : int(box.y1 + margin) + 1, x0 : int(box.x1 + margin) + 1]
