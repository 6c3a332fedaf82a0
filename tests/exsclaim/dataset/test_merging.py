"""One data set out of several: each work once."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.publish.merging import merge_datasets
from exsclaim.dataset.review.corrections import Change, Correction, add_corrections, read_corrections
from exsclaim.dataset.tables.splits import split_by_hash
from exsclaim.errors import DatasetError
from exsclaim.records import PanelKind
from tests.exsclaim.dataset.conftest import Harvester, Publisher, figure_image
from tests.exsclaim.dataset.test_corrections import RIGHT
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


def test_works_that_look_alike_through_another_share_a_split(harvested: Harvester, place: Places, out: Path) -> None:
    """The second data set has had both its articles in one split; one moves, and what it shares goes with it."""
    dois = [f"10.1/{n}" for n in range(100)]
    train = [doi for doi in dois if split_by_hash("", doi) == "train"]
    test = next(doi for doi in dois if split_by_hash("", doi) == "test")
    both = distinct(harvested, "y2", train[0], 3)
    like_first, like_second = (figure_image(300 + n) for n in (1, 2))
    ours = place(distinct(harvested, "x1", test, 1, figures=1, image=like_first))
    theirs = place(distinct(harvested, "y1", train[1], 2, figures=1, image=like_second), both)
    assert [set(each.panels()["split"]) for each in (ours, theirs)] == [{"test"}, {"train"}]
    merge_datasets([ours, theirs], out)
    assert set(open_dataset(out).panels()["split"]) == {"test"}


def test_merging_again_changes_nothing_and_follows_what_changed(harvested: Harvester, place: Places, out: Path) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    merge_datasets([a, b], out)
    before = all_bytes(out)
    merge_datasets([a, b], out)
    assert all_bytes(out) == before
    merge_datasets([a, place(distinct(harvested, "x3", "10.1/c", 3))], out)
    newest, first = open_dataset(out).versions
    assert (newest.added, list(newest.withdrawn)) == (("nature/x3",), ["nature/x2"])
    assert [(each.figures_before, each.figures_after) for each in (newest, first)] == [(2, 2), (0, 4)]
    assert [(each.panels_before, each.panels_after) for each in (newest, first)] == [(4, 4), (0, 8)]
    assert {path.name for path in (out / "figures").iterdir()} == set(open_dataset(out).figures()["figure_name"])


def test_a_folder_of_something_else_is_left_alone(harvested: Harvester, place: Places, out: Path) -> None:
    out.mkdir()
    (out / "thesis.tex").write_text("mine")
    with pytest.raises(DatasetError, match="no merge of ours"):
        merge_datasets([place(harvested("x1"))], out)
    assert [path.name for path in out.iterdir()] == ["thesis.tex"]


def test_a_folder_within_one_of_the_data_sets_is_refused(harvested: Harvester, place: Places) -> None:
    dataset = place(harvested("x1"))
    before = all_bytes(dataset.folder)
    with pytest.raises(DatasetError, match="lies within the data set"):
        merge_datasets([dataset], dataset.folder / "data" / "merged")
    assert all_bytes(dataset.folder) == before


def test_an_article_that_changed_is_told_as_changed_and_the_others_are_not(
    harvested: Harvester, place: Places, out: Path
) -> None:
    same = place(distinct(harvested, "x1", "10.1/a", 1))
    merge_datasets([same, place(distinct(harvested, "x2", "10.1/b", 2))], out)
    merge_datasets([same, place(distinct(harvested, "x2", "10.1/b", 2, caption="Gold"))], out)
    newest, _ = open_dataset(out).versions
    assert (newest.added, newest.changed, list(newest.withdrawn)) == ((), ("nature/x2",), [])


def test_a_figure_that_is_not_there_is_named_and_the_earlier_merge_stays(
    harvested: Harvester, place: Places, out: Path
) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    merge_datasets([a], out)
    before = all_bytes(out)
    (b.folder / "figures" / "x2_fig1.jpg").unlink()
    with pytest.raises(DatasetError, match=r"x2_fig1.jpg is not there"):
        merge_datasets([a, b], out)
    merge_datasets([a], out)
    assert all_bytes(out) == before


@pytest.mark.parametrize("table", ["articles", "figures", "panels"])
def test_a_damaged_table_of_one_is_named(harvested: Harvester, place: Places, out: Path, table: str) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    (damaged,) = (a.folder / "data" / table).glob("*/*.parquet")
    damaged.write_bytes(damaged.read_bytes()[:-20])
    with pytest.raises(DatasetError, match=rf"place1.*{table}.*exsclaim repair"):
        merge_datasets([a, b], out)


def test_the_command_merges(harvested: Harvester, place: Places, out: Path) -> None:
    datasets = [place(distinct(harvested, f"x{n}", "10.1/a", n)).folder for n in range(2)]
    made = CliRunner().invoke(app, ["merge", *map(str, datasets), "--out", str(out)])
    assert made.exit_code == 0, made.output
    assert "1 article, 2 figures, 4 panels" in made.output
    assert len(pd.read_parquet(out / "data" / "panels")) == 4


def said_of(dataset: Dataset, figure_id: str, *changes: Change, minute: int = 0, **more: bool) -> Correction:
    """A person's correction of a figure of a data set, written beside it."""
    made = Correction(
        figure_id=figure_id, image_sha256=dataset.figure(figure_id).figure.image_sha256, version="v", who="Ada",
        at=dt.datetime(2026, 11, 26, 12, minute, tzinfo=dt.UTC), changes=changes, **more,
    )  # fmt: skip
    add_corrections(dataset.folder, [made])
    return made


def test_corrections_of_all_are_applied_and_kept(harvested: Harvester, place: Places, out: Path) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    late = said_of(a, "nature/x1/fig1", Change(action="set", box=RIGHT, kind=PanelKind.DIFFRACTION), minute=5)
    early = said_of(b, "nature/x2/fig2", Change(action="remove", box=RIGHT))
    merged = merge_datasets([a, b], out)
    assert read_corrections(out) == [early, late]
    ds = open_dataset(out)
    assert ds.versions[0].panels_after == 7
    assert [panel.kind for panel in ds.figure("nature/x1/fig1").panels or ()] == ["microscopy", "diffraction"]
    assert [panel.label for panel in ds.figure("nature/x2/fig2").panels or ()] == ["a"]
    assert (merged.counts.panels, ds.count("reviewed"), len(list(ds.images()))) == (7, 1, 7)
    assert list(ds.panels()["id"]) == [row["id"] for row in ds.rows()]
    before = all_bytes(out)
    merge_datasets([a, b], out)
    assert all_bytes(out) == before


def test_corrections_that_a_harvest_has_applied_change_nothing_more(
    harvested: Harvester, place: Places, night: Publisher, out: Path
) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    said_of(a, "nature/x1/fig1", Change(action="set", box=RIGHT, kind=PanelKind.DIFFRACTION))
    night("2026-11-22", results_dir=a.folder.parent)
    merge_datasets([a, b], out)
    for table in ("article_digest", "kind"):
        ours = dict(zip(open_dataset(out).panels()["id"], open_dataset(out).panels()[table], strict=True))
        its = dict(zip(open_dataset(a.folder).panels()["id"], open_dataset(a.folder).panels()[table], strict=True))
        assert its.items() <= ours.items()


def test_corrections_of_the_record_that_gives_way_go_to_the_same_image(
    harvested: Harvester, place: Places, out: Path
) -> None:
    poor = place(distinct(harvested, "x1", "10.1/a", 1, figures=1))
    rich = place(distinct(harvested, "PMC1", "10.1/A", 1, figures=2, source="pmc"))
    said_of(poor, "nature/x1/fig1", Change(action="set", box=RIGHT, label="z"))
    merge_datasets([poor, rich], out)
    assert [each.figure_id for each in read_corrections(out)] == ["pmc/PMC1/fig1"]
    assert [panel.label for panel in open_dataset(out).figure("pmc/PMC1/fig1").panels or ()] == ["a", "z"]


def test_what_was_accepted_of_the_record_that_gives_way_is_of_the_figure_that_is_taken(
    harvested: Harvester, place: Places, out: Path
) -> None:
    poor = place(distinct(harvested, "x1", "10.1/a", 1, figures=1))
    rich = place(distinct(harvested, "PMC1", "10.1/A", 1, figures=2, source="pmc"))
    first, second = (panel.model_copy(update={"label": "q"}) for panel in poor.figure("nature/x1/fig1").panels or ())
    inset = second.model_copy(update={"parent_id": first.id})
    said_of(poor, "nature/x1/fig1", accepted=True, panels=(first, inset))
    merge_datasets([poor, rich], out)
    panels = open_dataset(out).figure("pmc/PMC1/fig1").panels or ()
    assert [(panel.id, panel.figure_id, panel.label, panel.parent_id) for panel in panels] == [
        ("pmc/PMC1/fig1/p1", "pmc/PMC1/fig1", "q", None),
        ("pmc/PMC1/fig1/p2", "pmc/PMC1/fig1", "q", "pmc/PMC1/fig1/p1"),
    ]


def test_corrections_of_a_merged_data_set_outlast_the_next_merge(
    harvested: Harvester, place: Places, out: Path
) -> None:
    a, b = place(distinct(harvested, "x1", "10.1/a", 1)), place(distinct(harvested, "x2", "10.1/b", 2))
    merge_datasets([a, b], out)
    said = said_of(open_dataset(out), "nature/x1/fig1", accepted=True)
    merge_datasets([a, b], out)
    assert read_corrections(out) == [said]
    assert open_dataset(out).count("reviewed") == 2
