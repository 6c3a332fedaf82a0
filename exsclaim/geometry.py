"""Boxes in image pixels: half-open `x0 y0 x1 y1`, origin top left, x to the right, y down."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class Box(BaseModel):
    """An axis-aligned box in pixels, half-open: it covers columns `x0 <= x < x1` and rows `y0 <= y < y1`.

    Coordinates may be fractional (bar ends are measured below a pixel).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    x0: float
    y0: float
    x1: float
    y1: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not (self.x0 <= self.x1 and self.y0 <= self.y1):
            raise ValueError(f"box {self.x0, self.y0, self.x1, self.y1} has its corners in the wrong order")
        return self

    @classmethod
    def of(cls, corners: Iterable[float]) -> "Box":
        """Box from `(x0, y0, x1, y1)`, any iterable of four numbers."""
        x0, y0, x1, y1 = (float(v) for v in corners)
        return cls(x0=x0, y0=y0, x1=x1, y1=y1)

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

    def intersection(self, other: "Box") -> float:
        """Area in px² that both boxes cover."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1; 0 where both boxes are empty."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def clipped(self, width_px: float, height_px: float) -> "Box":
        """The part of the box that lies in an image of the given size."""

        def clip(value: float, limit: float) -> float:
            return min(max(value, 0.0), limit)

        return Box(
            x0=clip(self.x0, width_px), y0=clip(self.y0, height_px),
            x1=clip(self.x1, width_px), y1=clip(self.y1, height_px),
        )  # fmt: skip

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(x0=self.x0 + dx, y0=self.y0 + dy, x1=self.x1 + dx, y1=self.y1 + dy)
