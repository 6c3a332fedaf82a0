"""SQLite files of other programs: what ails one, and how one goes."""

import sqlite3
from contextlib import closing
from pathlib import Path


def damage(database: Path) -> str:
    """Damage of an SQLite file in words; "" where there is none, or no file."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as opened:
            told = str(opened.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:  # not there, locked, or no room
        return ""
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if told == "ok" else told


def remove(database: Path) -> None:
    """Remove the file, if it is there, and the journal of a process that was killed: that would be played into the
    next file of its name."""
    for path in (database, database.with_name(f"{database.name}-journal")):
        path.unlink(missing_ok=True)
