"""Results at a URL: a folder of this machine that mirrors them, brought from there and back.

    <url>/.manifest.json    sha256 of every file that is there
    <url>/.draft/           files on their way, at the paths that they will have
    <url>/.commit.json      all drafts are there: {"manifest": what will be there, "move": [names], "remove": [names]}

Publishing works in the folder, as everywhere. Then what changed is uploaded as drafts, and brought to its place once
all of it is there. A kill before that leaves the old state, a kill after it is made good by whoever comes next, on
this machine or another: as in a folder (`exsclaim.dataset.transaction`).
"""

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

from exsclaim.dataset.lease import LEASE
from exsclaim.dataset.transaction import COMMIT, DRAFTS
from exsclaim.errors import StoreError
from exsclaim.storage.local import whole_file
from exsclaim.storage.remote import RemoteFiles

log = logging.getLogger(__name__)

MANIFEST = ".manifest.json"
UPLOADING = ".uploading.json"
"""While an export is uploaded: the manifest that there is to be."""
_CONNECTIONS = 8


class Mirror:
    """The files under a URL and the folder that mirrors them. Its methods raise StoreError where the place cannot be
    had; `pull` comes before `push`."""

    def __init__(self, files: RemoteFiles, folder: Path) -> None:
        self.files = files
        self.folder = folder
        self._there: dict[str, str] = {}
        """Name -> sha256 of what is at the URL."""
        self._digests: dict[tuple[str, int, int], str] = {}

    def pull(self) -> None:
        """Bring the folder to what the URL holds; what it has already, by its sha256, is not transferred."""
        self._settle()
        manifest = self._content(MANIFEST)
        names = [name for name in self.files.names() if name not in (MANIFEST, LEASE) and not _is_log(name)]
        missing = []
        self._there = {}
        for name in names:
            refuse_escape(self.files, name)
            path = self.folder / name
            if name in manifest and path.is_file() and self._digest(path) == manifest[name]:
                self._there[name] = manifest[name]
            else:
                missing.append(name)
        if missing:
            log.info("%s: %s of %s files are brought to %s", self.files.url, len(missing), len(names), self.folder)
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            for name, digest in zip(missing, pool.map(self._download, missing), strict=True):
                self._there[name] = digest
        for name in self._here().keys() - set(names):
            (self.folder / name).unlink()

    def push(self) -> None:
        """Bring the URL to what the folder holds."""
        here = {name: self._digest(path) for name, path in self._here().items()}
        changed = sorted(name for name in here if self._there.get(name) != here[name])
        gone = sorted(self._there.keys() - here.keys())
        if not changed and not gone:
            return
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            list(pool.map(self._upload, changed))
        commit = {"manifest": here, "move": changed, "remove": gone}
        self.files.write(COMMIT, json.dumps(commit, sort_keys=True).encode() + b"\n")
        self._settle()
        self._there = here

    def replace(self) -> None:
        """Bring the URL to what the folder holds, whatever it holds now; what a call that was killed had uploaded for
        the same end is not uploaded again."""
        here = {name: self._digest(path) for name, path in self._here().items()}
        if self._content(COMMIT) or self._content(UPLOADING) != here:
            self._settle()
            self.files.write(UPLOADING, json.dumps(here, sort_keys=True).encode())
        there = set(self.files.names())
        known = {name: digest for name, digest in self._content(MANIFEST).items() if name in there}
        changed = sorted(name for name in here if known.get(name) != here[name])
        drafts = {name for name in changed if f"{DRAFTS}/{name}" in there}  # an upload is there whole or not at all
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            list(pool.map(self._upload, (name for name in changed if name not in drafts)))
        own = {MANIFEST, UPLOADING, LEASE}
        gone = sorted(name for name in there - here.keys() - own if not name.startswith(f"{DRAFTS}/"))
        commit = {"manifest": here, "move": changed, "remove": [*gone, UPLOADING]}
        self.files.write(COMMIT, json.dumps(commit, sort_keys=True).encode() + b"\n")
        self._settle()
        self._there = here

    def _settle(self) -> None:
        """Finish what a push has committed; take away what one that was killed has left."""
        commit = self._content(COMMIT)
        drafts = [name for name in self.files.names() if name.startswith(f"{DRAFTS}/")]
        if commit:
            moving = {f"{DRAFTS}/{name}" for name in commit["move"]}.intersection(drafts)
            with ThreadPoolExecutor(_CONNECTIONS) as pool:
                list(pool.map(self._to_its_place, sorted(moving)))
            for name in commit["remove"]:
                self.files.delete(name)
            self.files.write(MANIFEST, json.dumps(commit["manifest"], indent=0, sort_keys=True).encode() + b"\n")
            self.files.delete(COMMIT)
        else:
            for name in drafts:
                self.files.delete(name)

    def _to_its_place(self, draft: str) -> None:
        self.files.move(draft, draft.removeprefix(f"{DRAFTS}/"))

    def _upload(self, name: str) -> None:
        self.files.upload(self.folder / name, f"{DRAFTS}/{name}")

    def _download(self, name: str) -> str:
        path = self.folder / name
        content_digest = hashlib.sha256()
        with whole_file(path) as file:
            self.files.download(name, Path(file.name))
        content_digest.update(path.read_bytes())
        return content_digest.hexdigest()

    def _here(self) -> dict[str, Path]:
        found = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        return {name: path for name, path in found.items() if name != LEASE and not _is_log(name)}

    def _digest(self, path: Path) -> str:
        """sha256 of a local file; taken once for each state of it."""
        status = path.stat()
        key = str(path), status.st_size, status.st_mtime_ns
        if key not in self._digests:
            with path.open("rb") as file:
                self._digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[key]

    def _content(self, name: str) -> dict[str, Any]:
        try:
            content = json.loads(self.files.read(name))
        except (FileNotFoundError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def _is_log(name: str) -> bool:
    """A log is written while the harvest runs; `exsclaim.dataset.results.keep_log` brings it when it is whole."""
    return name.endswith(".log")


def refuse_escape(files: RemoteFiles, name: str) -> None:
    """Refuse a name that is no file of results: those of an object store may be anything, also paths out of the folder.

    Raises:
        StoreError: it is such a name.
    """
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/") or "\\" in name or "\0" in name:
        raise StoreError(f"{files.where(name)}: such a name cannot be a file of results; remove it")
