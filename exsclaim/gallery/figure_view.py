"""A figure as its page shows it: panels with colours, the caption cut where segments begin, lines to draw over it."""

from itertools import pairwise
from typing import Any, NamedTuple

from exsclaim.captions import as_text
from exsclaim.dataset.tables.staging import HarvestedFigure
from exsclaim.gallery.searches import length
from exsclaim.panel_doubts import PANEL_FLAGS
from exsclaim.records import Panel

COLOURS = 12
"""Classes c0 to c11 of the style sheet."""


class Piece(NamedTuple):
    """A stretch of a caption that belongs to the same panels throughout; `colour` None: to the figure as a whole."""

    text: str
    labels: tuple[str, ...]
    colour: int | None


class PanelView(NamedTuple):
    """A panel as a page shows it."""

    panel: Panel
    number: int
    """From 1, by place in the figure."""
    colour: int
    name: str
    said: str
    """The panel's part of the caption, as text to read."""
    facts: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]


def panel_views(figure: HarvestedFigure) -> list[PanelView]:
    """The panels of a figure; panels of one letter have one colour."""
    colours = _colours(figure)
    views = []
    for number, panel in enumerate(figure.panels or (), start=1):
        key = (panel.label or f"#{number}").casefold()
        colour = colours.setdefault(key, len(colours)) % COLOURS
        name = f"({panel.label})" if panel.label else f"panel {number}"
        views.append(
            PanelView(panel, number, colour, name, as_text(panel.caption), tuple(_facts(panel)), _doubts(panel))
        )
    return views


def _colours(figure: HarvestedFigure) -> dict[str, int]:
    return {label.casefold(): n for n, label in enumerate(figure.parts.segments)}


def _doubts(panel: Panel) -> tuple[str, ...]:
    return tuple(PANEL_FLAGS.get(flag, flag) for flag in panel.flags)


def _facts(panel: Panel) -> list[tuple[str, str]]:
    look = panel.kind.value + (f", {panel.type}" if panel.type else "")
    facts = [("kind", f"{look} ({panel.kind_confidence:.0%} sure)" if panel.kind_confidence else look)]
    if panel.label:
        origin = "inferred from its neighbours" if panel.label_origin == "inferred" else "read"
        sure = f", {panel.label_confidence:.0%} sure" if panel.label_confidence else ""
        facts.append(("letter", f"{panel.label} ({origin}{sure})"))
    if panel.techniques:
        facts.append(("techniques", ", ".join(panel.techniques)))
    if panel.keywords:
        facts.append(("keywords", ", ".join(panel.keywords)))
    if panel.nm_per_px:
        facts.append(("scale", f"{panel.nm_per_px:.4g} nm per pixel"))
    if panel.width_nm and panel.height_nm:
        facts.append(("field of view", f"{length(panel.width_nm)} × {length(panel.height_nm)}"))
    for bar in panel.scale_bars:
        if bar.length_nm:
            said = f"“{bar.label_text}”, " if bar.label_text else ""
            origin = "printed" if bar.nm_origin == "printed" else "from the caption"
            facts.append(("scale bar", f"{length(bar.length_nm)} ({said}{origin}), {bar.length_px:.0f} px long"))
    return facts


def caption_pieces(figure: HarvestedFigure) -> list[Piece]:
    """The caption, whole and in order, cut where what is said of a panel begins or ends."""
    caption = figure.figure.caption
    colours = _colours(figure)
    spans = [
        (start, end, label)
        for label, places in figure.parts.segment_spans.items()
        for start, end in places
        if 0 <= start < end <= len(caption)
    ]
    cuts = sorted({0, len(caption), *(place for start, end, _ in spans for place in (start, end))})
    pieces = []
    for start, end in pairwise(cuts):
        labels = tuple(dict.fromkeys(label for first, last, label in spans if first <= start and end <= last))
        colour = colours[labels[0].casefold()] % COLOURS if len(labels) == 1 else None
        pieces.append(Piece(caption[start:end], labels, colour))
    return pieces


def as_json(figure: HarvestedFigure) -> dict[str, Any]:
    """All that is known of a figure, as its records say it."""
    return figure.model_dump(mode="json")
