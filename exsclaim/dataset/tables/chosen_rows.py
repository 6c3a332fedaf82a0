"""Rows and columns of the tables, chosen by filter, split and name, as DuckDB reads them."""

from collections.abc import Sequence

import duckdb

from exsclaim.dataset.tables.filters import condition, is_filter
from exsclaim.dataset.tables.shards import TABLES, Shards
from exsclaim.dataset.tables.splits import SPLITS
from exsclaim.dataset.tables.table_rows import PLAIN_PANELS, SCHEMAS
from exsclaim.errors import DatasetError

_PLAIN = SCHEMAS[PLAIN_PANELS].names


class ChosenRows:
    """Relations over the tables of one data set; they are read when their rows are asked for."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    def harvests(self) -> list[str]:
        """Ids of the harvests; the files may be gone since the data set was opened.

        Raises:
            DatasetError: there is none.
        """
        if harvests := self._shards.harvests():
            return harvests
        folder = self._shards.files.folder
        raise DatasetError(f"{folder} holds no published data set: data/articles/ is not there, or empty")

    def projected(self, where: str, split: str, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
        """The chosen panels with these columns, without their crops; with all plain ones where none is named."""
        chosen = self.chosen(where, split)
        if isinstance(columns, str):
            raise TypeError(f"columns are a list of names, such as [{columns!r}], not the text {columns!r}")
        wanted = tuple(dict.fromkeys(columns)) or _PLAIN
        unknown = [name for name in wanted if name not in _PLAIN]
        if unknown:
            raise DatasetError(f"panels have no column {', '.join(map(repr, unknown))}: they have {', '.join(_PLAIN)}")
        # columns that the files of an earlier version lack are null
        null = duckdb.ConstantExpression(None)
        empty = duckdb.from_arrow(SCHEMAS[PLAIN_PANELS].empty_table())
        types = dict(zip(empty.columns, empty.types, strict=True))
        return chosen.project(
            *(
                duckdb.ColumnExpression(name) if name in chosen.columns else null.cast(types[name]).alias(name)
                for name in wanted
            )
        )

    def chosen(self, where: str, split: str) -> duckdb.DuckDBPyRelation:
        """The panels that a filter and a split choose."""
        if split and split not in SPLITS:
            raise DatasetError(f"there is no split {split!r}: {', '.join(SPLITS)}")
        chosen = self.table(PLAIN_PANELS)
        if is_filter(where):
            chosen = chosen.filter(condition(where))
        if split:
            chosen = chosen.filter(duckdb.ColumnExpression("split") == duckdb.ConstantExpression(split))
        return chosen

    def table(self, table: str, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyRelation:
        """All rows of a table."""
        partitions = ((self.read_instead(table, harvest), harvest) for harvest in self.harvests())
        paths = [str(self._shards.files.path(name)) for pair in partitions for name in self._shards.shards(*pair)]
        connection = connection or duckdb.connect()
        # the footers of thousands of row groups are read once, not when bound and again when scanned
        connection.execute("SET parquet_metadata_cache = true")
        if not paths:
            return connection.from_arrow(SCHEMAS[table].empty_table())
        return connection.read_parquet(paths, hive_partitioning=False, union_by_name=True)

    def read_instead(self, table: str, harvest: str) -> str:
        """The table that is read of a partition: panels with their crops where there are no files without."""
        return TABLES[2] if table == PLAIN_PANELS and not self._shards.shards(table, harvest) else table
