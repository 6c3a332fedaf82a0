"""Files of the tables: shards, row groups, what loads them, and data sets of earlier versions."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from PIL import Image

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.pages import published_files
from exsclaim.dataset.pages.card import MEASURED
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.tables import shard_writing
from exsclaim.dataset.tables.column_meanings import listed
from exsclaim.dataset.tables.splits import split_by_hash
from exsclaim.dataset.tables.table_rows import SCHEMAS
from exsclaim.errors import DatasetError
from tests.exsclaim.cli.command_line import run
from tests.exsclaim.dataset.test_publishing import all_bytes

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]


def test_shards_end_where_they_are_large_enough_and_never_within_an_article(
    harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_writing, "MAX_SHARD_BYTES", 60_000)
    articles = [harvested(f"x{n:02d}", seed=n) for n in range(12)]
    published = night("2026-11-20", *articles)
    files = sorted((published.dataset / "panels" / "harvest=2026-11-20").iterdir())
    assert [path.name for path in files[:2]] == ["part-00000.parquet", "part-00001.parquet"]
    assert len(files) > 2
    ids = [set(pd.read_parquet(path)["article_id"]) for path in files]
    assert sum(map(len, ids)) == len(set().union(*ids)) == 12
    assert [max(each) for each in ids] == sorted(max(each) for each in ids)
    assert published.panels == 48


def test_row_groups_hold_about_a_hundred_panels(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", *(harvested(f"x{n:02d}", figures=3, seed=n) for n in range(40)))
    file = pq.ParquetFile(published.dataset / "panels/harvest=2026-11-20/part-00000.parquet")
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert sizes == [102, 102, 36]


def test_an_article_that_leaves_a_shard_leaves_the_others_as_they_are(
    harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_writing, "MAX_SHARD_BYTES", 60_000)
    published = night("2026-11-20", *(harvested(f"x{n:02d}", seed=n) for n in range(12)))
    folder = published.dataset / "panels" / "harvest=2026-11-20"
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    night("2026-11-21", harvested("x00", caption="Gold"))
    after = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert {name for name in before if after[name] != before[name]} == {"part-00000.parquet"}


@pytest.mark.parametrize(("config", "rows"), [("panels", 8), ("figures", 4), ("articles", 2), (None, 8)])
def test_hugging_face_loads_the_results_folder(
    harvested: Harvester, night: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str | None,
    rows: int,
) -> None:  # fmt: skip
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets comes with the dev extra")
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x2", seed=2), save_format=frozenset({"csv", "boxes"}))
    arguments = [str(published.folder)] + ([config] if config else [])
    loaded = datasets.load_dataset(*arguments, cache_dir=tmp_path / "hf")["train"]
    assert len(loaded) == rows
    if rows == 8:
        assert isinstance(loaded[0]["image"], Image.Image)


def test_the_card_says_what_the_folder_holds(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    _, front, body = (published.folder / "README.md").read_text().split("---\n", 2)
    meta = yaml.safe_load(front)
    assert (meta["license"], meta["size_categories"]) == ("cc-by-4.0", ["n<1K"])
    assert [each["config_name"] for each in meta["configs"] if each.get("default")] == ["panels"]
    assert "| panels | 4 |" in body
    assert "| microscopy | 2 | 50.0% |" in body
    assert "| label_missing | 2 | 50.0% |" in body
    assert json.loads((published.folder / "versions.json").read_text())[0]["digest"] in body


def test_the_card_tells_each_column_and_what_a_datasheet_tells(harvested: Harvester, night: Publisher) -> None:
    card = (night("2026-11-20", harvested("x1")).folder / "README.md").read_text()
    for title in (
        "Contents",
        "Columns",
        "Uses",
        "How it was made and measured",
        "Limits",
        "Rights",
        "Upkeep",
        "Citation",
    ):
        assert f"\n## {title}\n" in card
    for table in ("articles", "figures", "panels"):
        _, _, columns = card.partition(f"### Columns of {table}")
        assert [line.split(" | ")[0].strip("| ") for line in columns.partition("##")[0].splitlines()[4:] if line] == [
            column.name for column in SCHEMAS[table]
        ]
    assert "| scale_bars | list of records |" in card
    assert "| microscopy | 2 | 0 | 0 |" in card


def test_licences_that_differ_are_told_by_figure(harvested: Harvester, night: Publisher) -> None:
    folder = night("2026-11-20", harvested("x1"), harvested("x2", seed=2, licence="CC-BY-NC-4.0")).folder
    meta = yaml.safe_load((folder / "README.md").read_text().split("---\n", 2)[1])
    assert (meta["license"], meta["license_link"]) == ("other", "ATTRIBUTION.md")
    assert (folder / meta["license_link"]).is_file()


@pytest.mark.parametrize("is_exported", [False, True])
def test_the_lines_by_which_a_card_says_to_load_it_load_it(
    harvested: Harvester, night: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_exported: bool
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    pytest.importorskip("datasets", reason="Hugging Face datasets comes with the dev extra")
    # its home was read at import; what another test loaded is told apart by the times of its files alone
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "hf")
    folder = night("2026-11-20", harvested("x1")).folder
    if is_exported:
        export(open_dataset(folder), "hf", tmp_path / "exported")
        folder = tmp_path / "exported"
    card = (folder / "README.md").read_text()
    lines = card.partition("```python\n")[2].partition("```")[0].replace("<this folder>", str(folder))
    found: dict[str, Any] = {}
    exec(lines, found)
    panels = found["panels"]["train"] if is_exported else found["panels"]
    assert (len(panels), "articles" in found) == (4, not is_exported)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_has_a_meaning(table: str) -> None:
    for name, kind, told in listed(table):
        assert len(told) > 5, name
        assert kind


def test_a_large_data_set_has_an_exsclaim_json_per_harvest(
    harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    night("2026-11-20", harvested("x1"))
    monkeypatch.setattr(published_files, "MOST_FIGURES_IN_ONE_JSON", 3)
    published = night("2026-11-21", harvested("x2", seed=2))
    names = sorted(path.name for path in published.folder.glob("exsclaim*.json"))
    assert names == ["exsclaim-2026-11-20.json", "exsclaim-2026-11-21.json"]
    assert [list(json.loads((published.folder / name).read_text())) for name in names] == [
        ["x1_fig1.jpg", "x1_fig2.jpg"],
        ["x2_fig1.jpg", "x2_fig2.jpg"],
    ]
    first = (published.folder / names[0]).stat().st_ino
    night("2026-11-22", harvested("x2", seed=2, caption="Gold"))
    assert (published.folder / names[0]).stat().st_ino == first
    assert not (published.folder / names[1]).exists()


def as_an_earlier_version(published: Published) -> None:
    """Bring a results folder to the form that version 0.1 wrote: one file per table and harvest, other columns."""
    new = {
        "articles": "year split abstract keywords published_precision",
        "figures": "mentions own_licence licence_words figure_digest perceptual_hash panels source journal "
        "year split versions",
        "panels": "materials mentions crop_name scale_origin scale_confidence source journal year is_open split",
    }
    for path in sorted(path for table in new for path in published.dataset.glob(f"{table}/*/*.parquet")):
        table, harvest = path.parts[-3:-1]
        rows = pq.ParquetFile(path).read().drop_columns(new[table].split())
        rows = rows.rename_columns([{"doubts": "flags"}.get(name, name) for name in rows.column_names])
        old = published.folder / "dataset" / table / harvest
        old.mkdir(parents=True)
        pq.write_table(rows, old / "part-0.parquet")
    shutil.rmtree(published.dataset)
    for name in (".published.json", "README.md", "CHANGES.md", "versions.json"):
        (published.folder / name).unlink()


def test_a_data_set_of_an_earlier_version_is_brought_to_the_new_form(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    before = pd.read_parquet(published.dataset / "panels")
    as_an_earlier_version(published)
    again = night("2026-11-21", harvested("x3", seed=3))
    assert not (published.folder / "dataset").exists()
    after = pd.read_parquet(again.dataset / "panels")
    old = after[after["harvest"].astype(str) == "2026-11-20"].reset_index(drop=True)
    same = ["id", "kind", "label", "crop_name", "scale_origin", "scale_confidence", "year", "split", "journal"]
    pd.testing.assert_frame_equal(old[same], before[same])
    assert [list(each) for each in old["doubts"]] == [[], ["label_missing"]] * 4
    assert (again.articles, again.figures, again.panels) == (3, 6, 12)


@pytest.mark.parametrize("command", ["export --to crops", "export --to hf", "versions", "show nature/ncomms5946/fig1"])
def test_what_needs_columns_that_an_earlier_version_did_not_write_says_what_to_do(
    harvested: Harvester, night: Publisher, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    published = night("2026-11-20", harvested(figures=1))
    as_an_earlier_version(published)
    verb, *rest = command.split()
    place = ["--dataset", str(published.folder)] if verb == "show" else [str(published.folder)]
    out = [] if verb == "versions" else ["--out", str(tmp_path / "out.png")]
    assert run(verb, *rest, *place, *out) == 1
    said = capsys.readouterr().err
    assert "was published by an earlier version: harvest its query once more, then" in said
    night("2026-11-21", harvested("other", figures=1, seed=2))
    assert run(verb, *rest, *place, *out) == 0


def test_what_an_earlier_version_published_is_kept_where_today_fails(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    as_an_earlier_version(published)
    article = harvested("x1", caption="Gold")
    unseparated = tuple(each.model_copy(update={"panels": None}) for each in article.figures)
    again = night("2026-11-20", article.model_copy(update={"figures": unseparated}))
    assert (again.figures, again.panels) == (2, 4)


def with_doi(article: HarvestedArticle, doi: str) -> HarvestedArticle:
    record = article.article.model_copy(update={"doi": doi})
    figures = tuple(each.model_copy(update={"article": record}) for each in article.figures)
    return article.model_copy(update={"article": record, "figures": figures})


def test_an_article_keeps_its_split_and_a_near_duplicate_joins_it(harvested: Harvester, night: Publisher) -> None:
    dois = {split_by_hash("", f"10.1/{n}"): f"10.1/{n}" for n in range(100)}
    night("2026-11-20", with_doi(harvested("x1", figures=1), dois["train"]))
    changed = with_doi(harvested("x1", figures=1), dois["test"])
    same_image = with_doi(harvested("x2", figures=1), dois["validation"])
    other_image = with_doi(harvested("x3", figures=1, seed=5), dois["validation"])
    published = night("2026-11-21", changed, same_image, other_image)
    for table in ("articles", "figures", "panels"):
        frame = pd.read_parquet(published.dataset / table)
        splits = dict(zip(frame["article_id"], frame["split"], strict=True))
        assert splits == {"nature/x1": "train", "nature/x2": "train", "nature/x3": "validation"}


def test_the_image_column_is_an_image_for_hugging_face(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    schema: pa.Schema = pq.read_schema(published.dataset / "panels/harvest=2026-11-20/part-00000.parquet")
    assert json.loads(schema.metadata[b"huggingface"])["info"]["features"]["image"] == {"_type": "Image"}


def test_a_figure_with_a_licence_of_its_own_is_published_under_it(harvested: Harvester, night: Publisher) -> None:
    article = harvested("x1")
    first, second = article.figures
    words = "Reproduced with permission from ref. 12."
    borrowed = first.figure.model_copy(update={"licence": "third-party", "licence_words": words})
    figures = (first.model_copy(update={"figure": borrowed}), second)
    night("2026-11-20", article)
    published = night("2026-11-21", article.model_copy(update={"figures": figures}))
    panels = pd.read_parquet(published.dataset / "panels").groupby("figure_id")["licence"].unique()
    assert {id: list(each) for id, each in panels.items()} == {
        "nature/x1/fig1": ["third-party"],
        "nature/x1/fig2": ["CC-BY-4.0"],
    }
    assert words in (published.folder / "ATTRIBUTION.md").read_text()
    assert words in (published.folder / "attribution.csv").read_text()
    assert open_dataset(published.folder).figure("nature/x1/fig1").figure == borrowed


def test_a_linked_copy_stays_the_version_that_it_was(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    """`cp -al`: nothing that is published is ever changed in place."""
    folder = night("2026-11-20", harvested("x1"), harvested("x2", seed=2), save_format=frozenset({"csv"})).folder
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept, copy_function=lambda source, target: Path(target).hardlink_to(source))
    before = all_bytes(kept)
    newer = night("2026-11-21", harvested("x1", caption="Gold"), harvested("x3", seed=3)).folder
    assert all_bytes(kept) == before
    assert open_dataset(newer).difference(open_dataset(kept)) == {
        "added": ["nature/x3"], "changed": ["nature/x1"], "removed": [],
    }  # fmt: skip


def test_the_numbers_of_the_card_are_those_of_the_readme(harvested: Harvester, night: Publisher) -> None:
    card = (night("2026-11-20", harvested("x1")).folder / "README.md").read_text()
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    for row in MEASURED:
        assert f"| {' | '.join(row)} |" in readme
        assert f"| {' | '.join(row)} |" in card


def inodes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*.parquet")}


def test_panels_are_there_once_more_without_their_crops(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", *(harvested(f"x{n:02d}", figures=3, seed=n) for n in range(40)))
    published = night("2026-11-21", harvested("x00", caption="Gold"))
    for harvest, rows in (("2026-11-20", 234), ("2026-11-21", 4)):
        file = pq.ParquetFile(published.dataset / f"panels-without-crops/harvest={harvest}/part-00000.parquet")
        assert (file.num_row_groups, file.metadata.num_rows) == (1, rows)
        table = pq.ParquetFile(published.dataset / f"panels/harvest={harvest}/part-00000.parquet").read()
        assert file.read().equals(table.drop_columns("image"))


def test_of_partitions_that_did_not_change_nothing_is_written(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x2", seed=2))
    folder = published.dataset / "panels-without-crops"
    before = inodes(folder)
    night("2026-11-22", harvested("x2", seed=2, caption="Gold"))
    after = inodes(folder)
    assert after.keys() == {f"harvest={day}/part-00000.parquet" for day in ("2026-11-20", "2026-11-22")}
    assert before.items() & after.items() == {("harvest=2026-11-20/part-00000.parquet", before[min(before)])}


def test_a_night_without_news_brings_back_what_is_missing(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    before = all_bytes(published.folder)
    shutil.rmtree(published.dataset / "panels-without-crops")
    night("2026-11-20", harvested("x1"))
    assert all_bytes(published.folder) == before


def without_materials(published: Published) -> None:
    """Bring a results folder to the form that it had before panels had a column of materials."""
    for path in published.dataset.glob("panels/*/*.parquet"):
        pq.write_table(pq.ParquetFile(path).read().drop_columns("materials"), path)
    shutil.rmtree(published.dataset / "panels-without-crops")
    state = json.loads((published.folder / ".published.json").read_text())
    del state["form"]
    (published.folder / ".published.json").write_text(json.dumps(state))


def test_materials_are_told_of_panels_that_were_published_without(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    published = night("2026-11-21", harvested("x3", seed=3))
    before = pd.read_parquet(published.dataset / "panels")
    without_materials(published)
    ds = open_dataset(published.folder)
    assert ds.panels(columns=["materials"])["materials"].isna().all()
    with pytest.raises(DatasetError, match=r"earlier version.*harvest its query once more"):
        ds.count("material has 'Ag'")
    again = night("2026-11-22", harvested("x1", caption="Gold"))
    after = pd.read_parquet(again.dataset / "panels")
    both = after.merge(before, on="id", suffixes=("", "_before"))
    kept = both[both["article_id"] != "nature/x1"]
    assert [list(each) for each in kept["materials"]] == [["silver", "Ag"]] * 8
    assert list(kept["licence"]) == list(kept["licence_before"])
    assert open_dataset(again.folder).count("material has 'Ag'") == 8
    assert open_dataset(again.folder).count("material has 'Au'") == 4


def test_a_night_without_news_tells_materials_too_and_only_once(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    before = all_bytes(published.folder)
    without_materials(published)
    night("2026-11-20", harvested("x1"))
    assert all_bytes(published.folder) == before
