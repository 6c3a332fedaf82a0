"""Panels without a letter that stand in a letter's part of the figure: pieces of the panel that this letter names.

Where all letters from "a" on are seen and each has its panel, what is left over beside them was torn off one: a row of
small images over a graph, the further cells of a column. The figure is parted between its letters as for lost panels.
Where each label that the caption names was read at a panel, "a" among them, these are all of the letters, whatever else
looks like one;
only panels as large as lettered ones may be some that the caption does not tell of, if one of them has what may be a
letter.
"""

from collections.abc import Sequence

from exsclaim.figures.labels.label_reading import DetectedLabel
from exsclaim.figures.labels.panel_labels import is_clear
from exsclaim.figures.panels.joining import of_one_grid
from exsclaim.figures.panels.letter_cuts import between_letters
from exsclaim.figures.panels.lost_labels import LEAST_READ, clear_run
from exsclaim.figures.panels.pieces import Piece, grouped_piece
from exsclaim.figures.panels.seen_figure import SeenFigure
from exsclaim.geometry import Box, hull, reading_order

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
    clear = {name: letter.box for name, letter in clear_run(figure.letters).items()}
    promised = _promised(figure, panels)
    run = promised or clear
    has_own = [panel.label is not None and bool(panel.label.label or not promised) for panel in panels]
    hosts = {(panel.label.label or "").lower(): i for i, panel in enumerate(panels) if panel.label and has_own[i]}
    if len(run) < 2 or len(hosts) == len(panels) or set(hosts) != set(run) or figure.label_count > len(run):
        return list(panels)  # the caption's further labels may be those of what has none
    parts = between_letters(figure.box, list(run.values()), figure.edges)
    others = [letter for letter in figure.letters if letter.confidence >= _LETTER and letter.box not in run.values()]
    inside = [[letter for letter in others if letter.box.share_in(panel.box) >= 0.5] for panel in panels]
    cells = {
        i for i, panel in enumerate(panels)
        if not has_own[i] and any(of_one_grid(panels[h].box, panel.box, figure.side_px) for h in hosts.values())
    }  # fmt: skip
    are_panels = bool(promised) and any(inside[i] for i in cells)
    groups = {i: [i] for i in range(len(panels))}
    for i in reading_order([panel.box for panel in panels]):
        panel, is_cell = panels[i], i in cells
        may_be_own = any(map(_is_read, inside[i])) if promised and not is_cell else bool(inside[i])
        if has_own[i] or may_be_own or (is_cell and are_panels):
            continue
        rows_go_on = bool(promised) and not is_cell and any(len(group) > 1 for group in groups.values())
        for name, part in zip(run, parts, strict=False):
            host = hosts[name]
            may_be_next = name == list(run)[-1] and _follows(panel.box, panels[host].box) and not rows_go_on
            if panel.box.share_in(part) >= _IN_PART and not may_be_next and _is_free(panels, host, [*groups[host], i]):
                groups[host].append(i)
                del groups[i]
                break
    labels = [panel.label for panel in panels]
    return [grouped_piece(panels, labels, group, figure.panels) for group in groups.values()]


def _promised(figure: SeenFigure, panels: Sequence[Piece]) -> dict[str, Box]:
    """Places of the labels that the caption names, if each, from "a" on, is read at a panel and no other is."""
    places = {
        panel.label.label.lower(): panel.label.box
        for panel in panels
        if panel.label and panel.label.label and panel.label.box and panel.label.origin == "read"
    }
    named = list(dict.fromkeys(label.lower() for label in figure.expected_labels if label))
    # a caption that begins with "b" leaves "a" out, and what has no letter may be that
    is_whole = any(name.startswith("a") for name in named) and set(named) == set(places)
    return {name: places[name] for name in named} if is_whole else {}


def _is_read(letter: DetectedLabel) -> bool:
    """True if this is a letter for sure, and which one."""
    return is_clear(letter) and max(letter.folded.values(), default=0.0) >= LEAST_READ


def _follows(box: Box, last: Box) -> bool:
    """True if a box stands right of another in its row: the next letter's, which nobody saw."""
    return box.x0 >= last.centre[0] and box.overlap_height(last) >= 0.5 * box.height


def _is_free(panels: Sequence[Piece], host: int, group: Sequence[int]) -> bool:
    """True if a letter's panel and others can be one without covering that of another letter."""
    whole, own = hull(panels[i].box for i in group), panels[host].box
    return all(
        whole.intersection(other.box) <= own.intersection(other.box) + _COVERED * other.box.area
        for i, other in enumerate(panels)
        if other.label is not None and i not in group
    )
