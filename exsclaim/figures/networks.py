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
from exsclaim.figures.reading import ScaleLabel, TextReader, cut_out
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

    def look(self, images: Sequence[NDArray[np.uint8]]) -> list[Sight]:
        """What is seen of each figure, `(H, W, 3)` uint8 RGB; all go through the networks together."""
        panels = self.panels.detect(images)
        furniture = self.furniture.find_all(images, LEAST_CONFIDENCE)
        pairs = list(zip(images, furniture, strict=True))
        letters = iter(
            self.reader.read_letters([cut_out(image, item.box) for image, found in pairs for item in found.letters])
        )
        labels = iter(
            self.reader.read_scale_labels([cut_out(image, item.box) for image, found in pairs for item in found.labels])
        )
        return [
            Sight(
                panels=tuple(seen),
                letters=tuple(
                    SeenLetter(item.box, item.confidence, next(letters).alternatives) for item in found.letters
                ),
                bars=tuple(SeenBar(item.box, item.confidence) for item in found.bars),
                scale_labels=tuple(_seen_label(item, next(labels)) for item in found.labels),
            )
            for seen, found in zip(panels, furniture, strict=True)
        ]


def _seen_label(found: Found, label: ScaleLabel) -> SeenScaleLabel:
    return SeenScaleLabel(found.box, found.confidence, label.text, label.length_nm, label.confidence)


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
