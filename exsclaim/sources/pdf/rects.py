"""Rectangles on a page as it is shown: points (1/72 inch), origin top left, x to the right, y down."""

from collections.abc import Iterable
from typing import NamedTuple


class Rect(NamedTuple):
    """An axis-aligned rectangle in points."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def grown(self, by: float) -> "Rect":
        """Larger by `by` points on every side."""
        return Rect(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def common(self, other: "Rect") -> "Rect":
        """What both cover; its width or height is negative where they do not meet."""
        return Rect(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))

    def touches(self, other: "Rect") -> bool:
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1

    def holds(self, other: "Rect", slack: float = 1.0) -> bool:
        """Whether `other` lies inside, up to `slack` points."""
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def share_in(self, other: "Rect") -> float:
        """The part of this rectangle that lies in `other`, 0 to 1; for a line without area, that of its middle."""
        if self.area <= 0:
            x, y = self.middle
            return float(other.x0 <= x <= other.x1 and other.y0 <= y <= other.y1)
        both = self.common(other)
        return max(0.0, both.width) * max(0.0, both.height) / self.area

    def across(self, other: "Rect") -> float:
        """Points of width that both share; negative is the gap between them."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def along(self, other: "Rect") -> float:
        """Points of height that both share; negative is the gap between them."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)


def hull(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of them; there must be one."""
    columns = list(zip(*rects, strict=True))
    return Rect(min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3]))
