"""Doubtful panel letters that vouch for each other: a, b, c … of one print, in rows and columns, in their order.

A letter over texture or below its image is seen with little confidence, but three that follow each other in the
alphabet and stand in line are hardly there by chance.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from exsclaim.figures.labels.label_reading import CLEAR, LETTERS, DetectedLabel, letter_probability
from exsclaim.geometry import Box

# The numbers were chosen on 329 figures of any field that the panel network had not seen.
_LEAST_RUN = 3
_LEAST_READ = 0.5
"""Probability of a reading from which on it counts."""
_IN_LINE = 0.35
"""Letters of one row or column differ by no more than this share of their height."""
_ONE_PRINT = 0.6
"""The lower of two letters has at least this share of the other's height: "a" and "(b)" differ in one print, too."""
_LEAST_TWINS = 2
_MOST = 0.75
"""Share of a run whose letters stand in a second block of panels."""
_VOUCHED = 0.7
"""Confidence in a letter of a run."""
_LEAST_MORE = 2
"""So many letters go on where the caption's labels end; one may be a crystal's axis or a curve."""
_AGREED = 0.9
"""Probability of its reading where the letters in line with it and the caption say the same."""


def vouched(letters: Sequence[DetectedLabel], expected: Sequence[str] = ()) -> tuple[DetectedLabel, ...]:
    """The letters, those of a run that begins with "a" and of its copy with more confidence.

    A run of labels that the caption names may begin with any of them; its letters are also read more surely.

    Args:
        letters: all that the detector sees, doubtful ones too.
        expected: labels that the caption names; () where nothing is known.
    """
    readings = [clear_reading(letter) for letter in letters]
    at = {i: LETTERS.index(reading) for i, reading in enumerate(readings) if reading}
    groups = {i: {i} for i in at}
    for i, j in combinations(at, 2):
        if groups[i] is not groups[j] and in_line(letters[i], letters[j], at[i], at[j]):
            groups[i] |= groups[j]
            groups.update(dict.fromkeys(groups[j], groups[i]))
    named = {label.casefold() for label in expected}
    promised = {
        i for group in groups.values()
        for run in _promised_runs(group, letters, at) if {readings[i] for i in run} <= named
        for i in run
    }  # fmt: skip
    best: list[int] = []
    for group in groups.values():
        run = _run(sorted(group, key=lambda i: -letters[i].confidence), at)
        best = max(best, run, key=lambda r: (len(r), sum(letters[i].confidence for i in r)))
    sure = {*(best if len(best) >= _LEAST_RUN else ()), *_second_run(best, letters, readings)}
    believed = [
        replace(letter, confidence=max(letter.confidence, _VOUCHED)) if i in sure | promised else letter
        for i, letter in enumerate(letters)
    ]
    return tuple(_read_as(readings[i], letter) if i in promised else letter for i, letter in enumerate(believed))


def going_on(letters: Sequence[DetectedLabel], expected: Sequence[str]) -> tuple[str, ...]:
    """Labels beyond the caption's that a figure has: c and d after a and b, as clear, in their rows and columns.

    A caption may describe the panels of a column at once, or name some of its labels in a way that is not understood.

    Args:
        letters: all that the detector sees.
        expected: labels that the caption names.
    """
    named = [label.casefold() for label in expected]
    if len(named) < _LEAST_MORE or named != list(LETTERS[: len(named)]):
        return ()
    clear = [letter for letter in letters if clear_reading(letter) and letter_probability(letter, ()) >= CLEAR]
    run = [letter for letter in clear if clear_reading(letter) in named]
    if sorted(map(clear_reading, run)) != named:  # what stands twice names curves, too
        return ()
    more: list[str] = []
    for rank in range(len(named), len(LETTERS)):
        own = [letter for letter in clear if clear_reading(letter) == LETTERS[rank]]
        lined = [
            letter for letter in own
            if any(in_line(letter, other, rank, LETTERS.index(clear_reading(other))) for other in run)
        ]  # fmt: skip
        if not lined:
            break
        run.append(lined[0])
        more.append(LETTERS[rank].upper() if expected[0].isupper() else LETTERS[rank])
    return tuple(more) if len(more) >= _LEAST_MORE else ()


def _promised_runs(
    group: Collection[int], letters: Sequence[DetectedLabel], at: Mapping[int, int]
) -> Iterator[list[int]]:
    """The surest letters of a group that follow each other in the alphabet without a gap, three or more."""
    by_rank: dict[int, int] = {}
    for i in sorted(group, key=lambda i: -letters[i].confidence):
        by_rank.setdefault(at[i], i)
    run: list[int] = []
    for rank in range(len(LETTERS) + 1):
        if rank in by_rank:
            run.append(by_rank[rank])
            continue
        if len(run) >= _LEAST_RUN:
            yield run
        run = []


def _read_as(reading: str, letter: DetectedLabel) -> DetectedLabel:
    """A letter whose reading nobody doubts, in the likelier of its cases."""
    cases = {case: share for case, share in letter.probabilities.items() if case.casefold() == reading}
    likelier = max(cases, key=lambda case: cases[case])
    share = max(cases[likelier], _AGREED - sum(cases.values()) + cases[likelier])
    return replace(letter, probabilities={**letter.probabilities, likelier: share})


def _second_run(run: Sequence[int], letters: Sequence[DetectedLabel], readings: Sequence[str]) -> set[int]:
    """Letters of a run once more, each as far from its twin as the others: two blocks of panels that begin with "a"."""
    twins = {readings[i]: letters[i].box for i in run}
    moves: dict[int, tuple[float, float]] = {}
    for i, letter in enumerate(letters):
        twin = twins.get(readings[i])
        if i not in run and twin is not None and _is_one_print(letter.box, twin):
            # of either block a letter may be the surer one
            (x0, y0), (x1, y1) = sorted((twin.centre, letter.box.centre), key=sum)
            moves[i] = x1 - x0, y1 - y0
    best: set[int] = set()
    for i, (across, down) in moves.items():
        within = _IN_LINE * letters[i].box.height
        alike = {k for k, (x, y) in moves.items() if abs(x - across) <= within and abs(y - down) <= within}
        best = max(best, alike, key=len)
    return best if len(best) >= max(_LEAST_TWINS, _MOST * len(run)) else set()


def clear_reading(letter: DetectedLabel) -> str:
    """The letter of the alphabet that is read, "" where it is none or in doubt."""
    folded = letter.folded
    label = max(folded, key=lambda label: folded[label], default="")
    return label if label in LETTERS and folded[label] >= _LEAST_READ else ""


def in_line(a: DetectedLabel, b: DetectedLabel, rank_a: int, rank_b: int, *, within: float = _IN_LINE) -> bool:
    """True if two letters of one print stand in a row or a column, in the order of the alphabet.

    Args:
        a: a letter.
        b: another one.
        rank_a: place of the first in the alphabet.
        rank_b: that of the other.
        within: share of their height by which letters of one row or column differ at most.
    """
    if rank_a == rank_b:
        return False
    first, second = (a.box, b.box) if rank_a < rank_b else (b.box, a.box)
    if not _is_one_print(first, second):
        return False
    height = max(first.height, second.height)
    row = abs(first.centre[1] - second.centre[1]) <= within * height and first.x1 <= second.x0
    column = abs(first.x0 - second.x0) <= within * height and first.y1 <= second.y0
    return row or column


def _is_one_print(a: Box, b: Box) -> bool:
    return min(a.height, b.height) >= _ONE_PRINT * max(a.height, b.height)


def _run(group: Sequence[int], at: dict[int, int]) -> list[int]:
    """The surest letter of each rank from "a" on, until one is missing."""
    by_rank: dict[int, int] = {}
    for i in group:
        by_rank.setdefault(at[i], i)
    run: list[int] = []
    while len(run) in by_rank:
        run.append(by_rank[len(run)])
    return run
