"""The readers' network: a text crop in, one distribution over characters per 4 px column out (CTC).

It reads scale labels ("0.5 µm") and panel letters ("a", "iv") alike; `exsclaim.figures.detection.text_reader`
decodes what it sees. CTC: Graves et al., ICML 2006, https://doi.org/10.1145/1143844.1143891
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

NAME = "reader"
SCALE_NAME = "scale_reader"
"""Names of its weights: those that read panel letters, and those that read scale labels (decision 85)."""

CHARACTERS = "0123456789.,/-'" + "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "µÅ#"
"""Classes 1..n in this order; class 0 is CTC's blank. "#" stands for text that is neither letter nor scale label."""

BLANK = 0
HEIGHT_PX = 32
COLUMN_PX = 4
MAX_WIDTH_PX = 224


def prepare(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A crop `(h, w, 3)` uint8 RGB as the network takes it: `(3, 32, W)` float32 of mean 0 and deviation 1.

    W follows from the crop's shape, is a multiple of 4 and at most 224. Normalising each crop by itself makes
    faint text as legible as bold text.
    """
    height, width = crop.shape[:2]
    columns = min(max(round(width * HEIGHT_PX / height / COLUMN_PX), 4), MAX_WIDTH_PX // COLUMN_PX)
    shrinks = height > HEIGHT_PX
    scaled = cv2.resize(
        crop, (columns * COLUMN_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    values = scaled.astype(np.float32)
    values = (values - values.mean()) / (values.std() + 8.0)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def batch(prepared: list[NDArray[np.float32]]) -> tuple[Tensor, Tensor]:
    """`(N, 3, 32, W)` of crops padded with 0 to the widest, and `(N,)` int64: each one's number of columns."""
    width = max(item.shape[2] for item in prepared)
    images = torch.zeros(len(prepared), 3, HEIGHT_PX, width)
    for row, item in enumerate(prepared):
        images[row, :, :, : item.shape[2]] = torch.from_numpy(item)
    return images, torch.tensor([item.shape[2] // COLUMN_PX for item in prepared])


class Reader(nn.Module):
    """`(N, 3, 32, W)` -> `(N, W / 4, 1 + characters)` log-probabilities."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.columns = nn.Sequential(
            _block(3, width),
            nn.MaxPool2d(2),
            _block(width, 2 * width),
            _block(2 * width, 2 * width),
            nn.MaxPool2d(2),
            _block(2 * width, 4 * width),
            _block(4 * width, 4 * width),
            nn.MaxPool2d((2, 1)),
            _block(4 * width, 4 * width),
            nn.Conv2d(4 * width, 6 * width, (4, 1), bias=False),
            nn.BatchNorm2d(6 * width),
            nn.ReLU(inplace=True),
        )
        self.context = nn.Sequential(
            nn.Conv1d(6 * width, 6 * width, 5, padding=2, bias=False),
            nn.BatchNorm1d(6 * width),
            nn.ReLU(inplace=True),
            nn.Conv1d(6 * width, 6 * width, 5, padding=2, bias=False),
            nn.BatchNorm1d(6 * width),
            nn.ReLU(inplace=True),
        )
        self.characters = nn.Conv1d(6 * width, 1 + len(CHARACTERS), 1)

    def forward(self, images: Tensor) -> Tensor:
        columns = self.columns(images).squeeze(2)
        scores: Tensor = self.characters(columns + self.context(columns))
        return scores.float().permute(0, 2, 1).log_softmax(dim=2)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )
