"""From a figure's image to its panels: the place where the parts of `exsclaim.figures` come together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.grouping import grouped
from exsclaim.figures.gutters import panel_boxes
from exsclaim.figures.kinds import classify
from exsclaim.geometry import Box
from exsclaim.records import Panel


def panels_of(image: NDArray[np.uint8], expected_labels: Sequence[str] = (), *, figure_id: str = "") -> list[Panel]:
    """Panels of a figure in reading order; see `exsclaim.figures.separate`.

    Panels come from the gutters between them; where `expected_labels` names fewer panels than there are pieces,
    pieces that lie together are joined. Letters and scale bars are not read here yet: `label` is None with
    confidence 0, `scale_bars` is empty.

    Raises:
        ValueError: `image` is not `(H, W, 3)` uint8 or has no pixels.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ValueError(
            f"a figure image is (H, W, 3) uint8 RGB, not {image.shape} {image.dtype}; "
            "decode it with exsclaim.figures.image.read_image"
        )
    boxes = grouped(panel_boxes(image), len(set(expected_labels)), max(image.shape[:2]))
    panels = []
    for number, box in enumerate(in_reading_order(boxes), start=1):
        x0, y0, x1, y1 = (round(v) for v in box.corners)
        kind, confidence = classify(image[y0:y1, x0:x1])
        panels.append(
            Panel(
                id=f"{figure_id}/p{number}",
                figure_id=figure_id,
                box=box,
                kind=kind,
                kind_confidence=confidence,
            )
        )
    return panels


def in_reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Boxes row by row from the top, each row from the left.

    A box belongs to the row of the topmost box left if their heights overlap by half of the lower one's.
    """
    waiting = sorted(boxes, key=lambda box: (box.y0, box.x0))
    ordered: list[Box] = []
    while waiting:
        first = waiting[0]
        row = [
            box
            for box in waiting
            if min(first.y1, box.y1) - max(first.y0, box.y0) >= 0.5 * min(first.height, box.height)
        ] or [first]
        ordered += sorted(row, key=lambda box: (box.x0, box.y0))
        taken = {id(box) for box in row}
        waiting = [box for box in waiting if id(box) not in taken]
    return ordered
