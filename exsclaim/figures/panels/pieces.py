"""Pieces of a figure on their way to panels: as detected, as gutters or letters cut them, joined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from exsclaim.figures.detection.panel_detector import DetectedPanel
from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.figures.panels.panel_choice import SURE_SCORE, nested_in
from exsclaim.figures.panels.panel_edges import Edges
from exsclaim.geometry import Box, distance, hull
from exsclaim.records import PanelKind

# The numbers of the next six were chosen on figures_micro and figures_fields, train, which no network had seen then:
# panel F1 of these 372 figures at .5/.75/.9 rose from .801/.706/.566 to .831/.747/.603.
_SURELY_SEVERAL = 0.58
"""Mean score of its pieces from which on a figure without labels is several panels."""
_SURE_PANEL = 0.8
"""From this score on a piece is a panel whatever the others are: of 21 drawings in pieces none has one above .75."""
_FEW = 5
"""More pieces than this are not one drawing, whatever their scores: grids of maps score low."""
_LIKELY_CELLS = 0.4
"""Mean score from which on pieces of one size are panels, be they drawings or graphs; this and the next were chosen on
329 figures of any field, later."""
_ONE_SIZE = 0.7
"""Share of the largest one's width and height that each piece of one size has at least."""
_BY_AND_LARGE = 0.7
"""Share of a figure's panels, by area, that drawings must be to make it a drawing."""
_IMAGES = frozenset({PanelKind.MICROSCOPY, PanelKind.PHOTO})
_MOST_IMAGES = 1
"""So many clear images beside drawings may be part of one scheme."""
_APART = 0.5
"""An image lies in another piece with this share of it."""
_APPENDAGE_SCORE = 0.55
"""Pieces of less score may be a legend, a colour bar or an axis of the panel beside them."""
_APPENDAGE_AREA = 0.5
"""An appendage has no more than this share of its panel's area."""
_APPENDAGE_GAP = 0.03
"""It stands no farther from it than this share of the figure's longer side."""
_CUT_SCORE = 0.2
"""Score of a piece that only the gutters cut out."""
LEAST_SEVERAL = 0.3
"""Pieces that one letter joins are one image if they are less surely several: scraps of a graph, or one in another.
Of 19 such panels of 934 figures five got the right kind by it, and none lost it."""
_OTHER_IMAGE = 0.3
"""Share of the smaller of two pieces up to which they may be two images."""
_SAME_PLACE_IOU = 0.85
_SAME_CELL_IOU = 0.5
DRAWINGS = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION})
LETTERED = frozenset({PanelKind.GRAPH, PanelKind.ILLUSTRATION, PanelKind.TABLE, PanelKind.PARENT})
"""Kinds whose lettering may stand beside what the network sees of them."""

PRINTED = LETTERED | {PanelKind.MAP}
"""Kinds that stand on the page itself and end with their print."""


@dataclass(frozen=True)
class Piece:
    """A panel, or an inset or a part of one; `parts` are those that lie in it."""

    box: Box
    kind: PanelKind
    kind_confidence: float
    detected: DetectedPanel | None = None
    """Kind that the network saw there; None for a piece that only the gutters cut out."""
    label: PanelLabel | None = None
    is_inset: bool = False
    is_joined: bool = False
    """Made of several pieces that may be panels of their own."""
    is_beside_ink: bool = False
    """The nearest to a block of the figure that no panel has."""
    parts: tuple["Piece", ...] = ()
    kind_shares: tuple[float, ...] = ()
    """Probability of each kind of `KINDS`, where the panel was looked at by itself."""
    type: str | None = None
    type_confidence: float = 0.0

    def scaled(self, factor: float, width_px: int, height_px: int) -> "Piece":
        """The same of the figure at another size, `factor` times as wide; what the network saw stays as it is.

        Args:
            factor: as above.
            width_px: of that figure, whose sides were rounded: no box goes beyond them.
            height_px: as above.
        """

        def placed(box: Box) -> Box:
            return box.scaled(factor).clipped(width_px, height_px)

        label = self.label
        if label is not None and label.box is not None:
            label = replace(label, box=placed(label.box))
        parts = tuple(part.scaled(factor, width_px, height_px) for part in self.parts)
        return replace(self, box=placed(self.box), label=label, parts=parts)


def lettered_piece(box: Box, whole: Piece, detected: Sequence[DetectedPanel], edges: Edges) -> Piece:
    """A part of a panel between letters: what the network sees in its place, else of the panel's own kind."""
    box = edges.trimmed(box)
    seen = max(detected, key=lambda panel: panel.box.iou(box), default=None)
    if seen is None or seen.box.iou(box) < _SAME_CELL_IOU:
        # a part of several images is not several itself: what it is the kind network says
        kind = PanelKind.UNCLEAR if whole.kind is PanelKind.PARENT else whole.kind
        return Piece(edges.fitted(box, whole.kind), kind, whole.kind_confidence, is_joined=True)
    return Piece(edges.fitted(box, seen.kind), seen.kind, _kind_confidence(seen), seen)


def cut_piece(box: Box) -> Piece:
    """A piece that only the gutters cut out; its kind is for the kind network to say."""
    return Piece(box, PanelKind.UNCLEAR, 0.0)


def detected_piece(panel: DetectedPanel, detected: Sequence[DetectedPanel], edges: Edges) -> Piece:
    is_parent = panel.kind is PanelKind.PARENT
    parts = tuple(
        Piece(edges.fitted(part.box, part.kind), part.kind, _kind_confidence(part), part, is_inset=not is_parent)
        for part in nested_in(panel, detected)
    )
    return Piece(panel.box, panel.kind, _kind_confidence(panel), panel, parts=parts)


def _kind_confidence(panel: DetectedPanel) -> float:
    """The kind's share of what speaks for any kind."""
    return min(1.0, max(panel.kind_scores) / max(sum(panel.kind_scores), 1e-6))


def grouped_piece(
    pieces: Sequence[Piece],
    labels: Sequence[PanelLabel | None],
    group: Sequence[int],
    detected: Sequence[DetectedPanel],
) -> Piece:
    """One panel from pieces: the first, which has the letter, alone or with the others as parts of a parent.

    Where the network saw one image in the place of all of them, they are that image and what cuts made of it.
    """
    first = replace(pieces[group[0]], label=labels[group[0]])
    if len(group) == 1:
        return first
    parts: list[Piece] = []
    box = first.box
    for i in group:
        piece = pieces[i]
        box = hull((box, piece.box))
        parts += [*([] if piece.kind is PanelKind.PARENT else [replace(piece, parts=())]), *piece.parts]
    confidence = min(pieces[i].kind_confidence for i in group)
    several = surely_several([*(pieces[i] for i in group), *parts])
    if any(pieces[i].kind is PanelKind.PARENT for i in group):
        several = max(several, LEAST_SEVERAL)
    if all(pieces[i].kind is PanelKind.ILLUSTRATION for i in group):
        return Piece(box, PanelKind.ILLUSTRATION, confidence, label=first.label)  # the drawings of one scheme
    alike = (panel for panel in detected if panel.box.iou(box) >= _SAME_PLACE_IOU and panel.score >= SURE_SCORE)
    whole = max(alike, key=lambda panel: panel.score, default=None)
    if whole is not None and whole.kind is not PanelKind.PARENT:
        insets = tuple(replace(part, is_inset=True) for part in parts if part.box.area < 0.5 * box.area)
        return Piece(box, whole.kind, _kind_confidence(whole), whole, label=first.label, parts=insets)
    return Piece(box, PanelKind.PARENT, several, label=first.label, parts=tuple(parts))


def is_joined_parent(piece: Piece) -> bool:
    """True if a panel is of several images because they were joined, not because the network saw one such panel."""
    return piece.kind is PanelKind.PARENT and piece.detected is None


def surely_several(pieces: Sequence[Piece]) -> float:
    """The chance that pieces of one panel are several images, 0 to 1: the score of the second surest apart.

    What kinds the pieces are tells nothing of that. One image that was seen in pieces has one sure piece at most, or
    pieces that overlap.
    """
    apart: list[Piece] = []
    for piece in sorted(pieces, key=piece_score, reverse=True):
        if all(
            piece.box.intersection(other.box) <= _OTHER_IMAGE * min(piece.box.area, other.box.area) for other in apart
        ):
            apart.append(piece)
    return piece_score(apart[1]) if len(apart) > 1 else 0.0


def as_one_drawing(panels: list[Piece]) -> list[Piece]:
    """The panels of a figure without labels, or the one drawing that it is.

    It is one if none of its pieces is surely a panel and they are few, or most of it is seen as illustrations: a graph
    cut into axes and legend, a scheme into its boxes, a screenshot into its windows. Pieces of one size are panels, and
    several clear images beside each other are no parts of a scheme.
    """
    if len(panels) < 2:
        return panels
    areas = {kind: sum(panel.box.area for panel in panels if panel.kind is kind) for kind in PanelKind}
    mean_score = sum(map(piece_score, panels)) / len(panels)
    drawn = areas[PanelKind.ILLUSTRATION] >= _BY_AND_LARGE * sum(areas.values())
    # gutters alone say nothing about how sure a panel is
    sure = max(map(piece_score, panels)) >= _SURE_PANEL
    judged = any(panel.detected for panel in panels) and len(panels) <= _FEW and not sure
    if mean_score > _SURELY_SEVERAL or not (judged or (drawn and _images_apart(panels) <= _MOST_IMAGES)):
        return panels
    if mean_score >= _LIKELY_CELLS and _are_cells([panel.box for panel in panels]):
        return panels
    box = hull(panel.box for panel in panels)
    seen = max((panel.detected for panel in panels if panel.detected), key=lambda item: item.score, default=None)
    kind = PanelKind.ILLUSTRATION if drawn else max(areas, key=lambda kind: areas[kind])
    return [Piece(box, kind, min(panel.kind_confidence for panel in panels), seen, is_joined=True)]


def with_appendages(pieces: Sequence[Piece], labels: Sequence[Box], side_px: float) -> list[Piece]:
    """Pieces, of which doubtful small ones beside a larger one are part of it: legends, colour bars, axis titles.

    Args:
        pieces: of a figure.
        labels: boxes of clear panel labels; what has one of its own is no appendage.
        side_px: the figure's longer side.
    """
    kept = dict(enumerate(pieces))
    for i in sorted(kept, key=lambda i: pieces[i].box.area):
        piece = kept[i]
        reach = _APPENDAGE_GAP * side_px
        near = Box.of((piece.box.x0 - reach, piece.box.y0 - reach, piece.box.x1, piece.box.y1))
        labelled = any(label.intersection(near) > 0 for label in labels)
        if piece_score(piece) >= _APPENDAGE_SCORE or piece.parts or labelled:
            continue
        hosts = []
        for j, host in kept.items():
            others = [other.box for k, other in kept.items() if k not in (i, j)]
            appended = j != i and _is_appended(piece.box, host.box, side_px)
            if appended and not _covers_others(hull((piece.box, host.box)), others):
                hosts.append((distance(piece.box, host.box), j))
        if hosts:
            _, j = min(hosts)
            kept[j] = replace(kept[j], box=hull((kept[j].box, piece.box)))
            del kept[i]
    return list(kept.values())


def _images_apart(panels: Sequence[Piece]) -> int:
    """Number of clear images that do not lie in another piece."""
    return sum(
        panel.kind in _IMAGES and piece_score(panel) >= SURE_SCORE
        and all(panel.box.share_in(other.box) < _APART for other in panels if other is not panel)
        for panel in panels
    )  # fmt: skip


def _are_cells(boxes: Sequence[Box]) -> bool:
    """True if boxes are of about one size: drawings beside each other, not the parts of one."""
    widths, heights = [box.width for box in boxes], [box.height for box in boxes]
    return min(widths) >= _ONE_SIZE * max(widths) and min(heights) >= _ONE_SIZE * max(heights)


def piece_score(piece: Piece) -> float:
    """Confidence of the network in a piece, 0 to 1."""
    return piece.detected.score if piece.detected else _CUT_SCORE


def _is_appended(box: Box, host: Box, side_px: float) -> bool:
    """True if a box stands close beside a host, within the span of its side."""
    across = min(box.x1, host.x1) - max(box.x0, host.x0)
    down = min(box.y1, host.y1) - max(box.y0, host.y0)
    small = box.area <= _APPENDAGE_AREA * host.area
    close = distance(box, host) <= _APPENDAGE_GAP * side_px
    return small and close and (across >= 0.8 * box.width or down >= 0.8 * box.height)


def _covers_others(box: Box, others: Sequence[Box]) -> bool:
    return any(box.intersection(other) > 0.05 * other.area for other in others)
