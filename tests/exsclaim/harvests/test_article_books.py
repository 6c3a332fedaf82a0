"""Fates of an article that was read: wanted, left out, not wanted; and its figures that are missing."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from exsclaim.dataset.results import open_results
from exsclaim.harvests.article_books import ArticleBooks, NothingLeftError
from exsclaim.harvests.article_stages import StageOutcome
from exsclaim.harvests.harvest_books import HarvestBooks, Options
from exsclaim.ledger import Ledger
from exsclaim.query import RETRACTED, parse
from exsclaim.records import Article, ArticleRef, FetchedArticle, Figure, FigureRef
from exsclaim.store import Store

REF = ArticleRef(source="nature", url="https://www.nature.com/articles/x1")
Reading = Callable[..., ArticleBooks]


def read(**changes: Any) -> FetchedArticle:
    """An article under CC BY with two figures, as its page says it today."""
    fields: dict[str, Any] = {
        "id": "nature/x1", "name": "x1", "source": "nature", "url": REF.url, "doi": "10.5555/1", "title": "Silver rods",
        "authors": ("A. Author",), "journal": "J", "published": dt.date(2020, 5, 1), "licence": "CC-BY-4.0",
        "licence_url": None, "is_open": True, "retrieved_at": dt.date(2026, 11, 20),
    }  # fmt: skip
    figures = tuple(
        FigureRef(
            id=f"nature/x1/fig{n}", article_id="nature/x1", number=n, label=f"Fig. {n}", title="", caption="Rods.",
            image_urls=(f"https://media.example/{n}.png",),
        )
        for n in (1, 2)
    )  # fmt: skip
    return FetchedArticle(article=Article(**(fields | changes)), figures=figures)


def fetched(ref: FigureRef) -> Figure:
    return Figure(
        id=ref.id, article_id=ref.article_id, number=ref.number, label=ref.label, title=ref.title, caption=ref.caption,
        image_url=ref.image_urls[0], image_sha256="0" * 64, width_px=10, height_px=10,
    )  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[HarvestBooks]:
    """A harvest of what stands under CC BY and was published from 2020 on."""
    query = parse(
        {
            "name": "silver", "sources": ["nature"], "licences": ["CC BY"], "published_after": "2020-01-01",
            "query": {"search_field_1": {"term": "silver"}}, "results_dir": str(tmp_path / "results"),
        }
    )  # fmt: skip
    with (
        closing(Ledger(tmp_path / "ledger.sqlite")) as ledger,
        open_results(query.results_dir, query.name) as results,
    ):
        made = HarvestBooks(query, Options(), ledger, results, Store(tmp_path / "store"))
        with closing(made.staging):
            yield made


@pytest.fixture
def reading(book: HarvestBooks) -> Reading:
    """Books of the article, as far as it was read."""

    def begin(page: FetchedArticle) -> ArticleBooks:
        books = ArticleBooks(book, (REF,))
        books.noted("fetch", lambda **_: StageOutcome(page, None, False), ref=REF)
        return books

    return begin


def publish(books: ArticleBooks, page: FetchedArticle, *numbers: int) -> None:
    """Stage an article, of which the images of these figures were had."""
    figures = [fetched(each) for each in page.figures if each.number in numbers]
    books.stage(page.article, figures, parts={}, panels={})


def test_what_the_query_admits_is_staged_and_published_under_its_record(book: HarvestBooks, reading: Reading) -> None:
    books = reading(read())
    assert books.wanted([read()]) == [read()]
    assert book.articles.of_published("nature/x1") is None
    publish(books, read(), 1, 2)
    assert book.staging.ids() == ["nature/x1"]
    assert book.articles.of_published("nature/x1") == REF


def test_a_figure_that_is_listed_and_could_not_be_had_is_missing(book: HarvestBooks, reading: Reading) -> None:
    publish(reading(read()), read(), 2)
    staged = book.staging.article("nature/x1")
    assert staged is not None
    assert ([each.figure.number for each in staged.figures], staged.missing) == ([2], ("nature/x1/fig1",))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"licence": "CC-BY-NC-4.0"}, "no longer what the query asks for: published 2020-05-01, licence CC-BY-NC-4.0"),
        ({"published": dt.date(2019, 5, 1)}, "no longer what the query asks for: published 2019-05-01"),
        ({"licence": "unknown"}, "licence"),
        ({"is_retracted": True}, RETRACTED),
    ],
    ids=["another licence", "another day", "no licence", "a retraction"],
)
def test_what_is_published_and_the_query_admits_no_more_is_left_out_and_says_why(
    book: HarvestBooks, reading: Reading, change: dict[str, Any], said: str
) -> None:
    publish(reading(read()), read(), 1, 2)
    page = read(**change)
    with pytest.raises(NothingLeftError):
        reading(page).wanted([page])
    book.stage_left_out()
    (left_out,) = book.staging.left_out()
    assert left_out.article_id == "nature/x1"
    assert said in left_out.reason
    assert book.articles.of_published("nature/x1") is None


@pytest.mark.parametrize("change", [{"licence": "CC-BY-NC-4.0"}, {"published": dt.date(2019, 5, 1)}])
def test_what_the_query_never_admitted_is_not_wanted_and_not_told(
    book: HarvestBooks, reading: Reading, change: dict[str, Any]
) -> None:
    page = read(**change)
    with pytest.raises(NothingLeftError):
        reading(page).wanted([page])
    book.stage_left_out()
    assert book.staging.left_out() == ()
    known = book.articles.known(REF)
    assert known is not None
    assert known.state == "not wanted"


@pytest.mark.parametrize(
    ("separates", "panels", "is_due"), [(True, {}, False), (False, {}, True), (False, {"nature/x1/fig1": ()}, False)]
)
def test_an_article_with_a_figure_that_was_not_to_be_separated_is_due_once_it_is(
    book: HarvestBooks, reading: Reading, separates: bool, panels: dict[str, Any], is_due: bool
) -> None:
    book.current = book.current.model_copy(update={"separates": separates})
    page = read().model_copy(update={"figures": read().figures[:1]})
    reading(page).stage(page.article, [fetched(page.figures[0])], parts={}, panels=panels)
    later = book.current.model_copy(update={"separates": True})
    due, _ = book.articles.due([REF], later, present=["nature/x1"], today=book.today, recheck_after_days=30)
    assert due == ([REF] if is_due else [])
