"""Files under an fsspec URL: an object store (S3, GCS, Azure), or another machine's file system (SFTP, HDFS, …).

Credentials and endpoints are the protocol's own (for S3 the `AWS_*` environment or ~/.aws), never ours.
fsspec: https://filesystem-spec.readthedocs.io
"""

import errno
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exsclaim.errors import SettingsError, StoreError, UnreachableError
from exsclaim.storage import without_secrets

_PUT_IS_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "oci", "memory"})
"""Protocols where an object is there once all of it has come; anywhere else a file is written beside and renamed."""
_ONE_PUT_BYTES = 64 * 2**20
"""Larger files are uploaded in parts, which become a file with the last of them."""
_DRAFTS = ".incoming"
_STATE_KEYS = ("size", "ETag", "etag", "md5Hash", "LastModified", "last_modified", "mtime", "created")
"""Of a file's description, by whatever names a protocol gives them, those that tell its states apart."""


class RemoteFiles:
    """Files under `url`. Shared by threads; every process makes its own.

    Raises:
        SettingsError: the protocol is unknown, the package that speaks it is not installed, or no bucket is named.
        UnreachableError: from every method: no answer came.
        StoreError: from every method: access is denied, or the bucket is not there.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = without_secrets(url).rstrip("/")
        protocol = url.split("://")[0]
        try:
            # other machines write, too: what they did must be seen
            self._fs, self._root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            package = "'exsclaim[s3]'" if protocol in ("s3", "s3a") else "the package it names"
            raise SettingsError(f"{self.url} cannot be used: {error}; pip install {package}") from error
        except ValueError as error:
            raise SettingsError(f"{self.url} cannot be used: {error}") from error
        self._put_is_whole = protocol in _PUT_IS_WHOLE
        if self._put_is_whole and protocol != "memory" and not self._root.strip("/"):
            raise SettingsError(f"{without_secrets(url)} names no bucket: {protocol}://bucket/folder")

    def read(self, name: str) -> bytes:
        with self._telling(name):
            return bytes(self._fs.cat_file(self._path(name)))

    def write(self, name: str, content: bytes) -> None:
        with self._writing(name) as path:
            self._fs.pipe_file(path, content)

    def create(self, name: str, content: bytes) -> bool:
        """Write a file that is not there yet; False where it is. Of several that try at once, one succeeds
        (on object stores that know conditional writes: S3, GCS, Azure)."""
        with self._telling(name):
            try:
                self._fs.pipe_file(self._path(name), content, mode="create")
            except FileExistsError:
                return False
            return True

    def upload(self, source: Path, name: str) -> None:
        """Write the content of a local file."""
        if source.stat().st_size <= _ONE_PUT_BYTES:
            self.write(name, source.read_bytes())
            return
        with self._writing(name) as path:
            self._fs.put_file(str(source), path)

    def download(self, name: str, target: Path) -> None:
        """Bring a file's content into the local file `target`."""
        with self._telling(name):
            self._fs.get_file(self._path(name), str(target))

    def move(self, name: str, target: str) -> None:
        """Give a file another name, in place of the file that has it."""
        with self._telling(name):
            if self._put_is_whole:
                # what `mv` does here, too; but that asks first whether the names are folders or patterns, twice
                self._fs.cp_file(self._path(name), self._path(target))
                self._fs.rm_file(self._path(name))
                return
            self._fs.makedirs(self._path(target).rpartition("/")[0], exist_ok=True)
            self._fs.mv(self._path(name), self._path(target))

    def delete(self, name: str) -> None:
        """Remove a file; nothing happens where there is none."""
        with self._telling(name):
            try:
                self._fs.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def size_bytes(self, name: str) -> int | None:
        with self._telling(name):
            try:
                return int(self._fs.info(self._path(name))["size"])
            except FileNotFoundError:
                return None

    def names(self) -> list[str]:
        """The names of all files, sorted; none where nothing was ever written."""
        return sorted(self._described())

    def states(self) -> dict[str, str]:
        """Name of each file -> a text that is another when the file is; empty where nothing was ever written."""
        return {
            name: " ".join(str(info[key]) for key in _STATE_KEYS if info.get(key) is not None)
            for name, info in sorted(self._described().items())
        }

    def _described(self) -> dict[str, dict[str, Any]]:
        """Name of each file -> its description, as the protocol gives it."""
        from fsspec.asyn import AsyncFileSystem
        from fsspec.spec import AbstractFileSystem

        its = type(self._fs)
        is_walked = its.find is AbstractFileSystem.find or getattr(its, "_find", None) is AsyncFileSystem._find
        prefix = f"{self._root.rstrip('/')}/"
        with self._telling(""):
            try:
                found = dict(self._walked(self._root) if is_walked else self._fs.find(self._root, detail=True))
            except FileNotFoundError:
                return {}
        # s3fs names the folder itself where the first file comes while it looks
        names = ((path.removeprefix(prefix), info) for path, info in found.items() if path.startswith(prefix))
        return {name: info for name, info in names if not name.startswith(f"{_DRAFTS}/")}

    def _walked(self, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Files of a protocol that lists folder by folder; `find` would leave out folders whose listing fails."""
        try:
            entries = self._fs.ls(folder, detail=True)
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == errno.ENOENT:
                return  # removed since it was listed
            raise
        for info in entries:
            if info["type"] != "directory":
                yield info["name"], info
            elif info["name"].rstrip("/") != folder.rstrip("/"):
                yield from self._walked(info["name"])

    def where(self, name: str) -> str:
        return f"{self.url}/{name}"

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    @contextmanager
    def _writing(self, name: str) -> Iterator[str]:
        """Yield a path at which to write `name`; it takes its place when the block ends well."""
        with self._telling(name, missing="the bucket or folder does not exist; create it first"):
            if self._put_is_whole:
                yield self._path(name)
                return
            draft = self._path(f"{_DRAFTS}/{uuid.uuid4().hex}")
            for path in (draft, self._path(name)):
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            yield draft
            self._fs.mv(draft, self._path(name))

    @contextmanager
    def _telling(self, name: str, missing: str = "") -> Iterator[None]:
        """Turn errors of a protocol's library into ours, which name the place."""
        try:
            yield
        except FileNotFoundError as error:
            if not missing:
                raise
            raise StoreError(f"{self.where(name)}: {missing}") from error
        except PermissionError as error:
            raise StoreError(f"{self.where(name)}: access is denied ({error}); check the credentials") from error
        except OSError as error:
            raise UnreachableError(f"{self.where(name)} cannot be reached: {error}") from error
        except _boto_errors() as error:
            raise UnreachableError(f"{self.where(name)} cannot be reached: {error}") from error


def _boto_errors() -> tuple[type[Exception], ...]:
    """botocore's own tree (no endpoint, no credentials, …), which s3fs hands through; () where S3 is not in use."""
    module = sys.modules.get("botocore.exceptions")
    return (module.BotoCoreError, module.ClientError) if module else ()
