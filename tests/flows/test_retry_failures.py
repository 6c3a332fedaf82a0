"""Failures are tried again across queries, published where it belongs, and given up by rule."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from exsclaim import recovery
from exsclaim.errors import TransientFetchError
from exsclaim.ledger import Ledger
from exsclaim.query import Query
from flows.harvest import harvest
from flows.retry_failures import app, retry_failures
from journal.faults import Fault, Faults
from journal.journal import DemoJournal
from journal.server import JournalServer

Mirror = Callable[[str], None]


@pytest.fixture(scope="module")
def journal(small_drawings: Path) -> DemoJournal:
    """Two articles: that one fails and the other does not is all that matters here."""
    return DemoJournal(small_drawings, count=2)


def age(home: Path, days: int) -> None:
    """Make all failures so many days older, as if nobody had tried them since."""
    db = sqlite3.connect(home / "ledger.sqlite")
    db.execute(
        "UPDATE failures SET first_failed = date(first_failed, ?1), last_tried = date(last_tried, ?1)",
        (f"-{days} days",),
    )
    db.commit()
    db.close()


def articles(query: Query) -> set[str]:
    return set(pd.read_parquet(query.results_dir / query.name / "data" / "articles").doi)


def broken(journal: DemoJournal) -> Faults:
    """The article with more figures answers 503 as long as somebody asks."""
    name = max(journal.articles, key=lambda article: len(article.figures)).name
    return Faults(Fault(f"*/articles/{name}", (503,), for_ever=True))


def test_what_healed_is_published_and_only_what_failed_is_asked_for(
    journal: DemoJournal, query: Query, mirrored: Mirror, home: Path
) -> None:
    other = query.model_copy(update={"name": "gold", "maximum_scraped": 50})
    with JournalServer(journal, broken(journal)) as server:
        mirrored(server.url)
        for each in (query, other):
            harvest(each)
    assert retry_failures().metrics()["tried"] == 0  # not due on the first day
    age(home, 1)
    with JournalServer(journal) as server:
        mirrored(server.url)
        report = retry_failures()
        asked = len(server.requests)
    wanted = {article.doi for article in journal.articles if article.is_open}
    assert articles(query) == articles(other) == wanted
    assert [len(retried.healed) for retried in report.queries] == [1, 1]
    assert report.metrics()["healed.fetch"] == 2
    assert asked < 30
    ledger = Ledger(home / "ledger.sqlite")
    assert ledger.failures(query.digest) == ledger.failures(other.digest) == []
    # a retry is part of a night: it is none of its own
    assert len({night.harvest for night in ledger.metrics()}) == 1
    ledger.close()


def test_what_fails_again_waits_longer_and_is_given_up_in_the_end(
    journal: DemoJournal, query: Query, mirrored: Mirror, home: Path
) -> None:
    with JournalServer(journal, broken(journal)) as server:
        mirrored(server.url)
        harvest(query)
        age(home, 2)
        (again,) = retry_failures().queries
        assert (again.tried, len(again.failed_again), len(again.given_up)) == (1, 1, 0)
        (waiting,) = retry_failures().queries
        assert (waiting.tried, waiting.waiting) == (0, 1)
        age(home, 62)
        (last,) = retry_failures().queries
        assert len(last.given_up) == 1
        assert retry_failures().queries == ()
        # the nightly harvest leaves it alone, too
        assert harvest(query).stages["fetch"].skipped == 1


def test_a_query_that_is_not_known_is_named_and_others_are_helped(home: Path) -> None:
    ledger = Ledger(home / "ledger.sqlite")
    old = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=3)
    harvest_id = ledger.begin_harvest("digest", old, query_name="old")
    ledger.record_failure(
        "fetch", "nature:u", recovery.Fault.of(TransientFetchError("u", "timeout")), query_digest="digest",
        harvest=harvest_id, today=old, article=("nature", "u"),
    )  # fmt: skip
    ledger.close()
    result = CliRunner().invoke(app, [], env={"COLUMNS": "200"})
    assert result.exit_code == 1
    assert "old was not tried" in result.output
    assert "harvest it once more" in result.output


def test_results_in_use_are_passed_over(journal: DemoJournal, query: Query, mirrored: Mirror, home: Path) -> None:
    with JournalServer(journal, broken(journal)) as server:
        mirrored(server.url)
        harvest(query)
    age(home, 1)
    with FileLock(query.results_dir / query.name / ".lock"):
        (retried,) = retry_failures().queries
    assert retried.cause is not None
    assert "another harvest" in retried.cause


def test_nothing_to_do_is_said() -> None:
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0
    assert "No failure that may heal" in result.output
