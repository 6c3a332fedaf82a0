"""The content-addressed store: response bodies by their sha256, and which URL gave which body.

    store/ab/abcd…                a body, named by its digest
    store/urls/12/1234….json      what `1234…` = sha256(URL) answered: a `StoredResponse`
    store/incoming/               bodies being written

In a folder, or under an fsspec URL that several machines share; then what was read is kept on this machine, too.
Entries are written whole, so a reader never sees half of one, and a process killed in the middle leaves only a file
in `incoming/`. A damaged entry is noticed by its digest and healed by the next `put`.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
import threading
import time
from pathlib import Path

from pydantic import ValidationError

from exsclaim.errors import StoreError
from exsclaim.records import Record
from exsclaim.settings import Settings
from exsclaim.storage import Files, files_at, is_url
from exsclaim.storage.local import LocalFiles

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEPT_SHARE = 0.9
"""Making room in a cache goes down to this share of its limit, so that it is not made for every body."""
_ABANDONED_AFTER_S = 3600.0


class StoredResponse(Record):
    """An answer whose body is in the store. `url` is what was asked, `final_url` what answered after redirects."""

    url: str
    final_url: str
    sha256: str
    content_type: str
    """Media type in lower case without parameters; empty where the server named none."""
    etag: str | None
    last_modified: str | None
    fetched_on: dt.date
    """Day (UTC) on which the body was fetched; a later "304 not modified" does not change it."""


class BodyCache:
    """Bodies of a remote store on this machine's disk, under `root`: read once over the network.

    At most about `limit_bytes` of them are kept; those not read for longest go first.

    Shared by threads and processes. A body never changes, so one that has its digest is right; one that has not
    (a full disk, a crash) counts as absent.
    """

    def __init__(self, root: Path, limit_bytes: int) -> None:
        self._files = LocalFiles(root)
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._used_bytes: int | None = None

    def get(self, sha256: str) -> bytes | None:
        """The body, if it is here."""
        try:
            body = self._files.read(_body_name(sha256))
        except FileNotFoundError:
            return None
        if hashlib.sha256(body).hexdigest() != sha256:
            return None
        # the time of last use; many disks are mounted without atime
        with contextlib.suppress(FileNotFoundError):  # another process made room meanwhile
            os.utime(self._files.root / _body_name(sha256))
        return body

    def put(self, sha256: str, body: bytes) -> None:
        """Keep a body, unless it is larger than all the room there is."""
        if len(body) > self._limit_bytes:
            return
        self._files.write(_body_name(sha256), body)
        with self._lock:
            if self._used_bytes is None:
                self._used_bytes = sum(size for _, size, _ in self._entries())
            else:
                self._used_bytes += len(body)
            if self._used_bytes > self._limit_bytes:
                self._used_bytes = self._make_room()

    def _make_room(self) -> int:
        """Remove what was not used for longest; gives how many bytes are left."""
        entries = sorted(self._entries())
        used = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if used <= self._limit_bytes * _KEPT_SHARE:
                break
            path.unlink(missing_ok=True)
            used -= size
        for draft in (self._files.root / "incoming").glob("*"):
            if draft.stat().st_mtime < time.time() - _ABANDONED_AFTER_S:
                draft.unlink(missing_ok=True)
        return used

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Time of last use, size and path of each body."""
        entries = []
        for path in self._files.root.glob("??/*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            entries.append((status.st_mtime, status.st_size, path))
        return entries


class Store:
    """Bodies by sha256 under `root`. Many threads, processes and machines may use one: entries never change.

    `cache` keeps bodies of a remote store on this machine; whatever it gives has the right digest.
    """

    def __init__(self, root: Path | Files, cache: BodyCache | None = None) -> None:
        self.files: Files = LocalFiles(root) if isinstance(root, Path) else root
        self._cache = cache

    def name(self, sha256: str) -> str:
        """Name of the body with this digest among the store's files, whether it is there or not.

        Raises:
            StoreError: `sha256` is not 64 hexadecimal digits in lower case (a path could hide in it).
        """
        if not _DIGEST.fullmatch(sha256):
            raise StoreError(f"{sha256!r} is not a sha256: expected 64 digits 0-9a-f")
        return _body_name(sha256)

    def where(self, sha256: str) -> str:
        """Path or URL of the body with this digest, for messages to people."""
        return self.files.where(self.name(sha256))

    def path(self, sha256: str) -> Path:
        """Path of the body, in a store that is a folder of this machine.

        Raises:
            StoreError: `sha256` is none, or the store is somewhere else.
        """
        if not isinstance(self.files, LocalFiles):
            raise StoreError(f"{self.where(sha256)} is not a file of this machine: read it from the store")
        return self.files.root / self.name(sha256)

    def put(self, body: bytes) -> str:
        """Keep `body` and return its sha256. What is there already is left alone, what is damaged is replaced."""
        sha256 = hashlib.sha256(body).hexdigest()
        if self._cache is None:
            if not self.holds(sha256):
                self.files.write(self.name(sha256), body)
        else:
            if self.files.size_bytes(self.name(sha256)) != len(body):
                self.files.write(self.name(sha256), body)
            self._cache.put(sha256, body)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The body with this digest.

        Raises:
            StoreError: it is not there, or its bytes no longer have that digest.
        """
        name = self.name(sha256)
        cached = self._cache.get(sha256) if self._cache else None
        if cached is not None:
            return cached
        try:
            body = self.files.read(name)
        except FileNotFoundError:
            raise StoreError(f"{self.where(sha256)} is not in the store: fetch its URL again") from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StoreError(
                f"{self.where(sha256)} is damaged (its digest differs): fetch its URL again, that heals it"
            )
        if self._cache:
            self._cache.put(sha256, body)
        return body

    def holds(self, sha256: str) -> bool:
        """True if the body is there and undamaged."""
        name = self.name(sha256)
        if self._cache is None:
            try:
                return hashlib.sha256(self.files.read(name)).hexdigest() == sha256
            except FileNotFoundError:
                return False
        # what the cache has is right, but other machines need what is in the store
        size_bytes = self.files.size_bytes(name)
        if size_bytes is None:
            return False
        body = self._cache.get(sha256)
        if body is None:
            body = self.files.read(name)
            if hashlib.sha256(body).hexdigest() != sha256:
                return False
            self._cache.put(sha256, body)
        return len(body) == size_bytes

    def remember(self, response: StoredResponse) -> None:
        """Keep what `response.url` answered; an older answer of that URL is replaced."""
        self.files.write(_url_name(response.url), response.model_dump_json().encode())

    def recall(self, url: str) -> StoredResponse | None:
        """Last answer fetched from `url`; None if there was none, or its body is gone or damaged."""
        try:
            response = StoredResponse.model_validate_json(self.files.read(_url_name(url)))
        except (FileNotFoundError, ValidationError):
            return None
        known = response.url == url and _DIGEST.fullmatch(response.sha256) and self.holds(response.sha256)
        return response if known else None


def open_store(settings: Settings) -> Store:
    """The store of this installation: `EXSCLAIM_STORE`, or `store/` under `EXSCLAIM_HOME`.

    Raises:
        SettingsError: its URL cannot be used on this machine.
    """
    home = settings.home.expanduser()
    if settings.store is None:
        return Store(home / "store")
    files = files_at(settings.store)
    is_remote = is_url(settings.store)
    return Store(files, BodyCache(home / "store-cache", round(settings.store_cache_gb * 1e9)) if is_remote else None)


def _body_name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _url_name(url: str) -> str:
    key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
    return f"urls/{key[:2]}/{key}.json"
