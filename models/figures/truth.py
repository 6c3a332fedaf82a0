"""The truth of a drawn figure: panels, letters and scale bars, in pixels of its image.

Boxes are `(x0, y0, x1, y1)`, integers, half-open, origin top left. They follow the convention of annotated real
figures: a graph's box is its ink (tick labels and axis titles included), a letter outside a panel is not part of
the panel's box, a bar's box includes its caps, a parent's box is the hull of its parts.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exsclaim.records import PanelKind

Box = tuple[int, int, int, int]
Image = NDArray[np.uint8]
"""`(height, width, 3)` uint8, RGB."""


@dataclass(frozen=True)
class TruePanel:
    """A panel; `label` is the bare letter, `label_box` the letter as printed, brackets included.

    `parent` is the index of the panel that this one is an inset or a part of.
    """

    box: Box
    kind: PanelKind
    label: str | None = None
    label_box: Box | None = None
    parent: int | None = None
    is_inset: bool = False


@dataclass(frozen=True)
class TrueBar:
    """A scale bar: `panel` indexes the panel that it lies in, `label_text` is what is printed, sign for sign.

    `length_nm` is None without a printed length, and for reciprocal lengths ("5 1/nm").
    """

    box: Box
    panel: int
    label_box: Box | None = None
    label_text: str | None = None
    length_nm: float | None = None


@dataclass(frozen=True)
class TrueFigure:
    """A figure with its truth. `distractors` are things that resemble furniture: `(what, box)`."""

    image: Image
    panels: tuple[TruePanel, ...]
    bars: tuple[TrueBar, ...]
    distractors: tuple[tuple[str, Box], ...] = ()


@dataclass
class SketchBar:
    """A scale bar of a sketch; `part` indexes `Sketch.parts`, None is the sketch itself."""

    box: Box
    label_box: Box | None = None
    label_text: str | None = None
    length_nm: float | None = None
    part: int | None = None


@dataclass
class SketchPart:
    """A panel within a sketch's panel: an inset, or one of the images of a parent."""

    box: Box
    kind: PanelKind
    is_inset: bool = True


@dataclass
class Sketch:
    """One panel while it is drawn, boxes in pixels of its own image. `box` is the panel's truth within it."""

    image: Image
    kind: PanelKind
    box: Box
    parts: list[SketchPart] = field(default_factory=list)
    bars: list[SketchBar] = field(default_factory=list)
    distractors: list[tuple[str, Box]] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    """Regions that are drawn on already, so that later furniture keeps clear."""


def moved(box: Box, dx: int, dy: int) -> Box:
    """`box` shifted by `(dx, dy)` px."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def hull(boxes: list[Box]) -> Box:
    """The smallest box around all of `boxes` (at least one)."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def overlap(a: Box, b: Box, margin: int = 0) -> bool:
    """True if two boxes come nearer than `margin` px."""
    return a[0] - margin < b[2] and b[0] - margin < a[2] and a[1] - margin < b[3] and b[1] - margin < a[3]
