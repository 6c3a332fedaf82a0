"""Servers whose harvest was killed are ended by the next one; those of running harvests are left alone."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.orphans import SERVER, end_orphaned_servers

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc: Linux alone has it")

SLEEP = "import time; time.sleep(60)"


def server_of(home: Path) -> dict[str, str]:
    return {"PREFECT_HOME": str(home), "PREFECT__SERVER_EPHEMERAL": "1"}


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_an_orphan_is_ended(tmp_path: Path) -> None:
    child = [sys.executable, "-c", SLEEP, SERVER.decode()]
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
    with subprocess.Popen([sys.executable, "-c", SLEEP, SERVER.decode()], env=server_of(tmp_path)) as child:
        assert end_orphaned_servers(tmp_path) == []
        child.terminate()
