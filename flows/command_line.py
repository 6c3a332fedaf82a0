"""Commands of all flows: their exit codes, errors on the terminal, everything else in a log file."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import typer
from rich.console import Console

from exsclaim.errors import ExsclaimError, QueryError, SettingsError
from exsclaim.interrupts import loaded
from exsclaim.recovery import named
from exsclaim.untrusted_text import LogFile
from flows.environment import HOUSES
from flows.interruption import server_hint, watched_over

FINISHED, NOTHING, BAD_QUERY, NOT_SEARCHED = 0, 1, 2, 3
SERVER_GONE = (
    "Prefect's server does not answer any more ({}): start it again, or unset PREFECT_API_URL. What is done is kept;"
    " the same command goes on from there."
)
SERVER_REFUSES = "Prefect's server refuses what it was asked ({}): see to PREFECT_API_URL, PREFECT_API_KEY and its log"
EMBEDDED_REFUSES = "Prefect's embedded server failed ({}): {}. What is done is kept; the same command goes on."


@contextmanager
def errors_told() -> Iterator[None]:
    """Within, an error that a user can do something about ends the command with a sentence and exit code 1, or 2 where
    it is in a query."""
    try:
        yield
    except (ExsclaimError, OSError, httpx.HTTPError) as error:  # those of httpx are Prefect's: ours have names of ours
        told = str(named(error))
        if isinstance(error, httpx.HTTPStatusError):
            status = f"status {error.response.status_code}"
            told = SERVER_REFUSES.format(error) if _named_server() else EMBEDDED_REFUSES.format(status, server_hint())
        elif isinstance(error, httpx.HTTPError):
            told = SERVER_GONE.format(error)
        Console(emoji=False, stderr=True).print(told, style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_QUERY if isinstance(error, QueryError) else NOTHING) from error


def _named_server() -> str | None:
    """The address of the Prefect server that somebody named; None where the flow has one of its own."""
    from prefect.settings import PREFECT_API_URL

    url: str | None = PREFECT_API_URL.value()
    return url


def reach_server() -> None:
    """Raise a SettingsError if a Prefect server is named and does not answer."""
    from prefect.client.orchestration import get_client

    if url := _named_server():
        with get_client(sync_client=True) as client:
            if error := client.api_healthcheck():
                raise SettingsError(
                    f"PREFECT_API_URL: {url} does not answer ({error!r}): prefect server start, or unset it"
                )


@contextmanager
def log_in(path: Path) -> Iterator[None]:
    """Everything that Prefect, MLflow and EXSCLAIM log goes to this file, and nothing of it to the terminal.

    Where a Prefect server was named, its pages show what it shows of every run, and the logs of EXSCLAIM.

    Raises:
        SettingsError: that server does not answer.
    """
    loaded()
    reach_server()
    from prefect.logging.configuration import setup_logging
    from prefect.logging.handlers import APILogHandler

    path.parent.mkdir(parents=True, exist_ok=True)
    setup_logging()  # what Prefect would do at its first flow; later it would bring its own terminal handler back
    file = LogFile(path)
    root = logging.getLogger()
    replaced: list[tuple[logging.Logger, list[logging.Handler], bool]] = []
    known = [name for name in logging.root.manager.loggerDict if name.startswith(("prefect", "mlflow", *HOUSES))]
    for name in ("", *known):
        logger = logging.getLogger(name)
        replaced.append((logger, logger.handlers, logger.propagate))
        to_server: list[logging.Handler] = [
            h for h in logger.handlers if isinstance(h, APILogHandler) and _named_server()
        ]
        logger.handlers, logger.propagate = to_server, True
    root.addHandler(file)
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per call to Prefect's server
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        for logger, handlers, propagate in replaced:
            logger.handlers, logger.propagate = handlers, propagate
        file.close()


@contextmanager
def harvests_shown(console: Console, logged: AbstractContextManager[None]) -> Iterator[None]:
    """Within, harvests show what they do on the console, and end in time when they are told to."""
    from exsclaim.cli.harvest_display import TerminalProgress
    from exsclaim.harvests.harvest_counts import WATCHER

    progress = TerminalProgress(console)
    watched = WATCHER.set(progress)
    errors = Console(emoji=False, stderr=True, soft_wrap=True)
    try:
        with progress, watched_over(errors, progress.kept), logged, progress.showing_news():
            yield
    finally:
        WATCHER.reset(watched)
