"""Panel letters, scale bars and scale labels of a figure, found at the resolution where they can be seen.

Large images are looked at in smaller size, and in tiles, so that neither time nor memory grows with the image; bars
are measured on the image as it came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from exsclaim.figures.detection.bar_and_label_network import KINDS, NAME, STRIDE_PX, BarAndLabelNetwork
from exsclaim.figures.detection.figure_looks import Tile, close_up, tiles_of
from exsclaim.figures.detection.openvino_runtime import RunnableNetwork
from exsclaim.figures.scale.bar_ends import measured
from exsclaim.figures.scale.block_bars import block_around
from exsclaim.figures.scale.print_near_bars import BESIDE, label_cost
from exsclaim.figures.scale.tick_rulers import ruler_above
from exsclaim.figures.weights import FOLDER, load_weights
from exsclaim.geometry import Box, hull

_LEAST_FAR_PX = 60
"""Bars seen at the look from afar are so long in it, at least: shorter ones are seen better at the usual size."""
_LEAST_FAR = 0.5
"""Confidence in them at least: print of data bars has up to .3 there."""
_FAR_WORTH = 0.9
"""Factor of the confidence in them: what both looks see as well is where the usual one, which is finer, has it."""
_LEAST_CLOSE = 0.2
"""Confidence in what is seen from close by, at least: what is read there decides."""
_MIN_CONFIDENCE = {"letter": 0.4, "scale_bar": 0.5, "scale_label": 0.4}
"""Threshold at which precision and recall balance on the real validation figures."""
_MAX_PER_KIND = 200
_AROUND = np.ones((3, 3), np.uint8)
_SAME_BLOCK = 0.8
"""IoU from which on two boxes are one block."""
_TILES_AT_ONCE = 4
"""Of up to 2432 x 2432 px: the network's features of so many take some 4 GB of a GPU's memory at the most."""


@dataclass(frozen=True)
class Found:
    """A detected object: its box in the image's pixels, and the network's confidence, 0 to 1.

    `ends_in_doubt`: of a bar, that its length may be wrong, see `exsclaim.figures.scale.bar_ends`; `in_pictures_only`:
    that it is a block with its label inside or a ruler of ticks, which in a drawing would be something else.
    """

    box: Box
    confidence: float
    ends_in_doubt: bool = False
    in_pictures_only: bool = False


@dataclass(frozen=True)
class BarsAndLabels:
    """Marks laid over a figure's images, most confident first. Bars' ends are measured on the image."""

    letters: tuple[Found, ...] = ()
    bars: tuple[Found, ...] = ()
    labels: tuple[Found, ...] = ()


class BarAndLabelDetector:
    """Finds panel letters, scale bars and scale labels."""

    def __init__(self, network: BarAndLabelNetwork, device: str = "cpu", compiled_as: str | None = None) -> None:
        self._network = RunnableNetwork(network, device, compiled_as=compiled_as)

    @classmethod
    def load(cls, device: str = "cpu", folder: Path = FOLDER, *, with_openvino: bool = False) -> Self:
        """The detector with the weights of a folder: arguments and errors as of `detections.Networks.load`."""
        tensors, meta = load_weights(NAME, folder)
        network = BarAndLabelNetwork()
        network.load_state_dict(tensors)
        return cls(network, device, f"{NAME}-{meta.tensors_sha256[:16]}" if with_openvino else None)

    def find(self, image: NDArray[np.uint8], min_confidence: float | None = None) -> BarsAndLabels:
        """Panel labels, scale bars and scale labels of a figure; see `find_all`."""
        return self.find_all([image], min_confidence)[0]

    def find_all(self, images: Sequence[NDArray[np.uint8]], min_confidence: float | None = None) -> list[BarsAndLabels]:
        """The same of each figure. Figures, and tiles of large ones, of one size go through the network together.

        Args:
            images: `(H, W, 3)` uint8 RGB each.
            min_confidence: for all kinds, instead of the tuned thresholds.

        Raises:
            ValueError: an image is not `(H, W, 3)` uint8 or has no pixels.
        """
        for image in images:
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
                raise ValueError(f"an image must be (H, W, 3) uint8 with pixels, not {image.shape} {image.dtype}")
        found: list[dict[str, list[Found]]] = [{kind: [] for kind in KINDS} for _ in images]
        groups: dict[tuple[int, ...], list[Tile]] = {}
        for tile in (tile for i, image in enumerate(images) for tile in tiles_of(i, image)):
            groups.setdefault(tile.pixels.shape, []).append(tile)
        for group in groups.values():
            for start in range(0, len(group), _TILES_AT_ONCE):
                tiles = group[start : start + _TILES_AT_ONCE]
                for tile, seen in zip(tiles, self._look([tile.pixels for tile in tiles], min_confidence), strict=True):
                    for kind, items in (_long_bars(seen) if tile.is_far else seen).items():
                        found[tile.figure][kind] += [_moved(item, tile.x, tile.y, tile.factor) for item in items]
        return [_bars_and_labels(image, items) for image, items in zip(images, found, strict=True)]

    def seen_from_close_by(self, image: NDArray[np.uint8], bar: Box) -> tuple[float, list[Found]]:
        """The confidence in a bar of a figure, and the scale labels right beside it, in a look at its place alone."""
        tile = close_up(0, image, bar)
        (seen,) = self._look([tile.pixels], _LEAST_CLOSE)
        bars, labels = (
            [_moved(item, tile.x, tile.y, tile.factor) for item in seen[kind]] for kind in ("scale_bar", "scale_label")
        )
        sure = max((item.confidence for item in bars if is_stacked(item.box, bar)), default=0.0)
        return sure, [item for item in labels if label_cost(bar, item.box) <= BESIDE]

    def _look(self, tiles: list[NDArray[np.uint8]], min_confidence: float | None) -> list[dict[str, list[Found]]]:
        """Find the objects on each of these tiles of one size, by kind."""
        values = torch.from_numpy(np.stack(tiles)).to(self._network.device)
        images = values.permute(0, 3, 1, 2).contiguous().float().div_(255)
        heat, shape = self._network(images)
        thresholds = {kind: _MIN_CONFIDENCE[kind] if min_confidence is None else min_confidence for kind in KINDS}
        return [
            {
                kind: _peaks(heat[i, number].sigmoid(), shape[i, number], thresholds[kind])
                for number, kind in enumerate(KINDS)
            }
            for i in range(len(tiles))
        ]


def _long_bars(seen: dict[str, list[Found]]) -> dict[str, list[Found]]:
    """The bars that count of a look from afar, by kind as they come."""
    long = [item for item in seen["scale_bar"] if item.box.width >= _LEAST_FAR_PX and item.confidence >= _LEAST_FAR]
    return {"scale_bar": [replace(item, confidence=_FAR_WORTH * item.confidence) for item in long]}


def _bars_and_labels(image: NDArray[np.uint8], found: dict[str, list[Found]]) -> BarsAndLabels:
    """Sort the finds on an image's tiles into letters, bars and labels."""
    kept = {kind: surest(items, is_one_thing)[:_MAX_PER_KIND] for kind, items in found.items()}
    height, width = image.shape[:2]
    whole = _with_gaps_closed(kept["scale_bar"], kept["scale_label"])
    labels = [item.box for item in kept["scale_label"]]
    bars = surest([_measured(image, item, labels) for item in whole], is_stacked)
    bars, kept["scale_label"] = _with_blocks(image, *_with_rulers(image, bars, kept["scale_label"]))
    return BarsAndLabels(
        tuple(Found(item.box.clipped(width, height), item.confidence) for item in kept["letter"]),
        tuple(bars),
        tuple(Found(item.box.clipped(width, height), item.confidence) for item in kept["scale_label"]),
    )


def _with_rulers(image: NDArray[np.uint8], bars: list[Found], labels: list[Found]) -> tuple[list[Found], list[Found]]:
    """Bars and labels with the rulers of ticks above labels, instead of what was seen in these."""
    for label in labels:
        ruler = ruler_above(image, label.box)
        if ruler is not None:
            zone = ruler.grown(label.box.height / 2)
            bars = [bar for bar in bars if bar.box.share_in(zone) < 0.5]
            bars.append(Found(ruler, label.confidence, in_pictures_only=True))
            labels = [other for other in labels if other is label or other.box.share_in(zone) < 0.5]
    return bars, labels


def _with_blocks(image: NDArray[np.uint8], bars: list[Found], labels: list[Found]) -> tuple[list[Found], list[Found]]:
    """Bars and labels with the blocks that hold their label: instead of their edges, and with what stands in them."""
    for label in labels:
        block = block_around(image, label.box)
        if block is None:
            continue
        zone = block.box.grown(label.box.height)
        near = [bar for bar in bars if bar.box.share_in(zone) > 0.5]
        if any(
            bar.box.overlap_width(block.box) > 0.9 * bar.box.width
            and not block.is_seen_as(bar.box, ends_in_doubt=bar.ends_in_doubt)
            for bar in near
        ):
            continue  # a label on a ground of its own, beside its bar
        found = measured(image, block.box).box
        box = found if found.iou(block.box) >= _SAME_BLOCK else block.box
        bars = [bar for bar in bars if bar not in near] + [Found(box, label.confidence, block.in_doubt, True)]
    prints = []
    for bar in bars:
        block = None if bar.in_pictures_only else block_around(image, bar.box)
        if block is not None and block.box.iou(bar.box) >= _SAME_BLOCK:
            prints.append(Found(block.print_box.grown(1), bar.confidence))
    blocks = [item.box for item in prints]
    known = [label for label in labels if not any(label.box.share_in(box.grown(box.height)) > 0.5 for box in blocks)]
    return bars, known + prints


def _measured(image: NDArray[np.uint8], bar: Found, labels: Sequence[Box]) -> Found:
    found = measured(image, bar.box, labels)
    return Found(found.box.clipped(image.shape[1], image.shape[0]), bar.confidence, found.ends_in_doubt)


def _peaks(heat: Tensor, shape: Tensor, threshold: float) -> list[Found]:
    """The objects that a heat map's local maxima stand for; heat `(h, w)` 0 to 1, shape `(4, h, w)`."""
    highest = torch.from_numpy(cv2.dilate(heat.numpy(), _AROUND))  # a maximum, at a fiftieth of max_pool2d's cost
    rows, columns = torch.nonzero((heat >= highest) & (heat >= threshold), as_tuple=True)
    if len(rows) > 5 * _MAX_PER_KIND:
        best = heat[rows, columns].topk(5 * _MAX_PER_KIND).indices
        rows, columns = rows[best], columns[best]
    confidences = heat[rows, columns].tolist()
    dx, dy, log_w, log_h = shape[:, rows, columns].clamp(-60, 60).unbind(0)
    x, y = (columns + 0.5 + dx) * STRIDE_PX, (rows + 0.5 + dy) * STRIDE_PX
    half_w = log_w.clamp(max=6.5).exp() * STRIDE_PX / 2
    half_h = log_h.clamp(max=6.5).exp() * STRIDE_PX / 2
    corners = torch.stack([x - half_w, y - half_h, x + half_w, y + half_h], 1).tolist()
    return [Found(Box.of(box), confidence) for box, confidence in zip(corners, confidences, strict=True)]


def _moved(item: Found, x: float, y: float, factor: float) -> Found:
    moved = item.box.moved(x, y)
    return Found(Box.of(value * factor for value in moved.corners), item.confidence)


def surest(items: list[Found], is_rival: Callable[[Box, Box], bool]) -> list[Found]:
    """The items, most confident first, without rivals of a more confident one."""
    kept: list[Found] = []
    for item in sorted(items, key=lambda found: -found.confidence):
        if not any(is_rival(item.box, other.box) for other in kept):
            kept.append(item)
    return kept


def _with_gaps_closed(bars: list[Found], labels: list[Found]) -> list[Found]:
    """Bars, of which two in one line with a scale label in between are one: microscopes print |--- 5 µm ---|."""
    closed = list(bars)
    for label in labels:
        y = label.box.centre[1]
        beside = [bar for bar in closed if label.box.y0 < bar.box.centre[1] < label.box.y1]
        room = max(label.box.height, 4.0)
        left = [bar for bar in beside if -2 * room < label.box.x0 - bar.box.x1 < 2 * room and bar.box.x0 < label.box.x0]
        right = [
            bar for bar in beside if -2 * room < bar.box.x0 - label.box.x1 < 2 * room and bar.box.x1 > label.box.x1
        ]
        for a in left:
            for b in right:
                level = abs(a.box.centre[1] - b.box.centre[1]) <= max(2.0, 0.2 * room)
                alike = 0.5 <= a.box.width / max(b.box.width, 1e-6) <= 2
                if a is not b and a in closed and b in closed and level and alike and abs(a.box.centre[1] - y) < room:
                    closed.remove(a)
                    closed.remove(b)
                    closed.append(Found(hull((a.box, b.box)), max(a.confidence, b.confidence)))
    return closed


def is_stacked(a: Box, b: Box) -> bool:
    """True if one bar is close above or below the other: the edges of its plate, its shadow, its label."""
    shared = min(a.x1, b.x1) - max(a.x0, b.x0)
    gap = max(a.y0, b.y0) - min(a.y1, b.y1)
    return shared > 0.3 * min(a.width, b.width) and gap < max(6.0, 2 * max(a.height, b.height))


def is_one_thing(a: Box, b: Box) -> bool:
    """True if two boxes stand for one thing: they share much, or one lies within the other."""
    return a.intersection(b) > 0.5 * min(a.area, b.area) or a.iou(b) > 0.3
