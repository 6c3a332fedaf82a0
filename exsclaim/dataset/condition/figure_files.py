"""Image files of published figures: missing ones are restored from the store, damaged ones are found.

The tables name each figure's file and the SHA-256 of its bytes, which are the publisher's and lie in the store as well.
A file that was removed, or that no longer holds these bytes, is no loss of the tables: no article is made anew for it.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator

import pyarrow as pa

from exsclaim.dataset.tables.composition import Unpublished
from exsclaim.dataset.tables.shards import Shards
from exsclaim.dataset.transaction import ResultFiles, Transaction
from exsclaim.errors import StoreError, UnreachableError
from exsclaim.store import Store

FIGURES = "figures"
_COLUMNS = ("id", "figure_name", "image_sha256", "image_url")


def brought_back(files: Transaction, store: Store) -> list[Unpublished]:
    """Restore missing image files from the store; gives the figures whose image the store has lost, too.

    Raises:
        UnreachableError: the store lies on another machine that did not answer.
    """
    lost = []
    for id, name, sha256, url in _missing(files, _named(files)):
        try:
            files.write(f"{FIGURES}/{name}", store.read(sha256))
        except UnreachableError:
            raise
        except StoreError as error:
            cause = f"{files.folder / FIGURES / name} is gone: {error}"
            lost.append(Unpublished(figure_id=id, url=url or "", error=type(error).__name__, cause=cause, is_kept=True))
    return lost


def not_as_published(files: ResultFiles) -> tuple[list[str], list[str]]:
    """Names of the files that are gone, and of those that hold other bytes than were published; all are read.

    Figures whose table cannot be read are passed over: nothing else tells what their files should hold.
    """
    named = list(_named(files, is_strict=False))
    gone = [f"{FIGURES}/{name}" for _, name, _, _ in _missing(files, named)]
    other = []
    for _, name, sha256, _ in named:
        path = files.path(f"{FIGURES}/{name}")
        if not path.is_file():
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                other.append(f"{FIGURES}/{name}")
    return gone, other


_NamedFile = tuple[str, str, str, str | None]


def _missing(files: ResultFiles, named: Iterable[_NamedFile]) -> Iterator[_NamedFile]:
    """Figures, of these, whose file is not there."""
    try:
        there = {entry.name for entry in os.scandir(files.folder / FIGURES)}
    except FileNotFoundError:
        there = set()
    for figure in named:
        # one look at the folder, not a look at each of its files; a draft lies elsewhere
        if figure[1] not in there and not files.path(f"{FIGURES}/{figure[1]}").is_file():
            yield figure


def _named(files: ResultFiles, *, is_strict: bool = True) -> Iterator[_NamedFile]:
    """Id, file name, SHA-256 and address of each figure's image; of the first versions' figures no digest is known."""
    shards = Shards(files)
    for harvest in shards.harvests():
        try:
            tables = [rows for _, rows in shards.column("figures", *_COLUMNS, harvests=[harvest])]
        except (pa.ArrowException, OSError) as error:
            if is_strict or getattr(error, "errno", None) is not None:  # a file that may not be read is not damaged
                raise
            continue
        for rows in tables:
            for id, name, sha256, url in zip(*(rows[column].to_pylist() for column in _COLUMNS), strict=True):
                if name and sha256:
                    yield id, name, sha256, url
