"""Stage `assemble`: a figure's panels meet the parts of its caption. Cheap and pure, so never cached."""

from collections.abc import Sequence
from typing import NamedTuple

from exsclaim.figures.kind_confirmation import tells_of_micrographs, with_kind_doubts
from exsclaim.figures.panel_flags import are_confirmed
from exsclaim.figures.panel_types import shown, weighed
from exsclaim.figures.told_kinds import of_told_kind
from exsclaim.panel_scale import AGREEMENT, SCALE_FLAGS, SURE_TYPE, panel_scale
from exsclaim.records import CaptionParts, Figure, Mention, Panel, ScaleBar

LEGIBLE = 0.3
"""Printed lengths read with less confidence give way to the caption's."""
_WHOLE = ""
"""The key in a caption's parts of what is said of the whole figure."""


class _Told(NamedTuple):
    """Two things of the whole figure: its caption confirms the panels, and something tells of micrographs."""

    confirmed: bool
    of_micrographs: bool


def assemble(figure: Figure, parts: CaptionParts, panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """The figure's final panels: each with its own ids, caption text, keywords, techniques and scale.

    A bar without a printed label takes the length that the caption states for its panel (`nm_origin` "caption"), so
    does one whose print was hardly legible. Where print and caption differ the panel is flagged
    "caption_differs_from_print". The kind is weighed with the techniques that the caption names
    (`exsclaim.figures.told_kinds`), and doubts in it are settled and raised by them
    (`exsclaim.figures.kind_confirmation`). The type is weighed with them, too (`exsclaim.figures.panel_types`); one
    that they do not look like is flagged "type_differs_from_caption", and a picture has not the technique "plot".
    `nm_per_px` and further flags: see `exsclaim.panel_scale.panel_scale`. The only panel of a figure has the whole
    caption where that names no labels.
    """
    ids = {panel.id: f"{figure.id}/{panel.id.rsplit('/', 1)[-1]}" for panel in panels}
    labels = {panel.id: panel.label or None for panel in panels}
    if not parts.segments and sum(panel.parent_id is None for panel in panels) == 1:
        labels = dict.fromkeys(labels, _WHOLE)
        parts = parts.model_copy(update={"segments": {_WHOLE: parts.general}})
    own = [panel for panel in panels if panel.parent_id is None]
    told = _Told(are_confirmed(own, tuple(parts.segments)), tells_of_micrographs(figure, parts, panels))
    return tuple(_described(figure, parts, panel, ids, labels, told) for panel in panels)


def missing_labels(parts: CaptionParts, panels: Sequence[Panel]) -> tuple[str, ...]:
    """Labels that the caption speaks of and no panel carries, in the caption's order."""
    seen = {panel.label.casefold() for panel in panels if panel.label}
    return tuple(label for label in parts.segments if label.casefold() not in seen)


def labels_in_caption(parts: CaptionParts) -> frozenset[str]:
    """The labels that a caption speaks of, in small letters."""
    return frozenset(label.casefold() for label in parts.segments)


def labels_in_image(panels: Sequence[Panel]) -> frozenset[str]:
    """The labels that were read from the image (not inferred), in small letters; those of insets do not count."""
    return frozenset(
        panel.label.casefold()
        for panel in panels
        if panel.label and panel.label_origin != "inferred" and not panel.is_inset
    )


def label_agreement(parts: CaptionParts, panels: Sequence[Panel]) -> float | None:
    """Jaccard index of the caption's labels and those read from the image; None where the caption names none."""
    promised, read = labels_in_caption(parts), labels_in_image(panels)
    return len(promised & read) / len(promised | read) if promised else None


def _described(
    figure: Figure,
    parts: CaptionParts,
    panel: Panel,
    ids: dict[str, str],
    labels: dict[str, str | None],
    told: _Told,
) -> Panel:
    # what is said of a panel is said of its insets and parts too
    own = labels[panel.id]
    label = _caption_label(parts, labels.get(panel.parent_id or "") if own is None else own)
    named = parts.techniques.get(label, ()) if label is not None else ()
    panel = of_told_kind(panel, named, confirmed=told.confirmed)
    stated_nm = parts.scale_nm.get(label or "", parts.scale_nm.get(""))
    bars = tuple(_with_stated_length(bar, stated_nm) for bar in panel.scale_bars)
    # the flags of separation were for lengths before the caption spoke
    flags = [flag for flag in panel.flags if flag not in SCALE_FLAGS]
    flags = with_kind_doubts(flags, panel, named, tells_of_micrographs=told.of_micrographs)
    techniques = shown(named, panel.kind, panel.kind_confidence)
    # what the caption names for a panel need not be what its insets show
    look = weighed(panel.type, panel.type_confidence, () if panel.parent_id else techniques, panel.kind)
    flags += ["type_differs_from_caption"] if look.differs else []
    nm_per_px, doubts = panel_scale(panel.box, bars, panel.kind, look.type if look.confidence >= SURE_TYPE else None)
    return panel.model_copy(
        update={
            "id": ids[panel.id],
            "figure_id": figure.id,
            "parent_id": ids.get(panel.parent_id) if panel.parent_id else None,
            "type": look.type,
            "type_confidence": look.confidence,
            "type_origin": look.origin,
            "scale_bars": bars,
            "nm_per_px": nm_per_px,
            # separation's confidence was in the printed length
            "scale_confidence": panel.scale_confidence if nm_per_px == panel.nm_per_px else 0.0,
            "width_nm": nm_per_px * panel.box.width if nm_per_px else None,
            "height_nm": nm_per_px * panel.box.height if nm_per_px else None,
            "flags": tuple(dict.fromkeys((*flags, *doubts, *_contradictions(bars, stated_nm)))),
            "caption": parts.segments.get(label, ()) if label is not None else (),
            "mentions": _naming(figure, panel.label or labels.get(panel.parent_id or "")),
            "keywords": parts.keywords.get(label, ()) if label is not None else (),
            "techniques": techniques,
        }
    )


def _naming(figure: Figure, label: str | None) -> tuple[Mention, ...]:
    """The sentences of the article that name the panel with this label; case does not count."""
    wanted = (label or "").casefold()
    return tuple(each for each in figure.mentions if wanted in (panel.casefold() for panel in each.panels))


def _caption_label(parts: CaptionParts, label: str | None) -> str | None:
    """The caption's spelling of a panel's label ("A" may stand in the image, "a" in the caption)."""
    if label is None:
        return None
    return next((known for known in parts.segments if known.casefold() == label.casefold()), label)


def _with_stated_length(bar: ScaleBar, stated_nm: float | None) -> ScaleBar:
    if stated_nm is None or "1/" in (bar.label_text or ""):
        return bar  # "5 1/nm": the scale of a diffraction pattern is no length
    legible = bar.label_confidence >= LEGIBLE or bar.label_confidence == 0  # 0: not determined
    if bar.length_nm is not None and (legible or _agree(bar.length_nm, stated_nm)):
        return bar
    return bar.model_copy(update={"length_nm": stated_nm, "nm_origin": "caption"})


def _contradictions(bars: Sequence[ScaleBar], stated_nm: float | None) -> tuple[str, ...]:
    """A flag where bars have print and no print says what the caption does (others may be an inset's)."""
    printed = [bar.length_nm for bar in bars if bar.nm_origin == "printed" and bar.length_nm]
    if stated_nm is None or not printed or any(_agree(length_nm, stated_nm) for length_nm in printed):
        return ()
    return ("caption_differs_from_print",)


def _agree(a_nm: float, b_nm: float) -> bool:
    return max(a_nm, b_nm) <= AGREEMENT * min(a_nm, b_nm)
