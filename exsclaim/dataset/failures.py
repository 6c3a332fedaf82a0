"""failures.json: what a query could not do, and what becomes of it."""

import json
from collections.abc import Iterable
from pathlib import Path

from exsclaim.recovery import Failure
from exsclaim.storage.local import write_whole


def write_failures(path: Path, failures: Iterable[Failure]) -> None:
    """Write a JSON list, one object per failure, by stage and id.

    `will_be_retried` says whether the next harvest tries it, whenever it runs. What failed for good is not; it is
    looked at again by the first harvest on or after the day `retry_on_or_after` (null where `will_be_retried`).
    """
    entries = [
        {
            "stage": failure.stage,
            "id": failure.id,
            "url": failure.url,
            "cause": failure.cause,
            "error": failure.error,
            "attempts": failure.attempts,
            "will_be_retried": failure.will_retry,
            "retry_on_or_after": failure.retry_after.isoformat() if failure.retry_after else None,
            "first_failed": failure.first_failed.isoformat(),
            "last_tried": failure.last_tried.isoformat(),
        }
        for failure in sorted(failures, key=_order)
    ]
    write_whole(path, json.dumps(entries, indent=2, ensure_ascii=False).encode() + b"\n")


def _order(failure: Failure) -> tuple[str, str]:
    return failure.stage, failure.id
