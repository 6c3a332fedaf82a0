"""Tables of the ledger, and how a file that an older version made is brought to them."""

import json
import sqlite3

SCHEMA_VERSION = 3

_HARVESTS = """
CREATE TABLE harvests (
    query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT,
    query TEXT, -- JSON, or NULL where version 1 wrote it
    PRIMARY KEY (query_name, id)
);
"""
_METRICS = """
CREATE TABLE harvest_metrics (
    query_name TEXT NOT NULL, harvest TEXT NOT NULL, source TEXT NOT NULL,
    query_digest TEXT NOT NULL, day TEXT NOT NULL, versions TEXT NOT NULL, metrics TEXT NOT NULL,
    PRIMARY KEY (query_name, harvest, source)
);
"""
_ARTICLES = """
CREATE TABLE articles (
    query_digest TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    article_id TEXT NOT NULL, -- under which it is published, as itself or within the work that it is a record of
    state TEXT NOT NULL CHECK (state IN ('published', 'left out', 'not wanted')),
    reason TEXT NOT NULL, -- why it is left out
    version TEXT NOT NULL, -- of the article, as its source tells
    reader TEXT NOT NULL, captions TEXT NOT NULL, separation TEXT NOT NULL, -- code and weights; '' is not separated
    checked TEXT NOT NULL, -- day on which its page was asked for
    harvest TEXT NOT NULL, -- that made it last
    keys TEXT NOT NULL, -- JSON list: records with a key in common are one work
    measured TEXT, -- JSON: what this harvest did and found; only of the last harvest
    PRIMARY KEY (query_digest, source, url)
) WITHOUT ROWID;
CREATE INDEX articles_by_id ON articles (query_digest, article_id);
CREATE TABLE failures (
    query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    source TEXT NOT NULL, article_url TEXT NOT NULL, -- of the article that it was met on
    url TEXT NOT NULL, cause TEXT NOT NULL, error TEXT NOT NULL, attempts INTEGER NOT NULL,
    will_retry INTEGER NOT NULL, first_failed TEXT NOT NULL, last_tried TEXT NOT NULL, harvest TEXT NOT NULL,
    versions TEXT NOT NULL, -- of what may mend it: tried at once when they change
    PRIMARY KEY (query_digest, stage, id)
) WITHOUT ROWID;
CREATE INDEX failures_by_article ON failures (query_digest, source, article_url);
"""
_FIGURE_STAGES = ("figures", "captions", "separate", "publish")


def migrate(db: sqlite3.Connection) -> int:
    """Bring the tables to `SCHEMA_VERSION`, within the caller's transaction; gives the version that was found.

    A file of a newer version is left as it is. Versions 1 and 2 kept what was done by stage and figure, and not under
    which id it was published: harvests, failures and metrics are taken over, and every article is looked at once more
    by the next harvest, which finds its page and images in the caches.
    """
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found >= SCHEMA_VERSION:
        return found
    if found == 1:
        db.execute("ALTER TABLE harvests ADD COLUMN query TEXT")
    if found == 2:
        db.execute("ALTER TABLE nights RENAME TO harvest_metrics")
    for statement in ((_HARVESTS if found == 0 else "") + (_METRICS if found < 2 else "") + _ARTICLES).split(";\n"):
        db.execute(statement)
    if found:
        # version 1 kept failures of publishing under the figure's id, which does not say where its article is
        kept = "" if found == 2 else " AND stage <> 'publish'"
        old = db.execute(f"SELECT * FROM work WHERE state = 'failed'{kept}").fetchall()
        db.executemany(
            "INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [_failure(row) for row in old]
        )
        db.execute("DROP TABLE work")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return found


def _failure(row: sqlite3.Row) -> tuple[object, ...]:
    """A failure of version 1 or 2, whose id holds the article: `<source>:<address>`, and `#<figure>` of a figure."""
    of_article = row["id"].rpartition("#")[0] if row["stage"] in _FIGURE_STAGES else row["id"]
    source, _, url = of_article.partition(":")
    versions = json.loads(row["versions"])
    return (
        row["query_digest"], row["stage"], row["id"], source, url, row["url"], row["cause"], row["error"],
        row["attempts"], row["will_retry"], row["first_failed"], row["last_tried"], row["harvest"],
        versions.get("article", "") if row["stage"] in ("fetch", "figures") else json.dumps(versions, sort_keys=True),
    )  # fmt: skip
