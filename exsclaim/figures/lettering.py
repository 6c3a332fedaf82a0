"""Panel labels: which label each panel carries, from letters as seen and read, the caption, and reading order.

Letters go to panels by where they stand (`exsclaim.figures.placement`), then labels to letters by what the reader
makes of all of them together: each label is given once. What nobody read is inferred where order leaves no choice,
and said to be `inferred`; labels without a panel are left over, never given to a made-up one.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from exsclaim.figures.label_sequences import family_of, in_sequence
from exsclaim.figures.layout import column_order, reading_order
from exsclaim.figures.placement import placed
from exsclaim.geometry import Box

_FLOOR = 1e-3
"""Probability that the reader errs in any way: what it does not see is never quite impossible."""
_UNPROMISED = 2.5
"""Cost (nats) of a label that the caption does not name, or that lies beyond the sequence's expected end."""
_OUT_OF_FAMILY = 2.0
_OUT_OF_ORDER = 0.4
"""Cost of each place by which a label is out of reading order, up to five."""
_LEAST_READ = 0.02
"""Below this probability the reader's word for a label counts as no reading."""
_CLEAR = 0.5
_LEGIBLE = 0.7
_NO_LABEL = (1.0, 4.0)
"""Cost (nats) of leaving a letter without a label: of one that may be no letter at all, and of a clear one."""
_SURE = 0.75
"""Confidence from which on a label is believed that stands out of every sequence."""
_BETWEEN = 0.5
"""Confidence in a label that its neighbours' leave as the only choice."""
_REPAIRED = 0.4
_BY_COUNT = 0.25
"""Confidence in labels given by reading order alone."""


@dataclass(frozen=True)
class SeenLetter:
    """What may be a panel letter: box and confidence of the detector, the reader's probability for each label."""

    box: Box
    confidence: float
    probabilities: Mapping[str, float]


class _Label(NamedTuple):
    """A label found; as `Lettering`, but known."""

    label: str
    box: Box | None
    confidence: float
    origin: Literal["read", "inferred"]


@dataclass(frozen=True)
class Lettering:
    """A panel's label and what it stands on; `box` is None where no letter was seen.

    `label` and `origin` are None where a letter stands, but nobody knows which.
    """

    label: str | None
    box: Box | None
    confidence: float
    origin: Literal["read", "inferred"] | None


def letter_panels(
    panels: Sequence[Box], letters: Sequence[SeenLetter], side_px: float, expected_labels: Sequence[str] = ()
) -> list[Lettering | None]:
    """The label of each panel; None where no letter stands and nothing speaks for a label. No label is given twice.

    Args:
        panels: boxes of the figure's own panels, without insets and parts.
        letters: the detector's candidates, doubtful ones too.
        side_px: the figure's longer side.
        expected_labels: the labels that the caption names, in its order; () where it is not known.
    """
    expected = _distinct(expected_labels)
    sequence = [label.casefold() for label in expected] or _likely_sequence(letters, len(panels))
    chances = [_is_a_letter(letter, sequence) for letter in letters]
    affinities = _affinities(panels, letters, sequence)
    where = placed(panels, [letter.box for letter in letters], chances, affinities, side_px)
    order = _order(panels, letters, where)
    seen = {panel: letters[letter] for panel, letter in enumerate(where) if letter is not None}
    found = _read(seen, order, expected)
    if not expected:
        found = _without_strays(found)
    found = _between(found, order, seen, expected)
    if expected:
        found = _by_count(found, order, seen, expected)
    initials = {label.label[0].casefold() for label in found if label}
    return [_lettering(label, seen.get(panel), initials) for panel, label in enumerate(found)]


def _lettering(label: _Label | None, letter: SeenLetter | None, initials: Set[str]) -> Lettering | None:
    if label is not None:
        return Lettering(*label)
    if letter is not None and is_clear(letter):
        folded = _folded(letter.probabilities)
        # "a" once more is a label half read ("a2"); other letters within images mean other things
        if max(folded, key=lambda label: folded[label])[0] in initials:
            return Lettering(None, letter.box, 0.0, None)
    return None


def _legible(letter: SeenLetter) -> bool:
    return max(_folded(letter.probabilities).values(), default=0.0) >= _LEGIBLE


def is_clear(letter: SeenLetter) -> bool:
    """Whether this is a panel letter without doubt, wherever it stands."""
    return _is_a_letter(letter, ()) >= _CLEAR


def _distinct(labels: Sequence[str]) -> list[str]:
    spelled: dict[str, str] = {}
    for label in labels:
        if label:
            spelled.setdefault(label.casefold(), label)
    return list(spelled.values())


def _is_a_letter(letter: SeenLetter, expected: Sequence[str]) -> float:
    """Probability that this is a panel letter: detected, legible, and one that is expected."""
    folded = _folded(letter.probabilities)
    legible = min(1.0, sum(folded.values()))
    if expected:
        promised = min(1.0, sum(folded.get(label.casefold(), 0.0) for label in expected))
        legible = 0.4 * legible + 0.6 * promised
    return letter.confidence * (0.3 + 0.7 * legible)


def _likely_sequence(letters: Sequence[SeenLetter], count: int) -> list[str]:
    """The labels that so many panels would have, by what is read of all letters."""
    weighted = [
        {label: letter.confidence * p for label, p in _folded(letter.probabilities).items()} for letter in letters
    ]
    family = family_of(weighted)
    return family[: count + 1]


def _affinities(panels: Sequence[Box], letters: Sequence[SeenLetter], sequence: Sequence[str]) -> NDArray[np.float64]:
    """`(panels, letters)`: 1 where a letter surely says what a panel at this place is called, less farther off."""
    rank = {label: i for i, label in enumerate(sequence)}
    best = np.zeros((len(panels), len(letters)))
    for order in (reading_order(panels), column_order(panels)):
        for j, letter in enumerate(letters):
            for label, probability in _folded(letter.probabilities).items():
                if label in rank:
                    for place, panel in enumerate(order):
                        near = probability * 0.5 ** abs(rank[label] - place)
                        best[panel, j] = max(best[panel, j], near)
    return best


def _folded(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of labels whatever their case: "c" and "C" differ by size alone."""
    folded: dict[str, float] = {}
    for label, probability in probabilities.items():
        folded[label.casefold()] = folded.get(label.casefold(), 0.0) + probability
    return folded


def _order(panels: Sequence[Box], letters: Sequence[SeenLetter], where: Sequence[int | None]) -> list[int]:
    """Panels in the order of their labels: by rows, or by columns where the letters read say so."""
    ranks = {}
    for panel, letter in enumerate(where):
        folded = _folded(letters[letter].probabilities) if letter is not None else {}
        if folded:
            ranks[panel] = in_sequence(max(folded, key=lambda label: folded[label]))
    rows, columns = reading_order(panels), column_order(panels)

    def disorder(order: list[int]) -> int:
        read = [ranks[panel] for panel in order if panel in ranks]
        return sum(a > b for a, b in pairwise(read))

    return columns if disorder(columns) < disorder(rows) else rows


def _read(seen: Mapping[int, SeenLetter], order: Sequence[int], expected: Sequence[str]) -> list[_Label | None]:
    """Labels of the panels with a letter, all at once: reader, caption and order each have their say."""
    found: list[_Label | None] = [None] * len(order)
    panels = [panel for panel in order if panel in seen]
    folded = [_folded(seen[panel].probabilities) for panel in panels]
    if not panels:
        return found
    family = family_of(folded)
    sequence = [label.casefold() for label in expected] or family[: len(order)]
    read = sorted({label for probabilities in folded for label in probabilities} - set(sequence))
    labels = [*sequence, *read]
    costs = np.empty((len(panels), len(labels)))
    for i, probabilities in enumerate(folded):
        place = order.index(panels[i])
        for j, label in enumerate(labels):
            cost = -np.log(max(probabilities.get(label, 0.0), _FLOOR))
            if j < len(sequence):
                cost += _OUT_OF_ORDER * min(5, abs(j - place))
            elif label in family:
                cost += _UNPROMISED + 0.3 * min(10, max(0, family.index(label) - len(order)))
            else:
                cost += _UNPROMISED + _OUT_OF_FAMILY
            costs[i, j] = cost
    # as many ways to go without a label as there are panels
    sure = np.array([_is_a_letter(seen[panel], expected) for panel in panels])
    none = (_NO_LABEL[0] + (_NO_LABEL[1] - _NO_LABEL[0]) * sure)[:, None] + np.zeros((1, len(panels)))
    costs = np.hstack([costs, none])
    spelling = {label.casefold(): label for label in expected}
    capital = _capital(list(seen.values()))
    rows, columns = linear_sum_assignment(costs)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if j >= len(labels):
            continue
        label, letter = labels[j], seen[panels[i]]
        probability = folded[i].get(label, 0.0)
        if probability < _LEAST_READ:
            continue
        best = max(folded[i].values())
        origin: Literal["read", "inferred"] = "read" if probability >= 0.5 * best else "inferred"
        confidence = min(1.0, probability / max(1.0, sum(folded[i].values())))
        found[panels[i]] = _Label(
            spelling.get(label, label.upper() if capital else label),
            letter.box,
            min(1.0, letter.confidence) * confidence if origin == "read" else min(confidence, _REPAIRED),
            origin,
        )
    return found


def _without_strays(found: list[_Label | None]) -> list[_Label | None]:
    """Labels that number the panels, without a caption to vouch for them; names of elements do not.

    They start with the first or second of their sequence, or most panels have one; and no more labels are missing
    before one of them than panels are without a label.
    """
    labels = [item.label.casefold() for item in found if item]
    family = family_of([{label: 1.0} for label in labels])
    if not set(labels) & set(family[:2]) and 2 * len(labels) < len(found):
        return [None] * len(found)
    unlabelled = len(found) - len(labels)
    reached = -1
    for rank in sorted(family.index(label) for label in labels if label in family):
        if rank - reached - 1 > unlabelled + 1:
            break
        reached = rank
    kept = set(family[: reached + 1])
    return [item if item and (item.label.casefold() in kept or item.confidence >= _SURE) else None for item in found]


def _capital(letters: Sequence[SeenLetter]) -> bool:
    """Whether the figure prints capitals, by the letters whose capital is not just a larger small letter."""
    balance = 0.0
    for letter in letters:
        for label, probability in letter.probabilities.items():
            if set(label.casefold()) - set("ckopsuvwxz0123456789"):
                balance += probability if label.isupper() else -probability
    return balance > 0


def _between(
    found: list[_Label | None], order: Sequence[int], seen: Mapping[int, SeenLetter], expected: Sequence[str]
) -> list[_Label | None]:
    """Labels of panels between two labelled ones (or before the first), where as many labels lie between as panels."""
    known = [item.label.casefold() for item in found if item]
    if not known:
        return found
    sequence = [label.casefold() for label in expected] or family_of([{label: 1.0} for label in known])
    spelling = {label.casefold(): label for label in expected}
    capital = sum(item.label.isupper() for item in found if item) > len(known) / 2
    result = list(found)
    gap: list[int] = []
    before = -1
    for panel in [*order, None]:
        item = None if panel is None else found[panel]
        if panel is not None and item is None:
            gap.append(panel)
            continue
        if item is not None and item.label.casefold() not in sequence:
            gap, before = [], len(sequence)
            continue
        if item is not None:
            after = sequence.index(item.label.casefold())
        elif expected:
            after = len(sequence)
        else:
            # beyond the last letter read, only where letters were seen that could not be read
            illegible = all(p in seen and seen[p].confidence >= _CLEAR and not _legible(seen[p]) for p in gap)
            after = before + 1 + len(gap) if illegible else before + 1
        free = [label for label in sequence[before + 1 : after] if label not in known]
        if gap and len(free) == len(gap):
            for inferred_panel, label in zip(gap, free, strict=True):
                text = spelling.get(label, label.upper() if capital else label)
                result[inferred_panel] = _inferred(text, seen.get(inferred_panel), _BETWEEN)
        gap, before = [], after
    return _each_once(result)


def _by_count(
    found: list[_Label | None], order: Sequence[int], seen: Mapping[int, SeenLetter], expected: Sequence[str]
) -> list[_Label | None]:
    """Labels of all panels left, in reading order, where the caption has exactly as many labels left."""
    known = {item.label.casefold() for item in found if item}
    free = [label for label in expected if label.casefold() not in known]
    left = [panel for panel in order if found[panel] is None]
    if len(free) != len(left):
        return found
    result = list(found)
    for panel, label in zip(left, free, strict=True):
        result[panel] = _inferred(label, seen.get(panel), _BY_COUNT)
    return result


def _inferred(label: str, letter: SeenLetter | None, confidence: float) -> _Label:
    return _Label(label, letter.box if letter else None, confidence, "inferred")


def _each_once(found: list[_Label | None]) -> list[_Label | None]:
    """Of panels with one label the surest keeps it."""
    best: dict[str, _Label] = {}
    for item in found:
        if item and item.confidence > best.get(item.label.casefold(), item._replace(confidence=-1.0)).confidence:
            best[item.label.casefold()] = item
    return [item if item is not None and best[item.label.casefold()] is item else None for item in found]
