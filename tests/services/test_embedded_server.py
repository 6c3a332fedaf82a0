"""A harvest with Prefect's embedded server: Ctrl-C ends both, and a server that dies alone does not end the harvest."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tests.services.running import ROOT

pytestmark = [pytest.mark.services, pytest.mark.timeout(1200)]
WITHIN_S = 300
"""What a harvest takes at most on a busy machine; a flow that asks a dead server waits longer where nobody helps it."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JournalServer]:
    journal = DemoJournal(tmp_path / "journal", count=4)
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        yield server


def start(folder: Path, mirror: str, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """`python -m flows.harvest` as from a terminal of its own: a group of processes that Ctrl-C reaches."""
    query = {"name": "silver", "query": {"search_field_1": {"term": "nanoparticles"}}, "open": True}
    (folder / "query.json").write_text(json.dumps(query | {"results_dir": str(folder / "results")}))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MLFLOW_"))}
    home = folder / "home"
    machine = {"EXSCLAIM_HOME": str(home), "EXSCLAIM_MIRROR": mirror, "EXSCLAIM_RETRY_DELAY_S": "0"}
    return subprocess.Popen(
        [*before, sys.executable, "-m", "flows.harvest", str(folder / "query.json")],
        cwd=ROOT, env=plain | machine | {"PREFECT_HOME": str(home / "prefect")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def wait_for_images(folder: Path, harvest: subprocess.Popen[str]) -> None:
    while not list((folder / "home" / "tasks" / "images").glob("*")):
        assert harvest.poll() is None, harvest.communicate()
        time.sleep(0.02)


def embedded_servers(folder: Path) -> list[int]:
    """Processes of Prefect servers that have their home in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            has_home = f"PREFECT_HOME={folder}/home/prefect".encode() in (process / "environ").read_bytes()
            if has_home and b"prefect.server.api.server:create_app" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def test_ctrl_c_ends_harvest_and_server_and_the_same_command_goes_on(tmp_path: Path, server: JournalServer) -> None:
    harvest = start(tmp_path, server.url)
    wait_for_images(tmp_path, harvest)
    os.killpg(harvest.pid, signal.SIGINT)
    said, _ = harvest.communicate(timeout=60)
    assert harvest.returncode == 130, said
    assert "Interrupted. " in said
    assert "kept; the same command goes on from there." in said
    assert "Traceback" not in said
    deadline = time.monotonic() + 30
    while embedded_servers(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    again = start(tmp_path, server.url)
    said, _ = again.communicate(timeout=WITHIN_S)
    assert again.returncode == 0, said
    assert (tmp_path / "results" / "silver" / "exsclaim.json").is_file()


def migration(folder: Path) -> str | None:
    """The migration that the server's database has come to, none before the first is in."""
    database = folder / "home" / "prefect" / "prefect.db"
    if not database.exists():
        return None
    connection = sqlite3.connect(database, timeout=30)
    try:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    except sqlite3.OperationalError:  # no table yet
        return None
    finally:
        connection.close()
    return version


def test_ctrl_c_does_not_wait_for_the_server_to_make_its_database(tmp_path: Path, server: JournalServer) -> None:
    harvest = start(tmp_path, server.url)
    while migration(tmp_path) is None:
        assert harvest.poll() is None, harvest.communicate()
        time.sleep(0.02)
    harvest.send_signal(signal.SIGINT)
    said, _ = harvest.communicate(timeout=60)  # the server has the same terminal: it must have ended too
    assert harvest.returncode == 130, said
    begun = migration(tmp_path)
    again = start(tmp_path, server.url)
    said, _ = again.communicate(timeout=WITHIN_S)
    assert again.returncode == 0, said
    assert begun != migration(tmp_path)


def test_a_server_that_is_killed_alone_is_replaced_and_the_data_set_is_written(
    tmp_path: Path, server: JournalServer
) -> None:
    harvest = start(tmp_path, server.url)
    wait_for_images(tmp_path, harvest)
    (victim,) = embedded_servers(tmp_path)
    os.kill(victim, signal.SIGKILL)
    said, _ = harvest.communicate(timeout=WITHIN_S)
    assert harvest.returncode == 0, said
    assert said.count("Prefect's embedded server ended by itself (exit code -9") == 1
    assert "Traceback" not in said
    assert (tmp_path / "results" / "silver" / "exsclaim.json").is_file()


def test_a_server_that_has_no_room_is_given_up_with_a_sentence(tmp_path: Path, server: JournalServer) -> None:
    home = tmp_path / "home"
    home.mkdir()
    small = 'mount -t tmpfs -o size=2m none "$0" && exec "$@"'
    harvest = start(
        tmp_path, server.url, before=["unshare", "--map-root-user", "--mount", "sh", "-c", small, str(home)]
    )
    said, _ = harvest.communicate(timeout=WITHIN_S)
    if "unshare: " in said or "mount: " in said:
        pytest.skip(f"this machine lets tests mount no disk of their own: {said}")
    assert harvest.returncode == 1
    _, sentence = said.strip().splitlines()
    assert sentence.startswith(
        f"Prefect's embedded server ends again and again: the disk of {home}/prefect has 0 MB free"
    )
