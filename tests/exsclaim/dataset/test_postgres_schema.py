"""The schema in PostgreSQL has the columns of the tables; on a real server: tests/services/test_postgres_tables.py."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from exsclaim.dataset import postgres_schema
from exsclaim.dataset.postgres_schema import KEYS, TABLES
from exsclaim.dataset.postgres_schema.versions import first_tables, materials_of_panels
from exsclaim.dataset.tables.table_rows import SCHEMAS

MADE = {
    name: {
        column: kind
        for kind, columns in getattr(first_tables, f"_{name.upper()}").items()
        for column in columns.split()
    }
    for name in TABLES
}
MADE["panels"]["materials"] = "texts"
"""By `materials_of_panels`; what all of them make on a real server is compared in tests/services."""


@pytest.mark.parametrize("name", TABLES)
def test_every_column_but_the_crop_is_a_column_of_the_database(name: str) -> None:
    assert {column.name for column in TABLES[name].columns} == {*SCHEMAS[name].names, "dataset"} - {"image"}


@pytest.mark.parametrize("name", TABLES)
def test_migrations_make_the_columns_that_are_written(name: str) -> None:
    """A column that was added to exsclaim.dataset.tables.table_rows needs a migration in postgres_schema/versions."""
    made = MADE[name] | {"dataset": "text", KEYS[name]: "text"}
    written = {column.name: repr(column.type) for column in TABLES[name].columns}
    assert {column: repr(first_tables._TYPES[kind]) for column, kind in made.items()} == written
    assert isinstance(TABLES[name].c.dataset.type, sa.Text)


def test_alembic_finds_one_newest_version() -> None:
    config = Config()
    config.set_main_option("script_location", str(postgres_schema.__path__[0]))
    assert ScriptDirectory.from_config(config).get_heads() == [materials_of_panels.revision]
