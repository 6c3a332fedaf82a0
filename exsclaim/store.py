"""The content-addressed store: response bodies by their sha256, and which URL gave which body.

    store/ab/abcd…                a body, named by its digest
    store/urls/12/1234….json      what `1234…` = sha256(URL) answered: a `StoredResponse`
    store/incoming/               bodies being written

Entries are written whole, then renamed, so a reader never sees half of one, and a process killed in the middle
leaves only a file in `incoming/`. A damaged entry is noticed by its digest and healed by the next `put`.
"""

import datetime as dt
import hashlib
import re
import uuid
from pathlib import Path

from pydantic import ValidationError

from exsclaim.errors import StoreError
from exsclaim.records import Record

_DIGEST = re.compile(r"[0-9a-f]{64}")


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


class Store:
    """Bodies by sha256 under `root`. Many threads and processes may use one store: entries never change."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the body with this digest lies, whether it is there or not.

        Raises:
            StoreError: `sha256` is not 64 hexadecimal digits in lower case (a path could hide in it).
        """
        if not _DIGEST.fullmatch(sha256):
            raise StoreError(f"{sha256!r} is not a sha256: expected 64 digits 0-9a-f")
        return self.root / sha256[:2] / sha256

    def put(self, body: bytes) -> str:
        """Keep `body` and return its sha256. What is there already is left alone, what is damaged is replaced."""
        sha256 = hashlib.sha256(body).hexdigest()
        if not self.holds(sha256):
            self._write(self.path(sha256), body)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The body with this digest.

        Raises:
            StoreError: it is not there, or its bytes no longer have that digest.
        """
        path = self.path(sha256)
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise StoreError(f"{path} is not in the store: fetch its URL again") from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StoreError(f"{path} is damaged (its digest differs): fetch its URL again, that heals it")
        return body

    def holds(self, sha256: str) -> bool:
        """Whether the body is there and undamaged."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def remember(self, response: StoredResponse) -> None:
        """Keep what `response.url` answered; an older answer of that URL is replaced."""
        self._write(self._url_path(response.url), response.model_dump_json().encode())

    def recall(self, url: str) -> StoredResponse | None:
        """What `url` answered when it was last fetched; None if it never was, or its body is gone or damaged."""
        try:
            response = StoredResponse.model_validate_json(self._url_path(url).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        known = response.url == url and _DIGEST.fullmatch(response.sha256) and self.holds(response.sha256)
        return response if known else None

    def _url_path(self, url: str) -> Path:
        key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self.root / "urls" / key[:2] / f"{key}.json"

    def _write(self, path: Path, content: bytes) -> None:
        incoming = self.root / "incoming" / uuid.uuid4().hex
        for folder in (incoming.parent, path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            incoming.write_bytes(content)
            incoming.replace(path)
        finally:
            incoming.unlink(missing_ok=True)
