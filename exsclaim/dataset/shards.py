"""Parquet files of the three tables, in shards that readers like and that are read a row group at a time.

    data/<table>/harvest=<id>/part-NNNNN.parquet

Rows lie in the order of their articles' ids. An article lives in the partition of one harvest, whole. Row groups hold
about 100 panels, shards at most about 240 MB. Folders `dataset/<table>/harvest=<id>/` of earlier versions are read
as well, until the next publish brings them to this form.
"""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exsclaim.dataset.tables import SCHEMAS, Row
from exsclaim.dataset.transaction import ResultFiles

TABLES = ("articles", "figures", "panels")
LEGACY = "dataset"
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

    def groups(
        self, table: str, harvest: str, columns: list[str] | None = None, wanted: pa.Array | None = None
    ) -> Iterator[pa.Table]:
        """Row groups of a partition in order; of rows of `wanted` ids alone, where these are given."""
        for shard in self.shards(table, harvest):
            path = self.files.path(shard)
            footer = pq.read_metadata(path)
            for group in range(footer.num_row_groups):
                # not kept open: there may be hundreds of partitions
                with pq.ParquetFile(path, metadata=footer) as file:
                    if wanted is None:
                        rows = conformed(file, [group], table, columns)
                    else:
                        are_wanted = pc.is_in(file.read_row_group(group, columns=["id"])["id"], wanted)
                        if not pc.any(are_wanted).as_py():
                            continue  # without a look at the crops
                        rows = conformed(file, [group], table, columns).filter(are_wanted)
                yield rows

    def outdated(self) -> list[str]:
        """Ids of the harvests whose panels an earlier version wrote, which did not tell their materials."""
        names = self.files.names(f"data/{TABLES[2]}/*/part-*.parquet")
        old = {name for name in names if "materials" not in pq.read_schema(self.files.path(name)).names}
        return sorted({name.split("/")[2].removeprefix("harvest=") for name in old})

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
        return pa.concat_tables(parts) if parts else _empty(self._table, self._columns)

    def _read(self, n: int) -> pa.Table:
        if self._last is None or self._last[0] != n:
            _, _, shard, group = self._groups[n]
            with pq.ParquetFile(self._paths[shard]) as file:
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


def _empty(table: str, columns: Sequence[str] | None) -> pa.Table:
    schema = SCHEMAS[table]
    return schema.empty_table() if columns is None else schema.empty_table().select(list(columns))
