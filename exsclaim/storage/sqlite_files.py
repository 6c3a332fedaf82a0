"""SQLite files of other programs."""

from pathlib import Path


def remove(database: Path) -> None:
    """Remove the file, if it is there, and the journal of a process that was killed: that would be played into the
    next file of its name."""
    for path in (database, database.with_name(f"{database.name}-journal")):
        path.unlink(missing_ok=True)
