"""The ways in which the panels of a figure are numbered: a, b, c …; i, ii, iii …; 1, 2, 3 …; a1, a2, b1 …"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
from scipy.optimize import linear_sum_assignment

LETTERS = tuple(ascii_lowercase)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
NUMBERS = tuple(str(number) for number in range(1, 27))
_FLOOR = 1e-3
_RARITY = (0.0, 2.0, 4.0, 3.0, 3.0)
"""Cost (nats) of a way of numbering that is rarer than a, b, c."""

_GOES_ON = 4.0
"""As above, of letters that do not begin with a."""
_LEAST_ROW = 4
"""Of fewer panels it is not believed."""


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
    costs = [_cost(read, way[: count + 1]) + rarity for way, rarity in zip(ways, _RARITY, strict=True)]
    # letters may go on from another page's
    later = [_cost(read, LETTERS[start : start + count]) + _GOES_ON for start in range(2, 26 - count)]
    if count >= _LEAST_ROW and min(later, default=np.inf) < min(costs):
        return Numbering(LETTERS, min(26, int(np.argmin(later)) + 2 + count + 1))
    best = ways[int(np.argmin(costs))]
    return Numbering(best, min(len(best), count + 1))


def _cost(read: Sequence[Mapping[str, float]], labels: Sequence[str]) -> float:
    """Negative log-likelihood of the letters if they carry these labels, each once at most."""
    if not read or not labels:
        return 0.0
    table = np.array([[-np.log(max(letter.get(label, 0.0), _FLOOR)) for label in labels] for letter in read])
    rows, columns = linear_sum_assignment(table)
    return float(table[rows, columns].sum() - np.log(_FLOOR) * (len(read) - len(rows)))


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
