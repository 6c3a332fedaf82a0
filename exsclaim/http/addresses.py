"""Where a URL leads: the mirror instead of the publisher, and never into a private network.

A publisher's page, or a redirect, may name any address, also that of a machine inside the user's institute or
of a cloud's metadata service (server-side request forgery, CWE-918). Such addresses are refused.
"""

import ipaddress
import socket
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from exsclaim.errors import GoneError, TransientFetchError


def parsed(url: str) -> SplitResult:
    """The parts of a URL that may be fetched.

    Raises:
        GoneError: it is not http(s), has no host, or carries a user name.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise GoneError(url, f"not a URL that can be fetched: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise GoneError(url, f"refused: only http and https addresses are fetched, not {parts.scheme or 'none'!r}")
    if parts.username is not None or parts.password is not None:
        raise GoneError(url.replace(parts.netloc, host), "refused: the address carries a user name")
    return parts


def mirrored(url: str, mirror: str | None) -> str:
    """The URL to ask: `https://host/path?query` becomes `{mirror}/host/path?query`; unchanged without a mirror."""
    if mirror is None:
        return url
    parts = parsed(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{mirror.rstrip('/')}/{parts.netloc}{parts.path or '/'}{query}"


def redirected(url: str, location: str, mirror: str | None) -> str:
    """The publisher's URL that a redirect from `url` leads to.

    A mirror may name itself (`{mirror}/host/path`, or that as an absolute path) or the publisher: both come out as
    the publisher's address, so that the next request goes through the mirror again.
    """
    if mirror is not None:
        prefix = mirror.rstrip("/") + "/"
        root = urlsplit(prefix).path
        if location.startswith(prefix):
            location = "https://" + location[len(prefix) :]
        elif location.startswith(f"{root}{urlsplit(url).netloc}/"):
            location = "https://" + location[len(root) :]
    try:
        target = urlsplit(urljoin(url, location))
    except ValueError as error:
        raise GoneError(url, f"redirects to {location!r}, which is not a URL: {error}") from error
    return urlunsplit(target._replace(fragment=""))


def refuse_private(url: str, *, resolve: bool) -> None:
    """Let only public addresses pass. `resolve=False` (mirror or proxy asks for us) looks at the name alone.

    Raises:
        GoneError: the host is, or resolves to, a loopback, private, link-local or reserved address.
        TransientFetchError: the host's name cannot be resolved now.
    """
    parts = parsed(url)
    host = parts.hostname or ""
    try:
        addresses = [ipaddress.ip_address(host)]
    except ValueError:
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            raise GoneError(url, f"refused: {host} is a private address") from None
        addresses = _resolved(url, host, parts.port or 443) if resolve else []
    for address in addresses:
        if not _is_public(address):
            raise GoneError(url, f"refused: {host} is the private address {address}")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if embedded is not None:
            return _is_public(embedded)
    return address.is_global and not address.is_multicast


def _resolved(url: str, host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise TransientFetchError(url, f"the name {host} cannot be resolved: {error.strerror}") from error
    except UnicodeError as error:
        raise GoneError(url, f"{host!r} is not a host name") from error
    return [ipaddress.ip_address(str(answer[4][0]).split("%")[0]) for answer in answers]
