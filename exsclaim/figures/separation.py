"""From a figure's image to its panels: the method, step by step.

detections   what the networks see: panels, panel labels, scale bars, scale labels
pieces       the network's panels, fitted to gutters and edges; divided where their labels say so
panels       pieces joined: what one label names, one drawing in several pieces; a clear letter without a panel gets one
titles       where no label was seen, letters that begin the panels' titles
kinds        what each panel shows, and its second-level type
scale        bars measured, their labels read (twice where in doubt), nm per pixel
records      panels in reading order with confidences and flags
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from exsclaim.figures import calibration
from exsclaim.figures.calibration import Calibration
from exsclaim.figures.detection.detections import Detections, loaded
from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.text_reader import TextReader, cut_out, with_power
from exsclaim.figures.labels.label_reading import has_number
from exsclaim.figures.labels.title_labels import with_title_labels
from exsclaim.figures.panel_records import panel_records
from exsclaim.figures.panels.between_graphs import assign_print_between_graphs
from exsclaim.figures.panels.captions_inside import without_captions
from exsclaim.figures.panels.division import divided
from exsclaim.figures.panels.headings import with_headings
from exsclaim.figures.panels.joining import LEAST_LABELS, grouped, joined
from exsclaim.figures.panels.letter_parts import joined_by_letters
from exsclaim.figures.panels.lettering import completed
from exsclaim.figures.panels.lost_labels import with_lost_panels
from exsclaim.figures.panels.panel_choice import choose
from exsclaim.figures.panels.parts_of_letters import with_parts_joined
from exsclaim.figures.panels.pieces import (
    DRAWINGS,
    LETTERED,
    PRINTED,
    Piece,
    as_one_drawing,
    cut_piece,
    detected_piece,
    grouped_piece,
    with_appendages,
)
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.figures.panels.unclaimed_ink import beside_unclaimed_ink
from exsclaim.figures.panels.unlettered_parents import with_images_apart
from exsclaim.figures.scale.scale_bars import DetectedScaleLabel
from exsclaim.figures.scale.scale_label_check import POINT_ROOM, confirmed
from exsclaim.figures.weighed_kinds import with_kinds
from exsclaim.records import Panel, PanelKind

WORK_SIDE_PX = 2400
"""Longer side at which panels are fitted: what is larger has no finer edges. Bars are measured on the image itself."""


class Separator:
    """The networks, loaded on a device and ready to cut figures into panels. Threads may share one.

    >>> import numpy as np
    >>> figure = np.full((200, 420, 3), 255, dtype=np.uint8)
    >>> grains = np.random.default_rng(1).integers(40, 200, (18, 19, 1), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    >>> figure[10:190, 10:200] = figure[10:190, 220:410] = grains
    >>> [panel.id for panel in Separator(device="cpu").separate(figure, figure_id="mine")]
    ['mine/p1', 'mine/p2']

    Args:
        device: "auto" (a GPU where there is one), "cpu" or "cuda".
        weights: folder of `panels.safetensors`, `bars_and_labels.safetensors`, `reader.safetensors`,
            `scale_reader.safetensors` and `kinds.safetensors`, or some of them, as training writes them; by default
            the weights that come with the package.

    Raises:
        SettingsError: "cuda" was asked for, but torch sees no GPU.
        WeightsError: weights are missing, damaged or for newer code.
    """

    def __init__(self, device: str = "auto", weights: str | Path | None = None) -> None:
        self._networks = loaded(device, weights)

    def separate(
        self, image: NDArray[np.uint8], expected_labels: Sequence[str] = (), *, figure_id: str = ""
    ) -> list[Panel]:
        """Panels of one figure; see `exsclaim.separate`."""
        return self.separate_all([(image, expected_labels, figure_id)])[0]

    def separate_all(self, figures: Sequence[tuple[NDArray[np.uint8], Sequence[str], str]]) -> list[list[Panel]]:
        """Panels of several figures, each (image, labels in its caption, id), run through the networks together.

        Raises:
            TypeError: an image is not an array (a path, say), or a label is not a string.
            ValueError: an image is not `(H, W, 3)` uint8 or has no pixels.
        """
        for image, labels, _ in figures:
            if not isinstance(image, np.ndarray):
                raise TypeError(
                    f"a figure image is an array, not {type(image).__name__}: "
                    "exsclaim.figures.image.read_image decodes a file"
                )
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
                raise ValueError(
                    f"a figure image is (H, W, 3) uint8 RGB, not {image.shape} {image.dtype}; "
                    "decode it with exsclaim.figures.image.read_image"
                )
            if any(not isinstance(label, str) for label in labels):
                raise TypeError(f"expected labels are texts such as 'a' or '1', not {list(labels)}: write them as str")
        seen = self._networks.detect([image for image, _, _ in figures])
        return [
            concluded(
                image,
                detections,
                labels,
                figure_id=figure_id,
                kinds=self._networks.kinds,
                letter_reader=self._networks.letter_reader,
            )
            for (image, labels, figure_id), detections in zip(figures, seen, strict=True)
        ]


def concluded(
    image: NDArray[np.uint8],
    detections: Detections,
    expected_labels: Sequence[str] = (),
    *,
    figure_id: str = "",
    kinds: KindClassifier | None = None,
    letter_reader: TextReader | None = None,
    calibrated: Calibration | None = None,
) -> list[Panel]:
    """Panels of a figure from what the networks see of it; where they see no panel, the gutters' pieces.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        detections: from `Networks.detect`, for this image.
        expected_labels: labels that the caption names; () where nothing is known.
        figure_id: prefix of the panels' ids.
        kinds: looks at each panel for its kind and type; None: they are what the panel network says.
        letter_reader: reads letters that begin panels' titles; None: labels are those that the detector sees.
        calibrated: turns scores into confidences; None for that of the installed weights.
    """
    panels = figure_panels(image, detections, expected_labels)
    if letter_reader is not None:
        labels, boxes = [panel.label for panel in panels], [panel.box for panel in panels]
        labels = with_title_labels(labels, boxes, image, expected_labels, letter_reader.read_letters)
        panels = [replace(panel, label=label) for panel, label in zip(panels, labels, strict=True)]
    if kinds is not None:
        panels = with_kinds(panels, lambda boxes: kinds.classify(image, boxes))
    panels = with_images_apart(panels, expected_labels)

    def confirm(scale_label: DetectedScaleLabel, always: bool) -> DetectedScaleLabel:
        box = with_power(scale_label.box) if scale_label.may_be_reciprocal else scale_label.box
        wider = replace(box, x0=box.x0 - POINT_ROOM * box.height)
        return confirmed(scale_label, cut_out(image, box), wider=cut_out(image, wider), always=always)

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
        return [piece.scaled(1 / factor, image.shape[1], image.shape[0]) for piece in pieces]

    figure = SeenFigure.of(image, detections, expected_labels)
    panels = divided(figure, _pieces(figure))
    panels = _joined(figure, panels)
    panels = _with_lettering(figure, panels)
    panels = without_captions(figure, panels)
    panels = with_lost_panels(figure, panels)
    panels = with_parts_joined(figure, panels)
    panels = _with_headings(figure, panels)
    panels = [
        replace(panel, box=figure.edges.around_print(panel.box)) if panel.kind in PRINTED else panel for panel in panels
    ]
    beside = beside_unclaimed_ink([panel.box for panel in panels], figure.edges.ink)
    return [replace(panel, is_beside_ink=i in beside) for i, panel in enumerate(panels)]


def _with_headings(figure: SeenFigure, panels: list[Piece]) -> list[Piece]:
    """The panels, images among them with the headings that are theirs alone."""
    boxes = with_headings(
        [panel.box for panel in panels],
        [i for i, panel in enumerate(panels) if panel.kind not in LETTERED],
        figure.edges.ink,
        [letter.box for letter in figure.clear_letters],
        {i: panel.label.box for i, panel in enumerate(panels) if panel.label and panel.label.box},
    )
    return [replace(panel, box=box) for panel, box in zip(panels, boxes, strict=True)]


def _pieces(figure: SeenFigure) -> list[Piece]:
    """The panels that the network sees, fitted to the image; where it sees none, what the gutters cut."""
    chosen = choose(figure.panels, figure.image, figure.cuts, figure.edges)
    if chosen:
        pieces = [detected_piece(panel, figure.panels, figure.edges) for panel in chosen]
        return with_appendages(pieces, [letter.box for letter in figure.clear_letters], figure.side_px)
    return [cut_piece(box) for box in grouped(figure.cuts, figure.label_count, figure.side_px)]


def _joined(figure: SeenFigure, pieces: list[Piece]) -> list[Piece]:
    """Panels of the pieces: what one label names is one; without labels, what makes up one drawing."""
    if by_letters := joined_by_letters(figure, pieces):
        return by_letters
    boxes = [piece.box for piece in pieces]
    labels = figure.label(boxes)
    read = [item.label for item in labels if item and item.label]
    groups = joined(
        boxes,
        [item is not None for item in labels] if len(read) >= LEAST_LABELS else [False] * len(labels),
        figure.side_px,
        cells_numbered=any(map(has_number, read)),
        labels_missing=sum(item is not None for item in labels) < figure.label_count,
        drawings=[i for i, piece in enumerate(pieces) if piece.kind in DRAWINGS],
    )
    panels = [grouped_piece(pieces, labels, group, figure.panels) for group in groups]
    return as_one_drawing(panels) if not any(labels) and figure.label_count <= 1 else panels


def _with_lettering(figure: SeenFigure, panels: list[Piece]) -> list[Piece]:
    """The panels with the print beside them that is theirs."""
    graphs = [i for i, panel in enumerate(panels) if panel.kind is PanelKind.GRAPH]
    own = {i: panel.label.box for i, panel in enumerate(panels) if panel.label and panel.label.box}
    boxes = completed(
        [panel.box for panel in panels],
        [i for i, panel in enumerate(panels) if panel.kind in LETTERED],
        figure.edges.ink,
        [letter.box for letter in figure.clear_letters] if own else [],
        graphs=graphs,
        own=own,
    )
    boxes = assign_print_between_graphs(boxes, graphs, own, figure.edges.ink)
    return [replace(panel, box=box) for panel, box in zip(panels, boxes, strict=True)]
