"""Pieces that are one panel since they stand in one letter's part of the figure, where its letters tell all parts.

Rows and sizes say little about which of two letters several images side by side are of: two rows of two images under
"a" beside two rows under "b" look like rows of four. Where all letters from "a" on are clear, and blank strips or
straight lines part the figure between them, the parts say it.
"""

from collections.abc import Sequence
from dataclasses import replace

from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.labels.panel_labels import is_clear
from exsclaim.figures.panels.joining import of_one_grid
from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.lost_labels import clear_run
from exsclaim.figures.panels.pieces import DRAWINGS, Piece, grouped_piece
from exsclaim.figures.panels.seen_figure import SeenFigure

_IN_PART = 0.9
"""Share of a piece that lies in a letter's part of the figure if it is of that letter's panel."""
_AS_HIGH = 0.75
"""Share of the lowest one's height from which on another clear letter may name a panel, too."""


def joined_by_letters(figure: SeenFigure, pieces: Sequence[Piece]) -> list[Piece] | None:
    """One panel for each letter's part of the figure; None where its letters do not tell the parts of all pieces.

    Args:
        figure: with all the letters that the detector sees.
        pieces: of the figure.
    """
    run = clear_run(figure.letters)
    if len(run) < 2 or figure.label_count > len(run) or _has_other_letters(figure, [*run.values()]):
        return None
    parts = between_letters(figure.box, [letter.box for letter in run.values()], figure.edges)
    groups = [[i for i, piece in enumerate(pieces) if piece.box.share_in(part) >= _IN_PART] for part in parts]
    if not parts or not all(groups) or sum(map(len, groups)) < len(pieces):
        return None
    if _may_go_on(figure, [pieces[i] for i in groups[-1]]):
        return None
    panels = [grouped_piece(pieces, [None] * len(pieces), group, figure.panels) for group in groups]
    labels = figure.label([panel.box for panel in panels])
    return [replace(panel, label=label) for panel, label in zip(panels, labels, strict=True)]


def _has_other_letters(figure: SeenFigure, run: Sequence[DetectedLabel]) -> bool:
    """True if letters as clear and as high as those of the run stand elsewhere: a second "a", an "e" without a "d"."""
    least_px = _AS_HIGH * min(letter.box.height for letter in run)
    return any(
        is_clear(letter) and letter.box.height >= least_px and all(letter is not other for other in run)
        for letter in figure.letters
    )


def _may_go_on(figure: SeenFigure, last: Sequence[Piece]) -> bool:
    """True if the last letter's part has images of one size: the others may be panels of letters that nobody saw.

    Captions do not name them all, either.
    """
    images = [piece.box for piece in last if piece.kind not in DRAWINGS]
    return any(of_one_grid(a, b, figure.side_px) for i, a in enumerate(images) for b in images[:i])
