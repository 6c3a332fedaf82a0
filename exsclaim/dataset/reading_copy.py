"""Results at a URL, to be read: their tables are brought to this machine, figures as they are asked for.

Nothing is changed at the URL, and whoever publishes there is not in the way: files of a publish that is complete but
not yet in its place (`exsclaim.dataset.mirror`) are taken from where they lie.
"""

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock

from exsclaim.dataset.mirror import refuse_escape
from exsclaim.dataset.transaction import COMMIT, DRAFTS
from exsclaim.settings import settings
from exsclaim.storage.local import safe_name, whole_file, write_whole
from exsclaim.storage.remote import RemoteFiles

log = logging.getLogger(__name__)

_TABLES = ("data/", "dataset/")
_STATES = ".brought.json"
_CONNECTIONS = 8


class ReadingCopy:
    """The copy of a URL's results in `folder`, under `opened/` in EXSCLAIM_HOME; what is there is not brought again.

    Raises:
        SettingsError: the URL cannot be used on this machine.
        StoreError: from every method: what is at the URL cannot be had.
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
            for name in known.keys() - self._there.keys():
                (self.folder / name).unlink(missing_ok=True)
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
