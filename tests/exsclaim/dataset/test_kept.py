"""Published results are replaced only by a result at least as complete: a passing fault takes nothing away."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from exsclaim.dataset import HarvestedArticle, LeftOut
from exsclaim.dataset.publish.publishing import Published
from exsclaim.store import Store
from tests.exsclaim.dataset.test_publishing import all_bytes

Harvester = Callable[..., HarvestedArticle]
Publisher = Callable[..., Published]
Change = Callable[[HarvestedArticle], HarvestedArticle]
OTHER_WEIGHTS = {"code": "0.1.0", "panel_detector": "truncated"}


def without_panels(article: HarvestedArticle, *numbers: int) -> HarvestedArticle:
    """The article as it is where these figures could not be separated."""
    figures = tuple(
        each.model_copy(update={"panels": None}) if each.figure.number in numbers else each for each in article.figures
    )
    return article.model_copy(update={"figures": figures})


def without_figures(article: HarvestedArticle, *numbers: int, still_listed: bool) -> HarvestedArticle:
    """The article as it is where these figures could not be fetched."""
    gone = tuple(each.figure.id for each in article.figures if each.figure.number in numbers)
    figures = tuple(each for each in article.figures if each.figure.number not in numbers)
    return article.model_copy(update={"figures": figures, "missing": gone if still_listed else ()})


def figures_of(published: Published) -> list[str]:
    return sorted(pd.read_parquet(published.dataset / "figures")["id"])


@pytest.mark.parametrize(
    "fault",
    [
        lambda article: without_figures(article, 1, 2, still_listed=True),
        lambda article: without_figures(article, 2, still_listed=True),
        lambda article: without_panels(article, 1, 2),
        lambda article: without_panels(article, 1),
        lambda article: without_figures(without_panels(article, 1), 2, still_listed=True),
        lambda article: without_figures(article, 1, 2, still_listed=False),
    ],
    ids=["no image", "one image", "no panels", "one without panels", "both", "a page that lists no figure"],
)
def test_a_fault_changes_no_byte(harvested: Harvester, night: Publisher, fault: Change) -> None:
    published = night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    before = all_bytes(published.folder)
    again = night("2026-11-21", fault(harvested("x1")), harvested("x2", seed=2))
    assert all_bytes(published.folder) == before
    assert (again.figures, again.panels) == (4, 8)


def test_truncated_weights_in_a_second_night_change_no_byte(harvested: Harvester, night: Publisher) -> None:
    published = night("2026-11-20", harvested("x1"))
    before = all_bytes(published.folder / "data")
    again = night("2026-11-21", without_panels(harvested("x1"), 1, 2), versions=OTHER_WEIGHTS)
    assert all_bytes(published.folder / "data") == before
    assert again.panels == 4


def test_an_article_that_the_store_has_lost_stays_and_the_loss_is_told(
    harvested: Harvester, night: Publisher, store: Store
) -> None:
    night("2026-11-20", harvested("x1"))
    changed = harvested("x1", caption="Gold")
    for figure in changed.figures:
        store.path(figure.figure.image_sha256).unlink()
    published = night("2026-11-21", changed)
    assert [(each.error, each.is_kept) for each in published.unpublished] == [("StoreError", True)] * 2
    assert set(pd.read_parquet(published.dataset / "figures")["title"]) == {"Silver"}
    assert published.panels == 4


def test_new_results_come_in_beside_what_is_kept(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    changed = without_panels(harvested("x1", caption="Gold"), 2)
    published = night("2026-11-21", changed, versions=OTHER_WEIGHTS)
    figures = pd.read_parquet(published.dataset / "figures").set_index("number")
    assert dict(figures["title"]) == {1: "Gold", 2: "Silver"}
    versions = [json.loads(each)["panel_detector"] for each in figures["versions"]]
    assert versions == ["truncated", "ab12"]
    panels = pd.read_parquet(published.dataset / "panels")
    assert list(panels["figure_id"]) == ["nature/x1/fig1"] * 2 + ["nature/x1/fig2"] * 2
    assert set(panels["harvest"].astype(str)) == {"2026-11-21"}
    assert panels["image"].notna().all()
    assert sorted(json.loads(published.exsclaim_json.read_text())) == ["x1_fig1.jpg", "x1_fig2.jpg"]


def test_what_is_kept_says_what_its_article_says_now(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", without_figures(harvested("x1", licence="CC0-1.0"), 2, still_listed=True))
    for table in ("figures", "panels"):
        frame = pd.read_parquet(published.dataset / table)
        assert set(frame["licence"]) == {"CC0-1.0"}
        assert len(set(frame["article_digest"])) == 1
    assert len(figures_of(published)) == 2


def test_once_the_fault_heals_the_new_result_is_published(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    night("2026-11-21", without_panels(harvested("x1", caption="Gold"), 1, 2))
    published = night("2026-11-22", harvested("x1", caption="Gold"))
    assert set(pd.read_parquet(published.dataset / "figures")["title"]) == {"Gold"}


def test_a_figure_that_was_never_separated_is_published_without_panels_and_gets_them_later(
    harvested: Harvester, night: Publisher
) -> None:
    published = night("2026-11-20", without_panels(harvested("x1"), 1, 2))
    assert (published.figures, published.panels) == (2, 0)
    assert pd.read_parquet(published.dataset / "figures")["panels"].isna().all()
    assert night("2026-11-21", harvested("x1")).panels == 4


def test_a_caption_that_changed_counts_for_a_figure_without_panels(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", without_panels(harvested("x1"), 1, 2))
    published = night("2026-11-21", without_panels(harvested("x1", caption="Gold"), 1, 2))
    assert set(pd.read_parquet(published.dataset / "figures")["title"]) == {"Gold"}


def test_a_figure_that_turns_out_to_have_no_panels_is_a_result(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1", figures=1))
    article = harvested("x1", figures=1)
    nothing_found = tuple(each.model_copy(update={"panels": ()}) for each in article.figures)
    assert night("2026-11-21", article.model_copy(update={"figures": nothing_found})).panels == 0


def test_a_figure_that_the_article_no_longer_lists_goes(harvested: Harvester, night: Publisher) -> None:
    night("2026-11-20", harvested("x1"))
    published = night("2026-11-21", without_figures(harvested("x1"), 2, still_listed=False))
    assert figures_of(published) == ["nature/x1/fig1"]
    assert [path.name for path in (published.folder / "figures").iterdir()] == ["x1_fig1.jpg"]


@pytest.mark.parametrize(
    "gone", [{"left_out": (LeftOut(article_id="nature/x1", url="u", reason="retracted"),)}, {"licence": "unknown"}],
    ids=["a retraction", "a licence that was withdrawn"],
)  # fmt: skip
def test_these_take_an_article_out(harvested: Harvester, night: Publisher, gone: dict[str, Any]) -> None:
    night("2026-11-20", harvested("x1"), harvested("x2", seed=2))
    articles = [harvested("x1", licence=gone["licence"])] if "licence" in gone else []
    published = night("2026-11-21", *articles, left_out=gone.get("left_out", ()))
    assert set(pd.read_parquet(published.dataset / "panels")["article_id"]) == {"nature/x2"}
    assert [each.article_id for each in published.left_out] == ["nature/x1"]
    newest = json.loads((published.folder / "versions.json").read_text())[0]
    assert list(newest["withdrawn"]) == ["nature/x1"]


def test_articles_that_were_not_staged_stay(harvested: Harvester, night: Publisher, tmp_path: Path) -> None:
    published = night("2026-11-20", harvested("x1"))
    before = all_bytes(published.folder)
    night("2026-11-21")
    assert all_bytes(published.folder) == before
