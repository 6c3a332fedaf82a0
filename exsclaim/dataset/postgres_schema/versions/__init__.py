"""Versions of the schema, one file each; alembic runs those that a database has not had."""
