"""Scenes of annotated figures: `python -m models.bars_and_labels.annotated_scenes FOLDER... --out POOL`.

POOL/<figure>.jpg       the figure as the detector sees it
POOL/<figure>.json      its objects, as `scene_pool` writes those of a drawn figure

Gold has the boxes of panel labels and scale bars, and the text of scale labels without their boxes. A box that the
installed networks find near a bar, and whose text they read as the gold has it, is taken for the label's; where they do
not, nothing is to be learnt around the bar.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector
from exsclaim.figures.detection.bar_and_label_network import KINDS
from exsclaim.figures.detection.text_network import SCALE_NAME
from exsclaim.figures.detection.text_reader import TextReader, cut_out
from exsclaim.figures.image import read_image
from exsclaim.geometry import Box
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedBar, AnnotatedFigure, held_back, read_annotated
from models.bars_and_labels.scenes import UNKNOWN, Image, Scene, scene

SEEN_SIDE_PX = 1000
"""Longer side at which the detector sees a figure."""
_LEAST_CONFIDENCE = 0.15

ReadLabel = tuple[Box, str, float | None]
"""A detected scale label: its box, its text as read, its length in nm."""


def _annotated_scene(figure: AnnotatedFigure, image: Image, labels: Sequence[ReadLabel]) -> Scene:
    """A figure's labels and bars as they are annotated, and the scale labels among `labels` that gold agrees with.

    Args:
        figure: with boxes in the image's pixels.
        image: `(H, W, 3)` uint8 RGB.
        labels: scale labels that networks detect and read in the image.
    """
    objects: list[tuple[int, tuple[float, float, float, float]]] = []
    for panel in figure.panels:
        if panel.label_box is not None:
            objects.append((KINDS.index("letter"), panel.label_box))
        elif panel.label:
            x0, y0, x1, y1 = panel.box
            objects.append((UNKNOWN, (x0 - 30, y0 - 30, (x0 + x1) / 2, (y0 + y1) / 2)))
        for bar in panel.scale_bars:
            objects.append((KINDS.index("scale_bar"), bar.box))
            if bar.text:
                objects.append((UNKNOWN, _around(bar)))
                if (found := _own_label(bar, labels)) is not None:
                    x0, y0, x1, y1 = found.corners
                    objects.append((KINDS.index("scale_label"), (x0, y0, x1, y1)))
    return scene(image, objects)


def _around(bar: AnnotatedBar) -> tuple[float, float, float, float]:
    """Region in which a bar's label may stand: above, below and beside the bar."""
    x0, y0, x1, y1 = bar.box
    room = max(40.0, 0.6 * (x1 - x0))
    return x0 - room, y0 - room, x1 + room, y1 + room


def _own_label(bar: AnnotatedBar, labels: Iterable[ReadLabel]) -> Box | None:
    near, (x0, y0, x1, y1) = Box.of(_around(bar)), bar.box
    agreeing = [
        box
        for box, text, length_nm in labels
        if near.intersection(box) > 0.9 * box.area and _same_text(bar, text, length_nm)
    ]
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return min(agreeing, key=lambda box: abs(box.centre[0] - middle[0]) + abs(box.centre[1] - middle[1]), default=None)


def _same_text(bar: AnnotatedBar, text: str, length_nm: float | None) -> bool:
    if bar.length_nm and length_nm:
        return abs(length_nm - bar.length_nm) <= 0.01 * bar.length_nm
    return "".join((bar.text or "").split()).lower() == "".join(text.split()).lower()


def store(figures: Iterable[AnnotatedFigure], out: Path) -> None:
    """Write figures and their objects into `out`, seen and read by the installed networks."""
    out.mkdir(parents=True, exist_ok=True)
    detector, reader = BarAndLabelDetector.load(), TextReader.load(name=SCALE_NAME)
    for figure in figures:
        file = out / f"{figure.name}.json"
        if file.is_file():
            continue
        image = read_image(figure.image, settings().max_image_megapixels)
        has_print = any(bar.text for panel in figure.panels for bar in panel.scale_bars)
        found = detector.find(image, _LEAST_CONFIDENCE).labels if has_print else ()
        texts = reader.read_scale_labels([cut_out(image, item.box) for item in found])
        read = [(item.box, text.text, text.length_nm) for item, text in zip(found, texts, strict=True)]
        whole = _annotated_scene(figure, image, read)
        factor = min(1.0, SEEN_SIDE_PX / max(image.shape[:2]))
        size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
        shrunk = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        cv2.imwrite(str(out / f"{figure.name}.jpg"), shrunk[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
        boxes = (whole.boxes * factor).tolist()
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps([[int(kind), box] for kind, box in zip(whole.kinds, boxes, strict=True)]))
        partial.replace(file)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Store annotated figures for the training of the detection.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    learned, _ = held_back([figure for folder in options.folders for figure in read_annotated(folder)])
    store(learned, options.out)


if __name__ == "__main__":
    main()
