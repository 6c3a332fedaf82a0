"""Addresses to ask: the mirror instead of the publisher, and never one in a private network.

A publisher's page, or a redirect, may name any address, also that of a machine inside the user's institute or
of a cloud's metadata service (server-side request forgery, CWE-918). Such addresses are refused.
"""

import ipaddress
import socket
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from exsclaim.errors import GoneError, SettingsError, TransientFetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WAY_OUT = "if it is a server of yours, name it in EXSCLAIM_PRIVATE_HOSTS"
_PRIVATE_NAMES = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".lan", ".intranet", ".corp")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")  # RFC 5214, likewise
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # RFC 6890; Python before 3.13 takes parts of it for global
        "192.88.99.0/24",  # RFC 7526: 6to4 relays, given up
        "::/96",  # RFC 4291, 2.5.5.1: IPv4-compatible, given up
        "64:ff9b:1::/48",  # RFC 8215: NAT64 within a network
        "fec0::/10",  # RFC 3879: site-local, given up
        "5f00::/16",  # RFC 9602: segment routing within a network
        "3fff::/20",  # RFC 9637: documentation
    )
)


def parsed(url: str) -> SplitResult:
    """The parts of a URL that may be fetched.

    Raises:
        GoneError: it is not http(s), has no host, or carries a user name.
    """
    if any(unicodedata.category(character) == "Cc" for character in url):
        raise GoneError(url, "not a URL that can be fetched: it has control characters")
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

    Raises:
        GoneError: it leads to what is no URL.
    """
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()  # headers come as Latin-1, and many servers send UTF-8
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


def address_parts(address: str) -> SplitResult:
    """Parts of an address that a page names; all are empty where it is none ("http://[::1")."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def joined_address(base: str, address: str) -> str:
    """An address as a page at `base` means it; "" where it is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


class PrivateHosts:
    """Hosts inside a private network that the user wants to be asked: an institute's own repository or image server.

    `named` are host names ("repository.lab.local"), addresses, and networks ("10.20.0.0/16").

    Raises:
        SettingsError: one is neither.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for each in named:
            try:
                self._networks.append(ipaddress.ip_network(each.strip("[]")))
            except ValueError:
                if "/" in each or not each:
                    raise SettingsError(
                        f"EXSCLAIM_PRIVATE_HOSTS: {each!r} is neither a host name nor a network such as 10.20.0.0/16"
                    ) from None
                self._names.add(_plain(each))

    def include(self, host: str, address: Address | None = None) -> bool:
        """True if a host, or the address that it has, was named."""
        if _plain(host) in self._names:
            return True
        return address is not None and any(
            address in network for network in self._networks if network.version == address.version
        )


def refuse_private(url: str, allowed: PrivateHosts) -> None:
    """Let only addresses pass that are public as far as they say so themselves, in whatever spelling.

    A name may still lead to a private address: `public_addresses` looks at that before a connection is made.

    Raises:
        GoneError: the host is a loopback, private, link-local or reserved address, or a name of this machine or net.
    """
    host = _plain(parsed(url).hostname or "")
    address = _literal(host)
    if allowed.include(host, address):
        return
    if address is None and ("." not in host or host.endswith(_PRIVATE_NAMES)):
        raise GoneError(url, f"refused: {host} is a private address; {_WAY_OUT}")
    if address is not None and not _is_public(address):
        raise GoneError(url, f"refused: {host} is the private address {address}; {_WAY_OUT}")


def public_addresses(url: str, host: str, port: int, allowed: PrivateHosts) -> list[str]:
    """The addresses of a host, all of them public: connect to these, and not to its name, which may change meanwhile.

    Raises:
        GoneError: one of them is a loopback, private, link-local or reserved address that `allowed` does not include.
        TransientFetchError: the name cannot be resolved now.
    """
    addresses = _resolved(url, host, port)
    for address in addresses:
        if not _is_public(address) and not allowed.include(host, address):
            raise GoneError(url, f"refused: {host} is the private address {address}; {_WAY_OUT}")
    return [str(address) for address in addresses]


def _plain(host: str) -> str:
    """A host as resolvers take it: full-width digits, ideographic full stops, %2e and a last dot make no difference."""
    return unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".").strip("[]").rstrip(".").lower()


def _literal(host: str) -> Address | None:
    """The address that a host is without being looked up, also as "2130706433", "127.1", "0x7f.0.0.1"."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host and not host.isspace() else None
    except (OSError, UnicodeError, ValueError):
        return None


def _is_public(address: Address) -> bool:
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if embedded is None and (address in _NAT64 or address.packed[8:12] in _ISATAP):
            embedded = ipaddress.IPv4Address(address.packed[12:])
        if embedded is not None:
            return _is_public(embedded)
    return address.is_global and not address.is_multicast


def _resolved(url: str, host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise TransientFetchError(url, f"the name {host} cannot be resolved: {error.strerror}") from error
    except (UnicodeError, ValueError) as error:
        raise GoneError(url, f"{host!r} is not a host name") from error
    return list(dict.fromkeys(ipaddress.ip_address(str(answer[4][0]).split("%")[0]) for answer in answers))
