"""The ledger: harvest ids, failures and what is tried again when."""

import datetime as dt
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim import ledger as ledgers
from exsclaim.errors import (
    BlockedError,
    ExsclaimError,
    GoneError,
    ImageError,
    MachineError,
    PageFormatError,
    StoreError,
    TransientFetchError,
    WeightsError,
)
from exsclaim.ledger import Ledger
from exsclaim.ledger_articles import Current
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.records import ArticleRef
from exsclaim.recovery import Failure, Fault

TODAY = dt.date(2026, 11, 20)
URL = "https://journal.example/articles/x1"
DAY = dt.timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "deep" / "ledger.sqlite")
    yield ledger
    ledger.close()


def fail(
    ledger: Ledger, error: ExsclaimError, *, today: dt.date = TODAY, attempts: int = 1, query: str = "q"
) -> Failure:
    fault = Fault.of(error, URL).model_copy(update={"attempts": attempts})
    return ledger.record_failure(
        "fetch", "nature:x1", fault, query_digest=query, harvest="2026-11-20", today=today, article=("nature", "x1"),
        versions="1 ",
    )  # fmt: skip


X1 = ArticleRef(source="nature", url="x1")
NOW = Current(readers={"nature": "1"}, captions="1", separation="1")


def is_tried(ledger: Ledger, today: dt.date, *, query: str = "q", current: Current = NOW) -> bool:
    """True if a harvest that finds the article asks for it on that day."""
    due, _ = ledger.articles(query).due([X1], current, present=(), today=today, recheck_after_days=30)
    return due == [X1]


def test_a_harvest_is_named_after_its_day(ledger: Ledger) -> None:
    assert ledger.begin_harvest("q", TODAY, query_name="silver") == "2026-11-20"


def test_an_unfinished_harvest_is_continued_under_its_id_days_later(ledger: Ledger) -> None:
    first = ledger.begin_harvest("q", TODAY, query_name="silver")
    assert ledger.begin_harvest("q", TODAY + 3 * DAY, query_name="silver") == first


def test_a_harvest_finished_today_is_done_over_under_its_id(ledger: Ledger) -> None:
    first = ledger.begin_harvest("q", TODAY, query_name="silver")
    ledger.finish_harvest("q", first, TODAY, query_name="silver")
    assert ledger.begin_harvest("q", TODAY, query_name="silver") == first


def test_after_a_finished_harvest_the_next_day_has_its_own_id(ledger: Ledger) -> None:
    first = ledger.begin_harvest("q", TODAY, query_name="silver")
    ledger.finish_harvest("q", first, TODAY, query_name="silver")
    assert ledger.begin_harvest("q", TODAY + DAY, query_name="silver") == "2026-11-21"


def test_a_changed_query_of_the_same_name_gets_an_id_of_its_own(ledger: Ledger) -> None:
    ledger.begin_harvest("q", TODAY, query_name="silver")
    assert ledger.begin_harvest("changed", TODAY, query_name="silver") == "2026-11-20-02"
    assert ledger.begin_harvest("changed", TODAY, query_name="silver") == "2026-11-20-02"


def test_ids_are_counted_per_query_name(ledger: Ledger) -> None:
    ledger.begin_harvest("q", TODAY, query_name="silver")
    assert ledger.begin_harvest("other", TODAY, query_name="gold") == "2026-11-20"


def test_a_failure_says_what_failed_why_and_when(ledger: Ledger) -> None:
    fail(ledger, TransientFetchError(URL, "503 Service Unavailable", status=503), attempts=3)
    (failure,) = ledger.failures("q")
    assert failure == Failure(
        stage="fetch", id="nature:x1", url=URL, cause="503 Service Unavailable", error="TransientFetchError",
        attempts=3, will_retry=True, retry_after=None, first_failed=TODAY, last_tried=TODAY, harvest="2026-11-20",
    )  # fmt: skip


def test_attempts_add_up_over_harvests(ledger: Ledger) -> None:
    fail(ledger, TransientFetchError(URL, "timeout"), attempts=3)
    fail(ledger, TransientFetchError(URL, "timeout"), attempts=2, today=TODAY + DAY)
    (failure,) = ledger.failures("q")
    assert (failure.attempts, failure.first_failed, failure.last_tried) == (5, TODAY, TODAY + DAY)


@pytest.mark.parametrize("error", [GoneError(URL, "404", status=404), ImageError("truncated")])
def test_what_failed_for_good_rests_seven_days_and_is_tried_again(ledger: Ledger, error: ExsclaimError) -> None:
    failure = fail(ledger, error)
    assert (failure.will_retry, failure.retry_after) == (False, TODAY + 7 * DAY)
    assert not is_tried(ledger, TODAY + 6 * DAY)
    assert is_tried(ledger, TODAY + 7 * DAY)


@pytest.mark.parametrize(
    "error", [TransientFetchError(URL, "timeout"), BlockedError(URL, "403", status=403), WeightsError("damaged")]
)
def test_the_next_harvest_tries_what_may_work_then(ledger: Ledger, error: ExsclaimError) -> None:
    assert fail(ledger, error).will_retry
    assert is_tried(ledger, TODAY)


def test_what_failed_for_good_is_tried_at_once_by_changed_code(ledger: Ledger) -> None:
    fail(ledger, PageFormatError("no figures"))
    assert not is_tried(ledger, TODAY)
    assert is_tried(ledger, TODAY, current=NOW.model_copy(update={"readers": {"nature": "2"}}))


def test_a_cleared_failure_is_gone_and_its_count_begins_anew(ledger: Ledger) -> None:
    fail(ledger, TransientFetchError(URL, "timeout"), attempts=4)
    ledger.clear_failure("fetch", "nature:x1", query_digest="q")
    assert ledger.failures("q") == []
    assert fail(ledger, TransientFetchError(URL, "timeout")).attempts == 1


def test_failures_belong_to_their_query(ledger: Ledger) -> None:
    fail(ledger, GoneError(URL, "404"))
    assert ledger.failures("another") == []
    assert is_tried(ledger, TODAY, query="another")


def test_a_second_ledger_on_the_file_reads_what_the_first_wrote(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "ledger.sqlite")
    fail(first, GoneError(URL, "404"))
    second = Ledger(tmp_path / "ledger.sqlite")
    assert second.failures("q") == first.failures("q")


def test_threads_share_a_ledger(ledger: Ledger) -> None:
    def work(thread: int) -> None:
        for n in range(20):
            fault = Fault.of(GoneError(URL, "404"))
            ledger.record_failure("fetch", f"{thread}/{n}", fault, query_digest="q", harvest="h", today=TODAY)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.failures("q")) == 160


def test_what_was_recorded_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    script = f"""
import datetime as dt, os, signal
from pathlib import Path
from exsclaim.errors import GoneError
from exsclaim.ledger import Ledger
from exsclaim.recovery import Fault
ledger = Ledger(Path({str(path)!r}))
ledger.begin_harvest("q", dt.date(2026, 11, 20), query_name="silver")
fault = Fault.of(GoneError("u", "404"))
ledger.record_failure("fetch", "x1", fault, query_digest="q", harvest="h", today=dt.date(2026, 11, 20))
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], env=os.environ).returncode == -signal.SIGKILL
    ledger = Ledger(path)
    assert [f.id for f in ledger.failures("q")] == ["x1"]
    assert ledger.begin_harvest("q", TODAY + 5 * DAY, query_name="silver") == "2026-11-20"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a data base" * 100)
    with pytest.raises(StoreError, match=r"ledger\.sqlite"):
        Ledger(path)


def test_damage_inside_a_file_that_can_be_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path)
    for n in range(200):
        ledger.begin_harvest("q", TODAY, query_name=f"silver {n}", query="{" + "x" * 500 + "}")
    ledger.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + b"\xff" * 8192 + content[len(content) // 2 + 8192 :])
    with pytest.raises(StoreError, match=r"(?s)ledger\.sqlite: cannot be used as a ledger .*Put its backup"):
        Ledger(path)


def test_a_ledger_of_0_bytes_is_begun_anew_and_told_and_a_new_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    Ledger(path).close()
    assert not caplog.messages
    path.write_bytes(b"")
    for _ in range(2):
        ledger = Ledger(path)
        assert ledger.failures("q") == []
        ledger.close()
    assert [line.partition(",")[0] for line in caplog.messages] == [f"{path}: the ledger was a file of 0 bytes"]


def test_a_ledger_that_another_process_holds_is_not_told_as_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "_BUSY_TIMEOUT_S", 0.1)
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MachineError, match="another process has held it"):
            Ledger(path)
    assert Ledger(path).failures("q") == []


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.sqlite").close()
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="99"):
        Ledger(tmp_path / "ledger.sqlite")


@given(st.lists(st.sampled_from(["fail", "block", "gone", "done"]), max_size=8))
def test_the_last_outcome_decides(tmp_path_factory: pytest.TempPathFactory, outcomes: list[str]) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    errors = {
        "fail": TransientFetchError(URL, "timeout"), "block": BlockedError(URL, "403"), "gone": GoneError(URL, "404")
    }  # fmt: skip
    for outcome in outcomes:
        if outcome == "done":
            ledger.articles("q").forget_failures(X1, but=set())
        else:
            fail(ledger, errors[outcome])
    last = outcomes[-1] if outcomes else "done"
    assert [f.error for f in ledger.failures("q")] == ([] if last == "done" else [type(errors[last]).__name__])
    assert is_tried(ledger, TODAY) == (last != "gone")
    ledger.close()


def test_queries_are_remembered_as_they_were_last(ledger: Ledger) -> None:
    ledger.begin_harvest("old", TODAY, query_name="gold")
    for day in range(2):
        harvest = ledger.begin_harvest("q", TODAY + day * DAY, query_name="silver", query=json.dumps({"day": day}))
        ledger.finish_harvest("q", harvest, TODAY + day * DAY, query_name="silver")
    found = [(query.digest, query.name, query.query) for query in ledger.queries()]
    assert found == [("old", "gold", None), ("q", "silver", '{"day": 1}')]


def test_a_harvest_is_unfinished_until_it_is_finished(ledger: Ledger) -> None:
    assert not ledger.is_unfinished("q", query_name="silver")
    harvest = ledger.begin_harvest("q", TODAY, query_name="silver")
    assert ledger.is_unfinished("q", query_name="silver")
    ledger.finish_harvest("q", harvest, TODAY, query_name="silver")
    assert not ledger.is_unfinished("q", query_name="silver")


def test_nights_come_back_oldest_first_and_a_repeated_one_replaces_itself(ledger: Ledger) -> None:
    def night(day: int, panels: float) -> HarvestMetrics:
        harvest = f"2026-11-{day}"
        return HarvestMetrics(
            query_name="silver", query_digest="q", harvest=harvest, source="nature", day=dt.date(2026, 11, day),
            versions={"separation": "2"}, metrics={"panels": panels},
        )  # fmt: skip

    ledger.record_metrics([night(21, 2.0)])
    ledger.record_metrics([night(20, 1.0)])
    ledger.record_metrics([night(21, 3.0)])
    assert ledger.metrics() == ledger.metrics("silver") == [night(20, 1.0), night(21, 3.0)]
    assert ledger.metrics("gold") == []


VERSION_1 = """
CREATE TABLE harvests (query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL, started TEXT NOT NULL,
    finished TEXT, PRIMARY KEY (query_name, id));
CREATE TABLE work (query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')), attempts INTEGER NOT NULL, url TEXT NOT NULL,
    harvest TEXT NOT NULL, versions TEXT NOT NULL, cause TEXT, error TEXT, will_retry INTEGER, first_failed TEXT,
    last_tried TEXT NOT NULL, PRIMARY KEY (query_digest, stage, id));
INSERT INTO harvests VALUES ('silver', '2026-11-20', 'q', '2026-11-20', '2026-11-20');
INSERT INTO work VALUES ('q', 'fetch', 'nature:x1', 'failed', 3, 'u', '2026-11-20', '{}', '503',
    'TransientFetchError', 1, '2026-11-20', '2026-11-20');
INSERT INTO work VALUES ('q', 'fetch', 'x2', 'done', 1, 'u', '2026-11-20', '{}', NULL, NULL, NULL, NULL, '2026-11-20');
PRAGMA user_version = 1;
"""


def test_a_ledger_of_version_1_is_brought_up_and_keeps_what_it_knew(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.executescript(VERSION_1)
    db.close()
    for _ in range(2):
        ledger = Ledger(tmp_path / "ledger.sqlite")
        assert [failure.id for failure in ledger.failures("q")] == ["nature:x1"]
        assert [query.query for query in ledger.queries()] == [None]
        assert ledger.articles("q").failing() == [X1]
        ledger.close()


VERSION_2 = """
CREATE TABLE harvests (query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL, started TEXT NOT NULL,
    finished TEXT, query TEXT, PRIMARY KEY (query_name, id));
CREATE TABLE work (query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')), attempts INTEGER NOT NULL, url TEXT NOT NULL,
    harvest TEXT NOT NULL, versions TEXT NOT NULL, cause TEXT, error TEXT, will_retry INTEGER, first_failed TEXT,
    last_tried TEXT NOT NULL, made_in TEXT, PRIMARY KEY (query_digest, stage, id));
CREATE TABLE nights (query_name TEXT NOT NULL, harvest TEXT NOT NULL, source TEXT NOT NULL, query_digest TEXT NOT NULL,
    day TEXT NOT NULL, versions TEXT NOT NULL, metrics TEXT NOT NULL, PRIMARY KEY (query_name, harvest, source));
INSERT INTO harvests VALUES ('silver', '2026-11-20', 'q', '2026-11-20', '2026-11-20', '{}');
INSERT INTO work VALUES ('q', 'figures', 'nature:https://j.org/a#b#fig1', 'failed', 3, 'u', '2026-11-20', '{}', '404',
    'GoneError', 0, '2026-11-20', '2026-11-20', NULL);
INSERT INTO work VALUES ('q', 'fetch', 'nature:x2', 'done', 1, 'u', '2026-11-20', '{}', NULL, NULL, NULL, NULL,
    '2026-11-20', '2026-11-20');
INSERT INTO nights VALUES ('silver', '2026-11-20', 'nature', 'q', '2026-11-20', '{}', '{"panels": 3.0}');
PRAGMA user_version = 2;
"""


def test_a_ledger_of_version_2_keeps_failures_and_metrics_and_has_every_article_looked_at_once(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.executescript(VERSION_2)
    db.close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    (failure,) = ledger.failures("q")
    assert (failure.stage, failure.error, failure.attempts) == ("figures", "GoneError", 3)
    of_article = ArticleRef(source="nature", url="https://j.org/a#b")
    assert ledger.articles("q").failed(of_article, NOW, TODAY) == {f"figures {failure.id}": True}
    assert [each.metrics for each in ledger.metrics()] == [{"panels": 3.0}]
    refs = [of_article, ArticleRef(source="nature", url="x2")]
    due, resting = ledger.articles("q").due(refs, NOW, present=(), today=TODAY, recheck_after_days=30)
    assert (due, resting) == (refs, 0)
    ledger.close()


def test_what_may_heal_is_given_up_after_the_last_retry(ledger: Ledger) -> None:
    error = TransientFetchError(URL, "timeout")
    assert fail(ledger, error).will_retry
    assert fail(ledger, error, today=TODAY + 63 * DAY).will_retry
    given_up = fail(ledger, error, today=TODAY + 64 * DAY)
    assert (given_up.will_retry, given_up.retry_after) == (False, TODAY + 71 * DAY)
    assert not given_up.is_due(TODAY + 100 * DAY)
    assert not is_tried(ledger, TODAY + 65 * DAY)


def test_retries_come_ever_later(ledger: Ledger) -> None:
    failure = fail(ledger, TransientFetchError(URL, "timeout"))
    days = []
    for day in range(100):
        if failure.is_due(TODAY + day * DAY):
            days.append(day)
            failure = fail(ledger, TransientFetchError(URL, "timeout"), today=TODAY + day * DAY)
    assert days == [1, 2, 4, 8, 16, 32, 64]


def test_what_a_harvest_has_tried_meanwhile_is_not_retried_the_same_day(ledger: Ledger) -> None:
    fail(ledger, TransientFetchError(URL, "timeout"))
    failure = fail(ledger, TransientFetchError(URL, "timeout"), today=TODAY + 4 * DAY)
    assert not failure.is_due(TODAY + 4 * DAY)
    assert not failure.is_due(TODAY + 7 * DAY)
    assert failure.is_due(TODAY + 8 * DAY)


def test_what_failed_for_good_is_never_due(ledger: Ledger) -> None:
    failure = fail(ledger, GoneError(URL, "404"))
    assert not any(failure.is_due(TODAY + day * DAY) for day in range(100))
