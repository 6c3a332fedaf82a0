"""Train a reader, or go on with it: `python -m models.readers.text_training --tiles FOLDER [--name scale_reader]`.

FOLDER/emps      real tiles with furniture.json      FOLDER/nasa    micrographs without furniture (ground)
POOL (--annotated)   printed labels of annotated figures
CHECKPOINTS      see `models.training_loop`
"""

import argparse
import logging
import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from exsclaim.figures.detection.text_network import BLANK, CHARACTERS, NAME, SCALE_NAME, Reader, batch, prepare
from exsclaim.figures.weights import load_weights
from models.figures.fonts import use_installed_fonts
from models.readers import annotated_texts
from models.readers.text_crops import Crop, drawn_crop, real_crop, real_texts
from models.training_loop import Losses, Plan, Training, run

RECIPES = {NAME: Path(__file__).with_name("recipe.toml"), SCALE_NAME: Path(__file__).with_name("scale_recipe.toml")}
"""Of each reader, by the name of its weights."""


def train(
    tiles: Path, checkpoints: Path, recipe: dict[str, Any], *, name: str = NAME,
    annotated: Path | None = None, start: Path | None = None, threads: int = 1, minutes: float | None = None,
) -> None:  # fmt: skip
    """Train to the recipe's last step, saving checkpoints on the way; resumes from `checkpoints` if it can.

    `minutes`, of all its runs together, ends it earlier on a slow machine; the learning rate falls accordingly. `start`
    is a folder of weights to begin with, where there is no checkpoint; `annotated` a pool of `annotated_texts`, from
    which half of the real crops come; `name` that of the weights: `text_network.NAME` or `SCALE_NAME`.
    """
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    torch.manual_seed(recipe["seed"])
    network = Reader().to(memory_format=torch.channels_last)
    training = Training(
        name, network, [{"params": list(network.parameters()), "peak": recipe["learning_rate"]}],
        Plan(steps=recipe["steps"], minutes=minutes, warm_up_steps=recipe["warm_up_steps"],
             averaging=recipe["averaging"], largest_gradient=5.0),
        weight_decay=recipe["weight_decay"],
    )  # fmt: skip
    if not training.resume(checkpoints) and start is not None:
        training.begin_with(load_weights(name, start)[0])
    sources = real_texts(tiles / "emps", held_out=False)
    printed = annotated_texts.load(annotated) if annotated else []
    kept = real_texts(tiles / "emps", held_out=True)
    grounds = _pictures(tiles / "nasa")
    rng = np.random.default_rng([recipe["seed"], training.step])
    loss_of = nn.CTCLoss(blank=BLANK, zero_infinity=True)

    def losses_of(network: nn.Module) -> Losses:
        crops = []
        for _ in range(recipe["batch"]):
            real = printed if printed and rng.random() < 0.5 else sources
            is_real = real and rng.random() < recipe["real_share"]
            crops.append(real_crop(real[rng.integers(len(real))], rng) if is_real else drawn_crop(grounds, rng))
        images, lengths = batch([prepare(crop.image) for crop in crops])
        targets = [torch.tensor([1 + CHARACTERS.index(c) for c in crop.text], dtype=torch.long) for crop in crops]
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(images.to(memory_format=torch.channels_last))
        counts = torch.tensor([len(target) for target in targets])
        return {"total": loss_of(scores.transpose(0, 1), torch.cat(targets), lengths, counts)}

    run(
        training,
        checkpoints,
        losses_of,
        metrics_of=lambda averaged: {"held_out_texts_right": _share_right(averaged, kept)},
    )


def _share_right(network: nn.Module, sources: list[Any]) -> float:
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


def _pictures(folder: Path) -> list[NDArray[np.uint8]]:
    found = (cv2.imread(str(path)) for path in sorted(folder.glob("*.jpg"))[:200])
    return [picture.astype(np.uint8) for picture in found if picture is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=Path, required=True)
    parser.add_argument("--annotated", type=Path, help="pool of `models.readers.annotated_texts`")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--name", choices=(NAME, SCALE_NAME), default=NAME, help="which of the two readers")
    parser.add_argument("--recipe", type=Path, help="instead of its own")
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, all runs together")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="folder of weights to begin with, where no checkpoint is")
    options = parser.parse_args()
    use_installed_fonts()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = tomllib.loads((options.recipe or RECIPES[options.name]).read_text())
    if options.steps:
        recipe["steps"] = options.steps
    train(
        options.tiles,
        options.checkpoints,
        recipe,
        name=options.name,
        annotated=options.annotated,
        start=options.start,
        threads=options.threads,
        minutes=options.minutes,
    )


if __name__ == "__main__":
    main()
