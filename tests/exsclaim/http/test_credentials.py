"""Keys of APIs reach their host and nothing else: no other host, no store, no error, no log."""

import logging

import pytest

from exsclaim.errors import BlockedError, FetchError, SettingsError, TransientFetchError
from exsclaim.http import Credentials
from exsclaim.http.credentials import secret
from tests.exsclaim.publisher import Bench, Reply

KEY = "s3cr3t-k3y/0123456789"
ENCODED = "s3cr3t-k3y%2F0123456789"
URL = "https://api.example/articles?q=silver"
IN_HEADER = Credentials("api.example", "EXSCLAIM_EXAMPLE_KEY", headers={"X-Key": KEY})
IN_ADDRESS = Credentials("api.example", "EXSCLAIM_EXAMPLE_KEY", params={"api_key": KEY})
BOTH = pytest.mark.parametrize("credentials", [IN_HEADER, IN_ADDRESS], ids=["header", "address"])
SIGNED = f"api.example/articles?q=silver&api_key={ENCODED}"


def kept(bench: Bench) -> bytes:
    return b"".join(path.read_bytes() for path in bench.store.files.root.rglob("*") if path.is_file())


def test_a_key_is_sent_as_header_and_robots_txt_is_not_asked(bench: Bench) -> None:
    bench.publisher.script("api.example/articles?q=silver", Reply(b"<ok/>"))
    bench.client().page(URL, source="example", credentials=IN_HEADER)
    (asked,) = bench.publisher.asked
    assert asked.headers["x-key"] == KEY


def test_a_key_that_goes_into_the_address_is_in_no_address_that_is_kept(bench: Bench) -> None:
    bench.publisher.script(SIGNED, Reply(b"<ok/>"))
    response = bench.client().page(URL, source="example", credentials=IN_ADDRESS)
    assert (response.url, response.final_url) == (URL, URL)
    assert bench.store.recall(URL) == response
    assert KEY.encode() not in kept(bench)


def test_what_an_answer_repeats_of_the_key_is_struck_out(bench: Bench) -> None:
    body = f"<r><apiKey>{KEY}</apiKey><next>/x?api_key={ENCODED}</next></r>".encode()
    bench.publisher.script(SIGNED, Reply(body))
    response = bench.client().page(URL, source="example", credentials=IN_ADDRESS)
    assert bench.store.read(response.sha256) == b"<r><apiKey>[key]</apiKey><next>/x?api_key=[key]</next></r>"


@BOTH
@pytest.mark.parametrize("target", ["https://other.example/x", "http://api.example/x", "https://api.example.evil/x"])
def test_a_redirect_to_another_place_never_carries_the_key(bench: Bench, credentials: Credentials, target: str) -> None:
    location = f"{target}?api_key={ENCODED}&a=1"
    bench.publisher.otherwise = lambda asked: (
        Reply(status=302, headers={"Location": location})
        if asked.path.startswith("/api.example/articles")
        else Reply(b"x")
    )
    response = bench.client().page(URL, source="example", credentials=credentials)
    last = bench.publisher.asked[-1]
    assert "x-key" not in last.headers
    assert KEY not in last.path
    assert ENCODED not in last.path or credentials is IN_HEADER
    assert KEY not in response.final_url


def test_a_redirect_within_the_host_is_signed_again(bench: Bench) -> None:
    bench.publisher.script(SIGNED, Reply(status=302, headers={"Location": f"/there?api_key={ENCODED}"}))
    bench.publisher.script(f"api.example/there?api_key={ENCODED}", Reply(b"<ok/>"))
    response = bench.client().page(URL, source="example", credentials=IN_ADDRESS)
    assert response.final_url == "https://api.example/there"


@BOTH
@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_named_by_its_variable(bench: Bench, credentials: Credentials, status: int) -> None:
    bench.publisher.otherwise = lambda asked: Reply(f"bad key {KEY}".encode(), status=status)
    with pytest.raises(BlockedError, match="EXSCLAIM_EXAMPLE_KEY") as caught:
        bench.client().page(URL, source="example", credentials=credentials)
    assert KEY not in str(caught.value)


def test_an_article_that_a_key_does_not_open_does_not_close_the_others(bench: Bench) -> None:
    bench.publisher.otherwise = lambda asked: Reply(b"ok") if "last" in asked.path else Reply(status=403)
    client = bench.client()
    for n in range(5):
        with pytest.raises(BlockedError):
            client.page(f"https://api.example/{n}", source="example", credentials=IN_HEADER)
    client.page("https://api.example/last", source="example", credentials=IN_HEADER)


@BOTH
@pytest.mark.parametrize(
    "reply", [Reply(reset=True), Reply(b"x" * 100, cut=10), Reply(status=503), Reply(status=404), Reply(b"")]
)
def test_no_error_and_no_log_shows_the_key(
    bench: Bench, credentials: Credentials, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    bench.publisher.otherwise = lambda asked: reply
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FetchError) as caught:
        bench.client(http_attempts=2).page(URL, source="example", credentials=credentials)
    logging.getLogger("exsclaim").error("failed", exc_info=caught.value)
    for shown in (str(caught.value), repr(caught.value), caplog.text, repr(credentials)):
        assert KEY not in shown
        assert ENCODED not in shown


def test_nobody_listening_does_not_show_the_key_either(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = bench.client(mirror="http://127.0.0.1:9", http_attempts=1)
    with pytest.raises(TransientFetchError) as caught:
        client.page(URL, source="example", credentials=IN_ADDRESS)
    logging.getLogger("exsclaim").error("failed", exc_info=caught.value)
    assert ENCODED not in str(caught.value) + caplog.text


def test_a_missing_key_is_named_with_the_way_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="EXSCLAIM_EXAMPLE_KEY is not set: get one at"):
        secret("EXSCLAIM_EXAMPLE_KEY", "get one at https://api.example/keys")
    monkeypatch.setenv("EXSCLAIM_EXAMPLE_KEY", f" {KEY}\n")
    assert secret("EXSCLAIM_EXAMPLE_KEY", "") == KEY


@pytest.mark.parametrize("value", ["short", "with a space in it", "schlüssel-schlüssel", "tab\tand\x07bell-long"])
def test_what_is_no_key_is_refused_without_showing_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXSCLAIM_EXAMPLE_KEY", value)
    with pytest.raises(SettingsError) as caught:
        secret("EXSCLAIM_EXAMPLE_KEY", "")
    assert value not in str(caught.value)
