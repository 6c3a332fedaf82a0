"""Ink, images and figure text that stand close together on a page and are no running text: parts of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from exsclaim.geometry import Box, hull
from exsclaim.sources.pdf.captions.caption_detection import Caption
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
    if between := gutters(own, barriers, page.graphics, ink):
        seeds = _without(ink, texts, between)
        barriers += between
    clusters = _clustered(page, seeds, texts, barriers)
    return Layout(page, tuple(own), tuple(barriers), tuple(texts), tuple(clusters), ink.packed())


def _without(ink: Ink, texts: Sequence[Line], between: Sequence[Box] = ()) -> list[Piece]:
    """Pieces of ink that are no letters."""
    whole = ink.mask.copy()
    for line in texts:
        ink.erase(line.box, margin=0.5)
    pieces = ink.pieces(between)
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
