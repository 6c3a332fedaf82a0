"""Public addresses, in whatever spelling, and where strange redirects lead."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exsclaim.errors import GoneError, SettingsError
from exsclaim.http.addresses import PrivateHosts, mirrored, parsed, redirected, refuse_private
from tests.exsclaim.publisher import Bench, Reply

URL = "https://journal.example/articles/one"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "localhost.localdomain",
        "printer.local",
        "vault.internal",
        "intranet",
        "metadata",
        "router.lan",
        "１２７.０.０.１",
        "127。0。0。1",
        "127%2e0%2e0%2e1",
        "10.0.0.7",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.0.8",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.88.99.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fc00::1]",
        "[fd12::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001::1]",
        "[100::1]",
        "[2606:4700::5efe:10.0.0.1]",
        "[5f00::1]",
        "[3fff::1]",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises(GoneError, match=r"private address|not a URL"):
        refuse_private(f"http://{host}/x", PrivateHosts())


def is_allowed(url: str, private: PrivateHosts) -> bool:
    """True if the address is not refused."""
    try:
        refuse_private(url, private)
    except GoneError:
        return False
    return True


@pytest.mark.parametrize(
    "host",
    [
        "www.nature.com",
        "8.8.8.8",
        "134744072",
        "[2606:4700:4700::1111]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "xn--mnchen-3ya.example",
        "münchen.example",
        "1.example",
        "journal.example.",
        "localhost.example",
    ],
)
def test_public_addresses_pass(host: str) -> None:
    assert is_allowed(f"https://{host}/x", PrivateHosts())


@pytest.mark.parametrize("host", ["2130706433", "127.1", "localhost.", "[64:ff9b::127.0.0.1]", "0x7f.1"])
def test_a_mirror_is_not_asked_for_them_either(bench: Bench, host: str) -> None:
    bench.publisher.otherwise = lambda asked: Reply(b"secret")
    with pytest.raises(GoneError, match="private address"):
        bench.client(ignore_robots=["nature"]).page(f"http://{host}/", source="nature")
    assert bench.publisher.asked == []


def test_what_the_user_named_passes_and_nothing_else() -> None:
    allowed = PrivateHosts(["Repository.lab.local", "10.20.0.0/16", "fd00::/8"])
    for host in ("repository.lab.local", "REPOSITORY.lab.local.", "10.20.3.4", "[fd12::1]"):
        assert is_allowed(f"http://{host}/", allowed)
    for host in ("other.lab.local", "x.repository.lab.local", "10.21.0.1", "[fe80::1]"):
        with pytest.raises(GoneError, match="EXSCLAIM_PRIVATE_HOSTS"):
            refuse_private(f"http://{host}/", allowed)


def test_what_is_neither_a_host_nor_a_network_is_said() -> None:
    with pytest.raises(SettingsError, match=r"'10\.0\.0\.0/99' is neither"):
        PrivateHosts(["10.0.0.0/99"])


@pytest.mark.parametrize(
    "location",
    [
        "http://[::1",
        "http://[::1]x/",
        "//[",
        "http://a:b:c/",
        "http://x.example:99999/",
        "http://",
        "http:///x",
        "\x00",
        "http://\x1b[2J/",
        "mailto:x@y.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "gopher://x.example/",
        "http://x.example:port/",
        "http://[v1.a]/",
        "https://\u2100.example/",
    ],
)
def test_a_redirect_to_what_is_no_address_is_an_error_of_the_fetch(bench: Bench, location: str) -> None:
    bench.publisher.otherwise = lambda asked: Reply(
        status=302, headers={"Location": location.encode().decode("latin-1")}
    )
    with pytest.raises(GoneError) as caught:
        bench.client(ignore_robots=["nature"]).page(URL, source="nature")
    assert str(caught.value).isprintable()


@given(st.text(max_size=40), st.sampled_from([None, "http://mirror.example", "http://mirror.example/a/b/"]))
@example("http://[::1", None)
@example("//\u2100", None)
@example("https://[::1]:x/", "http://mirror.example")
def test_no_location_is_too_strange(location: str, mirror: str | None) -> None:
    try:
        there = redirected(URL, location, mirror)
        refuse_private(there, PrivateHosts())
        mirrored(there, mirror)
    except GoneError:
        return
    assert parsed(there).hostname
