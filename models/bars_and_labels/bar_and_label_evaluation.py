"""Score the detection of scale bars and labels on real figures.

    python -m models.bars_and_labels.bar_and_label_evaluation --data FOLDER [--weights FOLDER]

DATA/figures      figures with gold boxes
DATA/tiles/emps   the held-out tiles of furniture.json
"""

import argparse
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector, Found
from exsclaim.figures.detection.bar_and_label_network import KINDS, NAME, BarAndLabelNetwork
from exsclaim.figures.image import read_image
from exsclaim.figures.weights import FOLDER, load_weights
from exsclaim.geometry import Box
from exsclaim.quality.matching import Matches, match_greedily
from models.bars_and_labels.scenes import real_tiles

LOG = logging.getLogger("models.bars_and_labels")
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
_LETTER_IOU = 0.3
"""A letter's box need not be exact, only around it."""


@dataclass
class Count:
    """Counts of one kind at one threshold: true and found objects, their matches, bars with lengths within 5 %."""

    objects: Matches = field(default_factory=Matches)
    exact: int = 0


def _bar_agreement(true: Box, found: Box) -> float:
    """1 less the relative error of the length; 0 for another bar, or a bar elsewhere."""
    x, y = (abs(a - b) for a, b in zip(true.centre, found.centre, strict=True))
    if y > 6 or x > max(6.0, 0.25 * true.width):
        return 0.0
    return max(0.0, 1 - abs(true.width - found.width) / max(true.width, 1e-6))


def evaluate(
    detector: BarAndLabelDetector, pictures: Iterator[tuple[NDArray[np.uint8], dict[str, list[Box]]]]
) -> tuple[dict[tuple[str, float], Count], float]:
    """Counts by kind and threshold over pictures with their true boxes by kind, and seconds of CPU per megapixel."""
    counts = {(kind, threshold): Count() for kind in KINDS for threshold in THRESHOLDS}
    spent_s, megapixels = 0.0, 0.0
    for image, true in pictures:
        started = time.process_time()
        detected = detector.find(image, min_confidence=min(THRESHOLDS))
        spent_s += time.process_time() - started
        megapixels += image.shape[0] * image.shape[1] / 1e6
        seen = dict(zip(KINDS, (detected.letters, detected.bars, detected.labels), strict=True))
        for (kind, threshold), count in counts.items():
            _add(count, kind, true[kind], [item for item in seen[kind] if item.confidence >= threshold])
    return counts, spent_s / max(megapixels, 1e-6)


def _add(count: Count, kind: str, true: list[Box], found: list[Found]) -> None:
    boxes = [item.box for item in found]
    is_bar = kind == "scale_bar"
    pairs = match_greedily(true, boxes, _bar_agreement if is_bar else Box.iou, 0.5 if is_bar else _LETTER_IOU)
    count.objects += Matches(true=len(true), found=len(boxes), matched=len(pairs))
    count.exact += sum(score >= 0.95 for *_, score in pairs)


def gold_figures(figures: Path) -> Iterator[tuple[NDArray[np.uint8], dict[str, list[Box]]]]:
    """The real figures with their gold boxes of letters, bars and scale labels."""
    for path in sorted((figures / "gold").glob("*.json")):
        panels = json.loads(path.read_text())["panels"]
        bars = [bar for panel in panels for bar in panel["scale_bars"]]
        yield (
            read_image(figures / f"{path.stem}.png", 200.0),
            {
                "letter": [Box.of(panel["label_box"]) for panel in panels if panel["label_box"]],
                "scale_bar": [Box.of(bar["box"]) for bar in bars],
                "scale_label": [Box.of(bar["label_box"]) for bar in bars if bar["label_box"]],
            },
        )


def _held_out_tiles(emps: Path) -> Iterator[tuple[NDArray[np.uint8], dict[str, list[Box]]]]:
    """The real tiles that training does not see."""
    for tile in real_tiles(emps, held_out=True):
        yield (
            tile.image,
            {
                kind: [Box.of(box) for box, k in zip(tile.boxes, tile.kinds, strict=True) if k == number]
                for number, kind in enumerate(KINDS)
            },
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder with bars_and_labels.safetensors")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    tensors, meta = load_weights(NAME, options.weights)
    network = BarAndLabelNetwork()
    network.load_state_dict(tensors)
    detector = BarAndLabelDetector(network)
    LOG.info("bars_and_labels %s", meta.version)
    sets = (
        ("gold figures", gold_figures(options.data / "figures")),
        ("held-out tiles", _held_out_tiles(options.data / "tiles" / "emps")),
    )
    for name, pictures in sets:
        counts, seconds = evaluate(detector, pictures)
        LOG.info("%s: %.3f s of CPU per megapixel", name, seconds)
        for (kind, threshold), count in counts.items():
            of = count.objects
            exact = f" length within 5 % {count.exact / max(1, of.matched):.3f}" if kind == "scale_bar" else ""
            LOG.info(
                "    %-11s at %.1f: precision %.3f recall %.3f F1 %.3f (%d true)%s",
                kind, threshold, of.precision, of.recall, of.f1, of.true, exact,
            )  # fmt: skip


if __name__ == "__main__":
    main()
