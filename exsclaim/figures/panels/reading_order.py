"""The order in which a figure's panels are read."""

from collections.abc import Sequence

from exsclaim.geometry import Box


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Indices of boxes in rows from the top, each row from the left.

    A box belongs to the row of the topmost box left if their heights overlap by half of the lower one's.
    """
    waiting = sorted(range(len(boxes)), key=lambda i: (boxes[i].y0, boxes[i].x0))
    rows: list[list[int]] = []
    while waiting:
        first = boxes[waiting[0]]
        row = [i for i in waiting if _share_a_row(first, boxes[i])] or [waiting[0]]
        rows.append(sorted(row, key=lambda i: (boxes[i].x0, boxes[i].y0)))
        waiting = [i for i in waiting if i not in row]
    return rows


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of boxes row by row, see `rows_of`."""
    return [i for row in rows_of(boxes) for i in row]


def column_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of boxes column by column from the left, each column from the top."""
    turned = [Box(x0=box.y0, y0=box.x0, x1=box.y1, y1=box.x1) for box in boxes]
    return reading_order(turned)


def in_reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Boxes row by row, see `reading_order`."""
    return [boxes[i] for i in reading_order(boxes)]


def _share_a_row(a: Box, b: Box) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= 0.5 * min(a.height, b.height)
