"""Ends that come early: of this process by Ctrl-C or SIGTERM, of the embedded Prefect server by itself.

Prefect's embedded server is a child process that ends with the flow. A flow killed with SIGKILL cannot end it, and it
would hold its database and 300 MB for ever; killed itself, it would leave its flow asking for minutes. Left-behind
servers are found through /proc, so on Linux alone.
"""

import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from exsclaim.errors import MachineError
from exsclaim.interrupts import Ending, end_orphans, ended_when_told
from exsclaim.storage.sqlite_files import damage

log = logging.getLogger("flows.interruption")

SERVER = "prefect.server.api.server:create_app"
MOST_STARTS = 3
"""A server that ends again and again has no memory or disk to live in."""
SERVERS_ROOM_MB = 10.0
"""Its empty database with the journal that sqlite keeps beside it: 6 MB."""
_DOES_NOT_START = 3
"""Exit code of uvicorn; Prefect, which waits for the start, starts it again by itself."""
_LOOKED_AFTER_S = 0.5


@contextmanager
def watched_over(errors: Console, kept: Callable[[], str]) -> Iterator[None]:
    """Within, this process ends when it is told to, and goes on where its embedded Prefect server ends by itself.

    That server is started, where no other is named; those that killed processes left behind are ended. Ctrl-C and
    SIGTERM end this process with exit code 130 or 143 and a sentence on `errors`, in which `kept` says what the same
    command will find done; a server that ends again and again ends it with 1. What runs is not waited for
    (`exsclaim.interrupts`): what is done is on disk at any moment, as for SIGKILL.

    Raises:
        MachineError: the embedded server does not answer in time.
    """
    home = Path(os.environ["PREFECT_HOME"])
    end_orphaned_servers(home)
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    with ended_when_told(errors, kept, lambda: end_orphaned_servers(home, own=True)) as ending:
        looked_after = threading.Thread(
            target=_keep_embedded_server, args=(ending,), daemon=True, name="embedded server"
        )
        looked_after.start()
        _start_embedded_server()
        yield


def _start_embedded_server() -> None:
    """Start the server that the flow would start, if none is named.

    Raises:
        MachineError: it does not answer in time.
    """
    from prefect.settings import PREFECT_API_URL
    from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS as PATIENCE_S

    if PREFECT_API_URL.value():
        return
    from prefect.server.api.server import SubprocessASGIServer

    try:
        SubprocessASGIServer().start()
    except RuntimeError as error:
        raise MachineError(
            f"Prefect's embedded server did not answer within {PATIENCE_S.value()} s: perhaps this machine is busy with"
            f" other things. Start again later, or let it take longer: {PATIENCE_S.name}=900; {server_hint()}"
        ) from error


def _keep_embedded_server(ending: Ending) -> None:
    """Start an embedded server that died again, at its address, where the flow finds it; or end this process."""
    started: set[int] = set()
    while not ending.over.wait(_LOOKED_AFTER_S):
        for server in _embedded_servers():
            process = server.server_process
            if not server.running or process is None:
                continue
            started.add(process.pid)
            code = process.poll()
            if len(started) > MOST_STARTS:
                ending.end(f"Prefect's embedded server ends again and again: {server_hint()}", 1)
            if code in (None, _DOES_NOT_START) or ending.over.is_set():
                continue
            log.warning(
                "Prefect's embedded server ended by itself (exit code %s; killed for want of memory?): it is"
                " started again, and the harvest goes on", code,
            )  # fmt: skip
            server.running = False
            server.start()


def _embedded_servers() -> list[Any]:
    """Servers that this process has begun to start; the module is Prefect's to import, for 45 MB, where it needs it."""
    kind = getattr(sys.modules.get("prefect.server.api.server"), "SubprocessASGIServer", None)
    return list(kind._instances.values()) if kind else []


def server_hint() -> str:
    """Hint at why the embedded server does not run: its database, its disk, or how to let it say more."""
    home = Path(os.environ["PREFECT_HOME"]).absolute()
    if not home.is_dir():
        return f"{home}, where it keeps its database, is gone"
    if told := damage(home / "prefect.db"):
        return f"{home / 'prefect.db'} is damaged ({told}): move it away, it holds nothing but the history of runs"
    free_mb = shutil.disk_usage(home).free / 1e6
    room = f"the disk of {home} has {free_mb:,.0f} MB free"
    if free_mb < SERVERS_ROOM_MB:
        return f"{room}, and it needs {SERVERS_ROOM_MB:.0f} MB: free space, or choose another place (EXSCLAIM_HOME)"
    return f"{room}; PREFECT_SERVER_LOGGING_LEVEL=ERROR lets it say why"


def end_orphaned_servers(prefect_home: Path, *, own: bool = False) -> list[int]:
    """End embedded servers of this PREFECT_HOME that have lost their parent; gives their process ids.

    With `own`, that of this process as well, at once: it holds the terminal or pipe that this process leaves, and told
    to end while it makes its database it would first finish that. SQLite undoes the migration that was begun.
    """
    return end_orphans(SERVER, {f"PREFECT_HOME={prefect_home}", "PREFECT__SERVER_EPHEMERAL=1"}, own=own)
