"""PostgreSQL, Prefect's and MLflow's servers and workers as processes of the test's own, on free ports of loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.outbound import Outbound

ROOT = Path(__file__).parents[2]
PATIENCE_S = 600.0
"""For every single step; many times what it takes on a machine that has nothing else to do."""
LAST_LINES = 40


class ServiceError(AssertionError):
    """A service did not do what it is there for; the message ends with the last lines of the logs."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Service:
    """A process with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
        return f"--- {self.name} ({self.log}) ---\n" + "\n".join(lines)

    def kill(self) -> None:
        """SIGKILL to it and to what it started, as a machine that goes down does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> None:
        """Ask it to end, and after a while make it: it, and what it started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT if self.name == "postgresql" else signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its group: flow runs of a worker
        except ProcessLookupError:
            return


class Services:
    """Running services, and a way to wait for them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._running: list[Service] = []
        self._started: dict[str, tuple[list[str], Mapping[str, str] | None]] = {}
        self.outbound = Outbound(folder / "outbound")
        self.environment: dict[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MLFLOW_"))},
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "true",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "PYTHONUNBUFFERED": "1",
            **self.outbound.environment(),
        }

    def start(self, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> Service:
        """Start a process in the checkout; it is ended with the test."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        service = Service(name, process, log)
        self._running.append(service)
        self._started[name] = (command, environment)
        self._stack.callback(service.end)
        return service

    def kill(self, name: str) -> None:
        """Kill a service and all that it started."""
        (service,) = [service for service in self._running if service.name == name]
        self._running.remove(service)
        service.kill()

    def start_again(self, name: str) -> Service:
        """Start a killed service as it was started before, as systemd does."""
        return self.start(name, *self._started[name])

    def wait_for(self, what: str, holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait until it holds; a service that dies meanwhile, or too long a wait, fails with the logs."""
        deadline = time.monotonic() + patience_s
        while not holds():
            if dead := [service for service in self._running if service.process.poll() not in (None, 0)]:
                raise self.error(f"{dead[0].name} ended with {dead[0].process.returncode} while waiting for {what}")
            if time.monotonic() > deadline:
                raise self.error(f"waited {patience_s:g} s for {what} in vain")
            time.sleep(0.5)

    def run(self, *command: str) -> str:
        """A command that has to succeed; gives what it prints."""
        answer = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if answer.returncode != 0:
            raise self.error(f"{' '.join(command)} ended with {answer.returncode}:\n{answer.stdout}")
        return answer.stdout

    def error(self, what: str) -> ServiceError:
        return ServiceError("\n".join([what, *(service.last_lines() for service in self._running)]))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def servers(folder: Path) -> Iterator[Services]:
    """PostgreSQL with Prefect's and MLflow's servers on it; `environment` then names both."""
    with ExitStack() as stack:
        services = Services(folder, stack)
        database = _postgresql(services, stack, ("prefect", "mlflow"))
        prefect, mlflow = free_port(), free_port()
        python = sys.executable
        services.start(
            "prefect-server",
            [python, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(prefect)],
            {
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"postgresql+asyncpg://exsclaim@127.0.0.1:{database}/prefect",
                "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
                "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect.server.events.ordering.db",
            },
        )
        services.start(
            "mlflow-server",
            [
                *(python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(mlflow), "--workers", "1"),
                *("--backend-store-uri", f"postgresql+pg8000://exsclaim@127.0.0.1:{database}/mlflow"),
                *("--artifacts-destination", (folder / "artifacts").as_uri()),
            ],
            {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        )
        services.wait_for("Prefect's server", lambda: answers(f"http://127.0.0.1:{prefect}/api/health"))
        services.wait_for("MLflow's server", lambda: answers(f"http://127.0.0.1:{mlflow}/health"))
        services.environment |= {
            "PREFECT_API_URL": f"http://127.0.0.1:{prefect}/api",
            "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{mlflow}",
        }
        yield services


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """PostgreSQL alone; gives the address of an empty database."""
    with ExitStack() as stack:
        port = _postgresql(Services(folder, stack), stack, ("figures",))
        yield f"postgresql://exsclaim@127.0.0.1:{port}/figures"


def _postgresql(services: Services, stack: ExitStack, databases: Sequence[str]) -> int:
    """A cluster in a folder of its own, as an unprivileged user (PostgreSQL refuses root); gives its port."""
    found = shutil.which("initdb") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
    assert found, "no PostgreSQL here: tests/services/install-postgresql.sh"
    programs = Path(found).resolve().parent
    data = Path(tempfile.mkdtemp(prefix="exsclaim-postgresql-"))
    stack.callback(shutil.rmtree, data, ignore_errors=True)
    as_user: list[str] = []
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(data, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    services.run(*as_user, str(programs / "initdb"), "-D", str(data / "db"), "-U", "exsclaim", "-A", "trust", "-N")
    options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
    services.start(
        "postgresql", [*as_user, str(programs / "postgres"), "-D", str(data / "db"), "-p", str(port), *options]
    )
    ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-q"]
    services.wait_for("PostgreSQL", lambda: subprocess.run(ready, check=False).returncode == 0)
    for name in databases:
        services.run(str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "exsclaim", name)
    return port
