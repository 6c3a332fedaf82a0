"""Corrections that people made in Label Studio or FiftyOne become corrections of the data set."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.formats import export
from exsclaim.dataset.formats.annotation_imports import imported
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.review.corrected_panels import corrected
from exsclaim.dataset.review.corrections import Change, CorrectionError
from exsclaim.geometry import Box
from tests.exsclaim.dataset.conftest import Harvester, Publisher, figure_image

FIGURE = "nature/ncomms5946/fig1"


def annotated(folder: Path, out: Path) -> list[dict[str, Any]]:
    """The tasks as Label Studio gives them back when a person took the predictions over."""
    export(open_dataset(folder), "label-studio", out)
    tasks: list[dict[str, Any]] = json.loads((out / "tasks.json").read_text())
    for task in tasks:
        task["annotations"] = [{"result": task.pop("predictions")[0]["result"], "completed_by": {"email": "ada@x.org"}}]
    return tasks


def test_what_a_person_left_as_it_was_is_accepted(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    folder = night("n1", harvested(figures=1, labels=("a", None))).folder
    file = tmp_path / "back.json"
    file.write_text(json.dumps(annotated(folder, tmp_path / "out")))
    (made,) = imported(open_dataset(folder), file, who="Bo", version="v")
    assert (made.figure_id, made.who, made.changes, made.accepted) == (FIGURE, "ada@x.org", (), True)


def test_kinds_boxes_letters_and_panels_that_changed_in_label_studio(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    folder = night("n1", harvested(figures=1)).folder
    tasks = annotated(folder, tmp_path / "out")
    results = tasks[0]["annotations"][0]["result"]
    for each in results:
        if each["id"] == f"{FIGURE}/p1" and each["type"] == "rectanglelabels":
            each["value"]["rectanglelabels"] = ["diffraction"]
        if each["id"] == f"{FIGURE}/p1/label" and each["type"] == "textarea":
            each["value"]["text"] = ["z"]
    results[:] = [each for each in results if each["id"] != f"{FIGURE}/p2"]
    results.append(
        {"id": "new", "type": "rectanglelabels", "original_width": 64, "original_height": 48, "value":
         {"x": 75, "y": 75, "width": 20, "height": 20, "rectanglelabels": ["photo"]}}
    )  # fmt: skip
    file = tmp_path / "back.json"
    file.write_text(json.dumps(tasks))
    (made,) = imported(open_dataset(folder), file, who="Bo", version="v")
    panels = corrected(open_dataset(folder).figure(FIGURE), [made]).panels or ()
    assert [(str(panel.kind), panel.label) for panel in panels] == [("diffraction", "z"), ("photo", None)]
    assert panels[1].box.corners == (48, 36, pytest.approx(60.8), pytest.approx(45.6))


def as_annotated(folder: Path, tasks: list[dict[str, Any]], place: Path) -> list[tuple[str, tuple[Change, ...]]]:
    """The changes that come of these tasks."""
    file = place / "back.json"
    file.write_text(json.dumps(tasks))
    return [(each.figure_id, each.changes) for each in imported(open_dataset(folder), file, who="Bo", version="v")]


def test_a_letter_is_that_of_its_own_panel_wherever_it_stands(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    (figure,) = harvested(figures=1).figures
    outer, inner = figure.panels or ()
    outer = outer.model_copy(update={"label": None, "label_box": None, "label_origin": None})
    inner = inner.model_copy(update={"label_box": Box.of((10, 1, 15, 8)), "label_origin": "read"})
    whole = HarvestedArticle(
        article=figure.article, figures=(figure.model_copy(update={"panels": (outer, inner)}),)
    )  # fmt: skip
    folder = night("n1", whole).folder
    tasks = annotated(folder, tmp_path / "out")
    assert as_annotated(folder, tasks, tmp_path) == [(FIGURE, ())]
    results = tasks[0]["annotations"][0]["result"]
    results.append(
        {"id": "new", "type": "rectanglelabels", "original_width": 64, "original_height": 48, "value":
         {"x": 2, "y": 2, "width": 8, "height": 16, "rectanglelabels": ["panel label"]}}
    )  # fmt: skip
    results.append({"id": "new", "type": "textarea", "value": {"text": ["c"]}})
    assert as_annotated(folder, tasks, tmp_path) == [
        (FIGURE, (Change(action="set", box=outer.box.corners, label="c"),))
    ]


def test_a_letter_that_a_person_took_away_is_no_more(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    folder = night("n1", harvested(figures=1)).folder
    tasks = annotated(folder, tmp_path / "out")
    results = tasks[0]["annotations"][0]["result"]
    results[:] = [each for each in results if each["id"] != f"{FIGURE}/p1/label"]
    ((_, (change,)),) = as_annotated(folder, tasks, tmp_path)
    assert (change.box, change.label) == ((0, 0, 31.5, 48), "")


def test_panels_that_a_filter_did_not_choose_are_not_taken_away(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    dataset = open_dataset(night("n1", harvested(figures=2), harvested("other", figures=1, labels=("x", "y"))).folder)
    for to, name in (("label-studio", "tasks.json"), ("fiftyone", "labels.json"), ("coco", "coco.json")):
        written = export(dataset, to, tmp_path / to, where="label = 'b'")
        assert written == (2 if to == "coco" else 4)  # two are chosen; programs in which people correct have all
        file = tmp_path / to / name
        if to == "label-studio":
            tasks = json.loads(file.read_text())
            file.write_text(json.dumps([each | {"annotations": each["predictions"]} for each in tasks]))
        if to == "coco":
            with pytest.raises(CorrectionError, match=r"1 panels of ncomms5946_fig1\.jpg, which its export's filter"):
                imported(dataset, file, who="Bo", version="v")
            continue
        made = imported(dataset, file, who="Bo", version="v")
        assert [(each.figure_id[-4:], each.changes) for each in made] == [("fig1", ()), ("fig2", ())]
    export(dataset, "coco", tmp_path / "whole", where="label in ('a', 'b')")
    assert len(imported(dataset, tmp_path / "whole" / "coco.json", who="Bo", version="v")) == 2


def test_a_box_that_was_rotated_is_refused(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    folder = night("n1", harvested(figures=1)).folder
    tasks = annotated(folder, tmp_path / "out")
    assert 'canRotate="false"' in (tmp_path / "out" / "labels.xml").read_text()
    tasks[0]["annotations"][0]["result"][0]["value"]["rotation"] = 30
    with pytest.raises(CorrectionError, match=f"{FIGURE}/p1 is rotated"):
        as_annotated(folder, tasks, tmp_path)


def test_a_coco_file_is_read_as_fiftyone_writes_it(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    folder = night("n1", harvested(figures=1)).folder
    name = open_dataset(folder).image_path(FIGURE).name
    content = {
        "images": [{"id": 1, "file_name": f"data/{name}", "width": 64, "height": 48}],
        "categories": [{"id": 7, "name": "microscopy"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 31.5, 48], "label": "q"}],
    }
    file = tmp_path / "labels.json"
    file.write_text(json.dumps(content))
    (made,) = imported(open_dataset(folder), file, who="Bo", version="v")
    panels = corrected(open_dataset(folder).figure(FIGURE), [made]).panels or ()
    assert [(panel.label, made.who) for panel in panels] == [("q", "Bo")]


def test_labels_of_fiftyone_come_back_as_they_went(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    folder = night("n1", harvested()).folder
    export(open_dataset(folder), "fiftyone", tmp_path / "out")
    file = tmp_path / "out" / "labels.json"
    unchanged = imported(open_dataset(folder), file, who="Bo", version="v")
    assert [(each.figure_id[-4:], each.changes, each.accepted) for each in unchanged] == [
        ("fig1", (), True), ("fig2", (), True),
    ]  # fmt: skip
    content = json.loads(file.read_text())
    content["labels"]["ncomms5946_fig1"][0]["label"] = "photo"
    file.write_text(json.dumps(content))
    made = imported(open_dataset(folder), file, who="Bo", version="v")[0]
    panels = corrected(open_dataset(folder).figure(FIGURE), [made]).panels or ()
    assert [str(panel.kind) for panel in panels] == ["photo", "graph"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "JSON"), ("{}", "neither"), ('[{"annotations": [{}]}]', "lacks"),
        ('[{"data": {"figure_id": "x/y/fig1"}, "annotations": [{"result": []}]}]', "x/y"),
        ('{"images": [{"id": 1, "file_name": "no.png"}], "annotations": [], "categories": []}', "no.png"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused(
    harvested: Harvester, night: Publisher, tmp_path: Path, content: str, says: str
) -> None:
    folder = night("n1", harvested(figures=1)).folder
    file = tmp_path / "other.json"
    file.write_text(content)
    with pytest.raises(CorrectionError, match=says):
        imported(open_dataset(folder), file, who="Bo", version="v")


@pytest.mark.parametrize("box", [[0, 0, -5, 40], [3, 3, 0, 9], [0, 0, 1e9, 5], [0, 0, float("nan"), 5], [1, 2, "a", 4]])
def test_a_box_that_is_none_is_named_with_its_file(
    box: list[Any], harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    dataset = open_dataset(night("2026-11-20", harvested("x1")).folder)
    export(dataset, "coco", tmp_path / "out")
    content = json.loads((tmp_path / "out" / "coco.json").read_text())
    content["annotations"] = [each | {"bbox": box} for each in content["annotations"]]
    file = tmp_path / "boxes.json"
    file.write_text(json.dumps(content))
    with pytest.raises(CorrectionError, match=f"^{re.escape(str(file))}"):
        imported(dataset, file, who="Ada", version="1")


@pytest.mark.parametrize(("to", "folder"), [("label-studio", "images"), ("fiftyone", "data")])
def test_of_a_tiff_which_no_browser_shows_a_png_is_written_and_its_corrections_come_back(
    harvested: Harvester, night: Publisher, tmp_path: Path, to: str, folder: str
) -> None:
    results = night("n1", harvested(figures=1, image=figure_image(7, "TIFF"))).folder
    (published,) = (results / "figures").iterdir()
    export(open_dataset(results), to, tmp_path / "out")
    (image,) = (tmp_path / "out" / folder).iterdir()
    assert image.name == f"{published.stem}.png"
    assert Image.open(image).format == "PNG"
    assert np.array_equal(np.asarray(Image.open(image)), np.asarray(Image.open(published)))
    file = tmp_path / "out" / "labels.json"
    if to == "label-studio":
        tasks = json.loads((tmp_path / "out" / "tasks.json").read_text())
        assert tasks[0]["data"]["image"] == f"/data/local-files/?d=images/{image.name}"
        tasks[0]["annotations"] = [{"result": tasks[0].pop("predictions")[0]["result"]}]
        file.write_text(json.dumps(tasks))
    (made,) = imported(open_dataset(results), file, who="Bo", version="v")
    assert (made.figure_id, made.changes) == (FIGURE, ())


def test_a_file_that_is_called_a_tiff_and_is_none_is_written_as_it_is(
    harvested: Harvester, night: Publisher, tmp_path: Path
) -> None:
    results = night("n1", harvested(figures=1, image=figure_image(7, "TIFF"))).folder
    (published,) = (results / "figures").iterdir()
    published.write_bytes(b"II*\0 cut off")
    export(open_dataset(results), "label-studio", tmp_path / "out")
    (image,) = (tmp_path / "out" / "images").iterdir()
    assert (image.name, image.read_bytes()) == (published.name, published.read_bytes())
