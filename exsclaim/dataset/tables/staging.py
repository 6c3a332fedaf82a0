"""Articles as a harvest hands them over, the digests by which a change is known, and where they wait to be published.

    <folder>/staging.sqlite      one row per article, and per article that is to be left out

An article is there whole or not at all, also after a kill (SQLite's own transactions). Several threads may add.
"""

import hashlib
import json
import logging
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

from exsclaim.records import Article, CaptionParts, Figure, Panel, Record


class HarvestedFigure(Record):
    """A figure with all that was found in it; its image is in the store under `figure.image_sha256`."""

    article: Article
    figure: Figure
    parts: CaptionParts
    panels: tuple[Panel, ...] | None
    """None: it was not separated today (that failed, or was left out). () is a figure that was and has no panels."""


class LeftOut(Record):
    """An article that was found and read and is not to be in the data set; `reason` is in words."""

    article_id: str
    url: str
    reason: str


class HarvestedArticle(Record):
    """An article with its figures; () where it has none, or none could be fetched."""

    article: Article
    figures: tuple[HarvestedFigure, ...]
    missing: tuple[str, ...] = ()
    """Ids of the figures that the article still lists and that could not be fetched today."""


def figure_digest(harvested: HarvestedFigure) -> str:
    """SHA-256 (hex) over all that is published of a figure by itself: image, caption and its parts, panels."""
    content = harvested.model_dump(mode="json", exclude={"article": True, "figure": {"perceptual_hash"}})
    if not content["figure"]["origins"]:
        del content["figure"]["origins"]
    for panel in content["panels"] or ():
        if not panel["reviewed"]:
            del panel["reviewed"]
    return _sha256(content)


def article_content(article: Article) -> str:
    """SHA-256 (hex) over an article's own fields. The day of retrieval does not count: the same page fetched again is
    the same content."""
    content = article.model_dump(mode="json", exclude={"retrieved_at", "is_retracted"})
    if not content["origins"]:
        del content["origins"]
    return _sha256(content)


def article_digest(content: str, figures: Iterable[tuple[str, str, str]], versions: str) -> str:
    """SHA-256 (hex) over all that is published of an article, as its row says it.

    Args:
        content: `article_content` of it.
        figures: id, `figure_digest` and versions (as JSON) of each of its figures.
        versions: what the article's row was made with, as JSON.
    """
    return _sha256([content, sorted(figures), versions])


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


log = logging.getLogger(__name__)

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS articles (id BLOB PRIMARY KEY, digests TEXT NOT NULL, content TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS left_out (id BLOB PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
"""
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a pair that stands for one sign: no file can hold it. Names that are not UTF-8 and PDFs' mathematical italics
have it."""
_BUSY_S = 60.0


class StagedDigests(NamedTuple):
    """Digests of a staged article by which it is compared with what is published."""

    id: str
    licence: str
    content: str
    figures: dict[str, str]
    is_complete: bool
    """All figures could be fetched and were separated."""


def _opened(file: Path) -> sqlite3.Connection:
    """The database of what is staged. Raises sqlite3.DatabaseError where it is damaged."""
    database = sqlite3.connect(file, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        if (damage := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(damage)
        database.executescript(_SCHEMA)
    except sqlite3.Error:
        database.close()
        raise
    return database


class Staging:
    """The staged articles under `folder`, which is made if need be.

    A damaged one begins anew: articles are due until they are published. Text that no file can hold (a lone surrogate
    out of a PDF) is staged with U+FFFD in its place.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = threading.Lock()
        file = folder / "staging.sqlite"
        try:
            self._database = _opened(file)
        except sqlite3.OperationalError:  # no damage: a full disk, a folder that cannot be written
            raise
        except sqlite3.DatabaseError as error:
            log.warning("%s is damaged (%s): what waited there to be published is made anew", file, error)
            for part in folder.glob(f"{file.name}*"):
                part.unlink()
            self._database = _opened(file)

    @classmethod
    def of_harvest(cls, home: Path, results: str, harvest_id: str) -> Self:
        """Staging of a harvest into these results; that of earlier ones is removed."""
        above = home.expanduser() / "staging" / hashlib.sha256(results.encode()).hexdigest()[:16]
        for other in above.glob("*"):
            if other.name != harvest_id:
                shutil.rmtree(other, ignore_errors=True)
        return cls(above / harvest_id)

    def add(self, article: HarvestedArticle) -> None:
        """Stage an article; one of the same id that is there is replaced."""
        digests = StagedDigests(
            article.article.id,
            article.article.licence,
            article_content(article.article),
            {each.figure.id: figure_digest(each) for each in article.figures},
            not article.missing and all(each.panels is not None for each in article.figures),
        )
        text = SURROGATE.sub("\ufffd", json.dumps(digests[1:], ensure_ascii=False))
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO articles VALUES (?, ?, ?)", (_key(article.article.id), text, _json(article))
            )

    def leave_out(self, left_out: LeftOut) -> None:
        """Say that an article is not to be in the data set, though an earlier harvest may have published it."""
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO left_out VALUES (?, ?)", (_key(left_out.article_id), _json(left_out))
            )

    def articles(self) -> Iterator[HarvestedArticle]:
        """The staged articles in the order of their ids, one at a time in memory."""
        yield from filter(None, map(self.article, self.ids()))

    def article(self, id: str) -> HarvestedArticle | None:
        """The staged article of this id."""
        with self._lock:
            row = self._database.execute("SELECT content FROM articles WHERE id = ?", (_key(id),)).fetchone()
        return HarvestedArticle.model_validate_json(row[0]) if row else None

    def digests(self) -> Iterator[StagedDigests]:
        """Yield the digests that tell changed articles from others, by id, without reading the articles."""
        after = b""
        while True:
            with self._lock:
                rows = self._database.execute(
                    "SELECT id, digests FROM articles WHERE id > ? ORDER BY id LIMIT 1000", (after,)
                ).fetchall()
            if not rows:
                return
            after = rows[-1][0]
            for id, digests in rows:
                yield StagedDigests(bytes(id).decode(), *json.loads(digests))

    def left_out(self) -> tuple[LeftOut, ...]:
        """All that is to be left out, in the order of the articles' ids."""
        with self._lock:
            rows = self._database.execute("SELECT content FROM left_out ORDER BY id").fetchall()
        return tuple(LeftOut.model_validate_json(content) for (content,) in rows)

    def ids(self) -> list[str]:
        """Ids of the staged articles, in order."""
        with self._lock:
            rows = self._database.execute("SELECT id FROM articles ORDER BY id").fetchall()
        return [bytes(id).decode() for (id,) in rows]

    def __len__(self) -> int:
        """Number of articles that are staged; those to be left out do not count."""
        with self._lock:
            return int(self._database.execute("SELECT count(*) FROM articles").fetchone()[0])

    def clear(self) -> None:
        """Forget all of it: it is published."""
        with self._lock:
            self._database.executescript("BEGIN; DELETE FROM articles; DELETE FROM left_out; COMMIT; VACUUM;")

    def close(self) -> None:
        """Close the file; nothing more can be staged through this object."""
        with self._lock:
            self._database.close()


def _key(id: str) -> bytes:
    """UTF-8, whose order is that of the characters: the order of the published tables."""
    return SURROGATE.sub("\ufffd", id).encode()


def _json(record: HarvestedArticle | LeftOut) -> str:
    return SURROGATE.sub("\ufffd", json.dumps(record.model_dump(mode="json"), ensure_ascii=False))
