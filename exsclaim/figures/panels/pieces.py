"""Pieces of a figure on their way to panels: as detected, as the gutters cut them, divided and joined by labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panels.joining import union
from exsclaim.figures.panels.panel_choice import SURE_SCORE, nested_in
from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.figures.panels.pixel_kinds import classify
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

_BY_AND_LARGE = 0.7
"""Share of a figure's panels, by area, that drawings must be to make it a drawing."""
_SAME_PLACE_IOU = 0.85
DRAWINGS = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION})
_FILLED = 0.7
"""Share of a panel that its pieces must cover to be panels in its place."""


@dataclass(frozen=True)
class Piece:
    """A panel, or an inset or a part of one; `parts` are those that lie in it."""

    box: Box
    kind: PanelKind
    kind_confidence: float
    detected: DetectedPanel | None = None
    """What the network saw there; None for a piece that only the gutters cut out."""
    label: PanelLabel | None = None
    is_inset: bool = False
    parts: tuple["Piece", ...] = ()


def divisions(image: NDArray[np.uint8], piece: Piece, cuts: Sequence[Box]) -> list[list[Piece]]:
    """The ways in which a panel may be several: as the gutters cut it, as its parts were detected."""
    inside = [cut for cut in cuts if cut.intersection(piece.box) >= 0.9 * cut.area and cut.area < 0.8 * piece.box.area]
    ways = [[cut_piece(image, cut) for cut in inside], [replace(part, is_inset=False) for part in piece.parts]]
    return [way for way in ways if len(way) > 1 and sum(item.box.area for item in way) >= _FILLED * piece.box.area]


def cut_piece(image: NDArray[np.uint8], box: Box) -> Piece:
    x0, y0, x1, y1 = (round(v) for v in box.corners)
    return Piece(box, *classify(image[y0:y1, x0:x1]))


def detected_piece(panel: DetectedPanel, detected: Sequence[DetectedPanel], edges: Edges) -> Piece:
    is_parent = panel.kind is PanelKind.PARENT
    parts = tuple(
        Piece(edges.fitted(part.box, part.kind), part.kind, _kind_confidence(part), part, is_inset=not is_parent)
        for part in nested_in(panel, detected)
    )
    return Piece(panel.box, panel.kind, _kind_confidence(panel), panel, parts=parts)


def _kind_confidence(panel: DetectedPanel) -> float:
    """The kind's share of what speaks for any kind."""
    return min(1.0, max(panel.kind_scores) / max(sum(panel.kind_scores), 1e-6))


def grouped_piece(
    pieces: Sequence[Piece],
    labels: Sequence[PanelLabel | None],
    group: Sequence[int],
    detected: Sequence[DetectedPanel],
) -> Piece:
    """One panel from pieces: the first, which has the letter, alone or with the others as parts of a parent.

    Where the network saw one image in the place of all of them, they are that image and what cuts made of it.
    """
    first = replace(pieces[group[0]], label=labels[group[0]])
    if len(group) == 1:
        return first
    parts: list[Piece] = []
    box = first.box
    for i in group:
        piece = pieces[i]
        box = union(box, piece.box)
        parts += [*([] if piece.kind is PanelKind.PARENT else [replace(piece, parts=())]), *piece.parts]
    confidence = min(pieces[i].kind_confidence for i in group)
    if all(pieces[i].kind is PanelKind.ILLUSTRATION for i in group):
        return Piece(box, PanelKind.ILLUSTRATION, confidence, label=first.label)  # the drawings of one scheme
    alike = (panel for panel in detected if panel.box.iou(box) >= _SAME_PLACE_IOU and panel.score >= SURE_SCORE)
    whole = max(alike, key=lambda panel: panel.score, default=None)
    if whole is not None and whole.kind is not PanelKind.PARENT:
        insets = tuple(replace(part, is_inset=True) for part in parts if part.box.area < 0.5 * box.area)
        return Piece(box, whole.kind, _kind_confidence(whole), whole, label=first.label, parts=insets)
    return Piece(box, PanelKind.PARENT, confidence, label=first.label, parts=tuple(parts))


def as_one_drawing(panels: list[Piece]) -> list[Piece]:
    """A figure without letters that is drawn by and large is one drawing, whatever pieces were seen of it."""
    drawn = sum(panel.box.area for panel in panels if panel.kind is PanelKind.ILLUSTRATION)
    if len(panels) < 2 or drawn < _BY_AND_LARGE * sum(panel.box.area for panel in panels):
        return panels
    box = reduce(union, (panel.box for panel in panels))
    return [Piece(box, PanelKind.ILLUSTRATION, min(panel.kind_confidence for panel in panels))]
