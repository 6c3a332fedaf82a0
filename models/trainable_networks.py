"""The networks that can be trained: how each learns, where its weights come out, how it is measured.

DATA/figures, DATA/figures/gold    real figures with gold: the validation set, never learned from
DATA/scale_labels                  crops of scale labels with labels.csv: likewise
DATA/tiles, DATA/layouts, …        what is learned from, beside drawn figures
FIGURES                            figures of one's own with gold (`models.annotated_figures`): those of a fifth of
                                   their articles are the validation set of panels and kinds, the others are learned
                                   from
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import models
from exsclaim.errors import TrainingError
from exsclaim.figures.image import read_image
from exsclaim.figures.weights import FOLDER as WEIGHTS_FOLDER
from exsclaim.figures.weights import load_weights
from exsclaim.quality import gold_digest, read_gold
from exsclaim.records import PanelKind, Record
from exsclaim.settings import settings
from models.annotated_figures import AnnotatedFigure, figures_digest, held_back, read_annotated

if TYPE_CHECKING:
    from models.panels.panel_evaluation import Figures

Recipe = Mapping[str, Any]
Step = tuple[str, list[str]]
"""A module of `models`, and its arguments."""

DETECTION_THRESHOLD = 0.4
"""Confidence from which on a detected letter, bar or label counts when the detector is measured alone."""


_ANNOTATED = ("figures_micro", "figures_fields")
"""Folders of real data whose part `train` the kind network learns from."""

WORST_SHOWN = 6
"""Figures of the validation set that a training's run shows."""


class Order(Record):
    """Order for a training: the network, its data and its length. `minutes` and `steps` replace the recipe's."""

    network: str
    work: Path
    """Drawn figures, checkpoints, log and the weights: a folder to go on in after an interruption."""
    data: Path | None = None
    """Real data; the panel network can do without where there are `figures`."""
    figures: Path | None = None
    """Annotated figures of one's own, for the networks of panels and kinds."""
    drawn_count: int = 8000
    """Number of figures that are drawn."""
    minutes: float | None = None
    steps: int | None = None

    @property
    def drawn(self) -> Path:
        return self.work / "drawn"

    @property
    def learned(self) -> Path:
        """Folder of what a training makes of figures of one's own: with others than before it begins anew."""
        if self.figures is None:
            return self.work
        return self.work / f"figures-{figures_digest(held_back(read_annotated(self.figures))[0])}"

    @property
    def stored(self) -> Path:
        """Annotated figures as the training reads them."""
        return self.learned / "annotated"

    @property
    def real_data(self) -> Path:
        """`data`.

        Raises:
            TrainingError: there is none.
        """
        if self.data is None:
            raise TrainingError(f"the training of {self.network} needs real data: give --data")
        return self.data

    @property
    def checkpoints(self) -> Path:
        return self.learned / "checkpoints"


@dataclass(frozen=True)
class Trainable:
    """A network: `learning` gives the modules to run, which make `<checkpoints>/<weights>.safetensors`.

    `evaluate` takes the folder of the weights and the order; more of its metric `measure` is better. `worst` draws the
    figures of the validation set that come out worst: file name -> PNG.
    """

    weights: str
    measure: str
    learning: Callable[[Order, Recipe], list[Step]]
    evaluate: Callable[[Path, Order], dict[str, float]]
    worst: Callable[[Path, Order], dict[str, bytes]] = lambda weights, order: {}
    recipe: str = ""
    """Its file under models/, where it is not that of the network's own folder."""


def recipe_of(order: Order) -> dict[str, Any]:
    """The network's recipe, with what the order replaces; a training ends after steps or minutes, the first of both."""
    file = Path(models.__file__).parent / (NETWORKS[order.network].recipe or f"{order.network}/recipe.toml")
    recipe = tomllib.loads(file.read_text(encoding="utf-8"))
    if order.steps is not None:
        recipe["steps"] = order.steps
    if order.minutes is not None:
        recipe["minutes"] = order.minutes
    return recipe


def validation_digest(order: Order) -> str:
    """Digest of the validation set: qualities are comparable where this is the same."""
    if order.figures is not None:
        return figures_digest(_held_back(order.figures))
    sha = hashlib.sha256(gold_digest(order.real_data / "figures" / "gold").encode())
    labels = order.real_data / "scale_labels" / "labels.csv"
    sha.update(labels.read_bytes() if labels.is_file() else b"")
    return sha.hexdigest()[:16]


def check_validation(order: Order) -> None:
    """Read the gold of the validation set: wrong gold is better known before hours of training.

    Raises:
        GoldError: it is missing or malformed.
        ImageError: an image of one's own figures is damaged.
        TrainingError: so few figures are given that none is held back, or none is left to learn from.
    """
    if order.data is not None and not order.data.is_dir():
        raise TrainingError(f"there is no folder {order.data} of real data; check --data, or leave it out")
    if order.figures is None:
        read_gold(order.real_data / "figures" / "gold")
        return
    if order.network not in ("panels", "kinds"):
        raise TrainingError(
            f"figures of one's own train the networks of panels and kinds, not {order.network}: leave --figures out"
        )
    learned, held = held_back(read_annotated(order.figures))
    if not learned or not held:
        raise TrainingError(
            f"{order.figures}: figures to learn from {len(learned)}, held back {len(held)}: figures of more articles "
            "are needed, or a sources.json that says which article each is from"
        )
    # of these a training learns nothing, and nothing is measured on them
    passed_over = {PanelKind.UNCLEAR, PanelKind.PARENT} if order.network == "kinds" else {PanelKind.UNCLEAR}
    for what, figures in (("to learn from", learned), ("held back", held)):
        own = [panel for figure in figures for panel in figure.panels if not panel.nested]
        if not any(panel.kind not in passed_over for panel in own):
            raise TrainingError(
                f"{order.figures}: none of the figures {what} has a panel annotated that is something else than "
                f"{' or '.join(sorted(passed_over))}; annotate more"
            )
    for figure in (*learned, *held):
        read_image(figure.image, settings().max_image_megapixels)


def _held_back(figures: Path) -> list[AnnotatedFigure]:
    return held_back(read_annotated(figures))[1]


def _learn_panels(order: Order, recipe: Recipe) -> list[Step]:
    # this training takes its numbers from a recipe file alone
    file = order.work / "recipe.toml"
    file.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in recipe.items()), encoding="utf-8")
    real = ["--real", str(order.data)] if order.data else []
    learning = [str(order.drawn), "--checkpoints", str(order.checkpoints), "--recipe", str(file)]
    steps = [("models.panels.stored_figures", [str(order.drawn), "--count", str(order.drawn_count), *real])]
    if order.figures is not None:
        steps.append(("models.panels.stored_figures", [str(order.stored), "--annotated", str(order.figures)]))
        learning += ["--annotated", str(order.stored), "--start", str(WEIGHTS_FOLDER)]
    return [*steps, ("models.panels.panel_training", learning)]


def _validation_panels(order: Order) -> "Figures":
    from models.panels.panel_evaluation import annotated_figures, real_figures

    if order.figures is not None:
        return annotated_figures(_held_back(order.figures))
    return real_figures(order.real_data / "figures", order.real_data / "figures" / "gold")


def _evaluate_panels(weights: Path, order: Order) -> dict[str, float]:
    from exsclaim.figures.detection.panel_detector import PanelDetector
    from models.panels.panel_evaluation import evaluate

    return evaluate(PanelDetector.load("cpu", weights), _validation_panels(order)).summary()


def _worst_panels(weights: Path, order: Order) -> dict[str, bytes]:
    from exsclaim.figures.detection.panel_detector import PanelDetector
    from models.panels.panel_evaluation import worst_figures

    return worst_figures(PanelDetector.load("cpu", weights), _validation_panels(order), WORST_SHOWN)


def _learn_kinds(order: Order, recipe: Recipe) -> list[Step]:
    real = ["--real", str(order.data)] if order.data else []
    data = ["--data", str(order.data)] if order.data else []
    own = [order.figures] if order.figures else [order.real_data / name / "train" for name in _ANNOTATED]
    start = ["--start", str(WEIGHTS_FOLDER)] if order.figures else []
    learning = ["--annotated", *map(str, own), *data, "--drawn", str(order.drawn), *start]
    return [
        ("models.panels.stored_figures", [str(order.drawn), "--count", str(order.drawn_count), *real]),
        ("models.kinds.kind_training", [*learning, "--checkpoints", str(order.checkpoints), *_limits(recipe)]),
    ]


def _evaluate_kinds(weights: Path, order: Order) -> dict[str, float]:
    from exsclaim.figures.detection.kind_classifier import KindClassifier
    from models.kinds.kind_crops import annotated_pictures
    from models.kinds.kind_evaluation import score

    figures = _held_back(order.figures) if order.figures else read_annotated(order.real_data / "figures")
    return score(KindClassifier.load("cpu", weights), list(annotated_pictures(figures)))


def _learn_bars_and_labels(order: Order, recipe: Recipe) -> list[Step]:
    data, drawn = ["--data", str(order.real_data)], str(order.drawn)
    learning = [*data, "--pool", drawn, "--checkpoints", str(order.checkpoints)]
    return [
        ("models.bars_and_labels.scene_pool", [*data, "--out", drawn, "--count", str(order.drawn_count)]),
        ("models.bars_and_labels.bar_and_label_training", [*learning, *_limits(recipe)]),
    ]


def _evaluate_bars_and_labels(weights: Path, order: Order) -> dict[str, float]:
    from exsclaim.figures.detection.bar_and_label_detector import BarAndLabelDetector
    from exsclaim.figures.detection.bar_and_label_network import KINDS, NAME, BarAndLabelNetwork
    from models.bars_and_labels.bar_and_label_evaluation import evaluate, gold_figures

    network = BarAndLabelNetwork()
    network.load_state_dict(load_weights(NAME, weights)[0])
    counts, seconds = evaluate(BarAndLabelDetector(network), gold_figures(order.real_data / "figures"))
    at = {kind: counts[kind, DETECTION_THRESHOLD] for kind in KINDS}
    metrics = {
        f"{kind}.{rate}": getattr(at[kind].objects, rate) for kind in KINDS for rate in ("precision", "recall", "f1")
    }
    return metrics | {
        "f1_mean": sum(count.objects.f1 for count in at.values()) / len(at),
        "scale_bar.length_within_5_percent": at["scale_bar"].exact / max(1, at["scale_bar"].objects.matched),
        "cpu_seconds_per_megapixel": seconds,
    }


def _learn_reader(order: Order, recipe: Recipe) -> list[Step]:
    name = ["--name", NETWORKS[order.network].weights]
    tiles = ["--tiles", str(order.real_data / "tiles"), "--checkpoints", str(order.checkpoints)]
    return [("models.readers.text_training", [*name, *tiles, *_limits(recipe)])]


def _evaluate_reader(weights: Path, order: Order) -> dict[str, float]:
    from exsclaim.figures.detection.text_reader import TextReader
    from models.readers.text_evaluation import score_gold, score_label_crops

    reader = TextReader.load("cpu", weights, name=NETWORKS[order.network].weights)
    crops = score_label_crops(reader, order.real_data / "scale_labels")
    letters, labels = score_gold(reader, reader, order.real_data / "figures")
    scores = {"label_crops_right": crops, "letters_right": letters, "scale_labels_right": labels}
    right, count = (sum(getattr(score, what) for score in scores.values()) for what in ("right", "count"))
    labels_right = (crops.right + labels.right) / max(1, crops.count + labels.count)
    return {name: score.share for name, score in scores.items()} | {
        "texts_right": right / max(1, count),
        "lengths_right": labels_right,
    }


def _limits(recipe: Recipe) -> list[str]:
    """Limits that the training's own command knows."""
    return [text for name in ("steps", "minutes") if name in recipe for text in (f"--{name}", str(recipe[name]))]


NETWORKS: dict[str, Trainable] = {
    "panels": Trainable("panels", "f1_at_0.75", _learn_panels, _evaluate_panels, _worst_panels),
    "kinds": Trainable("kinds", "kind_right", _learn_kinds, _evaluate_kinds),
    "bars_and_labels": Trainable("bars_and_labels", "f1_mean", _learn_bars_and_labels, _evaluate_bars_and_labels),
    "readers": Trainable("reader", "texts_right", _learn_reader, _evaluate_reader),
    "scale_readers": Trainable(
        "scale_reader", "lengths_right", _learn_reader, _evaluate_reader, recipe="readers/scale_recipe.toml"
    ),
}
