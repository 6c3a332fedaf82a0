"""The place of a query's results, a folder or an fsspec URL: to be alone there while they are published, and to read.

Whoever reads results at a URL changes nothing there, and whoever publishes is not in the way: tables are brought to
this machine, figures as they are asked for, and files of a publish that is complete but not yet in its place
(`exsclaim.dataset.results_at_url`) are taken from where they lie.
"""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from exsclaim.dataset.results_at_url import Mirror, leased, refuse_escape
from exsclaim.dataset.transaction import COMMIT, DRAFTS
from exsclaim.errors import BusyError, MachineError
from exsclaim.recovery import named
from exsclaim.settings import settings
from exsclaim.storage import is_url, local_path, without_secrets
from exsclaim.storage.local import named_in_errors, safe_name, whole_file, write_whole
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
        with named_in_errors(folder), tempfile.TemporaryFile(dir=folder) as file:
            file.write(b" " * 4096)  # a full disk takes files that are empty
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
        StoreError: what is at the URL cannot be reached.
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


log = logging.getLogger(__name__)

_TABLES = ("data/", "dataset/", "corrections/")
_STATES = ".brought.json"
_CONNECTIONS = 8


class ReadingCopy:
    """The copy of a URL's results in `folder`, under `opened/` in EXSCLAIM_HOME; what is there is not brought again.

    Raises:
        SettingsError: the URL cannot be used on this machine.
        StoreError: from every method: what is at the URL cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._files = RemoteFiles(url)
        digest = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:16]
        self.folder = (
            settings().home.expanduser().absolute() / "opened" / digest / safe_name(url.rstrip("/").rsplit("/")[-1])
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        self._there = self._listed()

    def bring(self) -> None:
        """Bring the tables, and all small files beside them, to what the URL holds now."""
        wanted = [name for name in self._there if name.startswith(_TABLES) or "/" not in name]
        with FileLock(self.folder.with_name(f".{self.folder.name}.lock")):
            known = self._known()
            missing = [
                name for name in wanted if known.get(name) != self._there[name][1] or not (self.folder / name).is_file()
            ]
            if missing:
                log.info("%s: %s of %s files are brought here", self._files.url, len(missing), len(wanted))
            with ThreadPoolExecutor(_CONNECTIONS) as pool:
                list(pool.map(self._download, missing))
            # also what a run that was killed had brought, and had not noted
            here = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
            for name in here.keys() - self._there.keys() - {_STATES}:
                here[name].unlink()
            kept = {name: state for name, state in known.items() if name in self._there}
            self._remember(kept | {name: self._there[name][1] for name in wanted})

    def file(self, name: str) -> Path:
        """Path of a file, which is brought if need be; of no file where the URL has none of this name."""
        path = self.folder / name
        if name in self._there:
            with FileLock(self.folder.with_name(f".{self.folder.name}.lock")):
                known = self._known()
                if known.get(name) != self._there[name][1] or not path.is_file():
                    self._download(name)
                    self._remember(known | {name: self._there[name][1]})
        return path

    def _listed(self) -> dict[str, tuple[str, str]]:
        """Name -> where it lies, and its state."""
        states = self._files.states()
        there = {name: (name, state) for name, state in states.items() if not name.startswith(f"{DRAFTS}/")}
        if COMMIT in states:
            commit = json.loads(self._files.read(COMMIT))
            for name in commit["remove"]:
                there.pop(name, None)
            for name in commit["move"]:
                if f"{DRAFTS}/{name}" in states:
                    there[name] = f"{DRAFTS}/{name}", states[f"{DRAFTS}/{name}"]
        for name in there:
            refuse_escape(self._files, name)
        return {name: at for name, at in there.items() if not name.rpartition("/")[2].startswith(".")}

    def _download(self, name: str) -> None:
        with whole_file(self.folder / name) as file:
            self._files.download(self._there[name][0], Path(file.name))

    def _known(self) -> dict[str, str]:
        try:
            return dict(json.loads((self.folder / _STATES).read_bytes()))
        except (FileNotFoundError, ValueError):
            return {}

    def _remember(self, states: dict[str, str]) -> None:
        write_whole(self.folder / _STATES, json.dumps(states, sort_keys=True).encode())
