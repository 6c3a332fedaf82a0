"""Environment of alembic: migrations run in the connection, and the transaction, of whoever asks for them."""

from alembic import context

from exsclaim.dataset.postgres_schema import METADATA, SCHEMA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table="schema_version",
    version_table_schema=SCHEMA, include_schemas=True,
)  # fmt: skip
context.run_migrations()
