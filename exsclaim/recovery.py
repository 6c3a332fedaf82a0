"""When a failure is tried again: the one rule that harvests, `retry-failures` and reports go by.

What may heal (a slow server, a refusal, a fault of this installation) is tried by every harvest of its query, and by
`retry-failures` 1, 2, 4, 8, 16, 32 and 64 days after it failed first, unless a harvest has tried it since. After a
try on the 64th day or later it is given up. What is given up, and what failed for good in the first place (a page that
is gone), rests for seven days after each try and is then tried by a harvest that meets it.

Days are whole days (UTC) and there is no jitter: who knows the ledger knows what will be tried when.
"""

import datetime as dt

RETRY_AFTER_DAYS = (1, 2, 4, 8, 16, 32, 64)
"""Days after the first failure on which `retry-failures` tries again; after the last, it is given up."""
REST = dt.timedelta(days=7)
"""How long a thing that failed for good is left alone before somebody looks again."""


def is_given_up(first_failed: dt.date, last_tried: dt.date) -> bool:
    """Whether what may heal has had its last chance."""
    return last_tried >= first_failed + dt.timedelta(days=RETRY_AFTER_DAYS[-1])


def next_retry(first_failed: dt.date, last_tried: dt.date) -> dt.date | None:
    """First day on which `retry-failures` tries it; None if it is given up. A day that was missed is made up for."""
    days = (first_failed + dt.timedelta(days=days) for days in RETRY_AFTER_DAYS)
    return next((day for day in days if day > last_tried), None)
