"""Labels that were not read: inferred where order leaves no choice, dropped where they number nothing."""

from collections.abc import Mapping, Sequence

from exsclaim.figures.labels.label_reading import LETTERS, NUMBERS, DetectedLabel, Label, Numbering

_LEGIBLE = 0.7
_CLEAR = 0.5
_SURE = 0.75
"""Confidence from which on a label is believed that is of another kind than the others ("c1" among a, b)."""
_SURE_OF_ONE = 0.55
"""Confidence in the surest label of a figure below which none is believed: print that looks like letters. Of 372
annotated figures and 223 others, the surest of all right ones is above .6."""
_DOUBTFUL = 0.25
"""Labels of less confidence are believed beside their neighbours in the sequence only."""
_LEAST_ROW = 4
"""Labels that do not begin with the first of their sequence are believed from so many in a row on."""
_BETWEEN = 0.5
"""Confidence in a label that its neighbours' leave as the only choice."""
_BY_COUNT = 0.25
"""Confidence in labels given by reading order alone."""


def without_strays(found: list[Label | None], numbering: Numbering) -> list[Label | None]:
    """Labels that number the panels, where no caption vouches for them; names of elements do not.

    They start with the first or second of their sequence, or most panels have one; no more labels are missing before
    one of them than may have been overlooked; and doubtful ones have a neighbour. A single number numbers nothing. A
    letter that is the only one read surely is one; of several at least one is hardly in doubt.
    """
    read_ones = [item for item in found if item and item.origin == "read"]
    if len(read_ones) < 2 and not any(_is_sure_alone(item.label, item.confidence) for item in read_ones):
        return [None] * len(found)
    if max(item.confidence for item in read_ones) < _SURE_OF_ONE:
        return [None] * len(found)
    if len(found) == 1:
        return found
    ranks = {label: i for i, label in enumerate(numbering.labels)}
    labels = [item.label for item in found if item]
    read = sorted(ranks[label] for label in labels if label in ranks)
    goes_on = _goes_on(read, len(found))
    if not goes_on and not set(read) & {0, 1} and 2 * len(labels) < len(found):
        return [None] * len(found)
    if numbering.labels == NUMBERS and len(set(read)) < 2:
        return [None] * len(found)  # the first number on an axis
    unlabelled = len(found) - len(labels)
    kept: set[int] = set()
    reached = read[0] - 1 if goes_on else -1
    for rank in read:
        if rank - reached - 1 > 2 + unlabelled // 3:
            break
        reached = rank
        kept.add(rank)

    def stays(item: Label) -> bool:
        rank = ranks.get(item.label)
        if rank is None:
            return item.confidence >= _SURE
        return rank in kept and (item.confidence >= _DOUBTFUL or bool({rank - 1, rank + 1} & kept) or rank == 0)

    return [item if item and stays(item) else None for item in found]


def _is_sure_alone(label: str, confidence: float) -> bool:
    """True if a label is believed where a figure has no other."""
    return label.lower() in LETTERS and confidence >= _SURE


def _goes_on(ranks: Sequence[int], panels: int) -> bool:
    """True if the labels continue those of another page: an almost unbroken row of at least four, on most panels."""
    unbroken = len(ranks) >= _LEAST_ROW and ranks[-1] - ranks[0] < 1.3 * len(ranks)
    return unbroken and ranks[0] > 1 and len(ranks) >= 0.6 * panels


def between(
    found: list[Label | None], order: Sequence[int], seen: Mapping[int, DetectedLabel], numbering: Numbering
) -> list[Label | None]:
    """Labels of panels between two labelled ones (or before the first), where as many labels lie between as panels."""
    known = [item.label for item in found if item]
    if not known:
        return found
    sequence = numbering.labels
    result = list(found)
    gap: list[int] = []
    before = -1
    for panel in [*order, None]:
        item = None if panel is None else found[panel]
        if panel is not None and item is None:
            gap.append(panel)
            continue
        if item is not None and item.label not in sequence:
            gap, before = [], len(sequence)
            continue
        if item is not None:
            after = sequence.index(item.label)
        elif numbering.promised:
            after = len(sequence)
        else:
            # beyond the last letter read, only where letters were seen that could not be read
            illegible = all(p in seen and seen[p].confidence >= _CLEAR and not _legible(seen[p]) for p in gap)
            after = before + 1 + len(gap) if illegible else before + 1
        free = [label for label in sequence[before + 1 : after] if label not in known]
        if gap and len(free) == len(gap):
            for inferred_panel, label in zip(gap, free, strict=True):
                result[inferred_panel] = _inferred(label, seen.get(inferred_panel), _BETWEEN)
        gap, before = [], after
    return _each_once(result)


def by_count(
    found: list[Label | None], order: Sequence[int], seen: Mapping[int, DetectedLabel], numbering: Numbering
) -> list[Label | None]:
    """Labels of all panels left, in reading order, where the caption has exactly as many labels left.

    None where that puts a label out of order: then one that was read stands at another's panel.
    """
    known = {item.label for item in found if item}
    free = [label for label in numbering.labels if label not in known]
    left = [panel for panel in order if found[panel] is None]
    if len(free) != len(left):
        return found
    result = list(found)
    for panel, label in zip(left, free, strict=True):
        result[panel] = _inferred(label, seen.get(panel), _BY_COUNT)
    ranks = [numbering.labels.index(item.label) for panel in order if (item := result[panel])]
    return result if ranks == sorted(ranks) else found


def _legible(letter: DetectedLabel) -> bool:
    return max(letter.folded.values(), default=0.0) >= _LEGIBLE


def _inferred(label: str, letter: DetectedLabel | None, confidence: float) -> Label:
    return Label(label, letter.box if letter else None, confidence, "inferred")


def _each_once(found: list[Label | None]) -> list[Label | None]:
    """Panels of which each label is one's alone: the surest keeps it."""
    best: dict[str, Label] = {}
    for item in found:
        if item and item.confidence > best.get(item.label, item._replace(confidence=-1.0)).confidence:
            best[item.label] = item
    return [item if item is not None and best[item.label] is item else None for item in found]
