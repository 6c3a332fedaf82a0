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
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.errors import (
    BlockedError,
    ExsclaimError,
    GoneError,
    ImageError,
    StoreError,
    TransientFetchError,
    WeightsError,
)
from exsclaim.ledger import Failure, Ledger
from exsclaim.quality.nights import Night

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
    return ledger.record_failure("fetch", "x1", URL, error, attempts, "2026-11-20", query_digest=query, today=today)


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
        stage="fetch", id="x1", url=URL, cause="503 Service Unavailable", error="TransientFetchError", attempts=3,
        will_retry=True, retry_after=None, first_failed=TODAY, last_tried=TODAY, harvest="2026-11-20",
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
    assert ledger.held_back("fetch", "x1", TODAY + 6 * DAY, query_digest="q") == failure
    assert ledger.held_back("fetch", "x1", TODAY + 7 * DAY, query_digest="q") is None


@pytest.mark.parametrize(
    "error", [TransientFetchError(URL, "timeout"), BlockedError(URL, "403", status=403), WeightsError("damaged")]
)
def test_the_next_harvest_tries_what_may_work_then(ledger: Ledger, error: ExsclaimError) -> None:
    assert fail(ledger, error).will_retry
    assert ledger.held_back("fetch", "x1", TODAY, query_digest="q") is None


def test_what_failed_for_good_is_tried_at_once_by_changed_code(ledger: Ledger) -> None:
    versions = {"code": "1"}
    ledger.record_failure(
        "separate", "x1/fig1", "", ImageError("odd"), 1, "h", query_digest="q", today=TODAY, versions=versions
    )
    assert ledger.held_back("separate", "x1/fig1", TODAY, query_digest="q", versions={"code": "1"}) is not None
    assert ledger.held_back("separate", "x1/fig1", TODAY, query_digest="q", versions={"code": "2"}) is None


def test_success_ends_a_failure_and_its_count(ledger: Ledger) -> None:
    fail(ledger, TransientFetchError(URL, "timeout"), attempts=4)
    ledger.record_done("fetch", "x1", query_digest="q", harvest="h", today=TODAY, url=URL)
    assert ledger.failures("q") == []
    assert fail(ledger, TransientFetchError(URL, "timeout")).attempts == 1


def test_a_cleared_failure_is_gone_and_what_is_done_stays(ledger: Ledger) -> None:
    fail(ledger, GoneError(URL, "404"))
    ledger.clear_failure("fetch", "x1", query_digest="q")
    assert ledger.failures("q") == []
    assert ledger.held_back("fetch", "x1", TODAY, query_digest="q") is None


def test_failures_belong_to_their_query(ledger: Ledger) -> None:
    fail(ledger, GoneError(URL, "404"))
    assert ledger.failures("another") == []
    assert ledger.held_back("fetch", "x1", TODAY, query_digest="another") is None


def test_a_second_ledger_on_the_file_reads_what_the_first_wrote(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "ledger.sqlite")
    fail(first, GoneError(URL, "404"))
    second = Ledger(tmp_path / "ledger.sqlite")
    assert second.failures("q") == first.failures("q")


def test_threads_share_a_ledger(ledger: Ledger) -> None:
    def work(thread: int) -> None:
        for n in range(20):
            ledger.record_failure(
                "fetch", f"{thread}/{n}", URL, GoneError(URL, "404"), 1, "h", query_digest="q", today=TODAY
            )

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
ledger = Ledger(Path({str(path)!r}))
ledger.begin_harvest("q", dt.date(2026, 11, 20), query_name="silver")
ledger.record_failure("fetch", "x1", "u", GoneError("u", "404"), 1, "h", query_digest="q", today=dt.date(2026, 11, 20))
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


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.sqlite").close()
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="99"):
        Ledger(tmp_path / "ledger.sqlite")


@given(st.lists(st.sampled_from(["fail", "block", "gone", "done"]), max_size=8), st.text(max_size=30))
def test_the_last_outcome_decides(tmp_path_factory: pytest.TempPathFactory, outcomes: list[str], id: str) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    errors = {
        "fail": TransientFetchError(URL, "timeout"), "block": BlockedError(URL, "403"), "gone": GoneError(URL, "404")
    }  # fmt: skip
    for outcome in outcomes:
        if outcome == "done":
            ledger.record_done("fetch", id, query_digest="q", harvest="h", today=TODAY)
        else:
            ledger.record_failure("fetch", id, URL, errors[outcome], 1, "h", query_digest="q", today=TODAY)
    last = outcomes[-1] if outcomes else "done"
    assert [f.error for f in ledger.failures("q")] == ([] if last == "done" else [type(errors[last]).__name__])
    assert (ledger.held_back("fetch", id, TODAY, query_digest="q") is not None) == (last == "gone")
    ledger.close()


def test_a_cached_result_was_made_by_the_harvest_that_did_it(ledger: Ledger) -> None:
    for harvest, is_cached in (("h1", False), ("h1", True), ("h2", True)):
        ledger.record_done("separate", "x1", query_digest="q", harvest=harvest, today=TODAY, is_cached=is_cached)
    assert ledger.made_in("h1", "separate", query_digest="q") == {"x1"}
    assert ledger.made_in("h2", "separate", query_digest="q") == set()
    ledger.record_done("separate", "x1", query_digest="q", harvest="h3", today=TODAY)
    assert ledger.made_in("h3", "separate", query_digest="q") == {"x1"}


def test_what_another_query_left_in_the_cache_is_new_to_this_one(ledger: Ledger) -> None:
    ledger.record_done("separate", "x1", query_digest="q", harvest="h1", today=TODAY)
    ledger.record_done("separate", "x1", query_digest="other", harvest="h2", today=TODAY, is_cached=True)
    assert ledger.made_in("h2", "separate", query_digest="other") == {"x1"}


def test_queries_are_remembered_as_they_were_last(ledger: Ledger) -> None:
    ledger.begin_harvest("old", TODAY, query_name="gold")
    for day in range(2):
        harvest = ledger.begin_harvest("q", TODAY + day * DAY, query_name="silver", query=json.dumps({"day": day}))
        ledger.finish_harvest("q", harvest, TODAY + day * DAY, query_name="silver")
    assert [(query.name, query.query) for query in ledger.queries()] == [("gold", None), ("silver", '{"day": 1}')]


def test_a_harvest_is_unfinished_until_it_is_finished(ledger: Ledger) -> None:
    assert not ledger.is_unfinished("q", query_name="silver")
    harvest = ledger.begin_harvest("q", TODAY, query_name="silver")
    assert ledger.is_unfinished("q", query_name="silver")
    ledger.finish_harvest("q", harvest, TODAY, query_name="silver")
    assert not ledger.is_unfinished("q", query_name="silver")


def test_nights_come_back_oldest_first_and_a_repeated_one_replaces_itself(ledger: Ledger) -> None:
    def night(day: int, panels: float) -> Night:
        harvest = f"2026-11-{day}"
        return Night(
            query_name="silver", query_digest="q", harvest=harvest, source="nature", day=dt.date(2026, 11, day),
            versions={"separation": "2"}, metrics={"panels": panels},
        )  # fmt: skip

    ledger.record_nights([night(21, 2.0)])
    ledger.record_nights([night(20, 1.0)])
    ledger.record_nights([night(21, 3.0)])
    assert ledger.nights() == ledger.nights("silver") == [night(20, 1.0), night(21, 3.0)]
    assert ledger.nights("gold") == []


VERSION_1 = """
CREATE TABLE harvests (query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL, started TEXT NOT NULL,
    finished TEXT, PRIMARY KEY (query_name, id));
CREATE TABLE work (query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')), attempts INTEGER NOT NULL, url TEXT NOT NULL,
    harvest TEXT NOT NULL, versions TEXT NOT NULL, cause TEXT, error TEXT, will_retry INTEGER, first_failed TEXT,
    last_tried TEXT NOT NULL, PRIMARY KEY (query_digest, stage, id));
INSERT INTO harvests VALUES ('silver', '2026-11-20', 'q', '2026-11-20', '2026-11-20');
INSERT INTO work VALUES ('q', 'fetch', 'x1', 'failed', 3, 'u', '2026-11-20', '{}', '503', 'TransientFetchError', 1,
    '2026-11-20', '2026-11-20');
INSERT INTO work VALUES ('q', 'fetch', 'x2', 'done', 1, 'u', '2026-11-20', '{}', NULL, NULL, NULL, NULL, '2026-11-20');
PRAGMA user_version = 1;
"""


def test_a_ledger_of_version_1_is_brought_up_and_keeps_what_it_knew(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.executescript(VERSION_1)
    db.close()
    for _ in range(2):
        ledger = Ledger(tmp_path / "ledger.sqlite")
        assert [failure.id for failure in ledger.failures("q")] == ["x1"]
        assert [query.query for query in ledger.queries()] == [None]
        ledger.record_done("fetch", "x2", query_digest="q", harvest="2026-11-21", today=TODAY + DAY, is_cached=True)
        assert ledger.made_in("2026-11-21", "fetch", query_digest="q") == set()
        ledger.close()


def test_what_may_heal_is_given_up_after_the_last_retry(ledger: Ledger) -> None:
    error = TransientFetchError(URL, "timeout")
    assert fail(ledger, error).will_retry
    assert fail(ledger, error, today=TODAY + 63 * DAY).will_retry
    given_up = fail(ledger, error, today=TODAY + 64 * DAY)
    assert (given_up.will_retry, given_up.retry_after) == (False, TODAY + 71 * DAY)
    assert not given_up.is_due(TODAY + 100 * DAY)
    assert ledger.held_back("fetch", "x1", TODAY + 65 * DAY, query_digest="q") == given_up


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
