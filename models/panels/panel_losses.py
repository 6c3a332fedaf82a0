"""Losses and targets of the panel network.

Every true panel is given the grid points in it whose predictions already serve it best, kind and box together
(task alignment, https://arxiv.org/abs/2108.07755); their kind's score is trained towards that alignment
(quality focal loss, https://arxiv.org/abs/2006.04388) and their box towards the true one (GIoU,
https://arxiv.org/abs/1902.09630, and the sides' distances, which keep a gradient near the optimum).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

POINTS_PER_PANEL = 9
_SCORE_POWER = 0.5
_IOU_POWER = 4.0


@dataclass(frozen=True)
class Truth:
    """One image's panels: `boxes` `(M, 4)` float, input pixels; `kinds` `(M,)` int64; `nested` `(M,)` bool.

    `types` `(M,)` int64 are indices of `TYPES`, -1 where the type is not known.
    """

    boxes: Tensor
    kinds: Tensor
    nested: Tensor
    types: Tensor


@dataclass(frozen=True)
class Losses:
    """Scalars; `total` is what is minimised."""

    total: Tensor
    kind: Tensor
    box: Tensor
    side: Tensor
    nested: Tensor
    type: Tensor


def panel_losses(
    kinds: Tensor, nested: Tensor, boxes: Tensor, types: Tensor, points: Tensor, truths: list[Truth]
) -> Losses:
    """Losses of a batch.

    Args:
        kinds: logits `(N, P, K)`.
        nested: logits `(N, P)`.
        boxes: `(N, P, 4)`.
        types: logits `(N, P, T)`.
        points: `(P, 2)`, as from `grid_points`.
        truths: N of them.
    """
    from torchvision.ops import generalized_box_iou_loss  # takes as long to load as torch

    padded = PaddedTruths.of(truths)
    with torch.no_grad():
        image, point, panel, quality = assign(kinds.sigmoid(), boxes, points, padded)
    goals = torch.zeros_like(kinds)
    goals[image, point, padded.kinds[image, panel]] = quality
    scores = kinds.sigmoid()
    focus = (goals - scores).abs().detach().square()
    kind_loss = (functional.binary_cross_entropy_with_logits(kinds, goals, reduction="none") * focus).sum()
    norm = quality.sum().clamp(min=1.0)
    predicted, true = boxes[image, point], padded.boxes[image, panel]
    kind_loss = kind_loss / norm
    box_loss = (generalized_box_iou_loss(predicted, true) * quality).sum() / norm
    size = (true[:, 2:] - true[:, :2]).clamp(min=1.0).repeat(1, 2)
    side_loss = (
        functional.smooth_l1_loss(predicted / size, true / size, beta=0.02, reduction="none").sum(1) * quality
    ).sum()
    side_loss = side_loss / norm
    nested_loss = functional.binary_cross_entropy_with_logits(
        nested[image, point], padded.nested[image, panel].float(), weight=quality, reduction="sum"
    )
    nested_loss = nested_loss / norm
    type_loss = functional.cross_entropy(
        types[image, point], padded.types[image, panel], ignore_index=-1, reduction="none", label_smoothing=0.05
    )
    type_loss = (type_loss * quality).sum() / norm
    total = kind_loss + 2.0 * box_loss + side_loss + 0.5 * nested_loss + 0.25 * type_loss
    return Losses(total, kind_loss, box_loss, side_loss, nested_loss, type_loss)


@dataclass(frozen=True)
class PaddedTruths:
    """The truths of a batch in tensors of one size `(N, M, …)`; `exists` `(N, M)` tells panels from padding."""

    boxes: Tensor
    kinds: Tensor
    nested: Tensor
    types: Tensor
    exists: Tensor

    @classmethod
    def of(cls, truths: Sequence[Truth]) -> Self:
        def padded(parts: list[Tensor]) -> Tensor:
            # with an image of one panel more, so that a batch without panels has a size, too
            one = parts[0].new_zeros((1, *parts[0].shape[1:]))
            return pad_sequence([*parts, one], batch_first=True)[:-1]

        return cls(
            padded([truth.boxes for truth in truths]),
            padded([truth.kinds for truth in truths]),
            padded([truth.nested for truth in truths]),
            padded([truth.types for truth in truths]),
            padded([torch.ones_like(truth.nested) for truth in truths]),
        )


def assign(
    scores: Tensor, boxes: Tensor, points: Tensor, truths: PaddedTruths
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Grid points for the true panels of a batch, all images at once: their loop would keep a GPU waiting.

    Returns indices of images, of their points, for each the index of its panel, and its quality in 0..1: the
    alignment, scaled so that each panel's best point has the IoU of its best box.
    """
    true = truths.boxes[:, :, None]
    shared = torch.minimum(true[..., 2:], boxes[:, None, :, 2:]) - torch.maximum(true[..., :2], boxes[:, None, :, :2])
    overlap = shared.clamp(min=0).prod(-1)
    iou = overlap / (_areas(true) + _areas(boxes)[:, None] - overlap).clamp(min=1e-9)
    x, y = points[:, 0], points[:, 1]
    left, top, right, bottom = true.unbind(-1)
    inside = (x > left) & (x < right) & (y > top) & (y < bottom) & truths.exists[:, :, None]
    of_kind = scores.transpose(1, 2).gather(1, truths.kinds[:, :, None].expand(-1, -1, scores.shape[1]))
    alignment = of_kind.pow(_SCORE_POWER) * iou.pow(_IOU_POWER) * inside
    best = alignment.topk(min(POINTS_PER_PANEL, alignment.shape[2]), dim=2)
    candidate = torch.zeros_like(alignment)
    candidate.scatter_(2, best.indices, best.values)
    # a point within several panels (an inset, a part of a parent) serves the one its box fits best
    rival = torch.where(candidate > 0, iou, torch.zeros_like(iou))
    best_rival, serves = rival.max(1)
    image, point = (best_rival > 0).nonzero(as_tuple=True)
    panel = serves[image, point]
    peak_alignment = candidate.amax(2).clamp(min=1e-12)
    peak_iou = rival.amax(2)
    quality = candidate[image, panel, point] / peak_alignment[image, panel] * peak_iou[image, panel]
    return image, point, panel, quality


def _areas(boxes: Tensor) -> Tensor:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)
