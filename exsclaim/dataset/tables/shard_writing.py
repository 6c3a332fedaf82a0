"""Files of the tables, written: shards of row groups that end where an article does.

    data/panels-without-crops/harvest=<id>/part-NNNNN.parquet

The tables of panels have a row group for each hundred crops: to read one column of a million rows there is to read ten
thousand places, and the footers that say where they are. So panels are written once more without their crops, in large
row groups, which is what filters, counts and data frames read. These files are made of the tables with every publish,
of the partitions alone that it changed; where they are not there, the tables are read.
"""

from collections.abc import Mapping, Set
from contextlib import ExitStack, suppress
from functools import cache
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.tables.shards import TABLES, Shards, conformed, opened_shard
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS, SCHEMAS
from exsclaim.dataset.transaction import Transaction
from exsclaim.storage.local import named_in_errors

MAX_SHARD_BYTES = 240 * 10**6
GROUP_ROWS = {"articles": 2000, "figures": 500, "panels": 100, PLAIN_PANELS: 50_000}
_MAX_GROUP_BYTES = 64 * 10**6
_MOST_SINGLE = 64
"""Tables that wait as they came: one of a single row takes 27 kB for its columns, joined with others 4 kB."""
_GROUPS_AT_ONCE = 200
_CROPS = "image.bytes"
"""PNG files, which zstd makes 0 to 2 % smaller: most of the time of writing went into that (decision 84)."""
_UNSEARCHED = frozenset({"title", "caption", "caption_parts", "versions", "article_title", "article_url", "image_url"})
"""Long texts: their least and greatest value would swell the footers and help no reader."""


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
        self._single: list[pa.Table] = []
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
        self._single.append(rows)
        if len(self._single) >= _MOST_SINGLE:
            self._join()
        if self._waiting_rows >= self._most_rows or self._waiting_bytes > _MAX_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """End the shard; what is written next goes into another."""
        if self._waiting_rows:
            self._flush()
        if self._open:
            self._open.close()
            self._open = self._writer = None
            self._shard += 1
            self._shard_bytes = 0

    def abandon(self) -> None:
        """Close the file as it is, after an error: the draft is thrown away."""
        if self._open:
            with suppress(OSError):  # a full disk takes no footer either
                self._open.close()
            self._open = self._writer = None

    def _join(self) -> None:
        self._waiting.append(pa.concat_tables(self._single).combine_chunks())
        self._single = []

    def _flush(self) -> None:
        if self._writer is None:
            self._open = ExitStack()
            file = self._open.enter_context(self._files.file(f"{self._folder}/part-{self._shard:05d}.parquet"))
            self._writer = self._open.enter_context(_parquet(file, self._schema))
        rows = pa.concat_tables([*self._waiting, *self._single]).combine_chunks()
        with named_in_errors(self._files.folder / self._folder):
            self._writer.write_table(rows, row_group_size=rows.num_rows)
        self._waiting, self._single = [], []
        self._waiting_rows = self._waiting_bytes = 0


def without(files: Transaction, harvest: str, gone: Set[str]) -> None:
    """Take articles out of a partition: the files that have rows of them are written anew, or removed."""
    ids = pa.array(sorted(gone), pa.string())
    for table in TABLES:
        for name in Shards(files).shards(table, harvest):
            with opened_shard(files.path(name)) as old:
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
            rows = conformed(old, [group], table, None)
            kept = rows.filter(pc.invert(pc.is_in(rows["article_id"], ids)))
            if kept.num_rows:
                writer.write_table(kept.combine_chunks(), row_group_size=kept.num_rows)


def _parquet(file: object, schema: pa.Schema) -> pq.ParquetWriter:
    plain = [field.name for field in schema if not pa.types.is_nested(field.type)]
    packed = [path for path in _leaves(schema) if path != _CROPS]
    return pq.ParquetWriter(
        # fixed here, so that the bytes do not change with the defaults of pyarrow
        file, schema, version="2.6", compression=dict.fromkeys(packed, "zstd"),
        compression_level=dict.fromkeys(packed, 3), use_dictionary=plain,
        write_statistics=[name for name in plain if name not in _UNSEARCHED], data_page_version="1.0",
        store_schema=True, write_page_checksum=True,
    )  # fmt: skip


@cache
def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the columns of a parquet file, as a codec is chosen by them: `scale_bars.list.element.length_px`."""
    empty = pa.BufferOutputStream()
    pq.write_table(schema.empty_table(), empty)
    columns = pq.read_metadata(pa.BufferReader(empty.getvalue())).schema
    return [columns.column(n).path for n in range(len(columns))]


def without_plain_panels(shards: Shards) -> list[str]:
    """Partitions that have panels and not these files."""
    return [
        harvest
        for harvest in shards.harvests()
        if shards.shards(TABLES[2], harvest) and not shards.shards(PLAIN_PANELS, harvest)
    ]


def write_plain_panels(files: Transaction, changed: Set[str]) -> None:
    """Write the files of the partitions that changed and of those that lack them; remove those of partitions that are
    no more."""
    shards = Shards(files)
    there = set(shards.harvests())
    for name in files.names(f"data/{PLAIN_PANELS}/*/*.parquet"):
        harvest = name.split("/")[2].removeprefix("harvest=")
        if harvest in changed or harvest not in there:
            files.remove(name)
    for harvest in sorted({*(there & changed), *without_plain_panels(shards)}):
        _write_partition(files, shards, harvest)


def _write_partition(files: Transaction, shards: Shards, harvest: str) -> None:
    columns = SCHEMAS[PLAIN_PANELS].names
    writer = TableWriter(files, PLAIN_PANELS, f"data/{PLAIN_PANELS}/harvest={harvest}")
    for name in shards.shards(TABLES[2], harvest):
        with opened_shard(shards.files.path(name)) as file:
            for start in range(0, file.num_row_groups, _GROUPS_AT_ONCE):
                groups = range(start, min(start + _GROUPS_AT_ONCE, file.num_row_groups))
                writer.write(conformed(file, groups, TABLES[2], columns))
    writer.close()
