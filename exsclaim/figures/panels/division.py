"""Panels taken for one though their letters say that they are several: touching micrographs, graphs side by side.

A panel may be cut at its gutters, into the parts that the network sees in it, or between the letters that stand in it;
what reads the most labels is taken.
"""

from collections.abc import Sequence
from dataclasses import replace

from exsclaim.figures.labels.label_reading import are_consecutive
from exsclaim.figures.labels.panel_labels import PanelLabel, best_reading
from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.pieces import Piece, cut_piece, lettered_piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box

_LEAST_GAIN = 0.3
"""Confidence in labels, summed over the figure, that a division must add."""
_BETTER_GAIN = 0.01
"""The same of another division of that panel."""
_FILLED = 0.7
"""Share of a panel that its pieces must cover to be panels in its place."""
_LETTER_OUTSIDE = 2.0
"""A panel's letter may stand outside of it by so many of its heights, above or to the left."""


def divided(figure: SeenFigure, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, divided for as long as that reads more labels: a part may hold several letters, too.

    Pieces that no letter tells apart stay one panel.
    """
    while True:
        parts = _divided_once(figure, pieces)
        if len(parts) == len(pieces):
            return parts
        pieces = parts


def _divided_once(figure: SeenFigure, pieces: Sequence[Piece]) -> list[Piece]:
    ways = [divisions(figure, piece) for piece in pieces]
    taken = [[piece] for piece in pieces]
    if any(ways):
        most = _labels_read(figure, taken)
        for i in range(len(pieces)):
            for way in ways[i]:
                trial = [*taken[:i], way, *taken[i + 1 :]]
                found = _labels_read(figure, trial)
                if found >= most + (_LEAST_GAIN if len(taken[i]) == 1 else _BETTER_GAIN):
                    taken, most = trial, found
    return [part for parts in taken for part in parts]


def _labels_read(figure: SeenFigure, parts: Sequence[Sequence[Piece]]) -> float:
    """Confidence in the labels that are read if a figure's panels are these, summed."""
    labels: list[PanelLabel | None] = figure.label([piece.box for each in parts for piece in each])
    return sum(item.confidence for item in labels if item and item.origin == "read")


def divisions(figure: SeenFigure, piece: Piece) -> list[list[Piece]]:
    """The ways in which a panel may be several: as the gutters cut it, as its parts were detected, by its letters.

    Of the figure's clear letters those that follow each other in the alphabet may part it.
    """
    inside = [
        cut for cut in figure.cuts
        if cut.intersection(piece.box) >= 0.9 * cut.area and cut.area < 0.8 * piece.box.area
    ]  # fmt: skip
    ways = [[cut_piece(cut) for cut in inside], [replace(part, is_inset=False) for part in piece.parts]]
    within = [letter for letter in figure.clear_letters if _stands_at(letter.box, piece.box)]
    if are_consecutive([best_reading(letter) for letter in within]):
        cells = between_letters(piece.box, [letter.box for letter in within], figure.edges)
        ways.append([lettered_piece(cell, piece, figure.panels, figure.edges) for cell in cells])
    return [way for way in ways if len(way) > 1 and sum(item.box.area for item in way) >= _FILLED * piece.box.area]


def _stands_at(letter: Box, box: Box) -> bool:
    """True if a letter stands in a panel, or right above or left of it, where panels' letters stand."""
    left, above = _LETTER_OUTSIDE * letter.height, _LETTER_OUTSIDE * letter.height
    around = Box(box.x0 - left, box.y0 - above, box.x1, box.y1)
    return around.intersection(letter) >= 0.5 * letter.area
