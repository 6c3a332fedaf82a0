"""Score the readers on real crops: `python -m models.readers.text_evaluation --data FOLDER [--weights FOLDER]`.

DATA/scale_labels     crops of scale labels with labels.csv ("um" for micrometre)
DATA/figures          figures with gold boxes of letters and scale labels, cut out with a detector's margin
"""

import argparse
import csv
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.text_network import NAME, SCALE_NAME
from exsclaim.figures.detection.text_reader import TextReader, cut_out
from exsclaim.figures.image import read_image
from exsclaim.figures.weights import FOLDER, folders, load_weights
from exsclaim.geometry import Box
from exsclaim.lengths import length_nm, tidy

LOG = logging.getLogger("models.readers")
_MEGAPIXELS = 200.0


@dataclass
class Score:
    """Number of texts that were read right, and the wrong ones: `(where, expected, read, confidence)`."""

    right: int = 0
    count: int = 0
    wrong: list[tuple[str, str, str, float]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / max(1, self.count)

    def add(self, right: bool, where: str, expected: str, read: str, confidence: float) -> None:
        self.count += 1
        self.right += right
        if not right:
            self.wrong.append((where, expected, read, confidence))


def score_label_crops(reader: TextReader, folder: Path) -> Score:
    """Scale label crops: value and unit must both be right."""
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = [(row["file"], row["text"]) for row in csv.DictReader(file)]
    found = reader.read_scale_labels([read_image(folder / name, _MEGAPIXELS) for name, _ in rows], loose=True)
    score = Score()
    for (name, text), label in zip(rows, found, strict=True):
        score.add(tidy(label.text) == tidy(text), name, text, label.text, label.confidence)
    return score


def score_gold(letter_reader: TextReader, scale_reader: TextReader, figures: Path) -> tuple[Score, Score]:
    """Letters (case apart) and scale labels (nm within 1 %) at the gold boxes of real figures."""
    letters, labels = Score(), Score()
    for name, image, gold in _gold(figures):
        panels = [panel for panel in gold["panels"] if panel["label_box"] and panel["label"]]
        read = letter_reader.read_letters([cut_out(image, Box.of(panel["label_box"])) for panel in panels])
        for panel, letter in zip(panels, read, strict=True):
            right = letter.text.lower() == panel["label"].lower()
            letters.add(right, name, panel["label"], letter.text, letter.confidence)
        bars = [bar for panel in gold["panels"] for bar in panel["scale_bars"] if bar["label_box"]]
        scales = scale_reader.read_scale_labels([cut_out(image, Box.of(bar["label_box"])) for bar in bars])
        for bar, scale in zip(bars, scales, strict=True):
            expected = length_nm(bar["label_text"])
            right = scale.length_nm is not None and expected is not None and np.isclose(scale.length_nm, expected, 0.01)
            labels.add(bool(right), name, bar["label_text"], scale.text, scale.confidence)
    return letters, labels


def _gold(figures: Path) -> Iterator[tuple[str, NDArray[np.uint8], dict[str, Any]]]:
    for path in sorted((figures / "gold").glob("*.json")):
        gold = json.loads(path.read_text())
        yield path.stem, read_image(figures / f"{path.stem}.png", _MEGAPIXELS), gold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder with either reader's weights")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    own = folders((NAME, SCALE_NAME), options.weights)
    for name, folder in own.items():
        LOG.info("%s %s", name, load_weights(name, folder)[1].version)
    letter_reader, scale_reader = (TextReader.load("cpu", folder, name=name) for name, folder in own.items())
    crops = score_label_crops(scale_reader, options.data / "scale_labels")
    letters, labels = score_gold(letter_reader, scale_reader, options.data / "figures")
    for what, score in (("scale label crops", crops), ("gold letters", letters), ("gold scale labels", labels)):
        LOG.info("%s: %d of %d right (%.3f)", what, score.right, score.count, score.share)
        for where, expected, read, confidence in score.wrong:
            LOG.info("    %s: %r read as %r (%.2f)", where, expected, read, confidence)


if __name__ == "__main__":
    main()
