"""Losses and targets of the panel network.

Every true panel is given the grid points in it whose predictions already serve it best, kind and box together
(task alignment, https://arxiv.org/abs/2108.07755); their kind's score is trained towards that alignment
(quality focal loss, https://arxiv.org/abs/2006.04388) and their box towards the true one (GIoU,
https://arxiv.org/abs/1902.09630, and the sides' distances, which keep a gradient near the optimum).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from torchvision.ops import box_iou, generalized_box_iou_loss

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
    goals = torch.zeros_like(kinds)
    chosen_boxes, true_boxes, chosen_nested, true_nested, weights = [], [], [], [], []
    chosen_types, true_types = [], []
    for i, truth in enumerate(truths):
        if len(truth.boxes) == 0:
            continue
        with torch.no_grad():
            point, panel, quality = assign(kinds[i].sigmoid(), boxes[i], points, truth)
        goals[i, point, truth.kinds[panel]] = quality
        chosen_boxes.append(boxes[i, point])
        true_boxes.append(truth.boxes[panel])
        chosen_nested.append(nested[i, point])
        true_nested.append(truth.nested[panel].float())
        chosen_types.append(types[i, point])
        true_types.append(truth.types[panel])
        weights.append(quality)
    scores = kinds.sigmoid()
    focus = (goals - scores).abs().detach().square()
    kind_loss = (functional.binary_cross_entropy_with_logits(kinds, goals, reduction="none") * focus).sum()
    if not weights:
        zero = boxes.sum() * 0 + nested.sum() * 0 + types.sum() * 0
        return Losses(kind_loss + zero, kind_loss, zero, zero, zero, zero)
    weight = torch.cat(weights)
    norm = weight.sum().clamp(min=1.0)
    predicted, true = torch.cat(chosen_boxes), torch.cat(true_boxes)
    kind_loss = kind_loss / norm
    box_loss = (generalized_box_iou_loss(predicted, true) * weight).sum() / norm
    size = (true[:, 2:] - true[:, :2]).clamp(min=1.0).repeat(1, 2)
    side_loss = (
        functional.smooth_l1_loss(predicted / size, true / size, beta=0.02, reduction="none").sum(1) * weight
    ).sum()
    side_loss = side_loss / norm
    nested_loss = functional.binary_cross_entropy_with_logits(
        torch.cat(chosen_nested), torch.cat(true_nested), weight=weight, reduction="sum"
    )
    nested_loss = nested_loss / norm
    type_loss = functional.cross_entropy(
        torch.cat(chosen_types), torch.cat(true_types), ignore_index=-1, reduction="none", label_smoothing=0.05
    )
    type_loss = (type_loss * weight).sum() / norm
    total = kind_loss + 2.0 * box_loss + side_loss + 0.5 * nested_loss + 0.25 * type_loss
    return Losses(total, kind_loss, box_loss, side_loss, nested_loss, type_loss)


def assign(scores: Tensor, boxes: Tensor, points: Tensor, truth: Truth) -> tuple[Tensor, Tensor, Tensor]:
    """Grid points for the true panels of one image.

    Returns indices of points, for each the index of its panel, and its quality in 0..1: the alignment, scaled so
    that each panel's best point has the IoU of its best box.
    """
    iou = box_iou(truth.boxes, boxes)
    x, y = points[:, 0], points[:, 1]
    left, top, right, bottom = (side[:, None] for side in truth.boxes.unbind(1))
    inside = (x > left) & (x < right) & (y > top) & (y < bottom)
    alignment = scores[:, truth.kinds].T.pow(_SCORE_POWER) * iou.pow(_IOU_POWER) * inside
    best = alignment.topk(min(POINTS_PER_PANEL, alignment.shape[1]), dim=1)
    candidate = torch.zeros_like(alignment)
    candidate.scatter_(1, best.indices, best.values)
    # a point within several panels (an inset, a part of a parent) serves the one its box fits best
    rival = torch.where(candidate > 0, iou, torch.zeros_like(iou))
    serves = rival.argmax(0)
    point = (rival.amax(0) > 0).nonzero().squeeze(1)
    panel = serves[point]
    peak_alignment = candidate.amax(1).clamp(min=1e-12)
    peak_iou = (iou * (candidate > 0)).amax(1)
    quality = candidate[panel, point] / peak_alignment[panel] * peak_iou[panel]
    return point, panel, quality
