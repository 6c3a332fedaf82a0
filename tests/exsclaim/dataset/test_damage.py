"""A partition with an unreadable file is set aside whole; what can be read stays where it is."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset.condition.damage import ASIDE, set_aside_damaged
from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.publish.publishing import Published, published_ids
from exsclaim.errors import DatasetError
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher


@pytest.fixture
def results(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Path:
    """Two harvests with an article each."""

    def two_nights() -> Published:
        night("2026-11-20", harvested("x1"))
        return night("2026-11-21", harvested("x2", seed=2))

    return published_once(two_nights)


def shard(results: Path, table: str, harvest: str) -> Path:
    (file,) = (results / "data" / table / f"harvest={harvest}").glob("*.parquet")
    return file


def test_whole_tables_stay_as_they_are(results: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in results.rglob("*")}
    assert set_aside_damaged(results, whole=True) == []
    assert {path: path.stat().st_mtime_ns for path in results.rglob("*")} == before


@pytest.mark.parametrize("table", ["articles", "figures", "panels"])
@pytest.mark.parametrize("left", [0, 3, 200])
def test_a_partition_with_a_file_cut_off_is_set_aside_and_the_others_stay(results: Path, table: str, left: int) -> None:
    damaged = shard(results, table, "2026-11-20")
    os.truncate(damaged, left)
    (found,) = set_aside_damaged(results)
    assert found.startswith(f"{damaged}: not readable (")
    assert list(published_ids(results)) == ["nature/x2"]
    for each in ("articles", "figures", "panels"):
        assert set(pd.read_parquet(results / "data" / each)["article_id"]) == {"nature/x2"}
        assert (results / ASIDE / each / "harvest=2026-11-20").is_dir()


def other_columns(rows: pa.Table) -> pa.Table:
    return pa.table({"x": [1, 2]})


def numbers_for_ids(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.column_names.index("article_id"), "article_id", pa.array(range(rows.num_rows)))


def text_for_lists(rows: pa.Table) -> pa.Table:
    (name, *_) = (name for name in ("general", "box", "authors") if name in rows.column_names)
    return rows.set_column(rows.column_names.index(name), name, pa.array(["odd"] * rows.num_rows))


@pytest.mark.parametrize("table", ["articles", "figures", "panels"])
@pytest.mark.parametrize("change", [other_columns, numbers_for_ids, text_for_lists])
def test_a_file_of_another_form_is_set_aside_and_no_riddle_to_readers(
    results: Path, table: str, change: Callable[[pa.Table], pa.Table]
) -> None:
    damaged = shard(results, table, "2026-11-20")
    pq.write_table(change(pq.read_table(damaged)), damaged)
    opened = open_dataset(results)
    readers = (opened.articles, opened.figures, lambda: list(opened.rows()), lambda: opened.figure("nature/x1/fig1"))
    for read in readers:
        with suppress(DatasetError):  # and nothing else, of who is not concerned not even that
            read()
    assert any(f"{damaged}: no file of the table {table}: " in told for told in set_aside_damaged(results))
    assert list(published_ids(results)) == ["nature/x2"]


def test_damage_within_a_file_is_found_where_all_is_read(results: Path) -> None:
    damaged = shard(results, "panels", "2026-11-21")
    content = bytearray(damaged.read_bytes())
    content[8 : len(content) // 2] = bytes(len(content) // 2 - 8)
    damaged.write_bytes(content)
    assert set_aside_damaged(results) == []  # the footer is whole
    (found,) = set_aside_damaged(results, whole=True)
    assert str(damaged) in found
    assert list(published_ids(results)) == ["nature/x1"]


def test_the_command_names_what_it_sets_aside_and_what_to_do(results: Path) -> None:
    os.truncate(shard(results, "figures", "2026-11-20"), 10)
    answer = CliRunner().invoke(app, ["repair", str(results)])
    assert answer.exit_code == 0
    assert "figures/harvest=2026-11-20" in answer.output
    assert "Harvest the query again" in answer.output
    assert "every table and every figure is whole" in CliRunner().invoke(app, ["repair", str(results)]).output


def test_damaged_panels_without_crops_are_made_anew_and_nothing_is_set_aside(
    results: Path, harvested: Harvester, night: Publisher
) -> None:
    before = shard(results, "panels-without-crops", "2026-11-20").read_bytes()
    os.truncate(shard(results, "panels-without-crops", "2026-11-20"), 100)
    assert set_aside_damaged(results) == []
    assert open_dataset(results).count() == 8
    night("2026-11-21", harvested("x2", seed=2))
    assert shard(results, "panels-without-crops", "2026-11-20").read_bytes() == before
    assert not (results / ASIDE).exists()


def test_what_is_set_aside_is_not_counted_any_more(results: Path) -> None:
    os.truncate(shard(results, "panels", "2026-11-20"), 100)
    set_aside_damaged(results)
    assert open_dataset(results).count() == 4


def zeroed(file: Path, place: bytes) -> None:
    """Put zeros into the bytes that follow a place of a file, as a bad disk does; the footer stays."""
    content = bytearray(file.read_bytes())
    at = content.index(place) + len(place)
    content[at : at + 200] = bytes(200)
    file.write_bytes(content)


def written_by_an_earlier_version(file: Path) -> None:
    """Write a shard as it was before pages had checksums."""
    rows = pq.read_table(file)
    pq.write_table(rows, file, compression={"image.bytes": "none"}, use_dictionary=False, row_group_size=100)


PLACES = [("panels", b"IDAT"), ("panels", b"\x89PNG"), ("figures", b"PAR1"), ("articles", b"PAR1")]


@pytest.mark.parametrize(("table", "place"), PLACES)
def test_a_damaged_page_is_found_wherever_it_is(results: Path, table: str, place: bytes) -> None:
    damaged = shard(results, table, "2026-11-21")
    zeroed(damaged, place)
    (found,) = set_aside_damaged(results, whole=True)
    assert found.startswith(f"{damaged}: not readable (")
    assert list(published_ids(results)) == ["nature/x1"]


@pytest.mark.parametrize("table", ["figures", "articles", "panels-without-crops"])
def test_damage_in_what_a_harvest_compares_at_its_start_is_found_then(results: Path, table: str) -> None:
    damaged = shard(results, table, "2026-11-21")
    zeroed(damaged, b"PAR1")
    is_copy = table == "panels-without-crops"
    assert len(set_aside_damaged(results)) == (not is_copy)
    assert list(published_ids(results)) == ["nature/x1", "nature/x2"][: 1 + is_copy]
    assert open_dataset(results).count() == 4 + 4 * is_copy


@pytest.mark.parametrize("place", [b"IDAT", b"\x89PNG", b"IHDR"])
def test_a_damaged_crop_of_a_shard_without_checksums_is_found_and_its_panel_named(results: Path, place: bytes) -> None:
    damaged = shard(results, "panels", "2026-11-21")
    written_by_an_earlier_version(damaged)
    assert set_aside_damaged(results, whole=True) == []
    zeroed(damaged, place)
    (found,) = set_aside_damaged(results, whole=True)
    assert found == f"{damaged}: not readable (the crop of panel nature/x2/fig1/p1 is damaged)"


READ: dict[str, Callable[[Dataset], object]] = {
    "images": lambda opened: list(opened.images()),
    "map": lambda opened: [opened.to_torch()[n] for n in range(8)],
    "stream": lambda opened: list(opened.to_torch(iterable=True)),
}


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("use", ["images", "map", "stream", "imagefolder", "hf", "crops"])
def test_whoever_reads_a_damaged_crop_is_told_the_file_and_what_to_do(
    results: Path, tmp_path: Path, use: str, is_old: bool
) -> None:
    damaged = shard(results, "panels", "2026-11-21")
    if is_old:
        written_by_an_earlier_version(damaged)
    zeroed(damaged, b"IDAT")
    opened = open_dataset(results)
    said = f"(?s){re.escape(str(damaged))}: .*exsclaim repair {re.escape(str(results))}"
    with pytest.raises(DatasetError, match=said):
        READ.get(use, lambda opened: export(opened, use, tmp_path / "out"))(opened)
    assert not (tmp_path / "out" / "train" / "metadata.parquet").exists()


@pytest.mark.parametrize("content", ["{", "", "{}", "5", "[1]", '[{"harvest": "x"}]', "\0\0\0\0"])
def test_a_damaged_list_of_versions_is_named_and_set_aside(
    results: Path, harvested: Harvester, night: Publisher, content: str
) -> None:
    told = (results / "CHANGES.md").read_bytes()
    (results / "versions.json").write_text(content)
    with pytest.raises(DatasetError, match=f"{re.escape(str(results / 'versions.json'))}: .*exsclaim repair"):
        list(open_dataset(results).versions)
    answer = CliRunner().invoke(app, ["versions", str(results)])
    assert isinstance(answer.exception, DatasetError)
    said = CliRunner().invoke(app, ["repair", str(results)]).output
    assert "versions.json: no list of versions" in said
    assert "whole" not in said
    assert (results / ASIDE / "versions.json").read_text() == content
    assert (results / ASIDE / "CHANGES.md").read_bytes() == told
    assert "every table and every figure is whole" in CliRunner().invoke(app, ["repair", str(results)]).output
    night("2026-11-22", harvested("x3", seed=3))
    assert [each.harvest for each in open_dataset(results).versions] == ["2026-11-22"]


def test_a_harvest_that_starts_sets_a_damaged_list_of_versions_aside(results: Path) -> None:
    (results / "versions.json").write_bytes(b"{")
    (found,) = set_aside_damaged(results)
    assert "versions.json" in found
    assert open_dataset(results).versions == []
    assert open_dataset(results).count() == 8


def test_the_command_refuses_a_folder_that_is_no_results(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    answer = CliRunner().invoke(app, ["repair", str(tmp_path)])
    assert isinstance(answer.exception, DatasetError)
    assert f"{tmp_path} holds no published data set" in str(answer.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
