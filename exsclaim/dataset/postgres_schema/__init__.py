"""Schema of a data set in PostgreSQL: tables `exsclaim.articles`, `.figures`, `.panels`, brought up to date by alembic.

Columns are those of the parquet tables without the crops, and `dataset`, so that a database may hold several data sets.
A new column of `exsclaim.dataset.tables.table_rows` needs a file in `versions/`: a test compares both on a real server.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.dialects import postgresql

from exsclaim.dataset.tables.table_rows import SCHEMAS

SCHEMA = "exsclaim"
KEYS = {"articles": "article_id", "figures": "id", "panels": "id"}
_PARENTS = {"figures": ("articles", "article_id"), "panels": ("figures", "figure_id")}
_LOCK = 0x65787363
""""exsc": two that write at once wait for each other."""

METADATA = sa.MetaData(schema=SCHEMA)


def _sql_type(of: pa.DataType) -> sa.types.TypeEngine[Any]:
    if pa.types.is_list(of):
        if pa.types.is_struct(of.value_type):
            return postgresql.JSONB()
        return postgresql.ARRAY(_sql_type(of.value_type))
    for holds, made in (
        (pa.types.is_string, sa.Text()), (pa.types.is_floating, sa.Double()), (pa.types.is_integer, sa.Integer()),
        (pa.types.is_boolean, sa.Boolean()), (pa.types.is_date, sa.Date()),
    ):  # fmt: skip
        if holds(of):
            return made
    raise TypeError(f"no type of PostgreSQL for {of}")


def _table(name: str) -> sa.Table:
    key = KEYS[name]
    columns = [
        sa.Column(column.name, _sql_type(column.type), primary_key=column.name == key, nullable=column.name != key)
        for column in SCHEMAS[name]
        if column.name != "image"
    ]
    parent: list[sa.ForeignKeyConstraint] = []
    if name in _PARENTS:
        table, column = _PARENTS[name]
        there = [f"{SCHEMA}.{table}.dataset", f"{SCHEMA}.{table}.{KEYS[table]}"]
        parent = [sa.ForeignKeyConstraint(["dataset", column], there, ondelete="CASCADE", name=f"{name}_{table}")]
    return sa.Table(name, METADATA, sa.Column("dataset", sa.Text(), primary_key=True), *columns, *parent)


TABLES = {name: _table(name) for name in ("articles", "figures", "panels")}


def bring_up_to_date(connection: sa.Connection) -> None:
    """Make the tables, or bring those of an earlier version to this one's; in the connection's transaction."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
