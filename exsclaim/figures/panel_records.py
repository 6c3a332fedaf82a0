"""Records of a figure's panels: numbered in reading order, with scale, confidences and flags."""

from collections.abc import Callable, Sequence

from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.panels.pieces import DRAWINGS, Piece
from exsclaim.figures.panels.reading_order import reading_order
from exsclaim.figures.scale.scale_bars import CONFIDENCE_DIGITS, DetectedScaleLabel, RegionScale, scale_bars
from exsclaim.records import Panel
from exsclaim.scales import panel_scale


def panel_records(
    panels: Sequence[Piece],
    detections: Detections,
    figure_id: str,
    expected_labels: Sequence[str],
    confirm: Callable[[DetectedScaleLabel, bool], DetectedScaleLabel],
) -> list[Panel]:
    """Records of panels in reading order, then of their insets and parts; numbered in this order.

    Args:
        panels: the figure's panels.
        detections: scale bars and scale labels are taken from here.
        figure_id: prefix of the panels' ids.
        expected_labels: labels that the caption names; () where nothing is known.
        confirm: reads a scale label again, see `scale_bars`.
    """
    ordered = [panels[i] for i in reading_order([panel.box for panel in panels])]
    items: list[tuple[Piece, int | None]] = [(panel, None) for panel in ordered]
    for number, panel in enumerate(ordered, start=1):
        items += [(panel.parts[i], number) for i in reading_order([part.box for part in panel.parts])]
    scales = scale_bars(
        [piece.box for piece, _ in items],
        detections.bars,
        detections.scale_labels,
        drawings=[i for i, (piece, _) in enumerate(items) if piece.kind in DRAWINGS],
        confirm=confirm,
    )
    return [
        _record(piece, own, figure_id, number, parent)
        for number, ((piece, parent), own) in enumerate(zip(items, scales, strict=True), start=1)
    ]


def _record(piece: Piece, own: RegionScale, figure_id: str, number: int, parent: int | None) -> Panel:
    scale = panel_scale(piece.box, own.bars, piece.kind)
    label = piece.label
    return Panel(
        id=f"{figure_id}/p{number}",
        figure_id=figure_id,
        label=label.label if label else None,
        label_box=label.box if label else None,
        label_confidence=round(label.confidence, CONFIDENCE_DIGITS) if label else 0.0,
        label_origin=label.origin if label else None,
        box=piece.box,
        kind=piece.kind,
        kind_confidence=round(piece.kind_confidence, CONFIDENCE_DIGITS),
        scale_bars=own.bars,
        nm_per_px=scale.nm_per_px,
        width_nm=scale.nm_per_px * piece.box.width if scale.nm_per_px else None,
        height_nm=scale.nm_per_px * piece.box.height if scale.nm_per_px else None,
        flags=tuple(dict.fromkeys((*scale.flags, *own.flags))),
        is_inset=piece.is_inset,
        parent_id=f"{figure_id}/p{parent}" if parent else None,
    )
