"""A figure on the way to its panels: its image, what the networks see of it, its edges, gutters and labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.labels.equals_signs import without_quantities
from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.labels.label_runs import going_on, vouched
from exsclaim.figures.labels.panel_labels import PanelLabel, is_clear, label_panels
from exsclaim.figures.panels.gutters import panel_boxes
from exsclaim.figures.panels.panel_edges import Edges, without_letters
from exsclaim.figures.pixels import page_colour
from exsclaim.geometry import Box


@dataclass(frozen=True)
class SeenFigure:
    """A figure with its detections, as all steps between these and panels need it; boxes in its pixels."""

    image: NDArray[np.uint8]
    """`(H, W, 3)` RGB, its clear letters painted over: they are no part of what a panel shows."""
    edges: Edges
    cuts: tuple[Box, ...]
    """Its pieces by the gutters alone."""
    panels: tuple[DetectedPanel, ...]
    letters: tuple[DetectedLabel, ...]
    """All that the detector sees, doubtful ones too; those in line vouch for each other."""
    expected_labels: tuple[str, ...]
    """Labels that the caption names, in its order, and those that go on in the figure; () where nothing is known."""

    @classmethod
    def of(cls, image: NDArray[np.uint8], detections: Detections, expected_labels: Sequence[str] = ()) -> Self:
        """The figure of an image, `(H, W, 3)` uint8 RGB, with the networks' detections in it."""
        own = without_quantities(detections.letters, image)
        expected_labels = (*expected_labels, *going_on(own, expected_labels))
        letters = vouched(own, expected_labels)
        page = page_colour(image)
        unlettered = without_letters(image, [letter.box for letter in letters if is_clear(letter)], page)
        cuts = tuple(panel_boxes(unlettered, page))
        return cls(unlettered, Edges(unlettered, page), cuts, detections.panels, tuple(letters), tuple(expected_labels))

    @property
    def side_px(self) -> float:
        """Its longer side."""
        return max(self.box.width, self.box.height)

    @property
    def box(self) -> Box:
        """The whole of it."""
        return Box(0, 0, self.image.shape[1], self.image.shape[0])

    @property
    def clear_letters(self) -> list[DetectedLabel]:
        """Letters that are surely such, whichever they are."""
        return [letter for letter in self.letters if is_clear(letter)]

    @property
    def label_count(self) -> int:
        """Number of panels that the caption names; 0 where it is not known."""
        return len(set(self.expected_labels))

    def label(self, boxes: Sequence[Box]) -> list[PanelLabel | None]:
        """The label of each of these panels, were they the figure's; see `panel_labels.label_panels`."""
        return label_panels(boxes, self.letters, self.side_px, self.expected_labels)
