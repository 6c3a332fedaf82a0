"""Folders, ledgers and tables that cannot be used are named with the way out, and damaged tables heal."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exsclaim.dataset.damage import ASIDE
from exsclaim.query import Query
from flows.harvest import harvest
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.flows.test_command import run
from tests.flows.test_harvest import published

Mirror = Callable[[str], None]


@pytest.fixture
def served(journal: DemoJournal, mirrored: Mirror) -> Iterator[JournalServer]:
    with JournalServer(journal) as server:
        mirrored(server.url)
        yield server


def test_results_that_are_a_file_are_named(served: JournalServer, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for folder in (taken, taken / "deeper"):
        result = run(tmp_path, results_dir=str(folder))
        assert result.exit_code == 1
        assert f"{folder}/silver: no results can be written there" in result.output
        assert "a file lies where a folder is wanted; move it away" in result.output
    assert taken.read_text() == "mine"


def test_results_on_a_read_only_disk_are_named(served: JournalServer, tmp_path: Path) -> None:
    result = run(tmp_path, results_dir="/proc/exsclaim")  # a file system that takes no folders, not even root's
    assert result.exit_code == 1
    assert "/proc/exsclaim/silver: no results can be written there" in result.output
    assert "Traceback" not in result.output


def test_a_home_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    answer = subprocess.run(
        [sys.executable, "-m", "flows.harvest", "query.yaml"],
        env={"EXSCLAIM_HOME": str(home), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert str(home) in answer.stderr
    assert "EXSCLAIM_HOME" in answer.stderr


def test_a_damaged_ledger_is_named_with_the_way_out(served: JournalServer, tmp_path: Path, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "ledger.sqlite").write_bytes(b"not a database" * 100)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{home}/ledger.sqlite: cannot be used as a ledger" in result.output
    assert "move it away" in result.output


@pytest.mark.parametrize("table", ["articles", "figures", "panels"])
def test_a_damaged_table_is_made_anew_by_the_next_harvest(served: JournalServer, query: Query, table: str) -> None:
    two = query.model_copy(update={"maximum_scraped": 2})
    harvest(two)
    before = published(two)
    (shard,) = (two.results_dir / two.name / "data" / table).rglob("*.parquet")
    shard.write_bytes(shard.read_bytes()[:-100])
    asked = len(served.requests)
    harvest(two)
    after = {name: content for name, content in published(two).items() if not name.startswith(ASIDE)}
    tables = {name for name in before if name.startswith("data/")}
    assert {name: after[name] for name in tables} == {name: before[name] for name in tables}
    assert len(served.requests) == asked  # from store and cache
    kept = two.results_dir / two.name / ASIDE / shard.relative_to(two.results_dir / two.name / "data")
    assert kept.stat().st_size == shard.stat().st_size - 100
