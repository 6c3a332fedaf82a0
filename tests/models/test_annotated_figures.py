"""Figures annotated by hand: what is read of them, and that what resembles each other is held back together."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import GoldError
from exsclaim.figures.detection.panel_network import TYPES
from exsclaim.records import PanelKind
from models.annotated_figures import AnnotatedFigure, held_back, known_type, read_annotated

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
    folder_with(tmp_path, GOLD)
    (tmp_path / "fig.webp").write_text("no picture")
    with pytest.raises(GoldError, match=r"fig\.webp is no image that can be read"):
        read_annotated(tmp_path)


@pytest.mark.parametrize(
    ("panel", "fault"),
    [
        ({"class": "no such kind"}, r"fig\.json .* panels\.0\.class: Input should be 'microscopy', 'diffraction'"),
        ({"box": [40, 30, 0, 0]}, r"panels\.0\.box: .*\[40, 30, 0, 0\] is no box \[x0, y0, x1, y1\] in pixels"),
        ({"box": [0, 0, math.nan, 9]}, r"panels\.0\.box: .*nan"),
        (
            {"type": "SEMM"},
            r"fig\.json .* panels\.0\.type: .*no type 'SEMM': did you mean 'SEM'\? known are 3D rendering, ",
        ),
        ({"children": [{"class": "graph", "type": "lineplot", "box": [0, 0, 9, 9]}]}, "did you mean 'line plot'"),
        ({"label": 3}, r"panels\.0\.label: Input should be a valid string"),
        (
            {"box": [0, 0, 800, 30]},
            r"fig: the map box \[.* 800\.0, .*\] reaches out of its image.* 80 x 30 px",
        ),
        ({"children": [{"class": "graph", "box": [-30, 0, -9, 9]}]}, r"the graph box .* reaches out of its image"),
    ],
)
def test_a_panel_that_cannot_be_is_named_with_its_file_and_key(
    tmp_path: Path, panel: dict[str, object], fault: str
) -> None:
    folder_with(tmp_path, {"panels": [{"box": [0, 0, 9, 9], "class": "map", **panel}]})
    with pytest.raises(GoldError, match=fault):
        read_annotated(tmp_path)


def test_a_box_that_was_rounded_over_the_edge_ends_there(tmp_path: Path) -> None:
    (figure,) = read_annotated(folder_with(tmp_path, {"panels": [{"box": [-0.4, 0, 81.5, 30], "class": "map"}]}))
    assert figure.panels[0].box == (0, 0, 80, 30)


@pytest.mark.parametrize("content", ["{", "[]", '{"fig": "10.1/x"}'])
def test_malformed_sources_are_named(tmp_path: Path, content: str) -> None:
    folder_with(tmp_path, GOLD)
    (tmp_path / "sources.json").write_text(content)
    with pytest.raises(GoldError, match=r"sources\.json"):
        read_annotated(tmp_path)


def test_free_terms_of_annotators_become_types_that_are_learned() -> None:
    assert known_type("TEM") == "TEM"
    assert known_type("chromatogram") == "spectrum"
    assert known_type("oil painting") is None
    assert known_type("") is known_type(None) is None
    assert {known_type(name) for name in TYPES} == set(TYPES)
    assert known_type("sem ") == "SEM"  # as a hurried hand writes it


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ("SEMM", "SEM"), ("HR-TEM", "HRTEM"), ("barchart", "bar chart"), ("Spectrums", "spectrum"),
        ("Scater", "scatter"), ("florescence", "fluorescence"), ("chromatograms", "spectrum"),
        ("heatmap", "heat map"), ("photografh", "photograph"),
    ],
)  # fmt: skip
def test_a_misspelt_type_is_refused_with_the_one_that_is_meant(term: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"no type '{term}': did you mean '{meant}'"):
        known_type(term)


@pytest.mark.parametrize("term", ["forest plot", "3D plot", "radar plot", "equation", "XRD 2D", "MFM", "pie"])
def test_a_type_that_no_network_learns_counts_as_none_and_is_told_once(
    term: str, caplog: pytest.LogCaptureFixture
) -> None:
    known_type.cache_clear()
    assert known_type(term) is known_type(term) is None
    assert [f"no network learns the type {term!r}" in line for line in caplog.messages] == [True]


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


def coco(**changes: object) -> dict[str, object]:
    return {
        "images": [{"id": 7, "file_name": "images/fig.webp"}],
        "categories": [{"id": 1, "name": "Microscopy"}, {"id": 2, "name": "graph"}, {"id": 3, "name": "subfigure"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 40, 30], "label": "a", "type": "confocal"},
            {"id": 2, "image_id": 7, "category_id": 2, "bbox": [20, 2, 18, 12], "parent": 1, "inset": True},
        ],
        **changes,
    }


@pytest.mark.parametrize("is_in_its_folder", [True, False])
def test_a_coco_file_is_read_like_our_gold(tmp_path: Path, is_in_its_folder: bool) -> None:
    folder_with(tmp_path, GOLD)
    if is_in_its_folder:
        (tmp_path / "images").mkdir()
        (tmp_path / "fig.webp").rename(tmp_path / "images" / "fig.webp")
    (tmp_path / "coco.json").write_text(json.dumps(coco()))
    (figure,) = read_annotated(tmp_path)
    panel, inset = figure.panels
    assert (panel.box, panel.kind, panel.type, panel.label) == ((0, 0, 40, 30), "microscopy", "fluorescence", "a")
    assert (inset.box, inset.kind, inset.nested) == ((20, 2, 38, 14), "graph", True)


def test_a_file_that_an_editor_of_windows_wrote_is_read_and_an_absolute_name_leads_to_no_other_folder(
    tmp_path: Path,
) -> None:
    own, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    for folder in (own, elsewhere):
        folder.mkdir()
        folder_with(folder, GOLD)
    named = coco(images=[{"id": 7, "file_name": str(elsewhere / "fig.webp")}])
    (own / "coco.json").write_text(json.dumps(named), encoding="utf-8-sig")
    (figure,) = read_annotated(own)
    assert figure.image == own / "fig.webp"


@pytest.mark.parametrize(("number", "fault"), [(3, "subfigure are no kinds of panels"), (4, "not listed: 4")])
def test_boxes_of_a_category_that_is_no_kind_are_refused_and_not_learned_as_ground(
    tmp_path: Path, number: int, fault: str
) -> None:
    folder_with(tmp_path, GOLD)
    strange = {"id": 1, "image_id": 7, "category_id": number, "bbox": [0, 0, 40, 30]}
    (tmp_path / "coco.json").write_text(json.dumps(coco(annotations=[strange])))
    with pytest.raises(GoldError, match=fault):
        read_annotated(tmp_path)


def test_a_misspelt_type_of_a_coco_file_is_named_with_its_annotation(tmp_path: Path) -> None:
    folder_with(tmp_path, GOLD)
    slip = {"id": 5, "image_id": 7, "category_id": 1, "bbox": [0, 0, 40, 30], "type": "flourescence"}
    (tmp_path / "coco.json").write_text(json.dumps(coco(annotations=[slip])))
    with pytest.raises(GoldError, match=r"coco\.json: annotation 5: .*did you mean 'fluorescence'"):
        read_annotated(tmp_path)
