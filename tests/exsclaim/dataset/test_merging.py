"""One data set out of several: each work once."""

from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.merging import merge_datasets
from exsclaim.dataset.opened import Dataset, DatasetError, open_dataset
from exsclaim.dataset.splits import split_by_hash
from tests.exsclaim.dataset.conftest import Harvester, Publisher
from tests.exsclaim.dataset.test_layout import with_doi
from tests.exsclaim.dataset.test_publishing import all_bytes


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "merged"


class Places:
    """Publishes each data set in a folder of its own."""

    def __init__(self, night: Publisher, folder: Path) -> None:
        self._night, self._folder, self._count = night, folder, 0

    def __call__(self, *articles: HarvestedArticle, harvest: str = "2026-11-20") -> Dataset:
        self._count += 1
        return open_dataset(self._night(harvest, *articles, results_dir=self._folder / f"place{self._count}").folder)


@pytest.fixture
def place(night: Publisher, tmp_path: Path) -> Places:
    return Places(night, tmp_path)


def distinct(harvested: Harvester, name: str, doi: str, seed: int, **more: object) -> HarvestedArticle:
    """An article with a DOI and a title of its own."""
    article = with_doi(harvested(name, seed=seed, **more), doi)
    named = article.article.model_copy(update={"title": f"On the synthesis of {doi}"})
    figures = tuple(each.model_copy(update={"article": named}) for each in article.figures)
    return article.model_copy(update={"article": named, "figures": figures})


def test_all_articles_are_there_and_read_as_before(harvested: Harvester, place: Places, out: Path) -> None:
    a, b = distinct(harvested, "x1", "10.1/a", 1), distinct(harvested, "x2", "10.1/b", 2, source="pmc")
    merged = merge_datasets([place(a), place(b, harvest="2026-11-21")], out)
    assert (merged.counts.articles, merged.counts.panels, merged.duplicates) == (2, 8, 0)
    ds = open_dataset(out)
    for article in (a, b):
        assert ds.article(article.article.id) == article.article
        for figure in article.figures:
            assert ds.figure(figure.figure.id).model_dump() == figure.model_dump()
            assert Image.open(ds.image_path(figure.figure.id)).size == (64, 48)
    assert len(list(ds.images())) == 8
    for name in ("README.md", "exsclaim.json", "ATTRIBUTION.md", "croissant.json", "CHANGES.md"):
        assert (out / name).is_file()


def test_a_work_of_two_sources_is_there_once_with_most_figures(harvested: Harvester, place: Places, out: Path) -> None:
    poor = place(distinct(harvested, "x1", "10.1/a", 1, figures=1))
    rich = place(distinct(harvested, "PMC1", "10.1/A", 1, figures=2, source="pmc"))
    assert merge_datasets([poor, rich], out).duplicates == 1
    assert list(open_dataset(out).articles()["article_id"]) == ["pmc/PMC1"]


def test_of_equals_that_of_the_data_set_named_first_is_taken(harvested: Harvester, place: Places, out: Path) -> None:
    first = place(distinct(harvested, "x1", "10.1/a", 1, caption="First"))
    second = place(distinct(harvested, "x1", "10.1/a", 1, caption="Second"))
    merge_datasets([first, second], out)
    assert set(open_dataset(out).figures()["title"]) == {"First"}


def test_figures_of_one_name_get_names_of_their_own(harvested: Harvester, place: Places, out: Path) -> None:
    datasets = [
        place(distinct(harvested, "x1", "10.1/a", 1, source="nature")),
        place(distinct(harvested, "x1", "10.1/b", 2, source="pmc")),
    ]
    merge_datasets(datasets, out)
    ds = open_dataset(out)
    assert ds.figures()["figure_name"].is_unique
    assert ds.panels()["crop_name"].is_unique
    assert {path.name for path in (out / "figures").iterdir()} == set(ds.figures()["figure_name"])
    for number, dataset in enumerate(datasets):
        id = f"{('nature', 'pmc')[number]}/x1/fig1"
        assert ds.image_path(id).read_bytes() == dataset.image_path(id).read_bytes()
    crops = {row["crop_name"]: row["image"]["path"] for row in ds.rows()}
    assert all(name == path for name, path in crops.items())


def test_works_that_share_a_figure_share_a_split(harvested: Harvester, place: Places, out: Path) -> None:
    dois = [f"10.1/{n}" for n in range(200)]
    train = next(doi for doi in dois if split_by_hash("", doi) == "train")
    test = next(doi for doi in dois if split_by_hash("", doi) == "test")
    first, second = distinct(harvested, "x1", train, 1), distinct(harvested, "x2", test, 1)  # the same images
    datasets = place(first), place(second)
    assert [set(each.panels()["split"]) for each in datasets] == [{"train"}, {"test"}]
    merge_datasets(datasets, out)
    assert set(open_dataset(out).panels()["split"]) == {"train"}


def test_merging_again_changes_nothing_and_follows_what_changed(harvested: Harvester, place: Places, out: Path) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    merge_datasets([a, b], out)
    before = all_bytes(out)
    merge_datasets([a, b], out)
    assert all_bytes(out) == before
    merge_datasets([a, place(distinct(harvested, "x3", "10.1/c", 3))], out)
    newest = open_dataset(out).versions[0]
    assert (newest.added, list(newest.withdrawn)) == (("nature/x3",), ["nature/x2"])
    assert {path.name for path in (out / "figures").iterdir()} == set(open_dataset(out).figures()["figure_name"])


def test_a_folder_of_something_else_is_left_alone(harvested: Harvester, place: Places, out: Path) -> None:
    out.mkdir()
    (out / "thesis.tex").write_text("mine")
    with pytest.raises(DatasetError, match="no merge of ours"):
        merge_datasets([place(harvested("x1"))], out)
    assert [path.name for path in out.iterdir()] == ["thesis.tex"]


def test_the_command_merges(harvested: Harvester, place: Places, out: Path) -> None:
    datasets = [place(distinct(harvested, f"x{n}", "10.1/a", n)).folder for n in range(2)]
    made = CliRunner().invoke(app, ["merge", *map(str, datasets), "--out", str(out)])
    assert made.exit_code == 0, made.output
    assert "1 articles, 2 figures, 4 panels" in made.output
    assert len(pd.read_parquet(out / "data" / "panels")) == 4
