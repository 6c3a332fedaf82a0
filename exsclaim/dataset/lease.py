"""Alone at a URL: a small object that says who is at work there, renewed while they are.

Of several that try at once one gets it, on stores that know conditional writes (S3, GCS, Azure). Who dies leaves the
object behind; it counts no longer once it was not renewed for `EXPIRES_S`, by clocks that agree to a minute or so.
"""

import datetime as dt
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from exsclaim.errors import BusyError, StoreError
from exsclaim.storage.remote import RemoteFiles

log = logging.getLogger(__name__)

LEASE = ".lock"
RENEWED_EVERY_S = 60.0
EXPIRES_S = 600.0


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
