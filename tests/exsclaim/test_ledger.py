"""The ledger: harvest ids, failures and what is tried again when."""

import datetime as dt
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
