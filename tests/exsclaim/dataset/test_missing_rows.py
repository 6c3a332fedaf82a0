"""Files of tables that were removed, or emptied, are noticed, by repair and by exports."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset.condition.damage import ASIDE, mend, set_aside_damaged
from exsclaim.dataset.formats import export
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.publish.publishing import Published, published_ids
from exsclaim.errors import DatasetError
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher

TABLES = ["articles", "figures", "panels"]


@pytest.fixture
def results(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Path:
    """Two harvests, of an article and of two."""

    def two_nights() -> Published:
        night("2026-11-20", harvested("x1"))
        return night("2026-11-21", harvested("x2", seed=2), harvested("x3", seed=3))

    return published_once(two_nights)


def partition(results: Path, table: str) -> Path:
    return results / "data" / table / "harvest=2026-11-21"


def content(results: Path) -> dict[str, bytes]:
    return {str(path.relative_to(results)): path.read_bytes() for path in (results / "data").rglob("*.parquet")}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("to", ["csv", "hf", "coco", "imagefolder"])
def test_an_export_of_tables_of_which_one_was_removed_names_it_and_the_way_out(
    results: Path, tmp_path: Path, table: str, to: str
) -> None:
    shutil.rmtree(partition(results, table))
    said = f"{re.escape(str(partition(results, table)))}: .* not there.*exsclaim repair {re.escape(str(results))}"
    with pytest.raises(DatasetError, match=said):
        export(open_dataset(results), to, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("table", TABLES)
def test_what_is_left_beside_a_removed_table_is_set_aside_and_made_anew(
    results: Path, harvested: Harvester, night: Publisher, table: str, whole: bool
) -> None:
    before = content(results)
    shutil.rmtree(partition(results, table))
    (found,) = set_aside_damaged(results, whole=whole)
    assert found.startswith(f"{partition(results, table)}: ")
    assert list(published_ids(results)) == ["nature/x1"]
    assert len(list((results / ASIDE).rglob("*.parquet"))) == 2
    assert set_aside_damaged(results, whole=whole) == []
    night("2026-11-21", harvested("x2", seed=2), harvested("x3", seed=3))
    assert content(results) == before


def test_a_harvest_of_which_nothing_is_left_is_told_once(results: Path, tmp_path: Path) -> None:
    for table in [*TABLES, "panels-without-crops"]:
        shutil.rmtree(partition(results, table))
    with pytest.raises(DatasetError, match="harvest=2026-11-21: nothing of what was published is there"):
        export(open_dataset(results), "csv", tmp_path / "out")
    (found,) = set_aside_damaged(results)
    assert "2026-11-21" in found
    assert set_aside_damaged(results, whole=True) == []
    assert export(open_dataset(results), "csv", tmp_path / "out") == 4


def test_all_figures_without_panels_are_missed(results: Path, harvested: Harvester, night: Publisher) -> None:
    """Nothing names them but the articles, which count them."""
    article = harvested("x4", seed=4)
    figures = tuple(figure.model_copy(update={"panels": None}) for figure in article.figures)
    night("2026-11-22", article.model_copy(update={"figures": figures}))
    assert set_aside_damaged(results, whole=True) == []
    shutil.rmtree(results / "data" / "figures" / "harvest=2026-11-22")
    (found,) = set_aside_damaged(results)
    assert "figures/harvest=2026-11-22: 2 figures" in found


@pytest.mark.parametrize("left", [0, 100, None])
def test_damaged_panels_without_crops_are_made_anew_by_repair_which_says_so(results: Path, left: int | None) -> None:
    before = content(results)
    (file,) = partition(results, "panels-without-crops").glob("*.parquet")
    if left is None:
        file.unlink()
    else:
        os.truncate(file, left)
    said = CliRunner().invoke(app, ["repair", str(results)], env={"COLUMNS": "300"}).output
    assert "panels-without-crops/harvest=2026-11-21: made anew from the panels" in said
    assert "whole" not in said
    assert content(results) == before
    assert not (results / ASIDE).exists()
    assert "every table and every figure is whole" in CliRunner().invoke(app, ["repair", str(results)]).output


def test_panels_without_crops_that_are_others_than_the_panels_are_made_anew(results: Path) -> None:
    before = content(results)
    (file,) = partition(results, "panels-without-crops").glob("*.parquet")
    (other,) = (results / "data" / "panels-without-crops" / "harvest=2026-11-20").glob("*.parquet")
    shutil.copyfile(other, file)
    assert mend(results, whole=True).made_anew == [str(partition(results, "panels-without-crops"))]
    assert content(results) == before
