"""Everything that can go wrong on purpose: one tree, so that callers catch what they can name.

A message names the thing, the value and the way out. `heals` says whether the same call may succeed
later without anybody changing anything (a slow server) or not (a page that is gone): tasks retry only
what heals.
"""

from typing import TYPE_CHECKING, ClassVar

from exsclaim.untrusted_text import printable

if TYPE_CHECKING:
    from pydantic import ValidationError


class ExsclaimError(Exception):
    """Root of all errors that EXSCLAIM raises itself."""

    heals: ClassVar[bool] = False

    def __str__(self) -> str:
        """The message, harmless on a terminal and in a log whatever came from outside into it."""
        return printable(super().__str__(), lines=True)


class QueryError(ExsclaimError):
    """The query cannot be run. `problems` holds `(key, what is wrong)` for every fault found, not just the first."""

    def __init__(self, origin: str, problems: list[tuple[str, str]]) -> None:
        self.origin = origin
        self.problems = problems
        lines = "\n".join(f"  {key}: {what}" for key, what in problems)
        super().__init__(f"{origin} cannot be used as a query:\n{lines}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.origin, self.problems)


class SettingsError(ExsclaimError):
    """A setting (environment variable or exsclaim.toml) has a value that cannot be used."""


class FetchError(ExsclaimError):
    """A URL could not be fetched. `url`, `status` (None without an answer) and `attempts` say what was tried."""

    def __init__(self, url: str, cause: str, *, status: int | None = None, attempts: int = 1) -> None:
        self.url = url
        self.cause = printable(cause)
        self.status = status
        self.attempts = attempts
        super().__init__(printable(f"{url}: {cause}"))

    def __reduce__(self) -> tuple[object, ...]:
        # keyword-only arguments do not survive the default pickling of exceptions (process task runners)
        return _rebuild_fetch_error, (type(self), self.url, self.cause, self.status, self.attempts)


class TransientFetchError(FetchError):
    """Timeout, reset, broken body, status 408/425/429/5xx: worth another try."""

    heals = True


class QuotaError(TransientFetchError):
    """A spent quota of an API: it says until when, and is asked no more before."""


class BlockedError(FetchError):
    """The publisher refuses us (403, "are you a robot"), or robots.txt does. Trying again at once makes it worse."""


class GoneError(FetchError):
    """The address leads nowhere (404, 410, other 4xx, a refused redirect)."""


class BadContentError(FetchError):
    """An answer came, but it is not what the address promised: too large, wrong type, not an image."""


class PageFormatError(ExsclaimError):
    """A publisher's page was fetched but not understood: it lacks what every such page has."""


class ArchiveError(ExsclaimError):
    """An archive cannot be unpacked: damaged, too large, or with paths that lead out of it."""


class PdfError(ExsclaimError):
    """A PDF cannot be read: no PDF, damaged, encrypted, a scan without text, too large, or it broke its reader."""


class ImageError(ExsclaimError):
    """An image cannot be used: unreadable, empty, truncated, or too large to be decoded safely."""


class CaptionError(ExsclaimError):
    """A caption cannot be split."""


class WeightsError(ExsclaimError):
    """A model's weights are damaged, or made for another version of the code."""


class GoldError(ExsclaimError):
    """Gold data (true panels, labels, scale bars, caption segments) cannot be scored against: missing or malformed."""


class TrainingError(ExsclaimError):
    """A training, or the drawing of figures for it, ended before it was done."""


class DatasetError(ExsclaimError):
    """A folder is no published data set, cannot be read as one, or has not what is asked for."""


class StoreError(ExsclaimError):
    """The content-addressed store lacks what it should hold, or holds what it should not."""


class UnreachableError(StoreError):
    """The store or the results lie on another machine that did not answer: worth another try."""

    heals = True


class BusyError(ExsclaimError):
    """Another process is at work on the same results."""

    heals = True


class PoolError(ExsclaimError):
    """The machines that the work was handed to did not do it: none is there, or none finished in time."""

    heals = True


class WorkerLostError(ExsclaimError):
    """A process or machine that took part in the work died."""

    heals = True


class NightError(ExsclaimError):
    """Some queries of a night were not harvested; the others were."""


class MachineError(ExsclaimError):
    """A fault of this machine, not of what was worked on: no space, no memory, a folder that cannot be written."""


class DefectError(ExsclaimError):
    """A fault of EXSCLAIM itself, met on one article or figure; the traceback is in the harvest's log."""


def faults_told(error: "ValidationError", whole: str, most: int | None = None) -> str:
    """The faults that pydantic found, at most so many, each with its key; one without a key is of the `whole`."""
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or whole}: {fault['msg']}" for fault in error.errors()[:most])


def _rebuild_fetch_error(kind: type[FetchError], url: str, cause: str, status: int | None, attempts: int) -> FetchError:
    return kind(url, cause, status=status, attempts=attempts)
