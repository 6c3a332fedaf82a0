"""Parquet files of the tables, one folder per harvest, and how they are brought from one state to the next.

An article (as `Key`: id and digest of its content) lives in one partition. The articles table says which: it is the
last to be written where articles come and the first where they go, and rows of the other tables whose article it
does not name are remains of a killed run. Together with files that are replaced whole, a run that is killed at any
moment and done again ends with the bytes of one that was not.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.tables import SCHEMAS
from exsclaim.storage.local import whole_file

TABLES = ("articles", "figures", "panels")
_KEY_COLUMNS = ["article_id", "article_digest"]


@dataclass(frozen=True, order=True)
class Key:
    """An article in one state of its content."""

    article_id: str
    digest: str


class Partitions:
    """The tables under `folder`: `<table>/harvest=<id>/part-0.parquet`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, table: str, harvest: str) -> Path:
        return self.folder / table / f"harvest={harvest}" / "part-0.parquet"

    def harvests(self) -> list[str]:
        """Ids of all harvests that have a folder, even an empty one, sorted."""
        return sorted({path.name.removeprefix("harvest=") for path in self.folder.glob("*/harvest=*")})

    def articles(self, harvest: str) -> set[Key]:
        """The articles that live in a partition."""
        return set(self.rows_per_article("articles", harvest))

    def rows_per_article(self, table: str, harvest: str) -> dict[Key, int]:
        """How many rows each article has in a table of a partition."""
        path = self.path(table, harvest)
        if not path.is_file():
            return {}
        with pq.ParquetFile(path) as file:
            return dict(Counter(_keys(file.read(columns=_KEY_COLUMNS))))

    def rows(self, table: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """All rows of a table over all harvests, one row group in memory at a time."""
        for harvest in self.harvests():
            path = self.path(table, harvest)
            if path.is_file():
                with pq.ParquetFile(path) as file:
                    for group in range(file.num_row_groups):
                        part = _conformed(file.read_row_group(group, columns=columns), SCHEMAS[table])
                        yield from (part if columns is None else part.select(columns)).to_pylist()

    def write(self, harvest: str, articles: dict[Key, Callable[[str], pa.Table] | None]) -> None:
        """Write a partition with exactly these articles.

        Args:
            harvest: id of the harvest whose partition is written.
            articles: for each article a function that makes its rows of the named table, or None where the
                partition's own rows are kept.
        """
        for table in reversed(TABLES):
            with _ArticleRows(self.path(table, harvest), table) as kept:
                parts = (
                    kept.of(key) if make is None else make(table)
                    for key, make in sorted(articles.items(), key=_by_article)
                )
                _write(self.path(table, harvest), table, parts)

    def keep_only(self, harvest: str, articles: set[Key]) -> None:
        """Take from a partition all rows of other articles; a partition that ends empty is removed."""
        for table in TABLES:
            path = self.path(table, harvest)
            if not articles:
                path.unlink(missing_ok=True)
                if path.parent.is_dir():
                    path.parent.rmdir()
            elif not articles.issuperset(self.rows_per_article(table, harvest)):
                with _ArticleRows(path, table) as kept:
                    _write(path, table, (kept.of(key) for key in sorted(articles)))


class _ArticleRows:
    """One article's rows out of a file of a table, in the order of the file; none where there is no file."""

    def __init__(self, path: Path, table: str) -> None:
        self._schema = SCHEMAS[table]
        self._file = pq.ParquetFile(path) if path.is_file() else None
        self._groups: dict[Key, list[int]] = {}
        self._last: tuple[int, pa.Table] | None = None
        if self._file is not None:
            for group in range(self._file.num_row_groups):
                for key in dict.fromkeys(_keys(self._file.read_row_group(group, columns=_KEY_COLUMNS))):
                    self._groups.setdefault(key, []).append(group)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def of(self, key: Key) -> pa.Table:
        if self._file is None:
            return self._schema.empty_table()
        parts = [self._group(self._file, group) for group in self._groups.get(key, [])]
        rows = pa.concat_tables([self._schema.empty_table(), *parts])
        mine = pc.and_(pc.equal(rows["article_id"], key.article_id), pc.equal(rows["article_digest"], key.digest))
        return rows.filter(mine)

    def _group(self, file: pq.ParquetFile, group: int) -> pa.Table:
        if self._last is None or self._last[0] != group:
            self._last = group, _conformed(file.read_row_group(group), self._schema)
        return self._last[1]


def _conformed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows as the schema is now: columns that an earlier version did not write are null, others it wrote are gone."""
    known = set(rows.column_names)
    columns = [
        rows[field.name].cast(field.type) if field.name in known else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _keys(rows: pa.Table) -> list[Key]:
    return [Key(id, digest) for id, digest in zip(*(rows[column].to_pylist() for column in _KEY_COLUMNS), strict=True)]


def _by_article(item: tuple[Key, Any]) -> Key:
    return item[0]


def _write(path: Path, table: str, parts: Iterable[pa.Table]) -> None:
    """One row group per article for panels, whose images must not all be in memory; one in all for the others."""
    schema = SCHEMAS[table]
    plain = [field.name for field in schema if not pa.types.is_nested(field.type)]
    with (
        whole_file(path) as file,
        pq.ParquetWriter(
            # fixed here, so that the bytes do not change with the defaults of pyarrow
            file, schema, version="2.6", compression="zstd", compression_level=3, use_dictionary=plain,
            write_statistics=plain, data_page_version="1.0", store_schema=True,
        ) as writer,
    ):  # fmt: skip
        if table == "panels":
            for part in parts:
                if part.num_rows:
                    writer.write_table(part.combine_chunks(), row_group_size=part.num_rows)
        else:
            rows = pa.concat_tables([schema.empty_table(), *parts]).combine_chunks()
            writer.write_table(rows, row_group_size=max(1, rows.num_rows))
