"""COCO files: read, written, and what is written is read back; faults are named."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import GoldError
from exsclaim.geometry import Box
from exsclaim.quality.coco_boxes import (
    found_as_coco,
    gold_as_coco,
    gold_of,
    mean_average_precision,
    read_coco,
    write_coco,
)
from exsclaim.quality.figure_scores import FoundFigure, FoundPanel
from exsclaim.quality.gold import GoldFigure, GoldPanel
from exsclaim.records import PanelKind

COCO: dict[str, Any] = {
    "images": [{"id": 7, "file_name": "images/fig1.png", "width": 80, "height": 30}],
    "categories": [{"id": 4, "name": "basic photo"}, {"id": 9, "name": "subfigure"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 4, "bbox": [0, 0, 40, 30], "area": 1200, "iscrowd": 0, "label": "a"},
        {"id": 2, "image_id": 7, "category_id": 9, "bbox": [44, 0, 36, 30], "segmentation": []},
        {"id": 3, "image_id": 7, "category_id": 9, "bbox": [1, 1, 9, 9], "parent": 1},
    ],
}
boxes = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 400), st.integers(1, 400)).map(
    lambda v: Box(x0=v[0], y0=v[1], x1=v[0] + v[2], y1=v[1] + v[3])
)
panels = st.builds(
    GoldPanel, box=boxes, kind=st.sampled_from(list(PanelKind)), label=st.none() | st.sampled_from("abc")
)
golds = st.dictionaries(st.sampled_from(["fig1", "fig2", "s3"]), st.builds(
    GoldFigure, panels=st.lists(panels, max_size=4).map(tuple)), min_size=1)  # fmt: skip


def written(tmp_path: Path, coco: object) -> Path:
    file = tmp_path / "coco.json"
    file.write_text(json.dumps(coco))
    return file


def test_boxes_kinds_and_labels_are_read_and_parts_left_out(tmp_path: Path) -> None:
    (figure,) = gold_of(read_coco(written(tmp_path, COCO))).values()
    one, other = figure.panels
    assert (one.box, one.kind, one.label) == (Box.of((0, 0, 40, 30)), PanelKind.PHOTO, "a")
    assert (other.box, other.kind, other.label) == (Box.of((44, 0, 80, 30)), PanelKind.UNCLEAR, None)


@given(golds)
def test_gold_that_is_written_is_read_back(gold: dict[str, GoldFigure]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_coco(Path(folder), gold, {})
        assert gold_of(read_coco(Path(folder) / "gold.json")) == gold


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": []}, "images"),
        ({"annotations": [{"id": 1, "image_id": 8, "category_id": 4, "bbox": [0, 0, 4, 4]}]}, "image 8, which is not"),
        (
            {"annotations": [{"id": 1, "image_id": 7, "category_id": 4, "bbox": [0, 0, 0, 4]}]},
            "has no bbox",
        ),
        ({"annotations": [{"id": 1, "image_id": 7, "category_id": 4, "bbox": [0, 0, 4]}]}, "bbox"),
        ({"annotations": [{"id": 1, "image_id": 7, "category_id": 4, "bbox": [0, 0, 1e999, 4]}]}, "has no bbox"),
        ({"annotations": [{"id": 1, "image_id": 7, "category_id": 4, "bbox": [0, 0, 4, 4]}] * 2}, "annotations .*id 1"),
        ({"images": [{"id": 7, "file_name": "a.png"}, {"id": 7, "file_name": "b.png"}]}, "several images of the id 7"),
        (
            {"images": [{"id": 7, "file_name": "p/a.png"}, {"id": 8, "file_name": "q/a.jpg"}]},
            "several images named .* a;",
        ),
    ],
)
def test_faults_are_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        read_coco(written(tmp_path, COCO | change))
    with pytest.raises(GoldError, match="cannot be read"):
        read_coco(tmp_path / "nowhere.json")


def test_pycocotools_takes_what_is_written_and_boxes_count_whatever_their_kind(tmp_path: Path) -> None:
    gold = gold_of(read_coco(written(tmp_path, COCO)))
    found = {
        "fig1": FoundFigure(panels=tuple(
            FoundPanel(box=panel.box, kind="graph", kind_confidence=0.9, label="") for panel in gold["fig1"].panels
        ))
    }  # fmt: skip
    write_coco(tmp_path / "out", gold, found)
    from pycocotools import coco

    reader = coco.COCO(str(tmp_path / "out" / "gold.json"))
    assert len(reader.loadRes(str(tmp_path / "out" / "results.json")).anns) == 2
    assert len(found_as_coco(gold, found)) == len(gold_as_coco(gold)["annotations"])
    precision = mean_average_precision(gold, found)
    assert precision is not None
    assert precision.of_boxes_at_50 == pytest.approx(1)
    assert precision.at_50 == 0
