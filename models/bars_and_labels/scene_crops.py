"""Training crops of scenes, and what the network is to say of them."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from exsclaim.figures.detection.bar_and_label_network import KINDS, STRIDE_PX
from models.bars_and_labels.scenes import UNKNOWN, Scene
from models.readers.text_crops import recompressed

_MIN_SIDE_PX = (6.0, 1.6, 6.0)
"""Height below which a letter, bar, label cannot be seen any more: not to be learnt from."""


def crop(source: Scene, size_px: int, rng: np.random.Generator) -> Scene:
    """A square of the scene, mostly around one of its objects, at another scale and with another look."""
    known = np.flatnonzero(source.kinds >= 0)
    factor = float(np.exp(rng.normal(0.0, 0.3)))
    height, width = source.image.shape[:2]
    window = size_px / factor
    if len(known) and rng.random() < 0.8:
        # bars are longest and rarest: they are looked at as often as the two other kinds
        weights = np.array([{0: 1.0, 1: 1.2, 2: 0.8}[int(kind)] for kind in source.kinds[known]])
        focus = source.boxes[known[rng.choice(len(known), p=weights / weights.sum())]]
        if focus[2] - focus[0] > 0.9 * window:
            window = (focus[2] - focus[0]) * float(rng.uniform(1.1, 1.6))
        x = (focus[0] + focus[2] - window) / 2 + rng.uniform(-0.4, 0.4) * (window - (focus[2] - focus[0]))
        y = (focus[1] + focus[3] - window) / 2 + rng.uniform(-0.4, 0.4) * window
    else:
        x, y = rng.uniform(0, max(1.0, width - window)), rng.uniform(0, max(1.0, height - window))
    x0, y0 = max(0, int(min(x, width - window))), max(0, int(min(y, height - window)))
    x1, y1 = min(width, int(x0 + window)), min(height, int(y0 + window))
    cut = source.image[y0:y1, x0:x1]
    factor = size_px / window
    shape = (max(1, min(size_px, round((x1 - x0) * factor))), max(1, min(size_px, round((y1 - y0) * factor))))
    scaled = cv2.resize(cut, shape, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    image = np.full((size_px, size_px, 3), int(rng.choice([255, 0, 128])), np.uint8)
    image[: shape[1], : shape[0]] = scaled
    stretch = np.array([shape[0] / (x1 - x0), shape[1] / (y1 - y0)] * 2, np.float32)
    boxes = (source.boxes - np.array([x0, y0, x0, y0], np.float32)) * stretch
    limits = np.array([*shape, *shape], np.float32)
    clipped = np.clip(boxes, 0, limits)
    share = _areas(clipped) / np.maximum(_areas(boxes), 1e-6)
    kinds = source.kinds.copy()
    small = np.array(
        [kind >= 0 and box[3] - box[1] < _MIN_SIDE_PX[kind] for kind, box in zip(kinds, boxes, strict=True)], bool
    )
    kinds[(share < 0.93) | small] = UNKNOWN
    keep = share > 0.08
    return Scene(_restyled(image, rng), clipped[keep], kinds[keep])


def targets(crops: list[Scene]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Targets of the network: heat `(N, K, h, w)`, shape `(N, K, 4, h, w)`, and the weights of both `(N, K, h, w)`.

    The weight of the heat is 0 where nothing is known. Heat is a Gaussian around each centre, as wide and
    tall as the object is, after Liu et al., https://arxiv.org/abs/1909.00700.
    """
    side = crops[0].image.shape[0] // STRIDE_PX
    heat = np.zeros((len(crops), len(KINDS), side, side), np.float32)
    shape = np.zeros((len(crops), len(KINDS), 4, side, side), np.float32)
    weight = np.zeros_like(heat)
    known = np.ones_like(heat)
    middle = np.arange(side, dtype=np.float32) + 0.5
    for row, item in enumerate(crops):
        for kind, box in zip(item.kinds, item.boxes / STRIDE_PX, strict=True):
            if kind < 0:
                x0, y0, x1, y1 = np.floor(box[0]), np.floor(box[1]), np.ceil(box[2]), np.ceil(box[3])
                known[row, :, int(y0) : int(y1), int(x0) : int(x1)] = 0
        for kind, box in zip(item.kinds, item.boxes / STRIDE_PX, strict=True):
            if kind < 0:
                continue
            cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            w, h = max(box[2] - box[0], 0.3), max(box[3] - box[1], 0.3)
            across = np.exp(-((middle - cx) ** 2) / (2 * max(w * 0.09, 0.45) ** 2))
            down = np.exp(-((middle - cy) ** 2) / (2 * max(h * 0.09, 0.45) ** 2))
            blob = down[:, None] * across[None]
            # the cell that holds the centre is the peak, wherever in the cell the centre is
            blob /= blob.max()
            np.maximum(heat[row, kind], blob, out=heat[row, kind])
            inside = (blob > 0.3) & (blob > weight[row, kind])
            weight[row, kind][inside] = blob[inside]
            known[row, kind][blob > 0.3] = 1
            rows, columns = np.nonzero(inside)
            shape[row, kind, :, rows, columns] = np.stack(
                [cx - middle[columns], cy - middle[rows], np.full(len(rows), np.log(w)), np.full(len(rows), np.log(h))],
                1,
            )
    return torch.from_numpy(heat), torch.from_numpy(shape), torch.from_numpy(weight), torch.from_numpy(known)


def images(crops: list[Scene]) -> Tensor:
    """`(N, 3, H, W)` float32, 0 to 1."""
    return torch.from_numpy(np.stack([item.image for item in crops])).permute(0, 3, 1, 2).float() / 255


def _areas(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _restyled(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    if rng.random() < 0.15:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 0.9))).astype(np.uint8)
    if rng.random() < 0.7:
        gain, shift = float(rng.uniform(0.6, 1.25)), float(rng.uniform(-35, 35))
        tint = rng.uniform(-25, 25, 3) if rng.random() < 0.2 else np.zeros(3)
        table = np.clip((np.arange(256)[:, None] - 128) * gain + 128 + shift + tint, 0, 255).astype(np.uint8)
        image = cv2.LUT(image, table[None]).astype(np.uint8)
    if rng.random() < 0.12:
        image = 255 - image
    if rng.random() < 0.1:
        image = image[:, :, rng.permutation(3)].copy()
    if rng.random() < 0.15:
        grain = rng.normal(0, rng.uniform(2, 10), image.shape[:2])[:, :, None]
        image = np.clip(image + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        image = recompressed(image, int(rng.integers(40, 95)))
    return image
