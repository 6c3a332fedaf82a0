"""Results at a URL: a folder of this machine that mirrors them, brought from there and back.

    <url>/.manifest.json    sha256 of every file that is there
    <url>/.draft/           files on their way, at the paths that they will have
    <url>/.commit.json      all drafts are there: {"manifest": what will be there, "move": [names], "remove": [names]}

Publishing works in the folder, as everywhere. Then what changed is uploaded as drafts, and brought to its place once
all of it is there. A kill before that leaves the old state, a kill after it is made good by whoever comes next, on
this machine or another: as in a folder (`exsclaim.dataset.transaction`).

Whoever works at a URL holds its lease: a small object that says who is at work there, renewed while they are. Of
several that try at once one gets it, on stores that know conditional writes (S3, GCS, Azure). Who dies leaves it there;
it counts no longer once it was not renewed for `EXPIRES_S`, by clocks that agree to a minute or so.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from exsclaim.dataset.transaction import COMMIT, DRAFTS, is_left_by_a_system
from exsclaim.errors import BusyError, StoreError
from exsclaim.storage.local import whole_file
from exsclaim.storage.remote import RemoteFiles

log = logging.getLogger(__name__)

MANIFEST = ".manifest.json"
UPLOADING = ".uploading.json"
"""While an export is uploaded: its manifest."""
_CONNECTIONS = 8
LEASE = ".lock"
RENEWED_EVERY_S = 60.0
EXPIRES_S = 600.0


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

    def foreign(self) -> list[str]:
        """Files at the URL that no export of ours wrote; none while an upload is unfinished: its list is not whole."""
        manifest = self._content(MANIFEST)
        if not manifest or self._content(COMMIT) or self._content(UPLOADING):
            return []
        names = (name for name in self.files.names() if not name.startswith(f"{DRAFTS}/"))
        ours = {*manifest, MANIFEST, LEASE}
        return [name for name in names if name not in ours and not is_left_by_a_system(name)]

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
        with whole_file(path) as file:
            self.files.download(name, Path(file.name))
        return self._digest(path)

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


class Lease:
    """Held by `owner`; `check` says whether it still is."""

    def __init__(self, files: RemoteFiles, owner: str) -> None:
        self._files = files
        self._owner = owner

    def take(self) -> None:
        """Raises BusyError: another holds it."""
        for _ in range(3):
            if self._files.create(LEASE, self._content()):
                return
            owner, renewed = self._holder()
            age = dt.datetime.now(dt.UTC) - renewed
            # the owner's own folder is locked: what bears our name is left from a run that was killed
            if owner != self._owner and age < dt.timedelta(seconds=EXPIRES_S):
                raise BusyError(
                    f"{self._files.url}: another harvest is at work there ({owner}, last heard of at {renewed:%H:%M} "
                    "UTC); wait for it, or give the query another name. "
                    f"If it was killed, its claim ends after {EXPIRES_S / 60:.0f} minutes."
                )
            self._files.delete(LEASE)
        raise BusyError(f"{self._files.url}: others try to work there at the same moment; try again")

    def renew(self) -> None:
        self._files.write(LEASE, self._content())

    def check(self) -> None:
        """Raises BusyError: the lease went to another, because it was not renewed in time."""
        owner, _ = self._holder()
        if owner != self._owner:
            raise BusyError(f"{self._files.url}: lost to another harvest ({owner or 'nobody now'}); start again")

    def release(self) -> None:
        if self._holder()[0] == self._owner:
            self._files.delete(LEASE)

    def _content(self) -> bytes:
        return json.dumps({"owner": self._owner, "renewed": dt.datetime.now(dt.UTC).isoformat()}).encode()

    def _holder(self) -> tuple[str, dt.datetime]:
        """Holder of the lease, and the time of its last renewal; ("", long ago) where nobody holds it."""
        try:
            content = json.loads(self._files.read(LEASE))
            return str(content["owner"]), dt.datetime.fromisoformat(content["renewed"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return "", dt.datetime.min.replace(tzinfo=dt.UTC)


@contextmanager
def leased(files: RemoteFiles, folder: str) -> Iterator[Lease]:
    """Hold the lease of a URL while the block lasts. `folder` mirrors the URL and is locked on this machine."""
    lease = Lease(files, f"{socket.gethostname()}:{folder}")
    lease.take()
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(RENEWED_EVERY_S):
            try:
                lease.renew()
            except StoreError as error:
                log.warning("%s (process %s): %s", files.url, os.getpid(), error)

    renewing = threading.Thread(target=keep, name="lease", daemon=True)
    renewing.start()
    try:
        yield lease
    finally:
        ended.set()
        renewing.join()
        lease.release()
