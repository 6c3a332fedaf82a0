"""Reading scale labels and panel letters: from a text crop to characters, lengths in nm, and doubts as probabilities.

The network (`exsclaim.figures.detection.text_network`) gives a distribution over characters for each column. What is
decoded from it must be something that can stand there: for a scale label a number and a unit, for a panel letter
one of the ways in which panels are numbered. A text that fits neither is not read into one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from exsclaim.figures.detection.ctc_decoding import Scores, greedy, log_probabilities, possible
from exsclaim.figures.detection.text_network import NAME, Reader, batch, prepare
from exsclaim.figures.weights import FOLDER, load_weights
from exsclaim.geometry import Box
from exsclaim.lengths import length_nm, tidy

_CROPS_AT_ONCE = 32
_UNITS = ("nm", "µm", "mm", "cm", "pm", "m", "Å", "nm-1", "Å-1", "/nm", "/Å", "/µm", "km")
_NUMBER = re.compile(r"(?:[1-9]\d{0,3}|0(?=[.,]))(?:[.,]\d{1,3})?|[.,]\d{1,3}")
_SCALE = re.compile(rf"({_NUMBER.pattern})(nm-1|Å-1|/nm|/Å|/µm|nm|µm|mm|cm|km|pm|m|Å)")
_OTHER_NUMBERS = ("12", "15", "25", "35", "75", "120", "150", "250", "350", "750", "1500", "1.5", "2.5", "0.25", "0.05")
_CLEAR = 0.7
"""Probability above which what the columns say is taken as it is; below, what scale labels usually say counts too."""
_LEAST_POWER = 0.01
_POWER_ODDS = 0.02
"""Probability of a reciprocal label, alone and as a multiple of the length's, above which it may be one."""
_LEAST = 1e-3
"""Probability below which a scale label is a guess out of the air."""
_WINDOWS = ((0.0, 1.0), (0.15, 0.85), (0.0, 0.8), (0.2, 1.0))
"""Shares of a loose crop's height within which its text is looked for."""
_RARE_UNITS = {"mm": 0.7, "Å": 1.0, "cm": 2.0, "pm": 3.0, "m": 5.0, "/nm": 2.0, "nm-1": 2.0, "/Å": 3.0, "/µm": 3.0,
    "Å-1": 3.0, "km": 5.0,
}  # fmt: skip
"""Rarity of other units than nm and µm on published micrographs, as a difference of logarithms (rounded)."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(frozen=True)
class ScaleLabel:
    """A scale label as read: `text` in one spelling ("0.5 µm", "5 1/nm"), `length_nm` None for what is no length.

    `text` is "" where nothing that could be a scale label is there; `confidence` is the text's probability.
    """

    text: str
    length_nm: float | None
    confidence: float


@dataclass(frozen=True)
class Letter:
    """A panel letter as read, without its brackets; `text` is "" where the crop shows no letter.

    `confidence` is the text's probability, 0 where there is none. `alternatives` has the probability of each label
    that is not out of the question, most probable first, so that an assignment over all panels can choose another.
    """

    text: str
    confidence: float
    alternatives: dict[str, float]


def cut_out(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The crop of a detected letter or scale label that the reader is to see: `box` with a margin, never empty.

    A detector's box is off by up to a third of the text's height at its ends and less above and below; margins of
    0.4 and 0.15 heights read best on detections in real figures.
    """
    height, width = image.shape[:2]
    across, down = max(2.0, 0.4 * box.height), max(2.0, 0.15 * box.height)
    x0, y0 = int(np.clip(box.x0 - across, 0, width - 1)), int(np.clip(box.y0 - down, 0, height - 1))
    x1, y1 = max(x0 + 1, int(box.x1 + across) + 1), max(y0 + 1, int(box.y1 + down) + 1)
    return image[y0:y1, x0:x1]


def with_power(box: Box) -> Box:
    """A scale label's box with the room where a superscript would stand: detectors leave out the -1 of "5 nm⁻¹"."""
    return Box(box.x0, box.y0 - 0.35 * box.height, box.x1 + 2.0 * box.height, box.y1)


class TextReader:
    """Reads crops `(h, w, 3)` uint8 RGB around a text, with some margin; any number at once."""

    def __init__(self, network: Reader, device: str = "cpu") -> None:
        # channels last: two thirds of the time on a CPU
        self._network = network.eval().to(device).to(memory_format=torch.channels_last)
        self._device = device

    @classmethod
    def load(cls, device: str = "cpu", folder: Path = FOLDER, *, name: str = NAME) -> Self:
        """The reader with the weights of a folder, the installed ones unless given.

        Args:
            device: torch's name of it.
            folder: of the weights.
            name: of the weights: `text_network.NAME` reads panel letters best, `SCALE_NAME` scale labels.

        Raises:
            WeightsError: they are missing, damaged or made for another code.
        """
        tensors, _ = load_weights(name, folder)
        network = Reader()
        network.load_state_dict(tensors)
        return cls(network, device)

    def read_scale_labels(self, crops: Sequence[NDArray[np.uint8]], *, loose: bool = False) -> list[ScaleLabel]:
        """Each crop's scale label: a number and a unit.

        Args:
            crops: the texts.
            loose: they were not cut by `cut_out` but by people, with the bar and whatever else is around. Several
                parts of each are read, and the clearest reading counts: slower.
        """
        if not loose:
            return [scale_label(scores) for scores in self.scores(crops)]
        parts = [_rows(crop, top, bottom) for crop in crops for top, bottom in _WINDOWS]
        read = [scale_label(scores) for scores in self.scores(parts)]
        count = len(_WINDOWS)
        return [max(read[start : start + count], key=_plausibility) for start in range(0, len(read), count)]

    def read_letters(self, crops: Sequence[NDArray[np.uint8]]) -> list[Letter]:
        """Each crop's panel letter, with its alternatives."""
        return [letter(scores) for scores in self.scores(crops)]

    def scores(self, crops: Sequence[NDArray[np.uint8]]) -> list[Scores]:
        """The network's log-probabilities for each crop, in the crops' order.

        Raises:
            ValueError: a crop is not `(h, w, 3)` uint8 or has no pixels.
        """
        for crop in crops:
            if crop.ndim != 3 or crop.shape[2] != 3 or crop.dtype != np.uint8 or crop.size == 0:
                raise ValueError(f"a crop must be (h, w, 3) uint8 with pixels, not {crop.shape} {crop.dtype}")
        prepared = [prepare(crop) for crop in crops]
        found: list[Scores] = [np.empty((0, 0))] * len(crops)
        # neighbours in width share a batch: little is spent on padding
        order = sorted(range(len(crops)), key=lambda index: prepared[index].shape[2])
        for start in range(0, len(order), _CROPS_AT_ONCE):
            chosen = order[start : start + _CROPS_AT_ONCE]
            images, columns = batch([prepared[index] for index in chosen])
            with torch.inference_mode():
                images = images.to(self._device, memory_format=torch.channels_last)
                scores = self._network(images).cpu().numpy().astype(np.float64)
            for index, values, count in zip(chosen, scores, columns.tolist(), strict=True):
                found[index] = values[:count]
        return found


def scale_label(scores: Scores) -> ScaleLabel:
    """The most probable scale label under `scores`."""
    text = greedy(scores)
    confidence = float(np.exp(log_probabilities(scores, [text])[0])) if _SCALE.fullmatch(text) else 0.0
    if confidence < _CLEAR:
        if np.exp(log_probabilities(scores, ["", "#"])).sum() > 0.5:
            return ScaleLabel("", None, 0.0)
        number = _NUMBER.match(text)
        candidates = possible(_scale_labels(), scores)
        candidates += [f"{number[0]}{unit}" for unit in _UNITS if number and f"{number[0]}{unit}" not in candidates]
        if not candidates:
            return ScaleLabel("", None, 0.0)
        likelihoods = log_probabilities(scores, candidates)
        best = int(np.argmax(likelihoods - [_rarity(candidate) for candidate in candidates]))
        text, confidence = candidates[best], float(np.exp(likelihoods[best]))
        if confidence < _LEAST:
            return ScaleLabel("", None, 0.0)
    return ScaleLabel(printed(text), length_nm(printed(text)), confidence)


def may_be_reciprocal(scores: Scores, text: str) -> bool:
    """True if a label that was read as a length may be a reciprocal one.

    Args:
        scores: of the crop that has room for a superscript, see `with_power`.
        text: the length as read without that room, "5 nm".
    """
    number, _, unit = text.partition(" ")
    length, *powers = np.exp(log_probabilities(scores, [f"{number}{unit}", f"{number}{unit}-1", f"{number}1/{unit}"]))
    return bool(sum(powers) > max(_LEAST_POWER, _POWER_ODDS * length))


def _rarity(characters: str) -> float:
    """Rarity of a scale label compared with "100 nm", as a logarithm."""
    found = _SCALE.fullmatch(characters)
    if found is None:
        return np.inf
    digits = re.sub(r"[.,]", "", found[1]).strip("0")
    odd = 0.0 if digits in ("1", "2", "5") else 1.5 if digits in ("3", "4", "6", "8", "15", "25") else 3.0
    return odd + _RARE_UNITS.get(found[2], 0.0)


def printed(characters: str) -> str:
    """The reader's characters as a scale label is written: "0.5µm" and ".5µm" -> "0.5 µm", "51/nm" -> "5 1/nm"."""
    found = _SCALE.fullmatch(characters)
    if found is None:
        return characters
    number, unit = found[1].replace(",", "."), found[2]
    number = f"0{number}" if number.startswith(".") else number
    if unit.startswith("/"):
        # the 1 of "1/nm" was read as the number's last digit
        number = number[:-1] if number.endswith("1") and len(number) > 1 else number
        return f"{number} 1{unit}"
    return tidy(f"{number} {unit}")


def letter(scores: Scores) -> Letter:
    """The most probable panel letter under `scores`, and the others."""
    labels = possible(_labels(), scores)
    if not labels:
        return Letter("", 0.0, {})
    probabilities = np.exp(log_probabilities(scores, labels))
    order = np.argsort(-probabilities)
    alternatives = {labels[index]: float(probabilities[index]) for index in order[:40] if probabilities[index] > 1e-5}
    nothing = float(np.exp(log_probabilities(scores, ["", "#"])).sum())
    best = next(iter(alternatives), "")
    confidence = alternatives.get(best, 0.0) + alternatives.get(best.swapcase(), 0.0)
    if nothing > confidence:
        return Letter("", 0.0, alternatives)
    return Letter(best, min(1.0, confidence), alternatives)


def _rows(crop: NDArray[np.uint8], top: float, bottom: float) -> NDArray[np.uint8]:
    first = int(top * len(crop))
    return crop[first : max(first + 1, round(bottom * len(crop)))]


def _plausibility(label: ScaleLabel) -> float:
    """The reading's confidence, less for units that are hardly ever printed."""
    unit = label.text.partition(" ")[2]
    return label.confidence * float(np.exp(-_RARE_UNITS.get(unit, 0.0)))


@cache
def _labels() -> tuple[str, ...]:
    """The labels that panels have: letters, letters with a digit, Roman numbers, numbers."""
    small = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    plain = [*small, *(f"{base}{digit}" for base in small for digit in range(1, 10)), *_ROMAN]
    labels = [*plain, *(label.upper() for label in plain), *(str(number) for number in range(1, 13))]
    return tuple(dict.fromkeys(labels))


@cache
def _scale_labels() -> tuple[str, ...]:
    """Scale labels that are no surprise: one digit and noughts, some others, all with each unit."""
    whole = [str(digit * 10**power) for power in range(4) for digit in range(1, 10)]
    numbers = [*whole, *_OTHER_NUMBERS, *(f"{zero}.{digit}" for digit in range(1, 10) for zero in ("0", ""))]
    numbers += [f"{number}{noughts}" for number in whole[:18] for noughts in (".0", ".00")]
    return tuple(f"{number}{unit}" for number in numbers for unit in _UNITS)
