"""Panels taken for one though their letters say that they are several: touching micrographs, graphs side by side."""

from collections.abc import Callable, Sequence

from exsclaim.figures.labels.panel_labels import PanelLabel
from exsclaim.geometry import Box

LEAST_GAIN = 0.3
"""Confidence in labels, summed over the figure, that a division must add."""


def divided(
    boxes: Sequence[Box],
    divisions: Sequence[Sequence[Sequence[Box]]],
    label: Callable[[list[Box]], Sequence[PanelLabel | None]],
) -> list[int | None]:
    """For each box which of its divisions takes its place; None where it stays whole.

    A division is taken if more labels are then read, so pieces that no letter tells apart stay one panel.

    Args:
        boxes: a figure's panels.
        divisions: for each box the ways in which it may be divided, each a list of at least two boxes.
        label: labels so many panels, see `exsclaim.figures.labels.panel_labels.label_panels`.
    """
    taken: list[int | None] = [None] * len(boxes)
    if not any(divisions):
        return taken
    best = _read(label(list(boxes)))
    for i in range(len(boxes)):
        for number in range(len(divisions[i])):
            trial = [*taken[:i], number, *taken[i + 1 :]]
            gain = _read(label(after(boxes, divisions, trial)))
            if gain >= best + (LEAST_GAIN if taken[i] is None else 0.01):
                taken, best = trial, gain
    return taken


def after(boxes: Sequence[Box], divisions: Sequence[Sequence[Sequence[Box]]], taken: Sequence[int | None]) -> list[Box]:
    """The boxes with each one's chosen division in its place."""
    found: list[Box] = []
    for box, ways, number in zip(boxes, divisions, taken, strict=True):
        found += [box] if number is None else ways[number]
    return found


def _read(letterings: Sequence[PanelLabel | None]) -> float:
    return sum(item.confidence for item in letterings if item and item.origin == "read")
