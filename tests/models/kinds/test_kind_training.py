"""Pictures of panels are cut out, altered and learned from; what is learned can be installed."""

import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from exsclaim.errors import WeightsError
from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.figures.weights import load_weights
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from models.annotated_figures import read_annotated
from models.figures.truth import TrueFigure, TruePanel
from models.kinds.kind_crops import (
    MARGIN,
    STORED_PX,
    PanelPicture,
    annotated_pictures,
    load_pictures,
    published_pictures,
    sampling_weights,
    save,
    stored_pictures,
    types_of_instrument,
)
from models.kinds.kind_evaluation import score
from models.kinds.kind_training import KindTraining, batches, gather, train, type_loss
from models.kinds.picture_alterations import altered
from models.panels.stored_figures import store

RECIPE = {
    "steps": 2, "batch_size": 4, "input_px": 64, "frozen_stages": 0, "learning_rate": 1e-3,
    "backbone_learning_rate": 1e-4, "weight_decay": 0.0, "label_smoothing": 0.05, "type_weight": 0.5, "mixing": 0.3,
    "averaging": 0.9, "checkpoint_minutes": 1.0, "seed": 1, "warm_up_steps": 1,
    "shares": {"annotated": 0.7, "drawn": 0.2, "published": 0.1},
}  # fmt: skip
DARK, LIGHT = 40, 200


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve figures of as many articles: a dark micrograph of known type, a light graph of unknown one."""
    folder = tmp_path_factory.mktemp("annotated")
    (folder / "gold").mkdir()
    for number in range(12):
        image = np.full((120, 400, 3), 255, np.uint8)
        image[10:110, 10:110], image[10:110, 130:390] = DARK, LIGHT
        Image.fromarray(image).save(folder / f"article{number}__fig1.png")
        panels = [
            {"label": "a", "box": [10, 10, 110, 110], "class": "microscopy", "type": "TEM",
             "children": [{"box": [12, 12, 50, 50], "class": "diffraction", "type": "SAED", "inset": True}]},
            {"label": "b", "box": [130, 10, 390, 110], "class": "graph", "type": None},
            {"label": "c", "box": [392, 10, 398, 16], "class": "photo", "type": "photograph"},
        ]  # fmt: skip
        (folder / "gold" / f"article{number}__fig1.json").write_text(json.dumps({"panels": panels}))
    return folder


@pytest.fixture(scope="module")
def pictures(figures: Path) -> list[PanelPicture]:
    return list(annotated_pictures(read_annotated(figures)))


def test_a_picture_is_the_panel_with_a_margin_and_knows_where_the_panel_is(pictures: list[PanelPicture]) -> None:
    micrograph, inset, graph = pictures[:3]
    assert [(p.kind, p.types) for p in (micrograph, inset)] == [
        (PanelKind.MICROSCOPY, ("TEM",)), (PanelKind.DIFFRACTION, ("SAED",)),
    ]  # fmt: skip
    assert inset.nested
    x0, y0, x1, y1 = (round(v) for v in micrograph.box)
    assert (micrograph.image[y0:y1, x0:x1] == DARK).all()
    assert 0 < x0 <= MARGIN * 100
    assert max(graph.image.shape) <= STORED_PX
    assert "line plot" in graph.types  # a graph of any type
    assert "TEM" not in graph.types


def test_panels_too_small_to_show_anything_are_left_out(pictures: list[PanelPicture]) -> None:
    assert pictures
    assert PanelKind.PHOTO not in {picture.kind for picture in pictures}


def test_stored_pictures_come_back_as_they_were(pictures: list[PanelPicture], tmp_path: Path) -> None:
    save(pictures[:5], tmp_path)
    for one, other in zip(pictures[:5], load_pictures(tmp_path), strict=True):
        assert (one.box, one.kind, one.types, one.source) == (other.box, other.kind, other.types, other.source)
        np.testing.assert_array_equal(one.image, other.image)


def test_drawn_figures_give_as_many_pictures_of_each_kind(tmp_path: Path) -> None:
    image = np.full((300, 400, 3), DARK, np.uint8)
    panels = [TruePanel((10, 10, 200, 200), PanelKind.TABLE), TruePanel((210, 10, 390, 200), PanelKind.GRAPH)]
    for number in range(6):
        store(TrueFigure(image, tuple(panels), ()), tmp_path, f"{number}")
    drawn = list(stored_pictures(tmp_path, 3 * len(KINDS), seed=1))
    assert sorted(picture.kind for picture in drawn) == ["graph"] * 3 + ["table"] * 3
    assert {picture.types for picture in drawn if picture.kind is PanelKind.TABLE} == {("table",)}


def test_pictures_that_stand_alone_may_be_of_several_types(tmp_path: Path) -> None:
    for name in ("graphs", "tiles/emps", "tiles/nasa", "tiles/nffa", "tiles/tldr"):
        (tmp_path / name).mkdir(parents=True)
        Image.fromarray(np.full((80, 90, 3), DARK, np.uint8)).save(tmp_path / name / "paper_fig_2_3.jpg")
    (tmp_path / "tiles" / "tldr" / "labels.csv").write_text("0|paper_f2_s3|a membrane|Cryo-TEM|\n1|gone|a grid|SEM|\n")
    found = [(picture.kind.value, picture.types) for picture in published_pictures(tmp_path)]
    assert ("graph", ("spectrum", "line plot")) in found
    assert ("microscopy", ("TEM", "HRTEM")) in found
    assert len(found) == 5


@pytest.mark.parametrize(
    ("name", "type_"),
    [("FE-SEM", "SEM"), ("Scanning Transmission Electron Microscopy (STEM)", "STEM"), ("HAADF", "STEM"),
     ("FFT, derived from HRTEM", "FFT"), ("HR-TEM", "HRTEM"), ("Two-photon Microscopy", "fluorescence"),
     ("Scanning Tunneling Microscope (STM)", "STM"), ("Selected Area Electron Diffraction (SAED)", "SAED"),
     ("SEM-EDX", None), ("Synchrotron X-ray tomography", None)],
)  # fmt: skip
def test_an_instruments_name_says_what_its_pictures_look_like(name: str, type_: str | None) -> None:
    assert (types_of_instrument(name) or (None,))[0] == type_


def test_rare_kinds_are_seen_more_often_and_sources_have_their_shares(pictures: list[PanelPicture]) -> None:
    drawn = [PanelPicture(p.image, p.box, p.kind, p.types, "drawn", str(i)) for i, p in enumerate(pictures[:6])]
    rare = [PanelPicture(pictures[0].image, pictures[0].box, PanelKind.MAP, ("map",), "annotated", "rare")]
    everything = [*pictures, *drawn, *rare]
    weights = sampling_weights(everything, {"annotated": 0.8, "drawn": 0.2})
    assert weights.sum() == pytest.approx(1)
    assert sum(w for w, p in zip(weights, everything, strict=True) if p.source == "drawn") == pytest.approx(0.2)
    assert weights[-1] > 3 * weights[0]


@pytest.mark.parametrize("seed", range(20))
def test_alterations_leave_the_panel_in_its_square(pictures: list[PanelPicture], seed: int) -> None:
    square = altered(pictures[seed % 3], 64, random.Random(seed))
    assert square.shape == (64, 64, 3)
    assert abs(int(square[32, 32].mean()) - 128) > 10  # the middle is the panel, not the grey around it


def test_the_loss_of_types_takes_any_of_the_possible_ones() -> None:
    logits = torch.zeros(3, len(TYPES))
    logits[:, TYPES.index("SEM")] = 9.0
    possible = torch.zeros(3, len(TYPES), dtype=torch.bool)
    possible[0, [TYPES.index("SEM"), TYPES.index("TEM")]] = True
    assert float(type_loss(logits[:1], possible[:1])) < 0.01
    possible[1, TYPES.index("map")] = True
    assert float(type_loss(logits[1:2], possible[1:2])) > 5
    assert float(type_loss(logits, possible)) == pytest.approx(float(type_loss(logits[:2], possible[:2])))
    assert float(type_loss(logits[2:], possible[2:])) == 0  # nothing is known of it


def test_a_training_learns_is_resumed_and_its_weights_are_those_of_a_classifier(figures: Path, tmp_path: Path) -> None:
    gather([figures], None, None, tmp_path, seed=1)
    train(tmp_path, RECIPE, pretrained=False)
    train(tmp_path, {**RECIPE, "steps": 3}, pretrained=False)
    _, meta = load_weights("kinds", tmp_path)
    assert meta.version == "1.3"
    assert meta.extra["input_px"] == "64"
    assert set(meta.metrics) == {"kind_right", "kind_right_all", "type_right"}
    held = {picture.figure for picture in load_pictures(tmp_path / "held_back")}
    assert held
    assert not held & {picture.figure for picture in load_pictures(tmp_path / "learned")}
    classifier = KindClassifier.load(folder=tmp_path)
    assert score(classifier, load_pictures(tmp_path / "held_back")) == pytest.approx(meta.metrics, abs=0.35)
    (seen,) = classifier.classify(np.full((50, 90, 3), 200, np.uint8), [Box(0, 0, 90, 50)])
    assert seen.kinds.sum() == pytest.approx(1, abs=1e-4)


def test_a_training_goes_on_from_weights_and_keeps_the_first_stages(figures: Path, tmp_path: Path) -> None:
    gather([figures], None, None, tmp_path / "first", seed=1)
    train(tmp_path / "first", RECIPE, pretrained=False)
    begun, _ = load_weights("kinds", tmp_path / "first")
    shutil.copytree(tmp_path / "first" / "learned", tmp_path / "second" / "learned")
    shutil.copytree(tmp_path / "first" / "held_back", tmp_path / "second" / "held_back")
    train(tmp_path / "second", {**RECIPE, "steps": 1, "frozen_stages": 2}, start=tmp_path / "first")
    ended, meta = load_weights("kinds", tmp_path / "second")
    assert meta.version == "1.1"
    kept = [name for name in begun if name.startswith(("backbone.stem", "backbone.stages.0", "backbone.stages.1"))]
    assert kept
    assert all(torch.equal(begun[name], ended[name]) for name in kept)
    assert not torch.equal(begun["of_kind.weight"], ended["of_kind.weight"])
    with pytest.raises(WeightsError, match=r"kinds\.safetensors does not exist"):
        train(tmp_path / "second", RECIPE, start=tmp_path / "nowhere")


def test_a_few_steps_on_one_batch_lower_its_loss(pictures: list[PanelPicture]) -> None:
    training = KindTraining({**RECIPE, "steps": 30, "learning_rate": 3e-3}, pretrained=False)
    batch = next(batches(pictures, RECIPE, seed=3))
    losses = [
        float(training.learn(lambda network: training.losses(network, batch))["total"].detach()) for _ in range(12)
    ]
    assert losses[-1] < 0.8 * losses[0]


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"kinds\.safetensors does not exist"):
        KindClassifier.load(folder=tmp_path)
