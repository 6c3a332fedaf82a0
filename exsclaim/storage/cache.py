"""Bodies of a remote store kept on this machine: read once over the network, then from disk, up to a size."""

import contextlib
import hashlib
import os
import threading
import time
from pathlib import Path

from exsclaim.storage.local import LocalFiles

_KEPT_SHARE = 0.9
"""Making room goes down to this share of the limit, so that it is not made for every body."""
_ABANDONED_AFTER_S = 3600.0


class BodyCache:
    """Bodies by sha256 under `root`, at most about `limit_bytes` of them; those not read for longest go first.

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
            body = self._files.read(_name(sha256))
        except FileNotFoundError:
            return None
        if hashlib.sha256(body).hexdigest() != sha256:
            return None
        with contextlib.suppress(FileNotFoundError):  # another process made room meanwhile
            os.utime(self._files.root / _name(sha256))  # the time of last use; many disks are mounted without atime
        return body

    def put(self, sha256: str, body: bytes) -> None:
        """Keep a body, unless it is larger than all the room there is."""
        if len(body) > self._limit_bytes:
            return
        self._files.write(_name(sha256), body)
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


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
