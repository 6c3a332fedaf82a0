"""Files that publishers serve as robots.txt: they are obeyed, and what is no such file holds up no article."""

import pytest

from exsclaim.errors import BlockedError
from tests.exsclaim.publisher import Bench, Reply

URL = "https://journal.example/articles/one"
ROBOTS = "journal.example/robots.txt"
PAGE = Reply(b"<p>An article.</p>")
CLOSED = b"User-agent: *\nDisallow: /articles/\n"
OPEN = b"User-agent: *\nDisallow: /admin/\n"


def asked_with(bench: Bench, *rules: Reply) -> None:
    bench.publisher.script(ROBOTS, *rules)
    bench.publisher.script("journal.example/articles/one", PAGE)
    bench.client().page(URL, source="nature")


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(Reply(b"\xef\xbb\xbf" + OPEN), id="byte order mark"),
        pytest.param(Reply(status=204), id="no content"),
        pytest.param(Reply(b""), id="empty"),
        pytest.param(Reply(status=302, headers={"Location": "https://journal.example/robots.txt"}), id="redirect loop"),
        pytest.param(Reply(status=302, headers={"Location": "http://[::1"}), id="redirect to no address"),
        pytest.param(Reply(status=302, headers={"Location": "http://127.0.0.1/"}), id="redirect inside"),
        pytest.param(Reply(status=302), id="redirect without an address"),
        pytest.param(Reply(b"#" * 70_000_000), id="70 MB"),
        pytest.param(Reply(b"x", headers={"Content-Encoding": "br"}), id="packed as was not asked for"),
        pytest.param(Reply(b"<html><title>Home</title>", headers={"Content-Type": "text/html"}), id="the home page"),
        pytest.param(Reply(bytes(range(256)) * 20), id="bytes"),
        pytest.param(Reply(status=401), id="kept from us"),
        pytest.param(Reply(status=403), id="forbidden"),
        pytest.param(Reply(status=404), id="none"),
        pytest.param(Reply(status=410), id="gone"),
        pytest.param(Reply(b'{"error": "no such page"}', headers={"Content-Type": "application/json"}), id="JSON"),
        pytest.param(Reply(b"User-agent: *\nDisallow:\n"), id="nothing disallowed"),
        pytest.param(Reply(b"User-agent: GPTBot\nDisallow: /\n"), id="for another"),
        pytest.param(
            Reply(b"User-agent: *\nDisallow: /articles/\nAllow: /articles/one\n"), id="the longer rule allows"
        ),
        pytest.param(Reply(b"User-agent: *\nDisallow: /articles/two\n"), id="another page"),
        pytest.param(Reply(b"User-agent: *\nDisallow: /Articles/\n"), id="another case"),
        pytest.param(Reply(b"User-agent: *\n# Disallow: /articles/\n"), id="a comment"),
        pytest.param(Reply(b"User-agent: *\nDisallow: /articles/*.pdf$\n"), id="PDFs alone"),
        pytest.param(Reply(b"Disallow: /articles/\n"), id="for nobody"),
    ],
)
def test_what_is_no_rule_against_us_holds_up_nothing(bench: Bench, rules: Reply) -> None:
    asked_with(bench, rules)
    assert bench.publisher.times_asked("journal.example/articles/one") == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(CLOSED, id="plain"),
        pytest.param(b"\xef\xbb\xbf" + CLOSED, id="byte order mark"),
        pytest.param(CLOSED.replace(b"\n", b"\r\n"), id="windows"),
        pytest.param(CLOSED.replace(b"\n", b"\r"), id="old mac"),
        pytest.param(CLOSED + b"#" * 70_000_000, id="rules before 70 MB"),
        pytest.param(CLOSED.lower(), id="small letters"),
        pytest.param(CLOSED.upper().replace(b"/ARTICLES/", b"/articles/"), id="capitals"),
        pytest.param(b"User-agent : *\nDisallow :  /articles/  \n", id="blanks"),
        pytest.param(b"User-agent:*\nDisallow:\t/articles/\n", id="tabs"),
        pytest.param(b"User-agent: * # all\nDisallow: /articles/ # ours\n", id="comments"),
        pytest.param(b"\n\n# hello\nSitemap: https://journal.example/map.xml\n\n" + CLOSED, id="other lines before"),
        pytest.param(b"User-agent: GPTBot\nUser-agent: *\nDisallow: /articles/\n", id="several agents"),
        pytest.param(OPEN + b"\n" + CLOSED, id="two groups for all"),
        pytest.param(b"User-agent: *\nAllow: /\nDisallow: /articles/\n", id="the longer rule disallows"),
        pytest.param(b"User-agent: *\nDisallow: /art*/one$\n", id="signs"),
        pytest.param(b"User-agent: *\nDisallow: /%61rticles/\n", id="percent signs"),
        pytest.param(CLOSED.removesuffix(b"\n"), id="no last end of line"),
    ],
)
def test_rules_are_obeyed_however_they_are_written(bench: Bench, body: bytes) -> None:
    with pytest.raises(BlockedError, match=r"robots\.txt disallows"):
        asked_with(bench, Reply(body))
