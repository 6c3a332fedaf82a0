"""The export into PostgreSQL, on a server of the test's own."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.dataset.formats import export, postgres_tables
from exsclaim.dataset.opened import open_dataset
from exsclaim.dataset.postgres_schema import METADATA, SCHEMA
from exsclaim.errors import ExsclaimError, SettingsError, UnreachableError
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.exsclaim.dataset.conftest import Harvester, Publisher, harvested, night, results, store
from tests.services.running import ROOT, database, free_port

pytestmark = pytest.mark.services
__all__ = ["harvested", "night", "results", "store"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database(tmp_path_factory.mktemp("postgresql")) as address:
        # the user bears the schema's name, so that it would be the default one
        ask(address, "ALTER ROLE exsclaim SET search_path TO public")
        yield address


@pytest.fixture
def address(server: str) -> str:
    """The database, emptied."""
    ask(server, f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    return server


def ask(address: str, statement: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+pg8000://"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        answer = connection.execute(sa.text(statement))
        return [tuple(row) for row in answer] if answer.returns_rows else []


def count(address: str, table: str) -> int:
    return int(ask(address, f"SELECT count(*) FROM exsclaim.{table}")[0][0])


def test_rows_are_those_of_the_tables(harvested: Harvester, night: Publisher, address: str) -> None:
    ds = open_dataset(night("2026-11-20", harvested("x1"), harvested("x2", seed=2)).folder)
    assert export(ds, "postgres", address) == 8
    assert [count(address, table) for table in ("articles", "figures", "panels")] == [2, 4, 8]
    found = ask(address, "SELECT id, kind, nm_per_px, box, techniques, scale_bars FROM exsclaim.panels ORDER BY id")
    for row, panel in zip(found, ds.arrow().to_pylist(), strict=True):
        assert list(row) == [panel[key] for key in ("id", "kind", "nm_per_px", "box", "techniques", "scale_bars")]
    joined = """SELECT a.title FROM exsclaim.panels p JOIN exsclaim.articles a USING (dataset, article_id)
                WHERE 'TEM' = ANY (p.techniques) AND p.nm_per_px < 10"""
    assert len(ask(address, joined)) == 4


def test_migrations_make_the_tables_that_are_written(harvested: Harvester, night: Publisher, address: str) -> None:
    export(open_dataset(night("2026-11-20", harvested("x1")).folder), "postgres", address)
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+pg8000://"), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        options = {"include_schemas": True, "version_table": "schema_version", "version_table_schema": SCHEMA}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_a_second_export_upserts_what_changed_and_removes_what_is_gone(
    harvested: Harvester, night: Publisher, address: str
) -> None:
    export(open_dataset(night("2026-11-20", harvested("x1"), harvested("x2", seed=2)).folder), "postgres", address)
    kept = ask(address, "SELECT xmin FROM exsclaim.articles WHERE article_id = 'nature/x1'")
    folder = night("2026-11-21", harvested("x2", seed=2, figures=1, caption="Gold"), harvested("x3", seed=3)).folder
    export(open_dataset(folder), "postgres", address)
    assert [count(address, table) for table in ("articles", "figures", "panels")] == [3, 5, 10]
    assert ask(address, "SELECT title FROM exsclaim.figures WHERE article_id = 'nature/x2'") == [("Gold",)]
    # an article that is there as it should be is not touched
    assert ask(address, "SELECT xmin FROM exsclaim.articles WHERE article_id = 'nature/x1'") == kept
    export(open_dataset(folder), "postgres", address, where="label = 'a' and source = 'nature' and year = 2014")
    assert [count(address, table) for table in ("figures", "panels")] == [5, 5]
    export(open_dataset(folder), "postgres", address)
    assert count(address, "panels") == 10


def test_data_sets_live_side_by_side(harvested: Harvester, night: Publisher, address: str) -> None:
    for name in ("silver", "gold"):
        folder = night("2026-11-20", harvested("x1"), query_name=name).folder
        export(open_dataset(folder), "postgres", address)
    assert ask(address, "SELECT dataset, count(*) FROM exsclaim.panels GROUP BY 1 ORDER BY 1") == [
        ("gold", 4), ("silver", 4),
    ]  # fmt: skip


def test_hostile_text_is_text(harvested: Harvester, night: Publisher, address: str) -> None:
    caption = "'); DROP SCHEMA exsclaim CASCADE; -- \x00 %s :x"
    export(open_dataset(night("2026-11-20", harvested("x1", caption=caption)).folder), "postgres", address)
    assert {row[0] for row in ask(address, "SELECT title FROM exsclaim.figures")} == {caption.replace("\0", "\ufffd")}


def test_what_fails_leaves_the_old_rows(
    harvested: Harvester, night: Publisher, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = night("2026-11-20", harvested("x1")).folder
    export(open_dataset(folder), "postgres", address)
    ask(address, "ALTER TABLE exsclaim.panels ADD CONSTRAINT short CHECK (article_id <> 'nature/x2')")
    folder = night("2026-11-21", harvested("x1", caption="Gold"), harvested("x2", seed=2)).folder
    with pytest.raises(ExsclaimError):
        export(open_dataset(folder), "postgres", address)
    assert ask(address, "SELECT DISTINCT title FROM exsclaim.figures") == [("Silver",)]


def test_a_server_that_is_not_there_or_refuses_is_said(harvested: Harvester, night: Publisher, address: str) -> None:
    ds = open_dataset(night("2026-11-20", harvested("x1")).folder)
    with pytest.raises(UnreachableError, match="no answer"):
        export(ds, "postgres", f"postgresql://exsclaim:secret@127.0.0.1:{free_port()}/figures")
    with pytest.raises(SettingsError, match=r'cannot be used: database "nowhere" does not exist$') as refused:
        export(ds, "postgres", address.replace("/figures", "/nowhere").replace("exsclaim@", "exsclaim:secret@"))
    assert "secret" not in str(refused.value)


def test_a_server_that_takes_the_connection_and_says_nothing_is_not_waited_for_for_ever(
    harvested: Harvester, night: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ds = open_dataset(night("2026-11-20", harvested("x1")).folder)
    monkeypatch.setattr(postgres_tables, "_SILENCE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(UnreachableError, match="timed out"):
        export(ds, "postgres", f"postgresql://exsclaim:secret@127.0.0.1:{silent.getsockname()[1]}/figures")


def test_a_wait_shorter_than_that_is_no_silence(
    harvested: Harvester, night: Publisher, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = night("2026-11-20", harvested("x1")).folder
    export(open_dataset(folder), "postgres", address)
    ask(address, "CREATE FUNCTION exsclaim.slow() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_sleep(0.5); RETURN new; END'")  # fmt: skip
    ask(address, "CREATE TRIGGER slow BEFORE UPDATE ON exsclaim.panels FOR EACH ROW EXECUTE FUNCTION exsclaim.slow()")
    ask(address, "UPDATE exsclaim.articles SET article_digest = ''")
    monkeypatch.setattr(postgres_tables, "_SILENCE_S", 1.5)  # of four rows, each half a second
    assert export(open_dataset(folder), "postgres", address) == 4
    monkeypatch.setattr(postgres_tables, "_SILENCE_S", 0.2)
    ask(address, "UPDATE exsclaim.articles SET article_digest = ''")
    with pytest.raises(UnreachableError):
        export(open_dataset(folder), "postgres", address)


def test_the_command_writes_to_the_database(
    harvested: Harvester, night: Publisher, address: str, tmp_path: Path
) -> None:
    folder = night("2026-11-20", harvested("x1")).folder
    made = CliRunner().invoke(app, ["export", str(folder), "--to", "postgres", "--out", address])
    assert made.exit_code == 0, made.output
    assert count(address, "panels") == 4


def test_a_whole_harvest_fills_the_database_and_the_next_one_makes_good_what_was_refused(
    address: str, tmp_path: Path
) -> None:
    """`python -m flows.harvest` with save_format postgres: first nobody answers at its address, then a server does."""
    journal = DemoJournal(tmp_path / "journal", count=4)
    results = tmp_path / "results"
    query = tmp_path / "silver.json"
    terms = {"search_field_1": {"term": "nanoparticles"}}
    query.write_text(
        json.dumps(
            {
                "name": "silver",
                "sources": ["nature"],
                "query": terms,
                "results_dir": str(results),
                "save_format": ["postgres"],
            }
        )
    )

    def harvest(database: str, url: str) -> str:
        settings = {
            "EXSCLAIM_HOME": str(tmp_path / "home"), "EXSCLAIM_MIRROR": url, "EXSCLAIM_POSTGRES": database,
            "EXSCLAIM_RETRY_DELAY_S": "0", "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db", "COLUMNS": "200",
        }  # fmt: skip
        command = [sys.executable, "-m", "flows.harvest", str(query)]
        done = subprocess.run(command, env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        failures: str = (results / "silver" / "failures.json").read_text()
        return failures

    with JournalServer(journal) as server:
        refused = harvest(f"postgresql://exsclaim@127.0.0.1:{free_port()}/figures", server.url)
        assert "postgres" in refused
        assert ask(address, "SELECT to_regclass('exsclaim.panels')") == [(None,)]
        assert "postgres" not in harvest(address, server.url)
    ds = open_dataset(results / "silver")
    assert len(ds) > 10
    assert [count(address, table) for table in ("articles", "figures", "panels")] == [
        len(ds.articles()), len(ds.figures()), len(ds),
    ]  # fmt: skip
    columns = ["id", "kind", "materials", "nm_per_px"]
    found = ask(address, f"SELECT {', '.join(columns)} FROM exsclaim.panels WHERE dataset = 'silver'")
    assert sorted(found) == sorted(tuple(row.values()) for row in ds.arrow(columns=columns).to_pylist())


def test_a_database_of_the_first_tables_gets_the_materials_of_what_is_there(
    harvested: Harvester, night: Publisher, address: str
) -> None:
    ds = open_dataset(night("2026-11-20", harvested("x1")).folder)
    export(ds, "postgres", address)
    ask(address, "ALTER TABLE exsclaim.panels DROP COLUMN materials")
    ask(address, "UPDATE exsclaim.schema_version SET version_num = '2026_11_27'")
    export(ds, "postgres", address)
    assert ask(address, "SELECT DISTINCT materials FROM exsclaim.panels") == [(["silver", "Ag"],)]
