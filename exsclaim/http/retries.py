"""Trying again what may heal: exponential backoff with jitter, or the pause that the server asked for."""

import datetime as dt
import logging
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TypeVar

import tenacity

from exsclaim.errors import QuotaError, TransientFetchError

MAX_RETRY_AFTER_S = 120.0
"""A server that wants a longer pause is left alone; the next harvest asks it again."""
TOTAL_S = 600.0
"""All tries of one request together, pauses included."""
MAX_BACKOFF_S = 60.0
SHOWN_QUERY = 40
LONGEST_WAIT_S = 7 * 86_400.0
"""A server that asks for more is asked again after a week: nothing that it says now holds for longer."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class WaitFirstError(TransientFetchError):
    """The server named a time (Retry-After) before which another try is useless."""

    retry_after_s: float = 0.0
    is_quota: bool = False
    """True if all requests to the host are useless until then."""


def _without_long_query(url: str) -> str:
    """The URL for people: of a search, whose terms may fill a screen, no more than the beginning of its query."""
    address, mark, query = url.partition("?")
    return url if len(query) <= SHOWN_QUERY else f"{address}{mark}{query[:SHOWN_QUERY]}…"


def retried(
    url: str, fetch: Callable[[], T], *, attempts: int, pause_s: float, sleep: Callable[[float], None],
    on_retry: Callable[[], None],
) -> T:  # fmt: skip
    """Call `fetch`, up to `attempts` times while it raises TransientFetchError; gives what it returns.

    `pause_s` is the pause before the second try, doubled before each further one, with jitter.

    Raises:
        TransientFetchError: no try succeeded within `attempts` and `TOTAL_S`, or the server wants a pause of more
            than `MAX_RETRY_AFTER_S`. Its `attempts` says how many tries there were.
        QuotaError: the host's quota is used up.
    """
    backoff = tenacity.wait_exponential_jitter(multiplier=pause_s, max=MAX_BACKOFF_S, jitter=pause_s)

    def wait_s(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return max(backoff(state), error.retry_after_s if isinstance(error, WaitFirstError) else 0.0)

    def heals_soon(error: BaseException) -> bool:
        if isinstance(error, WaitFirstError):
            return error.retry_after_s <= MAX_RETRY_AFTER_S
        return isinstance(error, TransientFetchError)

    def tell(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        cause = error.cause if isinstance(error, TransientFetchError) and error.url == url else error
        # once is news; how many tries there were says the failure, if it comes to that
        level = logging.INFO if state.attempt_number == 1 else logging.DEBUG
        log.log(level, "will be tried again: %s: %s", _without_long_query(url), cause)
        on_retry()

    retrying = tenacity.Retrying(
        stop=tenacity.stop_any(tenacity.stop_after_attempt(attempts), tenacity.stop_before_delay(TOTAL_S)),
        wait=wait_s,
        retry=tenacity.retry_if_exception(heals_soon),
        sleep=sleep,
        before_sleep=tell,
        reraise=True,
    )
    try:
        return retrying(fetch)
    except TransientFetchError as error:
        tried = int(retrying.statistics["attempt_number"])
        cause = error.cause if error.url == url else str(error)  # a redirect's target, or robots.txt
        kind = QuotaError if isinstance(error, WaitFirstError) and error.is_quota else TransientFetchError
        raise kind(url, cause, status=error.status, attempts=tried) from error


def retry_after_s(value: str | None, now: dt.datetime) -> float:
    """Seconds that a Retry-After header asks for: a number, or an HTTP date (RFC 9110, 10.2.3); 0 if unreadable.

    At most a week: a server that names a longer time is asked again then.
    """
    if value is None:
        return 0.0
    if value.strip().isascii() and value.strip().isdecimal():
        return min(float(value), LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(value)
        until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
        return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT_S)
    except (ValueError, OverflowError):
        return 0.0
