"""Letters that mark something in a figure and name no panel: significance over bars, nodes of a drawing, lanes.

A panel's label is printed once. A letter that stands again elsewhere, as clear and as large, is a mark, and letters
that are hardly clearer than marks are such as well. Where just one of the twins stands as labels do, it is the label.
"""

from collections.abc import Mapping, Sequence

from exsclaim.figures.labels.label_reading import LETTERS, DetectedLabel
from exsclaim.figures.labels.label_runs import clear_reading, in_line
from exsclaim.geometry import Box

# The numbers were chosen on 88 figures held back, 284 learned from and 223 of other repositories, all in view.
_AS_CLEAR = 0.75
"""Share of the surest one's confidence that its twin's has at least, by detector and reader."""
_CLEARER = 0.2
"""A letter is clearer than a mark by so much, or it may be one, too."""
_AS_LARGE = 0.75
"""Share of the higher one's height that its twin's is at least."""
_IN_LINE = 0.5
"""Letters of one row or column differ by no more than this share of their height."""
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
    for reading in {clear_reading(letter) for letter in taken} | set(_FIRST):
        twins = _twins([letter for letter in letters if reading and clear_reading(letter) == reading])
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
        letter for letter in alike if _sureness(letter) >= _AS_CLEAR * _sureness(first) and _is_as_large(letter, first)
    ]


def _is_as_large(letter: DetectedLabel, other: DetectedLabel) -> bool:
    heights = letter.box.height, other.box.height
    return min(heights) >= _AS_LARGE * max(heights)


def _sureness(letter: DetectedLabel) -> float:
    return letter.confidence * max(letter.folded.values(), default=0.0)


def _are_in_line(a: DetectedLabel, b: DetectedLabel) -> bool:
    """True if two letters stand in a row or a column, in the order of the alphabet."""
    first, second = clear_reading(a), clear_reading(b)
    is_read = first != "" and second != ""
    return is_read and in_line(a, b, LETTERS.index(first), LETTERS.index(second), within=_IN_LINE)


def _is_in(letter: DetectedLabel, others: Sequence[DetectedLabel]) -> bool:
    return any(letter is other for other in others)
