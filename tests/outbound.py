"""Processes that reach for the network, of one and its children: a hook that each Python of them loads first."""

import os
from pathlib import Path

_HOOK = """
import os, sys

def _hook(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
    elif event == "socket.getaddrinfo":
        host = arguments[0] or "127.0.0.1"
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host.startswith("127.") or host in ("::1", "localhost", "0.0.0.0", "::", os.uname().nodename):
        return
    line = f"{event} {host} by {sys.argv}\\n".encode()
    file = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, line)
    os.close(file)

sys.addaudithook(_hook)
"""


class Outbound:
    """Put `environment` into a process's environment; afterwards `attempts` says who wanted to connect to where."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "outbound.log"
        hook = folder / "hook"
        hook.mkdir(parents=True)
        (hook / "sitecustomize.py").write_text(_HOOK.replace("{log!r}", repr(str(self.log))), encoding="utf-8")
        self._hook = hook

    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": ":".join(filter(None, [str(self._hook), os.environ.get("PYTHONPATH")]))}

    @property
    def attempts(self) -> list[str]:
        """One line for each name that was looked up, and each address that was connected to, off this machine."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
