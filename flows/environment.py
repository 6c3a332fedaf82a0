"""Defaults of Prefect and MLflow where nobody said otherwise: embedded, quiet, offline, everything under EXSCLAIM_HOME.

Prefect reads its settings when it is imported, so these defaults are set before (by `flows/__init__.py`).
What the environment or a Prefect profile of the user's says, wins.
"""

import errno
import logging
import os
from pathlib import Path

from exsclaim.proxies import spare_loopback
from exsclaim.settings import settings

HOUSES = ("exsclaim", "tasks", "flows")
"""Their logs are a flow run's: Prefect's PREFECT_LOGGING_EXTRA_LOGGERS brings them to its server, for its pages."""


def set_prefect_defaults() -> None:
    """Set what is not set, make the folder that Prefect wants to find, and let our logs tell what happens."""
    spare_loopback()
    for name, value in prefect_defaults(settings().home).items():
        os.environ.setdefault(name, value)
    home = Path(os.environ.setdefault("PREFECT_HOME", str(Path.home() / ".prefect")))
    home.mkdir(parents=True, exist_ok=True)
    for path in (home, home / "prefect.db"):
        # of another user's, the embedded server would end again and again and say nothing
        if "PREFECT_API_URL" not in os.environ and path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    for house in HOUSES:
        if logging.getLogger(house).level == logging.NOTSET:
            logging.getLogger(house).setLevel(logging.INFO)
    for sender in ("EventsWorker", "APILogWorker"):  # that a busy server is told the rest at the end is no news
        logging.getLogger(sender).setLevel(logging.ERROR)


def prefect_defaults(home: Path) -> dict[str, str]:
    """An embedded server with its own database, results under `home/tasks`, no telemetry, no questions."""
    home = home.expanduser().absolute()
    defaults = {
        "PREFECT_LOCAL_STORAGE_PATH": str(home / "tasks"),
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_EXTRA_LOGGERS": ",".join(HOUSES),
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # migrations on a fresh database take 10 s on two cores, and minutes where ten other jobs want these
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
        "PREFECT_CLI_PROMPT": "false",
        # a thread per figure: threads that wait for each other's share of one must not spin
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    # who has set Prefect up (`prefect profile`, `prefect config set`) wants that to be used
    if not (Path.home() / ".prefect" / "profiles.toml").is_file():
        defaults["PREFECT_HOME"] = str(home / "prefect")
    return defaults
