"""Files that are there whole or not at all, under names that are safe on every file system."""

import hashlib
import os
import re
import unicodedata
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
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a hidden file beside `path`, which takes its place when the block ends well: never half a file.

    After an error the hidden file is removed; after a kill `remove_remains` does it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Bring the file `path` to this content; a file that has it already is not touched."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    with whole_file(path) as file:
        file.write(content)


def remove_remains(folder: Path) -> None:
    """Remove what killed runs left half written under `folder`."""
    for draft in folder.rglob(".*.tmp"):
        draft.unlink(missing_ok=True)
