"""Figures annotated by hand: what is read of them, and that what resembles each other is held back together."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import GoldError
from exsclaim.figures.detection.panel_network import TYPES
from exsclaim.records import PanelKind
from models.annotated import AnnotatedFigure, held_back, known_type, read_annotated

GOLD = {
    "panels": [
        {
            "label": "a",
            "box": [0, 0, 40, 30],
            "class": "microscopy",
            "type": "confocal",
            "label_box": [1, 1, 6, 8],
            "children": [{"class": "graph", "type": "line plot", "box": [20, 2, 38, 14], "inset": True}],
            "scale_bars": [{"box": [2, 25, 12, 27], "text": "5 µm", "nm": 5000}],
        },
        {"label": None, "box": [44, 0, 80, 30], "class": "map", "type": "sea floor"},
    ]
}


def folder_with(tmp_path: Path, gold: object, name: str = "fig", image: bool = True) -> Path:
    (tmp_path / "gold").mkdir(exist_ok=True)
    (tmp_path / "gold" / f"{name}.json").write_text(json.dumps(gold))
    if image:
        Image.fromarray(np.full((30, 80, 3), 255, np.uint8)).save(tmp_path / f"{name}.webp")
    return tmp_path


def test_panels_insets_types_and_bars_of_a_figure_are_read(tmp_path: Path) -> None:
    (figure,) = read_annotated(folder_with(tmp_path, GOLD))
    panel, inset, other = figure.panels
    assert (panel.kind, panel.type, panel.label, panel.label_box) == (
        PanelKind.MICROSCOPY, "fluorescence", "a", (1, 1, 6, 8),
    )  # fmt: skip
    assert (panel.scale_bars[0].text, panel.scale_bars[0].length_nm) == ("5 µm", 5000)
    assert (inset.kind, inset.type, inset.nested) == (PanelKind.GRAPH, "line plot", True)
    assert (other.kind, other.type, other.nested) == (PanelKind.MAP, None, False)


def test_a_missing_image_and_malformed_gold_are_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"holds no gold: neither coco\.json nor gold/<figure>\.json"):
        read_annotated(tmp_path)
    with pytest.raises(GoldError, match=r"no image for the gold of fig"):
        read_annotated(folder_with(tmp_path, GOLD, image=False))
    folder_with(tmp_path, {"panels": [{"box": [0, 0, 9, 9], "class": "no such kind"}]})
    with pytest.raises(GoldError, match=r"fig\.json is not a figure's gold"):
        read_annotated(tmp_path)


def test_free_terms_of_annotators_become_types_that_are_learned() -> None:
    assert known_type("TEM") == "TEM"
    assert known_type("chromatogram") == "spectrum"
    assert known_type("oil painting") is None
    assert known_type("") is known_type(None) is None
    assert {known_type(name) for name in TYPES} == set(TYPES)


def test_figures_of_one_article_are_held_back_together_and_every_fold_is_its_own() -> None:
    figures = [
        AnnotatedFigure(f"{group}-{n}", Path("x.png"), f"article {group}", ()) for group in range(40) for n in (1, 2)
    ]
    held = [held_back(figures, fold)[1] for fold in range(5)]
    assert sorted(figure.name for each in held for figure in each) == sorted(figure.name for figure in figures)
    for fold in range(5):
        learned, kept = held_back(figures, fold)
        assert learned
        assert kept
        assert not {figure.group for figure in learned} & {figure.group for figure in kept}


def test_a_coco_file_is_read_like_our_gold(tmp_path: Path) -> None:
    coco = {
        "images": [{"id": 7, "file_name": "images/fig.webp"}],
        "categories": [{"id": 1, "name": "Microscopy"}, {"id": 2, "name": "graph"}, {"id": 3, "name": "subfigure"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 40, 30], "label": "a", "type": "confocal"},
            {"id": 2, "image_id": 7, "category_id": 2, "bbox": [20, 2, 18, 12], "parent": 1, "inset": True},
            {"id": 3, "image_id": 7, "category_id": 3, "bbox": [44, 0, 36, 30]},
        ],
    }
    folder_with(tmp_path, GOLD)
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    (figure,) = read_annotated(tmp_path)
    panel, inset, other = figure.panels
    assert (panel.box, panel.kind, panel.type, panel.label) == ((0, 0, 40, 30), "microscopy", "fluorescence", "a")
    assert (inset.box, inset.kind, inset.nested) == ((20, 2, 38, 14), "graph", True)
    assert (other.kind, other.nested) == ("unclear", False)
