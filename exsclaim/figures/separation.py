"""From a figure's image to its panels: the method, step by step.

detections   what the networks see: panels, panel labels, scale bars, scale labels
pieces       the network's panels, fitted to gutters and edges; divided where their labels say so
panels       pieces joined: what one label names, one drawing in several pieces; a clear letter without a panel gets one
kinds        what each panel shows, and its second-level type
scale        bars measured, their labels read (twice where in doubt), nm per pixel
records      panels in reading order with confidences and flags
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures import calibration
from exsclaim.figures.calibration import Calibration
from exsclaim.figures.detection.detections import Detections, loaded
from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.text_reader import cut_out
from exsclaim.figures.labels.label_reading import has_number
from exsclaim.figures.labels.label_runs import vouched
from exsclaim.figures.labels.panel_labels import PanelLabel, is_clear, label_panels, sure_alone
from exsclaim.figures.panel_kinds import with_kinds
from exsclaim.figures.panel_records import panel_records
from exsclaim.figures.panels.captions_inside import without_captions
from exsclaim.figures.panels.division import divided
from exsclaim.figures.panels.fragments import completed
from exsclaim.figures.panels.gutters import panel_boxes
from exsclaim.figures.panels.joining import LEAST_LABELS, grouped, joined
from exsclaim.figures.panels.lost_labels import with_lost_panels
from exsclaim.figures.panels.panel_choice import choose
from exsclaim.figures.panels.panel_edges import Edges, without_letters
from exsclaim.figures.panels.pieces import (
    DRAWINGS,
    LETTERED,
    Piece,
    as_one_drawing,
    cut_piece,
    detected_piece,
    divisions,
    grouped_piece,
    with_appendages,
)
from exsclaim.figures.scale.scale_bars import DetectedScaleLabel
from exsclaim.figures.scale.scale_label_check import confirmed
from exsclaim.geometry import Box
from exsclaim.records import Panel

WORK_SIDE_PX = 2400
"""Longer side at which panels are fitted: what is larger has no finer edges. Bars are measured on the image itself."""


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
        weights: folder of `panels.safetensors`, `bars_and_labels.safetensors`, `reader.safetensors`,
            `scale_reader.safetensors` and `kinds.safetensors`, any of them, such as training writes; the weights that
            come with the package unless given.

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
            concluded(image, detections, labels, figure_id=figure_id, kinds=self._networks.kinds)
            for (image, labels, figure_id), detections in zip(figures, seen, strict=True)
        ]


def concluded(
    image: NDArray[np.uint8],
    detections: Detections,
    expected_labels: Sequence[str] = (),
    *,
    figure_id: str = "",
    kinds: KindClassifier | None = None,
    calibrated: Calibration | None = None,
) -> list[Panel]:
    """Panels of a figure from what the networks see of it; where they see no panel, the gutters' pieces.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        detections: from `Networks.detect`, for this image.
        expected_labels: labels that the caption names; () where nothing is known.
        figure_id: prefix of the panels' ids.
        kinds: looks at each panel for its kind and type; None: they are what the panel network says.
        calibrated: turns scores into confidences; None for that of the installed weights.
    """
    panels = figure_panels(image, detections, expected_labels)
    if kinds is not None:
        panels = with_kinds(panels, lambda boxes: kinds.classify(image, boxes))

    def confirm(scale_label: DetectedScaleLabel, always: bool) -> DetectedScaleLabel:
        return confirmed(scale_label, cut_out(image, scale_label.box), always=always)

    curves = calibrated or calibration.installed()
    return panel_records(panels, detections, figure_id, expected_labels, confirm, curves)


def figure_panels(image: NDArray[np.uint8], detections: Detections, expected_labels: Sequence[str] = ()) -> list[Piece]:
    """The figure's own panels, with their labels, insets and parts, before scales and confidences; see `concluded`."""
    side_px = max(image.shape[:2])
    if side_px > WORK_SIDE_PX:
        factor = WORK_SIDE_PX / side_px
        size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
        smaller = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        pieces = figure_panels(smaller, detections.scaled(factor), expected_labels)
        return [piece.scaled(1 / factor) for piece in pieces]

    detections = replace(detections, letters=vouched(detections.letters))

    def label(boxes: list[Box]) -> list[PanelLabel | None]:
        return label_panels(boxes, detections.letters, side_px, expected_labels)

    letters = [letter for letter in detections.letters if is_clear(letter)]
    unlettered = without_letters(image, [letter.box for letter in letters])
    cuts, edges = panel_boxes(unlettered), Edges(unlettered)
    pieces = _pieces(unlettered, detections, cuts, len(set(expected_labels)), edges)
    pieces = _divided(
        pieces, lambda piece: divisions(unlettered, piece, cuts, letters, detections.panels, edges), label
    )
    boxes = [piece.box for piece in pieces]
    labels = label(boxes)
    read = [item.label for item in labels if item and item.label]
    groups = joined(
        boxes,
        [item is not None for item in labels] if len(read) >= LEAST_LABELS else [False] * len(labels),
        side_px,
        cells_numbered=any(map(has_number, read)),
        labels_missing=sum(item is not None for item in labels) < len(set(expected_labels)),
        drawings=[i for i, piece in enumerate(pieces) if piece.kind in DRAWINGS],
    )
    panels = [grouped_piece(pieces, labels, group, detections.panels) for group in groups]
    if not any(labels) and len(set(expected_labels)) <= 1:
        panels = as_one_drawing(panels)
    whole = completed(
        [panel.box for panel in panels],
        [i for i, panel in enumerate(panels) if panel.kind in LETTERED],
        edges.ink,
        [letter.box for letter in letters],
    )
    panels = _labelled_whole([replace(panel, box=box) for panel, box in zip(panels, whole, strict=True)], label)
    panels = without_captions(panels, detections.letters, edges.ink, label)
    whole_figure = Box(0, 0, image.shape[1], image.shape[0])
    panels = with_lost_panels(panels, detections.letters, whole_figure, detections.panels, edges, label)
    if len(panels) == 1 and not any(expected_labels):
        panels = [replace(panel, label=sure_alone(panel.label)) for panel in panels]
    return panels


def _labelled_whole(panels: list[Piece], label: Callable[[list[Box]], list[PanelLabel | None]]) -> list[Piece]:
    """The panels, those without a label with the one that now stands at them: they may have grown towards it."""
    if all(panel.label for panel in panels):
        return panels
    taken = {panel.label.label for panel in panels if panel.label}
    found = label([panel.box for panel in panels])
    return [
        replace(panel, label=new) if panel.label is None and new and new.label not in taken else panel
        for panel, new in zip(panels, found, strict=True)
    ]


def _divided(
    pieces: list[Piece],
    ways_of: Callable[[Piece], list[list[Piece]]],
    label: Callable[[list[Box]], list[PanelLabel | None]],
) -> list[Piece]:
    """The pieces, divided for as long as that reads more labels: a part may hold several letters, too."""
    while True:
        ways = [ways_of(piece) for piece in pieces]
        taken = divided(
            [piece.box for piece in pieces], [[[p.box for p in way] for way in all_] for all_ in ways], label
        )
        if all(number is None for number in taken):
            return pieces
        pieces = [
            item
            for piece, all_, number in zip(pieces, ways, taken, strict=True)
            for item in ([piece] if number is None else all_[number])
        ]


def _pieces(
    image: NDArray[np.uint8], detections: Detections, cuts: Sequence[Box], expected_count: int, edges: Edges
) -> list[Piece]:
    """The panels that the network sees, fitted to the image; where it sees none, what the gutters cut."""
    side_px = max(image.shape[:2])
    chosen = choose(detections.panels, image, cuts, edges)
    if chosen:
        pieces = [detected_piece(panel, detections.panels, edges) for panel in chosen]
        return with_appendages(pieces, [label.box for label in detections.letters if is_clear(label)], side_px)
    return [cut_piece(image, box) for box in grouped(cuts, expected_count, side_px)]
