"""Captions side by side with no more than a word's space between them: "Figure 1: A plot of … Figure 2: Its …"."""

from itertools import pairwise

from exsclaim.sources.pdf.text.text_lines import Line, is_labelled

_BETWEEN_CAPTIONS, _CAPTION_STEP = 3.0, 1.5
"""Sizes between two captions side by side, and from line to line of one, at most."""
_OFF_EDGE, _LEAST_SPACE = 0.4, 0.2
"""Sizes: where the right one's lines may begin off its label, and the space before them at least."""


def parted_under_labels(lines: list[Line]) -> list[Line]:
    """The lines, those under two labels on one baseline cut between the captions that these begin.

    No more than a word's space may part captions side by side: what begins a word right under the right one's label
    is of the right one.
    """
    labelled = [line for line in lines if line.is_upright and is_labelled(line.glyphs)]
    for left, right in ((a, b) for a in labelled for b in labelled):
        edge, em, last = right.box.x0, right.size, right.baseline
        if abs(left.baseline - right.baseline) > 0.25 * em or not 0 < edge - left.box.x1 < _BETWEEN_CAPTIONS * em:
            continue
        under = [line for line in lines if line.is_upright and line.baseline > right.baseline + 0.5 * em]
        for line in sorted(under, key=lambda line: line.baseline):
            is_beside = line.box.x1 < left.box.x0 or line.box.x0 > right.box.x1
            if is_beside or abs(line.size - em) > 0.06 * em:
                continue
            if line.baseline - last > _CAPTION_STEP * em:
                break
            if line.box.x0 < edge - em and line.box.x1 > edge + em:
                place = _word_at(line, edge)
                if place is None:
                    break
                at = lines.index(line)
                lines[at : at + 1] = [Line(line.glyphs[:place]), Line(line.glyphs[place:])]
            last = line.baseline
    return lines


def _word_at(line: Line, edge: float) -> int | None:
    """Place of the character with which a word begins at an edge; None where none does."""
    for place, (before, glyph) in enumerate(pairwise(line.glyphs), start=1):
        if abs(glyph.box.x0 - edge) < _OFF_EDGE * line.size:
            return place if glyph.box.x0 - before.box.x1 > _LEAST_SPACE * line.size else None
    return None
