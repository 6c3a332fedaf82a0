"""Records of a figure's panels: numbered in reading order, with scale, confidences and flags."""

from collections.abc import Callable, Sequence

from exsclaim.figures.calibration import Calibration
from exsclaim.figures.detection.detections import Detections
from exsclaim.figures.detection.panel_network import KINDS
from exsclaim.figures.panel_evidence import box_evidence, unexplained
from exsclaim.figures.panel_flags import nested_flags, panel_flags
from exsclaim.figures.panels.pieces import DRAWINGS, Piece, is_joined_parent
from exsclaim.figures.scale.scale_bars import CONFIDENCE_DIGITS, DetectedScaleLabel, RegionScale, scale_bars
from exsclaim.figures.told_kinds import published_kind
from exsclaim.geometry import reading_order
from exsclaim.panel_scale import SURE_TYPE, panel_scale, scale_bars_alone
from exsclaim.records import Panel, PanelKind, ScaleBar

_LEAST_SCORE = 0.02
"""Kinds of less probability are not told."""
LEAST_TYPE = 0.5
"""Types of less confidence are not said."""
_DOUBTED = 0.5
"""Share of the confidence in a scale that each doubt leaves."""


def panel_records(
    panels: Sequence[Piece],
    detections: Detections,
    figure_id: str,
    expected_labels: Sequence[str],
    confirm: Callable[[DetectedScaleLabel, bool], DetectedScaleLabel],
    calibration: Calibration,
) -> list[Panel]:
    """Records of panels in reading order, then of their insets and parts; numbered in this order.

    Args:
        panels: the figure's panels.
        detections: scale bars and scale labels are taken from here.
        figure_id: prefix of the panels' ids.
        expected_labels: labels that the caption names; () where nothing is known.
        confirm: reads a scale label again, see `scale_bars`.
        calibration: turns scores into confidences.
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
    seen = detections.panels
    proofs = [box_evidence(piece, panels, seen, nested=parent is not None) for piece, parent in items]
    records = [
        _record(piece, own, figure_id, number, parent, calibration, evidence)
        for number, ((piece, parent), own, evidence) in enumerate(zip(items, scales, proofs, strict=True), start=1)
    ]
    own = records[: len(ordered)]
    cut_short = [i for i, panel in enumerate(ordered) if panel.is_beside_ink]
    doubts = panel_flags(own, expected_labels, unexplained=unexplained(panels, seen), cut_short=cut_short)
    doubts += [nested_flags(record) for record in records[len(own) :]]
    return [
        record.model_copy(update={"flags": (*flags, *record.flags)})
        for record, flags in zip(records, doubts, strict=True)
    ]


def _record(
    piece: Piece,
    own: RegionScale,
    figure_id: str,
    number: int,
    parent: int | None,
    calibration: Calibration,
    evidence: dict[str, float],
) -> Panel:
    label = piece.label
    kind_confidence = calibration("several" if is_joined_parent(piece) else "kind", piece.kind_confidence)
    seen = piece.kind_shares or (piece.detected.kind_scores if piece.detected else ())
    kind = published_kind(piece.kind, kind_confidence, seen)
    type_confidence = _rounded(calibration("type", piece.type_confidence))
    type_ = piece.type if type_confidence >= LEAST_TYPE else None
    own = own.of(scale_bars_alone(piece.box, own.bars, kind))
    scale = panel_scale(piece.box, own.bars, kind, type_ if type_confidence >= SURE_TYPE else None)
    flags = tuple(dict.fromkeys((*scale.flags, *own.flags)))
    scale_score = _scale_score(own.bars, len(flags)) if scale.nm_per_px else 0.0
    return Panel(
        id=f"{figure_id}/p{number}",
        figure_id=figure_id,
        label=label.label if label else None,
        label_box=label.box if label else None,
        label_confidence=_label_confidence(piece, calibration),
        label_origin=label.origin if label else None,
        box=piece.box,
        box_confidence=_rounded(calibration.box(evidence)),
        kind=kind,
        kind_confidence=_rounded(kind_confidence),
        kind_scores=_kind_scores(piece),
        type=type_,
        type_confidence=type_confidence if type_ else 0.0,
        type_origin="image" if type_ else None,
        scale_bars=own.bars,
        nm_per_px=scale.nm_per_px,
        scale_confidence=_rounded(calibration("scale", scale_score)) if scale.nm_per_px else 0.0,
        width_nm=scale.nm_per_px * piece.box.width if scale.nm_per_px else None,
        height_nm=scale.nm_per_px * piece.box.height if scale.nm_per_px else None,
        flags=flags,
        is_inset=piece.is_inset,
        parent_id=f"{figure_id}/p{parent}" if parent else None,
    )


def _kind_scores(piece: Piece) -> dict[PanelKind, float]:
    """The probabilities of a piece's kinds, the improbable ones left out."""
    shares = zip(KINDS, piece.kind_shares, strict=False)
    return {kind: _rounded(share) for kind, share in shares if share >= _LEAST_SCORE}


def _label_confidence(piece: Piece, calibration: Calibration) -> float:
    """Calibrated where the label was read; what was inferred has a confidence by its way of being so."""
    label = piece.label
    if label is None or label.label is None:
        return 0.0
    return _rounded(calibration("label", label.confidence) if label.origin == "read" else label.confidence)


def _scale_score(bars: Sequence[ScaleBar], doubts: int) -> float:
    """The score of the surest bar that gives a length: its own and its text's, halved by each doubt."""
    sure = max((bar.confidence * bar.label_confidence for bar in bars if bar.length_nm), default=0.0)
    return float(sure * _DOUBTED**doubts)


def _rounded(confidence: float) -> float:
    return round(confidence, CONFIDENCE_DIGITS)
