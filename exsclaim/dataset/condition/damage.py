"""Damaged tables of a results folder: found, and set aside, so that the next harvest makes their articles anew.

    damaged/<table>/harvest=<id>/part-NNNNN.parquet    files of a partition of which one could not be read, or was gone
    damaged/versions.json, CHANGES.md                  the list of versions, if that was damaged
    damaged/figures/<name>                             files of figures that held other bytes than were published

A harvest looks at the footers of all shards, at the articles' rows, which it reads anyway, and whether rows are missing
of which others speak; `exsclaim repair` and a harvest whose publishing met an unreadable file read everything, and look
at the checksums of pages and crops. Articles that are no longer in the tables are due, and their pages, images and
panels come from the store and the task cache. `exsclaim repair` looks at the figures' files as well, which the next
publish brings back.
"""

import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from exsclaim.dataset.condition.figure_files import not_as_published
from exsclaim.dataset.condition.missing_rows import is_copy_complete, missing_partitions, missing_rows, partitions
from exsclaim.dataset.condition.published_state import CHANGES, VERSIONS, forget, read_versions
from exsclaim.dataset.tables.shard_writing import write_plain_panels
from exsclaim.dataset.tables.shards import TABLES, Shards, of_other_form, opened_shard
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS
from exsclaim.dataset.tables.whole_crops import check_crops
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.errors import DatasetError, StoreError

log = logging.getLogger(__name__)

ASIDE = "damaged"


def set_aside_damaged(results: Path, *, whole: bool = False) -> list[str]:
    """Move the partitions that have an unreadable file to `damaged/`; gives the unreadable files, with what is wrong.

    Args:
        results: a query's results, which nobody else works on (`exsclaim.dataset.results`).
        whole: read every row, not just footers and articles.

    Raises:
        OSError: a file is there and this machine does not let us read it.
    """
    return mend(results, whole=whole).damaged


def figures_set_aside(results: Path) -> list[str]:
    """Move files of figures that do not hold what was published to `damaged/`; gives them, and those that are gone."""
    files = Transaction(results)
    gone, other = not_as_published(files)
    for name in other:
        _keep(results, name, name)
        files.remove(name)
    files.commit()
    return [
        *(f"{results / name}: is gone" for name in gone),
        *(f"{results / name}: is not the image that was published" for name in other),
    ]


class Mended(NamedTuple):
    """Faults of a data set that were mended."""

    damaged: list[str]
    """Files that could not be read, and tables that lacked rows: set aside."""
    made_anew: list[str]
    """Folders of files that hold nothing of their own, and were made of the tables."""


def mend(results: Path, *, whole: bool = False) -> Mended:
    """`set_aside_damaged`; with `whole`, panels without crops are made anew at once, else the next publish does it."""
    files = Transaction(results)
    shards = Shards(files)
    found = missing_partitions(shards)
    gone: set[str] = set()
    copies: set[str] = set()
    for harvest in partitions(shards):
        names = [name for table in TABLES for name in shards.shards(table, harvest)]
        plain = shards.shards(PLAIN_PANELS, harvest)
        try:
            damaged = _wrong(files, harvest, whole)
        except (pa.ArrowException, OSError) as error:
            if whole or not _is_damage(error):
                raise
            damaged = _wrong(files, harvest, whole=True)  # the columns that missing rows are found by cannot be read
        if damaged:
            gone.add(harvest)
            for name in names:
                _keep(results, name)
                files.remove(name)
            for name in plain:
                files.remove(name)
            log.warning("%s. The harvest %s is set aside, its articles are made anew", "; ".join(damaged), harvest)
        elif not is_copy_complete(shards, harvest) and harvest not in shards.legacy():
            copies.add(harvest)
            for name in plain:
                files.remove(name)
        found += damaged
    found += _versions_set_aside(files)
    if whole:
        write_plain_panels(files, copies)
    if found:
        forget(files, gone)
    files.commit()
    return Mended(found, [f"{results / f'data/{PLAIN_PANELS}/harvest={each}'}" for each in sorted(copies)])


def _wrong(files: Transaction, harvest: str, whole: bool) -> list[str]:
    """Faults of a partition; its panels without crops are removed where these cannot be read."""
    shards = Shards(files)
    plain = shards.shards(PLAIN_PANELS, harvest)
    if _damaged(files, plain, whole):
        for name in plain:
            files.remove(name)
    names = [name for table in TABLES for name in shards.shards(table, harvest)]
    return _damaged(files, names, whole) or missing_rows(shards, harvest)


def refuse_missing(folder: Path) -> None:
    """Check that no table of a data set lacks rows that the others refer to.

    Raises:
        DatasetError: one lacks rows of which the others speak; the message says what to do.
    """
    shards = Shards(ResultFiles(folder))
    with readable(shards):
        missing = missing_partitions(shards)
        missing += [each for harvest in partitions(shards) for each in missing_rows(shards, harvest)]
    if missing:
        raise DatasetError(_with_way_out(missing, folder))


def _damaged_files(shards: Shards) -> list[str]:
    """The files of the tables that cannot be read, each with what is wrong; all rows are read for it."""
    tables = (*TABLES, PLAIN_PANELS)
    names = [name for harvest in shards.harvests() for table in tables for name in shards.shards(table, harvest)]
    return _damaged(shards.files, names, whole=True)


@contextmanager
def readable(shards: Shards) -> Iterator[None]:
    """Turn errors of reading tables within the block into a DatasetError that names the file and the way out.

    Raises:
        DatasetError: one cannot be read, or lacks a column that is asked for.
    """
    folder = shards.files.folder
    try:
        yield
    except duckdb.BinderException as error:
        raise DatasetError(
            f"{folder} was published by an earlier version, which did not know all of this: harvest its query once "
            f"more ({str(error).splitlines()[0]})"
        ) from error
    except (duckdb.Error, pa.ArrowException, OSError, KeyError, TypeError) as error:  # of columns that are others
        damaged = _damaged_files(shards)
        if not damaged:
            raise
        raise DatasetError(_with_way_out(damaged, folder)) from error


@contextmanager
def damage_set_aside(results: Path) -> Iterator[None]:
    """Set aside a table that cannot be read within the block, and name it with the way out.

    Raises:
        StoreError: one was met; the next harvest makes its articles anew.
    """
    try:
        yield
    except Exception as error:
        if not _is_damage(error) or not (damaged := set_aside_damaged(results, whole=True)):
            raise
        raise StoreError(
            f"{'; '.join(damaged)}: set aside. Start the harvest again: it makes articles anew, from store and cache"
        ) from error


def _with_way_out(damaged: list[str], folder: Path) -> str:
    return (
        f"{'; '.join(damaged)}: `exsclaim repair {folder}` sets damaged tables aside, and the query's next harvest "
        "makes them anew"
    )


def _is_damage(error: BaseException) -> bool:
    """True of errors that an unreadable file raises, also through `readable`; not of a full disk, say."""
    return isinstance(error, (pa.ArrowException, DatasetError)) or (isinstance(error, OSError) and error.errno is None)


def _damaged(files: ResultFiles, names: Iterable[str], whole: bool) -> list[str]:
    return [f"{files.folder / name}: {why}" for name in names if (why := _damage(files.path(name), name, whole))]


def _damage(path: Path, name: str, whole: bool) -> str:
    """Name the damage of a file; "" if it has none."""
    try:
        with opened_shard(path) as file:
            if wrong := of_other_form(file, name.split("/")[1]):
                return wrong
            columns = None if whole else ["article_id"] if "/articles/" in name else []
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group, columns=columns)
                if whole and "image" in file.schema_arrow.names:
                    check_crops(rows)
    except (pa.ArrowException, OSError) as error:
        if not _is_damage(error):
            raise
        return f"not readable ({(str(error).splitlines() or [type(error).__name__])[0]})"
    return ""


def _versions_set_aside(files: Transaction) -> list[str]:
    """Move a damaged list of versions to `damaged/`, with a copy of CHANGES.md; gives what is wrong.

    The tables do not hold the versions, so the list cannot be made anew.
    """
    try:
        read_versions(files)
    except DatasetError:
        for name in (VERSIONS, *files.names(CHANGES)):
            _keep(files.folder, name)
        files.remove(VERSIONS)
        told = f"{files.folder / VERSIONS}: no list of versions, it was damaged; what it told is in {ASIDE}/{CHANGES}"
        log.warning("%s", told)
        return [told]
    return []


def _keep(results: Path, name: str, aside: str = "") -> None:
    """Copy a file to `damaged/`."""
    kept = results / ASIDE / (aside or name.partition("/")[2] or name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(results / name, kept)
