"""Separation as one calls it: on a device, with the installed weights or one's own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import loaded
from exsclaim.figures.separation import concluded
from exsclaim.records import Panel


class Separator:
    """The networks on a device, ready to cut figures into panels; threads may share one.

    >>> import numpy as np
    >>> figure = np.full((200, 420, 3), 255, dtype=np.uint8)
    >>> grains = np.random.default_rng(1).integers(40, 200, (18, 19, 1), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    >>> figure[10:190, 10:200] = figure[10:190, 220:410] = grains
    >>> [panel.id for panel in Separator(device="cpu").separate(figure, figure_id="mine")]
    ['mine/p1', 'mine/p2']

    Args:
        device: "auto" (a GPU where there is one), "cpu" or "cuda".
        weights: folder of `panels.safetensors`, `bars_and_labels.safetensors` and `reader.safetensors`, such as
            training writes; the weights that come with the package unless given.

    Raises:
        SettingsError: "cuda" where torch sees no GPU.
        WeightsError: weights are missing, damaged or for newer code.
    """

    def __init__(self, device: str = "auto", weights: Path | None = None) -> None:
        self._networks = loaded(device, weights)

    def separate(
        self, image: NDArray[np.uint8], expected_labels: Sequence[str] = (), *, figure_id: str = ""
    ) -> list[Panel]:
        """Panels of one figure; see `exsclaim.separate`."""
        return self.separate_all([(image, expected_labels, figure_id)])[0]

    def separate_all(self, figures: Sequence[tuple[NDArray[np.uint8], Sequence[str], str]]) -> list[list[Panel]]:
        """Panels of each figure (image, labels that its caption names, id), through the networks together.

        Raises:
            ValueError: an image is not `(H, W, 3)` uint8 or has no pixels.
        """
        for image, _, _ in figures:
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
                raise ValueError(
                    f"a figure image is (H, W, 3) uint8 RGB, not {image.shape} {image.dtype}; "
                    "decode it with exsclaim.figures.image.read_image"
                )
        seen = self._networks.detect([image for image, _, _ in figures])
        return [
            concluded(image, detections, labels, figure_id=figure_id)
            for (image, labels, figure_id), detections in zip(figures, seen, strict=True)
        ]
