"""Files in a folder of this machine, or under an fsspec URL (`s3://bucket/folder`): read, written and removed whole.

`files_at` gives the right one for a path or URL. A local folder is plain pathlib: fsspec is not even imported.
"""

import os
import re
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from exsclaim.errors import SettingsError
from exsclaim.storage.local import LocalFiles


class Files(Protocol):
    """Files by name; a name is a relative path with `/`."""

    def read(self, name: str) -> bytes:
        """The whole content. Raises FileNotFoundError."""

    def write(self, name: str, content: bytes) -> None:
        """Put the file there, or in place of the one that is there: a reader sees the old or the new, never a part."""

    def size_bytes(self, name: str) -> int | None:
        """None where there is no such file."""

    def where(self, name: str) -> str:
        """Path or URL, for messages to people."""


def is_url(place: str | Path) -> bool:
    """True if `place` is an address of another machine's files: `file://` is this machine's."""
    return isinstance(place, str) and "://" in place and not place.startswith("file://")


def local_path(place: str | Path) -> Path:
    """The path that `place` names: `file:///data/store` is `/data/store`, `~` is the user's home.

    Raises:
        SettingsError: it is a URL of another machine's files, or no name that a folder can have.
        TypeError: it is neither a path nor a text; the None of a setting that is not there is no folder "None".
    """
    if not isinstance(place, str | Path):
        raise TypeError(f"a place is a path or a URL, not {type(place).__name__} {place!r}")
    if is_url(place):
        raise SettingsError(f"{place} is not a folder of this machine")
    text = str(place)
    if text.startswith("file://"):
        parts = urlsplit(text)
        if parts.netloc not in ("", "localhost"):
            raise SettingsError(f"{text}: a file URL of this machine has three slashes: file:///{parts.netloc}…")
        text = unquote(parts.path)
    try:
        is_name = b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise SettingsError(f"{text!r} holds a sign that no file system takes: choose another name")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"{text!r} is in the home of a user who is not known here: write the whole path") from error


def plainly(address: str) -> str:
    """The address as people write it: a file URL as a path, relative to the working folder if it lies below.

    >>> plainly("file:///data/./2020/a%20b.pdf"), plainly("https://example.org/a%20b")
    ('/data/2020/a b.pdf', 'https://example.org/a%20b')
    """
    if not address.startswith("file:///"):
        return address
    path = Path(os.path.normpath(unquote(urlsplit(address).path)))
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def files_at(place: str | Path) -> Files:
    """The files under a path or an fsspec URL.

    Raises:
        SettingsError: the URL's protocol is unknown, or the package that speaks it is not installed.
    """
    if not is_url(place):
        return LocalFiles(local_path(place))
    from exsclaim.storage.remote import RemoteFiles

    return RemoteFiles(str(place))


_CREDENTIALS = re.compile(
    r"(?:(?<=postgres://)|(?<=postgresql://)|(?<=psycopg://)|(?<=psycopg2://))[^/:\[]*:[^?]*@"
    r"|(?<=://)(?:[^/:\[]*:(?!\d*(?:/|$)).*@|[^/]*@)|(?<=[?&]password=)[^&]*",
    re.DOTALL,
)
"""User and password, which may have a "/" or "@": after a ":" that no port follows, all up to the last "@".
A database's address has no "@" in its path, so there a password may look like a port and a path ("123/x")."""


def without_secrets(url: str) -> str:
    """The URL without user and password; where that is ambiguous, rather without a part of its path, too."""
    return _CREDENTIALS.sub("", url)
