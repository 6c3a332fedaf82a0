"""The networks at work on a figure: what they see of it, before anything is concluded."""

from dataclasses import dataclass
from threading import Lock
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from exsclaim.errors import SettingsError
from exsclaim.figures.furniture import FurnitureDetector
from exsclaim.figures.label_reading import SeenLetter
from exsclaim.figures.panels import DetectedPanel, PanelDetector
from exsclaim.figures.reading import TextReader, cut_out
from exsclaim.figures.scaling import SeenBar, SeenScaleLabel

LEAST_CONFIDENCE = 0.2
"""Furniture from here on is read; what stands beside it decides whether it is believed."""


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
        letters = self.reader.read_letters([cut_out(image, found.box) for found in furniture.letters])
        labels = self.reader.read_scale_labels([cut_out(image, found.box) for found in furniture.labels])
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
