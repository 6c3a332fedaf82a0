"""Exports opened by the programs that people correct boxes in: Label Studio's own package, and FiftyOne.

Both want versions of packages that EXSCLAIM does not go together with, and FiftyOne more than a gigabyte; so each is
installed into an environment of its own, in the folder ANNOTATION_PROGRAMS where that is named. FiftyOne keeps its data
sets in MongoDB, which it does not bring for Debian; its importer and exporter of this form, which are tried here, do
without.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exsclaim.dataset.formats import export
from exsclaim.dataset.formats.annotation_imports import imported
from exsclaim.dataset.formats.detection_boxes import CLASSES, parts
from exsclaim.dataset.opened import Dataset, open_dataset
from tests.exsclaim.dataset.conftest import Harvester, Publisher, harvested, night, results, store

pytestmark = [pytest.mark.services, pytest.mark.timeout(3600)]  # more than a gigabyte may be on its way
__all__ = ["harvested", "night", "results", "store"]

LABEL_STUDIO = """
import json, sys
from pathlib import Path
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
folder, out = map(Path, sys.argv[1:])
config = (folder / "labels.xml").read_text()
interface = LabelInterface(config)
interface.validate()
tasks = json.loads((folder / "tasks.json").read_text())
errors = [error for task in tasks for each in task["predictions"]
          for error in interface.validate_prediction(each, return_errors=True)]
lacking = [task for task in tasks if not interface.validate_task({"data": task["data"]})]
for number, task in enumerate(tasks, start=1):  # what a person accepts as it is
    (prediction,) = task.pop("predictions")
    task |= {"id": number, "annotations": [{"id": number, "result": prediction["result"]}]}
(out / "accepted.json").write_text(json.dumps(tasks))
converter = Converter(config, str(out), download_resources=False)
converter.convert_to_coco(str(out / "accepted.json"), str(out), is_dir=False)
print(json.dumps({"errors": errors, "lacking": lacking}))
"""
FIFTYONE = """
import json, sys
import fiftyone.utils.data as data
found = {}
importer = data.FiftyOneImageDetectionDatasetImporter(dataset_dir=sys.argv[1])
exporter = data.FiftyOneImageDetectionDatasetExporter(export_dir=sys.argv[2])
with importer, exporter:
    for path, metadata, detections in importer:
        found[path.rpartition("/")[2]] = [
            [box.label, box.confidence, *box.bounding_box, box["panel_id"]] for box in detections.detections
        ]
        exporter.export_sample(path, detections, metadata=metadata)
print(json.dumps(found))
"""


def python_with(package: str, folder: Path) -> str:
    """An interpreter that has a package, with the version that this was written for."""
    place = Path(os.environ.get("ANNOTATION_PROGRAMS") or folder) / package.partition("==")[0]
    python = place / "bin" / "python"
    if not (place / "installed").is_file():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        asked = subprocess.run(
            [str(python), "-m", "pip", "install", "-q", package], capture_output=True, text=True, check=False
        )
        if asked.returncode:
            pytest.skip(f"{package} cannot be installed here: {asked.stderr.strip()[-300:]}")
        (place / "installed").touch()
    return str(python)


def told(python: str, script: str, *arguments: Path) -> Any:
    done = subprocess.run([python, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def silver(harvested: Harvester, night: Publisher) -> Dataset:
    return open_dataset(night("2026-11-20", *(harvested(f"x{n}", seed=n) for n in range(3))).folder)


def boxes_of(dataset: Dataset) -> dict[str, list[tuple[str, list[float]]]]:
    """File name of a figure -> names and `x y width height` in pixels of its boxes."""
    found: dict[str, list[tuple[str, list[float]]]] = {}
    for row in dataset.rows():
        for part in parts(row):
            found.setdefault(row["figure_name"], []).append((part.name, part.box))
    return found


def test_label_studio_takes_the_tasks_and_gives_their_boxes(silver: Dataset, tmp_path: Path) -> None:
    python = python_with("label-studio-sdk==2.1.2", tmp_path)
    folder, out = tmp_path / "tasks", tmp_path / "out"
    export(silver, "label-studio", folder)
    out.mkdir()
    assert told(python, LABEL_STUDIO, folder, out) == {"errors": [], "lacking": []}
    coco = json.loads((out / "result.json").read_text())
    names = {each["id"]: each["name"] for each in coco["categories"]}
    assert set(names.values()) == set(CLASSES)
    images = {each["id"]: each["file_name"].rpartition("/")[2] for each in coco["images"]}
    found: dict[str, list[tuple[str, list[float]]]] = {}
    for each in coco["annotations"]:
        box = [round(value, 3) for value in each["bbox"]]
        found.setdefault(images[each["image_id"]], []).append((names[each["category_id"]], box))
    assert found == boxes_of(silver)
    accepted = imported(silver, out / "accepted.json", who="Ada", version="v")
    assert [(each.changes, each.accepted) for each in accepted] == [((), True)] * 6


def test_fiftyone_opens_the_folder_and_writes_it_again(silver: Dataset, tmp_path: Path) -> None:
    python = python_with("fiftyone==1.22.1", tmp_path)
    folder, out = tmp_path / "boxes", tmp_path / "again"
    export(silver, "fiftyone", folder)
    opened = told(python, FIFTYONE, folder, out)
    assert {
        name: [(label, [x * 64, y * 48, width * 64, height * 48]) for label, _, x, y, width, height, _ in boxes]
        for name, boxes in opened.items()
    } == {name: [(label, pytest.approx(box)) for label, box in boxes] for name, boxes in boxes_of(silver).items()}
    accepted = imported(silver, out / "labels.json", who="Ada", version="v")
    assert [(each.changes, each.accepted) for each in accepted] == [((), True)] * 6
