"""Pairing what is true with what was found, and the rates that follow."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from exsclaim.records import Record

_True = TypeVar("_True")
_Found = TypeVar("_Found")


class Matches(Record):
    """Numbers of objects that are true, that were found, and that are both (a true one and a found one that match)."""

    true: int = 0
    found: int = 0
    matched: int = 0

    @property
    def precision(self) -> float:
        return self.matched / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.matched / max(1, self.true)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.matched / max(1, self.true + self.found)

    def __add__(self, other: "Matches") -> "Matches":
        return Matches(
            true=self.true + other.true, found=self.found + other.found, matched=self.matched + other.matched
        )


def match_greedily(
    true: Sequence[_True], found: Sequence[_Found], agreement: Callable[[_True, _Found], float], least: float
) -> list[tuple[int, int, float]]:
    """Pairs `(index of true, index of found, agreement)`, best agreement first, each object in one pair at most.

    Only pairs that agree by at least `least` are made; of equal ones, the later objects are paired first.
    """
    pairs = sorted(
        ((agreement(one, other), i, j) for i, one in enumerate(true) for j, other in enumerate(found)), reverse=True
    )
    used_true: set[int] = set()
    used_found: set[int] = set()
    kept = []
    for score, i, j in pairs:
        if score < least:
            break
        if i not in used_true and j not in used_found:
            used_true.add(i)
            used_found.add(j)
            kept.append((i, j, score))
    return kept
