"""Folders, ledgers and tables that cannot be used are named with the way out, and damaged tables heal."""

import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from exsclaim.dataset.condition.damage import ASIDE
from exsclaim.errors import StoreError
from exsclaim.ledger import Ledger
from exsclaim.query import Query
from flows.command_line import log_in
from flows.harvest import harvest
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.flows.test_command import run
from tests.flows.test_harvest import published
from tests.flows.test_kill import ROOT, start

Mirror = Callable[[str], None]


@pytest.fixture
def on_a_disk() -> Callable[..., list[str]]:
    """Words before a command, in whose eyes a folder is a disk of its own: so large and so full, or read-only."""

    def command(folder: Path, *, size_kb: int = 0, full_kb: int = 0) -> list[str]:
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"'
        if size_kb:
            mount = f'mount -t tmpfs -o size={size_kb}k none "$0" && head -c {full_kb}k /dev/zero > "$0/others"'
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', str(folder)]

    try:
        subprocess.run([*command(Path("/mnt"), size_kb=4), "true"], check=True, capture_output=True)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this machine lets tests mount no disk of their own: {error}")
    return command


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


@pytest.mark.parametrize(
    ("disk", "said"),
    [
        ({"size_kb": 300}, "No space left on device ({results}/silver/figures/"),  # enough to begin with
        ({"size_kb": 16, "full_kb": 16}, "{results}/silver: no results can be written there. No space left on device"),
        ({}, "{results}/silver: no results can be written there. Read-only file system"),
    ],
)
def test_a_disk_that_takes_no_results_is_named(
    journal: DemoJournal, tmp_path: Path, on_a_disk: Callable[..., list[str]], disk: dict[str, int], said: str
) -> None:
    results = tmp_path / "results"
    results.mkdir()
    with JournalServer(journal) as server:
        words = on_a_disk(results, **disk)
        harvest = start(tmp_path / "home", server.url, results, "--no-separate", stderr=subprocess.PIPE, before=words)
        _, told = harvest.communicate(timeout=240)
    assert harvest.returncode == 1
    assert said.format(results=results) in told.decode()
    assert "free space on that disk" in told.decode() or not disk
    assert len(told.decode().strip().splitlines()) == 1  # neither traceback nor logging's "--- Logging error ---"


def test_a_log_on_a_full_disk_hides_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with log_in(Path("/dev/full")):  # takes no byte, as a full disk
            logging.getLogger("flows").warning("a line")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        fail()
    assert raised.value.__context__ is None
    assert capfd.readouterr() == ("", "")


def test_a_home_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    answer = subprocess.run(
        [sys.executable, "-m", "flows.harvest", "query.yaml"],
        env={"EXSCLAIM_HOME": str(home), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert str(home) in answer.stderr
    assert "EXSCLAIM_HOME" in answer.stderr


def test_an_embedded_server_that_takes_too_long_is_named_with_the_way_out(tmp_path: Path) -> None:
    query = tmp_path / "query.json"
    query.write_text(json.dumps({"name": "silver", "query": {"search_field_1": {"term": "x"}}}))
    answer = subprocess.run(
        [sys.executable, "-m", "flows.harvest", str(query)],
        env={
            "EXSCLAIM_HOME": str(tmp_path / "home"), "EXSCLAIM_RESULTS": str(tmp_path), "HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin", "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "1",
        },
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert answer.stderr.startswith("Prefect's embedded server did not answer within 1 s: ")
    assert "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=900" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_home_of_another_user_is_named(tmp_path: Path, on_a_disk: Callable[..., list[str]]) -> None:
    server = tmp_path / "home" / "prefect"
    server.mkdir(parents=True)
    (server / "prefect.db").touch()
    answer = subprocess.run(
        [*on_a_disk(server), sys.executable, "-m", "flows.harvest", "query.yaml"],
        env={"EXSCLAIM_HOME": str(tmp_path / "home"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin:/usr/sbin"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert f"Permission denied ({server}): let this user write there" in answer.stderr


@pytest.mark.parametrize("kept", [0, 4096])  # bytes: no database, and one whose pages are overwritten
def test_a_damaged_ledger_is_named_with_the_way_out(
    served: JournalServer, tmp_path: Path, home: Path, kept: int
) -> None:
    home.mkdir(exist_ok=True)
    path = home / "ledger.sqlite"
    Ledger(path).close()
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:kept] + b"not a database" * (size // 14))
    result = run(tmp_path)
    assert result.exit_code == 1
    assert f"{home}/ledger.sqlite: cannot be used as a ledger" in result.output
    assert "move it away" in result.output


def test_a_ledger_that_was_emptied_beside_results_is_told_and_they_stay_as_they_are(
    served: JournalServer, tmp_path: Path, home: Path
) -> None:
    tables = tmp_path / "silver" / "data"
    assert run(tmp_path, "--no-separate", maximum_scraped=2).exit_code == 0
    before = pd.read_parquet(tables / "figures")
    asked = len(served.requests)
    for file in home.glob("ledger.sqlite*"):
        file.write_bytes(b"")
    result = run(tmp_path, "--no-separate", maximum_scraped=2)
    assert result.exit_code == 0
    assert f"! {home}/ledger.sqlite: the ledger was a file of 0 bytes, a new one is begun" in result.output
    pd.testing.assert_frame_equal(pd.read_parquet(tables / "figures"), before)
    assert len(served.requests) - asked < 5  # the rest is in store and caches


def test_a_database_of_another_program_is_no_ledger_and_no_fault_of_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE harvests (x)")
    with pytest.raises(StoreError, match=r"cannot be used as a ledger \(table .* Put its backup in its place"):
        Ledger(path)


@pytest.mark.parametrize("table", ["articles", "figures", "panels"])
def test_a_cut_off_table_is_made_anew_by_the_next_harvest(served: JournalServer, query: Query, table: str) -> None:
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


def test_a_table_that_is_damaged_within_is_set_aside_and_made_anew_by_the_next_harvest(
    served: JournalServer, query: Query
) -> None:
    two = query.model_copy(update={"maximum_scraped": 2})
    harvest(two, separate=False)
    tables = two.results_dir / two.name / "data"
    before = pd.read_parquet(tables / "figures")
    (shard,) = (tables / "figures").rglob("*.parquet")
    columns = pq.read_metadata(shard).row_group(0)
    (caption,) = (
        column for column in map(columns.column, range(columns.num_columns)) if column.path_in_schema == "caption"
    )
    content, at = shard.read_bytes(), caption.data_page_offset
    # neither its footer says anything of it, nor do the ids that a harvest's start compares
    shard.write_bytes(content[:at] + b"x" * 30 + content[at + 30 :])
    with pytest.raises(StoreError, match=r"part-00000.parquet: not readable .* set aside. Start the harvest again"):
        harvest(two)  # which publishes the figures anew, with panels
    harvest(two)
    after = pd.read_parquet(tables / "figures")
    assert list(after["id"]) == list(before["id"])
    assert list(after["image_sha256"]) == list(before["image_sha256"])
