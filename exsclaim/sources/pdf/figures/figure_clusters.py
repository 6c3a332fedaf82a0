"""Ink, images and figure text that stand close together on a page and are no running text: parts of figures.

A figure's extent is the drawing that was found, with the text and the small parts around it that are its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
from exsclaim.sources.pdf.captions.sub_captions import letters_over
from exsclaim.sources.pdf.figures.figure_labels import KIN_REACH, is_label_of
from exsclaim.sources.pdf.figures.ruled_parts import gutters, last_rules_of_tables, rules_of_columns
from exsclaim.sources.pdf.figures.running_text import Typography, obstacles
from exsclaim.sources.pdf.graphics.page_ink import Ink, InkMap, Piece, frames
from exsclaim.sources.pdf.page_content import Page
from exsclaim.sources.pdf.text.text_lines import Line

_NEAR_INK = 12.0
_NEAR_TEXT = 9.0
"""Points over which parts of a figure are joined before captions are looked at."""
_MARGIN, _SCAN_MARGIN = 0.7, 0.3
"""Points around a line of text that are erased with it; on a scan, in heights of the line."""
MAX_PIECES = 1500
"""Beyond, a page's ink is scattered dots, and only the largest pieces are looked at."""


@dataclass(frozen=True)
class Cluster:
    """Parts of figures close together. `ink` is their area in square points."""

    box: Box
    ink: float
    has_image: bool
    is_ruled: bool
    """Nothing but straight lines (and text): a table, a separator."""
    has_text: bool = False


@dataclass(frozen=True)
class Layout:
    """A page taken apart."""

    page: Page
    captions: tuple[Caption, ...]
    barriers: tuple[Box, ...]
    """Lines of running text, headings and captions: no figure reaches over them."""
    texts: tuple[Line, ...]
    """Rest of the text: in figures, tables and equations."""
    clusters: tuple[Cluster, ...]
    ink: InkMap


def lay_out(page: Page, captions: Sequence[Caption], typography: Typography, ink: Ink) -> Layout:
    """Take a page apart; `ink` is erased where no figure can be."""
    own = [caption for caption in captions if caption.page == page.number]
    taken = {id(line) for caption in captions for line in caption.all_lines}
    prose = obstacles(page, typography, taken, [caption.box for caption in own if caption.is_figure])
    barred = taken | {id(line) for line in prose}
    barriers = [line.box for line in page.lines if id(line) in barred]
    texts = [line for line in page.lines if id(line) not in barred]
    for box in page.repeated:
        ink.erase(box, margin=1.0)
    framing, outlines, grounds = frames(page.graphics, barriers, page.repeated)
    for box in framing:
        ink.erase(box, margin=1.0)
    for box in outlines:
        ink.erase_outline(box)
    for box in sorted(grounds, key=lambda ground: -ground.area):
        ink.erase_tint(box)
        ink.erase_outline(box)  # where the ground fades into the paper
    for box in rules_of_columns(page.graphics, grounds, barriers):
        ink.erase(box, margin=0.5)
    for box in barriers:  # recognised text is placed less exactly than printed text
        ink.erase(box, margin=_SCAN_MARGIN * box.height if page.is_scan else _MARGIN)
    tables = [caption.box for caption in own if caption.kind == "table"]
    ends = [
        Box(rule.x0, rule.y1 - 2, rule.x1, rule.y1 + 1)
        for rule in last_rules_of_tables(tables, page.graphics, [caption.box for caption in own])
    ]
    for box in ends:  # a figure that follows at once would hang together with the rule
        ink.erase(box, margin=0.5)
    barriers += ends
    seeds = _without(ink, texts)
    captioned = [line.box for caption in own for line in (*caption.lines, *caption.twin)]
    framed = [piece for piece in seeds if piece.is_frame and any(piece.box.contains(box, 1.0) for box in captioned)]
    for piece in framed:
        seeds.remove(piece)
        ink.erase_piece(piece)
    barriers += gutters(own, barriers, page.graphics, ink)
    clusters = _clustered(page, seeds, texts, barriers)
    return Layout(page, tuple(own), tuple(barriers), tuple(texts), tuple(clusters), ink.packed())


def _without(ink: Ink, texts: Sequence[Line]) -> list[Piece]:
    """Pieces of ink that are no letters."""
    whole = ink.mask.copy()
    for line in texts:
        ink.erase(line.box, margin=0.5)
    pieces = ink.pieces()
    ink.mask = whole
    return sorted(pieces, key=lambda piece: -piece.ink)[:MAX_PIECES]


def _clustered(page: Page, pieces: Sequence[Piece], texts: Sequence[Line], barriers: Sequence[Box]) -> list[Cluster]:
    parts = [(piece.box, True, piece) for piece in pieces] + [(line.box, False, None) for line in texts]
    boxes = [box for box, _, _ in parts]
    groups = _Groups(boxes, barriers)
    order = sorted(range(len(parts)), key=lambda index: boxes[index].y0)
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if boxes[second].y0 - max(_NEAR_INK, 0) > groups.lowest(first):
                break
            reach = _NEAR_INK if parts[first][1] and parts[second][1] else _NEAR_TEXT
            if boxes[first].grown(reach).touches(boxes[second]):
                groups.join(first, second)
    images = [] if page.is_scan else [graphic.box for graphic in page.graphics if graphic.kind == "image"]
    for image in images:  # one image is of one figure, however much white is in it
        inside = [index for index, box in enumerate(boxes) if image.contains(box, slack=1.0)]
        for first, second in pairwise(inside):
            groups.join(first, second)
    clusters = []
    for members in groups.members():
        ink = [parts[index][2] for index in members if parts[index][2] is not None]
        if not ink:
            continue
        solid = [index for index in members if parts[index][2] is None or not _is_rule(parts[index][2])]
        if any(parts[index][1] for index in solid):
            inner = hull(boxes[index] for index in solid).grown(4.0)  # a rule that sets a figure off is no part of it
            members = [index for index in members if inner.contains(boxes[index], slack=1.0)]
        box = hull(boxes[index] for index in members)
        clusters.append(
            Cluster(
                box,
                sum(piece.ink for piece in ink if piece is not None),
                any(image.share_in(box.grown(2.0)) > 0.9 for image in images),
                all(piece.is_rule for piece in ink if piece is not None),
                any(not parts[index][1] for index in members),
            )
        )
    return clusters


def _is_rule(piece: Piece | None) -> bool:
    return piece is not None and piece.is_rule


class _Groups:
    """Boxes joined step by step, never over a barrier."""

    def __init__(self, boxes: Sequence[Box], barriers: Sequence[Box]) -> None:
        self._boxes = boxes
        self._barriers = [barrier.grown(-0.8) for barrier in barriers]
        self._of = list(range(len(boxes)))
        self._hulls = dict(enumerate(boxes))
        self._members = {index: [index] for index in range(len(boxes))}

    def lowest(self, index: int) -> float:
        return self._boxes[index].y1

    def join(self, first: int, second: int) -> None:
        a, b = self._of[first], self._of[second]
        if a == b:
            return
        both = hull((self._hulls[a], self._hulls[b]))
        if any(
            both.touches(barrier) and not self._hulls[a].touches(barrier) and not self._hulls[b].touches(barrier)
            for barrier in self._barriers
        ):
            return
        small, large = sorted((a, b), key=lambda group: len(self._members[group]))
        for index in self._members[small]:
            self._of[index] = large
        self._members[large] += self._members.pop(small)
        self._hulls[large] = both
        self._hulls.pop(small)

    def members(self) -> list[list[int]]:
        return list(self._members.values())


_MARGIN_REACH = 40.0
"""Points from a figure to text that stands alone beside it."""
_COLUMN_LINES = 3
_EDGE = 0.15
"""A figure may reach so far, in its height, into its caption by what is not its own."""
_IN_FIGURE = 4.0
STRIP = 100.0
"""Points between a figure and its caption that remarks, captions of panels and axes may fill."""


def fitted(layout: Layout, box: Box, caption: Caption) -> Box:
    """A figure with what stands between it and its caption and with the figure's text around it, no empty margin."""
    box = _down_to_caption(layout, box, caption.box)
    with_letters = hull((box, *(line.box for line in letters_over(box, layout.texts))))
    box = with_labels(layout, box if is_barred_inside(layout, with_letters) else with_letters)
    box = _down_to_caption(layout, box, caption.box)  # the title of an axis under names that stand on their side
    return (
        box
        if stands_in(caption.box, box) and _is_beside_ink(layout, box, caption.box)
        else _clear_of(box, caption.lines)
    )


def with_labels(layout: Layout, box: Box) -> Box:
    """A figure with the text around it that is its own, no empty margin."""
    types = {(line.style.font, line.size) for line in layout.texts if box.contains(line.box, slack=1.0)}
    grew = True
    while grew:
        grew = False
        for line in layout.texts:
            if box.contains(line.box, slack=0.1) or _is_in_other_column(line, box, layout):
                continue
            if not (is_label_of(line, box, types) or _is_alone_beside(line, box, layout)):
                continue
            both = hull((box, line.box))
            if not is_barred_inside(layout, both):
                box, grew = both, True
    seen = layout.ink.bounds(box.grown(0.8))
    return (seen or box).grown(0.8).common(layout.page.area) or box


def stands_in(caption: Box, box: Box) -> bool:
    """True if a caption has its place in a figure's rectangle."""
    return box.contains(caption, slack=_IN_FIGURE)


def _is_beside_ink(layout: Layout, box: Box, caption: Box) -> bool:
    """True if a figure goes on beside its caption, to that one's foot: the caption stands in a corner left free."""
    left, right = (box.x0, caption.x0 - _IN_FIGURE), (caption.x1 + _IN_FIGURE, box.x1)
    seen = [layout.ink.bounds(Box(x0, caption.y0, x1, box.y1)) for x0, x1 in (left, right) if x1 - x0 > KIN_REACH]
    return any(ink is not None and ink.height > 0.5 * caption.height and ink.width > KIN_REACH for ink in seen)


def _clear_of(box: Box, caption: Sequence[Line]) -> Box:
    """A figure without the edge of its caption: accents stand over its first line, and scans are not straight."""
    for line in (caption[0], caption[-1]):
        if line.box.overlap_width(box) <= 0 or line.box.overlap_height(box) <= 0:
            continue
        if box.y1 - line.box.y0 < _EDGE * box.height:
            box = Box(box.x0, box.y0, box.x1, line.box.y0)
        elif line.box.y1 - box.y0 < _EDGE * box.height:
            box = Box(box.x0, line.box.y1, box.x1, box.y1)
    return box


def _down_to_caption(layout: Layout, box: Box, caption: Box) -> Box:
    """A box with the text and the ruled parts (an axis apart, a scale) between a figure and its caption."""
    top, bottom = (box.y1, caption.y0) if box.centre[1] < caption.centre[1] else (caption.y1, box.y0)
    if not 0 < bottom - top < STRIP:
        return box
    parts = [line.box for line in layout.texts]
    parts += [cluster.box for cluster in layout.clusters if cluster.is_ruled and cluster.has_text]
    for part in parts:
        inside = top - 2 <= part.y0 and part.y1 <= bottom + 2 and part.overlap_width(box) > 0.5 * part.width
        both = hull((box, part))
        if inside and not is_barred_inside(layout, both):
            box = both
    return box


def _is_in_other_column(line: Line, box: Box, layout: Layout) -> bool:
    """True if a line is in a column of text beside the figure, as formulas are; last lines of wide text are none."""
    column = [
        barrier for barrier in layout.barriers
        if (barrier.x1 < box.x0 + 2 or barrier.x0 > box.x1 - 2)
        and barrier.x0 - line.size < line.box.x0 and line.box.x1 < barrier.x1 + line.size
    ]  # fmt: skip
    edges = [barrier.x0 for barrier in column]
    wide = [b for b in layout.barriers if b.overlap_width(box) > line.size and any(abs(b.x0 - x) < 2 for x in edges)]
    return len(column) >= max(_COLUMN_LINES, len(wide))


def _is_alone_beside(line: Line, box: Box, layout: Layout) -> bool:
    """True if short text stands at the height of a figure where no column of text is on that side of it."""
    if (
        line.box.overlap_height(box) < 0.8 * line.box.height
        or -line.box.overlap_width(box) > _MARGIN_REACH
        or len(line.words) > 3
    ):
        return False
    area = layout.page.area
    is_left = line.box.x1 < box.x0
    margin = Box(area.x0, box.y0, box.x0, box.y1) if is_left else Box(box.x1, box.y0, area.x1, box.y1)
    drawn = [cluster.box for cluster in layout.clusters if not box.contains(cluster.box, slack=1.0)]
    marks = [other for other in drawn if other.touches(line.box) and other.area < 4 * line.box.area]
    others = [*layout.barriers, *(other for other in drawn if other not in marks)]
    return not any(other.touches(margin) for other in others)


def is_barred_inside(layout: Layout, box: Box) -> bool:
    """True if a box would cut into running text, a caption or a gutter."""
    inner = box.grown(-2.0)
    return any(inner.touches(barrier.grown(-1.0)) for barrier in layout.barriers)
