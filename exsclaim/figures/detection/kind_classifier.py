"""The kind network: a panel's picture in, the probabilities of its kind and of its second-level type out.

The panel network sees a whole figure small: of what a panel shows, a few dozen pixels. This one looks at each panel by
itself: the same backbone (EfficientNet-Lite0), its features widened and averaged as for ImageNet, and two linear
heads. A panel is brought to a square with its shape kept, the rest being grey; longer ones than 2 to 1 are squeezed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from exsclaim.figures.detection.openvino_runtime import RunnableNetwork
from exsclaim.figures.detection.panel_network import KINDS, TYPES, Backbone, SameConv
from exsclaim.figures.pixels import is_colourful
from exsclaim.figures.weights import FOLDER, load_weights
from exsclaim.geometry import Box

WEIGHTS = "kinds"
INPUT_PX = 160
"""Side of the network's input."""
_FEATURES = 1280
_MAX_ASPECT = 2.0
_GREY = 128
"""What is beside a panel in its square: 0 for the network."""

_SAMPLED_PX = 128


@dataclass(frozen=True)
class SeenKind:
    """Probabilities of a panel's kind and type as the network sees them: `(KINDS,)` and `(TYPES,)`, each of sum 1;
    `colourful`: share of its pixels that are of a strong colour."""

    kinds: NDArray[np.float32]
    types: NDArray[np.float32]
    colourful: float = 0.0


class KindNetwork(nn.Module):
    """`(N, 3, H, W)` RGB in -1..1, sides multiples of 32, to logits of kinds `(N, KINDS)` and of types `(N, TYPES)`."""

    def __init__(self, *, kinds: int = len(KINDS), types: int = len(TYPES), dropout: float = 0.2) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.widen = SameConv(Backbone.channels[-1], _FEATURES, 1)
        self.dropout = nn.Dropout(dropout)
        self.of_kind = nn.Linear(_FEATURES, kinds)
        self.of_type = nn.Linear(_FEATURES, types)

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor]) -> "KindNetwork":
        """The network of a weights file's tensors."""
        network = cls(kinds=len(tensors["of_kind.bias"]), types=len(tensors["of_type.bias"]))
        network.load_state_dict(tensors)
        return network

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        features = functional.relu6(self.widen(self.backbone(images)[-1])).mean((2, 3))
        features = self.dropout(features)
        return self.of_kind(features), self.of_type(features)


class KindClassifier:
    """The kind network with its weights, ready for panels; threads may share one."""

    def __init__(
        self,
        network: KindNetwork,
        device: torch.device,
        input_px: int = INPUT_PX,
        compiled_as: str | None = None,
    ) -> None:
        self._network = RunnableNetwork(network, device, compiled_as=compiled_as)
        self._input_px = input_px

    @classmethod
    def load(cls, device: str = "cpu", folder: Path = FOLDER, *, with_openvino: bool = False) -> "KindClassifier":
        """The classifier with the weights of a folder: arguments and errors as of `detections.Networks.load`."""
        tensors, meta = load_weights(WEIGHTS, folder)
        compiled_as = f"{WEIGHTS}-{meta.tensors_sha256[:16]}" if with_openvino else None
        input_px = int(meta.extra.get("input_px", INPUT_PX))
        return cls(KindNetwork.of(tensors), torch.device(device), input_px, compiled_as)

    def classify(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> list[SeenKind]:
        """Kinds and types of panels of a figure, `(H, W, 3)` uint8 RGB, all in one run of the network."""
        if not boxes:
            return []
        crops = [cut(image, box) for box in boxes]
        kinds, types = self._network(as_input(np.stack([padded(crop, self._input_px) for crop in crops])))
        rows = zip(kinds.softmax(1).numpy(), types.softmax(1).numpy(), map(colourful, crops), strict=True)
        return [SeenKind(*row) for row in rows]


def cut(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of an image within a box, at least a pixel."""
    height, width = image.shape[:2]
    x0, y0 = min(max(0, round(box.x0)), width - 1), min(max(0, round(box.y0)), height - 1)
    x1, y1 = max(x0 + 1, min(width, round(box.x1))), max(y0 + 1, min(height, round(box.y1)))
    return image[y0:y1, x0:x1]


def colourful(crop: NDArray[np.uint8]) -> float:
    """Share of a crop's pixels, one in so many of large ones, that are of a strong colour."""
    step = max(1, max(crop.shape[:2]) // _SAMPLED_PX)
    return float(is_colourful(crop[::step, ::step]).mean())


def padded(crop: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """A crop `(h, w, 3)` in the middle of a grey square `(side_px, side_px, 3)`, as large as it can be."""
    height, width = crop.shape[:2]
    longer = max(height, width)
    size = [max(1, round(side_px * max(side / longer, 1 / _MAX_ASPECT))) for side in (width, height)]
    shrinks = longer > side_px
    resized = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    square = np.full((side_px, side_px, 3), _GREY, np.uint8)
    left, top = (side_px - size[0]) // 2, (side_px - size[1]) // 2
    square[top : top + size[1], left : left + size[0]] = resized
    return square


def as_input(crops: NDArray[np.uint8]) -> Tensor:
    """`(N, 3, H, W)` float32 in -1..1 from `(N, H, W, 3)` uint8 RGB."""
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float().sub_(_GREY).div_(_GREY)
