"""Telling a publisher's "are you a robot?" from an article, whatever status it comes with.

Taken from what the common gate-keepers send (Cloudflare, Akamai, Imperva, DataDome, PerimeterX, AWS WAF, Google's
"unusual traffic", Radware): a short page with a telling title, sentence or form. Articles cite papers on
challenges, robots and captchas, and load scripts from Cloudflare: none of that is a refusal. So only a page that is
short *for a reader* and carries no bibliographic metadata can be one.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

MAX_PAGE_BYTES = 400_000
MAX_VISIBLE_CHARACTERS = 4_000

_TITLE = re.compile(
    r"just a moment|attention required!|access (to this page has been )?denied|are you a robot|robot check|"
    r"pardon our interruption|human verification|security check|client challenge|bot verification|captcha|"
    r"ddos-guard|checking your browser|one more step|verify(ing)? (that )?you are (a )?human|"
    r"validate user|request rejected|unusual traffic|you have been blocked",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"are you a robot|(you are|you're|i'm|i am) not a robot|unusual traffic|unusual activity from your|"
    r"(verify|verifying|confirm|prove) (that )?you('re| are) (a )?human|(solve|complete|enter) (the|this) captcha|"
    r"complete the security check|enable javascript and cookies to continue|access to this page has been denied|"
    r"you don't have permission to access .{0,300}? on this server|checking your browser before|"
    r"detected automated (traffic|access|requests)|(looks|look) like (you are )?a (bot|robot)|"
    r"sorry, you have been blocked|the requested url was rejected\. please consult",
    re.IGNORECASE | re.DOTALL,
)
_BIBLIOGRAPHIC = re.compile(rb"<meta\s[^<>]{0,200}?name\s*=\s*[\"']?(?:citation_|dc\.|DC\.)")
_MARKUP = re.compile(
    rb"_cf_chl_opt|cf-challenge|id=[\"']challenge-form|_Incapsula_Resource|px-captcha|captcha-delivery\.com|"
    rb"class=[\"'][^\"'>]{0,80}(?:g-recaptcha|h-captcha|cf-turnstile)",
    re.IGNORECASE,
)


def refusal(headers: Mapping[str, str], body: bytes) -> str | None:
    """Sign, in words, that this answer refuses robots; None where it is an ordinary answer.

    `headers` are looked up with the case they have in `requests` (which ignores it).
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "a Cloudflare challenge"
    if headers.get("x-amzn-waf-action"):
        return "an AWS WAF challenge"
    if len(body) > MAX_PAGE_BYTES or b"<" not in body[:2000] or body.lstrip()[:5] == b"<?xml":
        return None
    if b"\0" in body[:2000] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):  # an image or PDF, and no UTF-16
        return None
    if _BIBLIOGRAPHIC.search(body):  # parsing an article costs more than all else that is done to it here
        return None
    page = BeautifulSoup(body, "lxml")
    if page.select_one('meta[name^="citation_"], meta[name^="dc."], meta[name^="DC."]'):
        return None
    title = page.title.get_text() if page.title else ""
    title = " ".join(title.split())
    for unseen in page(["script", "style", "template", "title"]):
        unseen.decompose()
    visible = " ".join(page.get_text(" ").replace("’", "'").split())
    if len(visible) > MAX_VISIBLE_CHARACTERS:
        return None
    if _TITLE.search(title):
        return f"a page titled {title[:80]!r}"
    if sentence := _SENTENCE.search(visible):
        return f"a page that says {sentence.group()[:80]!r}"
    if marker := _MARKUP.search(body):
        return f"a page with the challenge {marker.group().decode('ascii', 'replace')!r}"
    return None


MAX_REST_S = 8 * 24 * 3600.0
"""Elsevier's quotas are of a week."""
_EXHAUSTED = re.compile(
    r"quota[ _]?(?:has been |is )?exceeded|exceeded (?:the |your )?(?:daily |weekly |monthly )?(?:quota|limit)|"
    r"(?:daily|weekly) (?:quota|limit|budget)|over (?:rate )?quota|requests per (?:day|week)|"
    r"limit for (?:today|the day)",
    re.IGNORECASE,
)
_NAMES = ("statusText", "message", "errMsg", "error_description", "detail", "error", "title", "statusCode")
_ELEMENTS = re.compile(r"<(?:\w+:)?(?:statusText|message|errMsg|detail|error)\b[^>]*>([^<]{3,400})<", re.IGNORECASE)
MAX_WORDS = 300


def said_by(body: bytes) -> str:
    """The reason that an API's answer gives, in JSON or XML; "" for a web page or where it gives none."""
    text = body[:200_000].decode("utf-8", "replace").strip()
    if text.startswith(("{", "[")):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return ""
        words = next(_messages(content, 0), "")
    elif text.startswith("<") and not re.match(r"<(?:!doctype html|html)", text, re.IGNORECASE):
        found = _ELEMENTS.search(text)
        words = found[1] if found else ""
    else:
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:MAX_WORDS]


def rest_s(status: int, headers: Mapping[str, str], body: bytes, now: dt.datetime) -> float:
    """Seconds until a quota begins anew of which nothing is left; 0 where the answer says no such thing.

    Where it says so and not until when, the rest of the day (UTC).
    """
    said = f"{headers.get('X-ELS-Status', '')} {said_by(body)}"
    if status not in (403, 429) or not (_EXHAUSTED.search(said) or headers.get("X-RateLimit-Remaining") == "0"):
        return 0.0
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if re.fullmatch(r"\d{1,13}(?:\.\d+)?", reset):
        number = float(reset)
        # some count milliseconds, others the seconds that are left
        seconds = number / 1000 if number > 1e11 else number
        left = seconds - now.timestamp() if seconds > 1e8 else seconds
        return min(max(left, 1.0), MAX_REST_S)
    if status == 403 and not _EXHAUSTED.search(said):
        return 0.0
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    return (midnight - now).total_seconds()


def _messages(content: Any, depth: int) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(content, dict):
        for name in _NAMES:
            if isinstance(value := content.get(name), str) and len(value.strip()) > 2:
                yield value
        for value in content.values():
            yield from _messages(value, depth + 1)
    elif isinstance(content, list):
        for value in content[:5]:
            yield from _messages(value, depth + 1)
