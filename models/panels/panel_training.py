"""Train the panel network on stored figures; stop and go on at any time.

    python -m models.panels.stored_figures FOLDER --count 8000 --real DATA &     (draws ahead)
    python -m models.panels.panel_training FOLDER --checkpoints CHECKPOINTS      (again: resumes)

CHECKPOINTS/panels.safetensors has the averaged weights, to be copied to exsclaim/figures/weights when better.
"""

import argparse
import logging
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from exsclaim.figures.detection.panel_detector import WEIGHTS
from exsclaim.figures.detection.panel_network import KINDS, TYPES, PanelNetwork, grid_points
from exsclaim.figures.weights import load_weights
from exsclaim.records import PanelKind
from models.panels.imagenet import load_imagenet
from models.panels.panel_batches import Batch, StoredFigures
from models.panels.panel_losses import Truth, panel_losses
from models.training_loop import Losses, Plan, Training, run

RECIPE = Path(__file__).with_name("recipe.toml")

HEADER = {"kinds": " ".join(KINDS), "types": ", ".join(TYPES), "backbone": "efficientnet-lite0"}
"""Entries of the weights' header beside name, version and metrics."""


@dataclass(frozen=True)
class Recipe:
    """Numbers of a training; `recipe.toml` says what each does."""

    batch_size: int
    areas_px: tuple[int, int]
    frozen_stages: int
    learning_rate: float
    backbone_learning_rate: float
    weight_decay: float
    warmup_steps: int
    average_decay: float
    checkpoint_minutes: float
    seed: int
    minutes: float | None = None
    steps: int | None = None
    """Without either a training does not end."""

    @classmethod
    def read(cls, file: Path = RECIPE) -> "Recipe":
        fields: dict[str, Any] = tomllib.loads(file.read_text())
        return cls(**{**fields, "areas_px": tuple(fields["areas_px"])})


class PanelTraining(Training):
    """A training of the panel network in progress."""

    def __init__(self, recipe: Recipe, device: torch.device, *, pretrained: bool = True) -> None:
        torch.manual_seed(recipe.seed)
        network = PanelNetwork()
        if pretrained:
            load_imagenet(network.backbone)
        # on a GPU each new size of batches costs 13 s with channels last, .3 s without (H100, torch 2.11, bfloat16)
        self._memory_format = torch.channels_last if device.type == "cpu" else torch.contiguous_format
        network.to(device, memory_format=self._memory_format)  # type: ignore[call-overload]
        if pretrained:
            for part in (network.backbone.stem, *network.backbone.stages[: recipe.frozen_stages]):
                part.requires_grad_(False)
        backbone = [p for p in network.backbone.parameters() if p.requires_grad]
        others = [*network.neck.parameters(), *network.head.parameters()]
        groups: list[dict[str, object]] = [
            {"params": backbone, "peak": recipe.backbone_learning_rate},
            {"params": others, "peak": recipe.learning_rate},
        ]
        plan = Plan(
            steps=recipe.steps, minutes=recipe.minutes, warm_up_steps=recipe.warmup_steps, least_share=0.02,
            averaging=recipe.average_decay, checkpoint_minutes=recipe.checkpoint_minutes,
        )  # fmt: skip
        super().__init__(WEIGHTS, network, groups, plan, weight_decay=recipe.weight_decay)
        self.device = device

    def start_from(self, folder: Path) -> None:
        """Begin with the weights `<folder>/panels.safetensors` instead of the backbone's alone.

        Raises:
            WeightsError: they are missing or damaged.
        """
        self.begin_with(with_new_heads(load_weights(WEIGHTS, folder)[0], self.network.state_dict()))

    def losses(self, network: nn.Module, batch: Batch) -> Losses:
        """Losses of a batch by name."""
        images = batch.images.to(self.device, memory_format=self._memory_format)
        truths = [
            Truth(*(part.to(self.device) for part in (t.boxes, t.kinds, t.nested, t.types))) for t in batch.truths
        ]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"):
            kinds, nested, boxes, types = network(images)
        points, _ = grid_points(images.shape[2], images.shape[3], self.device)
        return vars(panel_losses(kinds.float(), nested.float(), boxes.float(), types.float(), points, truths))


def with_new_heads(tensors: dict[str, Tensor], fresh: dict[str, Tensor]) -> dict[str, Tensor]:
    """Older weights with outputs for kinds and types that came later.

    A new kind begins as the known one that looks most like it, a little less likely; types begin at random.
    """
    grown = dict(tensors)
    known = len(tensors["head.kind.bias"])
    rows = [*range(known), *(KINDS.index(_LIKE[kind]) for kind in KINDS[known:])]
    grown["head.kind.weight"], grown["head.kind.bias"] = (
        tensors["head.kind.weight"][rows],
        tensors["head.kind.bias"][rows],
    )
    grown["head.kind.bias"][known:] -= 1.0
    return {key: grown.get(key, value) for key, value in fresh.items()}


_LIKE = {
    PanelKind.MAP: PanelKind.ILLUSTRATION,
    PanelKind.MEDICAL: PanelKind.MICROSCOPY,
    PanelKind.GEL: PanelKind.MICROSCOPY,
    PanelKind.TABLE: PanelKind.GRAPH,
}


def train(training: PanelTraining, batches: Iterator[Batch], checkpoints: Path) -> None:
    """Learn until the recipe's time is spent, with a checkpoint every few minutes and at the end."""
    run(training, checkpoints, lambda network: training.losses(network, next(batches)), header=HEADER)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Train the panel network.")
    parser.add_argument("figures", type=Path, help="folder of figures drawn ahead")
    parser.add_argument("--annotated", type=Path, help="folder of annotated figures stored as drawn ones are")
    parser.add_argument("--annotated-share", type=float, default=0.6, help="of all figures that are learned from")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/panels"))
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0, help="of torch on the CPU; 0: as torch likes")
    parser.add_argument("--start", type=Path, help="folder of panels.safetensors to begin with, where no checkpoint is")
    parser.add_argument("--no-pretrained", action="store_true", help="start from random weights")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.threads:
        torch.set_num_threads(options.threads)
    recipe = Recipe.read(options.recipe)
    training = PanelTraining(recipe, torch.device(options.device), pretrained=not options.no_pretrained)
    if not training.resume(options.checkpoints) and options.start:
        training.start_from(options.start)
    mix = {options.figures: 1.0}
    if options.annotated:
        mix = {options.figures: 1 - options.annotated_share, options.annotated: options.annotated_share}
    figures = StoredFigures(mix, recipe.batch_size, recipe.areas_px, recipe.seed + training.step)
    loader = DataLoader(figures, batch_size=None, num_workers=1, prefetch_factor=4)
    train(training, iter(loader), options.checkpoints)


if __name__ == "__main__":
    main()
