"""Tables of the ledger, and how a file that an older version made is brought to them."""

import sqlite3

SCHEMA_VERSION = 2

_TABLES = """
CREATE TABLE harvests (
    query_name TEXT NOT NULL, id TEXT NOT NULL, query_digest TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT,
    query TEXT, -- JSON, or NULL where version 1 wrote it
    PRIMARY KEY (query_name, id)
);
CREATE TABLE work (
    query_digest TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
    attempts INTEGER NOT NULL, url TEXT NOT NULL, harvest TEXT NOT NULL, versions TEXT NOT NULL,
    cause TEXT, error TEXT, will_retry INTEGER, first_failed TEXT, last_tried TEXT NOT NULL,
    made_in TEXT, -- harvest that did it, where later ones found it in the cache
    PRIMARY KEY (query_digest, stage, id)
);
"""
_NIGHTS = """
CREATE TABLE nights (
    query_name TEXT NOT NULL, harvest TEXT NOT NULL, source TEXT NOT NULL,
    query_digest TEXT NOT NULL, day TEXT NOT NULL, versions TEXT NOT NULL, metrics TEXT NOT NULL,
    PRIMARY KEY (query_name, harvest, source)
);
"""
# failures of publishing were kept under the figure's id, which does not say where its article is: if they last, the
# next harvest notes them anew
_FROM_1 = """
ALTER TABLE harvests ADD COLUMN query TEXT;
ALTER TABLE work ADD COLUMN made_in TEXT;
DELETE FROM work WHERE stage = 'publish' AND state = 'failed';
"""


def migrate(db: sqlite3.Connection) -> int:
    """Bring the tables to `SCHEMA_VERSION`, within the caller's transaction; gives the version that was found.

    A file of a newer version is left as it is.
    """
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found < SCHEMA_VERSION:
        for statement in ((_FROM_1 if found == 1 else _TABLES) + _NIGHTS).split(";"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return found
