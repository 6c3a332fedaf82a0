"""Train the panel network on figures drawn ahead; stop and go on at any time.

    python -m models.panels.drawn FOLDER --count 8000 --real DATA &     (draws ahead)
    python -m models.panels.train FOLDER --checkpoints CHECKPOINTS      (again: resumes)

A checkpoint is written whole, then renamed. Weights for inference are taken from one by `models.panels.export`.
"""

import argparse
import copy
import logging
import math
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from exsclaim.figures.detection.panel_detector import WEIGHTS
from exsclaim.figures.detection.panel_network import KINDS, PanelNetwork, grid_points
from exsclaim.figures.weights import load_weights
from exsclaim.records import PanelKind
from models.panels.data import Batch, StoredFigures
from models.panels.losses import Losses, Truth, panel_losses
from models.panels.pretrained import load_imagenet

RECIPE = Path(__file__).with_name("recipe.toml")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """Numbers of a training; `recipe.toml` says what each does."""

    minutes: float
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

    @classmethod
    def read(cls, file: Path = RECIPE) -> "Recipe":
        fields: dict[str, Any] = tomllib.loads(file.read_text())
        return cls(**{**fields, "areas_px": tuple(fields["areas_px"])})


class Training:
    """A training in progress: network, its moving average, optimiser, and how far it is."""

    def __init__(self, recipe: Recipe, device: torch.device, *, pretrained: bool = True) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.device = recipe, device
        self.network = PanelNetwork()
        if pretrained:
            load_imagenet(self.network.backbone)
        self.network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        if pretrained:
            frozen = [self.network.backbone.stem, *self.network.backbone.stages[: recipe.frozen_stages]]
            for part in frozen:
                part.requires_grad_(False)
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        backbone = [p for p in self.network.backbone.parameters() if p.requires_grad]
        others = [*self.network.neck.parameters(), *self.network.head.parameters()]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": backbone, "peak": recipe.backbone_learning_rate},
                {"params": others, "peak": recipe.learning_rate},
            ],
            lr=0.0,
            weight_decay=recipe.weight_decay,
        )
        self.step = 0
        self.seconds = 0.0

    @property
    def progress(self) -> float:
        """Share of the recipe's time that is spent, 0 to 1."""
        return min(1.0, self.seconds / (60 * self.recipe.minutes))

    def learn(self, batch: Batch) -> Losses:
        """One step of the optimiser."""
        started = time.monotonic()
        images = batch.images.to(self.device, memory_format=torch.channels_last)
        truths = [
            Truth(*(part.to(self.device) for part in (t.boxes, t.kinds, t.nested, t.types))) for t in batch.truths
        ]
        share = min(1.0, (self.step + 1) / self.recipe.warmup_steps) * (0.51 + 0.49 * math.cos(math.pi * self.progress))
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * share
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"):
            kinds, nested, boxes, types = self.network(images)
        points, _ = grid_points(images.shape[2], images.shape[3], self.device)
        losses = panel_losses(kinds.float(), nested.float(), boxes.float(), types.float(), points, truths)
        self.optimiser.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 10.0)
        self.optimiser.step()
        self._average()
        self.step += 1
        self.seconds += time.monotonic() - started
        return losses

    def _average(self) -> None:
        # the average of few steps follows fast, or it would remember the start for long
        decay = min(self.recipe.average_decay, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.network.parameters(), strict=True)
            for kept, new in pairs:
                kept.lerp_(new, 1 - decay)

    def save(self, folder: Path) -> Path:
        """Write a checkpoint into the folder, whole."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        path = folder / "last.pt"
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)
        return path

    def start_from(self, folder: Path) -> None:
        """Begin with the weights `<folder>/panels.safetensors` instead of the backbone's alone.

        Raises:
            WeightsError: they are missing or damaged.
        """
        tensors = with_new_heads(load_weights(WEIGHTS, folder)[0], self.network.state_dict())
        self.network.load_state_dict(tensors)
        self.average.load_state_dict(tensors)

    def resume(self, folder: Path) -> bool:
        """Go on from the folder's checkpoint; False where there is none."""
        path = folder / "last.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]
        return True


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


def train(training: Training, batches: Iterator[Batch], checkpoints: Path) -> None:
    """Learn until the recipe's time is spent, with a checkpoint every few minutes and at the end."""
    saved = time.monotonic()
    sums = torch.zeros(6)
    while training.progress < 1:
        losses = training.learn(next(batches))
        sums += (
            torch.stack([losses.total, losses.kind, losses.box, losses.side, losses.nested, losses.type]).detach().cpu()
        )
        if training.step % 50 == 0:
            total, kind, box, side, nested, kind_type = (sums / 50).tolist()
            log.info(
                "step %d, %.1f min: loss %.3f (kind %.3f, box %.3f, side %.3f, nested %.3f, type %.3f)",
                training.step, training.seconds / 60, total, kind, box, side, nested, kind_type,
            )  # fmt: skip
            sums.zero_()
        if time.monotonic() - saved > 60 * training.recipe.checkpoint_minutes:
            training.save(checkpoints)
            saved = time.monotonic()
    training.save(checkpoints)


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
    training = Training(recipe, torch.device(options.device), pretrained=not options.no_pretrained)
    if training.resume(options.checkpoints):
        log.info("resumed at step %d, %.1f minutes", training.step, training.seconds / 60)
    elif options.start:
        training.start_from(options.start)
    mix = {options.figures: 1.0}
    if options.annotated:
        mix = {options.figures: 1 - options.annotated_share, options.annotated: options.annotated_share}
    figures = StoredFigures(mix, recipe.batch_size, recipe.areas_px, recipe.seed + training.step)
    loader = DataLoader(figures, batch_size=None, num_workers=1, prefetch_factor=4)
    train(training, iter(loader), options.checkpoints)


if __name__ == "__main__":
    main()
