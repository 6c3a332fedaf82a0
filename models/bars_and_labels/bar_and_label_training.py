"""Train the detection of scale bars and labels.

    python -m models.bars_and_labels.bar_and_label_training --data FOLDER [--pool POOL] [--annotated POOL]

DATA/tiles/emps, DATA/graphs      real tiles with furniture.json; real graphs (where nothing of it is)
POOL                              drawn figures, see `scene_pool`; it may grow while this runs
CHECKPOINTS                       see `models.training_loop`
"""

import argparse
import logging
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
from exsclaim.figures.weights import load_weights
from models.bars_and_labels.info_strips import with_strip
from models.bars_and_labels.scene_crops import crop, images, targets
from models.bars_and_labels.scenes import Scene, composed, drawn, graphs, real_tiles
from models.figures.fonts import use_installed_fonts
from models.training_loop import Losses, Plan, Training, run

RECIPE = Path(__file__).with_name("recipe.toml")


def train(
    data: Path, pool: Path | None, checkpoints: Path, recipe: dict[str, Any], *,
    annotated: Path | None = None, start: Path | None = None, threads: int = 1, minutes: float | None = None,
) -> None:  # fmt: skip
    """Train to the recipe's last step, saving checkpoints on the way; resumes from `checkpoints` if it can.

    `minutes`, of all its runs together, ends it earlier on a slow machine; the learning rate falls accordingly.
    `annotated` is a pool of annotated figures (see `annotated_scenes`); `start` a folder of weights to begin with,
    where there is no checkpoint.
    """
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    torch.manual_seed(recipe["seed"])
    network = BarAndLabelNetwork().to(memory_format=torch.channels_last)
    training = Training(
        NAME, network, [{"params": list(network.parameters()), "peak": recipe["learning_rate"]}],
        Plan(steps=recipe["steps"], minutes=minutes, warm_up_steps=recipe["warm_up_steps"],
             averaging=recipe["averaging"]),
        weight_decay=recipe["weight_decay"],
    )  # fmt: skip
    if not training.resume(checkpoints) and start is not None:
        training.begin_with(load_weights(NAME, start)[0])
    crops = _crops(data, pool, annotated, recipe, np.random.default_rng([recipe["seed"], training.step]))

    def losses_of(network: nn.Module) -> Losses:
        batch = [next(crops) for _ in range(recipe["batch"])]
        with torch.autocast("cpu", torch.bfloat16):
            heat, shape = network(images(batch).to(memory_format=torch.channels_last))
        of_heat, centre, size = losses(heat.float(), shape.float(), *targets(batch))
        return {"total": of_heat + 0.25 * centre + 0.5 * size, "heat": of_heat, "centre": centre, "size": size}

    run(training, checkpoints, losses_of)


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


def _crops(
    data: Path, pool: Path | None, annotated: Path | None, recipe: dict[str, Any], rng: np.random.Generator
) -> Iterator[Scene]:
    """Endless crops; scenes are mixed within a batch by a small buffer."""
    tiles, others = real_tiles(data / "tiles" / "emps", held_out=False), graphs(data / "graphs", 300)
    buffer: list[Scene] = []
    drawings: list[Path] = []
    real = sorted(annotated.glob("*.jpg")) if annotated is not None else []
    count = 0
    while True:
        if pool is not None and count % 500 == 0:
            drawings = sorted(path for path in pool.glob("*.jpg") if path.with_suffix(".json").is_file())
        count += 1
        if real and rng.random() < recipe["annotated_share"]:
            source = drawn(real[rng.integers(len(real))])
        elif drawings and rng.random() >= recipe["real_share"]:
            source = drawn(drawings[rng.integers(len(drawings))])
        else:
            # microscopes' strips are rare among the real tiles, and unlike all other bars
            stripped = [with_strip(tiles[rng.integers(len(tiles))], rng) for _ in range(2)]
            source = composed(tiles, [*stripped, *stripped, others[rng.integers(len(others))]], rng)
        buffer += [crop(source, recipe["crop_px"], rng) for _ in range(recipe["crops_per_scene"])]
        while len(buffer) > 4 * recipe["batch"]:
            yield buffer.pop(int(rng.integers(len(buffer))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    parser.add_argument("--minutes", type=float, help="end after so many minutes, all runs together")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--annotated", type=Path, help="pool of annotated figures, as annotated_scenes writes it")
    parser.add_argument("--start", type=Path, help="folder of weights to begin with, where no checkpoint is")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    options = parser.parse_args()
    use_installed_fonts()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = tomllib.loads(options.recipe.read_text())
    if options.steps:
        recipe["steps"] = options.steps
    train(
        options.data, options.pool, options.checkpoints, recipe, annotated=options.annotated, start=options.start,
        threads=options.threads, minutes=options.minutes,
    )  # fmt: skip


if __name__ == "__main__":
    main()
