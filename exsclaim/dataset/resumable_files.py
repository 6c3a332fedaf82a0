"""Files of an export, which is whole or not there: one that was killed goes on behind the files that it had finished.

<folder>/.exsclaim-export    what was asked for: such a folder is ours, and may be replaced
"""

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from exsclaim.dataset.transaction import DRAFTS, Transaction

MARKER = ".exsclaim-export"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def holds(folder: Path, request: Mapping[str, str]) -> bool:
    """True if a folder holds this very export, whole."""
    marker = folder / MARKER
    return not (folder / DRAFTS).exists() and marker.is_file() and marker.read_bytes() == _content(request)


def _content(request: Mapping[str, str]) -> bytes:
    return json.dumps(dict(request), sort_keys=True).encode() + b"\n"


class ResumableFiles(Transaction):
    """The files of an export to `folder`, which replace all that is there.

    `request` says what is exported; what a killed export of the same request had finished stays, unless the machine was
    started anew since: what it had not written to its disk by then is lost, and no file says so.
    """

    def __init__(self, folder: Path, request: Mapping[str, str]) -> None:
        self._request = _content(request)
        self._finished: frozenset[str] = frozenset()
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        for name in self.names("**/*"):
            self.remove(name)
        if not self._finished:
            super().write(MARKER, self._begun())

    def _leave_off(self) -> None:
        marker = self._drafts / MARKER
        if not marker.is_file() or marker.read_bytes() != self._begun():
            shutil.rmtree(self._drafts)
            return
        for part in self._drafts.rglob(".*.part"):
            part.unlink()
        self._finished = frozenset(
            path.relative_to(self._drafts).as_posix() for path in self._drafts.rglob("*") if path.is_file()
        )

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Write a file, unless it is finished: then what is written goes nowhere."""
        if name in self._finished:
            yield cast(BinaryIO, _Nowhere())
            return
        path = self._drafts / name
        part = path.with_name(f".{path.name}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
        part.replace(path)

    def copy(self, source: Path, name: str) -> None:
        if name not in self._finished:
            super().copy(source, name)

    def commit(self) -> bool:
        (self._drafts / MARKER).write_bytes(self._request)
        return super().commit()

    def _begun(self) -> bytes:
        return self._request + (_BOOT.read_bytes() if _BOOT.is_file() else b"")


class _Nowhere(io.RawIOBase):
    """Takes what is written, and counts it."""

    def __init__(self) -> None:
        super().__init__()
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        size = memoryview(content).nbytes  # type: ignore[arg-type]
        self._place += size
        return size

    def tell(self) -> int:
        return self._place
