"""Quotas that are used up, and reasons that APIs give."""

import datetime as dt
from pathlib import Path

import pytest

from exsclaim.errors import BlockedError, GoneError, QuotaError, TransientFetchError
from exsclaim.http.ratelimit import SharedSlots, interval_s
from exsclaim.http.refusals import MAX_REST_S, rest_s, said_by
from tests.exsclaim.publisher import Bench, Reply

NOW = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
URL = "https://api.example/articles/one"
AT = "api.example/articles/one"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"service-error":{"status":{"statusCode":"INVALID_INPUT","statusText":"Not with your service level"}}}',
         "Not with your service level"),
        (b'{"status":"Fail","message":"This endpoint needs a premium plan","error":{"error":"Forbidden"}}',
         "This endpoint needs a premium plan"),
        (b'<?xml version="1.0"?><service-error><status><statusText>No such field</statusText></status></service-error>',
         "No such field"),
        (b'{"message": "a\\u0000b\\n c"}', "a b c"),
        (b"<!DOCTYPE html><title>Error</title><message>no</message>", ""), (b"{broken", ""), (b"", ""), (b"[]", ""),
    ],
)  # fmt: skip
def test_the_reason_in_an_answer(body: bytes, words: str) -> None:
    assert said_by(body) == words


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (429, {"X-ELS-Status": "QUOTA_EXCEEDED", "X-RateLimit-Reset": str(NOW.timestamp() + 7200)}, b"", 7200),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp() + 60) * 1000)}, b"", 60),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "300"}, b"", 300),
        (429, {}, b'{"message": "You exceeded your daily quota"}', 6 * 3600),
        (403, {}, b'{"message": "over rate quota: requests per day"}', 6 * 3600),
        (429, {"X-ELS-Status": "QUOTA_EXCEEDED", "X-RateLimit-Reset": "9999999999"}, b"", MAX_REST_S),
        (429, {}, b'{"message": "slow down"}', 0), (403, {}, b'{"message": "premium plan"}', 0),
        (503, {"X-RateLimit-Remaining": "0"}, b"", 0), (429, {"X-RateLimit-Reset": "60"}, b"", 0),
    ],
)  # fmt: skip
def test_how_long_a_host_rests(status: int, headers: dict[str, str], body: bytes, seconds: float) -> None:
    assert rest_s(status, headers, body, NOW) == pytest.approx(seconds, abs=1)


def test_after_a_used_up_quota_the_host_is_asked_no_more(bench: Bench) -> None:
    reset = dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)
    headers = {"X-ELS-Status": "QUOTA_EXCEEDED", "X-RateLimit-Reset": str(int(reset.timestamp()))}
    bench.publisher.script(AT, Reply(status=429, headers=headers))
    client = bench.client()
    with pytest.raises(QuotaError, match=f"quota until {reset:%Y-%m-%d}"):
        client.page(URL, source="s")
    asked = client.counts["requests"]
    for other in ("two", "three"):
        with pytest.raises(QuotaError, match=r"not asked, as .* quota until"):
            client.page(URL + other, source="s")
    assert client.counts["requests"] == asked
    assert bench.waited_s == []


@pytest.mark.parametrize(("status", "kind"), [(400, GoneError), (403, BlockedError), (500, TransientFetchError)])
def test_the_reason_is_shown(bench: Bench, status: int, kind: type[Exception]) -> None:
    body = b'{"service-error":{"status":{"statusText":"not with your service level"}}}'
    bench.publisher.script(AT, *[Reply(body, status=status, headers={"Content-Type": "application/json"})] * 9)
    with pytest.raises(kind, match="not with your service level"):
        bench.client().page(URL, source="s")


def test_turns_are_shared_by_processes_and_a_broken_file_holds_up_nobody(tmp_path: Path) -> None:
    one, other = SharedSlots(tmp_path / "pace"), SharedSlots(tmp_path / "pace")
    assert one.reserve("api.example", 5.0) == 0.0
    assert 4.0 < other.reserve("api.example", 5.0) <= 5.01
    assert 9.0 < one.reserve("api.example", 5.0) <= 10.01
    assert other.reserve("another.example", 5.0) == 0.0
    (tmp_path / "pace" / "api.example").write_text("1e300")
    assert one.reserve("api.example", 5.0) == 0.0
    file = tmp_path / "file"
    file.write_text("")
    assert SharedSlots(file / "pace").reserve("api.example", 5.0) == 0.0


def test_services_for_programs_are_asked_faster_than_sites_unless_the_user_wants_less() -> None:
    assert interval_s("pmc-oa-opendata.s3.amazonaws.com", 1.0) == 0.05
    assert interval_s("www.nature.com", 1.0) == 1.0
    assert interval_s("pmc-oa-opendata.s3.amazonaws.com", 0.5) == 2.0
