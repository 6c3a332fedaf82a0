"""The detector of robot pages never takes an article for one: proved on every recorded page of every journal."""

from pathlib import Path

import pytest

from exsclaim.http.refusals import refusal


def test_no_recorded_page_is_taken_for_a_refusal(shared_data: Path) -> None:
    pages = [path for kind in ("html", "xml") for path in sorted((shared_data / "journals").rglob(f"*.{kind}"))]
    assert len(pages) >= 28
    assert {path.name: sign for path in pages if (sign := refusal({}, path.read_bytes()))} == {}


def test_a_short_article_on_robots_and_captchas_is_no_refusal() -> None:
    page = b"""<html><head><title>Are you a robot? On captchas</title>
    <meta name="citation_title" content="Are you a robot?"></head><body>Solve the captcha.</body></html>"""
    assert refusal({}, page) is None


def test_a_long_text_that_mentions_unusual_traffic_is_no_refusal() -> None:
    page = "<html><title>News</title><body>" + "<p>We saw unusual traffic on the bridge.</p>" * 200 + "</body></html>"
    assert refusal({}, page.encode()) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<", b"\xff\xfe\x00<\x00", b'{"error": "captcha"}', b"<?xml version='1.0'?><a>captcha</a>", b"\x89PNG\r\n"],
)
def test_other_bodies_are_no_refusal(body: bytes) -> None:
    assert refusal({}, body) is None


@pytest.mark.parametrize("headers", [{"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}])
def test_gate_keepers_that_say_so_in_a_header_are_believed(headers: dict[str, str]) -> None:
    assert refusal(headers, b"") is not None


def test_deeply_nested_pages_are_read() -> None:
    assert refusal({}, b"<p>Are you a robot?</p>" + b"<div>" * 50_000) is not None
