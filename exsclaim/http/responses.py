"""The meaning of a response: a body to keep, or one of our errors (RFC 9110, 15, and what publishers make of it)."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

import requests
from PIL import Image

from exsclaim.errors import BadContentError, BlockedError, FetchError, GoneError, ImageError, TransientFetchError
from exsclaim.http.bodies import TruncatedImageError, decoded, read_body
from exsclaim.http.connections import Exchange
from exsclaim.http.refusals import refusal, rest_s, said_by
from exsclaim.http.retries import WaitFirstError, retry_after_s

REFUSING = (401, 403, 451)
HEALING = (407, 408, 425, 429)
"""407 is a proxy's, whose password has to be renewed: the article is not gone."""
MAX_ERROR_PAGE_BYTES = 1_000_000

Look = Callable[[Image.Image], None] | None
"""Given a picture that was decoded to be checked, which nobody else uses."""


class Answer(NamedTuple):
    """A final answer of `url`. `body` is None where a 304 says that the body we have is still right."""

    url: str
    body: bytes | None
    headers: Mapping[str, str]
    """Looked up without regard to case."""

    @property
    def content_type(self) -> str:
        """Media type in lower case without parameters; empty where the server named none."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()


def read_answer(
    url: str, response: requests.Response, exchange: Exchange, *, max_bytes: int, conditional: bool, setting: str | None
) -> Answer:
    """Read a streamed response that is no redirect. `conditional` says that validators were sent with the request.

    `setting` names, for the error, what sets `max_bytes`; without one, what is beyond them is left out.

    Raises:
        TransientFetchError: status 407, 408, 425, 429, 5xx, or a broken body.
        BlockedError: status 401, 403, 451, or a page that refuses robots, with whatever status.
        GoneError: any other status 4xx.
        BadContentError: the body is too large, or the status is neither an error nor 200.
    """
    status = response.status_code
    if status == 304 and conditional:
        return Answer(url, None, response.headers)
    if status >= 400:
        body = _error_page(url, response, exchange)
    else:
        body = read_body(response, url, exchange, max_bytes=max_bytes, setting=setting)
    cause = f"status {status} {response.reason or ''}".rstrip()
    if sign := refusal(response.headers, body):
        raise BlockedError(url, f"the publisher refuses robots: {cause}, {sign}", status=status)
    now = dt.datetime.now(dt.UTC)
    if (words := said_by(body) if status >= 400 else "") and words not in cause:
        cause = f"{cause}: {words}"
    if status >= 400 and (rest := rest_s(status, response.headers, body, now)):
        until = f"{now + dt.timedelta(seconds=rest):%Y-%m-%d %H:%M} UTC"
        exhausted = WaitFirstError(url, f"quota until {until}: {cause}", status=status)
        exhausted.retry_after_s, exhausted.is_quota = rest, True
        raise exhausted
    if status in REFUSING:
        raise BlockedError(url, f"the publisher refuses us: {cause}", status=status)
    if status in HEALING or status >= 500:
        seconds = retry_after_s(response.headers.get("Retry-After"), now)
        if seconds == 0:
            raise TransientFetchError(url, cause, status=status)
        error = WaitFirstError(url, f"{cause}, to be asked again after {seconds:.0f} s", status=status)
        error.retry_after_s = seconds
        raise error
    if status >= 400:
        raise GoneError(url, cause, status=status)
    if status != 200:
        raise BadContentError(url, f"{cause} instead of a body", status=status)
    return Answer(url, body, response.headers)


def _error_page(url: str, response: requests.Response, exchange: Exchange) -> bytes:
    """The body of an error, for its words; where it cannot be fetched, the status says enough."""
    try:
        return read_body(response, url, exchange, max_bytes=MAX_ERROR_PAGE_BYTES)
    except FetchError:
        return b""


def check_page(url: str, answer: Answer, body: bytes) -> None:
    """Let pass what can be a page; raises TransientFetchError (empty) or BadContentError."""
    if not body:
        raise TransientFetchError(url, "broken body: it is empty", status=200)
    if answer.content_type.split("/")[0] in ("image", "audio", "video", "font"):
        raise BadContentError(url, f"a page was expected, not {answer.content_type}", status=200)


def check_file(url: str, answer: Answer, body: bytes) -> None:
    """Let pass what can be an archive or document; raises TransientFetchError (empty) or BadContentError."""
    if not body:
        raise TransientFetchError(url, "broken body: it is empty", status=200)
    if answer.content_type in ("text/html", "application/xhtml+xml"):
        raise BadContentError(url, f"a file was expected, not {answer.content_type}", status=200)


def check_image(url: str, answer: Answer, body: bytes, *, max_megapixels: float, look: Look = None) -> None:
    """Let pass an image that decodes to its last row; raises TransientFetchError (it breaks off) or BadContentError."""
    kind = answer.content_type
    if not (kind == "" or kind.startswith("image/") or kind.endswith("/octet-stream")):
        raise BadContentError(url, f"an image was expected, not {kind}", status=200)
    try:
        picture = decoded(body, max_megapixels=max_megapixels)
    except TruncatedImageError as error:
        raise TransientFetchError(url, f"broken body: {error}", status=200) from error
    except ImageError as error:
        if not body:
            raise TransientFetchError(url, "broken body: it is empty", status=200) from error
        raise BadContentError(url, str(error), status=200) from error
    if look is not None:
        look(picture)
