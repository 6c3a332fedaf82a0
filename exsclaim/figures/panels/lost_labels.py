"""Panels for clear letters that have none: where a figure's letters run from "a" on, each of them names a panel.

The network may see two panels as one, or a panel not at all, or too narrow to be the letter's. Its letters then say how
many panels there are and where: the figure is cut between them, and each part without its panel is one.
"""

from collections.abc import Sequence
from dataclasses import replace

from exsclaim.figures.labels.label_reading import LETTERS, DetectedLabel
from exsclaim.figures.labels.panel_labels import is_clear
from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.pieces import Piece, lettered_piece
from exsclaim.figures.panels.seen_figure import SeenFigure

# The numbers were chosen on 329 figures of any field that the panel network had not seen.
LEAST_READ = 0.8
"""Probability of its reading from which on a clear letter is surely that."""
_IN_CELL = 0.8
"""Share of a panel that lies in its letter's part of the figure if it is that letter's."""
_BESIDE = 0.1
"""Share of a panel without a label that may lie in new ones; with more it is a part of them."""


def with_lost_panels(figure: SeenFigure, panels: Sequence[Piece]) -> list[Piece]:
    """The panels, with one for each letter of the figure's run; as they are where all have one, or nothing parts them.

    Args:
        figure: with all that was detected in it.
        panels: the figure's, with their labels.
    """
    run = clear_run(figure.letters)
    known = {(panel.label.label or "").lower(): panel for panel in panels if panel.label}
    if len(run) < 2 or not panels or set(known) >= set(run) or not set(known) <= set(run):
        return list(panels)  # "" is a panel whose letter nobody could read: how many there are is not known
    cells = between_letters(figure.box, [letter.box for letter in run.values()], figure.edges)
    kept, new = [], []
    for name, cell in zip(run, cells, strict=False):
        panel = known.get(name)
        if panel is not None and panel.box.share_in(cell) >= _IN_CELL:
            kept.append(panel)
        else:
            around = max(panels, key=lambda piece: piece.box.intersection(cell))
            new.append(lettered_piece(cell, around, figure.panels, figure.edges))
    for panel in panels:
        if panel.label is None and all(panel.box.intersection(p.box) < _BESIDE * panel.box.area for p in kept + new):
            kept.append(panel)
    labels = figure.label([panel.box for panel in kept + new])
    if not {(item.label or "").lower() for item in labels if item} >= set(run):
        return list(panels)
    return [replace(panel, label=item) for panel, item in zip(kept + new, labels, strict=True)]


def clear_run(letters: Sequence[DetectedLabel]) -> dict[str, DetectedLabel]:
    """The clear and surely read letters "a", "b", "c" … until one is missing; of several of a kind the surest."""
    by_name: dict[str, DetectedLabel] = {}
    for letter in sorted(letters, key=lambda letter: letter.confidence):
        folded = letter.folded
        by_name |= {name: letter for name, share in folded.items() if share >= LEAST_READ and is_clear(letter)}
    run: dict[str, DetectedLabel] = {}
    for name in LETTERS:
        if name not in by_name:
            break
        run[name] = by_name[name]
    return run
