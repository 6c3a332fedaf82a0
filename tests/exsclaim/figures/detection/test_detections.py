"""Detections of all networks together, with a second look at bars whose label could not be read."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from exsclaim.figures.detection import openvino_runtime
from exsclaim.figures.detection.detections import Networks
from exsclaim.figures.scale.scale_bars import LEAST_LEGIBLE

PANELS = 10


def row_of_micrographs() -> NDArray[np.uint8]:
    """A row of ten grainy panels, 2,100 px wide, each with a bar under "200 nm", 6 px high: 3 px at the usual look."""
    noise = np.random.default_rng(1)
    image = np.full((240, 210 * PANELS, 3), 255, np.uint8)
    for left in range(0, 210 * PANELS, 210):
        grains = cv2.GaussianBlur(noise.normal(130, 30, (200, 200)).clip(0, 255).astype(np.uint8), (0, 0), 2)
        image[20:220, left + 5 : left + 205] = grains[..., None]
        cv2.rectangle(image, (left + 140, 206), (left + 190, 208), (255, 255, 255), -1)
        cv2.putText(
            image, "200 nm", (left + 142, 202), cv2.FONT_HERSHEY_SIMPLEX, 6 / 22, (255, 255, 255), 1, cv2.LINE_AA
        )
    return image


@pytest.mark.parametrize("with_openvino", [False, openvino_runtime.is_installed()])
def test_print_too_small_for_the_usual_look_is_read_from_close_by(*, with_openvino: bool) -> None:
    (seen,) = Networks.load("cpu", with_openvino=with_openvino).detect([row_of_micrographs()])
    legible = [label for label in seen.scale_labels if label.text_confidence >= LEAST_LEGIBLE]
    assert [label.text for label in legible] == ["200 nm"] * PANELS
    assert all(abs(bar.box.width - 51) <= 2 for bar in seen.bars if bar.confidence >= 0.6)
