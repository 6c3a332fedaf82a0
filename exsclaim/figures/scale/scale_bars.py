"""Scale bars and their printed labels: which label belongs to which bar, and which bar to which panel.

Bars and labels are paired over the whole figure at once (Kuhn-Munkres), by distance and alignment. A faint bar is
believed where a legible label stands beside it, as people do, or where panels of its size have theirs at that place.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from exsclaim.figures.scale.print_near_bars import BESIDE, is_sign, label_cost, may_be_print, touches
from exsclaim.geometry import Box, distance
from exsclaim.lengths import is_usual
from exsclaim.records import ScaleBar

CONFIDENCE_DIGITS = 3
"""Of confidences in records: what is behind depends on how many threads add up, and equal runs would not be equal."""
LEAST_CONFIDENCE = 0.4
"""Bars of less confidence, their label's support included, are left out."""
LEAST_BARE = 0.65
"""The same for a bar without a label in a figure whose bars have some."""
LEAST_LEGIBLE = 0.3
"""A text read with less probability is kept as text, but gives no length: chosen on figures_micro and figures_fields,
train, where between .02 and here more lengths were wrong than right."""
_IN_DRAWING = 0.5
"""Bars in graphs and drawings need a label of at least this certainty: axes, legends and arrows look like bars."""
_SAME_PLACE = 0.06
"""Bars whose distances from their panels' lower corner differ by no greater share of the width stand alike."""
_SAME_SIZE = 0.05
"""Panels whose sides differ by no greater share are of one size, as are their bars' lengths."""
_LEAST_SEEN = 0.3
"""Bars of less confidence are not worth a second look at the label beside them."""
_CERTAIN = 0.5
_SUPPORT = 0.8
"""Weight of a legible label beside a bar as evidence for it, 0 to 1."""
_UNSURE = 0.12
"""Certainty of bar and label together below which that they are a scale at all is in doubt: arrows have 0.1."""
_FARTHEST = 3.0
"""Cost from which on a label is not a bar's: about so many heights of the label apart."""
_OTHER_PANEL = 2.0
_OF_PRINT = 1.0
"""Cost of touching a sure label without clear ends: its plate's edge does, and leaves the label to a bar near by."""
_FAR = 0.15
_FAR_BELOW = 0.35
"""Heights of a region up to which a bar outside it is its own, and one in a strip right below it."""
_UNREAD = 0.2
"""Worth of a label that could not be read beside one that was: dates and times of data bars stand near bars, too."""


@dataclass(frozen=True)
class DetectedBar:
    """A scale bar as detected; its box is measured on the image, `ends_in_doubt` where that may have failed.

    `in_pictures_only`: it is a block with its label inside or a ruler of ticks; in a drawing that is something else.
    """

    box: Box
    confidence: float
    ends_in_doubt: bool = False
    in_pictures_only: bool = False


@dataclass(frozen=True)
class DetectedScaleLabel:
    """A scale label as detected and read: `text` "" where it could not be read, `length_nm` None if no length."""

    box: Box
    confidence: float
    text: str
    length_nm: float | None
    text_confidence: float
    in_doubt: bool = False
    """Two readers differ, or one alone is not sure."""
    other_text: str = ""
    """What the reader of panel letters makes of it; "" where it makes nothing of it."""
    may_be_reciprocal: bool = False
    """What follows a length may be the superscript of "5 nm⁻¹"."""

    @property
    def certainty(self) -> float:
        """Confidence that this is a scale label and says what was read."""
        return self.confidence * self.text_confidence if self.text else 0.0


class RegionScale(NamedTuple):
    """The scale bars of a region, left to right, and the doubts about each (`exsclaim.panel_doubts`)."""

    bars: tuple[ScaleBar, ...] = ()
    doubts: tuple[tuple[str, ...], ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        """The doubts about all bars."""
        return tuple(dict.fromkeys(flag for doubts in self.doubts for flag in doubts))

    def of(self, bars: Sequence[ScaleBar]) -> "RegionScale":
        """The same of some of the bars."""
        kept = [i for i, bar in enumerate(self.bars) if bar in bars]
        return RegionScale(tuple(self.bars[i] for i in kept), tuple(self.doubts[i] for i in kept))


class _Pair(NamedTuple):
    """A bar and its label in the region that they belong to."""

    home: int
    bar: DetectedBar
    label: DetectedScaleLabel | None
    confidence: float


def scale_bars(
    regions: Sequence[Box],
    bars: Sequence[DetectedBar],
    labels: Sequence[DetectedScaleLabel],
    *,
    drawings: Collection[int] = (),
    confirm: Callable[[DetectedScaleLabel, bool], DetectedScaleLabel] = lambda label, always: label,
) -> list[RegionScale]:
    """The scale bars of each region with their labels. A bar or label is used once at most.

    Args:
        regions: panels, their parts and insets; a bar belongs to the smallest that holds most of it.
        bars: the detector's candidates, doubtful ones too.
        labels: likewise.
        drawings: indices of regions that are graphs or drawings: a line there is a scale bar only if a label says so.
        confirm: reads a label again, see `exsclaim.figures.scale.scale_label_check`; True: even if it seems sure.
    """
    homes = [_home(bar.box, regions) for bar in bars]
    partners = _partners(bars, labels, homes, [_home(label.box, regions) for label in labels])
    named = [labels[partner] if partner is not None else None for partner in partners]
    with_labels = any(label is not None and label.certainty >= _CERTAIN for label in named)
    pairs: list[_Pair] = []
    bare: list[_Pair] = []
    for bar, home, label in zip(bars, homes, named, strict=True):
        if home is None or (bar.in_pictures_only and home in drawings):
            continue
        confidence = _supported(bar, label)
        if label is not None and max(confidence, _hoped(bar, label)) >= LEAST_CONFIDENCE:
            is_drawn = home in drawings
            label = confirm(label, is_drawn)
            confidence = _supported(bar, label)
            beside = label_cost(bar.box, label.box) <= BESIDE
            if is_drawn and (label.certainty < _IN_DRAWING or label.length_nm is None or not beside):
                continue
        if label is not None and is_sign(bar.box, label.box):
            continue
        pair = _Pair(home, bar, label, confidence)
        if confidence < LEAST_CONFIDENCE or (label is None and home in drawings):
            continue
        (bare if label is None and with_labels and confidence < LEAST_BARE else pairs).append(pair)
    pairs += [pair for pair in bare if any(_stand_alike(pair, other, regions) for other in pairs)]
    flags = _differing(pairs, regions)
    found = []
    for region in range(len(regions)):
        own = sorted(
            (pair for pair in pairs if pair.home == region), key=lambda pair: (pair.bar.box.x0, pair.bar.box.y0)
        )
        doubts = tuple((*_doubts(pair), *flags.get(id(pair), ())) for pair in own)
        found.append(RegionScale(tuple(_record(pair) for pair in own), doubts))
    return found


def _supported(bar: DetectedBar, label: DetectedScaleLabel | None) -> float:
    """The confidence in a bar with what its label says for it."""
    return 1 - (1 - bar.confidence) * (1 - _SUPPORT * (label.certainty if label else 0.0))


def _hoped(bar: DetectedBar, label: DetectedScaleLabel) -> float:
    """The confidence that a bar may have if its label, right beside it, is read well at the second look."""
    is_seen = bar.confidence >= _LEAST_SEEN and label_cost(bar.box, label.box) <= BESIDE
    return _supported(bar, replace(label, text="?", text_confidence=1.0)) if is_seen else 0.0


def _doubts(pair: _Pair) -> list[str]:
    """Flags of a bar that gives a length: what gives none, can mislead nobody."""
    if pair.label is None or pair.label.length_nm is None or pair.label.text_confidence < LEAST_LEGIBLE:
        return []
    has_other_ends = pair.bar.ends_in_doubt or may_be_print(pair.bar.box, pair.label.box)
    is_unsure = pair.label.in_doubt or pair.confidence * pair.label.certainty < _UNSURE
    # 0.44 nm is between planes of atoms, 532 nm a laser's
    is_odd = not is_usual(pair.label.length_nm)
    doubted = {"bar_ends_in_doubt": has_other_ends, "scale_label_in_doubt": is_unsure or is_odd}
    return [flag for flag, is_given in doubted.items() if is_given]


def _stand_alike(a: _Pair, b: _Pair, regions: Sequence[Box]) -> bool:
    """True if two bars of one length stand at the same place of panels of one width: headings make some higher."""
    own, other = regions[a.home], regions[b.home]
    if a.home == b.home or not (_is_alike(own.width, other.width) and _is_alike(a.bar.box.width, b.bar.box.width)):
        return False
    aside = min(
        abs((a.bar.box.x0 - own.x0) - (b.bar.box.x0 - other.x0)),
        abs((own.x1 - a.bar.box.x1) - (other.x1 - b.bar.box.x1)),
    )
    down = abs((own.y1 - a.bar.box.y1) - (other.y1 - b.bar.box.y1))
    return max(aside, down) <= _SAME_PLACE * own.width


def _differing(pairs: Sequence[_Pair], regions: Sequence[Box]) -> dict[int, tuple[str, ...]]:
    """Flags, by the pair's identity, of bars with one text in panels of one size whose length differs from the rest."""
    flags: dict[int, tuple[str, ...]] = {}
    for pair in pairs:
        alike = [
            other.bar.box.width
            for other in pairs
            if other.label and pair.label and other.label.length_nm and other.label.text == pair.label.text
            and _of_one_size(regions[other.home], regions[pair.home])
        ]  # fmt: skip
        if len(alike) >= 2:
            usual = float(np.median(alike)) if len(alike) > 2 else max(alike)
            least = usual if len(alike) > 2 else min(alike)
            if abs(pair.bar.box.width - usual) > _SAME_SIZE * usual or usual - least > _SAME_SIZE * usual:
                flags[id(pair)] = ("bars_differ_among_panels",)
    return flags


def _of_one_size(a: Box, b: Box) -> bool:
    return _is_alike(a.width, b.width) and _is_alike(a.height, b.height)


def _is_alike(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_SIZE * a


def _record(pair: _Pair) -> ScaleBar:
    box, label = pair.bar.box, pair.label
    length_px, confidence = max(box.width, box.height), round(pair.confidence, CONFIDENCE_DIGITS)
    if label is None:
        return ScaleBar(box=box, length_px=length_px, confidence=confidence)
    length_nm = label.length_nm if label.text_confidence >= LEAST_LEGIBLE else None
    return ScaleBar(
        box=box,
        length_px=length_px,
        confidence=confidence,
        label_box=label.box,
        label_text=label.text or None,
        label_confidence=round(label.certainty, CONFIDENCE_DIGITS),
        length_nm=length_nm,
        nm_origin="printed" if length_nm is not None else None,
    )


def _home(box: Box, regions: Sequence[Box]) -> int | None:
    """The smallest region that holds most of the box; else the one above it, else the closest."""
    area = max(box.area, 1e-6)
    holding = [i for i, region in enumerate(regions) if region.intersection(box) >= 0.6 * area]
    if holding:
        return min(holding, key=lambda i: regions[i].area)
    near = [
        (0 if _is_below(box, region) else 1, distance(box, region), i)
        for i, region in enumerate(regions)
        # below a picture, outside its frame, stands the bar of some micrographs
        if distance(box, region) <= (_FAR_BELOW if _is_below(box, region) else _FAR) * region.height
    ]
    return min(near)[2] if near else None


def _is_below(box: Box, region: Box) -> bool:
    """True if a box stands in a strip right below a region: within its width, lower than most of it."""
    return region.x0 <= box.centre[0] <= region.x1 and box.y0 >= region.y0 + 0.8 * region.height


def _partners(
    bars: Sequence[DetectedBar],
    labels: Sequence[DetectedScaleLabel],
    bar_homes: Sequence[int | None],
    label_homes: Sequence[int | None],
) -> list[int | None]:
    """Index of each bar's label, or None. Squares of gains are added up: the surest pair counts before many weak ones.

    Else a strip within a label's print takes the label, and its bar what cannot be read on the other side.
    """
    partners: list[int | None] = [None] * len(bars)
    if not bars or not labels:
        return partners
    gains = np.zeros((len(bars), len(labels)))
    for i, bar in enumerate(bars):
        for j, label in enumerate(labels):
            cost = label_cost(bar.box, label.box) + (_OTHER_PANEL if bar_homes[i] != label_homes[j] else 0.0)
            if bar.ends_in_doubt and label.certainty >= _CERTAIN and touches(bar.box, label.box):
                cost += _OF_PRINT
            worth = bar.confidence * (_UNREAD + (1 - _UNREAD) * label.certainty)
            gains[i, j] = max(worth * (_FARTHEST - cost), 0.0) ** 2
    rows, columns = linear_sum_assignment(np.maximum(gains, 0.0), maximize=True)
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if gains[i, j] > 0:
            partners[i] = j
    return partners
