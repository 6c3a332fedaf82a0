"""Draw a pool of figures ahead, for the training of the detection of scale bars and labels.

    python -m models.bars_and_labels.scene_pool --data FOLDER --out FOLDER --count N

    OUT/00012.jpg       a figure from `models.figures.draw`
    OUT/00012.json      its objects: a list of `[kind, [x0, y0, x1, y1]]`, kinds as in `bar_and_label_network.KINDS`

Figures that are there are not drawn again; a figure is there when its .json is.
"""

import argparse
import json
from pathlib import Path

import cv2

from exsclaim.figures.detection.bar_and_label_network import KINDS
from models.figures.draw import draw
from models.figures.fonts import use_installed_fonts
from models.figures.truth import Box, TrueFigure


def objects_of(figure: TrueFigure) -> list[tuple[int, Box]]:
    """`(kind, box)` of all letters, bars and scale labels of a drawn figure."""
    letters = [(KINDS.index("letter"), panel.label_box) for panel in figure.panels]
    bars = [(KINDS.index("scale_bar"), bar.box) for bar in figure.bars]
    labels = [(KINDS.index("scale_label"), bar.label_box) for bar in figure.bars]
    return [(kind, box) for kind, box in (*letters, *bars, *labels) if box is not None]


def fill(out: Path, data: Path | None, first: int, count: int) -> None:
    """Draw the figures of seeds `first` to `first + count - 1` into `out`; `data` holds real tiles and layouts."""
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        picture = out / f"{seed:05d}.jpg"
        if picture.with_suffix(".json").is_file():
            continue
        figure = draw(seed, real=data)
        cv2.imwrite(str(picture), figure.image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
        partial = picture.with_suffix(".partial")
        partial.write_text(json.dumps([[kind, [int(v) for v in box]] for kind, box in objects_of(figure)]))
        partial.replace(picture.with_suffix(".json"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    use_installed_fonts()
    cv2.setNumThreads(1)
    fill(options.out, options.data, options.first, options.count)


if __name__ == "__main__":
    main()
