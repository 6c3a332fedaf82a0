"""Files of this machine that are there whole or not at all, under names that every file system takes."""

import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MAX_NAME_BYTES = 100
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w.+,@ -]")


def safe_name(text: str) -> str:
    """A file name for any text: letters (of all scripts), digits, spaces and `._+,@-`, at most 100 bytes as UTF-8.

    A text that is such a name already is kept. Any other is cleaned and gets eight hex digits of its SHA-256, so
    that two texts do not share a name: `../x` and `_x` stay two files.
    """
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(". ")
    clean = clean.encode("utf-8", "replace")[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip(". ")
    if clean == text and clean and not _RESERVED.fullmatch(clean):
        return clean
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    room = clean.encode()[: MAX_NAME_BYTES - len(digest) - 2].decode("utf-8", "ignore")
    return f"_{room}-{digest}" if _RESERVED.fullmatch(clean) else f"{room}-{digest}".lstrip("-")


@contextmanager
def named_in_errors(path: Path, draft: Path | None = None) -> Iterator[None]:
    """Name the file, not its draft, in errors of writing within the block.

    Of a full disk, the system says nothing but that one is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno is not None and (error.filename is None or str(error.filename) == str(draft)):
            error.filename = str(path)
            error.filename2 = None
        raise


@contextmanager
def whole_file(path: Path, drafts: Path | None = None) -> Iterator[BinaryIO]:
    """Write a draft that takes the place of `path` when the block ends well: never half a file, also after a power cut.

    The draft is a hidden file beside `path`, or lies in the folder `drafts` of the same disk. After an error it is
    removed; after a kill it stays, for whoever owns the folder. File and folder are synced
    (https://lwn.net/Articles/457667).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = (drafts or path.parent) / f".{uuid.uuid4().hex}.tmp"
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        with named_in_errors(path, draft):
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        sync_folder(path.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Bring the file `path` to this content; a file that has it already is not touched."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    with whole_file(path) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Sync a folder's entries to the disk; Windows, which cannot open a folder, needs no such call."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class LocalFiles:
    """Files under `root`. Written to `incoming/` first, then renamed: what a killed process leaves is there alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        with whole_file(self.root / name, drafts=self.root / "incoming") as file:
            file.write(content)

    def size_bytes(self, name: str) -> int | None:
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return None

    def where(self, name: str) -> str:
        return str(self.root / name)


def is_utf8(path: Path) -> bool:
    """True if the path is text: one with other bytes than UTF-8 in it, Python knows by signs that are none."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        return False
    return True
