"""The record of what was done, in one SQLite file: harvests, articles per query, failures, metrics.

Harvests, reports, retries and quality read it; the orchestrator's own database is not asked. Written in WAL mode, each
call one transaction: a process killed at any moment loses at most the call it was in. One `Ledger` may be shared by
the threads of a process, and one file by several processes.
"""

import datetime as dt
import json
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from exsclaim.errors import MachineError, StoreError
from exsclaim.ledger_articles import Articles
from exsclaim.ledger_schema import SCHEMA_VERSION, migrate
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.records import Record
from exsclaim.recovery import REST, Failure, Fault, is_given_up, named

log = logging.getLogger(__name__)

_BUSY_TIMEOUT_S = 60.0


class RememberedQuery(Record):
    """A query that was harvested; `query` is its JSON, None where only an older version of EXSCLAIM saw it."""

    digest: str
    name: str
    query: str | None


class Ledger:
    """The ledger in the file `path`, made with its folder if it does not exist.

    Raises:
        StoreError: the file is not a ledger, is damaged, or was made by a newer version.
        MachineError: its folder cannot be written, or its disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            was_emptied = path.is_file() and path.stat().st_size == 0
            # autocommit; transactions are opened by name in _transaction
            self._db = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            if self._migrate() == 0 and was_emptied:  # a copy onto a full disk, or a first start that was killed
                log.warning(
                    "%s: the ledger was a file of 0 bytes, a new one is begun: every article is looked at once more,"
                    " with pages and images from the caches. If there is a backup, stop and put it in its place",
                    path,
                )
            if (damage := self._db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":  # .5 s at 100,000 articles
                raise sqlite3.DatabaseError(damage)
        except OSError as error:
            raise named(error) from error
        except sqlite3.DatabaseError as error:
            # of operational ones, those without a code of their own say that its tables are not a ledger's
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # Python's own errors have none
            if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
                way = "is its disk full, or its folder not writable? EXSCLAIM_HOME names another"
                if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    way = f"another process has held it for {_BUSY_TIMEOUT_S:.0f} s: let it end, and start again"
                raise MachineError(f"{path}: the ledger cannot be opened ({error}): {way}") from error
            raise StoreError(
                f"{path}: cannot be used as a ledger ({error}). Put its backup in its place, or move it away: the next"
                " harvest then looks at every article once more, with pages and images from the caches"
            ) from error

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def articles(self, query_digest: str) -> Articles:
        """Records of the articles of a query."""
        return Articles(query_digest, self._db, self._lock, self._transaction)

    def begin_harvest(
        self, query_digest: str, today: dt.date, *, query_name: str = "", query: str | None = None
    ) -> str:
        """Id of the harvest that this query now runs: `YYYY-MM-DD`, or `YYYY-MM-DD-02` … if the day's id is taken.

        A harvest that was begun and not finished is continued under its id, however old; a harvest finished on
        the same day is done over under its id. Ids are unique per query name, not over all queries. `query` is the
        query as JSON, by which its failures can be tried again without its file.
        """
        with self._transaction() as db:
            row = db.execute(
                "SELECT id FROM harvests WHERE query_name = ? AND query_digest = ?"
                " AND (finished IS NULL OR started = ?) ORDER BY finished IS NULL DESC, id DESC LIMIT 1",
                (query_name, query_digest, today.isoformat()),
            ).fetchone()
            if row is not None:
                harvest = str(row["id"])
                db.execute(
                    "UPDATE harvests SET finished = NULL, query = coalesce(?, query) WHERE query_name = ? AND id = ?",
                    (query, query_name, harvest),
                )
                return harvest
            taken = {r["id"] for r in db.execute("SELECT id FROM harvests WHERE query_name = ?", (query_name,))}
            harvest, count = today.isoformat(), 1
            while harvest in taken:
                count += 1
                harvest = f"{today.isoformat()}-{count:02d}"
            db.execute(
                "INSERT INTO harvests (query_name, id, query_digest, started, query) VALUES (?, ?, ?, ?, ?)",
                (query_name, harvest, query_digest, today.isoformat(), query),
            )
            return harvest

    def is_unfinished(self, query_digest: str, *, query_name: str = "") -> bool:
        """True if a harvest of this query was begun and has not come to its end."""
        with self._lock:
            row = self._db.execute(
                "SELECT 1 FROM harvests WHERE query_name = ? AND query_digest = ? AND finished IS NULL",
                (query_name, query_digest),
            ).fetchone()
        return row is not None

    def queries(self) -> list[RememberedQuery]:
        """Every query that was harvested, as it was last, by name; one digest under two names is there twice."""
        with self._lock:
            rows = self._db.execute(
                "SELECT query_digest, query_name, query FROM harvests AS this WHERE NOT EXISTS (SELECT 1 FROM harvests"
                " AS later WHERE later.query_name = this.query_name AND later.query_digest = this.query_digest"
                " AND (later.query IS NOT NULL, later.id) > (this.query IS NOT NULL, this.id))"
                " ORDER BY query_name, started DESC, id DESC"
            ).fetchall()
        return [RememberedQuery(digest=row[0], name=row[1], query=row[2]) for row in rows]

    def finish_harvest(self, query_digest: str, harvest: str, today: dt.date, *, query_name: str = "") -> None:
        """Say that the harvest came to its end: the next one gets an id of its own (on another day)."""
        with self._transaction() as db:
            db.execute(
                "UPDATE harvests SET finished = ? WHERE query_name = ? AND id = ? AND query_digest = ?",
                (today.isoformat(), query_name, harvest, query_digest),
            )

    def record_failure(
        self, stage: str, id: str, fault: Fault, *, query_digest: str, harvest: str, today: dt.date,
        article: tuple[str, str] = ("", ""), versions: str = "",
    ) -> Failure:  # fmt: skip
        """The stage met a fault on this thing; its attempts add up to those of earlier harvests.

        Args:
            id: of the thing: a source, `<source>:<address>` of an article, and `#<figure>` of a figure.
            article: source and address of the article that it was met on.
            versions: of what may mend it; see `Articles.due`.
        """
        key = (query_digest, stage, id)
        with self._transaction() as db:
            before = db.execute(f"{_FAILURES} WHERE query_digest = ? AND stage = ? AND id = ?", key).fetchone()
            first = min(before["first_failed"], today.isoformat()) if before else today.isoformat()
            total = fault.attempts + (before["attempts"] if before else 0)
            db.execute(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, *article, fault.url, fault.cause, fault.error, total, fault.will_retry, first,
                 today.isoformat(), harvest, versions),
            )  # fmt: skip
            row = db.execute(f"{_FAILURES} WHERE query_digest = ? AND stage = ? AND id = ?", key).fetchone()
        return _failure(row)

    def clear_failure(self, stage: str, id: str, *, query_digest: str) -> None:
        """Forget that the stage failed on this thing; nothing happens where it did not."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM failures WHERE query_digest = ? AND stage = ? AND id = ?", (query_digest, stage, id)
            )

    def failures(self, query_digest: str) -> list[Failure]:
        """All that this query could not do and has not done since, by stage and id."""
        with self._lock:
            rows = self._db.execute(f"{_FAILURES} WHERE query_digest = ? ORDER BY stage, id", (query_digest,))
            return [_failure(row) for row in rows.fetchall()]

    def record_metrics(self, metrics: Iterable[HarvestMetrics]) -> None:
        """Keep a harvest's metrics, one entry per source; a harvest that is done over replaces its own."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO harvest_metrics VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (each.query_name, each.harvest, each.source, each.query_digest, each.day.isoformat(),
                     canonical(each.versions), json.dumps(each.metrics, sort_keys=True))
                    for each in metrics
                ],
            )  # fmt: skip

    def metrics(self, query_name: str | None = None) -> list[HarvestMetrics]:
        """Metrics of all harvests, or those of one query, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM harvest_metrics WHERE ?1 IS NULL OR query_name = ?1"
                " ORDER BY query_name, day, harvest, source",
                (query_name,),
            ).fetchall()
        return [
            HarvestMetrics(
                query_name=row["query_name"], query_digest=row["query_digest"], harvest=row["harvest"],
                source=row["source"], day=dt.date.fromisoformat(row["day"]), versions=json.loads(row["versions"]),
                metrics=json.loads(row["metrics"]),
            )
            for row in rows
        ]  # fmt: skip

    def together(self) -> AbstractContextManager[object]:
        """Within, all that is recorded is recorded at once, or nothing of it."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._db.in_transaction:  # within `together`
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _migrate(self) -> int:
        """Bring the tables to today's version; gives the one that was found, 0 where there were no tables."""
        with self._transaction() as db:
            if (version := migrate(db)) > SCHEMA_VERSION:
                raise StoreError(
                    f"{self._path}: the ledger has schema version {version}, this code writes {SCHEMA_VERSION};"
                    " update exsclaim, or move the file away to begin a new one"
                )
            return version


_FAILURES = "SELECT stage, id, url, cause, error, attempts, will_retry, first_failed, last_tried, harvest FROM failures"


def _failure(row: sqlite3.Row) -> Failure:
    first_failed, last_tried = (dt.date.fromisoformat(row[column]) for column in ("first_failed", "last_tried"))
    will_retry = bool(row["will_retry"]) and not is_given_up(first_failed, last_tried)
    return Failure(
        stage=row["stage"], id=row["id"], url=row["url"], cause=row["cause"], error=row["error"],
        attempts=row["attempts"], will_retry=will_retry, retry_after=None if will_retry else last_tried + REST,
        first_failed=first_failed, last_tried=last_tried, harvest=row["harvest"],
    )  # fmt: skip


def canonical(versions: Mapping[str, str]) -> str:
    """Versions as one text, the same whatever their order."""
    return json.dumps(dict(versions), sort_keys=True)
