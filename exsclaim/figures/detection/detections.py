"""The networks at work on a figure, and the detections that they make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from exsclaim.errors import SettingsError
from exsclaim.figures.detection import openvino_runtime
from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector, Found, is_one_thing
from exsclaim.figures.detection.bar_and_label_network import NAME as BARS
from exsclaim.figures.detection.kind_classifier import WEIGHTS as KINDS
from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.panel_detector import WEIGHTS as PANELS
from exsclaim.figures.detection.panel_detector import DetectedPanel, PanelDetector
from exsclaim.figures.detection.text_network import NAME as LETTERS
from exsclaim.figures.detection.text_network import SCALE_NAME as SCALES
from exsclaim.figures.detection.text_reader import (
    ScaleLabel,
    TextReader,
    cut_out,
    letter,
    may_be_reciprocal,
    scale_label,
    with_power,
)
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.scale.print_near_bars import label_cost
from exsclaim.figures.scale.scale_bars import LEAST_LEGIBLE, DetectedBar, DetectedScaleLabel
from exsclaim.figures.weights import FOLDER, digest, folders
from exsclaim.geometry import Box

NAMES = (PANELS, BARS, LETTERS, SCALES, KINDS)
"""Of the weights that separation uses."""
_DOUBLE = 0.3
"""Share of a letter from which on a scale label stands in its place."""
LEAST_CONFIDENCE = 0.2
"""Panel labels and scale bars from here on is read; what stands beside it decides whether it is believed."""

_NEAR = 2.0
"""Bars without a legible label within this cost are looked at from close by,"""
_MOST_CLOSE = 12
"""the surest of a figure, so many at most."""
_SURE_CLOSE = 0.6
"""Confidence that a bar has from there on if it is seen so from close by: lines that are none have up to .41."""
_LEAST_READ = 0.1
"""Texts that are read there with less probability are none."""


@dataclass(frozen=True)
class Detections:
    """The detections of all networks on one figure; boxes in its pixels."""

    panels: tuple[DetectedPanel, ...]
    letters: tuple[DetectedLabel, ...] = ()
    bars: tuple[DetectedBar, ...] = ()
    scale_labels: tuple[DetectedScaleLabel, ...] = ()

    def scaled(self, factor: float) -> "Detections":
        """The same of the figure at another size, `factor` times as wide."""
        return Detections(
            tuple(replace(item, box=item.box.scaled(factor)) for item in self.panels),
            tuple(replace(item, box=item.box.scaled(factor)) for item in self.letters),
            tuple(replace(item, box=item.box.scaled(factor)) for item in self.bars),
            tuple(replace(item, box=item.box.scaled(factor)) for item in self.scale_labels),
        )


@dataclass(frozen=True)
class Networks:
    """All networks that separation uses, with their weights."""

    panels: PanelDetector
    bars_and_labels: BarAndLabelDetector
    letter_reader: TextReader
    scale_reader: TextReader
    kinds: KindClassifier

    @classmethod
    def load(cls, device: str, folder: Path = FOLDER, *, with_openvino: bool = True) -> Self:
        """The networks with the weights of a folder, the installed ones unless given, on a device ("cpu", "cuda").

        Args:
            device: torch's name of it.
            folder: of the weights; a network of which it has no file (a training makes one) uses the installed ones.
            with_openvino: on a CPU, where it is installed; else torch runs them.

        Raises:
            WeightsError: weights are damaged or for newer code, or the folder has none at all.
        """
        own = folders(NAMES, folder)
        fast = with_openvino and device == "cpu" and openvino_runtime.is_installed()
        return cls(
            PanelDetector.load(device, own[PANELS], with_openvino=fast),
            BarAndLabelDetector.load(device, own[BARS], with_openvino=fast),
            TextReader.load(device, own[LETTERS]),
            TextReader.load(device, own[SCALES], name=SCALES),
            KindClassifier.load(device, own[KINDS], with_openvino=fast),
        )

    def detect(self, images: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """Detections of each figure, `(H, W, 3)` uint8 RGB; all go through the networks together."""
        panels = self.panels.detect(images)
        marks = self.bars_and_labels.find_all(images, LEAST_CONFIDENCE)
        pairs = list(zip(images, marks, strict=True))
        letters = iter(
            self.letter_reader.read_letters(
                [cut_out(image, item.box) for image, found in pairs for item in found.letters]
            )
        )
        crops = [cut_out(image, item.box) for image, found in pairs for item in found.labels]
        labels = iter(self.scale_reader.read_scale_labels(crops))
        as_letters = iter(self.letter_reader.scores(crops))
        detected = []
        for seen, found in zip(panels, marks, strict=True):
            read = [DetectedLabel(item.box, item.confidence, next(letters).alternatives) for item in found.letters]
            texts = []
            for item in found.labels:
                label, scores = next(labels), next(as_letters)
                texts.append(_seen_label(item, label, scale_label(scores).text))
                # a panel letter may be taken for a scale label
                alone = all(item.box.intersection(other.box) <= _DOUBLE * other.box.area for other in found.letters)
                if not label.text and alone and (own := letter(scores)).text:
                    read.append(DetectedLabel(item.box, item.confidence, own.alternatives))
            bars = [
                DetectedBar(item.box, item.confidence, item.ends_in_doubt, item.in_pictures_only) for item in found.bars
            ]
            detected.append(Detections(tuple(seen), tuple(read), tuple(bars), tuple(texts)))
        detected = [self._with_close_looks(image, seen) for image, seen in zip(images, detected, strict=True)]
        return self._with_powers(images, detected)

    def _with_close_looks(self, image: NDArray[np.uint8], seen: Detections) -> Detections:
        """The detections after a look from close by at each bar without a legible label."""
        legible = [label for label in seen.scale_labels if label.text_confidence >= LEAST_LEGIBLE]
        bare = [
            bar
            for bar in sorted(seen.bars, key=lambda bar: -bar.confidence)
            if not (bar.in_pictures_only or any(label_cost(bar.box, label.box) <= _NEAR for label in legible))
        ]
        found: list[Found] = []
        surer: dict[Box, float] = {}
        for bar in bare[:_MOST_CLOSE]:
            confidence, labels = self.bars_and_labels.seen_from_close_by(image, bar.box)
            if confidence >= _SURE_CLOSE:
                surer[bar.box] = max(bar.confidence, confidence)
            found += labels
        bars = tuple(replace(bar, confidence=surer.get(bar.box, bar.confidence)) for bar in seen.bars)
        return replace(seen, bars=bars, scale_labels=self._with_texts(image, seen.scale_labels, found))

    def _with_texts(
        self, image: NDArray[np.uint8], known: Sequence[DetectedScaleLabel], found: Sequence[Found]
    ) -> tuple[DetectedScaleLabel, ...]:
        """The known labels, and of those found what is read better than what was known in its place."""
        crops = [cut_out(image, item.box) for item in found]
        read = zip(found, self.scale_reader.read_scale_labels(crops), self.letter_reader.scores(crops), strict=True)
        labels = list(known)
        for item, text, scores in read:
            rivals = [label for label in labels if is_one_thing(label.box, item.box)]
            if text.confidence >= _LEAST_READ and all(label.text_confidence < text.confidence for label in rivals):
                labels = [label for label in labels if label not in rivals]
                labels.append(_seen_label(item, text, scale_label(scores).text))
        return tuple(labels)

    def _with_powers(self, images: Sequence[NDArray[np.uint8]], detected: Sequence[Detections]) -> list[Detections]:
        """The detections with what may be reciprocal among the lengths, of which a superscript was left out."""
        lengths = [
            (figure, place)
            for figure, detections in enumerate(detected)
            for place, label in enumerate(detections.scale_labels)
            if label.length_nm is not None
        ]
        texts = [list(detections.scale_labels) for detections in detected]
        crops = [cut_out(images[figure], with_power(texts[figure][place].box)) for figure, place in lengths]
        for (figure, place), scores in zip(lengths, self.scale_reader.scores(crops), strict=True):
            label = texts[figure][place]
            if may_be_reciprocal(scores, label.text):
                texts[figure][place] = replace(label, may_be_reciprocal=True)
        return [replace(each, scale_labels=tuple(own)) for each, own in zip(detected, texts, strict=True)]


def _seen_label(found: Found, label: ScaleLabel, other_text: str) -> DetectedScaleLabel:
    return DetectedScaleLabel(
        found.box, found.confidence, label.text, label.length_nm, label.confidence, other_text=other_text
    )


_loaded: dict[tuple[str, Path, tuple[str, ...]], Networks] = {}
_loading = Lock()


def loaded(device: str, weights: str | Path | None = None) -> Networks:
    """The networks with one's own weights or the installed ones, loaded once per process, device and set of weights.

    Args:
        device: as for `torch_device`.
        weights: folder of one's own; see `Networks.load`.

    Raises:
        SettingsError: "cuda" where torch sees no GPU.
        WeightsError: weights are missing, damaged or for newer code.
    """
    chosen, folder = torch_device(device), Path(weights or FOLDER)
    own = folders(NAMES, weights)
    key = (chosen, folder, tuple(digest(name, each) for name, each in own.items()))
    with _loading:
        if key not in _loaded:
            _loaded[key] = Networks.load(chosen, folder)
        return _loaded[key]


def torch_device(device: str) -> str:
    """torch's name of the device that a setting means: "auto" takes a GPU where there is one, else the CPU.

    Raises:
        SettingsError: "cuda" where torch sees no GPU, or a device of another name.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise SettingsError(f"device {device!r} is none of auto, cpu, cuda")
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise SettingsError("device 'cuda' was asked for, but torch sees no GPU; use auto or cpu")
    return "cuda" if device != "cpu" and available else "cpu"
