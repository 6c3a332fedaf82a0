"""Changes to a folder of results that happen all or not at all, also through a kill or a power cut.

    <folder>/.draft/            new files, at the paths that they will have
    <folder>/.commit.json       all drafts are complete; {"remove": [names]} says what goes
    <folder>/.exsclaim-export   of an export: what was asked for; such a folder is ours, and may be replaced

Without `.commit.json` the drafts of a killed run are thrown away; with it they are brought to their places by whoever
opens the folder next. So publishing is a function from the old state to the new one, and never meets a third. An export
that was killed goes on behind the files that it had finished.
"""

import filecmp
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from exsclaim.errors import DatasetError
from exsclaim.storage.local import named_in_errors, sync_folder, whole_file

DRAFTS = ".draft"
COMMIT = ".commit.json"
_ALL = "**/*"


class ResultFiles:
    """The files under `folder` as they are. Names are relative paths with `/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Path of the file of this name, if it is there."""
        return self.folder / name

    def names(self, pattern: str) -> list[str]:
        """Names of the files that match a glob pattern, sorted."""
        return sorted(name for name, _ in _files(self.folder, pattern))


class Transaction(ResultFiles):
    """The files under `folder` as they will be.

    Opening it ends what a killed run had begun. One process at a time (`exsclaim.dataset.results`).
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._drafts = folder / DRAFTS
        self._removed: set[str] = set()
        self._made: set[str] = set()
        for draft in folder.glob(".*.tmp"):
            draft.unlink()
        if (folder / COMMIT).is_file():
            self._roll_forward()
        elif self._drafts.exists():
            self._leave_off()

    def _leave_off(self) -> None:
        """Deal with the drafts of a run that was killed before all were there."""
        shutil.rmtree(self._drafts)

    def path(self, name: str) -> Path:
        """Path of the file of this name now: its draft, if there is one; a path of no file, if it is to be removed."""
        draft = self._drafts / name
        return draft if draft.is_file() or name in self._removed else self.folder / name

    def names(self, pattern: str) -> list[str]:
        """Names of the files there will be that match a glob pattern, sorted."""
        old = {name for name in super().names(pattern) if not name.startswith(f"{DRAFTS}/")}
        new = {name for name, _ in _files(self._drafts, pattern)}
        return sorted((old - self._removed) | new)

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Write a file; it is there once the transaction is committed."""
        with named_in_errors(self.folder / name), self._draft(name).open("wb") as file:
            yield file

    def _draft(self, name: str) -> Path:
        """Path of a draft, whose folder is made."""
        folder = name.rpartition("/")[0]
        if folder not in self._made:
            (self._drafts / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        return self._drafts / name

    def write(self, name: str, content: bytes) -> None:
        """Write a file from its content."""
        with self.file(name) as file:
            file.write(content)

    def copy(self, source: Path, name: str) -> None:
        """Write a file with the content of another."""
        with source.open("rb") as content, self.file(name) as file:
            shutil.copyfileobj(content, file)

    def remove(self, name: str) -> None:
        """Let a file go, if it is there; one that is written before or after stays."""
        self._removed.add(name)

    def commit(self) -> bool:
        """Bring it all to its place; False where nothing differs from what is there. The object is used up."""
        drafts = dict(_files(self._drafts))
        for name, draft in list(drafts.items()):
            target = self.folder / name
            if target.is_file() and filecmp.cmp(draft, target, shallow=False):
                Path(draft).unlink()
                self._removed.discard(name)
                del drafts[name]
        gone = sorted(name for name in self._removed - drafts.keys() if (self.folder / name).is_file())
        if not drafts and not gone:
            shutil.rmtree(self._drafts, ignore_errors=True)
            return False
        _sync(drafts.values())
        with whole_file(self.folder / COMMIT) as file:
            file.write(json.dumps({"remove": gone}).encode())
        self._roll_forward()
        return True

    def _roll_forward(self) -> None:
        for name in json.loads((self.folder / COMMIT).read_bytes())["remove"]:
            (self.folder / name).unlink(missing_ok=True)
            _remove_empty((self.folder / name).parent, self.folder)
        if self._drafts.is_dir():
            for folder in list(self._placed("")):
                sync_folder(self.folder / folder)
            shutil.rmtree(self._drafts)
        sync_folder(self.folder)
        (self.folder / COMMIT).unlink()

    def _placed(self, within: str) -> Iterator[str]:
        """Bring the drafts of a folder to their places; gives the folders that changed.

        A folder that is not there yet comes whole, a file that was finished later comes later: whoever looks meanwhile,
        or after a kill, finds no index (coco.json) of files that are not there.
        """
        for draft in sorted(os.scandir(self._drafts / within), key=lambda each: (each.stat().st_mtime_ns, each.name)):
            name = f"{within}{draft.name}"
            if draft.is_dir() and (self.folder / name).is_dir():
                yield from self._placed(f"{name}/")
            else:
                Path(draft.path).replace(self.folder / name)
        yield within


def _files(folder: Path, pattern: str = _ALL) -> Iterator[tuple[str, str]]:
    """Names and paths of the files that match a pattern, as they are when the first is asked for."""
    if pattern == _ALL:
        return iter(list(_within(str(folder), "")))
    found = list(folder.glob(pattern))
    return ((path.relative_to(folder).as_posix(), str(path)) for path in found if path.is_file())


def _within(folder: str, before: str) -> Iterator[tuple[str, str]]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path, f"{before}{entry.name}/")
        elif entry.is_file():
            yield f"{before}{entry.name}", entry.path


def _sync(paths: Iterable[str]) -> None:
    if hasattr(os, "sync"):  # one call for thousands of pictures
        os.sync()
        return
    for path in paths:
        with Path(path).open("rb+") as file:
            os.fsync(file.fileno())


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


MARKER = ".exsclaim-export"
"""In a folder of an export: its request, as a line of JSON, and the names of its files, a line each."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def is_left_by_a_system(name: str) -> bool:
    """True of a file that a system leaves in any folder that is looked at: a Mac's .DS_Store and ._figure.png, say."""
    file = name.rpartition("/")[2]
    return file in (".DS_Store", "Thumbs.db", "desktop.ini") or file.startswith("._")


def holds(folder: Path, request: Mapping[str, str]) -> bool:
    """True if a folder holds this very export, whole."""
    marker = folder / MARKER
    return not (folder / DRAFTS).exists() and marker.is_file() and marker.read_bytes().startswith(_content(request))


def _content(request: Mapping[str, str]) -> bytes:
    return json.dumps(dict(request), sort_keys=True).encode() + b"\n"


class ResumableFiles(Transaction):
    """The files of an export to `folder`, which replace all that is there.

    `request` says what is exported; what a killed export of the same request had finished stays, unless the machine was
    started anew since: what it had not written to its disk by then is lost, and no file says so.
    """

    def __init__(self, folder: Path, request: Mapping[str, str], *, is_linking: bool = False) -> None:
        """Begin, or go on with, an export; where `is_linking`, copies are hard links if they are of the same disk."""
        self._request = _content(request)
        self._is_linking = is_linking
        self._finished: frozenset[str] = frozenset()
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        names = self.names("**/*")
        if foreign := self._foreign(names):
            raise DatasetError(
                f"{folder} holds what no export wrote there ({', '.join(foreign[:3])}{' …' * (len(foreign) > 3)}), and "
                "would be replaced whole: move that away, or name another folder"
            )
        for name in names:
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
        self._finished = frozenset(name for name, _ in _files(self._drafts))

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """Write a file, unless it is finished: then what is written goes nowhere."""
        if name in self._finished:
            yield cast(BinaryIO, _Nowhere())
            return
        path = self._draft(name)
        part = path.with_name(f".{path.name}.part")
        with named_in_errors(self.folder / name), part.open("wb") as file:
            yield file
        part.replace(path)

    def copy(self, source: Path, name: str) -> None:
        if name in self._finished:
            return
        if self._is_linking:
            with suppress(OSError):  # of another disk, or one without links: it is copied
                self._draft(name).hardlink_to(source)
                return
        super().copy(source, name)

    def commit(self) -> bool:
        written = sorted(name for name, _ in _files(self._drafts) if name != MARKER)
        listed = "\n".join(written).encode("utf-8", "surrogateescape")
        (self._drafts / MARKER).write_bytes(self._request + listed + b"\n")
        return super().commit()

    def _foreign(self, names: Iterable[str]) -> list[str]:
        """The files of the folder that the export before did not list as its own; earlier versions listed none."""
        marker = self.folder / MARKER
        lines = marker.read_bytes().decode("utf-8", "surrogateescape").split("\n")[1:-1] if marker.is_file() else []
        if not lines:
            return []
        ours = {MARKER, *lines}
        return [name for name in names if name not in ours and not is_left_by_a_system(name)]

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
