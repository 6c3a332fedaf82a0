"""Ending the embedded Prefect servers that killed harvests left behind.

Prefect's embedded server is a child process that ends with the flow; a flow killed with SIGKILL cannot end it, and
it would hold its database and 300 MB for ever. Found through /proc, so on Linux alone; elsewhere nothing is done.
"""

import os
import signal
from pathlib import Path

SERVER = b"prefect.server.api.server:create_app"


def end_orphaned_servers(prefect_home: Path, *, own: bool = False) -> list[int]:
    """End embedded servers of this PREFECT_HOME that have lost their parent; gives their process ids.

    With `own`, that of this process as well: it is about to end without waiting.
    """
    ended = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if SERVER not in (process / "cmdline").read_bytes().split(b"\0"):
                continue
            environment = (process / "environ").read_bytes().split(b"\0")
            status = (process / "status").read_text()
            if (
                f"PREFECT_HOME={prefect_home}".encode() in environment
                and b"PREFECT__SERVER_EPHEMERAL=1" in environment
                and (_was_adopted(status) or (own and _parent(status) == str(os.getpid())))
            ):
                os.kill(int(process.name), signal.SIGTERM)
                ended.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # ended meanwhile, or somebody else's
    return ended


def _was_adopted(status: str) -> bool:
    """True if the process's parent is init or a service manager, and not the Python that started it."""
    parent = _parent(status)
    if parent == "1":
        return True
    try:
        return "python" not in Path(f"/proc/{parent}/exe").readlink().name
    except (FileNotFoundError, PermissionError):
        return True


def _parent(status: str) -> str:
    return next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:"))
