"""EXSCLAIM JSON: figures and their panels in the format of the first EXSCLAIM!, for its users' scripts.

One entry per figure, keyed by the figure's file name; a panel is a "master image". Format: "Exsclaim JSON schemas"
of the predecessor's documentation (https://github.com/MaterialEyes/exsclaim/wiki). What it has no key for is added
under names of our own records (`kind`, `nm_per_px`, `length_px`, `nm_origin`, `is_inset`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exsclaim.geometry import Box
from exsclaim.records import Panel, PanelKind, ScaleBar

JSON = Any

_NEAREST_FORMER = {
    PanelKind.MAP: PanelKind.ILLUSTRATION,
    PanelKind.TABLE: PanelKind.ILLUSTRATION,
    PanelKind.MEDICAL: PanelKind.PHOTO,
    PanelKind.GEL: PanelKind.PHOTO,
}
"""Kinds that the first EXSCLAIM! did not have, and the one of its own that is nearest."""

_UNASSIGNED = (
    "master_images",
    "dependent_images",
    "inset_images",
    "subfigure_labels",
    "scale_bar_labels",
    "scale_bar_lines",
    "scale_bar_objects",
    "captions",
)


def figure_entry(
    panels: Sequence[Panel],
    *,
    figure_name: str,
    caption: str = "",
    general: Iterable[str] = (),
    extra: Mapping[str, JSON] | None = None,
    former_kinds: bool = False,
) -> dict[str, JSON]:
    """One figure's entry.

    Panels that name a parent among `panels` are listed with it: as `inset_images` if they are insets, else as
    `dependent_images`. All others are master images, in the given order.

    Args:
        panels: the figure's panels.
        figure_name: file name of the figure's image, the key that the entry goes under.
        caption: the whole caption.
        general: the parts of the caption that speak of the whole figure.
        extra: further keys (title, article_url, licence, …); they come first and cannot replace the format's own.
        former_kinds: `classification` is the nearest of the first EXSCLAIM!'s kinds; `kind` is ours in any case.
    """
    sentences = list(general)
    known = {panel.id for panel in panels}
    children: dict[str, list[Panel]] = {}
    masters = []
    for panel in panels:
        if panel.parent_id in known and panel.parent_id != panel.id:
            children.setdefault(str(panel.parent_id), []).append(panel)
        else:
            masters.append(panel)
    return {
        **(extra or {}),
        "figure_name": figure_name,
        "full_caption": caption,
        "master_images": [_master_image(panel, sentences, children, former_kinds) for panel in masters],
        "unassigned": {key: [] for key in _UNASSIGNED},
    }


def corner_points(box: Box) -> list[dict[str, int]]:
    """Corners in whole pixels: top left, bottom left, top right, bottom right."""
    x0, y0, x1, y1 = math.floor(box.x0), math.floor(box.y0), math.ceil(box.x1), math.ceil(box.y1)
    return [{"x": x, "y": y} for x in (x0, x1) for y in (y0, y1)]


def _master_image(
    panel: Panel, general: list[str], children: Mapping[str, Sequence[Panel]], former_kinds: bool
) -> dict[str, JSON]:
    parts = children.get(panel.id, ())
    return {
        **_image(panel, former_kinds),
        # in this format a master image has all bars within it, those of its insets and parts too
        "scale_bars": [_scale_bar(bar) for image in (panel, *parts) for bar in image.scale_bars],
        "caption": list(panel.caption),
        "keywords": list(panel.keywords),
        "general": general,
        "techniques": list(panel.techniques),
        "inset_images": [_image(part, former_kinds) for part in parts if part.is_inset],
        "dependent_images": [_image(part, former_kinds) for part in parts if not part.is_inset],
        "nm_per_px": panel.nm_per_px,
        "width_nm": panel.width_nm,
        "height_nm": panel.height_nm,
        "label_origin": panel.label_origin,
    }


def _image(panel: Panel, former_kinds: bool) -> dict[str, JSON]:
    geometry = corner_points(panel.box)
    return {
        "classification": str(_NEAREST_FORMER.get(panel.kind, panel.kind) if former_kinds else panel.kind),
        "kind": str(panel.kind),
        "confidence": panel.kind_confidence,
        "height": geometry[3]["y"] - geometry[0]["y"],
        "width": geometry[3]["x"] - geometry[0]["x"],
        "geometry": geometry,
        "subfigure_label": {
            "text": panel.label or "",
            "geometry": corner_points(panel.label_box) if panel.label_box else [],
            "confidence": panel.label_confidence,
        },
        "scale_bars": [_scale_bar(bar) for bar in panel.scale_bars],
        "flags": list(panel.flags),
    }


def _whole_pixels(bar: Box) -> Box:
    """A bar's box in whole pixels, as long as the bar to the nearest one: rounding outwards would lengthen it."""
    x0, y0 = round(bar.x0), round(bar.y0)
    return Box(x0=x0, y0=y0, x1=x0 + max(1, round(bar.width)), y1=y0 + max(1, round(bar.height)))


def _scale_bar(bar: ScaleBar) -> dict[str, JSON]:
    return {
        "label": {
            "text": bar.label_text or "",
            "nm": bar.length_nm,
            "geometry": corner_points(bar.label_box) if bar.label_box else [],
            "confidence": bar.label_confidence,
        },
        "geometry": corner_points(_whole_pixels(bar.box)),
        "length": bar.label_text or "",
        "length_px": bar.length_px,
        "confidence": bar.confidence,
        "nm_origin": bar.nm_origin,
    }
