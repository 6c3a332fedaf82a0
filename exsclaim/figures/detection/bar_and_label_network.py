"""The network for bars and labels: where panel letters, scale bars and scale labels are, at full resolution.

One heat map per kind at a quarter of the resolution, whose peaks are the objects' centres, and beside it the
way from the cell to the exact centre and the object's size. After Zhou et al., "Objects as Points",
https://arxiv.org/abs/1904.07850 (no code of theirs).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

NAME = "bars_and_labels"

KINDS = ("letter", "scale_bar", "scale_label")
STRIDE_PX = 4
ALIGNMENT_PX = 32
"""Inputs are to be padded to multiples of this."""


class BarAndLabelNetwork(nn.Module):
    """`(N, 3, H, W)` RGB, 0 to 1 -> heat `(N, 3, H/4, W/4)` logits, shape `(N, 3, 4, H/4, W/4)`.

    The four numbers of a kind at a cell: x and y from the cell's middle to the object's centre in cells, and
    the logarithms of width and height in cells.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_conv(3, 16, 2), _conv(16, 32, 2))
        self.fine = _Residual(32, 32)
        self.at_8 = nn.Sequential(_conv(32, 64, 2), _Residual(64, 64))
        self.at_16 = nn.Sequential(_conv(64, 96, 2), _Residual(96, 96), _Residual(96, 96))
        self.at_32 = nn.Sequential(_conv(96, 128, 2), _Residual(128, 128), _Residual(128, 128), _Residual(128, 128))
        self.from_32 = nn.Conv2d(128, 64, 1)
        self.from_16 = nn.Conv2d(96, 64, 1)
        self.from_8 = nn.Conv2d(64, 64, 1)
        self.from_4 = nn.Conv2d(32, 32, 1)
        self.join_16 = _conv(64, 64)
        self.join_8 = _conv(64, 32)
        self.join_4 = _conv(32, 32)
        self.heat = nn.Conv2d(32, len(KINDS), 1)
        self.shape = nn.Sequential(_conv(32, 32), nn.Conv2d(32, 4 * len(KINDS), 1))
        # with rare objects, a network that starts by saying "perhaps" everywhere spends its first hours unlearning it
        self.heat.bias = nn.Parameter(torch.full((len(KINDS),), -4.0))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine(self.stem(images - 0.5))
        at_8 = self.at_8(fine)
        at_16 = self.at_16(at_8)
        at_32 = self.at_32(at_16)
        joined = self.join_16(_doubled(self.from_32(at_32)) + self.from_16(at_16))
        joined = self.join_8(_doubled(joined) + self.from_8(at_8))
        joined = self.join_4(_doubled(joined) + self.from_4(fine))
        heat, shape = self.heat(joined), self.shape(joined)
        return heat, shape.unflatten(1, (len(KINDS), 4))


class _Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            _conv(inputs, outputs), nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        )

    def forward(self, values: Tensor) -> Tensor:
        return torch.relu(values + self.change(values))


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def _doubled(values: Tensor) -> Tensor:
    return functional.interpolate(values, scale_factor=2.0, mode="nearest")
