"""Pieces joined to panels: by the number of labels that the caption names, and with the labelled panel they stand with.

Gutters also part what one letter names: the drawings of a scheme, a micrograph and its maps. The caption says how
many panels there should be (`grouped`); without it, pieces without a letter join a lettered one (`joined`).

What one letter names starts where the letter stands, and goes on to the right and below, its row first. Pieces of
equal size are told apart by the order of the letters: lettered ones after unlettered ones mean that a letter names
several; so does one letter before several, or as many for each. Else unlettered ones at the end may have letters that
nobody saw, and stay panels of their own. Of 700 annotated figures, 2 have cells without letters among lettered ones.
"""

from collections.abc import Collection, Sequence

from exsclaim.geometry import Box, distance, hull

LEAST_LABELS = 2
"""Labels to be read in a figure for pieces to be joined by them: one may be a letter in a drawing."""
REACH = 0.06
"""Pieces farther apart than this share of the figure's longer side are not joined."""
SAME_SIZE = 0.03
"""Pieces whose widths and heights differ by no more are cells of one grid: panels of their own, lettered or not."""

# The numbers follow published figures that collages were made of (models/panels) and were looked at on 25 others.
_START = 0.4
"""A panel's start lies above and left of its pieces, or no deeper in one than this share of its sides."""
_ACROSS = 0.7
"""A pixel to the right weighs so much of one down: what one letter names is mostly one row."""
_NEXT_ROW = 0.2
"""Cost of leaving the row of the letter's own piece, as a share of the figure's longer side."""
_REACH = 0.75
"""A letter reaches pieces no farther than this share of the longer side."""
_OVERLAP = 0.2
"""Share of another letter's panel that a panel may cover."""
_SURROUNDED = 0.8
"""Share of a piece that lies within a lettered panel of several pieces, from which on it is one of them."""
_LEAST_UNLETTERED = 3
"""So many cells after the one lettered cell of their size are its parts; fewer may be panels whose letters were missed.
Chosen on 329 figures of any field that the networks had not seen."""
_LEAST_CELL = 4
"""Pieces narrower than so many times the tolerance of `SAME_SIZE` are alike by chance."""


def joined(
    boxes: Sequence[Box],
    has_label: Sequence[bool],
    side_px: float,
    *,
    cells_numbered: bool = False,
    labels_missing: bool = False,
    drawings: Collection[int] = (),
) -> list[list[int]]:
    """Groups of indices that are one panel each, the labelled piece first: every index is in one group.

    Nothing is joined where fewer than two pieces have a label.

    Args:
        boxes: pieces of a figure.
        has_label: whether each has a label of its own.
        side_px: the figure's longer side.
        cells_numbered: labels are a1, a2, b1, …: then cells of one size are panels, each of its own label.
        labels_missing: the caption names labels that were not read: cells at the end may be theirs.
        drawings: indices of graphs and drawings: of equal size by chance, so no cells of a grid.
    """
    if sum(has_label) < LEAST_LABELS:
        return [[i] for i in range(len(boxes))]
    return _Joining(boxes, has_label, side_px, cells_numbered, labels_missing, frozenset(drawings)).groups()


class _Joining:
    """Pieces of one figure, and the labelled one that each belongs to; arguments are those of `joined`."""

    def __init__(
        self,
        boxes: Sequence[Box],
        has_label: Sequence[bool],
        side_px: float,
        cells_numbered: bool,
        labels_missing: bool,
        drawings: Collection[int],
    ) -> None:
        self._boxes = boxes
        self._side_px = side_px
        self._cells_numbered = cells_numbered
        self._labels_missing = labels_missing
        self._drawings = drawings
        self._labelled = [i for i in range(len(boxes)) if has_label[i]]
        self._rest = [i for i in range(len(boxes)) if not has_label[i]]
        self._are_parts: dict[int, bool] = {}

    def groups(self) -> list[list[int]]:
        """Groups of indices that are one panel each, the labelled piece first."""
        boxes, labelled = self._boxes, {i: self._boxes[i] for i in self._labelled}
        groups = {i: [i] for i in range(len(boxes))}
        hosts: dict[int, int] = {}
        for piece in sorted(self._rest, key=lambda i: (boxes[i].y0, boxes[i].x0)):
            host = self._host_of(piece, hosts)
            if host is None or (self._is_cell(piece, host) and not self._cells_are_parts(host)):
                continue
            hosts[piece] = host
            groups[host] += groups.pop(piece)
        for host in labelled:
            whole = hull(boxes[i] for i in groups[host])
            if len(groups[host]) > 1 and _covers_another(whole, host, labelled):
                groups.update({i: [i] for i in groups[host]})
        for piece in self._rest:
            if piece in groups and (host := _surrounding(piece, boxes, {i: groups[i] for i in labelled})) is not None:
                groups[host] += groups.pop(piece)
        return list(groups.values())

    def _host_of(self, piece: int, hosts: dict[int, int]) -> int | None:
        """The labelled piece that a piece belongs to, given the `hosts` of those before it."""
        boxes, labelled = self._boxes, self._labelled
        host = _row_host(piece, boxes, labelled, hosts, self._side_px)
        host = _host(boxes[piece], {i: boxes[i] for i in labelled}, self._side_px) if host is None else host
        return _column_host(piece, boxes, labelled, hosts) if host is None else host

    def _is_cell(self, piece: int, host: int) -> bool:
        """True of cells of one grid."""
        return piece not in self._drawings and of_one_grid(self._boxes[host], self._boxes[piece], self._side_px)

    def _cells_are_parts(self, host: int) -> bool:
        if host not in self._are_parts:
            self._are_parts[host] = self._name_several_cells(host)
        return self._are_parts[host]

    def _name_several_cells(self, host: int) -> bool:
        """True where labels name several cells each: one is followed by a label, all have as many, or there is one."""
        boxes = self._boxes
        cells = [piece for piece in self._rest if self._is_cell(piece, host)]
        if self._cells_numbered:
            return False
        if any(_comes_after(boxes[i], boxes[piece]) for piece in cells for i in self._labelled):
            return True
        if self._labels_missing:
            return False
        count = {i: 1 for i in self._labelled if of_one_grid(boxes[host], boxes[i], self._side_px)}
        if len(count) == 1:
            return len(cells) >= _LEAST_UNLETTERED
        hosts: dict[int, int] = {}
        for piece in cells:
            if (own := self._host_of(piece, hosts)) in count:
                hosts[piece] = own
                count[own] += 1
        return len(set(count.values())) == 1


def _host(piece: Box, labelled: dict[int, Box], side_px: float) -> int | None:
    """The labelled panel that a piece belongs to: the nearest that starts above or left of it."""
    best: tuple[float, int] | None = None
    for i, panel in labelled.items():
        if panel.x0 > piece.x0 + _START * piece.width or panel.y0 > piece.y0 + _START * piece.height:
            continue
        if _covers_another(hull((panel, piece)), i, labelled):
            continue
        in_one_row = min(piece.y1, panel.y1) - max(piece.y0, panel.y0) >= 0.5 * min(piece.height, panel.height)
        down = 0.0 if in_one_row else abs(piece.y0 - panel.y0) + _NEXT_ROW * side_px
        cost = _ACROSS * abs(piece.x0 - panel.x0) + down
        if cost <= _REACH * side_px and (best is None or cost < best[0]):
            best = (cost, i)
    return best[1] if best else None


def _row_host(
    piece: int, boxes: Sequence[Box], labelled: Sequence[int], hosts: dict[int, int], side_px: float
) -> int | None:
    """The labelled panel of the nearest cell to the left in this piece's row: a row of equal cells stays together."""
    box = boxes[piece]
    row = [
        i for i in (*labelled, *hosts) if boxes[i].x1 <= box.x0 + 1 and boxes[i].overlap_height(box) >= 0.5 * box.height
    ]
    return _host_of_cell(piece, max(row, key=lambda i: boxes[i].x1, default=None), boxes, labelled, hosts)


def _column_host(piece: int, boxes: Sequence[Box], labelled: Sequence[int], hosts: dict[int, int]) -> int | None:
    """The labelled panel of the cell right above this piece: a column of equal cells stays together."""
    box = boxes[piece]
    column = [i for i in hosts if boxes[i].y1 <= box.y0 + 1 and boxes[i].overlap_width(box) >= 0.5 * box.width]
    return _host_of_cell(piece, max(column, key=lambda i: boxes[i].y1, default=None), boxes, labelled, hosts)


def _host_of_cell(
    piece: int, beside: int | None, boxes: Sequence[Box], labelled: Sequence[int], hosts: dict[int, int]
) -> int | None:
    """The host of the equal cell beside a piece, unless it would reach over another label's panel with the piece."""
    if beside not in hosts or not _of_one_size(boxes[beside], boxes[piece], 0.1 * boxes[piece].width):
        return None
    host = hosts[beside]
    whole = hull(boxes[i] for i in (host, piece, *(i for i in hosts if hosts[i] == host)))
    return None if _covers_another(whole, host, {i: boxes[i] for i in labelled}) else host


def _covers_another(whole: Box, host: int, labelled: dict[int, Box]) -> bool:
    return any(whole.intersection(box) > _OVERLAP * box.area for i, box in labelled.items() if i != host)


def _surrounding(piece: int, boxes: Sequence[Box], groups: dict[int, list[int]]) -> int | None:
    """The labelled panel whose pieces together reach around this one."""
    for host, members in groups.items():
        whole = hull(boxes[i] for i in members)
        if whole.intersection(boxes[piece]) >= _SURROUNDED * boxes[piece].area:
            return host
    return None


def _comes_after(box: Box, piece: Box) -> bool:
    """True if a box follows a piece in reading order."""
    x, y = box.centre
    return x > piece.x1 if piece.y0 < y < piece.y1 else y >= piece.y1


def of_one_grid(a: Box, b: Box, side_px: float) -> bool:
    """True if two boxes are as large as cells of one grid, and too large to be so by chance."""
    large = min(a.width, a.height) >= _LEAST_CELL * SAME_SIZE * side_px
    return large and _of_one_size(a, b, SAME_SIZE * side_px)


def _of_one_size(a: Box, b: Box, tolerance_px: float) -> bool:
    return abs(a.width - b.width) <= tolerance_px and abs(a.height - b.height) <= tolerance_px


def grouped(boxes: Sequence[Box], count: int, side_px: float) -> list[Box]:
    """Boxes after joining the closest pieces until `count` are left, or no two belong together.

    Args:
        boxes: pieces of a figure.
        count: number of panels that the caption names; 0 where it is not known, which joins nothing.
        side_px: the figure's longer side.
    """
    pieces = list(boxes)
    while 0 < count < len(pieces):
        best: tuple[float, int, int] | None = None
        for i, a in enumerate(pieces):
            for j in range(i + 1, len(pieces)):
                cost = distance(a, pieces[j]) + _waste(a, pieces[j]) * side_px * REACH
                if _joinable(pieces, i, j, side_px) and (best is None or cost < best[0]):
                    best = (cost, i, j)
        if best is None:
            break
        _, i, j = best
        pieces[i] = hull((pieces[i], pieces[j]))
        del pieces[j]
    return pieces


def _joinable(pieces: Sequence[Box], i: int, j: int, side_px: float) -> bool:
    a, b = pieces[i], pieces[j]
    if distance(a, b) > REACH * side_px:
        return False
    if of_one_grid(a, b, side_px):
        return False
    whole = hull((a, b))
    return all(whole.intersection(other) <= 0.05 * other.area for k, other in enumerate(pieces) if k not in (i, j))


def _waste(a: Box, b: Box) -> float:
    """Share of the joint box that neither piece fills: small for pieces side by side and of one height."""
    whole = hull((a, b)).area
    return max(0.0, 1 - (a.area + b.area - a.intersection(b)) / whole) if whole > 0 else 0.0
