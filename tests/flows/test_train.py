"""A training as a flow: learned in a process of its own, resumed, measured on gold, tracked and registered."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from mlflow.tracking import MlflowClient
from PIL import Image

from exsclaim.errors import TrainingError
from exsclaim.figures.weights import load_weights
from flows.train import train
from flows.trainings import NETWORKS, Order, recipe_of


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
    assert set(first.metrics) == {"label_crops_right", "letters_right", "scale_labels_right", "texts_right"}
    _, meta = load_weights("reader", order.work)
    assert meta.metrics == first.metrics

    client = MlflowClient(tracking_uri=os.environ["MLFLOW_TRACKING_URI"])
    champion = client.get_model_version_by_alias("exsclaim-reader", "champion")
    assert champion.tags["sha256"] == first.weights.sha256
    assert len(client.search_model_versions("name = 'exsclaim-reader'")) == 1
    assert champion.run_id is not None
    run = client.get_run(champion.run_id)
    assert run.data.params["recipe.steps"] == "1"
    assert run.data.metrics == pytest.approx(first.metrics)


def test_a_training_that_fails_says_what_it_logged(data: Path, tmp_path: Path) -> None:
    (data / "tiles" / "emps" / "furniture.json").unlink()
    with pytest.raises(TrainingError, match=r"models\.readers\.train ended with exit code 1(?s:.*)furniture\.json"):
        train(Order(network="readers", data=data, work=tmp_path / "work", steps=1))


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_has_a_recipe_and_an_order_replaces_its_length(network: str, tmp_path: Path) -> None:
    recipe = recipe_of(Order(network=network, data=tmp_path, work=tmp_path, minutes=3))
    assert recipe["minutes"] == 3
    steps = NETWORKS[network].learning(Order(network=network, data=tmp_path, work=tmp_path), recipe)
    assert steps[-1][0] == f"models.{network}.train"


def test_a_network_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no network 'letters'"):
        train(Order(network="letters", data=tmp_path, work=tmp_path))


def test_steps_are_refused_where_the_recipe_counts_minutes(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="give --minutes"):
        recipe_of(Order(network="panels", data=tmp_path, work=tmp_path, steps=5))
