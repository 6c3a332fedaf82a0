"""Faults of single things (a page, a figure), and the one rule by which they are tried again.

What may heal (a slow server, a refusal, a fault of this machine) is tried by every harvest of its query, and by
`retry-failures` 1, 2, 4, 8, 16, 32 and 64 days after it failed first, unless a harvest has tried it since. After a
try on the 64th day or later it is given up. What is given up, and what failed for good in the first place (a page that
is gone), rests for seven days after each try and is then tried by a harvest that meets it.

Days are whole days (UTC) and there is no jitter: who knows the ledger knows what will be tried when.
"""

import datetime as dt
import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from exsclaim.errors import (
    BlockedError,
    DefectError,
    ExsclaimError,
    FetchError,
    MachineError,
    SettingsError,
    StoreError,
    UnreachableError,
    WeightsError,
    WorkerLostError,
)
from exsclaim.records import Record
from exsclaim.storage import plainly

RETRY_AFTER_DAYS = (1, 2, 4, 8, 16, 32, 64)
"""Days after the first failure on which `retry-failures` tries again; after the last, it is given up."""
REST_DAYS = 7
REST = dt.timedelta(days=REST_DAYS)
"""Time for which a thing that failed for good is left alone before somebody looks again."""
_TRIED_BY_NEXT_HARVEST = (BlockedError, SettingsError, StoreError, WeightsError, MachineError)
"""Do not heal by themselves, but the fault is not in the thing: once access or installation is right, it works."""
OF_THE_MACHINE = (MachineError, WeightsError, UnreachableError, WorkerLostError)
"""Not of the thing that was worked on: whatever comes next would meet them as well."""
_ELSEWHERE = "or choose another place (EXSCLAIM_HOME, EXSCLAIM_STORE, EXSCLAIM_RESULTS, results_dir of the query)"
_WAYS_OUT = {
    errno.ENOSPC: "free space on that disk, and start again: what is done is kept",
    errno.EDQUOT: "free space within your quota, and start again: what is done is kept",
    errno.EACCES: f"let this user write there, {_ELSEWHERE}",
    errno.EPERM: f"let this user write there, {_ELSEWHERE}",
    errno.EROFS: f"mount that disk writable, {_ELSEWHERE}",
    errno.ENOTDIR: f"a file lies where a folder is wanted; move it away, {_ELSEWHERE}",
    errno.EEXIST: f"a file lies where a folder is wanted; move it away, {_ELSEWHERE}",
    errno.EISDIR: f"a folder lies where a file is wanted; move it away, {_ELSEWHERE}",
    errno.EMFILE: "let processes open more files: ulimit -n 4096",
}
"""Number of an OSError -> what its owner can do about it."""
_NO_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")


SEARCH_STATUSES = {
    "unreachable": ("TransientFetchError", "GoneError"),
    "refusing": ("BlockedError",),
    "out_of_quota": ("QuotaError",),
    "not_understood": ("BadContentError", "PageFormatError"),
    "not_set_up": ("SettingsError",),
    "in_error": ("DefectError", "MachineError", "StoreError", "WeightsError"),
}
"""Status of a source that could not be searched to the end -> the errors that end a search so."""

NAMED = "(named there: {})"
"""End of a cause that names what one figure lacks."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Fault(Record):
    """One error that was met on one thing, as it is kept and told."""

    error: str
    """Class of the error, a name of `exsclaim.errors`."""
    cause: str
    url: str
    """Address that was asked last; "" where none was."""
    attempts: int = 1
    will_retry: bool
    """The next harvest tries it: the fault may heal, or is not in the thing."""

    @classmethod
    def of(cls, error: BaseException, url: str = "") -> "Fault":
        """The fault that an error is; one that nobody foresaw is a defect of EXSCLAIM, or this machine's fault."""
        known = named(error)
        cause, asked, attempts = str(known), url, 1
        if isinstance(known, FetchError):
            cause, asked, attempts = known.cause, known.url or url, known.attempts
        will_retry = known.heals or isinstance(known, _TRIED_BY_NEXT_HARVEST)
        return cls(error=type(known).__name__, cause=cause, url=asked, attempts=attempts, will_retry=will_retry)


class Failure(Record):
    """One thing that could not be done. Dates are days."""

    stage: str
    id: str
    url: str
    cause: str
    error: str
    """Class of the error, a name of `exsclaim.errors`."""
    attempts: int
    """Over all harvests since it last worked."""
    will_retry: bool
    """The next harvest tries it. If not, it is left alone until `retry_after`."""
    retry_after: dt.date | None
    first_failed: dt.date
    last_tried: dt.date
    harvest: str

    @property
    def is_of_own_file(self) -> bool:
        """True if it was met on a file of this machine, or a figure that one names, which its user may mend."""
        return self.url.startswith("file:///") or ":file:///" in self.id

    @property
    def thing(self) -> str:
        """The source, article or figure that failed, by its id; a file of this machine by its path."""
        source, of_file, address = self.id.partition(":file:///")
        if not of_file:
            return self.id
        path, of_figure, figure = address.partition("#")  # a "#" of the path is written as %23
        return f"{source}:{plainly(f'file:///{path}')}{of_figure}{figure}"

    @property
    def place(self) -> str:
        """Address that it was met at, or the file of this machine, as people write it."""
        return plainly(self.url or self.id)

    @property
    def own_cause(self) -> str:
        """The cause without the name of the file that it begins with, which stands before it."""
        named = self.cause.partition(": ")[0]
        path = unquote(self.url.partition("?")[0])
        is_its_name = path.endswith(f"/{named}") or (not self.url and named == self.id)
        return self.cause.removeprefix(f"{named}: ") if is_its_name else self.cause

    @property
    def shared_cause(self) -> str:
        """The cause without names, also of the image that a figure lacks: so one cause of many things is one."""
        return self.own_cause.partition(NAMED.partition("{")[0])[0].rstrip()

    @property
    def tried_again(self) -> str:
        """Words on when it is tried again; a file of this machine has changed when it is another version."""
        if self.will_retry:
            return "tried again by the next harvest"
        if self.is_of_own_file:
            return f"tried again as soon as the file is changed, else on {self.retry_after}"
        return f"left alone until {self.retry_after}"

    @property
    def search_status(self) -> str:
        """Status of the source whose search this is: a name of `SEARCH_STATUSES`."""
        return next((status for status, errors in SEARCH_STATUSES.items() if self.error in errors), "unreachable")

    def is_due(self, today: dt.date) -> bool:
        """True if `retry-failures` tries it today; what was tried on a day to come, by a wrong clock, always is."""
        day = next_retry(self.first_failed, self.last_tried)
        return self.will_retry and (self.last_tried > today or (day is not None and day <= today))


def named(error: BaseException) -> ExsclaimError:
    """The error as one of our own: itself, a fault of this machine, or a defect of EXSCLAIM."""
    if isinstance(error, ExsclaimError):
        return error
    text = str(error).lower()
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and any(sign in text for sign in _NO_MEMORY)):
        return MachineError("not enough memory on this machine: lower EXSCLAIM_WORKERS, or give it more")
    # libraries that decode images raise OSError without a number: that is the image's fault
    if isinstance(error, OSError) and error.errno is not None:
        place = f" ({error.filename})" if error.filename else ""
        way = _WAYS_OUT.get(error.errno, "a fault of this machine, not of what was worked on")
        if error.errno == errno.EEXIST and _leads_nowhere(error.filename):
            way = f"a link there leads to nothing (a disk that is not mounted?); make it, {_ELSEWHERE}"
        return MachineError(f"{os.strerror(error.errno)}{place}: {way}")
    if isinstance(error, sqlite3.OperationalError):
        return MachineError(f"a database of this machine could not be used ({error}): is its disk full, or locked?")
    if type(error) is sqlite3.DatabaseError:  # those that say what a caller did wrong are of kinds of their own
        return StoreError(
            f"a database of EXSCLAIM_HOME is damaged ({error}): start again, which names the ledger if it is that; "
            "staging/ there may be removed"
        )
    return DefectError(f"defect of EXSCLAIM: {type(error).__name__}: {error}")


def _leads_nowhere(place: object) -> bool:
    return isinstance(place, str | Path) and Path(place).is_symlink() and not Path(place).exists()


@contextmanager
def machine_faults_named() -> Iterator[None]:
    """Within, errors of folders and databases of this machine come as `MachineError`, with the way out."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise named(error) from error
    except sqlite3.DatabaseError as error:
        if (known := named(error)).__class__ is DefectError:
            raise
        raise known from error


def attempt(what: str, call: Callable[[], T], url: str = "") -> T | Fault:
    """Call for one thing of several: gives its value, or the fault that it met, which is no reason to stop the others.

    Args:
        what: names the thing in the log.
        url: its address, where the error names none.

    Raises:
        MachineError, WeightsError, UnreachableError, WorkerLostError: the fault is not in the thing.
    """
    try:
        return call()
    except Exception as error:
        known = named(error)
        if isinstance(known, OF_THE_MACHINE):
            raise known from error
        level = logging.ERROR if isinstance(known, DefectError) else logging.INFO
        log.log(level, "%s: %s", what, known, exc_info=error if isinstance(known, DefectError) else None)
        return Fault.of(known, url)


def is_given_up(first_failed: dt.date, last_tried: dt.date) -> bool:
    """True if a failure that might heal has had its last chance."""
    return last_tried >= first_failed + dt.timedelta(days=RETRY_AFTER_DAYS[-1])


def next_retry(first_failed: dt.date, last_tried: dt.date) -> dt.date | None:
    """First day on which `retry-failures` tries it; None if it is given up. A day that was missed is made up for."""
    days = (first_failed + dt.timedelta(days=days) for days in RETRY_AFTER_DAYS)
    return next((day for day in days if day > last_tried), None)
