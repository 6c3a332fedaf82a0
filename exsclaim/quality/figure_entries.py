"""The content of a figure as its EXSCLAIM JSON entry tells it (`exsclaim.dataset.exsclaim_json`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from exsclaim.geometry import Box
from exsclaim.records import Record

_KINDS = {"basic_photo": "photo", "basic photo": "photo", "photograph": "photo"}
"""Names that the first EXSCLAIM! gave to kinds."""


class FoundBar(Record):
    box: Box
    nm: float | None
    """Length that the bar stands for, None where it is not known."""


class FoundPanel(Record):
    """A master image; `kind` as written, in small letters; `label` "" where none was read."""

    box: Box
    kind: str
    kind_confidence: float
    label: str


class FoundFigure(Record):
    """Panels and scale bars of a figure; bars that belong to no panel are among them."""

    panels: tuple[FoundPanel, ...] = ()
    bars: tuple[FoundBar, ...] = ()

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "FoundFigure":
        """Read a figure's entry; what has no geometry is passed over."""
        images = [image for image in entry.get("master_images") or () if image.get("geometry")]
        bars = [
            bar
            for holder in entry.get("master_images") or ()
            for bar in holder.get("scale_bars") or ()
        ]  # fmt: skip
        bars += (entry.get("unassigned") or {}).get("scale_bar_objects") or ()
        return cls(
            panels=tuple(_panel(image) for image in images),
            bars=tuple(
                FoundBar(box=_box(bar["geometry"]), nm=(bar.get("label") or {}).get("nm"))
                for bar in bars
                if bar.get("geometry")
            ),
        )


def _panel(image: Mapping[str, Any]) -> FoundPanel:
    kind = str(image.get("kind") or image.get("classification", "")).lower()
    label = str((image.get("subfigure_label") or {}).get("text") or "")
    return FoundPanel(
        box=_box(image["geometry"]),
        kind=_KINDS.get(kind, kind),
        kind_confidence=float(image.get("confidence") or 0.0),
        label="" if label == "0" else label,  # the first EXSCLAIM! wrote 0 for "no label"
    )


def _box(geometry: Mapping[str, float] | Sequence[Mapping[str, float]]) -> Box:
    """Box of corner points, or of `{"x0": …, "y0": …, "x1": …, "y1": …}`."""
    if isinstance(geometry, Mapping):
        return Box.of(geometry[key] for key in ("x0", "y0", "x1", "y1"))
    xs, ys = [point["x"] for point in geometry], [point["y"] for point in geometry]
    return Box(x0=min(xs), y0=min(ys), x1=max(xs), y1=max(ys))
