"""Train the reader: `python -m models.readers.train --tiles FOLDER`. Stopped at any moment, it goes on where it was.

FOLDER/emps      real tiles with furniture.json      FOLDER/nasa    micrographs without furniture (ground)
CHECKPOINTS/reader.pt      everything to go on from
CHECKPOINTS/reader.safetensors      the averaged weights, to be copied to exsclaim/figures/weights when better
"""

import argparse
import copy
import logging
import math
import time
import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from exsclaim.figures.detection.text_network import BLANK, CHARACTERS, NAME, Reader, batch, prepare
from exsclaim.figures.weights import save_weights
from models.readers.data import Crop, drawn_crop, real_crop, real_texts

LOG = logging.getLogger("models.readers")
RECIPE = Path(__file__).with_name("recipe.toml")


def train(
    tiles: Path, checkpoints: Path, recipe: dict[str, Any], *, threads: int = 1, minutes: float | None = None
) -> None:
    """Train to the recipe's last step, saving checkpoints on the way; resumes from `checkpoints` if it can.

    `minutes`, of all its runs together, ends it earlier on a slow machine; the learning rate falls accordingly.
    """
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    checkpoints.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe["seed"])
    network = Reader().to(memory_format=torch.channels_last)
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
    sources = real_texts(tiles / "emps", held_out=False)
    kept = real_texts(tiles / "emps", held_out=True)
    grounds = _pictures(tiles / "nasa")
    rng = np.random.default_rng([recipe["seed"], first])
    loss_of = nn.CTCLoss(blank=BLANK, zero_infinity=True)
    started, total = time.monotonic(), 0.0
    for step in range(first, recipe["steps"]):
        elapsed_s = spent + time.monotonic() - started
        progress = max(step / recipe["steps"], elapsed_s / (60 * minutes) if minutes else 0.0)
        last = progress >= 1 or step + 1 == recipe["steps"]
        for group in optimiser.param_groups:
            group["lr"] = recipe["learning_rate"] * _schedule(step, progress, recipe["warm_up_steps"])
        crops = [
            real_crop(sources[rng.integers(len(sources))], rng)
            if sources and rng.random() < recipe["real_share"]
            else drawn_crop(grounds, rng)
            for _ in range(recipe["batch"])
        ]
        images, lengths = batch([prepare(crop.image) for crop in crops])
        targets = [torch.tensor([1 + CHARACTERS.index(c) for c in crop.text], dtype=torch.long) for crop in crops]
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(images.to(memory_format=torch.channels_last))
        loss = loss_of(
            scores.transpose(0, 1), torch.cat(targets), lengths, torch.tensor([len(target) for target in targets])
        )
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        _average(averaged, network, min(recipe["averaging"], (1 + step) / (10 + step)))
        total += loss.item()
        done = step + 1
        if done % 50 == 0:
            LOG.info("step %d loss %.3f (%.0f s)", done, total / 50, time.monotonic() - started)
            total = 0.0
        if done % recipe["check_every"] == 0 or last:
            right = share_right(averaged, kept)
            LOG.info("step %d: held-out real texts read right %.3f", done, right)
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
                checkpoints / f"{NAME}.safetensors",
                averaged.state_dict(),
                name=NAME,
                version=f"1.{done}",
                metrics={"held_out_texts_right": right},
            )
        if last:
            break


def share_right(network: Reader, sources: list[Any]) -> float:
    """Share of real texts that greedy decoding reads to the letter (case apart)."""
    network.eval()
    rng = np.random.default_rng(0)
    right = 0
    with torch.inference_mode():
        for source in sources:
            crop: Crop = real_crop(source, rng)
            images, _ = batch([prepare(crop.image)])
            best = network(images)[0].argmax(1).tolist()
            text = "".join(
                CHARACTERS[c - 1] for c, before in zip(best, [BLANK, *best], strict=False) if c not in (before, BLANK)
            )
            right += text.lower() == crop.text.lower()
    return right / max(1, len(sources))


def _schedule(step: int, progress: float, warm_up_steps: int) -> float:
    return min(1.0, (step + 1) / warm_up_steps) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def _pictures(folder: Path) -> list[NDArray[np.uint8]]:
    found = (cv2.imread(str(path)) for path in sorted(folder.glob("*.jpg"))[:200])
    return [picture.astype(np.uint8) for picture in found if picture is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=Path, required=True)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, all runs together")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = tomllib.loads(RECIPE.read_text())
    if options.steps:
        recipe["steps"] = options.steps
    train(options.tiles, options.checkpoints, recipe, threads=options.threads, minutes=options.minutes)


if __name__ == "__main__":
    main()
