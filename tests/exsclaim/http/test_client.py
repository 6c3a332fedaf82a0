"""The client is polite, tries again what may heal, and keeps only what is whole. Real HTTP over loopback."""

import datetime as dt
import gzip
import io
import threading

import numpy as np
import pytest
from PIL import Image

from exsclaim.errors import BadContentError, BlockedError, FetchError, GoneError, SettingsError, TransientFetchError
from exsclaim.http.hosts_left_alone import REFUSALS_IN_A_ROW
from exsclaim.http.retries import MAX_RETRY_AFTER_S
from tests.exsclaim.publisher import Asked, Bench, Reply

URL = "https://journal.example/articles/one"
AT = "journal.example/articles/one"
ROBOTS = "journal.example/robots.txt"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = Reply(b"<html><body>An article.</body></html>", headers=HTML)


def image_bytes(kind: str = "JPEG", size: tuple[int, int] = (120, 80)) -> bytes:
    noise = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, kind)
    return file.getvalue()


def test_a_page_is_fetched_into_the_store_and_its_answer_described(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(b"<p>x</p>", headers={**HTML, "ETag": '"v1"', "Last-Modified": "yesterday"}))
    response = bench.client().page(URL, source="nature")
    assert bench.store.read(response.sha256) == b"<p>x</p>"
    assert (response.url, response.final_url, response.content_type) == (URL, URL, "text/html")
    assert (response.etag, response.last_modified) == ('"v1"', "yesterday")
    assert response.fetched_on == dt.datetime.now(dt.UTC).date()


def test_what_was_had_is_used_again_without_any_request(bench: Bench) -> None:
    bench.publisher.script(AT, PAGE)
    first = bench.client().page(URL, source="nature")
    asked = len(bench.publisher.asked)
    later = bench.client()
    assert later.page(URL, source="nature") == first
    assert len(bench.publisher.asked) == asked
    assert later.counts == {"requests": 0, "retries": 0, "reused": 1, "bytes": 0}


def test_a_damaged_body_is_fetched_again(bench: Bench) -> None:
    bench.publisher.script(AT, PAGE)
    client = bench.client()
    response = client.page(URL, source="nature")
    bench.store.path(response.sha256).write_bytes(b"half")
    assert bench.store.read(client.page(URL, source="nature").sha256) == PAGE.body


def test_fresh_asks_conditionally_and_keeps_the_body_on_304(bench: Bench) -> None:
    def unless_changed(asked: Asked) -> Reply:
        assert asked.headers["if-none-match"] == '"v1"'
        assert asked.headers["if-modified-since"] == "Mon, 05 Jan 2026 00:00:00 GMT"
        return Reply(status=304)

    validators = {"ETag": '"v1"', "Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT"}
    bench.publisher.script(AT, Reply(b"<p>x</p>", headers=validators), unless_changed)
    client = bench.client()
    first = client.page(URL, source="nature")
    assert client.page(URL, source="nature", fresh=True) == first
    assert bench.publisher.times_asked(AT) == 2
    assert client.counts["reused"] == 1


def test_fresh_without_validators_fetches_the_whole_and_keeps_what_changed(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(b"<p>old</p>"), Reply(b"<p>new</p>"))
    client = bench.client()
    client.page(URL, source="nature")
    assert bench.store.read(client.page(URL, source="nature", fresh=True).sha256) == b"<p>new</p>"
    assert bench.store.read(client.page(URL, source="nature").sha256) == b"<p>new</p>"


def test_the_user_agent_says_who_asks_and_how_to_reach_them(bench: Bench) -> None:
    bench.publisher.script(AT, PAGE)
    bench.client(contact="me@lab.example").page(URL, source="nature")
    agents = {asked.headers["user-agent"].partition("/")[::2] for asked in bench.publisher.asked}
    ((name, rest),) = agents
    assert name == "exsclaim"
    assert rest.endswith(" (+https://github.com/exsclaim/exsclaim; mailto:me@lab.example)")
    with pytest.raises(SettingsError, match="EXSCLAIM_CONTACT"):
        bench.client(contact="me@lab.example\r\nX-Other: 1")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_after_a_pause(bench: Bench, status: int) -> None:
    bench.publisher.script(AT, Reply(status=status), PAGE)
    client = bench.client(retry_delay_s=1.0)
    assert bench.store.read(client.page(URL, source="nature").sha256) == PAGE.body
    assert client.counts["retries"] == 1
    [waited_s] = bench.waited_s
    assert 1 <= waited_s <= 2


def test_pauses_grow_and_end_with_an_error_that_tells_the_attempts(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(status=503))
    with pytest.raises(TransientFetchError, match="status 503") as caught:
        bench.client(http_attempts=5, retry_delay_s=1.0).page(URL, source="nature")
    assert (caught.value.status, caught.value.attempts, caught.value.url) == (503, 5, URL)
    assert bench.publisher.times_asked(AT) == 5
    assert [int(np.log2(waited_s)) for waited_s in bench.waited_s] == [0, 1, 2, 3]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed(bench: Bench, status: int) -> None:
    bench.publisher.script(AT, Reply(status=status, headers={"Retry-After": "17"}), PAGE)
    bench.client().page(URL, source="nature")
    assert bench.waited_s == [17]


def test_a_server_that_asks_for_an_age_is_asked_again_after_a_week(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(status=503, headers={"Retry-After": "9" * 400}))
    with pytest.raises(TransientFetchError, match="604800 s"):
        bench.client().page(URL, source="nature")


def test_retry_after_as_a_date_is_obeyed(bench: Bench) -> None:
    def busy(asked: Asked) -> Reply:
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
        return Reply(status=503, headers={"Retry-After": until.strftime("%a, %d %b %Y %H:%M:%S GMT")})

    bench.publisher.script(AT, busy, PAGE)
    bench.client().page(URL, source="nature")
    [waited_s] = bench.waited_s
    assert 50 <= waited_s <= 60


def test_a_server_that_wants_a_long_pause_is_left_alone_at_once(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(status=503, headers={"Retry-After": str(int(MAX_RETRY_AFTER_S) + 1)}))
    with pytest.raises(TransientFetchError, match="121 s"):
        bench.client().page(URL, source="nature")
    assert bench.publisher.times_asked(AT) == 1
    assert bench.waited_s == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Reply(reset=True), id="connection closed without an answer"),
        pytest.param(Reply(PAGE.body, cut=10), id="shorter than its Content-Length"),
        pytest.param(Reply(gzip.compress(PAGE.body)[:-12], headers={"Content-Encoding": "gzip"}), id="gzip cut off"),
        pytest.param(Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), id="not gzip at all"),
        pytest.param(Reply(b""), id="empty"),
    ],
)
def test_a_broken_body_is_fetched_again_and_never_kept(bench: Bench, fault: Reply) -> None:
    bench.publisher.script(AT, fault, PAGE)
    assert bench.store.read(bench.client().page(URL, source="nature").sha256) == PAGE.body
    bench.publisher.script(AT, fault)
    with pytest.raises(TransientFetchError):
        bench.client().page(URL, source="nature", fresh=True)
    recalled = bench.store.recall(URL)
    assert recalled is not None
    assert bench.store.read(recalled.sha256) == PAGE.body


def test_packed_bodies_are_unpacked_several_members_too(bench: Bench) -> None:
    packed = gzip.compress(b"<p>one</p>") + gzip.compress(b"<p>two</p>") + b"\0\0"
    bench.publisher.script(AT, Reply(packed, headers={"Content-Encoding": "gzip"}))
    assert bench.store.read(bench.client().page(URL, source="nature").sha256) == b"<p>one</p><p>two</p>"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"x" * 1_000_001, {}, id="plain"),
        pytest.param(gzip.compress(b"x" * 50_000_000), {"Content-Encoding": "gzip"}, id="gzip bomb"),
    ],
)
def test_a_body_beyond_the_cap_is_refused(bench: Bench, body: bytes, headers: dict[str, str]) -> None:
    bench.publisher.script(AT, Reply(body, headers=headers))
    with pytest.raises(BadContentError, match="larger than 1 MB"):
        bench.client(max_response_mb=1).page(URL, source="nature")
    assert bench.store.recall(URL) is None


@pytest.mark.parametrize(("status", "words"), [(404, "404"), (410, "410"), (400, "400"), (418, "418")])
def test_a_page_that_is_gone_is_not_asked_twice(bench: Bench, status: int, words: str) -> None:
    bench.publisher.script(AT, Reply(status=status))
    with pytest.raises(GoneError, match=words) as caught:
        bench.client().page(URL, source="nature")
    assert not caught.value.heals
    assert bench.publisher.times_asked(AT) == 1


CHALLENGES = {
    "cloudflare": b"<html><head><title>Just a moment...</title></head><body>Please wait</body></html>",
    "akamai": b"<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission "
    b'to access "http://journal.example/" on this server.<P>Reference #18.2</BODY></HTML>',
    "question": b"<html><title>journal</title><body><h1>Are you a robot?</h1></body></html>",
    "google": b"<html><title>Sorry</title><body>We have detected unusual traffic from your network.</body></html>",
    "captcha": b'<html><title>Journal</title><body><form><div class="g-recaptcha"></div></form></body></html>',
    "imperva": b'<html><head></head><body><iframe src="/_Incapsula_Resource?x=1"></iframe></body></html>',
}


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize("kind", CHALLENGES)
def test_a_robot_page_is_a_refusal_whatever_its_status_and_never_kept(bench: Bench, kind: str, status: int) -> None:
    bench.publisher.script(AT, Reply(CHALLENGES[kind], status=status, headers=HTML))
    with pytest.raises(BlockedError, match="refuses robots") as caught:
        bench.client().page(URL, source="nature")
    assert not caught.value.heals
    assert bench.publisher.times_asked(AT) == 1
    assert bench.store.recall(URL) is None


@pytest.mark.parametrize("status", [401, 403, 451])
def test_one_refused_page_says_nothing_of_the_others(bench: Bench, status: int) -> None:
    bench.publisher.script(AT, Reply(status=status))
    bench.publisher.script("journal.example/articles/two", PAGE)
    client = bench.client()
    for _ in range(REFUSALS_IN_A_ROW + 1):
        with pytest.raises(BlockedError, match=str(status)):
            client.page(URL, source="nature")
        client.page("https://journal.example/articles/two", source="nature", fresh=True)


@pytest.mark.parametrize("status", [401, 403, 451])
def test_refusals_in_a_row_end_all_requests_to_that_host_for_a_while(bench: Bench, status: int) -> None:
    bench.publisher.script(AT, Reply(status=status))
    bench.publisher.script("other.example/", PAGE)
    client = bench.client()
    for _ in range(REFUSALS_IN_A_ROW):
        with pytest.raises(BlockedError, match=str(status)):
            client.page(URL, source="nature")
    asked = len(bench.publisher.asked)
    with pytest.raises(BlockedError, match=r"journal\.example refused us a short while ago"):
        client.page("https://journal.example/articles/two", source="nature")
    assert len(bench.publisher.asked) == asked
    client.page("https://other.example/", source="nature")


def test_robots_txt_is_asked_once_per_host_and_obeyed(bench: Bench) -> None:
    bench.publisher.script(ROBOTS, Reply(b"User-agent: *\nDisallow: /search\n"))
    bench.publisher.script(AT, PAGE)
    client = bench.client()
    client.page(URL, source="nature")
    with pytest.raises(BlockedError, match=r"robots\.txt.*EXSCLAIM_IGNORE_ROBOTS='\[\"nature\"\]'"):
        client.page("https://journal.example/search?q=silver", source="nature")
    client.page(URL, source="nature", fresh=True)
    assert bench.publisher.times_asked(ROBOTS) == 1
    assert bench.publisher.times_asked("journal.example/search?q=silver") == 0


def test_robots_txt_may_speak_of_us_by_name(bench: Bench) -> None:
    bench.publisher.script(ROBOTS, Reply(b"User-agent: *\nAllow: /\n\nUser-agent: exsclaim\nDisallow: /\n"))
    with pytest.raises(BlockedError, match=r"robots\.txt"):
        bench.client().page(URL, source="nature")


def test_only_the_source_that_the_user_named_goes_beyond_robots_txt(bench: Bench) -> None:
    bench.publisher.script(ROBOTS, Reply(b"User-agent: *\nDisallow: /\n"))
    bench.publisher.script(AT, PAGE)
    client = bench.client(ignore_robots=["nature"])
    client.page(URL, source="nature")
    with pytest.raises(BlockedError):
        client.page(URL, source="rsc", fresh=True)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_host_without_readable_robots_txt_allows_everything(bench: Bench, status: int) -> None:
    bench.publisher.script(ROBOTS, Reply(status=status))
    bench.publisher.script(AT, PAGE)
    assert bench.store.read(bench.client().page(URL, source="nature").sha256) == PAGE.body


def test_a_host_whose_robots_txt_cannot_be_had_now_is_not_asked_for_pages(bench: Bench) -> None:
    bench.publisher.script(ROBOTS, Reply(status=503))
    bench.publisher.script(AT, PAGE)
    with pytest.raises(TransientFetchError, match=r"robots\.txt: status 503") as caught:
        bench.client(http_attempts=3).page(URL, source="nature")
    assert caught.value.attempts == 3
    assert (bench.publisher.times_asked(ROBOTS), bench.publisher.times_asked(AT)) == (3, 0)


def test_a_crawl_delay_of_hours_is_a_refusal(bench: Bench) -> None:
    bench.publisher.script(ROBOTS, Reply(b"User-agent: *\nCrawl-delay: 86400\n"))
    with pytest.raises(BlockedError, match="86400 s between requests"):
        bench.client().page(URL, source="nature")


def test_without_a_mirror_requests_keep_their_distance(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a proxy, so that a public name is asked without leaving this machine; robots.txt counts as well."""
    monkeypatch.setenv("http_proxy", bench.publisher.url)
    monkeypatch.setenv("no_proxy", "")
    bench.publisher.otherwise = lambda asked: Reply(status=404) if "robots" in asked.path else PAGE
    client = bench.client(mirror=None, requests_per_second=0.001)
    for n in range(3):
        client.page(f"http://journal.example/{n}", source="nature")
    client.page("http://other.example/", source="nature")
    assert [round(waited_s, -2) for waited_s in bench.waited_s] == [1000, 2000, 3000, 1000]


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:1", "socks5://127.0.0.1:1", "socks9://127.0.0.1:1", "mail://127.0.0.1:1", "http://"]
)
def test_a_proxy_that_cannot_be_used_says_nothing_of_the_article(
    proxy: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(TransientFetchError):
        bench.client(mirror=None, http_attempts=1).page("http://journal.example/1", source="nature")


def test_all_hosts_of_arxiv_share_one_pace_of_three_seconds(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", bench.publisher.url)
    monkeypatch.setenv("no_proxy", "")
    bench.publisher.otherwise = lambda asked: Reply(b"body")
    client = bench.client(mirror=None, requests_per_second=100)
    client.page("http://export.arxiv.org/api/query", source="arxiv")
    client.file("http://arxiv.org/pdf/1", source="arxiv")
    # two robots.txt and two bodies: all but the very first wait (here without time passing)
    assert [round(seconds) for seconds in bench.waited_s] == [3, 6, 9]


def test_interfaces_for_programs_are_not_closed_by_a_robots_txt_for_crawlers(bench: Bench) -> None:
    closed = Reply(b"User-agent: *\nDisallow: /\n")
    bench.publisher.otherwise = lambda asked: closed if asked.path.endswith("robots.txt") else PAGE
    client = bench.client()
    assert client.page("https://export.arxiv.org/api/query?x=1", source="arxiv").sha256
    assert bench.publisher.times_asked("export.arxiv.org/robots.txt") == 0
    for url in ("https://arxiv.org/src/1", "https://www.ebi.ac.uk/other", "https://export.arxiv.org.evil.example/"):
        with pytest.raises(BlockedError, match=r"robots\.txt disallows"):
            client.page(url, source="arxiv")


def test_a_file_may_be_larger_than_a_page_and_is_kept_like_one(bench: Bench) -> None:
    bench.publisher.script("journal.example/a.tar.gz", Reply(b"x" * 2_000_000))
    url = "https://journal.example/a.tar.gz"
    client = bench.client(max_response_mb=1, max_file_mb=3)
    file = client.file(url, source="nature")
    assert bench.store.read(file.sha256) == b"x" * 2_000_000
    assert client.file(url, source="nature") == file
    assert bench.publisher.times_asked("journal.example/a.tar.gz") == 1
    with pytest.raises(BadContentError, match=r"larger than 1 MB \(raise EXSCLAIM_MAX_FILE_MB"):
        bench.client(max_file_mb=1).file(url, source="nature", fresh=True)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(b""), TransientFetchError),
        (Reply(b"<html>log in</html>", headers={"Content-Type": "text/html"}), BadContentError),
        (Reply(b"x" * 1000, cut=10), TransientFetchError),
    ],
)
def test_what_is_no_file_is_an_error(bench: Bench, reply: Reply, error: type[FetchError]) -> None:
    bench.publisher.script("journal.example/a.tar.gz", reply)
    with pytest.raises(error):
        bench.client(http_attempts=1).file("https://journal.example/a.tar.gz", source="nature")


def test_a_crawl_delay_beyond_our_own_pace_is_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", bench.publisher.url)
    monkeypatch.setenv("no_proxy", "")
    rules = Reply(b"User-agent: *\nCrawl-delay: 200\n")
    bench.publisher.otherwise = lambda asked: rules if "robots" in asked.path else PAGE
    client = bench.client(mirror=None, requests_per_second=100)
    for n in range(3):
        client.page(f"http://journal.example/{n}", source="nature")
    assert [round(waited_s, -2) for waited_s in bench.waited_s if waited_s > 1] == [200, 400]


def test_redirects_go_through_the_mirror_and_cookies_end_them(bench: Bench) -> None:
    """nature.com sends readers without cookies to idp.nature.com and back to where they came from."""

    def with_cookie(asked: Asked) -> Reply:
        if "seen=1" in asked.headers.get("cookie", ""):
            return PAGE
        return Reply(status=303, headers={"Location": "https://idp.example/authorize?then=one"})

    bench.publisher.script(AT, with_cookie)
    back = {"Location": URL, "Set-Cookie": "seen=1; Path=/"}
    bench.publisher.script("idp.example/authorize?then=one", Reply(status=302, headers=back))
    response = bench.client().page(URL, source="nature")
    assert bench.store.read(response.sha256) == PAGE.body
    assert bench.publisher.times_asked(AT) == 2


@pytest.mark.parametrize(
    "location", ["/articles/one", "one", "{mirror}/journal.example/articles/one", "/journal.example/articles/one"]
)
def test_a_redirect_may_be_relative_or_name_the_mirror(bench: Bench, location: str) -> None:
    bench.publisher.script(AT, PAGE)
    headers = {"Location": location.format(mirror=bench.publisher.url)}
    bench.publisher.script("journal.example/articles/old", Reply(status=301, headers=headers))
    response = bench.client().page("https://journal.example/articles/old", source="nature")
    assert (response.url, response.final_url) == ("https://journal.example/articles/old", URL)


def test_a_redirect_without_end_is_given_up(bench: Bench) -> None:
    bench.publisher.script(AT, Reply(status=302, headers={"Location": URL}))
    with pytest.raises(GoneError, match="more than 5 redirects"):
        bench.client().page(URL, source="nature")
    assert bench.publisher.times_asked(AT) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/", "http://10.0.0.7/x", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[fe80::1]/", "http://0.0.0.0/", "http://localhost:8080/",
        "http://224.0.0.1/", "https://100.64.0.1/", "file:///etc/passwd", "ftp://journal.example/x", "http://u:p@journal.example/",
    ],
)  # fmt: skip
def test_a_redirect_to_a_private_or_strange_address_is_refused(bench: Bench, target: str) -> None:
    bench.publisher.script(AT, Reply(status=302, headers={"Location": target}))
    bench.publisher.otherwise = lambda asked: Reply(status=404 if "robots" in asked.path else 200, body=b"secret")
    with pytest.raises(GoneError, match="refused"):
        bench.client().page(URL, source="nature")
    assert {asked.path for asked in bench.publisher.asked} <= {f"/{AT}", f"/{ROBOTS}"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_without_a_mirror_the_first_address_must_be_public_too(bench: Bench, host: str) -> None:
    port = bench.publisher.url.rsplit(":", 1)[1]
    with pytest.raises(GoneError, match="private address"):
        bench.client(mirror=None).page(f"http://{host}:{port}/", source="nature")
    assert bench.publisher.asked == []


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("PNG", "application/octet-stream")],
)
def test_an_image_is_kept_when_it_decodes(bench: Bench, kind: str, content_type: str) -> None:
    body = image_bytes(kind)
    bench.publisher.script("media.example/1", Reply(body, headers={"Content-Type": content_type}))
    assert bench.store.read(bench.client().image("https://media.example/1", source="nature").sha256) == body


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_an_image_that_breaks_off_is_fetched_again(bench: Bench, kind: str) -> None:
    whole = image_bytes(kind)
    headers = {"Content-Type": "image/jpeg"}
    bench.publisher.script(
        "media.example/1", Reply(whole[: len(whole) // 2], headers=headers), Reply(whole, headers=headers)
    )
    client = bench.client()
    assert bench.store.read(client.image("https://media.example/1", source="nature").sha256) == whole
    assert client.counts["retries"] == 1


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        pytest.param(PAGE.body, "text/html", "not text/html", id="a page instead"),
        pytest.param(PAGE.body, "image/png", "not an image", id="a page that says it is an image"),
        pytest.param(b"%PDF-1.7", "", "not an image", id="pdf"),
        pytest.param(image_bytes("PNG", (1100, 1000)), "image/png", "more than 1 megapixels", id="bomb"),
    ],
)
def test_what_is_no_usable_image_is_reported_and_not_kept(
    bench: Bench, body: bytes, content_type: str, cause: str
) -> None:
    bench.publisher.script("media.example/1", Reply(body, headers={"Content-Type": content_type}))
    with pytest.raises(BadContentError, match=cause):
        bench.client(max_image_megapixels=1).image("https://media.example/1", source="nature")
    assert bench.store.recall("https://media.example/1") is None
    assert bench.publisher.times_asked("media.example/1") == 1


def test_threads_share_one_client_and_its_counts(bench: Bench) -> None:
    for n in range(12):
        bench.publisher.script(f"journal.example/{n}", Reply(b"<p>%d</p>" % n))
    client = bench.client()
    threads = [
        threading.Thread(target=client.page, args=(f"https://journal.example/{n}",), kwargs={"source": "nature"})
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.counts["requests"] == 13  # robots.txt once
    assert bench.publisher.times_asked(ROBOTS) == 1
