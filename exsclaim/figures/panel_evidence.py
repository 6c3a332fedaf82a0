"""Evidence for and against a panel: numbers from which the confidence in its box is computed.

A network's score alone says little about figures of other fields than it learned from. What its other proposals say of
the same place, whether panels overlap and whether one among lettered ones has no letter, says more.
"""

from collections.abc import Sequence
from math import log

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.panels.pieces import Piece, piece_score
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

_SAME_IOU = 0.7
"""Proposals that overlap more mean the same panel."""
_RIVAL_SHARE = 0.3
"""Share of the smaller of two boxes from which on they contradict each other."""
_LEAST, _MOST = 0.01, 0.99
_LEAST_LEFT = 0.3
"""Proposals of less score are left over in any figure."""
_FOUND_IOU = 0.5
"""A panel or a part of one that overlaps a proposal so much is what was proposed."""


def box_evidence(
    piece: Piece, pieces: Sequence[Piece], detected: Sequence[DetectedPanel], *, nested: bool = False
) -> dict[str, float]:
    """Evidence for a panel being one, with this box.

    Args:
        piece: the panel.
        pieces: all panels of the figure, this one too.
        detected: all that the network sees in the figure.
        nested: it is an inset or a part: what it lies in does not contradict it.
    """
    box = piece.box
    support = rival = 0.0
    for other in detected:
        own_score = other.score * (1.0 if nested else 1 - other.nested_score)
        shared = other.box.intersection(box)
        if other.box.iou(box) >= _SAME_IOU:
            support += own_score
        elif not nested and shared > _RIVAL_SHARE * min(other.box.area, box.area):
            rival = max(rival, own_score)
    others = [other.box for other in pieces if other is not piece and not nested]
    labelled = any(other.label is not None for other in pieces)
    return {
        "score": _log_odds(piece_score(piece)),
        "rival": rival,
        "support": min(support, 2.0),
        "joined": float(piece.is_joined),
        "parent": float(piece.kind is PanelKind.PARENT),
        "count": log(len(pieces)),
        "overlap": max((_overlap(box, other) for other in others), default=0.0),
        "unlabelled": float(labelled and piece.label is None and not nested),
    }


def unexplained(pieces: Sequence[Piece], detected: Sequence[DetectedPanel]) -> float:
    """Scores of the network's proposals that no panel and no part of one is, for each panel of the figure.

    Where much is left, the figure was seen in several ways: any of its panels is wrong more often.

    Args:
        pieces: all panels of the figure.
        detected: all that the network sees in it.
    """
    boxes = [box for piece in pieces for box in (piece.box, *(part.box for part in piece.parts))]
    left = (
        panel.score for panel in detected
        if panel.score >= _LEAST_LEFT and all(box.iou(panel.box) < _FOUND_IOU for box in boxes)
    )  # fmt: skip
    return sum(left) / max(1, len(pieces))


def _log_odds(value: float) -> float:
    value = min(_MOST, max(_LEAST, value))
    return log(value / (1 - value))


def _overlap(box: Box, other: Box) -> float:
    return box.intersection(other) / max(1.0, min(box.area, other.area))
