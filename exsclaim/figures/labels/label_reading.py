"""Labels from letters as read: the reader, the numbering and reading order each have their say, on all at once.

Panels are numbered a, b, c …; i, ii, iii …; 1, 2, 3 …; a1, a2, b1 … (`Numbering`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from exsclaim.geometry import Box

LETTERS = tuple(ascii_lowercase)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
NUMBERS = tuple(str(number) for number in range(1, 27))
_RARITY = (0.0, 2.0, 4.0, 3.0, 3.0)
"""Cost (nats) of a way of numbering that is rarer than a, b, c."""

_GOES_ON = 4.0
"""As above, of letters that do not begin with a."""
_LEAST_CONTINUED = 4
"""Of fewer panels it is not believed."""
_FLOOR = 1e-3
"""Probability that the reader errs in any way: what it does not see is never quite impossible."""
_UNPROMISED = 2.5
"""Cost (nats) of a label that the caption does not name, or that lies beyond the sequence's expected end."""
_BEYOND = 0.3
"""Cost of each place beyond that end, up to ten."""
_OUT_OF_FAMILY = 2.0
_OUT_OF_ORDER = 0.4
"""Cost of each place by which a label is out of reading order, up to five."""
_NO_LABEL = (1.0, 6.0)
"""Cost of leaving a letter without a label: of one that may be no letter at all, and of a clear one."""
_LEAST_READ = 0.02
"""Below this probability the reader's word for a label counts as no reading."""
_NUMBER_GUESSED = 0.1
"""Probability of the right number where the reader is sure of a label's letter alone."""
_BRACKET_READ = 0.7
"""Share of a reading as "f1" that counts for "f" where panels are numbered by letters alone."""
_LEAST_CAPITAL = 0.05
"""Share of a letter's probability that is its capital's, from which on a figure has capitals: small letters are hardly
ever taken for capitals, "A" and "B" are for small ones. Of 801 labels of figures_micro and figures_fields, train, 10
have the wrong case; with a half 40."""
CLEAR = 0.5
"""Probability from which on this is a panel letter without doubt, whichever it is."""
_REPAIRED = 0.4
"""Highest confidence in a label that was not the reader's first choice."""


@dataclass(frozen=True)
class Numbering:
    """The labels of a figure's panels in their order, in lower case.

    The first `count` are expected. `promised`: a caption names them, else they are what panels are usually called.
    `spelling` has the caption's own spelling of each.
    """

    labels: tuple[str, ...]
    count: int
    promised: bool = False
    spelling: Mapping[str, str] | None = None

    def spelled(self, label: str, *, capital: bool) -> str:
        """A label as the caption writes it; else in capitals where the figure has capitals."""
        return (self.spelling or {}).get(label, label.upper() if capital else label)


def promised(labels: Sequence[str]) -> Numbering:
    """The numbering that a caption tells, each label once whatever its case."""
    spelling: dict[str, str] = {}
    for label in labels:
        if label:
            spelling.setdefault(label.casefold(), label)
    return Numbering(tuple(spelling), len(spelling), promised=True, spelling=spelling)


def likeliest(read: Sequence[Mapping[str, float]], rows: Sequence[int]) -> Numbering:
    """The way of numbering that explains best what is read, each label being used once.

    Args:
        read: of each letter seen, the probability of each label in lower case.
        rows: number of panels in each row of the figure.
    """
    count = sum(rows)
    by_row = [f"{LETTERS[r % 26]}{c + 1}" for r, columns in enumerate(rows) for c in range(columns)]
    by_column = [f"{LETTERS[c % 26]}{r + 1}" for r, columns in enumerate(rows) for c in range(columns)]
    # what the row after the last would have
    by_row += [f"{LETTERS[len(rows) % 26]}{c + 1}" for c in range(max(rows, default=0))]
    by_column += [f"{LETTERS[c % 26]}{len(rows) + 1}" for c in range(max(rows, default=0))]
    ways = (LETTERS, ROMAN, NUMBERS, tuple(by_row), tuple(by_column))
    costs = [_least(_costs(read, way[: count + 1])) + rarity for way, rarity in zip(ways, _RARITY, strict=True)]
    # letters may go on from another page's
    table = _costs(read, LETTERS)
    later = [_least(table[:, start : start + count]) + _GOES_ON for start in range(2, 26 - count)]
    if count >= _LEAST_CONTINUED and min(later, default=np.inf) < min(costs):
        return Numbering(LETTERS, min(26, int(np.argmin(later)) + 2 + count + 1))
    best = ways[int(np.argmin(costs))]
    return Numbering(best, min(len(best), count + 1))


def _costs(read: Sequence[Mapping[str, float]], labels: Sequence[str]) -> NDArray[np.float64]:
    """`(read, labels)`: negative log-likelihood of each letter if it carries each label."""
    shares = np.array([[letter.get(label, 0.0) for label in labels] for letter in read])
    return np.asarray(-np.log(np.maximum(shares, _FLOOR)), np.float64).reshape(len(read), len(labels))


def _least(costs: NDArray[np.float64]) -> float:
    """Negative log-likelihood of the letters if each label is carried once at most."""
    if not costs.size:
        return 0.0
    rows, columns = linear_sum_assignment(costs)
    return float(costs[rows, columns].sum() - np.log(_FLOOR) * (len(costs) - len(rows)))


def are_consecutive(labels: Sequence[str]) -> bool:
    """True if labels in lower case are letters that follow each other in the alphabet, whatever their order."""
    ranks = sorted(LETTERS.index(label) for label in labels if label in LETTERS)
    return bool(ranks) and len(ranks) == len(labels) and ranks == list(range(ranks[0], ranks[0] + len(ranks)))


def has_number(label: str) -> bool:
    """True if a label is a letter with a number ("a1")."""
    return label[:1].isalpha() and label[1:].isdigit()


def in_sequence(label: str) -> tuple[int, str]:
    """Sort key of a lower-case label: a < b < … < z < aa; 2 < 10; "a1" < "a2" < "b1"; Roman numbers as letters."""
    if label.isdigit():
        return int(label), ""
    return 0, label


@dataclass(frozen=True)
class DetectedLabel:
    """A possible panel letter: box and confidence of the detector, the reader's probability for each label."""

    box: Box
    confidence: float
    probabilities: Mapping[str, float]

    @cached_property
    def folded(self) -> Mapping[str, float]:
        """The probabilities whatever the labels' case."""
        return _folded_case(self.probabilities)


class Label(NamedTuple):
    """A label found for a panel, in lower case; `box` is None where no letter was seen."""

    label: str
    box: Box | None
    confidence: float
    origin: Literal["read", "inferred"]


def _folded_case(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of labels whatever their case: "c" and "C" differ by size alone."""
    folded: dict[str, float] = {}
    for label, probability in probabilities.items():
        key = label.casefold()
        folded[key] = folded.get(key, 0.0) + probability
    return folded


def letter_probability(letter: DetectedLabel, expected: Sequence[str]) -> float:
    """Probability that this is a panel letter: detected, legible, and one that is expected."""
    folded = letter.folded
    legible = min(1.0, sum(folded.values()))
    if expected:
        partly = _partly_read(folded, expected)
        promised = min(1.0, sum(partly.get(label, 0.0) for label in expected))
        legible = 0.4 * legible + 0.6 * promised
    return letter.confidence * (0.3 + 0.7 * legible)


def read_labels(seen: Mapping[int, DetectedLabel], order: Sequence[int], numbering: Numbering) -> list[Label | None]:
    """Labels of the panels with a letter; None for the others, and where the letter cannot be read.

    Args:
        seen: panel -> its letter.
        order: all panels in the order of their labels.
        numbering: what they may be called.
    """
    found: list[Label | None] = [None] * len(order)
    panels = [panel for panel in order if panel in seen]
    if not panels:
        return found
    sequence = numbering.labels[: numbering.count]
    folded = [_partly_read(seen[panel].folded, sequence) for panel in panels]
    rank = {label: i for i, label in enumerate(numbering.labels)}
    read = sorted({label for probabilities in folded for label in probabilities} - set(sequence))
    labels = [*sequence, *read]
    clear = [panel for panel in panels if letter_probability(seen[panel], ()) >= CLEAR]
    costs = np.empty((len(panels), len(labels)))
    for i, probabilities in enumerate(folded):
        # pieces without a clear letter may be parts of panels
        places = [k.index(panels[i]) for k in (order, clear) if panels[i] in k]
        for j, label in enumerate(labels):
            cost = -np.log(max(probabilities.get(label, 0.0), _FLOOR))
            if j < len(sequence):
                cost += _OUT_OF_ORDER * min(5, *(abs(j - place) for place in places))
            elif label in rank:
                cost += _UNPROMISED + _BEYOND * min(10, rank[label] - numbering.count)
            else:
                cost += _UNPROMISED + _OUT_OF_FAMILY
            costs[i, j] = cost
    # as many ways to go without a label as there are panels
    sure = np.array([letter_probability(seen[panel], sequence) for panel in panels])
    none = (_NO_LABEL[0] + (_NO_LABEL[1] - _NO_LABEL[0]) * sure)[:, None] + np.zeros((1, len(panels)))
    costs = np.hstack([costs, none])
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
        found[panels[i]] = Label(
            label,
            letter.box,
            min(1.0, letter.confidence) * confidence if origin == "read" else min(confidence, _REPAIRED),
            origin,
        )
    return found


def _partly_read(folded: Mapping[str, float], sequence: Sequence[str]) -> dict[str, float]:
    """The probabilities with a share for labels of which only the letter was read, not its number ("a" for "a2").

    And the other way round: a bracket was read as a number ("f1" for "f)").
    """
    partly = dict(folded)
    if not any(map(has_number, sequence)):
        for label in sequence:
            bracket = _BRACKET_READ * folded.get(f"{label}1", 0.0)
            if bracket > 0:
                partly[label] = folded.get(label, 0.0) + bracket
    for label in sequence:
        initial, number = label[:1], label[1:]
        if number.isdigit() and initial not in sequence:
            alike = sum(p for other, p in folded.items() if other[:1] == initial and (other[1:] or "0").isdigit())
            partly[label] = max(folded.get(label, 0.0), _NUMBER_GUESSED * alike)
    return partly


def has_capitals(found: Sequence[Label | None], seen: Mapping[int, DetectedLabel]) -> bool:
    """True if the figure prints its labels as capitals, by those whose capital is not just a larger small letter."""
    odds = []
    for panel, item in enumerate(found):
        if item is not None and panel in seen and set(item.label) - set("ckopsuvwxz0123456789"):
            read = seen[panel].probabilities
            small, large = (read.get(case, 0.0) + _FLOOR for case in (item.label.lower(), item.label.upper()))
            odds.append(np.log(large / small))
    return bool(odds) and float(np.mean(odds)) > np.log(_LEAST_CAPITAL / (1 - _LEAST_CAPITAL))
