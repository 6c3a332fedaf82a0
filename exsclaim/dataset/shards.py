"""Parquet files of the three tables, in shards that readers like and that are read a row group at a time.

    data/<table>/harvest=<id>/part-NNNNN.parquet

Rows lie in the order of their articles' ids. An article lives in the partition of one harvest, whole. Row groups hold
about 100 panels, shards at most about 240 MB. Folders `dataset/<table>/harvest=<id>/` of earlier versions are read
as well, until the next publish brings them to this form.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.tables import SCHEMAS, Row
from exsclaim.dataset.transaction import ResultFiles, Transaction

TABLES = ("articles", "figures", "panels")
LEGACY = "dataset"
MAX_SHARD_BYTES = 240 * 10**6
GROUP_ROWS = {"articles": 2000, "figures": 500, "panels": 100}
_MAX_GROUP_BYTES = 64 * 10**6
_RENAMED = {"doubts": "flags"}
"""Columns of today -> their names in files of earlier versions."""
_UNSEARCHED = frozenset({"title", "caption", "caption_parts", "versions", "article_title", "article_url", "image_url"})
"""Long texts: their least and greatest value would swell the footers and help no reader."""


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

    def column(self, table: str, *columns: str) -> Iterator[tuple[str, pa.Table]]:
        """Some columns of a table, a shard at a time, each with its harvest."""
        for harvest in self.harvests():
            for shard in self.shards(table, harvest):
                with pq.ParquetFile(self.files.path(shard)) as file:
                    yield harvest, _conformed(file.read(columns=_there(file, columns)), table, columns)

    def stream(self, harvests: Sequence[str] | None = None) -> Iterator[PublishedArticle]:
        """All articles in the order of their ids, one at a time in memory, without the panels' images."""
        chosen = self.harvests() if harvests is None else harvests
        return heapq.merge(*map(self._partition, chosen), key=lambda each: each.article["article_id"])

    def _partition(self, harvest: str) -> Iterator[PublishedArticle]:
        plain = [name for name in SCHEMAS["panels"].names if name != "image"]
        figures = _Grouped(self.rows("figures", harvest))
        panels = _Grouped(self.rows("panels", harvest, plain))
        for article in self.rows("articles", harvest):
            of_figures: dict[str, list[Row]] = {}
            for panel in panels.of(article["article_id"]):
                of_figures.setdefault(panel["figure_id"], []).append(panel)
            rows = sorted(figures.of(article["article_id"]), key=itemgetter("number", "id"))
            yield PublishedArticle(article, rows, of_figures, harvest)

    def rows(self, table: str, harvest: str, columns: list[str] | None = None) -> Iterator[Row]:
        """Rows of a partition in order, a row group in memory at a time."""
        for rows in self.groups(table, harvest, columns):
            yield from rows.to_pylist()

    def groups(self, table: str, harvest: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Row groups of a partition in order."""
        for shard in self.shards(table, harvest):
            path = self.files.path(shard)
            for group in range(pq.read_metadata(path).num_row_groups):
                with pq.ParquetFile(path) as file:  # not kept open: there may be hundreds of partitions
                    rows = _group(file, group, table, columns)
                yield rows

    def _all(self, table: str) -> list[str]:
        return self.files.names(f"data/{table}/*/part-*.parquet") + self.files.names(f"{LEGACY}/{table}/*/*.parquet")


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
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    ids = file.read_row_group(group, columns=["article_id"])["article_id"]
                    ends = pc.min_max(ids).as_py()
                    found.append((ends["max"], ends["min"], n, group))
        return found

    def of(self, article_id: str) -> pa.Table:
        """The rows, none where the partition does not have the article."""
        parts = []
        for n in range(bisect_left(self._groups, (article_id,)), len(self._groups)):
            if self._groups[n][1] > article_id:
                break
            rows = self._read(n)
            parts.append(rows.filter(pc.equal(rows["article_id"], article_id)))
        return pa.concat_tables(parts) if parts else _empty(self._table, self._columns)

    def _read(self, n: int) -> pa.Table:
        if self._last is None or self._last[0] != n:
            _, _, shard, group = self._groups[n]
            with pq.ParquetFile(self._paths[shard]) as file:
                self._last = n, _group(file, group, self._table, self._columns)
        return self._last[1]


class PartitionWriter:
    """Writes the three tables of one harvest's partition, article by article in the order of their ids."""

    def __init__(self, files: Transaction, harvest: str) -> None:
        self._tables = {table: TableWriter(files, table, f"data/{table}/harvest={harvest}") for table in TABLES}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._tables.values():
            writer.abandon() if kind else writer.close()

    def write(self, rows: Mapping[str, pa.Table]) -> None:
        """Add one article's rows of each table."""
        for table, writer in self._tables.items():
            writer.write(rows[table])


class TableWriter:
    """Shards of one table of a partition; row groups end where an article does."""

    def __init__(self, files: Transaction, table: str, folder: str) -> None:
        self._files = files
        self._schema = SCHEMAS[table]
        self._folder = folder
        self._most_rows = GROUP_ROWS[table]
        self._shard = 0
        self._shard_bytes = 0
        self._waiting: list[pa.Table] = []
        self._waiting_rows = self._waiting_bytes = 0
        self._open: ExitStack | None = None
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        size = rows.nbytes
        if self._shard_bytes and self._shard_bytes + size > MAX_SHARD_BYTES:
            self.close()
        self._shard_bytes += size
        self._waiting_bytes += size
        self._waiting_rows += rows.num_rows
        self._waiting.append(rows)
        if self._waiting_rows >= self._most_rows or self._waiting_bytes > _MAX_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """End the shard; what is written next goes into another."""
        if self._waiting:
            self._flush()
        if self._open:
            self._open.close()
            self._open = self._writer = None
            self._shard += 1
            self._shard_bytes = 0

    def abandon(self) -> None:
        """Close the file as it is, after an error: the draft is thrown away."""
        if self._open:
            self._open.close()

    def _flush(self) -> None:
        if self._writer is None:
            self._open = ExitStack()
            file = self._open.enter_context(self._files.file(f"{self._folder}/part-{self._shard:05d}.parquet"))
            self._writer = self._open.enter_context(_parquet(file, self._schema))
        rows = pa.concat_tables(self._waiting).combine_chunks()
        self._writer.write_table(rows, row_group_size=rows.num_rows)
        self._waiting = []
        self._waiting_rows = self._waiting_bytes = 0


def without(files: Transaction, harvest: str, gone: Set[str]) -> None:
    """Take articles out of a partition: the files that have rows of them are written anew, or removed."""
    ids = pa.array(sorted(gone), pa.string())
    for table in TABLES:
        for name in Shards(files).shards(table, harvest):
            with pq.ParquetFile(files.path(name)) as old:
                rows = old.read(columns=["article_id"])["article_id"]
                left = len(rows) - (pc.sum(pc.is_in(rows, ids)).as_py() or 0)
                if left == len(rows):
                    continue
                files.remove(name)
                if left:
                    _copy_without(old, table, ids, files, name)


def _copy_without(old: pq.ParquetFile, table: str, ids: pa.Array, files: Transaction, name: str) -> None:
    with files.file(name) as file, _parquet(file, SCHEMAS[table]) as writer:
        for group in range(old.num_row_groups):
            rows = _group(old, group, table, None)
            kept = rows.filter(pc.invert(pc.is_in(rows["article_id"], ids)))
            if kept.num_rows:
                writer.write_table(kept.combine_chunks(), row_group_size=kept.num_rows)


def _parquet(file: object, schema: pa.Schema) -> pq.ParquetWriter:
    plain = [field.name for field in schema if not pa.types.is_nested(field.type)]
    return pq.ParquetWriter(
        # fixed here, so that the bytes do not change with the defaults of pyarrow
        file, schema, version="2.6", compression="zstd", compression_level=3, use_dictionary=plain,
        write_statistics=[name for name in plain if name not in _UNSEARCHED], data_page_version="1.0",
        store_schema=True,
    )  # fmt: skip


def _group(file: pq.ParquetFile, group: int, table: str, columns: Sequence[str] | None) -> pa.Table:
    wanted = SCHEMAS[table].names if columns is None else columns
    return _conformed(file.read_row_group(group, columns=_there(file, wanted)), table, wanted)


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


def _empty(table: str, columns: Sequence[str] | None) -> pa.Table:
    schema = SCHEMAS[table]
    return schema.empty_table() if columns is None else schema.empty_table().select(list(columns))
