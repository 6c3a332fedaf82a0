"""Quotas of APIs, and the words in which their answers say what is wrong.

Elsevier: https://dev.elsevier.com/api_key_settings.html (429 with X-ELS-Status QUOTA_EXCEEDED; X-RateLimit-Reset is
the second, since 1970, at which the quota begins anew). Springer Nature and others have quotas of a day, in UTC.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

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
