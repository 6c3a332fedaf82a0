"""A harvest that is told to end says what is kept; servers whose harvest was killed are ended by the next one."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from flows.interruption import SERVER, end_orphaned_servers, server_hint
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.flows.test_kill import ROOT, start

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc: Linux alone has it")

BY_A_SCRIPT = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
"""Words before a command that is started as a script starts what runs in its background: with SIGINT ignored."""
SLEEP = "import time; time.sleep(60)"


def server_of(home: Path) -> dict[str, str]:
    return {"PREFECT_HOME": str(home), "PREFECT__SERVER_EPHEMERAL": "1"}


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_an_orphan_is_ended(tmp_path: Path) -> None:
    child = [sys.executable, "-c", SLEEP, SERVER]
    start = f"import subprocess; print(subprocess.Popen({child!r}, stdout=subprocess.DEVNULL).pid)"
    parent = subprocess.run(
        [sys.executable, "-c", start], env=server_of(tmp_path), stdout=subprocess.PIPE, check=True, text=True
    )
    orphan = int(parent.stdout)
    assert alive(orphan)
    assert end_orphaned_servers(tmp_path / "other") == []
    assert end_orphaned_servers(tmp_path) == [orphan]
    deadline = time.monotonic() + 10
    while alive(orphan):
        assert time.monotonic() < deadline


def test_a_server_in_use_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP, SERVER], env=server_of(tmp_path)) as child:
        assert end_orphaned_servers(tmp_path) == []
        child.terminate()


def test_a_damaged_database_of_prefects_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    database = tmp_path / "prefect.db"
    with closing(sqlite3.connect(database)) as made:
        made.executescript("CREATE TABLE runs (id TEXT); CREATE TABLE states (id TEXT)")
    for content in (None, database.read_bytes(), b""):
        if content is not None:
            database.write_bytes(content)
        assert server_hint().startswith(f"the disk of {tmp_path} has ")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "gone"))
    assert server_hint() == f"{tmp_path}/gone, where it keeps its database, is gone"
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    database.write_bytes(b"no database" * 100)
    assert server_hint() == (
        f"{database} is damaged (file is not a database): move it away, it holds nothing but the history of runs"
    )


@pytest.mark.parametrize(
    ("told", "code", "before"),
    [(signal.SIGINT, 130, BY_A_SCRIPT), (signal.SIGTERM, 143, [])],
    ids=["in a script's background", "by a machine"],
)
def test_a_harvest_that_is_told_to_end_says_what_is_kept(
    journal: DemoJournal, tmp_path: Path, told: signal.Signals, code: int, before: list[str]
) -> None:
    with JournalServer(journal) as server:
        harvest = start(tmp_path / "home", server.url, tmp_path / "results", stderr=subprocess.PIPE, before=before)
        pages = tmp_path / "home" / "tasks" / "fetch"
        while not list(pages.glob("*")):
            assert harvest.poll() is None
            time.sleep(0.01)
        harvest.send_signal(told)
        _, said = harvest.communicate(timeout=30)
    assert harvest.returncode == code
    assert b"kept; the same command goes on from there." in said
    assert b"Traceback" not in said


def test_a_demo_that_is_told_to_end_lets_its_harvest_say_what_is_kept(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "flows.demo"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert demo.stdout is not None
    for line in demo.stdout:
        if line.startswith("Starting Prefect"):
            break
    os.killpg(demo.pid, signal.SIGINT)  # as a terminal does
    said, _ = demo.communicate(timeout=30)
    assert demo.returncode == 130
    harvest_said, demo_said = said.splitlines()
    assert harvest_said.startswith("Interrupted")
    assert demo_said == "The demo makes its journal and its results anew each time."


@pytest.mark.parametrize("before", [[], BY_A_SCRIPT], ids=["by a person", "in a script's background"])
def test_ctrl_c_while_a_command_is_being_loaded_shows_no_traceback(tmp_path: Path, before: list[str]) -> None:
    harvest = start(tmp_path / "home", "", tmp_path / "results", stderr=subprocess.PIPE, before=before)
    while "pydantic_core" not in Path(f"/proc/{harvest.pid}/maps").read_text():  # settings, and then Prefect
        assert harvest.poll() is None
        time.sleep(0.01)
    harvest.send_signal(signal.SIGINT)
    _, said = harvest.communicate(timeout=30)
    assert harvest.returncode in (-signal.SIGINT, 130)
    assert said == b"" or said.startswith(b"Interrupted. ") or said == b"Interrupted.\n"


def test_ctrl_c_of_which_a_library_makes_its_own_error_shows_no_traceback() -> None:
    code = """
import os, signal, sys
sys.argv[0] = "-m"
import flows
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    raise ValueError("Error calling function: KeyboardInterrupt") from None
"""
    command = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert command.returncode == 130
    assert command.stderr == b"Interrupted.\n"


def test_ctrl_c_that_a_library_loses_while_it_loads_ends_the_command_when_it_is_loaded(tmp_path: Path) -> None:
    code = f"""
import os, signal, sys
sys.argv[0] = "-m"
import flows
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    pass
from pathlib import Path
from flows.command_line import log_in
with log_in(Path({str(tmp_path / "log")!r})):
    print("goes on")
"""
    command = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert command.returncode == -signal.SIGINT
    assert (command.stdout, command.stderr) == (b"", b"Interrupted.\n")


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGKILL])
def test_a_training_ends_with_its_flow(tmp_path: Path, told: signal.Signals) -> None:
    log = tmp_path / "training.log"
    training = "http.server"  # of the standard library, and runs until it is ended
    code = f"""
from pathlib import Path
from tasks.train import run_module
run_module.fn({training!r}, ["0", "--bind", "127.0.0.1"], Path({str(log)!r}))
"""
    flow = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    while not (log.exists() and "Serving" in log.read_text()):
        assert flow.poll() is None
        time.sleep(0.05)
    (process,) = (int(pid) for pid in Path(f"/proc/{flow.pid}/task/{flow.pid}/children").read_text().split())
    flow.send_signal(told)
    assert flow.wait(30) != 0
    deadline = time.monotonic() + 30
    while alive(process):
        assert time.monotonic() < deadline
        time.sleep(0.05)
