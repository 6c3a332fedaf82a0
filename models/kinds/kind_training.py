"""Train the kind network on pictures of panels; stop and go on at any time.

    python -m models.kinds.kind_training --annotated FIGURES… [--data DATA] [--drawn FOLDER] [--start WEIGHTS]
        --checkpoints CHECKPOINTS

FIGURES        annotated figures (`models.annotated_figures`); those of a fifth of the articles are held back, to be
               judged on
WEIGHTS        folder of kinds.safetensors to go on from, where no checkpoint is
DATA           published micrographs and graphs that stand alone: DATA/tiles, DATA/graphs
FOLDER         figures drawn ahead, see `models.panels.stored_figures`
CHECKPOINTS    see `models.training_loop`; CHECKPOINTS/learned and CHECKPOINTS/held_back have the pictures
"""

import argparse
import logging
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from exsclaim.figures.detection.kind_classifier import WEIGHTS, KindClassifier, KindNetwork, as_input
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.figures.weights import load_weights
from models.annotated_figures import held_back, read_annotated
from models.kinds.kind_crops import (
    PanelPicture,
    annotated_pictures,
    load_pictures,
    published_pictures,
    sampling_weights,
    save,
    stored_pictures,
)
from models.kinds.kind_evaluation import score
from models.kinds.picture_alterations import altered
from models.panels.imagenet import load_imagenet, load_imagenet_head
from models.training_loop import Losses, Plan, Training, run

RECIPE = Path(__file__).with_name("recipe.toml")
_DRAWN_MOST = 2000
"""Pictures of drawn panels that are kept."""

Batch = tuple[Tensor, Tensor, Tensor]
"""Images `(N, 3, S, S)`, kinds `(N,)`, and which types are possible `(N, TYPES)` bool: none where nothing is known."""


class KindTraining(Training):
    """A training of the kind network in progress.

    Args:
        recipe: as in recipe.toml.
        pretrained: begin with the backbone's ImageNet weights.
        start: folder of kinds.safetensors to begin with instead.

    Raises:
        WeightsError: the weights to begin with are missing or damaged.
    """

    def __init__(self, recipe: Mapping[str, Any], *, pretrained: bool = True, start: Path | None = None) -> None:
        torch.manual_seed(recipe["seed"])
        network = KindNetwork()
        if start:
            network.load_state_dict(load_weights(WEIGHTS, start)[0])
        elif pretrained:
            load_imagenet(network.backbone)
            load_imagenet_head(network.widen)
        if start or pretrained:
            for part in (network.backbone.stem, *network.backbone.stages[: recipe["frozen_stages"]]):
                part.requires_grad_(False)
        network.to(memory_format=torch.channels_last)
        heads = [*network.of_kind.parameters(), *network.of_type.parameters()]
        body = [p for p in (*network.backbone.parameters(), *network.widen.parameters()) if p.requires_grad]
        plan = Plan(
            steps=recipe.get("steps"), minutes=recipe.get("minutes"), warm_up_steps=recipe["warm_up_steps"],
            least_share=0.02, averaging=recipe["averaging"], checkpoint_minutes=recipe["checkpoint_minutes"],
        )  # fmt: skip
        groups: list[dict[str, object]] = [
            {"params": body, "peak": recipe["backbone_learning_rate"]},
            {"params": heads, "peak": recipe["learning_rate"]},
        ]
        super().__init__(WEIGHTS, network, groups, plan, weight_decay=recipe["weight_decay"])
        self._smoothing, self._type_weight = recipe["label_smoothing"], recipe["type_weight"]
        self._mixing = torch.distributions.Beta(recipe["mixing"], recipe["mixing"])

    def losses(self, network: nn.Module, batch: Batch) -> Losses:
        """Losses of a batch by name."""
        images, kinds, possible = batch
        # pictures laid over each other (https://arxiv.org/abs/1710.09412): 1,900 annotated ones are soon known by heart
        share = float(self._mixing.sample()) if network.training else 1.0
        mixed = images.lerp(images.flip(0), 1 - share).to(memory_format=torch.channels_last)
        kind_logits, type_logits = network(mixed)
        of_kind, of_type = (
            share * loss(kinds, possible) + (1 - share) * loss(kinds.flip(0), possible.flip(0))
            for loss in (
                lambda kinds, _: functional.cross_entropy(kind_logits, kinds, label_smoothing=self._smoothing),
                lambda _, possible: type_loss(type_logits, possible),
            )
        )
        return {"total": of_kind + self._type_weight * of_type, "kind": of_kind, "type": of_type}


def type_loss(logits: Tensor, possible: Tensor) -> Tensor:
    """Minus the logarithm of the probability of all possible types together, mean of the pictures that have some.

    Args:
        logits: `(N, TYPES)`.
        possible: `(N, TYPES)` bool.
    """
    known = possible.any(1)
    if not bool(known.any()):
        return logits.sum() * 0
    logs = logits[known].log_softmax(1).masked_fill(~possible[known], -torch.inf)
    return -logs.logsumexp(1).mean()


def batches(pictures: Sequence[PanelPicture], recipe: Mapping[str, Any], seed: int) -> Iterator[Batch]:
    """Endless batches of altered pictures."""
    rng = random.Random(seed)
    weights = sampling_weights(pictures, recipe["shares"]).tolist()
    while True:
        chosen = rng.choices(pictures, weights, k=recipe["batch_size"])
        images = as_input(np.stack([altered(picture, recipe["input_px"], rng) for picture in chosen]))
        kinds = torch.tensor([KINDS.index(picture.kind) for picture in chosen])
        possible = torch.tensor([[name in picture.types for name in TYPES] for picture in chosen])
        yield images, kinds, possible


def gather(annotated: Sequence[Path], data: Path | None, drawn: Path | None, folder: Path, seed: int) -> None:
    """Cut out the pictures that are learned from and those that are held back, unless they are there already."""
    if (folder / "learned" / "pictures.json").is_file():
        return
    learned, held = held_back(figure for each in annotated for figure in read_annotated(each))
    save(annotated_pictures(held), folder / "held_back")
    published = published_pictures(data) if data else ()
    rare = stored_pictures(drawn, _DRAWN_MOST, seed) if drawn else ()
    save(chain(annotated_pictures(learned), published, rare), folder / "learned")


def train(checkpoints: Path, recipe: Mapping[str, Any], *, pretrained: bool = True, start: Path | None = None) -> None:
    """Learn until the recipe's time is spent from the pictures beside the checkpoints; resumes if it can.

    Arguments and errors are those of `KindTraining`.
    """
    cv2.setNumThreads(1)
    training = KindTraining(recipe, pretrained=pretrained, start=start)
    training.resume(checkpoints)
    source = batches(load_pictures(checkpoints / "learned"), recipe, recipe["seed"] + training.step)
    held = load_pictures(checkpoints / "held_back")

    def metrics_of(averaged: nn.Module) -> dict[str, float]:
        assert isinstance(averaged, KindNetwork)
        numbers = score(KindClassifier(averaged, torch.device("cpu"), recipe["input_px"]), held)
        logging.getLogger(__name__).info("held back: %s", ", ".join(f"{k} {v:.3f}" for k, v in numbers.items()))
        return numbers

    header = {"kinds": " ".join(KINDS), "types": ", ".join(TYPES), "input_px": str(recipe["input_px"]),
              "backbone": "efficientnet-lite0, from its ImageNet weights (Apache-2.0)"}  # fmt: skip

    def losses_of(network: nn.Module) -> Losses:
        return training.losses(network, next(source))

    run(training, checkpoints, losses_of, metrics_of=metrics_of, header=header)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Train the kind network.")
    parser.add_argument("--annotated", type=Path, nargs="+", required=True, help="folders of annotated figures")
    parser.add_argument("--data", type=Path, help="folder of published micrographs and graphs that stand alone")
    parser.add_argument("--drawn", type=Path, help="folder of figures drawn ahead")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/kinds"))
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--steps", type=int, help="end after so many")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, all runs together")
    parser.add_argument("--threads", type=int, default=0, help="of torch on the CPU; 0: as torch likes")
    parser.add_argument("--start", type=Path, help="folder of kinds.safetensors to begin with, where no checkpoint is")
    parser.add_argument("--no-pretrained", action="store_true", help="start from random weights")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.threads:
        torch.set_num_threads(options.threads)
    recipe = tomllib.loads(options.recipe.read_text(encoding="utf-8"))
    recipe |= {name: value for name in ("steps", "minutes") if (value := getattr(options, name)) is not None}
    gather(options.annotated, options.data, options.drawn, options.checkpoints, recipe["seed"])
    train(options.checkpoints, recipe, pretrained=not options.no_pretrained, start=options.start)


if __name__ == "__main__":
    main()
