"""Score the panel network on published figures with gold boxes, or on drawn ones.

    python -m models.panels.panel_evaluation FIGURES --gold GOLD [--weights FOLDER] [--out metrics.json]
    python -m models.panels.panel_evaluation DRAWN

DRAWN is a folder of figures drawn ahead (`models.panels.stored_figures`). GOLD holds one JSON per figure:
{"panels": [{"box": [x0, y0, x1, y1], "class": "graph"}, …]}. A true panel and a found one are matched greedily by IoU
(from 0.5 on); F1 at a limit counts matches of at least that IoU.
"""

import argparse
import json
import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.panel_detector import PanelDetector
from exsclaim.figures.image import read_image
from exsclaim.figures.panels.panel_choice import choose
from exsclaim.figures.weights import FOLDER
from exsclaim.geometry import Box
from exsclaim.quality.matching import match_greedily
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure
from models.panels.stored_figures import load

IOU_LIMITS = (0.5, 0.75, 0.9)

log = logging.getLogger(__name__)


@dataclass
class Score:
    """Counts over figures; `kinds` counts (true, found) pairs of matched panels, parents left out."""

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    matched: Counter[tuple[str, float]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, true: list[tuple[Box, str]], found: list[tuple[Box, str]]) -> list[tuple[int, int, float]]:
        """Book one figure; returns the matches as (true, found, IoU)."""
        self.true.update(kind for _, kind in true)
        self.found.update(kind for _, kind in found)
        matches = match_greedily([box for box, _ in true], [box for box, _ in found], Box.iou, IOU_LIMITS[0])
        for i, j, iou in matches:
            self.kinds[true[i][1], found[j][1]] += 1
            for limit in IOU_LIMITS:
                self.matched[true[i][1], limit] += iou >= limit
        return matches

    def summary(self) -> dict[str, float]:
        """F1 at each limit, share of matched panels with the right kind, recall at 0.75 per kind."""
        true, found = self.true.total(), self.found.total()
        numbers: dict[str, float] = {"panels": true, "found": found}
        for limit in IOU_LIMITS:
            hits = sum(count for (_, at), count in self.matched.items() if at == limit)
            numbers[f"f1_at_{limit}"] = round(2 * hits / max(1, true + found), 4)
        told = {pair: count for pair, count in self.kinds.items() if pair[0] != "parent"}
        right = sum(count for (one, other), count in told.items() if one == other)
        if told:
            numbers["kind_right"] = round(right / sum(told.values()), 4)
        for kind, count in sorted(self.true.items()):
            numbers[f"recall_at_0.75_{kind}"] = round(self.matched[kind, 0.75] / count, 4)
        return numbers


def _gold_panels(file: Path) -> list[tuple[Box, str]]:
    """Boxes and kinds of a gold file."""
    return [(Box.of(panel["box"]), panel["class"]) for panel in json.loads(file.read_text())["panels"]]


Figures = dict[str, tuple[NDArray[np.uint8], list[tuple[Box, str]]]]
"""Name -> image and its true panels."""


def real_figures(folder: Path, gold: Path) -> Figures:
    """Published figures that have gold boxes."""
    return {
        file.stem: (read_image(folder / f"{file.stem}.png", settings().max_image_megapixels), _gold_panels(file))
        for file in sorted(gold.glob("*.json"))
    }


def annotated_figures(figures: Iterable[AnnotatedFigure]) -> Figures:
    """Annotated figures, with their panels other than insets and parts."""
    return {
        figure.name: (
            read_image(figure.image, settings().max_image_megapixels),
            [(Box.of(panel.box), panel.kind.value) for panel in figure.panels if not panel.nested],
        )
        for figure in figures
    }


def drawn_figures(folder: Path) -> Figures:
    """Figures drawn ahead, with their panels other than insets and parts."""
    figures: Figures = {}
    for file in sorted(folder.glob("*.json")):
        image, panels = load(folder, file.stem)
        figures[file.stem] = image, [(Box.of(p.box), p.kind.value) for p in panels if not p.nested]
    return figures


def evaluate(detector: PanelDetector, figures: Figures) -> Score:
    """Score of network and choice of boxes together, figure by figure; each figure's numbers go to the log."""
    score = Score()
    for name, (image, true) in figures.items():
        started = time.perf_counter()
        chosen = choose(detector.detect([image])[0], image)
        seconds = time.perf_counter() - started
        matches = score.add(true, [(panel.box, panel.kind.value) for panel in chosen])
        at = [sum(iou >= limit for *_, iou in matches) for limit in IOU_LIMITS]
        log.info("%-30s true %2d found %2d matched %s %.2f s", name, len(true), len(chosen), at, seconds)
    return score


def worst_figures(detector: PanelDetector, figures: Figures, count: int) -> dict[str, bytes]:
    """The figures with the lowest F1 at 0.75, with true boxes in green and found ones in red: file name -> PNG."""
    drawn: list[tuple[float, str, NDArray[np.uint8]]] = []
    for name, (image, true) in figures.items():
        chosen = choose(detector.detect([image])[0], image)
        matches = match_greedily([box for box, _ in true], [panel.box for panel in chosen], Box.iou, 0.75)
        f1 = 2 * len(matches) / max(1, len(true) + len(chosen))
        picture = np.ascontiguousarray(image[..., ::-1])
        for box, colour, width in (
            *((box, (0, 160, 0), 4) for box, _ in true),
            *((panel.box, (0, 0, 255), 2) for panel in chosen),
        ):
            x0, y0, x1, y1 = (round(value) for value in box.corners)
            cv2.rectangle(picture, (x0, y0), (x1 - 1, y1 - 1), colour, width)
        drawn.append((f1, name, picture))
    drawn.sort(key=lambda item: item[:2])
    return {f"{name}.png": cv2.imencode(".png", picture)[1].tobytes() for _, name, picture in drawn[:count]}


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Score the panel network.")
    parser.add_argument("figures", type=Path)
    parser.add_argument("--gold", type=Path, help="gold boxes; without them FIGURES are drawn ones")
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder with panels.safetensors")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    detector = PanelDetector.load(folder=options.weights)
    figures = real_figures(options.figures, options.gold) if options.gold else drawn_figures(options.figures)
    score = evaluate(detector, figures)
    numbers = score.summary()
    for pair, count in sorted(score.kinds.items()):
        if pair[0] != pair[1]:
            log.info("true %s found as %s: %d", *pair, count)
    log.info("%s", json.dumps(numbers, indent=1))
    if options.out:
        options.out.write_text(json.dumps(numbers, indent=1))


if __name__ == "__main__":
    main()
