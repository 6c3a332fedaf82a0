"""Corrections applied to the panels of a figure. Applied a second time, they change nothing."""

from collections.abc import Sequence

from exsclaim.assembly import assemble
from exsclaim.captions.terms.keywords import keywords
from exsclaim.captions.terms.techniques import techniques
from exsclaim.dataset.review.corrections import Change, Corners, Correction
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.geometry import Box
from exsclaim.records import Panel, ScaleBar

SAME_PANEL = 0.5
"""Boxes that overlap so far (intersection over union) are one panel's."""
_SETTLED = {
    "label": {"label_in_doubt", "label_inferred", "label_missing", "labels_have_gap", "caption_label_unseen"},
    "kind": {"kind_in_doubt", "type_differs_from_caption"},
    "type": {"kind_in_doubt", "type_differs_from_caption"},
    "new_box": {"box_in_doubt", "panels_overlap"},
    "length_nm": {
        "zero_length", "bar_longer_than_panel", "bar_ends_in_doubt", "bars_differ_among_panels", "scale_label_in_doubt",
        "scale_conflict", "scale_implausible", "caption_differs_from_print",
    },
    "caption": set(),
}  # fmt: skip
"""Doubts about a panel that a correction of a field settles."""


def corrected(figure: HarvestedFigure, corrections: Sequence[Correction]) -> HarvestedFigure:
    """The figure with the corrections of its image applied, one after the other; later ones have the last word.

    Panels that a person set, added or accepted are `reviewed`; the doubts that this settles are gone.
    """
    panels = list(figure.panels or ())
    for correction in corrections:
        if correction.image_sha256 != figure.figure.image_sha256:
            continue
        for change in correction.changes:
            panels = _changed(figure, panels, change)
        if correction.accepted:
            panels = panels if correction.panels is None else list(correction.panels)
            panels = [panel.model_copy(update={"reviewed": True, "flags": ()}) for panel in panels]
    if tuple(panels) == (figure.panels or ()):
        return figure
    return figure.model_copy(update={"panels": tuple(panels)})


def without_panel(figure: HarvestedFigure, corrections: Sequence[Correction]) -> list[Correction]:
    """Corrections that set a panel which the figure no longer has, unless another correction removed or moved it."""
    of_image = [each for each in corrections if each.image_sha256 == figure.figure.image_sha256]
    after = corrected(figure, of_image).panels or ()
    accepted = max((n for n, each in enumerate(of_image, start=1) if each.panels is not None), default=0)
    moving = [change for each in of_image for change in each.changes if change.action == "remove" or change.new_box]

    def is_lost(change: Change) -> bool:
        boxes = [Box.of(corners) for corners in (change.box, change.new_box) if corners is not None]
        is_there = panel_at(after, change.new_box or change.box) is not None
        return change.action == "set" and not is_there and not any(
            other is not change and max(box.iou(Box.of(other.box)) for box in boxes) >= SAME_PANEL for other in moving
        )  # fmt: skip

    return [each for each in of_image[accepted:] if any(map(is_lost, each.changes))]


def as_seen(figure: HarvestedFigure, earlier: Sequence[Correction], correction: Correction) -> Correction:
    """The correction with the panels that it accepts, as they stand after it and the earlier ones."""
    if not correction.accepted:
        return correction
    return correction.model_copy(update={"panels": corrected(figure, [*earlier, correction]).panels or ()})


def panel_at(panels: Sequence[Panel], corners: Corners) -> int | None:
    """Place of the panel that has this box; None where no panel overlaps it far enough."""
    box = Box.of(corners)
    overlaps = [box.iou(panel.box) for panel in panels]
    best = max(range(len(panels)), key=overlaps.__getitem__, default=None)
    return best if best is not None and overlaps[best] >= SAME_PANEL else None


def disagreements(corrections: Sequence[Correction]) -> list[str]:
    """Sentences about fields of a panel that several people set differently."""
    said: list[tuple[str, Change]] = [(each.who, change) for each in corrections for change in each.changes]
    found = []
    for n, (who, change) in enumerate(said):
        for other, former in said[:n]:
            if other == who or Box.of(change.box).iou(Box.of(former.box)) < SAME_PANEL:
                continue
            if {change.action, former.action} == {"set", "remove"}:
                found.append(f"{other} and {who} differ: one removes the panel, the other keeps it")
            for field in sorted(change.fields & former.fields):
                ours, theirs = getattr(change, field), getattr(former, field)
                if ours != theirs:
                    found.append(f"{field.removeprefix('new_')}: {theirs!s} ({other}), {ours!s} ({who})")
    return list(dict.fromkeys(found))


def _changed(figure: HarvestedFigure, panels: list[Panel], change: Change) -> list[Panel]:
    corners = [panel.box.corners for panel in panels]
    # a panel that is where the change would bring it: it was applied before
    place = corners.index(change.new_box) if change.new_box in corners else panel_at(panels, change.box)
    if change.action == "remove":
        return [panel for n, panel in enumerate(panels) if n != place]
    if place is None and change.action == "set":
        return panels
    if place is None:
        numbers = [int(each.id.rpartition("/p")[2]) for each in panels if each.id.rpartition("/p")[2].isdecimal()]
        panel = Panel(
            id=f"{figure.figure.id}/p{max(numbers, default=0) + 1}", figure_id=figure.figure.id,
            box=Box.of(change.box), box_confidence=1.0,
        )  # fmt: skip
        panels, place = [*panels, panel], len(panels)
    updated = _set(panels[place], change)
    described = assemble(figure.figure, figure.parts, [*panels[:place], updated, *panels[place + 1 :]])[place]
    if change.caption is not None:
        described = described.model_copy(
            update={
                "caption": change.caption, "techniques": techniques(change.caption),
                "keywords": keywords(change.caption),
            }
        )  # fmt: skip
    elif "label" not in change.fields and change.action == "set":
        kept = panels[place]
        described = described.model_copy(
            update={"caption": kept.caption, "techniques": kept.techniques, "keywords": kept.keywords}
        )
    settled = {flag for field in change.fields for flag in _SETTLED[field]}
    flags = tuple(flag for flag in described.flags if flag not in settled)
    # assembly weighs the look against the caption; not so what a person has set
    look = {name: getattr(updated, name) for name in ("type", "type_confidence", "type_origin")}
    described = described.model_copy(update={**look, "flags": flags, "reviewed": True})
    return [*panels[:place], described, *panels[place + 1 :]]


def _set(panel: Panel, change: Change) -> Panel:
    """The panel with the fields that a change sets, with full confidence."""
    made: dict[str, object] = {}
    if change.label is not None:
        made |= {
            "label": change.label or None, "label_confidence": 1.0 if change.label else 0.0,
            "label_origin": "read" if change.label else None,
        }  # fmt: skip
    if change.kind is not None:
        made |= {"kind": change.kind, "kind_confidence": 1.0, "kind_scores": {}}
    if change.type is not None:
        made |= {
            "type": change.type or None, "type_confidence": 1.0 if change.type else 0.0,
            "type_origin": "image" if change.type else None,
        }  # fmt: skip
    if change.new_box is not None:
        made |= {"box": Box.of(change.new_box), "box_confidence": 1.0}
    if change.length_nm is not None and panel.scale_bars:
        made["scale_bars"] = tuple(_of_length(bar, change.length_nm) for bar in panel.scale_bars)
    return panel.model_copy(update=made)


def _of_length(bar: ScaleBar, length_nm: float) -> ScaleBar:
    return bar.model_copy(update={"length_nm": length_nm, "nm_origin": "printed", "label_confidence": 1.0})
