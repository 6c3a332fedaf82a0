"""The data set: what it holds, where each article lives, and that neither repetition nor a kill changes a byte."""

import hashlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from exsclaim.dataset import HarvestedArticle
from exsclaim.dataset.publish.publishing import Published, publish
from exsclaim.dataset.tables.published_records import panel_of
from exsclaim.dataset.tables.staging import figure_digest
from exsclaim.dataset.transaction import COMMIT, Transaction
from exsclaim.figures.image import read_image
from exsclaim.figures.perceptual_hash import perceptual_hash
from exsclaim.store import Store
from tests.exsclaim.dataset.conftest import figure_image, staged

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]
ALL_FORMATS = frozenset({"csv", "boxes", "visualization", "save_subfigures"})


def all_bytes(folder: Path) -> dict[str, str]:
    """Relative path -> digest of each file; folders end in a slash."""
    return {
        str(path.relative_to(folder)) + ("/" if path.is_dir() else ""): (
            "" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
    }


def homes(dataset: Path) -> dict[str, list[str]]:
    """Article name -> harvests whose partition of each table has it; all three tables must agree."""
    seen: dict[str, dict[str, list[str]]] = {}
    for table in ("articles", "figures", "panels"):
        frame = pd.read_parquet(dataset / table)
        for article, harvest in sorted(set(zip(frame["article_id"], frame["harvest"].astype(str), strict=True))):
            seen.setdefault(table, {}).setdefault(article.rpartition("/")[2], []).append(harvest)
    assert seen["articles"] == seen["figures"] == seen["panels"]
    return seen["articles"]


def test_pandas_reads_the_tables_over_all_harvests(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x2", seed=2))
    panels = pd.read_parquet(published.dataset / "panels")
    assert list(panels["id"]) == [f"nature/{x}/fig{n}/p{p}" for x in ("x1", "x2") for n in (1, 2) for p in (1, 2)]
    first = panels.iloc[0]
    assert (first["label"], first["kind"], first["caption"]) == ("a", "microscopy", "TEM image. Scale 50 nm.")
    assert (first["licence"], first["doi"]) == ("CC-BY-4.0", "10.1038/example")
    assert list(first["box"]) == [0, 0, 31.5, 48]
    assert first["nm_per_px"] == pytest.approx(50 / 10.5)
    assert json.loads(first["versions"]) == {"code": "0.1.0", "panel_detector": "ab12"}
    assert (published.articles, published.figures, published.panels, published.in_this_harvest) == (2, 4, 8, 1)


def test_a_panel_comes_back_from_the_table_as_it_went_in(harvested: Harvester, night: Publisher) -> None:
    article = harvested(figures=1)
    published = night("2026-11-20", article)
    rows = pq.ParquetFile(published.dataset / "panels/harvest=2026-11-20/part-00000.parquet").read().to_pylist()
    assert tuple(panel_of(row) for row in rows) == article.figures[0].panels


def test_crops_are_the_pixels_of_the_panels(harvested: Harvester, night: Publisher, store: Store) -> None:
    article = harvested(figures=1, format="PNG")
    published = night("2026-11-20", article)
    image = pd.read_parquet(published.dataset / "panels")["image"][1]
    whole = Image.open(io.BytesIO(store.read(article.figures[0].figure.image_sha256)))
    assert image["path"] == "ncomms5946_fig1-b.png"
    assert Image.open(io.BytesIO(image["bytes"])).tobytes() == whole.crop((33, 2, 64, 48)).tobytes()


def test_hugging_face_datasets_shows_the_panels_as_images(
    harvested: Harvester, night: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    datasets = pytest.importorskip("datasets", reason="Hugging Face datasets comes with the dev extra")
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x2", seed=2))
    panels = datasets.load_dataset(
        "parquet", data_files=str(published.dataset / "panels/*/*.parquet"), split="train", cache_dir=tmp_path / "hf"
    )
    assert len(panels) == 8
    assert isinstance(panels.features["image"], datasets.Image)
    assert isinstance(panels[0]["image"], Image.Image)
    assert panels[0]["image"].size == (32, 48)
    assert panels[0]["scale_bars"][0]["length_nm"] == 50.0
    assert (panels[0]["keywords"], panels[0]["techniques"]) == (["silver"], ["TEM"])


def test_an_article_met_again_as_it_was_stays_where_it_is(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    before = all_bytes(published.folder)
    night("2026-11-21", harvested("x1"), harvested("x2", seed=2))
    assert all_bytes(published.folder) == before


def test_nights_overlap_and_each_article_lives_in_one_partition(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    published = night("2026-11-21", harvested("x2", seed=2), harvested("x3", seed=3))
    assert homes(published.dataset) == {"x1": ["2026-11-20"], "x2": ["2026-11-20"], "x3": ["2026-11-21"]}


def test_a_changed_article_moves_to_the_harvest_that_saw_the_change(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    published = night("2026-11-21", harvested("x2", seed=2, caption="Gold"))
    assert homes(published.dataset) == {"x1": ["2026-11-20"], "x2": ["2026-11-21"]}
    captions = json.loads(published.exsclaim_json.read_text())
    assert captions["x2_fig1.jpg"]["full_caption"].startswith("Gold")
    assert captions["x1_fig1.jpg"]["full_caption"].startswith("Silver")


def test_a_partition_whose_last_article_moved_is_removed(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x1", caption="Gold"))
    assert [path.name for path in published.dataset.glob("*/*")] == ["harvest=2026-11-21"] * 4


def test_a_new_model_moves_all_that_it_made(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", harvested("x1"), versions={"code": "0.1.0", "panel_detector": "cd34"})
    assert homes(published.dataset) == {"x1": ["2026-11-21"]}


def test_the_same_page_fetched_on_another_day_is_no_change(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    before = all_bytes(published.folder)
    article = harvested("x1")
    later = article.article.model_copy(update={"retrieved_at": article.article.retrieved_at.replace(year=2027)})
    figures = tuple(figure.model_copy(update={"article": later}) for figure in article.figures)
    night("2026-11-21", HarvestedArticle(article=later, figures=figures))
    assert all_bytes(published.folder) == before


def test_a_harvest_done_over_keeps_what_it_does_not_meet_again(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"), harvested("x2", seed=2), save_format=ALL_FORMATS)
    before = all_bytes(published.folder)
    night("2026-11-20", harvested("x2", seed=2), save_format=ALL_FORMATS)
    assert all_bytes(published.folder) == before


def test_the_order_of_the_articles_does_not_matter(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    articles = [harvested(f"x{n}", seed=n) for n in range(4)]
    one = night("2026-11-20", *articles, results_dir=tmp_path / "one")
    two = night("2026-11-20", *reversed(articles), results_dir=tmp_path / "two")
    assert all_bytes(one.folder) == all_bytes(two.folder)


def test_a_harvest_without_articles_publishes_an_empty_data_set(night: Publisher) -> None:
    published = night("2026-11-20", save_format=ALL_FORMATS)
    assert json.loads(published.exsclaim_json.read_text()) == {}
    assert (published.articles, published.panels) == (0, 0)


def test_an_article_without_figures_is_published(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1", figures=0))
    assert (published.articles, published.figures) == (1, 0)
    assert len(pd.read_parquet(published.dataset / "articles")) == 1


def test_a_figure_whose_image_is_lost_is_named_and_the_rest_published(
    harvested: Harvester, night: Publisher, store: Store
) -> None:
    article = harvested("x1")
    store.path(article.figures[0].figure.image_sha256).unlink()
    published = night("2026-11-20", article, harvested("x2", seed=2))
    assert [(each.figure_id, each.error) for each in published.unpublished] == [("nature/x1/fig1", "StoreError")]
    assert published.figures == 3


def test_a_figure_that_is_no_image_is_named(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1", figures=1, image=b"<html>log in"))
    assert [each.error for each in published.unpublished] == ["ImageError"]


def test_of_a_damaged_image_all_but_the_crops_is_published(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1", figures=1, image=b"\x89PNG\r\n\x1a\n damaged"))
    panels = pd.read_parquet(published.dataset / "panels")
    assert list(panels["label"]) == ["a", "b"]
    assert panels["image"].isna().all()


def test_a_hash_that_was_kept_as_the_image_was_fetched_is_published(harvested: Harvester, night: Publisher) -> None:
    article = harvested("x1", figures=2)
    first, second = (
        each.model_copy(update={"panels": None, "figure": each.figure.model_copy(update={"perceptual_hash": kept})})
        for each, kept in zip(article.figures, ("ab" * 32, None), strict=True)
    )
    assert figure_digest(first) == figure_digest(article.figures[0].model_copy(update={"panels": None}))
    published = night("2026-11-20", article.model_copy(update={"figures": (first, second)}))
    hashes = pd.read_parquet(published.dataset / "figures")["perceptual_hash"].to_list()
    assert hashes == ["ab" * 32, perceptual_hash(read_image(figure_image(2), 1))]


def test_partitions_of_an_earlier_version_that_lacks_a_column_are_kept(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    path = published.dataset / "panels/harvest=2026-11-20/part-00000.parquet"
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["article_title"]), path)
    night("2026-11-21", harvested("x2", seed=2, caption="Gold"))
    assert homes(published.dataset) == {"x1": ["2026-11-20"], "x2": ["2026-11-21"]}
    assert pd.read_parquet(path)["article_title"].isna().all()


class Moments:
    """Copies of a folder, made before each change to the files in it: what a kill at that moment would leave there."""

    def __init__(self) -> None:
        self._watched: Path | None = None
        self._copies = Path()
        self._count = 0
        sys.addaudithook(self._audit)

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        watched = self._watched
        if watched is None or event not in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"):
            return
        reads = event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR))
        if not reads and str(args[0]).startswith(str(watched)):
            self._watched = None  # copying changes nothing there
            shutil.copytree(watched, self._copies / f"killed{self._count}")
            self._count += 1
            self._watched = watched

    @contextmanager
    def of(self, folder: Path, copies: Path) -> Iterator[list[Path]]:
        """Gives the copies once the block is left."""
        kept: list[Path] = []
        self._watched, self._copies, self._count = folder, copies, 0
        try:
            yield kept
        finally:
            self._watched = None
            kept += [copies / f"killed{n}" for n in range(self._count)]


MOMENTS = Moments()


def test_a_kill_at_any_change_then_the_same_again_equals_an_undisturbed_run(
    harvested: Harvester, store: Store, tmp_path: Path
) -> None:
    def run(harvest_id: str, folder: Path, *articles: HarvestedArticle) -> None:
        with staged(*articles) as staging:
            publish(
                staging, query_name="silver", results_dir=folder, store=store, harvest_id=harvest_id,
                save_format=frozenset({"csv", "save_subfigures"}), versions={"code": "1"},
            )  # fmt: skip

    begun = tmp_path / "begun"
    run("2026-11-19", begun, harvested("x9", figures=1))
    run("2026-11-20", begun, harvested("x1", figures=1), harvested("x2", figures=2, seed=2))
    second = (
        harvested("x2", figures=1, seed=2, caption="Gold"),
        harvested("X1", figures=1, seed=4),
        harvested("x9", figures=1, seed=10),
    )
    undisturbed = Path(shutil.copytree(begun, tmp_path / "undisturbed"))
    with MOMENTS.of(undisturbed, tmp_path) as killed:
        run("2026-11-21", undisturbed, *second)
    assert len(killed) > 30
    before, expected = all_bytes(begun), all_bytes(undisturbed)
    for is_committed, moments in groupby(killed, lambda folder: (folder / "silver" / COMMIT).exists()):
        *others, last = moments
        for folder in others:  # whoever opens it finds the old state or the new one, of which publishing makes the same
            assert all_bytes(folder) != expected
            Transaction(folder / "silver")
            assert all_bytes(folder) == (expected if is_committed else before), folder.name
        assert all_bytes(last) != expected
        run("2026-11-21", last, *second)
        assert all_bytes(last) == expected, last.name


@given(data=st.data())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_nights_each_article_is_there_once_as_it_was_last_seen(
    data: st.DataObject, harvested: Harvester, night: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> None:
    results = tmp_path_factory.mktemp("nights")
    last_seen: dict[str, str] = {}
    states = st.dictionaries(st.sampled_from(["x1", "x2", "x3"]), st.sampled_from(["Silver", "Gold"]), max_size=3)
    for n, met in enumerate(data.draw(st.lists(states, min_size=1, max_size=4))):
        articles = [harvested(name, figures=1, caption=caption) for name, caption in met.items()]
        published = night(f"2026-11-{n + 1:02d}", *articles, results_dir=results)
        last_seen |= met
    entries = json.loads(published.exsclaim_json.read_text())
    assert {name.removesuffix("_fig1.jpg"): e["title"] for name, e in entries.items()}.keys() == last_seen.keys()
    if last_seen:
        assert all(len(harvests) == 1 for harvests in homes(published.dataset).values())
        frame = pd.read_parquet(published.dataset / "figures")
        assert dict(zip(frame["article_name"], frame["title"], strict=True)) == last_seen
