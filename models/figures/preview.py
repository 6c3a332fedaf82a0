"""Contact sheet of drawn figures: `python -m models.figures.preview --out sheet.png --count 24 --seed 0 --boxes`."""

import argparse
from pathlib import Path

import cv2
import numpy as np

from models.figures.canvas import Canvas, Colour, blank
from models.figures.draw import draw, draw_letter, draw_scale_label, micrograph_with_furniture
from models.figures.truth import Image, TrueFigure

COLOURS: dict[str, Colour] = {
    "microscopy": (255, 0, 0),
    "diffraction": (255, 0, 255),
    "graph": (0, 170, 0),
    "illustration": (0, 110, 255),
    "photo": (255, 140, 0),
    "parent": (0, 200, 200),
    "unclear": (120, 120, 120),
    "map": (150, 90, 0),
    "medical": (130, 0, 200),
    "gel": (255, 0, 130),
    "table": (90, 120, 0),
}


def with_boxes(figure: TrueFigure) -> Image:
    """A copy of the figure's image with its truth drawn in: panels by kind, letters cyan, bars and labels yellow."""
    canvas = Canvas(figure.image.copy())
    for panel in figure.panels:
        canvas.rectangle(panel.box, None, COLOURS[panel.kind], 1 if panel.parent is not None else 2)
        if panel.label_box is not None:
            canvas.rectangle(panel.label_box, None, (0, 220, 255))
    for bar in figure.bars:
        canvas.rectangle(bar.box, None, (255, 200, 0))
        if bar.label_box is not None:
            canvas.rectangle(bar.label_box, None, (255, 220, 0))
    return canvas.image


def sheet(images: list[Image], columns: int, tile: int) -> Image:
    """`images` side by side, each fitted into `tile` x `tile` px on grey."""
    rows = (len(images) + columns - 1) // columns
    page = Canvas(blank(columns * (tile + 8), rows * (tile + 8), (128, 128, 128)))
    for k, image in enumerate(images):
        scale = min(tile / image.shape[1], tile / image.shape[0])
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        fitted = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST)
        page.paste(np.asarray(fitted, np.uint8), k % columns * (tile + 8) + 4, k // columns * (tile + 8) + 4)
    return page.image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", type=Path, default=None, help="folder with layouts/, tiles/, graphs/")
    parser.add_argument("--boxes", action="store_true", help="draw the truth in")
    parser.add_argument("--what", choices=("figure", "micrograph", "label", "letter"), default="figure")
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--tile", type=int, default=320)
    options = parser.parse_args()
    images: list[Image] = []
    for seed in range(options.seed, options.seed + options.count):
        if options.what == "label":
            images.append(draw_scale_label(seed, options.real)[0])
        elif options.what == "letter":
            images.append(draw_letter(seed, options.real)[0])
        else:
            maker = micrograph_with_furniture if options.what == "micrograph" else draw
            figure = maker(seed, real=options.real)
            images.append(with_boxes(figure) if options.boxes else figure.image)
    cv2.imwrite(str(options.out), sheet(images, options.columns, options.tile)[..., ::-1])


if __name__ == "__main__":
    main()
