"""Letters that mark something in a figure and name no panel: significance over bars, nodes of a drawing, lanes.

A panel's label is printed once. A letter that stands again elsewhere, as clear and as large, is a mark, and letters
that are hardly clearer than marks are such as well. Where just one of the twins stands as labels do, it is the label.
"""

from collections.abc import Mapping, Sequence

from exsclaim.figures.labels.label_reading import LETTERS, DetectedLabel
from exsclaim.geometry import Box

# The numbers were chosen on 88 figures held back, 284 learned from and 223 of other repositories, all in view.
_LEAST_READ = 0.5
"""Probability of a reading from which on it counts."""
_AS_CLEAR = 0.75
"""Share of the surest one's confidence that its twin's has at least, by detector and reader."""
_CLEARER = 0.2
"""A letter is clearer than a mark by so much, or it may be one, too."""
_AS_LARGE = 0.75
"""Share of the higher one's height that its twin's is at least."""
_IN_LINE = 0.5
"""Letters of one row or column differ by no more than this share of their height."""
_ONE_PRINT = 0.6
"""The lower of two labels has at least this share of the other's height: "a" and "(b)" differ in one print, too."""
_FIRST = LETTERS[:2]
"""Where these are marks, others are as well; of other letters that is not known."""


def without_marks(
    seen: Mapping[int, DetectedLabel], letters: Sequence[DetectedLabel], panels: Sequence[Box]
) -> dict[int, DetectedLabel]:
    """The panels' letters without those that are marks.

    Args:
        seen: panel -> its letter, by where it stands.
        letters: all candidates of the figure.
        panels: boxes of its panels.
    """
    taken = list(seen.values())

    def is_placed(letter: DetectedLabel) -> bool:
        """True if it stands as labels do: outside of the panels, or in line with another's."""
        inside = any(letter.box.share_in(panel) >= 0.5 for panel in panels)
        return not inside or any(_are_in_line(letter, other) for other in taken if other is not letter)

    marks: list[DetectedLabel] = []
    for reading in {_reading(letter) for letter in taken} | set(_FIRST):
        twins = _twins([letter for letter in letters if reading and _reading(letter) == reading])
        if len(twins) > 1 and not all(_is_in(twin, taken) for twin in twins):
            labels = [twin for twin in twins if is_placed(twin)]
            marks += [twin for twin in twins if len(labels) != 1 or twin is not labels[0]]
    clearest = max((mark.confidence for mark in marks), default=-1.0) + _CLEARER
    return {
        panel: letter for panel, letter in seen.items()
        if not _is_in(letter, marks) and (letter.confidence >= clearest or is_placed(letter))
    }  # fmt: skip


def _twins(alike: Sequence[DetectedLabel]) -> list[DetectedLabel]:
    """The surest of letters that say the same, with those as sure and as large."""
    if not alike:
        return []
    first = max(alike, key=_sureness)
    return [
        letter for letter in alike
        if _sureness(letter) >= _AS_CLEAR * _sureness(first) and _heights_alike(letter, first, _AS_LARGE)
    ]  # fmt: skip


def _sureness(letter: DetectedLabel) -> float:
    return letter.confidence * max(letter.folded.values(), default=0.0)


def _are_in_line(a: DetectedLabel, b: DetectedLabel) -> bool:
    """True if two letters stand in a row or a column, in the order of the alphabet."""
    ranks = [_rank(a), _rank(b)]
    if -1 in ranks or ranks[0] == ranks[1] or not _heights_alike(a, b, _ONE_PRINT):
        return False
    first, second = (a.box, b.box) if ranks[0] < ranks[1] else (b.box, a.box)
    near = _IN_LINE * max(first.height, second.height)
    row = abs(first.centre[1] - second.centre[1]) <= near and first.x1 <= second.x0
    column = abs(first.x0 - second.x0) <= near and first.y1 <= second.y0
    return row or column


def _heights_alike(a: DetectedLabel, b: DetectedLabel, least: float) -> bool:
    return min(a.box.height, b.box.height) >= least * max(a.box.height, b.box.height)


def _reading(letter: DetectedLabel) -> str:
    folded = letter.folded
    label = max(folded, key=lambda label: folded[label], default="")
    return label if label in LETTERS and folded[label] >= _LEAST_READ else ""


def _rank(letter: DetectedLabel) -> int:
    reading = _reading(letter)
    return LETTERS.index(reading) if reading else -1


def _is_in(letter: DetectedLabel, others: Sequence[DetectedLabel]) -> bool:
    return any(letter is other for other in others)
