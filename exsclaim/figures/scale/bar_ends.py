"""True ends and edges of a scale bar, measured on the image to fractions of a pixel.

A detector says where a bar is to a few pixels; nm per pixel needs its length to a few per cent. A bar is a band of
rows of one colour, unlike what is above and below it. Along such a band the colour is followed to both sides as far as
it goes, and an end is where it is half lost, as at the border of an anti-aliased or blurred rectangle. What makes an
end doubtful is measured with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exsclaim.figures.pixels import largest_channel, median, medians
from exsclaim.figures.scale.bar_bands import MIN_CONTRAST, Band, bands_at
from exsclaim.figures.scale.beyond_ends import ends_in_its_colour, has_other_half
from exsclaim.figures.scale.print_near_bars import (
    is_beside,
    is_centred,
    is_frame,
    is_level,
    is_plate,
    share_in_print,
    stands_between,
)
from exsclaim.geometry import Box

_SEEN = 1.6
"""The band is followed to each side by this many lengths of the detected bar."""
_SHARES = ((0.2, 0.8), (0.03, 0.25), (0.75, 0.97))
"""Shares of a bar's length where its colour is taken: its middle, or left or right of a label that stands in it."""
_NOISE_PX = 2
"""So many pixels in a row that are not the bar's end it; fewer are noise."""
_ALIKE = 0.6
"""Two pieces in line are halves of one bar with a label between if the shorter is this share of the longer at least."""
_LEAST_OVERLAP = 0.3
"""Share of the detected length that a measured bar covers at least."""
_ENOUGH = 0.8
"""Fit of a band to the detected bar from which on no other part of the bar is looked at."""
_REACHED = 0.25
"""Share of a gap that the detected box covers at least if the bar goes on beyond it."""
_CROSSING = 1.5
"""Heights of a bar that a line drawn over it is wide at most."""
_SEEN_BEYOND = 0.5
"""Share of the bar's piece beyond such a line that the detected box covers at least."""
_INTO_LABEL = 0.1
"""Share of a band's height that reaches into a label's box, from which on it is no bar, unless at its middle: of 266
bars of 372 figures 17 are so, all of them wrong."""
_TOUCHES_LABEL = -0.15
"""As `_INTO_LABEL`, from which on the bar is doubted: of the same bars, 4 wrong ones and 2 to 4 right ones more."""
_PLATE_WORTH = 0.8
"""Factor of the fit of what has the colour of its label's plate; it is doubted if nothing else fits."""
# Doubts. On 465 bars of 372 figures that the networks had not seen, 35 have one, 10 of the 25 wrong ones among them.
_AGREEMENT = 0.3
"""Detector and measurement that differ by a greater share of the length contradict each other."""
_SHARP = 0.5
"""Share of the contrast that is lost within three pixels of an end, at least."""
_LEAST_WORTH = 0.7
"""Least fit of the bar to the detected one."""
_LEAST_LEAD = 0.05
"""By how much it fits better than the next one of another length."""
_DIP = 0.3
"""Share of the contrast by which a bar's colour pales near its ends at most, where something as bright may go on."""
_NEAR_END_PX = 3
"""Nearest to an end, and within this share of the length, at least so many pixels, from it:"""
_PIECE = 0.15
_LEAST_PIECE_PX = 10
_ERROR = 0.06
"""Lengths that differ by no greater share are one length."""


@dataclass(frozen=True)
class MeasuredBar:
    """A bar as measured on the image. `ends_in_doubt`: the ends could not be seen well, or contradict the detector."""

    box: Box
    ends_in_doubt: bool


@dataclass(frozen=True)
class _Run:
    """A piece of a band: from `x0` to `x1`, and how sharply (0 to 1) it ends at either side.

    `seen`: the part of it at the detected place, where it has two pieces. `is_crossed`: a line was drawn over it, or
    something as bright begins where the bar seems to go on.
    """

    x0: float
    x1: float
    left: float
    right: float
    seen: tuple[float, float]
    is_crossed: bool


def measured(image: NDArray[np.uint8], box: Box, labels: Sequence[Box] = ()) -> MeasuredBar:
    """A horizontal bar detected at `box` on `image` `(H, W, 3)`, with its ends and edges where the image has them.

    What cannot be measured (no contrast there) stays as detected, in doubt.

    Args:
        image: uint8 RGB.
        box: from the detector, off by up to half of its length.
        labels: boxes of scale labels: one may stand in the gap of a bar, |--- 5 µm ---|.
    """
    height, width = image.shape[:2]
    margin = max(5.0, 1.5 * box.height)
    seen = max(16.0, _SEEN * box.width)
    # a label beside it may stand in the middle of a bar of which one half was seen
    inside = [label for label in labels if is_level(label, box)]
    left = max([seen, *(box.x0 - label.x0 + seen + box.width for label in inside)])
    right = max([seen, *(label.x1 - box.x1 + seen + box.width for label in inside)])
    x0, y0 = max(0, int(box.x0 - left)), max(0, int(box.y0 - margin))
    x1, y1 = min(width, int(np.ceil(box.x1 + right)) + 1), min(height, int(np.ceil(box.y1 + margin)) + 1)
    patch = image[y0:y1, x0:x1].astype(np.float32)
    near = Box(x0=box.x0 - x0, y0=box.y0 - y0, x1=box.x1 - x0, y1=box.y1 - y0)
    if patch.shape[0] < 3 or patch.shape[1] < 4 or near.width < 4:
        return MeasuredBar(box, ends_in_doubt=True)
    near_labels = [label.moved(-x0, -y0) for label in labels]
    beside = [label for label in labels if is_beside(label, box)]
    found: list[tuple[float, Band, _Run]] = []
    for shares in _SHARES:
        for band in bands_at(patch, near, shares):
            run = _followed(patch, band, near, shares, near_labels)
            if run is None or any(share_in_print(label, band, run.x0, run.x1) >= _INTO_LABEL for label in near_labels):
                continue
            worth = _worth(run, band, near)
            if worth > 0 and any(is_plate(image, _box(band, run).moved(x0, y0), band, label) for label in beside):
                worth *= _PLATE_WORTH
            if worth > 0:
                found.append((worth, band, run))
        if max((worth for worth, _, _ in found), default=0.0) > _ENOUGH:
            break
    if not found:
        return MeasuredBar(box, ends_in_doubt=True)
    worth, band, run = max(found, key=lambda item: item[0])
    bar = _box(band, run).moved(x0, y0)
    rival = max((other for other, _, r in found if abs(r.x1 - r.x0 - bar.width) > _ERROR * bar.width), default=0.0)
    doubts = (
        worth < _LEAST_WORTH,
        worth - rival < _LEAST_LEAD,
        min(run.left, run.right) < _SHARP,
        run.is_crossed,
        # the detector saw the bar, or one of the halves at both sides of its label; or the middle of a long one
        min(abs(width - box.width) for width in (bar.width, run.seen[1] - run.seen[0])) > _AGREEMENT * box.width
        and not (bar.width > box.width and any(is_centred(bar, label) for label in beside)),
        any(share_in_print(label, band, run.x0, run.x1) >= _TOUCHES_LABEL for label in near_labels),
        any(is_plate(image, bar, band, label) or is_frame(image, bar, band, label) for label in beside),
        has_other_half(patch, band, run.x0, run.x1),
        ends_in_its_colour(patch, band, run.x0, run.x1),
    )
    return MeasuredBar(bar, ends_in_doubt=any(doubts))


def _box(band: Band, run: _Run) -> Box:
    return Box(x0=run.x0, y0=float(band.first), x1=max(run.x0, run.x1), y1=float(band.last))


def _worth(run: _Run, band: Band, near: Box) -> float:
    """Fit of a measured bar with the detected one, 0 to 1: the gap between a bar and a border can look like a bar."""
    start, stop = run.seen
    shared = min(run.x1, near.x1) - max(run.x0, near.x0)
    if shared < _LEAST_OVERLAP * near.width:
        return 0.0
    along = max(shared, min(stop, near.x1) - max(start, near.x0)) / (max(stop, near.x1) - min(start, near.x0))
    off = abs((band.first + band.last) / 2 - near.centre[1]) / max(near.height, 4.0)
    clear = 0.6 + 0.4 * min(1.0, band.contrast / 120) * min(run.left, run.right)
    return max(0.0, float(min(1.0, along) ** 0.5) * clear - 0.15 * off)


def _followed(
    patch: NDArray[np.float32], band: Band, near: Box, shares: tuple[float, float], labels: Sequence[Box]
) -> _Run | None:
    """The band's run of its colour through the detected place, joined with its other half beyond a label."""
    rows = patch[band.first : band.last]
    away = largest_channel(np.abs(rows - band.colour))
    of_rows = medians(away, 1)
    distance = medians(away[of_rows <= of_rows.min() + 0.25 * band.contrast], 0)
    runs = _runs(distance < 0.5 * band.contrast)
    start, stop = near.x0 + shares[0] * near.width, near.x0 + shares[1] * near.width
    inside = [run for run in runs if min(run[1], stop) - max(run[0], start) > 0]
    if not inside:
        return None
    first, last = max(inside, key=lambda run: min(run[1], stop) - max(run[0], start))
    parts = [(first, last)]
    is_crossed = False
    for a, b in runs:
        alike = min(b - a, last - first) >= _ALIKE * max(b - a, last - first)
        gap = min(b, last), max(a, first)
        is_crossed = _is_crossed(near, band, gap, (a, b))
        if is_crossed or (
            alike
            and (
                (any(stands_between(label, band, *gap) for label in labels) and _is_thin(patch, band, a, b))
                or (_reaches_into(near, *gap) and _is_written(patch, band, *gap, last - first))
            )
        ):
            parts.append((a, b))
            break
    left, right = min(parts)[0], max(parts)[1]
    x0, sharp_left = _end(distance[::-1], len(distance) - left, band.contrast)
    x1, sharp_right = _end(distance, right, band.contrast)
    piece = min(max(_LEAST_PIECE_PX, round(_PIECE * (last - first))), (last - first) // 2)
    ends = np.r_[first + _NEAR_END_PX : first + piece, last - piece : last - _NEAR_END_PX]
    is_crossed = is_crossed or bool((distance[ends] > _DIP * band.contrast).any())
    return _Run(len(distance) - x0, x1, sharp_left, sharp_right, (first, last), is_crossed)


def _is_thin(patch: NDArray[np.float32], band: Band, start: int, stop: int) -> bool:
    """True if a piece of a band is no part of something dark or bright: the rows close above and below differ."""
    sides = (
        patch[max(0, band.first - 3) : max(0, band.first - 1), start:stop],
        patch[band.last + 1 : band.last + 3, start:stop],
    )
    return all(
        float(np.abs(np.median(side, axis=(0, 1)) - band.colour).max()) >= 0.5 * band.contrast
        for side in sides
        if side.size
    )


def _reaches_into(near: Box, start: float, stop: float) -> bool:
    """True if the detected box covers a good part of a gap: else the bar ends there, and another begins."""
    return min(near.x1, stop) - max(near.x0, start) >= _REACHED * (stop - start)


def _is_crossed(near: Box, band: Band, gap: tuple[int, int], piece: tuple[int, int]) -> bool:
    """True if a gap is as narrow as a line over the bar, and the detector sees the bar on both sides of it."""
    height, length = band.last - band.first, piece[1] - piece[0]
    seen = min(near.x1, piece[1]) - max(near.x0, piece[0])
    return 0 < gap[1] - gap[0] <= _CROSSING * height <= length and seen >= _SEEN_BEYOND * length


def _is_written(patch: NDArray[np.float32], band: Band, start: int, stop: int, half: int) -> bool:
    """True if a gap of a band's row, between halves of a length, holds print of the band's colour on plain ground."""
    if not 6 <= stop - start <= half:
        return False
    tall = max(3, (stop - start) // 5)
    gap = patch[max(0, band.first - tall) : band.last + tall, start:stop]
    ground = np.median(gap.reshape(-1, 3), axis=0)
    ink = largest_channel(np.abs(gap - band.colour)) < 0.35 * band.contrast
    plain = largest_channel(np.abs(gap - ground)) < 0.25 * band.contrast
    rows = ink.mean(axis=1)
    return bool(
        0.06 <= ink.mean() <= 0.6 and plain.mean() >= 0.45 and min(rows[:tall].max(), rows[-tall:].max()) > 0.05
    )


def _runs(bar: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs `start <= x < stop` of True, gaps shorter than the noise closed."""
    change = np.diff(np.concatenate([[0], bar.astype(np.int8), [0]]))
    runs: list[tuple[int, int]] = []
    for start, stop in zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True):
        if runs and start - runs[-1][1] < _NOISE_PX:
            runs[-1] = (runs[-1][0], stop)
        else:
            runs.append((start, stop))
    return runs


def _end(distance: NDArray[np.float32], stop: int, contrast: float) -> tuple[float, float]:
    """End of a run that stops before pixel `stop`, to a fraction of a pixel, and its sharpness, 0 to 1."""
    if stop >= len(distance):
        return float(len(distance)), 0.0
    beyond = float(distance[stop : stop + 3].max())
    inside = median(distance[max(0, stop - 6) : max(1, stop - 1)])
    scale = max(MIN_CONTRAST, min(contrast, beyond))
    half = inside + 0.5 * (scale - inside)
    before, after = float(distance[stop - 1]), float(distance[stop])
    # the middle of pixel `stop - 1` is bar, that of `stop` is not: the crossing lies between them
    share = (half - before) / (after - before) if after > before else 0.5
    return stop - 0.5 + min(1.0, max(0.0, share)), min(1.0, max(0.0, (beyond - inside) / contrast))
