"""Asking publishers politely: who we are, what robots.txt allows, at their pace, once, and never twice for the same.

Every body lands in the store by its sha256, so that a later run can read it again without a request.
"""

import datetime as dt
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import requests
import urllib3
from requests.exceptions import InvalidProxyURL, InvalidSchema
from requests.utils import get_environ_proxies, select_proxy

from exsclaim import __version__
from exsclaim.errors import BadContentError, BlockedError, FetchError, GoneError, SettingsError, TransientFetchError
from exsclaim.http.addresses import PrivateHosts, mirrored, parsed, public_addresses, redirected, refuse_private
from exsclaim.http.connections import Exchange, GuardedSession
from exsclaim.http.credentials import Credentials
from exsclaim.http.hosts_left_alone import HostsLeftAlone
from exsclaim.http.ratelimit import RateLimiter, interval_s
from exsclaim.http.responses import REFUSING, Answer, Look, check_file, check_image, check_page, read_answer
from exsclaim.http.retries import MAX_RETRY_AFTER_S, TOTAL_S, WaitFirstError, retried
from exsclaim.http.robots import AGENT, MAX_RULES_BYTES, Robots, is_open_to_programs
from exsclaim.settings import Settings
from exsclaim.store import Store, StoredResponse

PROJECT_URL = "https://github.com/exsclaim/exsclaim"
MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PATIENCE = 2.0
"""Headers, and every 32 KiB more, are there within so many times `EXSCLAIM_TIMEOUT_S`, the time between two bytes."""
logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings show whole addresses, in which a key may stand


class _RequestOptions(NamedTuple):
    """Terms of a request. `source` None asks for robots.txt itself, which needs no permission."""

    source: str | None
    headers: Mapping[str, str] = MappingProxyType({})
    """Validators of a conditional request."""
    limit: str | None = "max_response_mb"
    """The setting that limits the answer's size; without one it is read as far as robots.txt has to be."""
    credentials: Credentials | None = None

    def key_for(self, url: str) -> Credentials | None:
        return self.credentials if self.credentials is not None and self.credentials.cover(url) else None


class Client:
    """Fetches pages and images for all threads of a harvest. `sleep` is a parameter so that tests need not wait.

    `counts` tells what was done: `requests` (sent, redirects and robots.txt included), `retries`, `reused` (answered
    from the store, not modified ones included), `bytes` (of bodies received, unpacked). `retries` tells those of each
    source. `store` is where bodies are.
    """

    def __init__(self, settings: Settings, store: Store, *, sleep: Callable[[float], None] = time.sleep) -> None:
        contact = f"; mailto:{settings.contact}" if settings.contact else ""
        self.user_agent = f"{AGENT}/{__version__} (+{PROJECT_URL}{contact})"
        if not (self.user_agent.isascii() and self.user_agent.isprintable()):
            raise SettingsError(f"EXSCLAIM_CONTACT: {settings.contact!r} cannot be sent: plain ASCII is needed")
        self.counts: Counter[str] = Counter(requests=0, retries=0, reused=0, bytes=0)
        self.retries: Counter[str] = Counter()
        self._settings = settings
        self.store = store
        self._sleep = sleep
        self._private = PrivateHosts(settings.private_hosts)
        self._limiter = RateLimiter(sleep=sleep, shared=settings.home / "pace")
        self._robots = Robots(self._robots_txt)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._hosts = HostsLeftAlone()

    def page(
        self, url: str, *, source: str, fresh: bool = False, credentials: Credentials | None = None
    ) -> StoredResponse:
        """The page at `url`, from the store where it was fetched before, else fetched and kept.

        `fresh=True` asks the server whether it changed (ETag, Last-Modified) and keeps the new body if so.
        `credentials` open an API; its robots.txt is not asked: the key is the permission. With a mirror, the mirror
        gets them.

        Raises:
            TransientFetchError: nothing came in `EXSCLAIM_HTTP_ATTEMPTS` tries, or the server wants a long pause.
            BlockedError: the publisher or its robots.txt refuses us. `source` is what EXSCLAIM_IGNORE_ROBOTS names.
            GoneError: there is no such page, or the address is one that is never asked.
            BadContentError: it is too large, or no text.
        """
        return self._get(url, source, fresh, check_page, credentials)

    def image(
        self, url: str, *, source: str, fresh: bool = False, credentials: Credentials | None = None, look: Look = None
    ) -> StoredResponse:
        """The image at `url`, as `page`; kept only if it decodes to its last row: then `look` may use up the picture.

        Raises:
            TransientFetchError, BlockedError, GoneError: as `page`; a file that breaks off is transient.
            BadContentError: it is no image, damaged, or larger than `EXSCLAIM_MAX_IMAGE_MEGAPIXELS`.
        """
        check = partial(check_image, max_megapixels=self._settings.max_image_megapixels, look=look)
        return self._get(url, source, fresh, check, credentials)

    def file(
        self, url: str, *, source: str, fresh: bool = False, credentials: Credentials | None = None
    ) -> StoredResponse:
        """The archive or document at `url`, as `page`; up to `EXSCLAIM_MAX_FILE_MB` of it.

        What it is, is for the caller to find out. Raises as `page`; BadContentError also where a web page came.
        """
        return self._get(url, source, fresh, check_file, credentials, "max_file_mb")

    def _get(
        self, url: str, source: str, fresh: bool, check: Callable[[str, Answer, bytes], None],
        credentials: Credentials | None, limit: str = "max_response_mb",
    ) -> StoredResponse:  # fmt: skip
        known = self.store.recall(url)
        if known is not None and not fresh:
            self._count("reused")
            return known
        validators = {} if known is None else {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        headers = {name: value for name, value in validators.items() if value}

        def attempt() -> StoredResponse:
            answer = self._follow(url, _RequestOptions(source, headers, limit, credentials))
            if answer.body is None and known is not None:
                self._count("reused")
                return known
            body = answer.body or b""
            body = credentials.struck_out_of(body) if credentials else body
            check(url, answer, body)
            response = StoredResponse(
                url=url, final_url=answer.url, sha256=self.store.put(body), content_type=answer.content_type,
                etag=answer.headers.get("ETag"), last_modified=answer.headers.get("Last-Modified"),
                fetched_on=dt.datetime.now(dt.UTC).date(),
            )  # fmt: skip
            self.store.remember(response)
            return response

        try:
            return retried(
                url,
                attempt,
                attempts=self._settings.http_attempts,
                pause_s=self._settings.retry_delay_s,
                sleep=self._sleep,
                on_retry=lambda: self._count_retry(source),
            )
        except FetchError as error:
            if credentials is None:
                raise
            raise credentials.explained(error) from None  # what it came from may name the address with the key

    def _robots_txt(self, url: str) -> bytes | None:
        try:
            # what heals is tried again with the page that needs it
            return self._follow(url, _RequestOptions(None, limit=None)).body
        except (GoneError, BadContentError):  # none, redirected for ever or to nowhere, or no text
            return None
        except BlockedError as error:
            if error.status is not None and 400 <= error.status < 500:
                return None
            raise

    def _follow(self, url: str, options: _RequestOptions) -> Answer:
        """Ask `url` and go where it leads."""
        here = url
        for _ in range(MAX_REDIRECTS + 1):
            there, answer = self._ask(here, options)
            if answer is not None:
                return answer
            here = there
        raise GoneError(url, f"more than {MAX_REDIRECTS} redirects, the last to {here}")

    def _ask(self, url: str, options: _RequestOptions) -> tuple[str, Answer | None]:
        host = parsed(url).netloc
        mirror = self._settings.mirror
        asked = mirrored(url, mirror)
        refuse_private(url, self._private)
        self._hosts.refuse(url, host)
        key, source = options.key_for(url), options.source
        delay_s = key.pause_s if key else 0.0
        is_asked = source is not None and source not in self._settings.ignore_robots
        if key is None and source is not None and is_asked and not is_open_to_programs(url):
            delay_s = self._robots.crawl_delay_s(url, source=source)
        if mirror is not None:
            return self._send(url, asked, options)
        with self._limiter.turn(host, max(delay_s, interval_s(host, self._settings.requests_per_second))):
            return self._send(url, asked, options)

    def _send(self, url: str, asked: str, options: _RequestOptions) -> tuple[str, Answer | None]:
        key = options.key_for(url)
        exchange = Exchange(
            lambda host, port: self._addresses(url, host, port),
            patience_s=PATIENCE * self._settings.timeout_s, total_s=TOTAL_S,
        )  # fmt: skip
        self._count("requests")
        with exchange:
            try:
                response = self._session().get(
                    key.signed(asked) if key else asked,
                    headers={**options.headers, **(key.headers if key else {})},
                    timeout=self._settings.timeout_s,
                    allow_redirects=False,
                    stream=True,
                )
            # the last two are of a proxy that cannot be used, which says nothing of the address
            except (requests.Timeout, requests.ConnectionError, InvalidSchema, InvalidProxyURL) as error:
                cause = f"too slow: {exchange.limits}" if exchange.expired else _innermost(error)
                raise TransientFetchError(url, f"no answer: {cause}") from error
            except (requests.RequestException, UnicodeError, ValueError) as error:
                raise GoneError(url, f"cannot be asked: {error}") from error
            with closing(response):
                return self._read(url, response, options, exchange)

    def _addresses(self, url: str, host: str, port: int) -> list[str]:
        """Addresses to connect to: a mirror and a proxy are the user's own, and are asked wherever they are."""
        if self._settings.mirror is not None or select_proxy(url, get_environ_proxies(url)):
            return [host]
        return public_addresses(url, host, port, self._private)

    def _read(
        self, url: str, response: requests.Response, options: _RequestOptions, exchange: Exchange
    ) -> tuple[str, Answer | None]:
        """The address that a redirect leads to, or the answer."""
        host, key = parsed(url).netloc, options.key_for(url)
        location = response.headers.get("Location")
        if response.status_code in REDIRECTS and location:
            there = redirected(url, location, self._settings.mirror)
            return options.credentials.without(there) if options.credentials else there, None
        limit = options.limit
        max_bytes = int(getattr(self._settings, limit) * 1e6) if limit else MAX_RULES_BYTES
        try:
            answer = read_answer(
                url, response, exchange, max_bytes=max_bytes, conditional=bool(options.headers),
                setting=limit.upper() if limit else None,
            )  # fmt: skip
        except WaitFirstError as error:
            if error.is_quota and error.retry_after_s > MAX_RETRY_AFTER_S:
                self._hosts.note_rest(host, error)
            else:
                self._limiter.hold(host, min(error.retry_after_s, MAX_RETRY_AFTER_S))
            raise
        except BlockedError as error:
            # robots.txt may be kept from us, and one article from a key: that says nothing of the others
            excused = options.source is None or key is not None
            if not (excused and error.status in REFUSING):
                self._hosts.note_refusal(host)
            raise
        self._hosts.note_answer(host)
        self._count("bytes", len(answer.body or b""))
        return url, answer

    def _session(self) -> requests.Session:
        """A session per thread: its cookies end the redirects by which publishers set them."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = GuardedSession()
            session.headers.update({"User-Agent": self.user_agent, "Accept-Encoding": "gzip"})
            self._local.session = session
        return session

    def _count_retry(self, source: str) -> None:
        self._count("retries")
        with self._lock:
            self.retries[source] += 1

    def _count(self, what: str, n: int = 1) -> None:
        with self._lock:
            self.counts[what] += n


def _innermost(error: BaseException) -> str:
    """Words of the innermost error, without the objects it was met in: requests and urllib3 wrap it several times."""
    while (inner := error.args[0] if error.args else None) is not error and isinstance(inner, BaseException):
        error = inner
    error = reason if isinstance(reason := getattr(error, "reason", None), BaseException) else error
    # "<HTTPSConnection(host='x', port=443) at 0x7f…>: Failed to …"
    words = re.sub(r"^<?[\w.]+\(host=.*?\)(?: at 0x[0-9a-f]+>)?: ", "", str(error))
    return words if isinstance(error, urllib3.exceptions.HTTPError) else f"{type(error).__name__}: {words}"
