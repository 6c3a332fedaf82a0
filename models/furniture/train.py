"""Train the furniture detector: `python -m models.furniture.train --data FOLDER --pool FOLDER`.

DATA/tiles/emps, DATA/graphs      real tiles with furniture.json; real graphs (where nothing of it is)
POOL                              drawn figures, see `models.furniture.pool`; it may grow while this runs
CHECKPOINTS/furniture.pt          everything to go on from: stopped at any moment, it goes on where it was
CHECKPOINTS/bars_and_labels.safetensors the averaged weights, to be copied to exsclaim/figures/weights when better
"""

import argparse
import copy
import logging
import math
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from exsclaim.figures.detection.bar_and_label_network import NAME, BarAndLabelNetwork
from exsclaim.figures.weights import save_weights
from models.furniture.data import crop, images, targets
from models.furniture.scenes import Scene, composed, drawn, graphs, real_tiles
from models.furniture.strips import with_strip

LOG = logging.getLogger("models.furniture")
RECIPE = Path(__file__).with_name("recipe.toml")


def train(
    data: Path, pool: Path | None, checkpoints: Path, recipe: dict[str, Any], *,
    threads: int = 1, minutes: float | None = None,
) -> None:  # fmt: skip
    """Train to the recipe's last step, saving checkpoints on the way; resumes from `checkpoints` if it can.

    `minutes`, of all its runs together, ends it earlier on a slow machine; the learning rate falls accordingly.
    """
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe["seed"])
    network = BarAndLabelNetwork().to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe["learning_rate"], weight_decay=recipe["weight_decay"])
    saved = checkpoints / f"{NAME}.pt"
    first, spent = 0, 0.0
    if saved.is_file():
        state = torch.load(saved, weights_only=True)
        network.load_state_dict(state["network"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        first, spent = state["step"], state["spent_s"]
    crops = _crops(data, pool, recipe, np.random.default_rng([recipe["seed"], first]))
    started, sums = time.monotonic(), np.zeros(3)
    for step in range(first, recipe["steps"]):
        elapsed_s = spent + time.monotonic() - started
        progress = max(step / recipe["steps"], elapsed_s / (60 * minutes) if minutes else 0.0)
        last = progress >= 1 or step + 1 == recipe["steps"]
        for group in optimiser.param_groups:
            group["lr"] = recipe["learning_rate"] * _schedule(step, progress, recipe["warm_up_steps"])
        batch = [next(crops) for _ in range(recipe["batch"])]
        with torch.autocast("cpu", torch.bfloat16):
            heat, shape = network(images(batch).to(memory_format=torch.channels_last))
        parts = losses(heat.float(), shape.float(), *targets(batch))
        loss = parts[0] + 0.25 * parts[1] + 0.5 * parts[2]
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        _average(averaged, network, min(recipe["averaging"], (1 + step) / (10 + step)))
        sums += [part.item() for part in parts]
        done = step + 1
        if done % 50 == 0:
            LOG.info("step %d heat %.3f centre %.3f size %.3f (%.0f s)", done, *sums / 50, time.monotonic() - started)
            sums[:] = 0
        if done % recipe["check_every"] == 0 or last:
            state = {
                "network": network.state_dict(),
                "averaged": averaged.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": done,
                "spent_s": elapsed_s,
            }
            torch.save(state, saved.with_suffix(".partial"))
            saved.with_suffix(".partial").replace(saved)
            save_weights(
                checkpoints / f"{NAME}.safetensors", averaged.state_dict(), name=NAME, version=f"1.{done}", metrics={}
            )
        if last:
            break


def losses(
    heat: Tensor, shape: Tensor, true_heat: Tensor, true_shape: Tensor, weight: Tensor, known: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Loss of the heat (focal, as in "Objects as Points"), of the centres and of the sizes, each per object.

    A centre's error counts in eighths of the object's side, where that is more than a cell: nobody can say the
    middle of a long bar to the pixel, and its ends are measured on the image anyway.
    """
    positive = (true_heat > 0.999).float()
    seen = heat.sigmoid()
    hit = positive * (1 - seen) ** 2 * functional.logsigmoid(heat)
    miss = (1 - positive) * (1 - true_heat) ** 4 * seen**2 * functional.logsigmoid(-heat)
    objects = positive.sum().clamp(min=1)
    of_heat = -((hit + miss) * known).sum() / objects
    scale = (true_shape[:, :, 2:].exp() / 8).clamp(min=1)
    total = weight.sum().clamp(min=1)
    centre = functional.smooth_l1_loss(
        shape[:, :, :2] / scale, true_shape[:, :, :2] / scale, reduction="none", beta=0.1
    )
    size = functional.smooth_l1_loss(shape[:, :, 2:], true_shape[:, :, 2:], reduction="none", beta=0.1)
    return of_heat, (centre.sum(2) * weight).sum() / total, (size.sum(2) * weight).sum() / total


def _crops(data: Path, pool: Path | None, recipe: dict[str, Any], rng: np.random.Generator) -> Iterator[Scene]:
    """Endless crops; scenes are mixed within a batch by a small buffer."""
    tiles, others = real_tiles(data / "tiles" / "emps", held_out=False), graphs(data / "graphs", 300)
    buffer: list[Scene] = []
    drawings: list[Path] = []
    count = 0
    while True:
        if pool is not None and count % 500 == 0:
            drawings = sorted(path for path in pool.glob("*.jpg") if path.with_suffix(".json").is_file())
        count += 1
        if drawings and rng.random() >= recipe["real_share"]:
            source = drawn(drawings[rng.integers(len(drawings))])
        else:
            # microscopes' strips are rare among the real tiles, and unlike all other furniture
            stripped = [with_strip(tiles[rng.integers(len(tiles))], rng) for _ in range(2)]
            source = composed(tiles, [*stripped, *stripped, others[rng.integers(len(others))]], rng)
        buffer += [crop(source, recipe["crop_px"], rng) for _ in range(recipe["crops_per_scene"])]
        while len(buffer) > 4 * recipe["batch"]:
            yield buffer.pop(int(rng.integers(len(buffer))))


def _schedule(step: int, progress: float, warm_up_steps: int) -> float:
    return min(1.0, (step + 1) / warm_up_steps) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, all runs together")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = tomllib.loads(RECIPE.read_text())
    if options.steps:
        recipe["steps"] = options.steps
    train(options.data, options.pool, options.checkpoints, recipe, threads=options.threads, minutes=options.minutes)


if __name__ == "__main__":
    main()
