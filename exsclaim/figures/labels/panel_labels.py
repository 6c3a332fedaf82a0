"""Panel labels: which label each panel carries, from letters as seen and read, the caption, and reading order.

Letters go to panels by where they stand (`placement`), then labels to letters by what the reader makes of all of them
together (`label_reading`): each label is given once. What nobody read is inferred where order leaves no choice
(`label_inference`), and said to be `inferred`; labels without a panel are left over, never given to a made-up one.
"""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.labels.label_inference import between, by_count, without_strays
from exsclaim.figures.labels.label_marks import without_marks
from exsclaim.figures.labels.label_placement import placed, strays_placed
from exsclaim.figures.labels.label_reading import (
    CLEAR,
    DetectedLabel,
    Label,
    Numbering,
    has_capitals,
    has_number,
    in_sequence,
    letter_probability,
    likeliest,
    promised,
    read_labels,
)
from exsclaim.geometry import Box, column_order, reading_order, rows_of

_AGAIN = 3
"""A number that is seen so often is on the axes: a label is given once."""


@dataclass(frozen=True)
class PanelLabel:
    """A panel's label and what it stands on; `box` is None where no letter was seen.

    `label` and `origin` are None where a letter stands, but nobody knows which.
    """

    label: str | None
    box: Box | None
    confidence: float
    origin: Literal["read", "inferred"] | None


def label_panels(
    panels: Sequence[Box], letters: Sequence[DetectedLabel], side_px: float, expected_labels: Sequence[str] = ()
) -> list[PanelLabel | None]:
    """The label of each panel; None where no letter stands and nothing speaks for a label. No label is given twice.

    Args:
        panels: boxes of the figure's own panels, without insets and parts.
        letters: the detector's candidates, doubtful ones too.
        side_px: the figure's longer side.
        expected_labels: the labels that the caption names, in its order; () where it is not known.
    """
    letters = _without_ticks(letters)
    numbering = promised(expected_labels) if any(expected_labels) else _likeliest(panels, letters)
    sequence = numbering.labels[: numbering.count]
    chances = [letter_probability(letter, sequence) for letter in letters]
    affinities = _affinities(panels, letters, sequence)
    places = [letter.box for letter in letters]
    where = placed(panels, places, chances, affinities, side_px)
    where = strays_placed(where, panels, places, [chance >= CLEAR for chance in chances], side_px)
    order = _order(panels, letters, where)
    seen = {panel: letters[letter] for panel, letter in enumerate(where) if letter is not None}
    if not numbering.promised:
        seen = without_marks(seen, letters, panels)
    found = read_labels(seen, order, numbering)
    if not numbering.promised:
        found = without_strays(found, numbering)
    # where a row of a1, a2, … ends only a caption knows
    if numbering.promised or not any(map(has_number, sequence)):
        found = between(found, order, seen, numbering)
    if numbering.promised:
        found = by_count(found, order, seen, numbering)
    initials = {label.label[0] for label in found if label}
    capital = has_capitals(found, seen)
    spelled = [label and label._replace(label=numbering.spelled(label.label, capital=capital)) for label in found]
    return [_lettering(label, seen.get(panel), initials) for panel, label in enumerate(spelled)]


def _without_ticks(letters: Sequence[DetectedLabel]) -> list[DetectedLabel]:
    """The candidates without numbers that stand in the figure again and again: ticks of graphs of one kind."""
    counts = Counter(best_reading(letter) for letter in letters)
    return [letter for letter in letters if counts[read := best_reading(letter)] < _AGAIN or not read.isdigit()]


def is_clear(letter: DetectedLabel) -> bool:
    """True if this is a panel letter without doubt, wherever it stands."""
    return letter_probability(letter, ()) >= CLEAR


def best_reading(letter: DetectedLabel) -> str:
    """The likeliest label of a letter, in lower case; "" where nothing could be read."""
    folded = letter.folded
    return max(folded, key=lambda label: folded[label], default="")


def _lettering(label: Label | None, letter: DetectedLabel | None, initials: Set[str]) -> PanelLabel | None:
    if label is not None:
        return PanelLabel(*label)
    # "a" once more is a label half read ("a2"); other letters within images mean other things, numbers stand on axes
    initial = best_reading(letter)[:1] if letter is not None else ""
    if letter is not None and is_clear(letter) and initial.isalpha() and initial in initials:
        return PanelLabel(None, letter.box, 0.0, None)
    return None


def _likeliest(panels: Sequence[Box], letters: Sequence[DetectedLabel]) -> Numbering:
    """Likeliest numbering of the panels, by the letters that are sure to be panel letters."""
    clear = sorted(letters, key=lambda letter: -letter_probability(letter, ()))[: len(panels)]
    weighted = [{label: letter.confidence * p for label, p in letter.folded.items()} for letter in clear]
    return likeliest(weighted, [len(row) for row in rows_of(panels)])


def _affinities(
    panels: Sequence[Box], letters: Sequence[DetectedLabel], sequence: Sequence[str]
) -> NDArray[np.float64]:
    """`(panels, letters)`: 1 where a letter surely says what a panel at this place is called, less farther off."""
    rank = {label: i for i, label in enumerate(sequence)}
    read = np.zeros((len(letters), len(sequence), 1))
    for j, letter in enumerate(letters):
        for label, probability in letter.folded.items():
            if label in rank:
                read[j, rank[label]] = probability
    places = np.arange(len(panels))
    near = (read * 0.5 ** abs(np.arange(len(sequence))[:, None] - places)).max(axis=1, initial=0.0).T
    best = np.zeros((len(panels), len(letters)))
    for order in (reading_order(panels), column_order(panels)):
        best[order] = np.maximum(best[order], near)
    return best


def _order(panels: Sequence[Box], letters: Sequence[DetectedLabel], where: Sequence[int | None]) -> list[int]:
    """Panels in the order of their labels: by rows, or by columns where the letters read say so."""
    ranks = {}
    for panel, letter in enumerate(where):
        read = best_reading(letters[letter]) if letter is not None else ""
        if read:
            ranks[panel] = in_sequence(read)
    rows, columns = reading_order(panels), column_order(panels)

    def disorder(order: list[int]) -> int:
        ranked = [ranks[panel] for panel in order if panel in ranks]
        return sum(a > b for a, b in pairwise(ranked))

    return columns if disorder(columns) < disorder(rows) else rows
