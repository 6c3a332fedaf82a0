"""A partition with an unreadable file is set aside whole; what can be read stays where it is."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.damage import ASIDE, set_aside_damaged
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.publishing import Published, published_ids

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]


@pytest.fixture
def results(harvested: Harvester, night: Publisher) -> Path:
    """Two harvests with an article each."""
    night("2026-11-20", harvested("x1"))
    return night("2026-11-21", harvested("x2", seed=2)).folder


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
    assert "every table is whole" in CliRunner().invoke(app, ["repair", str(results)]).output


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
