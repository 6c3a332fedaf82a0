"""A training as a flow: learned in a process of its own, resumed, measured on gold, tracked and registered."""

import csv
import json
import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from mlflow.tracking import MlflowClient
from PIL import Image

from exsclaim.errors import ImageError, TrainingError
from exsclaim.figures.weights import FOLDER, digest, load_weights
from flows.train import train
from models.annotated_figures import held_back, read_annotated
from models.trainable_networks import NETWORKS, Order, recipe_of


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One figure with gold and one crop of a scale label; no tiles, so that everything is drawn."""
    folder = tmp_path / "data"
    for name in ("figures/gold", "scale_labels", "tiles/emps"):
        (folder / name).mkdir(parents=True)
    (folder / "tiles" / "emps" / "furniture.json").write_text("{}")
    noise = np.random.default_rng(0).integers(0, 255, (120, 160, 3), np.uint8)
    Image.fromarray(noise).save(folder / "figures" / "fig1.png")
    Image.fromarray(noise[:20, :60]).save(folder / "scale_labels" / "1.png")
    bar = {"box": [10, 100, 50, 104], "label_box": [20, 84, 44, 96], "label_text": "20 nm", "nm": 20}
    panel = {"label": "a", "label_box": [2, 2, 14, 16], "box": [0, 0, 160, 120], "class": "microscopy"}
    gold = {"panels": [panel | {"scale_bars": [bar]}]}
    (folder / "figures" / "gold" / "fig1.json").write_text(json.dumps(gold))
    with (folder / "scale_labels" / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "text"), ("1.png", "20 nm")])
    return folder


def test_a_training_is_resumed_measured_and_registered_once(data: Path, tmp_path: Path) -> None:
    order = Order(network="readers", data=data, work=tmp_path / "work", steps=1)
    first = train(order)
    again = train(order)
    assert first.weights == again.weights
    assert first.weights.version == "1.1"
    assert set(first.metrics) == {
        "label_crops_right", "letters_right", "scale_labels_right", "texts_right", "lengths_right",
    }  # fmt: skip
    _, meta = load_weights("reader", order.work)
    assert meta.metrics == first.metrics

    client = MlflowClient(tracking_uri=os.environ["MLFLOW_TRACKING_URI"])
    champion = client.get_model_version_by_alias("exsclaim-reader", "champion")
    assert champion.tags["sha256"] == digest("reader")
    champion = next(v for v in client.search_model_versions("name = 'exsclaim-reader'") if v.tags["version"] == "1.1")
    # the installed weights are registered first, to be compared with
    assert {v.tags["sha256"] for v in client.search_model_versions("name = 'exsclaim-reader'")} == {
        first.weights.sha256, digest("reader"),
    }  # fmt: skip
    assert champion.run_id is not None
    run = client.get_run(champion.run_id)
    assert run.data.params["recipe.steps"] == "1"
    measured = {name: value for name, value in run.data.metrics.items() if not name.startswith("loss.")}
    assert measured == pytest.approx(first.metrics)


def test_a_training_that_fails_says_what_it_logged(data: Path, tmp_path: Path) -> None:
    (data / "tiles" / "emps" / "furniture.json").unlink()
    with pytest.raises(
        TrainingError, match=r"models\.readers\.text_training ended with exit code 1(?s:.*)furniture\.json"
    ):
        train(Order(network="readers", data=data, work=tmp_path / "work", steps=1))


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_has_a_recipe_and_an_order_replaces_its_length(network: str, tmp_path: Path) -> None:
    recipe = recipe_of(Order(network=network, data=tmp_path, work=tmp_path, minutes=3))
    assert recipe["minutes"] == 3
    steps = NETWORKS[network].learning(Order(network=network, data=tmp_path, work=tmp_path), recipe)
    assert all(find_spec(module) for module, _ in steps)
    assert steps[-1][0].startswith(f"models.{network.removeprefix('scale_')}.")


@pytest.mark.parametrize("network", ["panels", "kinds"])
def test_own_figures_are_learned_with_the_installed_weights_to_begin_with(network: str, tmp_path: Path) -> None:
    order = Order(network=network, figures=figures_of_one_s_own(tmp_path / "own", 12), work=tmp_path)
    _, arguments = NETWORKS[network].learning(order, recipe_of(order))[-1]
    assert arguments[arguments.index("--start") + 1] == str(FOLDER)


def test_a_network_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no network 'letters'"):
        train(Order(network="letters", data=tmp_path, work=tmp_path))


def figures_of_one_s_own(folder: Path, count: int) -> Path:
    """`count` figures of as many articles: one or two noisy panels on white, with gold in our format."""
    (folder / "gold").mkdir(parents=True)
    rng = np.random.default_rng(3)
    for number in range(count):
        image = np.full((120, 200, 3), 255, np.uint8)
        boxes = [[8, 8, 92, 112], [104, 8, 192, 112]][: 1 + number % 2]
        for x0, y0, x1, y1 in boxes:
            image[y0:y1, x0:x1] = rng.integers(20, 200, (y1 - y0, x1 - x0, 1), np.uint8)
        Image.fromarray(image).save(folder / f"article{number}__fig1.png")
        panels = [{"label": None, "box": box, "class": "microscopy", "type": "SEM", "scale_bars": []} for box in boxes]
        (folder / "gold" / f"article{number}__fig1.json").write_text(json.dumps({"panels": panels}))
    return folder


def test_own_figures_train_the_panel_network_which_is_champion_only_where_it_is_better(tmp_path: Path) -> None:
    figures = figures_of_one_s_own(tmp_path / "own", 12)
    order = Order(network="panels", figures=figures, work=tmp_path / "work", drawn_count=2, steps=1)
    result = train(order)
    tensors, meta = load_weights("panels", order.work)
    assert meta.version == "1.1"
    assert len(tensors["head.kind.bias"]) == 10

    client = MlflowClient(tracking_uri=os.environ["MLFLOW_TRACKING_URI"])
    champion = client.get_model_version_by_alias("exsclaim-panels", "champion")
    installed, trained = (
        next(v for v in client.search_model_versions("name = 'exsclaim-panels'") if v.tags["sha256"] == sha256)
        for sha256 in (digest("panels"), result.weights.sha256)
    )
    assert installed.tags["validation"] == trained.tags["validation"]
    is_better = float(trained.tags["quality"]) > float(installed.tags["quality"])
    assert champion.version == (trained if is_better else installed).version

    assert trained.run_id is not None
    run = client.get_run(trained.run_id)
    contexts = {one.dataset.name: one.tags[0].value for one in run.inputs.dataset_inputs}
    assert contexts == {"drawn": "training", "annotated": "training", "held back": "validation"}
    learned, held = held_back(read_annotated(figures))
    shown = [item.path for item in client.list_artifacts(trained.run_id) if item.path.endswith(".png")]
    assert {Path(path).stem for path in shown} <= {figure.name for figure in held}
    assert shown
    assert learned
    assert result.installed.quality == float(installed.tags["quality"])
    assert client.get_metric_history(trained.run_id, "loss.total")[-1].step == 1

    import mlflow.pytorch
    import torch

    mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
    network = mlflow.pytorch.load_model(f"runs:/{trained.run_id}/model")
    kinds, *_ = network(torch.zeros(1, 3, 64, 64))
    assert kinds.shape[-1] == 10


def test_too_few_own_figures_are_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    order = Order(network="panels", figures=figures_of_one_s_own(tmp_path / "own", 1), work=tmp_path / "work")
    with pytest.raises(TrainingError, match="figures of more articles are needed"):
        train(order)
    assert not order.work.exists()


def test_own_figures_are_for_the_networks_of_panels_and_kinds(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="train the networks of panels and kinds, not readers"):
        train(Order(network="readers", data=data, figures=tmp_path, work=tmp_path / "work"))
    with pytest.raises(TrainingError, match="needs real data: give --data"):
        train(Order(network="readers", work=tmp_path / "work"))


def test_a_training_with_other_figures_begins_anew_and_learns_none_that_is_held_back_now(tmp_path: Path) -> None:
    figures = figures_of_one_s_own(tmp_path / "own", 12)
    order = Order(network="panels", figures=figures, work=tmp_path / "work")
    learned, held = held_back(read_annotated(figures))
    before = order.checkpoints
    assert order.checkpoints == before
    # a figure that was learned from turns out to be of an article that is held back
    (figures / "sources.json").write_text(json.dumps({learned[0].name: {"group": held[0].group}}))
    assert order.checkpoints != before
    assert order.stored.parent == order.checkpoints.parent


def test_own_figures_of_which_none_has_a_panel_or_one_is_damaged_are_refused(tmp_path: Path) -> None:
    figures = figures_of_one_s_own(tmp_path / "own", 12)
    order = Order(network="panels", figures=figures, work=tmp_path / "work")
    image = figures / "article0__fig1.png"
    image.write_bytes(image.read_bytes()[:-400])
    with pytest.raises(ImageError, match=r"article0__fig1\.png"):
        train(order)
    assert not order.work.exists()


@pytest.mark.parametrize(("network", "kind"), [("panels", "unclear"), ("kinds", "unclear"), ("kinds", "parent")])
def test_own_figures_on_which_nothing_can_be_measured_are_refused(tmp_path: Path, network: str, kind: str) -> None:
    figures = figures_of_one_s_own(tmp_path / "own", 12)
    for figure in held_back(read_annotated(figures))[1]:
        panel = {"box": [8, 8, 92, 112], "class": kind}
        (figures / "gold" / f"{figure.name}.json").write_text(json.dumps({"panels": [panel]}))
    with pytest.raises(TrainingError, match=f"none of the figures held back has a panel .* than .*{kind}"):
        train(Order(network=network, figures=figures, work=tmp_path / "work"))
    for file in (figures / "gold").iterdir():
        file.write_text('{"panels": []}')
    with pytest.raises(TrainingError, match="none of the figures to learn from has a panel annotated"):
        train(Order(network=network, figures=figures, work=tmp_path / "work"))


def test_two_trainings_do_not_share_a_folder(tmp_path: Path) -> None:
    order = Order(network="panels", figures=figures_of_one_s_own(tmp_path / "own", 12), work=tmp_path / "work")
    order.work.mkdir()
    with (
        FileLock(order.work / ".lock"),
        pytest.raises(TrainingError, match=r"another training is at work in .*work; wait for it"),
    ):
        train(order)
