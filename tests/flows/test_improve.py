"""The loop from corrections to weights: reviewed figures are learned from, and better weights alone are put to use."""

import datetime as dt
import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset import HarvestedArticle, HarvestedFigure
from exsclaim.dataset.publish.publishing import publish
from exsclaim.dataset.review.corrections import Change, Correction, add_corrections
from exsclaim.dataset.tables.staging import Staging
from exsclaim.errors import ExsclaimError
from exsclaim.figures.weights import FOLDER, digest
from exsclaim.geometry import Box
from exsclaim.records import Article, CaptionParts, Figure, Panel, PanelKind
from exsclaim.store import Store
from flows.improve import improve
from models.annotated_figures import gather_annotated, held_back, read_annotated
from models.trainable_networks import Order

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
RIGHT = (104.0, 8.0, 192.0, 112.0)


def reviewed(folder: Path, articles: int) -> Path:
    """A data set of as many articles of one figure, of which a person corrected a kind and accepted all."""
    store = Store(folder / "store")
    rng = np.random.default_rng(3)

    def night(harvest: str, found: list[HarvestedArticle]) -> Path:
        with closing(Staging(folder / f"staging-{harvest}")) as staging:
            for each in found:
                staging.add(each)
            return publish(
                staging, query_name="silver", results_dir=folder / "results", store=store, harvest_id=harvest,
                save_format=frozenset(), versions={"code": "1"},
            ).folder  # fmt: skip

    made = []
    for n in range(articles):
        pixels = np.full((120, 200, 3), 255, np.uint8)
        for x0, y0, x1, y1 in ((8, 8, 92, 112), (104, 8, 192, 112)):
            pixels[y0:y1, x0:x1] = rng.integers(20, 200, (y1 - y0, x1 - x0, 1), np.uint8)
        path = folder / "figure.png"
        Image.fromarray(pixels).save(path)
        article = Article(
            id=f"nature/a{n}", name=f"a{n}", source="nature", url="https://x.example", doi=f"10.1038/a{n}", title="T",
            authors=(), journal="J", published=NOON.date(), licence="CC-BY-4.0", licence_url=None, is_open=True,
            retrieved_at=NOON.date(),
        )  # fmt: skip
        figure = Figure(
            id=f"{article.id}/fig1", article_id=article.id, number=1, label="1", title="", caption="(a) One. (b) Two.",
            image_url="", image_sha256=store.put(path.read_bytes()), width_px=200, height_px=120,
        )  # fmt: skip
        panels = tuple(
            Panel(id=f"{figure.id}/p{p}", figure_id=figure.id, box=Box.of(box), kind=PanelKind.MICROSCOPY, label=label)
            for p, (label, box) in enumerate((("a", (8, 8, 92, 112)), ("b", RIGHT)), start=1)
        )
        parts = CaptionParts(general=(), segments={"a": ("One.",), "b": ("Two.",)})
        harvested = HarvestedFigure(article=article, figure=figure, parts=parts, panels=panels)
        made.append(HarvestedArticle(article=article, figures=(harvested,)))
    results = night("n1", made)
    change = Change(action="set", box=RIGHT, kind=PanelKind.PHOTO)
    add_corrections(
        results,
        [
            Correction(
                figure_id=f"nature/a{n}/fig1", image_sha256=made[n].figures[0].figure.image_sha256, version="v",
                who="Ada", at=NOON, changes=(change,), accepted=True,
            )
            for n in range(articles)
        ],
    )  # fmt: skip
    return night("n2", [])


def order(tmp_path: Path) -> Order:
    return Order(network="panels", work=tmp_path / "work" / "training", drawn_count=2, steps=1)


def test_corrections_become_weights_that_are_used_only_where_they_are_better(tmp_path: Path) -> None:
    made = improve([reviewed(tmp_path, 12)], tmp_path / "weights", order(tmp_path))
    installed = tmp_path / "weights" / "panels.safetensors"
    assert made.figures == 12
    assert made.is_installed == installed.is_file() == (made.after > made.before)
    assert made.file.is_file()
    learned, held = held_back(read_annotated(tmp_path / "work" / "figures"))
    assert {figure.group for figure in learned}.isdisjoint(figure.group for figure in held)
    assert learned
    assert held
    assert digest("panels", FOLDER) != digest("panels", made.file.parent)


def test_reviewed_figures_and_gold_are_one_folder_as_people_corrected_them(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "gold").mkdir(parents=True)
    Image.new("RGB", (50, 50)).save(own / "lab__1.png")
    panel = {"label": None, "box": [0, 0, 50, 50], "class": "graph", "type": "", "scale_bars": []}
    (own / "gold" / "lab__1.json").write_text(json.dumps({"panels": [panel]}))
    data_set = reviewed(tmp_path, 2)
    assert gather_annotated([data_set], own, tmp_path / "figures", scratch=tmp_path / "scratch") == 3
    figures = read_annotated(tmp_path / "figures")
    assert sorted(figure.group for figure in figures) == ["10.1038/a0", "10.1038/a1", "lab"]
    kinds = [[str(panel.kind) for panel in figure.panels] for figure in figures if figure.group != "lab"]
    assert kinds == [["microscopy", "photo"]] * 2


def test_gold_in_a_coco_file_is_learned_from_as_well(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "scans").mkdir(parents=True)
    Image.new("RGB", (80, 50)).save(own / "scans" / "lab__1.png")
    boxes = [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 40, 50], "label": "a", "type": "line plot"},
        {"id": 2, "image_id": 1, "category_id": 2, "bbox": [4, 4, 20, 20], "inset": True, "parent": 1},
    ]
    coco = {
        "images": [{"id": 1, "file_name": "scans/lab__1.png"}], "annotations": boxes,
        "categories": [{"id": 1, "name": "graph"}, {"id": 2, "name": "microscopy"}],
    }  # fmt: skip
    (own / "coco.json").write_text(json.dumps(coco))
    assert gather_annotated([], own, tmp_path / "figures", scratch=tmp_path / "scratch") == 1
    (gathered,) = read_annotated(tmp_path / "figures")
    (given,) = read_annotated(own)
    assert (gathered.name, gathered.group, gathered.panels) == (given.name, given.group, given.panels)


def test_a_folder_of_gold_without_any_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExsclaimError, match="own holds no gold"):
        gather_annotated([], tmp_path / "own", tmp_path / "figures", scratch=tmp_path / "scratch")


def test_without_reviewed_figures_it_says_what_to_do(tmp_path: Path) -> None:
    results = reviewed(tmp_path, 1)
    (results / "corrections.jsonl").write_text("")
    with pytest.raises(ExsclaimError, match="figures of more articles are needed"):
        improve([results], tmp_path / "weights", order(tmp_path))
