"""Printed scale labels of annotated figures, for the reader to learn from real print.

    python -m models.readers.annotated_texts FOLDER... --out POOL

POOL/<n>.png       a detected scale label with much around it
POOL/texts.json    [{"figure": …, "box": [x0, y0, x1, y1], "text": "0.5µm"}, …] in the order of n, boxes in its px

Gold has the text of scale labels without their boxes. A box that the detector finds beside a bar is taken for its
label's where our reader or the second one (`exsclaim.figures.detection.second_reader`, the teacher) reads there what
the gold says. The part of the figures that trainings hold back is left out.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector, Found
from exsclaim.figures.detection.second_reader import SecondReader, installed
from exsclaim.figures.detection.text_network import CHARACTERS, SCALE_NAME
from exsclaim.figures.detection.text_reader import TextReader, cut_out
from exsclaim.figures.image import read_image
from exsclaim.figures.scale.scale_label_check import spelled
from exsclaim.lengths import length_nm
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedBar, AnnotatedFigure, held_back, read_annotated
from models.figures.truth import Image
from models.readers.text_crops import RealText, characters

_LEAST_CONFIDENCE = 0.15
_FARTHEST = 2.0
"""Distance of label and bar, in heights of the label."""
_AROUND = 2.0
"""Margin that is stored around a label, in its heights: crops are jittered within it."""


def printed_labels(figure: AnnotatedFigure, detector: BarAndLabelDetector, read: "Readers") -> list[RealText]:
    """The scale labels of a figure that were found where a bar has one, and read as the gold has it."""
    bars = [bar for panel in figure.panels for bar in panel.scale_bars if bar.text]
    if not bars:
        return []
    image = read_image(figure.image, settings().max_image_megapixels)
    texts = []
    for label in detector.find(image, _LEAST_CONFIDENCE).labels:
        near = sorted((bar for bar in bars if _distance(bar, label) < _FARTHEST), key=lambda bar: _distance(bar, label))
        agreed = next((bar for bar in near if read.agree(cut_out(image, label.box), bar)), None)
        if agreed is not None and set(text := characters(agreed.text or "")) <= set(CHARACTERS):
            texts.append(_with_surroundings(image, label, text))
    return texts


class Readers:
    """Our reader, and the second one where it is installed."""

    def __init__(self, own: TextReader, second: SecondReader | None) -> None:
        self._own, self._second = own, second

    def agree(self, crop: Image, bar: AnnotatedBar) -> bool:
        """True if one of them reads in the crop what is printed at the bar."""
        (own,) = self._own.read_scale_labels([crop])
        if _says(own.text, bar):
            return True
        if self._second is None:
            return False
        (second,) = self._second.read([crop])
        return _says(spelled(second.text, bar.text or ""), bar)


def _says(text: str, bar: AnnotatedBar) -> bool:
    value = length_nm(text)
    if bar.length_nm and value:
        return abs(value - bar.length_nm) <= 0.01 * bar.length_nm
    return characters(text).lower() == characters(bar.text or "").lower()


def _distance(bar: AnnotatedBar, label: Found) -> float:
    x0, y0, x1, y1 = bar.box
    across = max(0.0, label.box.x0 - x1, x0 - label.box.x1)
    down = max(0.0, label.box.y0 - y1, y0 - label.box.y1)
    return float(np.hypot(across, down)) / max(8.0, label.box.height)


def _with_surroundings(image: Image, label: Found, text: str) -> RealText:
    x0, y0, x1, y1 = (round(v) for v in label.box.corners)
    margin = round(_AROUND * (y1 - y0))
    left, top = max(0, x0 - margin), max(0, y0 - margin)
    part = image[top : y1 + margin, left : x1 + margin].copy()
    return RealText(part, (x0 - left, y0 - top, x1 - left, y1 - top), text)


def store(figures: Iterable[AnnotatedFigure], out: Path) -> int:
    """Write the printed labels of figures into `out`; their number."""
    out.mkdir(parents=True, exist_ok=True)
    detector, read = BarAndLabelDetector.load(), Readers(TextReader.load(name=SCALE_NAME), installed())
    entries: list[dict[str, object]] = []
    for figure in figures:
        for label in printed_labels(figure, detector, read):
            cv2.imwrite(str(out / f"{len(entries)}.png"), np.ascontiguousarray(label.tile[:, :, ::-1]))
            entries.append({"figure": figure.name, "box": list(label.box), "text": label.text})
    (out / "texts.json").write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
    return len(entries)


def load(pool: Path) -> list[RealText]:
    """The printed labels of a pool."""
    texts = []
    for number, entry in enumerate(json.loads((pool / "texts.json").read_text(encoding="utf-8"))):
        bgr = cv2.imread(str(pool / f"{number}.png"))
        if bgr is None:
            raise FileNotFoundError(f"{pool / str(number)}.png cannot be read; store the pool again")
        tile = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
        texts.append(RealText(tile, tuple(entry["box"]), entry["text"]))
    return texts


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Store the printed scale labels of annotated figures.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    learned, _ = held_back(figure for folder in options.folders for figure in read_annotated(folder))
    store(learned, options.out)


if __name__ == "__main__":
    main()
