"""From a figure's image to its panels: the place where the parts of `exsclaim.figures` come together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.detections import Detections, installed
from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.labels.numbering import has_number
from exsclaim.figures.labels.panel_labels import PanelLabel, is_clear, label_panels
from exsclaim.figures.panels.division import divided
from exsclaim.figures.panels.gutters import panel_boxes
from exsclaim.figures.panels.joining import grouped, joined, union
from exsclaim.figures.panels.page import without_letters
from exsclaim.figures.panels.panel_choice import SURE_SCORE, choose, nested_in
from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.figures.panels.pixel_kinds import classify
from exsclaim.figures.panels.reading_order import reading_order
from exsclaim.figures.scale.scale_bars import CONFIDENCE_DIGITS, scale_bars
from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind, ScaleBar
from exsclaim.scales import panel_scale
from exsclaim.settings import settings

Figure = tuple[NDArray[np.uint8], Sequence[str], str]
"""Image, labels that the caption names, id."""

_BY_AND_LARGE = 0.7
"""Share of a figure's panels, by area, that drawings must be to make it a drawing."""
_SAME_PLACE_IOU = 0.85
_DRAWINGS = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION})
_FILLED = 0.7
"""Share of a panel that its pieces must cover to be panels in its place."""


@dataclass(frozen=True)
class _Piece:
    """A panel, or an inset or a part of one; `parts` are those that lie in it."""

    box: Box
    kind: PanelKind
    kind_confidence: float
    lettering: PanelLabel | None = None
    is_inset: bool = False
    parts: tuple["_Piece", ...] = ()


def panels_of(figures: Sequence[Figure]) -> list[list[Panel]]:
    """Panels of each figure; see `exsclaim.figures.separate_all`.

    Raises:
        ValueError: an image is not `(H, W, 3)` uint8 or has no pixels.
        WeightsError: weights are missing, damaged or for newer code.
    """
    for image, _, _ in figures:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            raise ValueError(
                f"a figure image is (H, W, 3) uint8 RGB, not {image.shape} {image.dtype}; "
                "decode it with exsclaim.figures.image.read_image"
            )
    detections_of_all = installed(settings().device).detect([image for image, _, _ in figures])
    return [
        concluded(image, detections, labels, figure_id=figure_id)
        for (image, labels, figure_id), detections in zip(figures, detections_of_all, strict=True)
    ]


def concluded(
    image: NDArray[np.uint8], detections: Detections, expected_labels: Sequence[str] = (), *, figure_id: str = ""
) -> list[Panel]:
    """Panels of a figure from what the networks see of it; where they see no panel, the gutters' pieces.

    Args:
        image: `(H, W, 3)` uint8 RGB.
        detections: from `Networks.detect`, for this image.
        expected_labels: labels that the caption names; () where nothing is known.
        figure_id: prefix of the panels' ids.
    """
    side_px = max(image.shape[:2])
    image = without_letters(image, [letter.box for letter in detections.letters if is_clear(letter)])
    cuts = panel_boxes(image)
    edges = Edges(image)
    chosen = choose(detections.panels, image, cuts, edges)
    pieces = [_detected_panel(panel, detections.panels, edges) for panel in chosen]
    if not pieces:
        pieces = [_cut_panel(image, box) for box in grouped(cuts, len(set(expected_labels)), side_px)]

    def label(boxes: list[Box]) -> list[PanelLabel | None]:
        return label_panels(boxes, detections.letters, side_px, expected_labels)

    ways = [_divisions(image, piece, cuts) for piece in pieces]
    taken = divided([piece.box for piece in pieces], [[[p.box for p in way] for way in each] for each in ways], label)
    pieces = [
        item
        for piece, each, number in zip(pieces, ways, taken, strict=True)
        for item in ([piece] if number is None else each[number])
    ]
    boxes = [piece.box for piece in pieces]
    letterings = label(boxes)
    groups = joined(
        boxes,
        [item is not None for item in letterings],
        side_px,
        cells_numbered=any(has_number(item.label) for item in letterings if item and item.label),
        drawings=[i for i, piece in enumerate(pieces) if piece.kind in _DRAWINGS],
    )
    panels = [_grouped(pieces, letterings, group, detections.panels) for group in groups]
    if not any(letterings) and len(set(expected_labels)) <= 1:
        panels = _scheme(panels)
    return _records(panels, detections, figure_id)


def _divisions(image: NDArray[np.uint8], piece: _Piece, cuts: Sequence[Box]) -> list[list[_Piece]]:
    """The ways in which a panel may be several: as the gutters cut it, as its parts were detected."""
    inside = [cut for cut in cuts if cut.intersection(piece.box) >= 0.9 * cut.area and cut.area < 0.8 * piece.box.area]
    ways = [[_cut_panel(image, cut) for cut in inside], [replace(part, is_inset=False) for part in piece.parts]]
    return [way for way in ways if len(way) > 1 and sum(item.box.area for item in way) >= _FILLED * piece.box.area]


def _cut_panel(image: NDArray[np.uint8], box: Box) -> _Piece:
    x0, y0, x1, y1 = (round(v) for v in box.corners)
    return _Piece(box, *classify(image[y0:y1, x0:x1]))


def _detected_panel(panel: DetectedPanel, detected: Sequence[DetectedPanel], edges: Edges) -> _Piece:
    is_parent = panel.kind is PanelKind.PARENT
    parts = tuple(
        _Piece(edges.fitted(part.box, part.kind), part.kind, _kind_confidence(part), is_inset=not is_parent)
        for part in nested_in(panel, detected)
    )
    return _Piece(panel.box, panel.kind, _kind_confidence(panel), parts=parts)


def _kind_confidence(panel: DetectedPanel) -> float:
    """The kind's share of what speaks for any kind."""
    return min(1.0, max(panel.kind_scores) / max(sum(panel.kind_scores), 1e-6))


def _grouped(
    pieces: Sequence[_Piece],
    letterings: Sequence[PanelLabel | None],
    group: Sequence[int],
    detected: Sequence[DetectedPanel],
) -> _Piece:
    """One panel from pieces: the first, which has the letter, alone or with the others as parts of a parent.

    Where the network saw one image in the place of all of them, they are that image and what cuts made of it.
    """
    first = replace(pieces[group[0]], lettering=letterings[group[0]])
    if len(group) == 1:
        return first
    parts: list[_Piece] = []
    box = first.box
    for i in group:
        piece = pieces[i]
        box = union(box, piece.box)
        parts += [*([] if piece.kind is PanelKind.PARENT else [replace(piece, parts=())]), *piece.parts]
    confidence = min(pieces[i].kind_confidence for i in group)
    if all(pieces[i].kind is PanelKind.ILLUSTRATION for i in group):
        return _Piece(box, PanelKind.ILLUSTRATION, confidence, first.lettering)  # the drawings of one scheme
    alike = (panel for panel in detected if panel.box.iou(box) >= _SAME_PLACE_IOU and panel.score >= SURE_SCORE)
    whole = max(alike, key=lambda panel: panel.score, default=None)
    if whole is not None and whole.kind is not PanelKind.PARENT:
        insets = tuple(replace(part, is_inset=True) for part in parts if part.box.area < 0.5 * box.area)
        return _Piece(box, whole.kind, _kind_confidence(whole), first.lettering, parts=insets)
    return _Piece(box, PanelKind.PARENT, confidence, first.lettering, parts=tuple(parts))


def _scheme(panels: list[_Piece]) -> list[_Piece]:
    """A figure without letters that is drawn by and large is one drawing, whatever pieces were seen of it."""
    drawn = sum(panel.box.area for panel in panels if panel.kind is PanelKind.ILLUSTRATION)
    if len(panels) < 2 or drawn < _BY_AND_LARGE * sum(panel.box.area for panel in panels):
        return panels
    box = reduce(union, (panel.box for panel in panels))
    return [_Piece(box, PanelKind.ILLUSTRATION, min(panel.kind_confidence for panel in panels))]


def _records(panels: Sequence[_Piece], detections: Detections, figure_id: str) -> list[Panel]:
    """Records of panels in reading order, then of their insets and parts; numbered in this order."""
    ordered = [panels[i] for i in reading_order([panel.box for panel in panels])]
    items: list[tuple[_Piece, int | None]] = [(panel, None) for panel in ordered]
    for number, panel in enumerate(ordered, start=1):
        items += [(panel.parts[i], number) for i in reading_order([part.box for part in panel.parts])]
    drawings = [i for i, (piece, _) in enumerate(items) if piece.kind in _DRAWINGS]
    bars = scale_bars([piece.box for piece, _ in items], detections.bars, detections.scale_labels, drawings=drawings)
    return [
        _record(piece, own_bars, figure_id, number, parent)
        for number, ((piece, parent), own_bars) in enumerate(zip(items, bars, strict=True), start=1)
    ]


def _record(piece: _Piece, bars: tuple[ScaleBar, ...], figure_id: str, number: int, parent: int | None) -> Panel:
    scale = panel_scale(piece.box, bars)
    lettering = piece.lettering
    return Panel(
        id=f"{figure_id}/p{number}",
        figure_id=figure_id,
        label=lettering.label if lettering else None,
        label_box=lettering.box if lettering else None,
        label_confidence=round(lettering.confidence, CONFIDENCE_DIGITS) if lettering else 0.0,
        label_origin=lettering.origin if lettering else None,
        box=piece.box,
        kind=piece.kind,
        kind_confidence=round(piece.kind_confidence, CONFIDENCE_DIGITS),
        scale_bars=bars,
        nm_per_px=scale.nm_per_px,
        width_nm=scale.nm_per_px * piece.box.width if scale.nm_per_px else None,
        height_nm=scale.nm_per_px * piece.box.height if scale.nm_per_px else None,
        flags=scale.flags,
        is_inset=piece.is_inset,
        parent_id=f"{figure_id}/p{parent}" if parent else None,
    )
