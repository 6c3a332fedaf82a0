"""Articles found and worked on: new, changed, made with other code, failed, or asked for too long ago."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import GoneError, ImageError, MachineError, TransientFetchError, UnreachableError
from exsclaim.ledger import Ledger
from exsclaim.ledger_articles import Articles, Current, KnownArticle, made_with_text
from exsclaim.records import ArticleRef
from exsclaim.recovery import Fault

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
NOW = Current(readers={"nature": "1"}, captions="2", separation="3")
REF = ArticleRef(source="nature", url="https://j.org/a", version="v1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


@pytest.fixture
def articles(ledger: Ledger) -> Articles:
    return ledger.articles("q")


def known(**fields: object) -> KnownArticle:
    article = {
        "source": REF.source, "url": REF.url, "article_id": "nature/a", "state": "published", "version": "v1",
        "reader": "1", "captions": "2", "separation": "3", "checked": TODAY, "harvest": "2026-11-20",
    }  # fmt: skip
    return KnownArticle.model_validate(article | fields)


def is_due(articles: Articles, ref: ArticleRef = REF, today: dt.date = TODAY, **options: object) -> bool:
    current = NOW.model_copy(update=options)
    due, _ = articles.due([ref], current, present=["nature/a"], today=today, recheck_after_days=30)
    return due == [ref]


def test_what_is_new_is_due_and_what_is_published_as_it_is_is_not(articles: Articles) -> None:
    assert is_due(articles)
    articles.record([known()])
    assert not is_due(articles)


@pytest.mark.parametrize(
    "change",
    [{"version": "v0"}, {"reader": "0"}, {"captions": "1"}, {"separation": "2"}, {"separation": ""},
     {"article_id": "nature/lost"}, {"checked": TODAY - 30 * DAY}, {"checked": TODAY + DAY}],
    ids=lambda change: " ".join(map(str, change)),
)  # fmt: skip
def test_what_was_made_otherwise_is_due(articles: Articles, change: dict[str, object]) -> None:
    articles.record([known(**change)])
    assert is_due(articles)


def test_where_figures_are_not_separated_now_those_that_were_stay_as_they_are(articles: Articles) -> None:
    articles.record([known(separation="of other networks")])
    assert is_due(articles)
    assert not is_due(articles, separates=False)


@pytest.mark.parametrize("state", ["left out", "not wanted"])
def test_what_is_not_published_need_not_be_there_nor_be_made_with_new_networks(articles: Articles, state: str) -> None:
    articles.record([known(state=state, article_id="nature/elsewhere", separation="")])
    assert not is_due(articles)
    assert is_due(articles, ref=REF.model_copy(update={"version": "v2"}))


def fail(ledger: Ledger, stage: str, error: Exception, versions: str, today: dt.date = TODAY) -> None:
    id = f"nature:{REF.url}" + ("" if stage == "fetch" else "#fig1")
    ledger.record_failure(
        stage, id, Fault.of(error, "u"), query_digest="q", harvest="h", today=today, article=("nature", REF.url),
        versions=versions,
    )  # fmt: skip


def test_a_figure_that_may_heal_makes_its_article_due_and_one_that_is_gone_after_a_rest(
    ledger: Ledger, articles: Articles
) -> None:
    articles.record([known()])
    fail(ledger, "figures", GoneError("u", "404"), "v1")
    assert not is_due(articles)
    assert is_due(articles, today=TODAY + 7 * DAY)
    fail(ledger, "figures", TransientFetchError("u", "503"), "v1")
    assert is_due(articles)


def test_what_failed_while_the_clock_was_wrong_is_tried_again(ledger: Ledger, articles: Articles) -> None:
    articles.record([known()])
    fail(ledger, "figures", GoneError("u", "404"), "v1")
    assert not is_due(articles)
    assert is_due(articles, today=TODAY - 3650 * DAY)
    fail(ledger, "figures", TransientFetchError("u", "503"), "v1")
    (failure,) = ledger.failures("q")
    assert not failure.is_due(TODAY)
    yesterday = TODAY - DAY
    assert failure.is_due(yesterday)
    fail(ledger, "figures", TransientFetchError("u", "503"), "v1", today=yesterday)
    (failure,) = ledger.failures("q")
    assert failure.first_failed == yesterday
    assert failure.is_due(TODAY)


def test_what_the_code_could_not_do_is_tried_by_other_code_or_in_another_version_and_only_where_it_would_be_done(
    ledger: Ledger, articles: Articles
) -> None:
    articles.record([known()])
    fail(ledger, "separate", ImageError("odd"), f"{made_with_text(NOW)} v1")
    assert not is_due(articles)
    assert is_due(articles, ref=REF.model_copy(update={"version": "v2"}))
    fail(ledger, "separate", ImageError("odd"), "other code")
    assert is_due(articles)
    assert not is_due(articles, separates=False)


def test_a_fault_of_the_machine_is_tried_by_the_next_harvest(ledger: Ledger, articles: Articles) -> None:
    fail(ledger, "fetch", OSError(28, "No space left on device", "/data"), "1 v1")
    (failure,) = ledger.failures("q")
    assert failure.error == MachineError.__name__
    assert "No space left on device (/data)" in failure.cause
    assert is_due(articles)


def test_a_failure_that_is_of_no_article_makes_none_due(ledger: Ledger, articles: Articles) -> None:
    """A database that did not answer, say: it is asked again when the harvest publishes."""
    fail(ledger, "figures", TransientFetchError("u", "503"), "v1")
    ledger.record_failure(
        "publish", "postgres", Fault.of(UnreachableError("no answer")), query_digest="q", harvest="h", today=TODAY
    )
    assert [ref.url for ref in articles.failing()] == [REF.url]
    assert articles.failing(["postgres"]) == []


def test_what_is_gone_rests_and_is_counted(ledger: Ledger, articles: Articles) -> None:
    fail(ledger, "fetch", GoneError("u", "404"), "1 v1")
    assert articles.due([REF], NOW, present=(), today=TODAY, recheck_after_days=30) == ([], 1)
    due, resting = articles.due([REF], NOW, present=(), today=TODAY, recheck_after_days=30, retry_all=True)
    assert (due, resting) == ([REF], 0)


def test_failures_are_forgotten_but_those_that_are_named(ledger: Ledger, articles: Articles) -> None:
    fail(ledger, "figures", GoneError("u", "404"), "v1")
    fail(ledger, "separate", ImageError("odd"), "")
    articles.forget_failures(REF, but={f"figures nature:{REF.url}#fig1"})
    assert [failure.stage for failure in ledger.failures("q")] == ["figures"]


def test_all_articles_are_read_a_few_at_a_time_and_each_once(articles: Articles) -> None:
    every = [known(url=f"https://j.org/{number:04d}", article_id=f"nature/{number}") for number in range(501)]
    articles.record(every)
    assert list(articles.all("harvest = ?", "2026-11-20")) == every
    assert list(articles.all("state = 'left out'")) == []


def test_measurements_of_earlier_harvests_are_forgotten(articles: Articles) -> None:
    articles.record([known(measured="{}")])
    articles.forget_measurements("2026-11-20")
    assert articles.known(REF) == known(measured="{}")
    articles.forget_measurements("2026-11-21")
    assert articles.known(REF) == known()


@given(found=st.lists(st.sampled_from("abcdef")), done=st.sets(st.sampled_from("abcdef")))
def test_due_is_found_without_known_each_once_in_order(
    tmp_path_factory: pytest.TempPathFactory, found: list[str], done: set[str]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    articles = ledger.articles("q")
    articles.record(known(url=url, article_id=url) for url in done)
    refs = [REF.model_copy(update={"url": url}) for url in found]
    due, _ = articles.due(refs, NOW, present=done, today=TODAY, recheck_after_days=30)
    assert [ref.url for ref in due] == [url for url in dict.fromkeys(found) if url not in done]
    ledger.close()


def test_what_is_recorded_together_is_recorded_whole_or_not_at_all(ledger: Ledger, articles: Articles) -> None:
    def interrupted() -> None:
        with ledger.together():
            articles.record([known()])
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        interrupted()
    assert articles.known(REF) is None
