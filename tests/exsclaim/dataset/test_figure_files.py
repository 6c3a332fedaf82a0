"""Files of figures, and exports, that somebody removed or changed come back; what the store has lost is told."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset.opened import open_dataset
from exsclaim.store import Store
from tests.exsclaim.dataset.conftest import Harvester, Publisher, figure_image
from tests.exsclaim.dataset.test_publishing import all_bytes

FORMATS = frozenset({"csv", "save_subfigures", "visualization", "boxes"})


def files(folder: Path) -> dict[str, str]:
    return {name: content for name, content in all_bytes(folder).items() if not name.startswith(("damaged/", "."))}


@pytest.fixture
def published(night: Publisher, harvested: Harvester) -> Path:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2), save_format=FORMATS)
    return night("2026-11-21", harvested("x3", seed=3), save_format=FORMATS).folder


@pytest.mark.parametrize(
    "gone",
    [
        "figures", "figures/x1_fig1.jpg", "figures/x3_fig2.jpg", "exsclaim.json", "README.md", "croissant.json",
        "ATTRIBUTION.md", "attribution.csv", "articles.csv", "panels.csv", "images", "extractions", "boxes",
    ],
)  # fmt: skip
def test_what_was_removed_is_there_after_the_next_publish(published: Path, night: Publisher, gone: str) -> None:
    before = files(published)
    path = published / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert files(published) != before
    assert night("2026-11-22", save_format=FORMATS).unpublished == ()
    assert files(published) == before


def test_a_figure_that_the_store_has_lost_too_is_named_and_the_others_come_back(
    published: Path, night: Publisher, harvested: Harvester, store: Store
) -> None:
    before = files(published)
    shutil.rmtree(published / "figures")
    lost = open_dataset(published).figure_row("nature/x2/fig1")
    Path(store.where(lost["image_sha256"])).unlink()
    (told,) = night("2026-11-22", save_format=FORMATS).unpublished
    assert (told.figure_id, told.is_kept) == ("nature/x2/fig1", True)
    assert told.cause.startswith(f"{published}/figures/{lost['figure_name']} is gone: ")
    assert before.keys() - files(published).keys() == {f"figures/{lost['figure_name']}"}
    assert night("2026-11-23", harvested("x2", seed=2), save_format=FORMATS).unpublished == ()  # it was fetched again
    assert files(published) == before


def test_no_folder_of_crops_is_missed_where_no_panel_has_one(night: Publisher, harvested: Harvester) -> None:
    """The pixels of the figures cannot be read any more: there are panels, and nothing to cut or draw them from."""
    article = harvested("x1", image=figure_image(1)[:700])
    folder = night("2026-11-20", article, save_format=FORMATS).folder
    assert open_dataset(folder).count() == 4
    assert not (folder / "images").exists()
    (folder / "exsclaim.json").write_text("as it is as long as nothing is written anew")
    night("2026-11-20", article, save_format=FORMATS)
    assert (folder / "exsclaim.json").read_text().startswith("as it is")


def test_no_folder_of_crops_is_missed_where_nothing_was_separated(night: Publisher, harvested: Harvester) -> None:
    whole = harvested("x1")
    figures = tuple(each.model_copy(update={"panels": None}) for each in whole.figures)
    folder = night("2026-11-20", whole.model_copy(update={"figures": figures}), save_format=FORMATS).folder
    assert not (folder / "images").exists()
    (folder / "exsclaim.json").write_text("as it is as long as nothing is written anew")
    night("2026-11-21", save_format=FORMATS)
    assert (folder / "exsclaim.json").read_text().startswith("as it is")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8 cut off", b"another image"])
def test_repair_finds_figures_that_are_not_what_was_published(
    published: Path, night: Publisher, content: bytes
) -> None:
    before = files(published)
    (published / "figures" / "x1_fig1.jpg").write_bytes(content)
    (published / "figures" / "x1_fig2.jpg").unlink()
    said = "".join(CliRunner().invoke(app, ["repair", str(published)]).output.split())
    assert f"{published}/figures/x1_fig1.jpg:isnottheimagethatwaspublished" in said
    assert f"{published}/figures/x1_fig2.jpg:isgone" in said
    assert (published / "damaged" / "figures" / "x1_fig1.jpg").read_bytes() == content
    night("2026-11-22", save_format=FORMATS)
    assert files(published) == before
    assert "every table and every figure is whole" in CliRunner().invoke(app, ["repair", str(published)]).output


@pytest.mark.parametrize("table", ["articles", "panels"])
def test_repair_names_a_damaged_figure_beside_a_damaged_table_of_its_article(
    published: Path, night: Publisher, harvested: Harvester, table: str
) -> None:
    before = files(published)
    (published / "figures" / "x1_fig1.jpg").write_bytes(b"another image")
    (damaged,) = (published / "data" / table / "harvest=2026-11-20").glob("*.parquet")
    damaged.write_bytes(damaged.read_bytes()[:100])
    said = "".join(CliRunner().invoke(app, ["repair", str(published)]).output.split())
    assert f"{published}/figures/x1_fig1.jpg:isnottheimagethatwaspublished" in said
    assert f"{damaged}:notreadable" in said
    night("2026-11-22", harvested("x1"), harvested("x2", seed=2), save_format=FORMATS)
    assert {name: files(published)[name] for name in before if name.startswith("figures/")} == {
        name: content for name, content in before.items() if name.startswith("figures/")
    }
    assert "every table and every figure is whole" in CliRunner().invoke(app, ["repair", str(published)]).output


def test_of_figures_whose_own_table_is_damaged_the_others_are_still_looked_at(published: Path) -> None:
    for name in ("x1_fig1.jpg", "x3_fig1.jpg"):
        (published / "figures" / name).write_bytes(b"another image")
    (damaged,) = (published / "data" / "figures" / "harvest=2026-11-20").glob("*.parquet")
    damaged.write_bytes(damaged.read_bytes()[:100])
    said = "".join(CliRunner().invoke(app, ["repair", str(published)]).output.split())
    assert f"{damaged}:notreadable" in said
    assert f"{published}/figures/x3_fig1.jpg:isnottheimagethatwaspublished" in said
    assert "x1_fig1.jpg" not in said
