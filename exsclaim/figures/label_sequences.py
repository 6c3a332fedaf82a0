"""The ways in which the panels of a figure are numbered: a, b, c …; i, ii, iii …; 1, 2, 3 …; a1, a2, b1 …"""

from collections.abc import Mapping, Sequence
from itertools import product
from string import ascii_lowercase

LETTERS = tuple(ascii_lowercase)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
NUMBERS = tuple(str(number) for number in range(1, 27))
LETTERS_WITH_NUMBERS = tuple(f"{letter}{number}" for letter, number in product(LETTERS, range(1, 10)))

_FAMILIES = (LETTERS, LETTERS_WITH_NUMBERS, ROMAN, NUMBERS)


def family_of(read: Sequence[Mapping[str, float]]) -> list[str]:
    """The sequence of labels that letters as read (label in lower case -> probability) most probably belong to.

    Of equally probable ones the commonest: a single "i" is a letter. Letters with numbers are only those whose
    letter and number were read, in order: nobody knows where "a1, a2, …" goes on with b.
    """
    family = max(_FAMILIES, key=lambda labels: sum(letter.get(label, 0.0) for letter in read for label in labels))
    if family is LETTERS_WITH_NUMBERS:
        best = {max(letter, key=lambda label: letter[label]) for letter in read if letter}
        return [label for label in family if label in best]
    return list(family)


def in_sequence(label: str) -> tuple[int, str]:
    """Sort key of a lower-case label: a < b < … < z < aa; 2 < 10; "a1" < "a2" < "b1"; Roman numbers as letters."""
    if label.isdigit():
        return int(label), ""
    return 0, label
