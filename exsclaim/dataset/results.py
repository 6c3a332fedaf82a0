"""The place of a query's results, a folder or an fsspec URL, and being alone there while they are published."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from exsclaim.dataset.mirror import Mirror, leased
from exsclaim.errors import BusyError, MachineError
from exsclaim.recovery import named
from exsclaim.settings import settings
from exsclaim.storage import is_url, local_path, without_secrets
from exsclaim.storage.local import safe_name
from exsclaim.storage.remote import RemoteFiles


@dataclass(frozen=True)
class Results:
    """Results that nobody else works on. Write into `folder`, then `bring` it to where it belongs."""

    folder: Path
    address: Path | str
    """Address at which people find them: a path, or a URL as text."""
    bring: Callable[[], None]


def results_folder(results_dir: Path | str, query_name: str) -> Path:
    """The folder of this machine that a query's results are written in: under `results_dir`, if that is a path.

    Results at a URL are mirrored by `results/<digest of the URL>/` in EXSCLAIM_HOME.
    """
    if not is_url(results_dir):
        return local_path(results_dir) / safe_name(query_name)
    digest = hashlib.sha256(str(results_dir).rstrip("/").encode()).hexdigest()[:16]
    return settings().home.expanduser().absolute() / "results" / digest / safe_name(query_name)


def results_address(results_dir: Path | str, query_name: str) -> Path | str:
    """Address at which people find a query's results: a path, or a URL as text."""
    if not is_url(results_dir):
        return results_folder(results_dir, query_name)
    return f"{without_secrets(str(results_dir)).rstrip('/')}/{safe_name(query_name)}"


def make_results_folder(results_dir: Path | str, query_name: str) -> Path:
    """The folder of this machine that a query's results are written in, made if it is not there.

    Raises:
        MachineError: it cannot be made, or not be written in; the message says what to do.
    """
    folder = results_folder(results_dir, query_name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        known = named(error)
        raise MachineError(f"{folder}: no results can be written there. {known}") from error


@contextmanager
def open_results(results_dir: Path | str, query_name: str) -> Iterator[Results]:
    """A query's results as they are now, for this process alone while the block lasts.

    Raises:
        BusyError: another harvest is at work there: a night that outlasted the day would undo the other's files.
        SettingsError: the URL cannot be used on this machine.
        StoreError: what is at the URL cannot be had.
        MachineError: the folder cannot be written.
    """
    folder = make_results_folder(results_dir, query_name)
    address = results_address(results_dir, query_name)
    try:
        # beside a mirror, not in it: the lease of that name is the URL's
        lock = folder.with_name(f".{folder.name}.lock") if is_url(results_dir) else folder / ".lock"
        with FileLock(lock, timeout=0):
            if not is_url(results_dir):
                yield Results(folder, address, bring=_nowhere)
                return
            files = _remote(results_dir, query_name)
            with leased(files, str(folder)) as lease:
                mirror = Mirror(files, folder)
                mirror.pull()

                def bring() -> None:
                    lease.check()
                    mirror.push()

                yield Results(folder, address, bring)
    except Timeout as error:
        raise BusyError(
            f"{address}: another harvest is at work there; wait for it, or give the query another name"
        ) from error


def keep_log(results_dir: Path | str, query_name: str, log: Path) -> None:
    """Bring a log that was written in `results_folder` to the results."""
    if is_url(results_dir):
        _remote(results_dir, query_name).upload(log, log.name)


def _remote(results_dir: Path | str, query_name: str) -> RemoteFiles:
    return RemoteFiles(f"{str(results_dir).rstrip('/')}/{safe_name(query_name)}")


def _nowhere() -> None:
    """Results in a folder are where they belong."""
