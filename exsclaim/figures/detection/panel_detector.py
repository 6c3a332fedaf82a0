"""Panels by the panel network: boxes, kinds and nesting of all panels of a figure.

The network sees the figure small; its boxes come back in the figure's own pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from exsclaim.figures.detection.openvino_runtime import RunnableNetwork
from exsclaim.figures.detection.panel_network import KINDS, SIZE_MULTIPLE, TYPES, PanelNetwork, boxes_of
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.figures.weights import FOLDER, load_weights
from exsclaim.geometry import Box
from exsclaim.records import PanelKind

WEIGHTS = "panels"
INPUT_AREA_PX = 384 * 384
MIN_SCORE = 0.15
_MAX_CANDIDATES = 300
_SAME_PANEL_IOU = 0.6
_MAX_ASPECT = 4.0
_VOTING_IOU = 0.75
"""Candidates from this IoU on see the same panel, and say together what and where it is."""
_TYPE_WEIGHT = 0.6
"""Power of the types' word on the kind. These two were chosen on the figures held back from training."""
_TYPE_FLOOR = 0.02
"""Share that no kind falls below for its types' sake."""
_PARENT = KINDS.index(PanelKind.PARENT)


@dataclass(frozen=True)
class DetectedPanel:
    """A panel as the network sees it; `score` (0 to 1) estimates how well kind and box fit.

    Box, kind and type are what all candidates of the place say together, by their scores; what the types say counts
    for the kind too. `kind_scores` has one score per kind of `KINDS` that the weights know; `nested_score` tells an
    inset or a part of a parent from a panel of its own. `type` is the likeliest of `TYPES`, with its probability; None
    where the weights know no types.
    """

    box: Box
    kind: PanelKind
    score: float
    kind_scores: tuple[float, ...]
    nested_score: float
    type: str | None = None
    type_score: float = 0.0


class PanelDetector:
    """The panel network with its weights, ready for figures."""

    def __init__(
        self,
        network: PanelNetwork,
        device: torch.device,
        area_px: int = INPUT_AREA_PX,
        compiled_as: str | None = None,
    ) -> None:
        self._network = RunnableNetwork(network, device, method="at_points", compiled_as=compiled_as)
        self._area_px = area_px

    @classmethod
    def load(cls, device: str = "cpu", folder: Path = FOLDER, *, with_openvino: bool = False) -> "PanelDetector":
        """The detector with the weights of a folder: arguments and errors as of `detections.Networks.load`."""
        tensors, meta = load_weights(WEIGHTS, folder)
        compiled_as = f"{WEIGHTS}-{meta.tensors_sha256[:16]}" if with_openvino else None
        return cls(PanelNetwork.of(tensors), torch.device(device), compiled_as=compiled_as)

    def detect(self, images: Sequence[NDArray[np.uint8]], *, min_score: float = MIN_SCORE) -> list[list[DetectedPanel]]:
        """Panels of each figure, best first, clipped to the figure. Figures of one shape go in one batch.

        Args:
            images: `(H, W, 3)` uint8 RGB each.
            min_score: panels below are left out.
        """
        groups: dict[tuple[int, int], list[int]] = {}
        for i, image in enumerate(images):
            groups.setdefault(input_size(image.shape[1], image.shape[0], self._area_px), []).append(i)
        found: list[list[DetectedPanel]] = [[] for _ in images]
        for size, members in groups.items():
            batch = torch.stack([network_input(images[i], size) for i in members])
            kinds, nested, sides, types = self._network(batch)
            boxes = boxes_of(sides, batch.shape[2], batch.shape[3])
            for row, i in enumerate(members):
                seen = kinds[row].sigmoid(), nested[row].sigmoid(), boxes[row], types[row].softmax(-1)
                found[i] = _panels(*seen, size, images[i].shape, min_score)
        return found


def input_size(width: float, height: float, area_px: int) -> tuple[int, int]:
    """Width and height at which the network sees a figure: about `area_px`, about the figure's shape.

    Extreme shapes are squeezed: beyond 4 to 1 the letters would vanish otherwise.
    """
    aspect = min(max(width / max(height, 1), 1 / _MAX_ASPECT), _MAX_ASPECT)
    sides = ((area_px * aspect) ** 0.5, (area_px / aspect) ** 0.5)
    across, down = (max(SIZE_MULTIPLE, SIZE_MULTIPLE * round(side / SIZE_MULTIPLE)) for side in sides)
    return across, down


def network_input(image: NDArray[np.uint8], size: tuple[int, int]) -> Tensor:
    """`(3, H, W)` float32 in -1..1 of the given (width, height), from `(h, w, 3)` uint8 RGB."""
    shrinks = image.shape[1] > size[0]
    resized = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return torch.from_numpy(np.asarray(resized)).permute(2, 0, 1).float().sub_(127.5).div_(127.5)


def _panels(
    scores: Tensor,
    nested: Tensor,
    boxes: Tensor,
    types: Tensor,
    size: tuple[int, int],
    shape: tuple[int, ...],
    min_score: float,
) -> list[DetectedPanel]:
    best, kind = scores.max(1)
    order = best.topk(min(_MAX_CANDIDATES, len(best))).indices
    order = order[best[order] >= min_score]
    height, width = shape[:2]
    scale = boxes.new_tensor([width / size[0], height / size[1]] * 2)
    limit = boxes.new_tensor([width, height] * 2)
    boxes = torch.minimum((boxes[order] * scale).clamp(min=0), limit)
    of_best, of_kinds, of_types = best[order], scores[order], types[order]
    # a parent is not a rival of its parts, nor a panel of its inset
    apart = (kind[order] == _PARENT).long() * 2 + (nested[order] > 0.5).long()
    rectangles = torch.cat([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1).tolist()
    # OpenCV's, because importing torchvision for this alone takes two seconds
    kept = cv2.dnn.NMSBoxesBatched(rectangles, of_best.tolist(), apart.tolist(), 0.0, _SAME_PANEL_IOU)
    panels = []
    for k in sorted(int(k) for k in kept):
        i = int(order[k])
        box = boxes[k]
        if box[2] - box[0] < 1 or box[3] - box[1] < 1:
            continue
        overlaps = _ious(box, boxes)
        votes = of_best * overlaps.square() * (overlaps >= _VOTING_IOU)
        alike = votes * (apart == apart[k])
        box = torch.minimum(alike @ boxes / alike.sum(), limit)  # rounding goes beyond
        votes = votes / votes.sum().clamp(min=1e-9)
        seen_types = votes @ of_types
        kind_scores = with_types(votes @ of_kinds, seen_types)
        if int(kind[i]) == _PARENT:
            kind_scores, chosen = scores[i], _PARENT
        else:
            chosen = max((j for j in range(len(kind_scores)) if j != _PARENT), key=kind_scores.tolist().__getitem__)
        type_score, type_index = seen_types.max(0) if types.shape[1] else (0.0, None)
        panels.append(
            DetectedPanel(
                box=Box.of(box.tolist()),
                kind=KINDS[chosen],
                score=float(best[i]),
                kind_scores=tuple(kind_scores.tolist()),
                nested_score=float(nested[i]),
                type=None if type_index is None else TYPES[int(type_index)],
                type_score=float(type_score),
            )
        )
    return panels


def _ious(box: Tensor, others: Tensor) -> Tensor:
    """`(N,)` IoU of a box with others `(N, 4)`."""
    shared = (torch.minimum(box[2:], others[:, 2:]) - torch.maximum(box[:2], others[:, :2])).clamp(min=0).prod(1)
    areas = (others[:, 2:] - others[:, :2]).prod(1)
    return shared / ((box[2:] - box[:2]).prod() + areas - shared).clamp(min=1e-9)


def with_types(kind_scores: Tensor, types: Tensor) -> Tensor:
    """Scores of kinds, less for those whose types are improbable; a parent has no types of its own.

    Args:
        kind_scores: `(K,)`, in the order of `KINDS`.
        types: `(T,)` probabilities in the order of `TYPES`; empty where the weights know none.
    """
    if not len(types):
        return kind_scores
    shares = _IS_OF_KIND[: len(kind_scores)] @ types
    shares[_PARENT] = shares.max()
    weights = (shares + _TYPE_FLOOR).pow(_TYPE_WEIGHT)
    return kind_scores * weights / weights.max()


_IS_OF_KIND = torch.tensor([[float(name in TYPES_OF_KIND.get(kind, ())) for name in TYPES] for kind in KINDS])
"""`(KINDS, TYPES)`: 1 for each type of a kind."""
