"""Parquet files of the three tables, in shards that readers like and that are read a row group at a time.

    data/<table>/harvest=<id>/part-NNNNN.parquet

Rows lie in the order of their articles' ids. An article lives in the partition of one harvest, whole. Row groups hold
about 100 panels, shards at most about 240 MB. Folders `dataset/<table>/harvest=<id>/` of earlier versions are read
as well, until the next publish brings them to this form.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.tables.table_rows import SCHEMAS, Row
from exsclaim.dataset.transaction import ResultFiles

TABLES = ("articles", "figures", "panels")
LEGACY = "dataset"
GROUPS_AT_ONCE = 20
_ROWS_AT_ONCE = 200
"""As Python's objects, which take several times the room that a group's columns do."""
_MOST_BYTES_AT_ONCE = 32 * 10**6
_RENAMED = {"doubts": "flags"}
"""Columns of today -> their names in files of earlier versions."""


@dataclass(frozen=True)
class PublishedArticle:
    """An article's rows without images: its figures by number, and by figure id its panels by place."""

    article: Row
    figures: Sequence[Row]
    panels: Mapping[str, Sequence[Row]]
    harvest: str


class Shards:
    """The tables of a results folder, as they are or as a transaction has them."""

    def __init__(self, files: ResultFiles) -> None:
        self.files = files

    def shards(self, table: str, harvest: str) -> list[str]:
        """Names of the files of a partition, in order."""
        return self.files.names(f"data/{table}/harvest={harvest}/part-*.parquet") or self.files.names(
            f"{LEGACY}/{table}/harvest={harvest}/part-0.parquet"
        )

    def harvests(self) -> list[str]:
        """Ids of all harvests that articles live in, sorted."""
        return sorted({name.split("/")[2].removeprefix("harvest=") for name in self._all("articles")})

    def legacy(self) -> list[str]:
        """Ids of the harvests whose files are of an earlier version."""
        return sorted({name.split("/")[2].removeprefix("harvest=") for name in self.files.names(f"{LEGACY}/*/*/*")})

    def articles(self) -> dict[str, tuple[str, str]]:
        """Article id -> harvest that it lives in, and its digest."""
        return {
            id: (harvest, digest)
            for harvest, rows in self.column("articles", "article_id", "article_digest")
            for id, digest in zip(*(column.to_pylist() for column in rows.columns), strict=True)
        }

    def column(
        self, table: str, *columns: str, harvests: Sequence[str] | None = None
    ) -> Iterator[tuple[str, pa.Table]]:
        """Some columns of a table, of all harvests or of these, a shard at a time, each with its harvest."""
        for harvest in self.harvests() if harvests is None else harvests:
            for shard in self.shards(table, harvest):
                with opened_shard(self.files.path(shard)) as file:
                    yield harvest, _conformed(file.read(columns=_there(file, columns)), table, columns)

    def stream(
        self, harvests: Sequence[str] | None = None, panel_columns: Sequence[str] | None = None
    ) -> Iterator[PublishedArticle]:
        """All articles in the order of their ids, one at a time in memory; panels with all columns but their images, or
        with those named."""
        chosen = self.harvests() if harvests is None else harvests
        columns = panel_columns or [name for name in SCHEMAS["panels"].names if name != "image"]
        # read side by side: what a partition has in memory is the less, the more there are
        at_once = max(1, GROUPS_AT_ONCE // max(1, len(chosen)))
        parts = (self._partition(harvest, columns, at_once) for harvest in chosen)
        return heapq.merge(*parts, key=lambda each: each.article["article_id"])

    def _partition(self, harvest: str, panel_columns: Sequence[str], at_once: int) -> Iterator[PublishedArticle]:
        figures = _Grouped(self.rows("figures", harvest))
        panels = _Grouped(self.rows("panels", harvest, panel_columns, at_once))
        for article in self.rows("articles", harvest):
            of_figures: dict[str, list[Row]] = {}
            for panel in panels.of(article["article_id"]):
                of_figures.setdefault(panel["figure_id"], []).append(panel)
            rows = sorted(figures.of(article["article_id"]), key=itemgetter("number", "id"))
            yield PublishedArticle(article, rows, of_figures, harvest)

    def rows(self, table: str, harvest: str, columns: Sequence[str] | None = None, at_once: int = 1) -> Iterator[Row]:
        """Rows of a partition in order, some row groups in memory at a time."""
        for rows in self.groups(table, harvest, columns, at_once=at_once):
            for some in rows.to_batches(max_chunksize=_ROWS_AT_ONCE):
                yield from some.to_pylist()

    def groups(
        self, table: str, harvest: str, columns: Sequence[str] | None = None, *, wanted: pa.Array | None = None,
        at_once: int = 1,
    ) -> Iterator[pa.Table]:  # fmt: skip
        """Row groups of a partition in order; of rows of `wanted` ids alone, where these are given.

        Up to `at_once` groups that follow each other, of 32 MB together, are one table: each read takes some
        milliseconds, however few rows it gives.
        """
        for shard in self.shards(table, harvest):
            path = self.files.path(shard)
            footer = pq.read_metadata(path)
            for groups in _together(footer, at_once):
                # not kept open: there may be hundreds of partitions
                with opened_shard(path, footer) as file:
                    if wanted is None:
                        yield conformed(file, groups, table, columns)
                        continue
                    having, places = _having(file, groups, wanted)
                    if having:
                        yield conformed(file, having, table, columns).filter(places)

    def outdated(self) -> list[str]:
        """Ids of the harvests whose panels an earlier version wrote, which did not tell their materials."""
        names = self.files.names(f"data/{TABLES[2]}/*/part-*.parquet")
        old = {name for name in names if "materials" not in pq.read_schema(self.files.path(name)).names}
        return sorted({name.split("/")[2].removeprefix("harvest=") for name in old})

    def _all(self, table: str) -> list[str]:
        return self.files.names(f"data/{table}/*/part-*.parquet") + self.files.names(f"{LEGACY}/{table}/*/*.parquet")


def opened_shard(path: Path | str, footer: pq.FileMetaData | None = None) -> pq.ParquetFile:
    """A file of a table, to be read; a page that is not what was written raises OSError, where the file's pages have
    checksums (an earlier version wrote none)."""
    return pq.ParquetFile(path, metadata=footer, page_checksum_verification=True)


def read_ahead(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same tables, each read in a thread while the one before it is used: one more is in memory.

    Arrow reads without Python's lock, so this takes little from whoever uses the tables; what works in Python, and
    checksums of single crops, which give that lock back and wait for it again each time, do not belong in `tables`. An
    error is raised where its table would have come.
    """
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        coming = reader.submit(next, tables, None)
        while (rows := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield rows


def _together(footer: pq.FileMetaData, at_once: int) -> Iterator[list[int]]:
    """Row groups that are read together."""
    groups: list[int] = []
    size = 0
    for group in range(footer.num_row_groups):
        its_size = footer.row_group(group).total_byte_size
        if groups and (len(groups) >= at_once or size + its_size > _MOST_BYTES_AT_ONCE):
            yield groups
            groups, size = [], 0
        groups.append(group)
        size += its_size
    if groups:
        yield groups


def _having(file: pq.ParquetFile, groups: Sequence[int], wanted: pa.Array) -> tuple[list[int], pa.ChunkedArray]:
    """The row groups that have rows of wanted ids, and of each of their rows whether it is; crops are not looked at."""
    are_wanted = pc.is_in(file.read_row_groups(list(groups), columns=["id"])["id"], wanted)
    having: list[int] = []
    places: list[pa.ChunkedArray] = []
    start = 0
    for group in groups:
        rows = are_wanted.slice(start, file.metadata.row_group(group).num_rows)
        start += len(rows)
        if pc.any(rows).as_py():
            having.append(group)
            places.append(rows)
    return having, pa.chunked_array([chunk for rows in places for chunk in rows.chunks], pa.bool_())


class _Grouped:
    """Rows of one article after the other, asked for in the order of the articles."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=itemgetter("article_id"))
        self._next = next(self._groups, None)

    def of(self, article_id: str) -> list[Row]:
        while self._next is not None and self._next[0] < article_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != article_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


class ArticleRows:
    """One article's rows of a table out of a partition; quick for ids that ascend."""

    def __init__(self, shards: Shards, table: str, harvest: str, columns: list[str] | None = None) -> None:
        self._paths = [shards.files.path(name) for name in shards.shards(table, harvest)]
        self._table = table
        self._columns = columns
        self._last: tuple[int, pa.Table] | None = None

    @cached_property
    def _groups(self) -> list[tuple[str, str, int, int]]:
        """Greatest and least article id of each row group, and where it is."""
        found = []
        for n, path in enumerate(self._paths):
            with opened_shard(path) as file:
                for group in range(file.num_row_groups):
                    found.append((*_ends(file, group), n, group))
        return found

    def of(self, article_id: str) -> pa.Table:
        """The rows, none where the partition does not have the article."""
        parts = []
        for n in range(bisect_left(self._groups, (article_id,)), len(self._groups)):
            if self._groups[n][1] > article_id:
                break
            rows = self._read(n)
            parts.append(rows.filter(pc.equal(rows["article_id"], article_id)))
        return pa.concat_tables(parts) if parts else empty(self._table, self._columns)

    def _read(self, n: int) -> pa.Table:
        if self._last is None or self._last[0] != n:
            _, _, shard, group = self._groups[n]
            with opened_shard(self._paths[shard]) as file:
                self._last = n, conformed(file, [group], self._table, self._columns)
        return self._last[1]


def _ends(file: pq.ParquetFile, group: int) -> tuple[str, str]:
    """Greatest and least article id of a row group."""
    ends = pc.min_max(file.read_row_group(group, columns=["article_id"])["article_id"]).as_py()
    return ends["max"], ends["min"]


def conformed(file: pq.ParquetFile, groups: Sequence[int], table: str, columns: Sequence[str] | None) -> pa.Table:
    """Row groups of a file in the form that its table has today, whatever version wrote it."""
    wanted = SCHEMAS[table].names if columns is None else columns
    return _conformed(file.read_row_groups(list(groups), columns=_there(file, wanted)), table, wanted)


def _there(file: pq.ParquetFile, columns: Sequence[str]) -> list[str]:
    """The names under which a file has these columns."""
    known = file.schema_arrow.names
    return [name for column in columns for name in (column, _RENAMED.get(column, column)) if name in known]


def _conformed(rows: pa.Table, table: str, columns: Sequence[str]) -> pa.Table:
    """Rows as the schema is now: columns that an earlier version did not write are null, others it wrote are gone."""
    schema = SCHEMAS[table]
    fields = [schema.field(name) for name in columns]
    known = set(rows.column_names)
    named = {name: name if name in known else _RENAMED.get(name) for name in columns}
    return pa.table(
        [
            rows[named[field.name]].cast(field.type) if named[field.name] in known else
            pa.nulls(rows.num_rows, field.type)
            for field in fields
        ],
        schema=pa.schema(fields, metadata=schema.metadata),
    )  # fmt: skip


def of_other_form(file: pq.ParquetFile, table: str) -> str:
    """Fault of a file whose columns no version of a table ever had; "" where they are the table's."""
    found = file.schema_arrow
    if "article_id" not in found.names:
        return f"no file of the table {table}: it has no column article_id"
    for name in set(SCHEMAS[table].names).intersection(found.names):
        wanted, is_type = SCHEMAS[table].field(name).type, found.field(name).type
        is_text = name != "article_id" or not pa.types.is_primitive(is_type)
        if pa.types.is_nested(wanted) != pa.types.is_nested(is_type) or not is_text:
            return f"no file of the table {table}: its column {name} holds {is_type}"
    return ""


def empty(table: str, columns: Sequence[str] | None) -> pa.Table:
    schema = SCHEMAS[table]
    return schema.empty_table() if columns is None else schema.empty_table().select(list(columns))
