"""robots.txt (RFC 9309): one set of rules per host, fetched once a day, shared by all threads."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from exsclaim.errors import BlockedError

AGENT = "exsclaim"
MAX_AGE_S = 24 * 3600
MAX_RULES_BYTES = 512 * 1024
"""RFC 9309, 2.5: parsers may stop after 500 KiB."""
MAX_CRAWL_DELAY_S = 300.0


OPEN_TO_PROGRAMS = (
    "https://export.arxiv.org/",  # https://info.arxiv.org/help/bulk_data.html: "set aside for programmatic access"
    "https://oaipmh.arxiv.org/",  # https://info.arxiv.org/help/oa/index.html
    "https://www.ebi.ac.uk/europepmc/webservices/",  # https://europepmc.org/RestfulWebService
    "https://api.crossref.org/",  # https://www.crossref.org/documentation/retrieve-metadata/rest-api/
    "https://pmc-oa-opendata.s3.amazonaws.com/",  # https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/
)
"""Interfaces that operators document for programs. The robots.txt of those hosts is for crawlers, and that of arXiv
keeps them out of the very API; the terms of the interfaces hold, and their pace (`exsclaim.http.ratelimit.PACES`)."""


def is_open_to_programs(url: str) -> bool:
    """True if an address belongs to an interface that its operator made for programs: no robots.txt is asked for it."""
    return url.startswith(OPEN_TO_PROGRAMS)


class Robots:
    """The rules of every host that was asked.

    `fetch(url)` returns the body of a host's robots.txt, or None where it has none (4xx, no text, redirects without
    end: everything is allowed, RFC 9309 2.3.1.2 and 2.3.1.3); what it raises (unreachable, 5xx) goes through to the
    caller and is not kept.
    """

    def __init__(self, fetch: Callable[[str], bytes | None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._host_locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, tuple[float, Protego]] = {}

    def crawl_delay_s(self, url: str, *, source: str) -> float:
        """Seconds that the host wants between two requests (0 where it says nothing), if `url` may be fetched.

        Raises:
            BlockedError: the rules disallow `url`, or want more than `MAX_CRAWL_DELAY_S` between requests.
        """
        rules = self._of_host(url)
        if not rules.can_fetch(url, AGENT):
            raise BlockedError(
                url,
                "robots.txt disallows this address; with the publisher's leave, allow it by naming the source: "
                f"EXSCLAIM_IGNORE_ROBOTS='[\"{source}\"]'",
            )
        delay_s = rules.crawl_delay(AGENT) or 0.0
        if delay_s > MAX_CRAWL_DELAY_S:
            raise BlockedError(url, f"robots.txt wants {delay_s:g} s between requests: too slow to harvest")
        return delay_s

    def _of_host(self, url: str) -> Protego:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            host_lock = self._host_locks.setdefault(host, threading.Lock())
        with host_lock:
            fetched_at, rules = self._rules.get(host, (-MAX_AGE_S - 1.0, None))
            if rules is None or self._clock() - fetched_at > MAX_AGE_S:
                body = self._fetch(f"{host}/robots.txt") or b""
                rules = Protego.parse(body[:MAX_RULES_BYTES].decode("utf-8-sig", "replace"))
                self._rules[host] = self._clock(), rules
            return rules
