"""Boxes, half-open `x0 y0 x1 y1`, origin top left, x right, y down: in pixels of an image or in points of a page."""

from collections.abc import Iterable, Sequence

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Box:
    """An axis-aligned box, half-open: it covers columns `x0 <= x < x1` and rows `y0 <= y < y1`.

    Coordinates may be fractional (bar ends are measured below a pixel). Equal boxes are equal values, so that boxes
    can be keys and members of sets.

    >>> Box(0, 0, 40, 30).iou(Box(20, 0, 60, 30))
    0.3333333333333333

    Raises:
        ValueError: corners in the wrong order, no numbers.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not (self.x0 <= self.x1 and self.y0 <= self.y1):
            raise ValueError(f"box {self.x0, self.y0, self.x1, self.y1} has its corners in the wrong order")

    @classmethod
    def of(cls, corners: Iterable[float]) -> "Box":
        """Box from `(x0, y0, x1, y1)`, any iterable of four numbers (a row of an array as well)."""
        x0, y0, x1, y1 = (float(v) for v in corners)
        return cls(x0, y0, x1, y1)

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """`(x0, y0, x1, y1)`."""
        return self.x0, self.y0, self.x1, self.y1

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """The box shifted by `dx` to the right and `dy` down."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, factor: float) -> "Box":
        """The box in an image that is `factor` times as wide and high."""
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def grown(self, by: float) -> "Box":
        """The box larger by `by` on every side; a negative `by` shrinks it, at most to its centre."""
        x, y = self.centre
        return Box(min(self.x0 - by, x), min(self.y0 - by, y), max(self.x1 + by, x), max(self.y1 + by, y))

    def clipped(self, width_px: float, height_px: float) -> "Box":
        """The part of the box that lies in an image of the given size."""

        def clip(value: float, limit: float) -> float:
            return min(max(value, 0.0), limit)

        return Box(clip(self.x0, width_px), clip(self.y0, height_px), clip(self.x1, width_px), clip(self.y1, height_px))

    def overlap_width(self, other: "Box") -> float:
        """Width that both boxes share; below 0 it is the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def overlap_height(self, other: "Box") -> float:
        """Height that both boxes share; below 0 it is the gap between them."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def intersection(self, other: "Box") -> float:
        """Area that both boxes cover, in px² where they are in px."""
        return max(0.0, self.overlap_width(other)) * max(0.0, self.overlap_height(other))

    def common(self, other: "Box") -> "Box | None":
        """The box that both cover, without area where they only touch; None where they do not meet."""
        if not self.touches(other):
            return None
        return Box(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1; 0 where both boxes are empty."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def share_in(self, other: "Box") -> float:
        """Fraction of this box's area that lies in `other`, 0 to 1; of a line without area, that of its centre."""
        if self.area <= 0:
            x, y = self.centre
            return float(other.x0 <= x <= other.x1 and other.y0 <= y <= other.y1)
        return self.intersection(other) / self.area

    def touches(self, other: "Box") -> bool:
        """True if the boxes share a point, be it on their edges."""
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1

    def contains(self, other: "Box", slack: float = 0.0) -> bool:
        """True if `other` lies inside, or at most `slack` outside of each edge."""
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them.

    Raises:
        ValueError: there is none.
    """
    corners = [box.corners for box in boxes]
    if not corners:
        raise ValueError("no boxes: there is no hull around nothing")
    x0, y0, x1, y1 = zip(*corners, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def distance(a: Box, b: Box) -> float:
    """Distance in px between two boxes; 0 where they touch or overlap."""
    dx, dy = max(-a.overlap_width(b), 0.0), max(-a.overlap_height(b), 0.0)
    return float((dx * dx + dy * dy) ** 0.5)


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


def _share_a_row(a: Box, b: Box) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= 0.5 * min(a.height, b.height)
