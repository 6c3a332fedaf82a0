"""The panel network: a whole figure in, at every point of three grids a panel's box, kind and nesting out.

EfficientNet-Lite0 (https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite) without batch
normalisation (folded into the convolutions, for training too: batches are small), a path-aggregation neck, and
one head of separable convolutions shared by all strides. Each grid point predicts, as in FCOS
(https://arxiv.org/abs/1904.01355), its distances to the four sides of the panel it lies in; the kind's score is
trained towards the box's own IoU (https://arxiv.org/abs/2006.04388), so that it ranks boxes by how well they fit.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.records import PanelKind

KINDS = (
    PanelKind.MICROSCOPY,
    PanelKind.DIFFRACTION,
    PanelKind.GRAPH,
    PanelKind.ILLUSTRATION,
    PanelKind.PHOTO,
    PanelKind.PARENT,
    PanelKind.MAP,
    PanelKind.MEDICAL,
    PanelKind.GEL,
    PanelKind.TABLE,
)
"""Kinds in the order of the network's outputs; weights of code version 1 know the first six."""

TYPES = tuple(name for names in TYPES_OF_KIND.values() for name in names)
"""Second-level types in the order of the network's outputs; weights of code version 1 know none."""

STRIDES = (8, 16, 32)
SIZE_MULTIPLE = max(STRIDES)
"""Inputs have sides that are multiples of this."""

# (expansion, output channels, repeats, stride, kernel) of EfficientNet-Lite0's stages
_STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
_STEM_CHANNELS = 32
_TAPS = (2, 4, 6)
"""Stages whose output leaves the backbone: strides 8, 16, 32."""


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow pads: with stride 2 the extra pixel is at the right and the bottom."""

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, kernel // 2 if stride == 1 else 0, groups=groups)
        self._before = (kernel - 2) // 2 if stride == 2 else 0
        self._after = kernel - 2 - self._before if stride == 2 else 0

    def forward(self, input: Tensor) -> Tensor:
        if self.stride[0] == 2:
            input = functional.pad(input, (self._before, self._after, self._before, self._after))
        return super().forward(input)


class InvertedBottleneck(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, *, expansion: int, stride: int, kernel: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = SameConv(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = SameConv(wide, wide, kernel, stride=stride, groups=wide)
        self.project = SameConv(wide, outputs, 1)
        self.has_shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        wide = x if self.expand is None else functional.relu6(self.expand(x))
        y: Tensor = self.project(functional.relu6(self.depthwise(wide)))
        return x + y if self.has_shortcut else y


class Backbone(nn.Module):
    """EfficientNet-Lite0's feature stages: `(N, 3, H, W)` to 40, 112 and 320 channels at strides 8, 16, 32."""

    channels = tuple(_STAGES[i][1] for i in _TAPS)

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, _STEM_CHANNELS, 3, stride=2)
        stages, inputs = [], _STEM_CHANNELS
        for expansion, outputs, repeats, stride, kernel in _STAGES:
            blocks = []
            for i in range(repeats):
                blocks.append(
                    InvertedBottleneck(
                        inputs, outputs, expansion=expansion, stride=stride if i == 0 else 1, kernel=kernel
                    )
                )
                inputs = outputs
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = functional.relu6(self.stem(x))
        taps = []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in _TAPS:
                taps.append(x)
        return taps


class Separable(nn.Sequential):
    """Depthwise 5x5, pointwise, group norm, SiLU."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.GroupNorm(8, channels),
            nn.SiLU(inplace=True),
        )


class Neck(nn.Module):
    """Features of all strides in one width, coarse to fine and back (https://arxiv.org/abs/1803.01534)."""

    def __init__(self, inputs: tuple[int, ...], channels: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(n, channels, 1) for n in inputs)
        self.down = nn.ModuleList(Separable(channels) for _ in inputs[:-1])
        self.up = nn.ModuleList(Separable(channels) for _ in inputs[:-1])
        self.context = Separable(channels)

    def forward(self, taps: list[Tensor]) -> list[Tensor]:
        levels = [lateral(tap) for lateral, tap in zip(self.lateral, taps, strict=True)]
        levels[-1] = levels[-1] + self.context(levels[-1])
        for i in reversed(range(len(levels) - 1)):
            levels[i] = self.down[i](levels[i] + functional.interpolate(levels[i + 1], scale_factor=2.0))
        for i in range(len(levels) - 1):
            levels[i + 1] = levels[i + 1] + self.up[i](functional.max_pool2d(levels[i], 2) + levels[i + 1])
        return levels


class Head(nn.Module):
    """Outputs of the network for each grid point, by convolutions shared over the strides."""

    def __init__(self, channels: int, kinds: int, types: int) -> None:
        super().__init__()
        self.kind_tower = nn.Sequential(Separable(channels), Separable(channels))
        self.side_tower = nn.Sequential(Separable(channels), Separable(channels))
        self.kind = nn.Conv2d(channels, kinds, 1)
        self.types = nn.Conv2d(channels, types, 1) if types else None
        self.nested = nn.Conv2d(channels, 1, 1)
        self.sides = nn.Conv2d(channels, 4, 1)
        self.side_scale = nn.Parameter(torch.ones(len(STRIDES)))
        nn.init.constant_(self.kind.bias, -4.0)  # type: ignore[arg-type]
        nn.init.constant_(self.sides.bias, 1.0)  # type: ignore[arg-type]

    def forward(self, levels: list[Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        kinds, nested, sides, types = [], [], [], []
        for i, (level, stride) in enumerate(zip(levels, STRIDES, strict=True)):
            about_kind, about_sides = self.kind_tower(level), self.side_tower(level)
            kinds.append(self.kind(about_kind).flatten(2))
            nested.append(self.nested(about_kind).flatten(2))
            types.append((about_kind[:, :0] if self.types is None else self.types(about_kind)).flatten(2))
            distance = functional.softplus(self.sides(about_sides) * self.side_scale[i]) * stride
            sides.append(distance.flatten(2))
        return (
            torch.cat(kinds, 2).transpose(1, 2),
            torch.cat(nested, 2).squeeze(1),
            torch.cat(sides, 2).transpose(1, 2),
            torch.cat(types, 2).transpose(1, 2),
        )


class PanelNetwork(nn.Module):
    """`(N, 3, H, W)` RGB in -1..1, H and W multiples of `SIZE_MULTIPLE`, to predictions at P grid points.

    Returns kind logits `(N, P, kinds)` in the order of `KINDS`, nesting logits `(N, P)` (inset, or part of a
    parent), boxes `(N, P, 4)`, `x0 y0 x1 y1` in input pixels, and type logits `(N, P, types)` in the order of `TYPES`.
    """

    def __init__(self, channels: int = 96, *, kinds: int = len(KINDS), types: int = len(TYPES)) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.neck = Neck(Backbone.channels, channels)
        self.head = Head(channels, kinds, types)

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor]) -> "PanelNetwork":
        """The network of a weights file's tensors, with the heads that these have."""
        types = tensors.get("head.types.weight")
        network = cls(kinds=len(tensors["head.kind.weight"]), types=0 if types is None else len(types))
        network.load_state_dict(tensors)
        return network

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        kinds, nested, sides, types = self.at_points(images)
        return kinds, nested, boxes_of(sides, images.shape[2], images.shape[3]), types

    def at_points(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Answers as of `forward`, with distances to the four sides, `(N, P, 4)`, in place of boxes."""
        found: tuple[Tensor, Tensor, Tensor, Tensor] = self.head(self.neck(self.backbone(images)))
        return found


def boxes_of(sides: Tensor, height_px: int, width_px: int) -> Tensor:
    """Boxes `(N, P, 4)`, `x0 y0 x1 y1` px, from the distances of grid points to their panels' sides."""
    points, _ = grid_points(height_px, width_px, sides.device)
    return torch.cat((points - sides[..., :2], points + sides[..., 2:]), dim=2)


def grid_points(height_px: int, width_px: int, device: torch.device | None = None) -> tuple[Tensor, Tensor]:
    """Centres `(P, 2)` (x, y, pixels) of all strides' grid cells, fine first, and the stride `(P,)` of each."""
    points, strides = [], []
    for stride in STRIDES:
        ys = (torch.arange(height_px // stride, device=device) + 0.5) * stride
        xs = (torch.arange(width_px // stride, device=device) + 0.5) * stride
        grid_y, grid_x = torch.meshgrid(ys, xs, indexing="ij")
        points.append(torch.stack((grid_x, grid_y), dim=-1).reshape(-1, 2))
        strides.append(torch.full((points[-1].shape[0],), float(stride), device=device))
    return torch.cat(points), torch.cat(strides)
