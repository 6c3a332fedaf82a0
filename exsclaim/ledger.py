"""The record of what was done: one row per query, stage and thing (search, article, figure), in one SQLite file.

Reports, retries and quality read it; the orchestrator's own database is not asked. Written in WAL mode, each call
one transaction: a process killed at any moment loses at most the call it was in. One `Ledger` may be shared by the
threads of a process, and one file by several processes.
"""

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from exsclaim.errors import (
    BlockedError,
    ExsclaimError,
    FetchError,
    SettingsError,
    StoreError,
    WeightsError,
)
from exsclaim.records import Record

REST = dt.timedelta(days=7)
"""How long a thing that failed for good is left alone before somebody looks again."""

_SCHEMA_VERSION = 1
_BUSY_TIMEOUT_S = 60.0
_TRIED_BY_NEXT_HARVEST = (BlockedError, SettingsError, StoreError, WeightsError)
"""Do not heal by themselves, but the fault is not in the thing: once access or installation is right, it works."""

_SCHEMA = """
CREATE TABLE harvests (
    query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT,
    PRIMARY KEY (query_name, id)
);
CREATE TABLE work (
    query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
    attempts INTEGER NOT NULL, url TEXT NOT NULL, harvest TEXT NOT NULL, versions TEXT NOT NULL,
    cause TEXT, error TEXT, will_retry INTEGER, first_failed TEXT, last_tried TEXT NOT NULL,
    PRIMARY KEY (query_digest, stage, id)
);
"""


class Failure(Record):
    """One thing that could not be done. Dates are days."""

    stage: str
    id: str
    url: str
    cause: str
    error: str
    """Class of the error, a name of `exsclaim.errors`."""
    attempts: int
    """Over all harvests since it last worked."""
    will_retry: bool
    """The next harvest tries it. If not, it is left alone until `retry_after`."""
    retry_after: dt.date | None
    first_failed: dt.date
    last_tried: dt.date
    harvest: str


class Ledger:
    """The ledger in the file `path`, made with its folder if it does not exist.

    Raises:
        StoreError: the file is not a ledger, is damaged, or was made by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # autocommit; transactions are opened by name in _transaction
            self._db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._migrate()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{path}: cannot be used as a ledger ({error}); move the file away") from error

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def begin_harvest(self, query_digest: str, today: dt.date, *, query_name: str = "") -> str:
        """Id of the harvest that this query now runs: `YYYY-MM-DD`, or `YYYY-MM-DD-02` … if the day's id is taken.

        A harvest that was begun and not finished is continued under its id, however old; a harvest finished on
        the same day is done over under its id. Ids are unique per query name, not over all queries.
        """
        with self._transaction() as db:
            row = db.execute(
                "SELECT id FROM harvests WHERE query_name = ? AND query_digest = ?"
                " AND (finished IS NULL OR started = ?) ORDER BY finished IS NULL DESC, id DESC LIMIT 1",
                (query_name, query_digest, today.isoformat()),
            ).fetchone()
            if row is not None:
                harvest = str(row["id"])
                db.execute("UPDATE harvests SET finished = NULL WHERE query_name = ? AND id = ?", (query_name, harvest))
                return harvest
            taken = {r["id"] for r in db.execute("SELECT id FROM harvests WHERE query_name = ?", (query_name,))}
            harvest, count = today.isoformat(), 1
            while harvest in taken:
                count += 1
                harvest = f"{today.isoformat()}-{count:02d}"
            db.execute(
                "INSERT INTO harvests VALUES (?, ?, ?, ?, NULL)",
                (query_name, harvest, query_digest, today.isoformat()),
            )
            return harvest

    def finish_harvest(self, query_digest: str, harvest: str, today: dt.date, *, query_name: str = "") -> None:
        """Say that the harvest came to its end: the next one gets an id of its own (on another day)."""
        with self._transaction() as db:
            db.execute(
                "UPDATE harvests SET finished = ? WHERE query_name = ? AND id = ? AND query_digest = ?",
                (today.isoformat(), query_name, harvest, query_digest),
            )

    def record_done(
        self, stage: str, id: str, *, query_digest: str, harvest: str, today: dt.date, url: str = "",
        attempts: int = 1, versions: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """The stage worked on this thing; an earlier failure of it is forgotten."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO work (query_digest, stage, id, state, attempts, url, harvest, versions,"
                " last_tried) VALUES (?, ?, ?, 'done', ?, ?, ?, ?, ?)",
                (query_digest, stage, id, attempts, url, harvest, _canonical(versions), today.isoformat()),
            )

    def record_failure(
        self, stage: str, id: str, url: str, error: ExsclaimError, attempts: int, harvest: str, *,
        query_digest: str, today: dt.date, versions: Mapping[str, str] | None = None,
    ) -> Failure:  # fmt: skip
        """The stage failed on this thing after so many attempts; they add up to those of earlier harvests."""
        cause = error.cause if isinstance(error, FetchError) else str(error)
        retry = error.heals or isinstance(error, _TRIED_BY_NEXT_HARVEST)
        key = (query_digest, stage, id)
        with self._transaction() as db:
            before = db.execute(f"{_FAILED} AND query_digest = ? AND stage = ? AND id = ?", key).fetchone()
            first = before["first_failed"] if before else today.isoformat()
            total = attempts + (before["attempts"] if before else 0)
            db.execute(
                "INSERT OR REPLACE INTO work VALUES (?, ?, ?, 'failed', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, total, url, harvest, _canonical(versions), cause, type(error).__name__, retry, first,
                 today.isoformat()),
            )  # fmt: skip
            row = db.execute(f"{_FAILED} AND query_digest = ? AND stage = ? AND id = ?", key).fetchone()
        return _failure(row)

    def clear_failure(self, stage: str, id: str, *, query_digest: str) -> None:
        """Forget that the stage failed on this thing; nothing happens where it did not."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM work WHERE query_digest = ? AND stage = ? AND id = ? AND state = 'failed'",
                (query_digest, stage, id),
            )

    def failures(self, query_digest: str) -> list[Failure]:
        """All that this query could not do and has not done since, by stage and id."""
        with self._lock:
            rows = self._db.execute(f"{_FAILED} AND query_digest = ? ORDER BY stage, id", (query_digest,)).fetchall()
        return [_failure(row) for row in rows]

    def held_back(
        self, stage: str, id: str, today: dt.date, *, query_digest: str,
        versions: Mapping[str, str] | None = None,
    ) -> Failure | None:  # fmt: skip
        """The failure for which this thing is not to be tried today, or None: try it.

        Held back for `REST` after the last try is what failed for good: neither an error that heals, nor a
        refusal by the publisher, nor a fault of this installation. If `versions` are given and differ from those
        recorded with the failure, code or models have changed since, and it is tried.
        """
        with self._lock:
            row = self._db.execute(
                f"{_FAILED} AND query_digest = ? AND stage = ? AND id = ?", (query_digest, stage, id)
            ).fetchone()
        if row is None or (versions is not None and _canonical(versions) != row["versions"]):
            return None
        failure = _failure(row)
        return failure if failure.retry_after is not None and today < failure.retry_after else None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _migrate(self) -> None:
        with self._transaction() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            elif version != _SCHEMA_VERSION:
                raise StoreError(
                    f"{self._path}: the ledger has schema version {version}, this code writes {_SCHEMA_VERSION};"
                    " update exsclaim, or move the file away to begin a new one"
                )


_FAILED = (
    "SELECT stage, id, url, cause, error, attempts, will_retry, first_failed, last_tried, harvest, versions"
    " FROM work WHERE state = 'failed'"
)


def _failure(row: sqlite3.Row) -> Failure:
    last_tried = dt.date.fromisoformat(row["last_tried"])
    will_retry = bool(row["will_retry"])
    return Failure(
        stage=row["stage"], id=row["id"], url=row["url"], cause=row["cause"], error=row["error"],
        attempts=row["attempts"], will_retry=will_retry, retry_after=None if will_retry else last_tried + REST,
        first_failed=dt.date.fromisoformat(row["first_failed"]), last_tried=last_tried, harvest=row["harvest"],
    )  # fmt: skip


def _canonical(versions: Mapping[str, str] | None) -> str:
    return json.dumps(dict(versions or {}), sort_keys=True)
