"""The networks that can be trained: how each learns, where its weights come out, how it is measured.

DATA/figures, DATA/figures/gold    real figures with gold: the validation set, never learned from
DATA/scale_labels                  crops of scale labels with labels.csv: likewise
DATA/tiles, DATA/layouts, …        what is learned from, beside drawn figures
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import models
from exsclaim.errors import TrainingError
from exsclaim.quality import gold_digest
from exsclaim.records import Record

Recipe = Mapping[str, Any]
Step = tuple[str, list[str]]
"""A module of `models`, and its arguments."""

FURNITURE_THRESHOLD = 0.4
"""Confidence from which on a detected letter, bar or label counts when the detector is measured alone."""


class Order(Record):
    """What is to be trained, on what, and for how long. `minutes` and `steps` replace the recipe's."""

    network: str
    data: Path
    work: Path
    """Drawn figures, checkpoints, log and the weights: a folder to go on in after an interruption."""
    figures: int = 8000
    """How many figures are drawn."""
    minutes: float | None = None
    steps: int | None = None

    @property
    def drawn(self) -> Path:
        return self.work / "drawn"

    @property
    def checkpoints(self) -> Path:
        return self.work / "checkpoints"


@dataclass(frozen=True)
class Trainable:
    """A network: `learning` gives the modules to run, `finish` makes `<checkpoints>/<weights>.safetensors`.

    `evaluate` takes the folder of the weights and that of the data; more of its metric `measure` is better.
    """

    weights: str
    measure: str
    learning: Callable[[Order, Recipe], list[Step]]
    evaluate: Callable[[Path, Path], dict[str, float]]
    finish: Callable[[Path], None] = lambda checkpoints: None


def recipe_of(order: Order) -> dict[str, Any]:
    """The network's recipe, with what the order replaces.

    Raises:
        TrainingError: the recipe does not count what the order wants to replace.
    """
    file = Path(models.__file__).with_name(order.network) / "recipe.toml"
    recipe = tomllib.loads(file.read_text(encoding="utf-8"))
    if order.steps is not None:
        if "steps" not in recipe:
            raise TrainingError(f"the recipe of {order.network} counts minutes, not steps: give --minutes")
        recipe["steps"] = order.steps
    if order.minutes is not None:
        recipe["minutes"] = order.minutes
    return recipe


def validation_digest(data: Path) -> str:
    """What the validation set is: qualities are comparable where this is the same."""
    sha = hashlib.sha256(gold_digest(data / "figures" / "gold").encode())
    labels = data / "scale_labels" / "labels.csv"
    sha.update(labels.read_bytes() if labels.is_file() else b"")
    return sha.hexdigest()[:16]


def _learn_panels(order: Order, recipe: Recipe) -> list[Step]:
    # this training takes its numbers from a recipe file alone
    file = order.work / "recipe.toml"
    file.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in recipe.items()), encoding="utf-8")
    return [
        ("models.panels.drawn", [str(order.drawn), "--count", str(order.figures), "--real", str(order.data)]),
        ("models.panels.train", [str(order.drawn), "--checkpoints", str(order.checkpoints), "--recipe", str(file)]),
    ]


def _finish_panels(checkpoints: Path) -> None:
    import torch

    from models.panels.export import export

    checkpoint = checkpoints / "last.pt"
    steps = torch.load(checkpoint, map_location="cpu", weights_only=True)["step"]
    export(checkpoint, checkpoints, f"1.{steps}", {})


def _evaluate_panels(weights: Path, data: Path) -> dict[str, float]:
    from exsclaim.figures.detection.panel_detector import PanelDetector
    from exsclaim.figures.image import read_image
    from exsclaim.settings import settings
    from models.panels.evaluate import evaluate, gold_panels

    figures = {
        file.stem: (
            read_image(data / "figures" / f"{file.stem}.png", settings().max_image_megapixels),
            gold_panels(file),
        )
        for file in sorted((data / "figures" / "gold").glob("*.json"))
    }
    return evaluate(PanelDetector.load("cpu", weights), figures).summary()


def _learn_furniture(order: Order, recipe: Recipe) -> list[Step]:
    data, drawn = ["--data", str(order.data)], str(order.drawn)
    learning = [*data, "--pool", drawn, "--checkpoints", str(order.checkpoints)]
    return [
        ("models.furniture.pool", [*data, "--out", drawn, "--count", str(order.figures)]),
        ("models.furniture.train", [*learning, *_limits(recipe)]),
    ]


def _evaluate_furniture(weights: Path, data: Path) -> dict[str, float]:
    from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector
    from exsclaim.figures.detection.bar_and_label_network import KINDS, NAME, BarAndLabelNetwork
    from exsclaim.figures.weights import load_weights
    from models.furniture.evaluate import evaluate, gold_figures

    network = BarAndLabelNetwork()
    network.load_state_dict(load_weights(NAME, weights)[0])
    counts, seconds = evaluate(BarAndLabelDetector(network), gold_figures(data / "figures"))
    at = {kind: counts[kind, FURNITURE_THRESHOLD] for kind in KINDS}
    metrics = {f"{kind}.{rate}": getattr(at[kind], rate) for kind in KINDS for rate in ("precision", "recall", "f1")}
    return metrics | {
        "f1_mean": sum(count.f1 for count in at.values()) / len(at),
        "scale_bar.length_within_5_percent": at["scale_bar"].exact / max(1, at["scale_bar"].matched),
        "cpu_seconds_per_megapixel": seconds,
    }


def _learn_reader(order: Order, recipe: Recipe) -> list[Step]:
    tiles = ["--tiles", str(order.data / "tiles"), "--checkpoints", str(order.checkpoints)]
    return [("models.readers.train", [*tiles, *_limits(recipe)])]


def _evaluate_reader(weights: Path, data: Path) -> dict[str, float]:
    from exsclaim.figures.detection.text_network import NAME, Reader
    from exsclaim.figures.detection.text_reader import TextReader
    from exsclaim.figures.weights import load_weights
    from models.readers.evaluate import score_gold, score_label_crops

    network = Reader()
    network.load_state_dict(load_weights(NAME, weights)[0])
    reader = TextReader(network)
    crops = score_label_crops(reader, data / "scale_labels")
    letters, labels = score_gold(reader, data / "figures")
    scores = {"label_crops_right": crops, "letters_right": letters, "scale_labels_right": labels}
    right, count = (sum(getattr(score, what) for score in scores.values()) for what in ("right", "count"))
    return {name: score.share for name, score in scores.items()} | {"texts_right": right / max(1, count)}


def _limits(recipe: Recipe) -> list[str]:
    """As far as the training's own command knows them."""
    return [text for name in ("steps", "minutes") if name in recipe for text in (f"--{name}", str(recipe[name]))]


NETWORKS: dict[str, Trainable] = {
    "panels": Trainable("panels", "f1_at_0.75", _learn_panels, _evaluate_panels, _finish_panels),
    "furniture": Trainable("bars_and_labels", "f1_mean", _learn_furniture, _evaluate_furniture),
    "readers": Trainable("reader", "texts_right", _learn_reader, _evaluate_reader),
}
