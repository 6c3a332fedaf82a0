"""The kinds and types of a figure's panels: what the panel network and the kind network see, weighed together.

The panel network sees how a panel stands in its figure and whether it is one image or several; the kind network sees
the panel itself. Their probabilities are multiplied: docs/training-log.md has what other weights of the two gave.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.detection.kind_classifier import SeenKind
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.figures.panel_types import KIND_OF_TYPE, TYPES_OF_KIND
from exsclaim.figures.panels.pieces import LEAST_SEVERAL, Piece, is_joined_parent
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

_FLOOR = 0.02
"""No probability falls below, or one network's certainty would leave the other no say."""
_LEAST_OF_FIGURE = {PanelKind.MAP: 0.4, PanelKind.MEDICAL: 0.4, PanelKind.PHOTO: 0.2}
"""Shares of the kind network's probabilities below which the panel network's do not fall: it learned from few maps,
scans of patients and photos of few fields, and calls others graphs and micrographs."""
_LEAST_OF_COLOURS = {**_LEAST_OF_FIGURE, PanelKind.GRAPH: 0.3}
"""Those of colourful panels that the panel network calls micrographs: it learned from no fields of colours without
axes (temperatures, flows)."""
_COLOURFUL = 0.4
"""Share of a panel's pixels that are of a strong colour, from which it may be a field of colours."""


_KIND_OF_TYPE = [KINDS.index(KIND_OF_TYPE[name]) for name in TYPES]
"""Position in `KINDS` of each type's kind."""


def with_kinds(pieces: Sequence[Piece], look: Callable[[Sequence[Box]], list[SeenKind]]) -> list[Piece]:
    """Panels and their parts with the kinds and types that a look at each gives.

    What letters joined to a panel of several images remains one, unless the pieces are scraps of one image.

    Args:
        pieces: a figure's panels.
        look: gives kinds and types of boxes, all asked for at once.
    """
    boxes = [box for piece in pieces for box in (piece.box, *(part.box for part in piece.parts))]
    seen = iter(look(boxes))
    found = []
    for piece in pieces:
        own = _looked_at(piece, next(seen))
        found.append(replace(own, parts=tuple(_looked_at(part, next(seen)) for part in own.parts)))
    return found


def _looked_at(piece: Piece, seen: SeenKind) -> Piece:
    is_of_scraps = is_joined_parent(piece) and piece.kind_confidence < LEAST_SEVERAL
    if is_joined_parent(piece) and not is_of_scraps:
        return piece
    shares = kind_shares(piece, seen)
    best = int(shares.argmax())
    type_, confidence = type_of(KINDS[best], shares, seen)
    if is_of_scraps and KINDS[best] is not PanelKind.PARENT:
        insets = tuple(replace(part, is_inset=True) for part in piece.parts)
        piece = replace(piece, is_joined=True, parts=insets)
    return replace(
        piece, kind=KINDS[best], kind_confidence=float(shares[best]), kind_shares=tuple(shares.tolist()), type=type_,
        type_confidence=confidence,
    )  # fmt: skip


def kind_shares(piece: Piece, seen: SeenKind) -> NDArray[np.float64]:
    """Probabilities of the kinds `(KINDS,)` by both networks; of the kind network alone where the other saw nothing."""
    shares = seen.kinds.astype(np.float64) + _FLOOR
    if piece.detected is not None:
        figure = np.zeros(len(KINDS))
        figure[: len(piece.detected.kind_scores)] = piece.detected.kind_scores
        figure = figure / max(float(figure.sum()), 1e-6) + _FLOOR
        by_figure = KINDS[int(figure.argmax())]
        may_be_field = seen.colourful >= _COLOURFUL and by_figure is PanelKind.MICROSCOPY
        for kind, least in (_LEAST_OF_COLOURS if may_be_field else _LEAST_OF_FIGURE).items():
            place = KINDS.index(kind)
            if by_figure is not PanelKind.PARENT:  # several scans look like one to the kind network
                figure[place] = max(figure[place], least * seen.kinds[place])
        shares *= figure
    return np.asarray(shares / shares.sum())


def type_of(kind: PanelKind, shares: NDArray[np.float64], seen: SeenKind) -> tuple[str | None, float]:
    """The likeliest type of a kind, with its probability among all types; None for kinds without types.

    Args:
        kind: the panel's.
        shares: probabilities of the kinds `(KINDS,)`; types of improbable ones are less probable.
        seen: what the kind network sees.
    """
    names = TYPES_OF_KIND.get(kind, ())
    if not names:
        return None, 0.0
    types = seen.types * (shares[_KIND_OF_TYPE] + _FLOOR)
    best = max(names, key=lambda name: float(types[TYPES.index(name)]))
    return best, float(types[TYPES.index(best)] / types.sum())
