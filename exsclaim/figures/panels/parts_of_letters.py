"""Panels without a letter that stand in a letter's part of the figure: pieces of the panel that this letter names.

Where all letters from "a" on are seen and each has its panel, what is left over beside them was torn off one: a row of
small images over a graph, the further cells of a column. The figure is parted between its letters as for lost panels.
"""

from collections.abc import Sequence

from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.lost_labels import clear_run
from exsclaim.figures.panels.pieces import Piece, grouped_piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box, hull

# The numbers were chosen on 88 figures held back and 284 learned from, all in view.
_IN_PART = 0.9
"""Share of a panel that lies in a letter's part of the figure if it is of that letter's panel."""
_LETTER = 0.3
"""From this confidence on a letter in a panel may be its own, though nobody can read it."""
_COVERED = 0.05
"""Share of another panel that the joined one may cover more than the letter's own did."""


def with_parts_joined(figure: SeenFigure, panels: Sequence[Piece]) -> list[Piece]:
    """The panels, those without a letter joined to the one in whose letter's part of the figure they stand.

    Args:
        figure: with all the letters that the detector sees.
        panels: the figure's, with their labels.
    """
    run = clear_run(figure.letters)
    hosts = {(panel.label.label or "").lower(): i for i, panel in enumerate(panels) if panel.label}
    if len(run) < 2 or len(hosts) == len(panels) or set(hosts) != set(run) or figure.label_count > len(run):
        return list(panels)  # the caption's further labels may be those of what has none
    parts = between_letters(figure.box, [letter.box for letter in run.values()], figure.edges)
    others = [letter.box for letter in figure.letters if letter.confidence >= _LETTER and letter not in run.values()]
    groups = {i: [i] for i in range(len(panels))}
    for i, panel in enumerate(panels):
        if panel.label is not None or any(letter.share_in(panel.box) >= 0.5 for letter in others):
            continue
        for name, part in zip(run, parts, strict=False):
            host = hosts[name]
            may_be_next = name == list(run)[-1] and _follows(panel.box, panels[host].box)
            if panel.box.share_in(part) >= _IN_PART and not may_be_next and _is_free(panels, host, [*groups[host], i]):
                groups[host].append(i)
                del groups[i]
                break
    labels = [panel.label for panel in panels]
    return [grouped_piece(panels, labels, group, figure.panels) for group in groups.values()]


def _follows(box: Box, last: Box) -> bool:
    """True if a box stands right of another in its row: the next letter's, which nobody saw."""
    return box.x0 >= last.centre[0] and box.overlap_height(last) >= 0.5 * box.height


def _is_free(panels: Sequence[Piece], host: int, group: Sequence[int]) -> bool:
    """True if a letter's panel and others can be one without covering that of another letter."""
    whole, own = hull(panels[i].box for i in group), panels[host].box
    return all(
        whole.intersection(other.box) <= own.intersection(other.box) + _COVERED * other.box.area
        for i, other in enumerate(panels)
        if other.label is not None and i != host
    )
