"""The articles of one query in the ledger: with what each was made, and which of those found are to be worked on.

What is published as it is costs a row in a join, and no task (docs/decisions/0022-what-is-known.md).
"""

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import AbstractContextManager
from typing import Literal

from exsclaim.records import ArticleRef, Record
from exsclaim.recovery import REST_DAYS, RETRY_AFTER_DAYS


class KnownArticle(Record):
    """Outcome of the last work on one record of an article."""

    source: str
    url: str
    article_id: str
    """Id under which it is published, as itself or as one record of a work that several sources have."""
    state: Literal["published", "left out", "not wanted"]
    reason: str = ""
    """Reason why it is left out."""
    version: str
    """Version of the article, as its source tells; "" where it tells nothing."""
    reader: str
    """Version of the source's code that read it."""
    captions: str = ""
    """Version of the code that split its captions."""
    separation: str = ""
    """Versions of the code and the networks that separated its figures; "" where not all were."""
    checked: dt.date
    """Day on which its page was asked for."""
    harvest: str
    keys: tuple[str, ...] = ()
    """Records with a key in common are one work (`exsclaim.duplicates`)."""
    measured: str | None = None
    """JSON of what the harvest did and found, for its metrics."""


class Current(Record):
    """Versions of the code and networks at work now."""

    readers: dict[str, str]
    """Source -> version of the code that reads its pages."""
    captions: str
    separation: str
    separates: bool = True
    """Figures are separated now; if not, those that were stay as they are, whatever separated them."""


# A day after today is of a clock that was wrong: what was done on it is done again, and not once that day has come.
# What a failure's own versions are compared with says `versions`: of fetching those of reader and article, of
# captions, separation and publishing those of the code and of the article; images are tried again when that changes.
_TRIED = f"""((:separates OR f.stage <> 'separate') AND (:retry_all
    OR (f.will_retry AND f.last_tried < date(f.first_failed, '+{RETRY_AFTER_DAYS[-1]} days'))
    OR date(f.last_tried, '+{REST_DAYS} days') <= :today OR f.last_tried > :today
    OR f.versions <> CASE f.stage WHEN 'fetch' THEN found.reader || ' ' || found.version
                                  WHEN 'figures' THEN found.version ELSE :made_with || ' ' || found.version END))"""
_MINE = "f.query_digest = :query AND f.source = found.source AND f.article_url = found.url"
_RESTS = f"EXISTS (SELECT 1 FROM failures AS f WHERE {_MINE} AND f.stage = 'fetch' AND NOT {_TRIED})"
_DUE = f"""
SELECT found.source, found.url, found.version, {_RESTS} AS rests
FROM temp.found AS found LEFT JOIN articles AS a
ON a.query_digest = :query AND a.source = found.source AND a.url = found.url
WHERE :refresh OR a.url IS NULL OR a.version <> found.version OR a.reader <> found.reader
    OR a.checked NOT BETWEEN :fresh AND :today
    OR (a.state = 'published' AND (a.captions <> :captions OR (:separates AND a.separation <> :separation)
        OR a.article_id NOT IN (SELECT article_id FROM temp.present)))
    OR EXISTS (SELECT 1 FROM failures AS f WHERE {_MINE} AND {_TRIED})
ORDER BY found.place
"""


class Articles:
    """Rows of one query. Made by `Ledger.articles`, whose connection and lock it shares."""

    def __init__(
        self, query_digest: str, db: sqlite3.Connection, lock: threading.RLock,
        transaction: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:  # fmt: skip
        self._query = query_digest
        self._db = db
        self._lock = lock
        self._transaction = transaction

    def due(
        self, found: Iterable[ArticleRef], current: Current, *, present: Iterable[str], today: dt.date,
        recheck_after_days: int, refresh: bool = False, retry_all: bool = False,
    ) -> tuple[list[ArticleRef], int]:  # fmt: skip
        """Found articles that are to be worked on, in their order; and how many failed ones rest.

        Due is what is new, changed, made with other code or other networks, not among `present` (ids of what is
        published or staged), asked for too long ago, or failed in a way that is tried again. With `refresh`, all are.
        What could not be fetched for good rests (`exsclaim.recovery`).
        """
        with self._transaction() as db:
            db.execute(
                "CREATE TEMP TABLE IF NOT EXISTS found (place INTEGER PRIMARY KEY, source, url, version,"
                " reader, UNIQUE (source, url))"
            )
            db.execute("CREATE TEMP TABLE IF NOT EXISTS present (article_id PRIMARY KEY) WITHOUT ROWID")
            db.execute("DELETE FROM temp.found")
            db.execute("DELETE FROM temp.present")
            db.executemany("INSERT OR IGNORE INTO temp.present VALUES (?)", ((id,) for id in present))
            db.executemany(
                "INSERT OR IGNORE INTO temp.found (source, url, version, reader) VALUES (?, ?, ?, ?)",
                ((ref.source, ref.url, ref.version, current.readers.get(ref.source, "")) for ref in found),
            )
            rows = db.execute(
                _DUE,
                {
                    "query": self._query, "captions": current.captions, "separation": current.separation,
                    "separates": current.separates, "made_with": made_with_text(current),
                    "today": today.isoformat(), "refresh": refresh, "retry_all": retry_all,
                    "fresh": (today - dt.timedelta(days=recheck_after_days - 1)).isoformat(),
                },
            ).fetchall()  # fmt: skip
        due = [ArticleRef(source=row[0], url=row[1], version=row[2]) for row in rows if not row["rests"]]
        return due, len(rows) - len(due)

    def failing(self, ids: Iterable[str] | None = None) -> list[ArticleRef]:
        """The articles that failures were met on which the next harvest tries; of `ids` of failures those of any."""
        wanted = None if ids is None else set(ids)
        with self._lock:
            rows = self._db.execute(
                "SELECT f.id, f.source, f.article_url, coalesce(a.version, ''), f.will_retry AND f.last_tried <"
                f" date(f.first_failed, '+{RETRY_AFTER_DAYS[-1]} days') FROM failures AS f LEFT JOIN articles AS a"
                " ON a.query_digest = f.query_digest AND a.source = f.source AND a.url = f.article_url"
                " WHERE f.query_digest = ? AND f.stage <> 'search' AND f.source <> ''"
                " ORDER BY f.source, f.article_url, f.id",
                (self._query,),
            ).fetchall()
        refs = (
            ArticleRef(source=row[1], url=row[2], version=row[3])
            for row in rows
            if (row[4] if wanted is None else row[0] in wanted)
        )
        return list(dict.fromkeys(refs))

    def failed(self, ref: ArticleRef, current: Current, today: dt.date) -> dict[str, bool]:
        """Earlier failures of an article: `<stage> <id>` -> True if it is left alone today."""
        with self._lock:
            rows = self._db.execute(
                f"SELECT f.stage || ' ' || f.id, NOT {_TRIED} FROM failures AS f, (SELECT :source AS source, :url AS"
                f" url, :version AS version, :reader AS reader) AS found WHERE {_MINE}",
                {
                    "query": self._query, "source": ref.source, "url": ref.url, "version": ref.version,
                    "reader": current.readers.get(ref.source, ""), "today": today.isoformat(), "retry_all": False,
                    "made_with": made_with_text(current), "separates": True,
                },
            ).fetchall()  # fmt: skip
        return {str(what): bool(rests) for what, rests in rows}

    def forget_failures(self, ref: ArticleRef, *, but: Set[str]) -> None:
        """Forget what failed of an article before, `but` these: `<stage> <id>`."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM failures WHERE query_digest = ? AND source = ? AND article_url = ?"
                " AND stage || ' ' || id NOT IN (SELECT value FROM json_each(?))",
                (self._query, ref.source, ref.url, json.dumps(sorted(but))),
            )

    def known(self, ref: ArticleRef) -> KnownArticle | None:
        """Outcome of the last work on an article; None if it is not known."""
        with self._lock:
            row = self._db.execute(
                "SELECT * FROM articles WHERE query_digest = ? AND source = ? AND url = ?",
                (self._query, ref.source, ref.url),
            ).fetchone()
        return None if row is None else _known(row)

    def all(
        self, where: Literal["state = 'left out'", "harvest = ?", "keys <> '[]'"], *values: str
    ) -> Iterator[KnownArticle]:
        """Articles by what is asked of them, a few at a time in memory, by source and address."""
        last = ("", "")
        while True:
            with self._lock:
                rows = self._db.execute(
                    f"SELECT * FROM articles WHERE query_digest = ? AND {where} AND (source, url) > (?, ?)"
                    " ORDER BY source, url LIMIT 200",
                    (self._query, *values, *last),
                ).fetchall()
            if not rows:
                return
            last = (rows[-1]["source"], rows[-1]["url"])
            yield from map(_known, rows)

    def of_published(self, article_id: str) -> ArticleRef | None:
        """The record under whose id a work is published."""
        with self._lock:
            row = self._db.execute(
                "SELECT source, url, version FROM articles WHERE query_digest = ? AND article_id = ?"
                " AND state = 'published'",
                (self._query, article_id),
            ).fetchone()
        return None if row is None else ArticleRef(source=row[0], url=row[1], version=row[2])

    def record(self, articles: Iterable[KnownArticle]) -> None:
        """Remember what became of articles; earlier measurements of other harvests are forgotten."""
        with self._transaction() as db:
            for each in articles:
                db.execute(
                    "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (self._query, each.source, each.url, each.article_id, each.state, each.reason, each.version,
                     each.reader, each.captions, each.separation, each.checked.isoformat(), each.harvest,
                     json.dumps(each.keys), each.measured),
                )  # fmt: skip

    def forget_measurements(self, harvest: str) -> None:
        """Forget what other harvests than this measured: their metrics are kept."""
        with self._transaction() as db:
            db.execute(
                "UPDATE articles SET measured = NULL WHERE query_digest = ? AND harvest <> ? AND measured NOT NULL",
                (self._query, harvest),
            )


def made_with_text(current: Current) -> str:
    """Versions that may mend a failure of captions, separation or publishing."""
    return f"{current.captions} {current.separation}"


def _known(row: sqlite3.Row) -> KnownArticle:
    fields: Mapping[str, object] = {name: row[name] for name in row.keys() if name != "query_digest"}  # noqa: SIM118
    return KnownArticle.model_validate({**fields, "keys": json.loads(row["keys"])})
