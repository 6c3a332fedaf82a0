"""Each form of a data set, opened by the library that its users use."""

import codecs
import gc
import hashlib
import io
import json
import os
import re
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset import formats
from exsclaim.dataset.condition.published_state import STATE
from exsclaim.dataset.formats import FORMATS, Format, export, writer
from exsclaim.dataset.formats.crop_files import tar_member
from exsclaim.dataset.formats.detection_boxes import CATEGORIES
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.pages.attribution import ATTRIBUTIONS
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.results_at_url import MANIFEST
from exsclaim.dataset.tables.splits import SPLITS, split_by_hash
from exsclaim.dataset.transaction import MARKER, ResumableFiles, Transaction
from exsclaim.errors import DatasetError, DefectError
from exsclaim.quality.coco_boxes import gold_of, read_coco
from exsclaim.storage.remote import RemoteFiles
from models.annotated_figures import read_annotated
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher, figure_image
from tests.exsclaim.dataset.test_layout import with_doi
from tests.exsclaim.dataset.test_publishing import all_bytes


@pytest.fixture
def silver(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Dataset:
    """Sixteen articles of one figure and two panels each, in all three splits."""

    def sixteen() -> Published:
        dois = {
            split: [doi for doi in map("10.1/{}".format, range(400)) if split_by_hash("", doi) == split]
            for split in SPLITS
        }
        articles = [with_doi(harvested(f"x{n:02d}", figures=1, seed=n), dois[SPLITS[n % 3]][n]) for n in range(16)]
        published = night("2026-11-20", *articles)
        assert set(open_dataset(published.folder).panels()["split"]) == set(SPLITS)
        return published

    return open_dataset(published_once(sixteen))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "hf"


def test_hugging_face_loads_the_splits(silver: Dataset, out: Path, offline: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="comes with the dev extra")
    export(silver, "hf", out)
    loaded = datasets.load_dataset(str(out), cache_dir=offline)
    assert {split: len(rows) for split, rows in loaded.items()} == {s: silver.count(split=s) for s in SPLITS}
    assert isinstance(loaded["train"][0]["image"], Image.Image)
    assert [row["id"] for row in loaded["test"]] == list(silver.panels(split="test")["id"])


def test_the_card_of_an_export_counts_the_same_with_and_without_the_counts_of_the_publish(
    silver: Dataset, out: Path, tmp_path: Path
) -> None:
    export(silver, "hf", out)
    (silver.folder / STATE).unlink()
    export(silver, "hf", tmp_path / "counted")
    assert all_bytes(tmp_path / "counted") == all_bytes(out)


def test_hugging_face_loads_the_folders_of_images(silver: Dataset, out: Path, offline: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="comes with the dev extra")
    export(silver, "imagefolder", out, where="kind = 'microscopy'")
    loaded = datasets.load_dataset("imagefolder", data_dir=str(out), cache_dir=offline)
    assert sum(len(rows) for rows in loaded.values()) == 16
    first = loaded["train"][0]
    assert (first["kind"], first["image"].size) == ("microscopy", (32, 48))


def test_hugging_face_loads_splits_of_which_one_knows_no_letters(
    night: Publisher, harvested: Harvester, out: Path, offline: Path
) -> None:
    datasets = pytest.importorskip("datasets", reason="comes with the dev extra")
    lettered = split_by_hash("", "10.1/1")
    other = next(doi for doi in map("10.1/{}".format, range(2, 400)) if split_by_hash("", doi) != lettered)
    articles = with_doi(harvested("x1"), "10.1/1"), with_doi(harvested("x2", labels=(None, None), seed=2), other)
    export(open_dataset(night("2026-11-20", *articles).folder), "imagefolder", out)
    loaded = datasets.load_dataset("imagefolder", data_dir=str(out), cache_dir=offline)
    labels = {split: set(rows["label"]) for split, rows in loaded.items()}
    assert labels == {lettered: {"a", "b"}, split_by_hash("", other): {None}}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("to", ["coco", "label-studio", "fiftyone", "exsclaim-json"])
def test_a_figure_that_is_turned_when_shown_is_exported_upright_as_its_boxes_are(
    night: Publisher, harvested: Harvester, out: Path, form: str, to: str
) -> None:
    shown = Image.open(io.BytesIO(figure_image(7, "PNG")))
    shown.paste("white", (0, 0, 16, 16))
    turned, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be shown turned clockwise
    shown.rotate(90, expand=True).save(turned, form, exif=exif, quality=95, lossless=True)
    opened = open_dataset(night("2026-11-20", harvested(figures=1, image=turned.getvalue())).folder)
    export(opened, to, out, is_linking=True)
    (name,) = (path for path in out.rglob("*_fig1.*"))
    stored = Image.open(name)
    assert (stored.format, stored.size, stored.getexif().get(ExifTags.Base.Orientation, 1)) == (form, (64, 48), 1)
    assert np.asarray(stored.convert("L"))[2:14, 2:14].min() > 240
    (published,) = (opened.folder / "figures").iterdir()
    assert published.read_bytes() == turned.getvalue()


def test_pycocotools_loads_the_boxes(silver: Dataset, out: Path) -> None:
    coco_module = pytest.importorskip("pycocotools.coco", reason="comes with the train extra")
    export(silver, "coco", out)
    coco = coco_module.COCO(str(out / "coco.json"))
    assert len(coco.getImgIds()) == 16
    counts = {name: len(coco.getAnnIds(catIds=[id])) for name, id in CATEGORIES.items()}
    assert {name: count for name, count in counts.items() if count} == {
        "microscopy": 16, "graph": 16, "panel label": 16, "scale bar": 16, "scale label": 16,
    }  # fmt: skip
    (image,) = coco.loadImgs(coco.getImgIds()[3])
    assert Image.open(out / image["file_name"]).size == (image["width"], image["height"])
    boxes = [each["bbox"] for each in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]], catIds=[1]))]
    assert boxes == [[0, 0, 31.5, 48]]
    others = {path.name for path in out.iterdir() if path.suffix != ".jpg"}
    assert others == {".exsclaim-export", "coco.json", "sources.json", *ATTRIBUTIONS}


def test_benchmark_and_training_read_the_boxes(silver: Dataset, out: Path) -> None:
    export(silver, "coco", out)
    gold = gold_of(read_coco(out / "coco.json"))
    assert len(gold) == 16
    assert {(panel.kind, panel.label) for figure in gold.values() for panel in figure.panels} == {
        ("microscopy", "a"), ("graph", "b"),
    }  # fmt: skip
    annotated = read_annotated(out)
    assert [len(each.panels) for each in annotated] == [2] * 16
    assert len({each.group for each in annotated}) == 16


def test_webdataset_iterates_the_shards(silver: Dataset, out: Path) -> None:
    webdataset = pytest.importorskip("webdataset", reason="comes with the dev extra")
    export(silver, "webdataset", out)
    shards = sorted(map(str, out.glob("train-*.tar")))
    samples = list(webdataset.WebDataset(shards, shardshuffle=False).decode("pil"))
    assert [each["json"]["id"] for each in samples] == list(silver.panels(split="train")["id"])
    assert {each["png"].size for each in samples} == {(32, 48), (31, 46)}


def test_samples_of_webdataset_have_names_of_their_own(harvested: Harvester, night: Publisher, out: Path) -> None:
    dataset = open_dataset(
        night("n1", *(harvested(name, figures=1, labels=("b.c", "b_c")) for name in ("x.1", "x_1"))).folder
    )
    export(dataset, "webdataset", out)
    names = []
    for each in out.glob("*.tar"):
        with tarfile.open(each) as tar:
            names += [name.partition(".")[0] for name in tar.getnames()]
    assert sorted(Counter(names).values()) == [2, 2, 2, 2]  # a crop and its record


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120), st.binary(max_size=1100))
@example("x" * 100, b"x" * 512)
@example("é.png", b"")
def test_members_of_a_tar_are_those_that_tarfile_writes(name: str, content: bytes) -> None:
    whole = io.BytesIO()
    with tarfile.TarFile(fileobj=whole, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    made = b"".join(tar_member(name, content))
    assert whole.getvalue()[: len(made)] == made
    assert not any(whole.getvalue()[len(made) :])


def test_an_inset_names_the_annotation_that_it_lies_in(harvested: Harvester, night: Publisher, out: Path) -> None:
    article = harvested("x1")
    figures = []
    for each in article.figures:
        whole, other = each.panels or ()
        inset = other.model_copy(update={"is_inset": True, "parent_id": whole.id})
        figures.append(each.model_copy(update={"panels": (whole, inset)}))
    published = night("2026-11-20", article.model_copy(update={"figures": tuple(figures)}))
    export(open_dataset(published.folder), "coco", out)
    annotations = json.loads((out / "coco.json").read_text())["annotations"]
    panels = {each["panel_id"]: each for each in annotations if "inset" in each}
    assert len(panels) == 4
    for figure in figures:
        whole, inset = (panels[panel.id] for panel in figure.panels or ())
        assert (whole["parent"], inset["parent"], inset["inset"]) == (None, whole["id"], True)
        assert whole["image_id"] == inset["image_id"]


def test_a_shard_of_webdataset_is_a_whole_tar(silver: Dataset, out: Path) -> None:
    export(silver, "webdataset", out)
    shards = list(out.glob("*.tar"))
    assert len(shards) == 3
    for shard in shards:
        with tarfile.open(shard) as tar:
            names = [member.name for member in tar]
        assert [name for pair in zip(names[::2], names[1::2], strict=True) for name in pair] == names
        assert shard.stat().st_size % tarfile.RECORDSIZE == 0


def test_mlcroissant_validates_and_loads_the_records(silver: Dataset, out: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="comes with the dev extra")
    export(silver, "croissant", out, where="kind = 'microscopy'")
    described = mlcroissant.Dataset(jsonld=str(out / "croissant.json"))
    assert described.metadata.ctx.issues.errors == set()
    records = list(described.records("panels"))
    assert {each["panels/kind"] for each in records} == {b"microscopy"}
    assert len(records) == 16
    assert {each["panels/image"].size for each in records} == {(32, 48)}
    assert records[0]["panels/box"] == [0, 0, 31.5, 48]


def test_mlcroissant_loads_each_table_of_the_results_folder(silver: Dataset) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="comes with the dev extra")
    described = mlcroissant.Dataset(jsonld=str(silver.folder / "croissant.json"))
    assert described.metadata.ctx.issues.errors == set()
    counts = {table: len(list(described.records(table))) for table in ("articles", "figures", "panels")}
    assert counts == {"articles": 16, "figures": 16, "panels": 32}


def test_the_six_tables_join(silver: Dataset, out: Path) -> None:
    export(silver, "csv", out)
    names = ("articles", "figures", "panels", "panel_labels", "scale_bars", "scale_labels")
    tables = {name: pd.read_csv(out / f"{name}.csv") for name in names}
    assert [len(tables[name]) for name in names] == [16, 16, 32, 16, 16, 16]
    joined = tables["scale_bars"].merge(tables["scale_labels"], on=["panel_id", "bar"])
    assert set(joined["text"]) == {"50 nm"}
    assert set(tables["panel_labels"]["panel_id"]) <= set(tables["panels"]["id"])


def test_all_tables_for_spreadsheets_are_the_same_behind_byte_order_marks(silver: Dataset, out: Path) -> None:
    marked = out.with_name("marked")
    export(silver, "csv", out)
    export(silver, "csv-bom", marked)
    plain = {path.name: path.read_bytes() for path in out.glob("*.csv")}
    assert len(plain) == 7
    assert {path.name: path.read_bytes() for path in marked.glob("*.csv")} == {
        name: codecs.BOM_UTF8 + content for name, content in plain.items()
    }


def test_a_script_of_the_predecessor_reads_exsclaim_json(silver: Dataset, out: Path) -> None:
    export(silver, "exsclaim-json", out, where="label = 'a'")
    entries = json.loads((out / "exsclaim.json").read_text())
    assert {len(entry["master_images"]) for entry in entries.values()} == {1}
    assert all((out / entry["figure_path"]).is_file() for entry in entries.values())


def test_crops_are_named_by_their_table(silver: Dataset, out: Path) -> None:
    export(silver, "crops", out, where="kind = 'graph'", split="train")
    table = pd.read_csv(out / "crops.csv")
    with zipfile.ZipFile(out / "crops.zip") as archive:
        assert archive.namelist() == list(table["crop_name"])
        assert Image.open(io.BytesIO(archive.read(archive.namelist()[0]))).size == (31, 46)
    assert set(table["split"]) == {"train"}


def test_tasks_of_label_studio_have_their_boxes_in_per_cent(silver: Dataset, out: Path) -> None:
    """By the form that its documentation gives: its own package does not go together with current numpy."""
    export(silver, "label-studio", out)
    interface = ElementTree.parse(out / "labels.xml")
    labels = {each.attrib["value"] for each in interface.iter("Label")}
    names = {each.attrib["name"] for each in interface.iter() if "name" in each.attrib}
    tasks = json.loads((out / "tasks.json").read_text())
    assert len(tasks) == 16
    for task in tasks:
        assert (out / task["data"]["image"].partition("?d=")[2]).is_file()
        results = task["predictions"][0]["result"]
        assert {each["from_name"] for each in results} | {each["to_name"] for each in results} <= names
        boxes = [each for each in results if each["type"] == "rectanglelabels"]
        assert {each["value"]["rectanglelabels"][0] for each in boxes} <= labels
        value = boxes[0]["value"]
        assert [value[key] for key in ("x", "y", "width", "height")] == [0, 0, pytest.approx(100 * 31.5 / 64), 100]
        assert [each["value"]["text"] for each in results if each["type"] == "textarea"] == [["a"], ["50 nm"]]


def test_fiftyone_imports_the_boxes(silver: Dataset, out: Path) -> None:
    fiftyone = pytest.importorskip("fiftyone.utils.data", reason="a package of gigabytes that wants MongoDB")
    export(silver, "fiftyone", out)
    with fiftyone.FiftyOneImageDetectionDatasetImporter(dataset_dir=str(out)) as importer:
        found = {Path(path).name: labels.detections for path, _, labels in importer}
    assert len(found) == 16
    boxes = found["x03_fig1.jpg"]
    assert [box.label for box in boxes] == ["microscopy", "panel label", "scale bar", "scale label", "graph"]
    assert boxes[0].bounding_box == [0, 0, pytest.approx(31.5 / 64), 1]
    assert boxes[3]["text"] == "50 nm"


def test_the_folder_of_fiftyone_is_as_its_documentation_has_it(silver: Dataset, out: Path) -> None:
    """By the form alone: `fiftyone` is a package of gigabytes; where it is installed, it opens the folder itself."""
    export(silver, "fiftyone", out, where="label = 'a'")
    content = json.loads((out / "labels.json").read_text())
    assert {path.stem for path in (out / "data").iterdir()} == set(content["labels"])
    boxes = content["labels"]["x03_fig1"]
    assert [box["label"] for box in boxes] == ["microscopy", "panel label", "scale bar", "scale label", "graph"]
    assert {box["label"] for box in boxes} <= set(content["classes"])
    assert boxes[0]["bounding_box"] == [0, 0, pytest.approx(31.5 / 64), 1]
    assert boxes[0]["attributes"]["panel_id"] == boxes[3]["attributes"]["panel_id"] == "nature/x03/fig1/p1"
    assert boxes[3]["attributes"]["text"] == "50 nm"


FOLDERS = [name for name, form in FORMATS.items() if not form.is_database and name != "gold"]
"""Of gold there is none here: nothing is reviewed (test_gold)."""


@pytest.mark.parametrize("name", FOLDERS)
def test_an_export_is_the_same_each_time_and_replaces_itself(silver: Dataset, out: Path, name: str) -> None:
    export(silver, name, out)
    first = all_bytes(out)
    export(silver, name, out, where="label = 'a'")
    assert all_bytes(out) != first
    export(silver, name, out)
    assert all_bytes(out) == first


@pytest.mark.parametrize("name", [each for each in FOLDERS if each != "gold"])
@pytest.mark.parametrize("where", ["", "doi contains '1/2' and label = 'a'"])
def test_every_folder_says_whom_its_figures_are_owed_to(silver: Dataset, out: Path, name: str, where: str) -> None:
    export(silver, name, out, where=where)
    owed = pd.read_csv(out / "attribution.csv")
    assert list(owed["figure_name"]) == sorted(set(silver.panels(where)["figure_name"]))
    assert set(owed["authors"]) == {"A. Author; Ü. Łódź"}
    assert set(owed["licence"]) == {"CC-BY-4.0"}
    page = (out / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert all(name in page for name in owed["figure_name"])


def test_figures_are_copied_or_where_that_is_asked_for_linked(silver: Dataset, out: Path, tmp_path: Path) -> None:
    figure = next((silver.folder / "figures").iterdir())
    export(silver, "coco", out)
    assert not (out / figure.name).samefile(figure)
    linked = tmp_path / "linked"
    made = CliRunner().invoke(
        app, ["export", str(silver.folder), "--to", "coco", "--out", str(linked), "--link"]
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert (linked / figure.name).samefile(figure)
    assert all_bytes(linked) == all_bytes(out)


@pytest.mark.parametrize("mine", ["notes.txt", "mine/train.json", ".hidden"])
def test_what_somebody_put_beside_an_export_is_not_replaced_with_it(silver: Dataset, out: Path, mine: str) -> None:
    export(silver, "coco", out)
    file = out / mine
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    before = set(out.rglob("*"))
    for form in ("coco", "csv"):
        with pytest.raises(DatasetError, match=re.escape(f"holds what no export wrote there ({mine}), and would be")):
            export(silver, form, out)
    assert set(out.rglob("*")) == before
    assert file.read_text() == "mine"
    file.unlink()
    for name in ("Thumbs.db", "._coco.json"):
        (out / name).write_bytes(b"of a system")
    export(silver, "csv", out)
    assert not list(out.glob("*.json"))


def test_an_export_of_a_version_that_listed_no_files_is_replaced_whole(silver: Dataset, out: Path) -> None:
    export(silver, "coco", out)
    marker = out / MARKER
    marker.write_bytes(marker.read_bytes().splitlines(keepends=True)[0])
    export(silver, "csv", out)
    assert not list(out.glob("*.json"))


def test_a_linked_export_that_is_replaced_leaves_the_data_set_as_it_is(silver: Dataset, out: Path) -> None:
    before = all_bytes(silver.folder)
    export(silver, "coco", out, is_linking=True)
    export(silver, "coco", out, where="label = 'a'", is_linking=True)
    export(silver, "crops", out)
    assert all_bytes(silver.folder) == before


def test_on_another_disk_figures_are_copied_though_links_are_asked_for(silver: Dataset, out: Path) -> None:
    elsewhere = [
        place for place in (Path("/dev/shm"), Path("/var/tmp"), Path.home())
        if os.access(place, os.W_OK) and place.stat().st_dev != silver.folder.stat().st_dev
    ]  # fmt: skip
    if not elsewhere:
        pytest.skip("this machine has no second file system to write to")
    export(silver, "coco", out)
    with TemporaryDirectory(dir=elsewhere[0]) as other:
        export(silver, "coco", Path(other), is_linking=True)
        assert all_bytes(Path(other)) == all_bytes(out)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_disk_that_takes_no_more_is_told_with_the_place_and_the_export_goes_on(silver: Dataset, out: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of file sizes are POSIX's")
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, most[1]))
    try:
        with pytest.raises(OSError, match="data/") as met:
            export(silver, "hf", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert met.value.filename
    gc.collect()
    assert not list(out.glob("[!.]*"))
    assert export(silver, "hf", out) == 32


def test_every_format_has_its_writer() -> None:
    assert all(callable(writer(name)) for name in FORMATS)


def test_a_format_that_is_registered_by_half_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "tfrecord", Format("tf_record", "write_tf_record", "no such module"))
    with pytest.raises(DefectError, match="tf_record"):
        formats._check_formats()


def test_a_format_that_no_line_names_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FORMATS, "webdataset")
    with pytest.raises(DefectError, match="write_webdataset"):
        formats._check_formats()


def test_what_is_not_ours_is_not_touched(silver: Dataset, out: Path) -> None:
    out.mkdir()
    (out / "thesis.tex").write_text("mine")
    with pytest.raises(DatasetError, match="name another folder"):
        export(silver, "csv", out)
    assert (out / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cocoa", "did you mean coco? There are hf, imagefolder"), ("huggingface", "did you mean hf?"),
        ("HF", "did you mean hf?"), ("zip", "did you mean crops?"), ("labelstudio", "did you mean label-studio?"),
        ("Label_Studio", "did you mean label-studio?"), ("parquet", "did you mean hf?"), ("exel", "mean csv-bom?"),
        ("", "'': choose one of hf, imagefolder"), ("tfrecord", "choose one of hf"), ("mongo", "mongoimport"),
    ],
)  # fmt: skip
def test_an_unknown_format_is_said(name: str, said: str) -> None:
    with pytest.raises(DatasetError, match=re.escape(said)):
        writer(name)


def test_a_choice_of_nothing_is_an_error_and_leaves_nothing(silver: Dataset, out: Path) -> None:
    with pytest.raises(DatasetError, match="no panel is chosen"):
        export(silver, "csv", out, where="year = 1812")
    assert not out.exists()


def test_the_command_exports_lists_and_points_at_errors(silver: Dataset, out: Path) -> None:
    run = CliRunner().invoke
    made = run(app, ["export", str(silver.folder), "--to", "crops", "--out", str(out), "--where", "label = 'a'"])
    assert (made.exit_code, made.output.split(" in ")[0]) == (0, "16 panels as crops")
    assert "webdataset" in run(app, ["formats"]).output
    assert "scale_confidence" in run(app, ["columns", "scale"]).output
    assert "2026-11-20-" in run(app, ["versions", str(silver.folder)]).output


class KilledError(Exception):
    """Stands for a kill: nothing is cleaned up after it."""


def killed_after(monkeypatch: pytest.MonkeyPatch, home: type, method: str, calls: int) -> list[object]:
    """Let a method be called so often, then die; gives the list that its calls are noted in."""
    seen: list[object] = []
    original = getattr(home, method)

    def dying(self: object, *arguments: object, **named: object) -> object:
        if len(seen) >= calls:
            raise KilledError
        seen.append(arguments)
        return original(self, *arguments, **named)

    monkeypatch.setattr(home, method, dying)
    return seen


def test_a_killed_export_goes_on_behind_what_it_had_finished(
    silver: Dataset, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(silver, "coco", tmp_path / "undisturbed")
    with monkeypatch.context() as dying:
        killed_after(dying, Transaction, "copy", 5)
        with pytest.raises(KilledError):
            export(silver, "coco", out)
    assert not (out / "coco.json").exists()  # nothing of it is there yet
    with monkeypatch.context() as counting:
        copied = killed_after(counting, Transaction, "copy", 100)
        export(silver, "coco", out)
    assert len(copied) == 16 + 2 - 5  # figures, and whom they are owed to
    assert all_bytes(out) == all_bytes(tmp_path / "undisturbed")


@pytest.mark.parametrize("name", FOLDERS)
def test_what_a_killed_export_leaves_changes_no_byte(
    silver: Dataset, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    export(silver, name, tmp_path / "undisturbed")
    with monkeypatch.context() as dying:
        killed_after(dying, ResumableFiles, "commit", 0)
        with pytest.raises(KilledError):
            export(silver, name, out)
    export(silver, name, out)
    assert all_bytes(out) == all_bytes(tmp_path / "undisturbed")


def test_drafts_of_another_request_are_thrown_away(
    silver: Dataset, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        killed_after(dying, ResumableFiles, "commit", 0)
        with pytest.raises(KilledError):
            export(silver, "crops", out, where="label = 'a'")
    export(silver, "crops", out)
    export(silver, "crops", tmp_path / "undisturbed")
    assert all_bytes(out) == all_bytes(tmp_path / "undisturbed")


def at_url(url: str) -> dict[str, str]:
    """Name -> sha256, as `all_bytes` has it of a folder."""
    files = RemoteFiles(url)
    return {name: hashlib.sha256(files.read(name)).hexdigest() for name in files.names() if name != MANIFEST}


def test_an_export_goes_to_a_url_and_replaces_itself(silver: Dataset, remote_place: str, out: Path) -> None:
    url = f"{remote_place}/coco"
    made = CliRunner().invoke(app, ["export", str(silver.folder), "--to", "coco", "--out", url])
    assert made.exit_code == 0, made.output
    export(silver, "coco", out)
    assert at_url(url) == all_bytes(out)
    export(silver, "crops", url, where="label = 'a'")
    export(silver, "crops", out, where="label = 'a'")
    assert at_url(url) == all_bytes(out)


def test_a_killed_upload_goes_on_behind_what_it_had_uploaded(
    silver: Dataset, url: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        killed_after(dying, RemoteFiles, "upload", 7)
        with pytest.raises(KilledError):
            export(silver, "coco", url)
    assert not [name for name in RemoteFiles(url).names() if name.endswith("coco.json") and "draft" not in name]
    with monkeypatch.context() as counting:
        uploaded = killed_after(counting, RemoteFiles, "upload", 100)
        export(silver, "coco", url)
    assert (
        len(uploaded) == 16 + 5 - 7
    )  # figures, coco.json, sources.json, whom they are owed to in two forms, the marker
    export(silver, "coco", out)
    assert at_url(url) == all_bytes(out)


@pytest.mark.parametrize("moved", [0, 1])
def test_an_upload_that_is_killed_while_it_replaces_another_is_ended_by_the_next(
    silver: Dataset, url: str, out: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    export(silver, "coco", url, where="label = 'a'")
    with monkeypatch.context() as dying:
        killed_after(dying, RemoteFiles, "move", moved)
        with pytest.raises(KilledError):
            export(silver, "coco", url)
    export(silver, "coco", url)
    export(silver, "coco", out)
    assert at_url(url) == all_bytes(out)


def test_what_somebody_put_beside_an_export_at_a_url_is_not_replaced_with_it(silver: Dataset, url: str) -> None:
    export(silver, "csv", url)
    files = RemoteFiles(url)
    files.write("notes.txt", b"mine")
    with pytest.raises(DatasetError, match=re.escape("holds what no export wrote there (notes.txt)")):
        export(silver, "coco", url)
    assert files.read("notes.txt") == b"mine"
    files.delete("notes.txt")
    files.write("images/.DS_Store", b"of a system")
    export(silver, "coco", url)
    assert "coco.json" in files.names()


def test_what_is_not_ours_at_a_url_is_not_touched(silver: Dataset, remote_place: str) -> None:
    RemoteFiles(f"{remote_place}/mine").write("thesis.tex", b"mine")
    with pytest.raises(DatasetError, match="name another place"):
        export(silver, "csv", f"{remote_place}/mine")
    assert RemoteFiles(f"{remote_place}/mine").names() == ["thesis.tex"]


@pytest.mark.parametrize(
    ("id", "said"), [("nature/x03/fig1", "2 panels drawn"), ("nature/x03/fig1/p2", "1 panel drawn")]
)
def test_the_command_draws_a_figure_or_a_panel(silver: Dataset, tmp_path: Path, id: str, said: str) -> None:
    shown = CliRunner().invoke(app, ["show", id, "--dataset", str(silver.folder), "--out", str(tmp_path / "x.png")])
    assert shown.exit_code == 0, shown.output
    assert said in shown.output
    assert "CC-BY-4.0" in shown.output
    assert Image.open(tmp_path / "x.png").height > 48


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("nature/x03/fig9", "has no figure"), ("nature/x03/fig1/p9", "has no panel"), ("nature/zz/fig1", "has no"),
        ("x03", "'x03' is no id"), ("", "'' is no id"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_not_there(silver: Dataset, tmp_path: Path, id: str, said: str) -> None:
    shown = CliRunner().invoke(app, ["show", id, "--dataset", str(silver.folder), "--out", str(tmp_path / "x.png")])
    assert isinstance(shown.exception, DatasetError)
    assert said in str(shown.exception)


@pytest.mark.parametrize("out", ["", "{folder}", "{folder}/coco", "{folder}/../silver/data"])
def test_an_export_does_not_go_into_the_data_set_or_nowhere(silver: Dataset, out: str) -> None:
    before = all_bytes(silver.folder)
    with pytest.raises(DatasetError):
        export(silver, "csv", out.format(folder=silver.folder))
    assert all_bytes(silver.folder) == before


def test_the_command_tells_two_data_sets_apart(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    older = night("2026-11-20", harvested("x1"), harvested("x2", seed=2), harvested("x3", seed=3)).folder
    articles = harvested("x1"), harvested("x2", seed=2, caption="Gold"), harvested("x4", seed=4)
    newer = night("2026-11-21", *articles, results_dir=tmp_path / "other").folder
    told = CliRunner().invoke(app, ["diff", str(older), str(newer)])
    assert told.output.split() == [
        "added:", "1", "nature/x4", "changed:", "1", "nature/x2", "removed:", "1", "nature/x3",
    ]  # fmt: skip


def test_a_database_that_cannot_be_had_is_a_fault_that_is_tried_again(silver: Dataset) -> None:
    unset = formats.into_database(silver.folder, None)
    assert unset is not None
    assert (unset.error, unset.will_retry) == ("SettingsError", True)
    assert "EXSCLAIM_POSTGRES, which is not set" in unset.cause
    of_nobody = formats.into_database(silver.folder, "postgresql://127.0.0.1/figures")
    assert of_nobody is not None
    assert (of_nobody.error, of_nobody.will_retry) == ("SettingsError", True)
    assert "postgresql://user@host" in of_nobody.cause
    silent = formats.into_database(silver.folder, "postgresql://exsclaim@127.0.0.1:1/figures")
    assert silent is not None
    assert (silent.error, silent.will_retry) == ("UnreachableError", True)
