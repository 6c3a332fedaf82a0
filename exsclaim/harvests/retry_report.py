"""Failures that are tried again: which of them healed, which wait, and which are given up, query by query."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

from exsclaim.ledger import RememberedQuery
from exsclaim.records import Record
from exsclaim.recovery import Failure


class RetriedQuery(Record):
    """Outcome of retrying one query's failures."""

    query_name: str
    tried: int = 0
    healed: tuple[Failure, ...] = ()
    """As they were before."""
    failed_again: tuple[Failure, ...] = ()
    given_up: tuple[Failure, ...] = ()
    """Of those that failed again: it was their last chance."""
    waiting: int = 0
    """May heal, and are not due today."""
    cause: str | None = None
    """Reason why the due failures were not tried: the query is not known, its results are in use, …"""

    @classmethod
    def of(cls, name: str, due: Sequence[Failure], waiting: int, left: Iterable[Failure]) -> Self:
        """Outcome for failures that were due, by the failures that the query has now."""
        failing = {(failure.stage, failure.id): failure for failure in left}
        again = tuple(failing[key] for failure in due if (key := (failure.stage, failure.id)) in failing)
        return cls(
            query_name=name,
            tried=len(due),
            healed=tuple(failure for failure in due if (failure.stage, failure.id) not in failing),
            failed_again=again,
            given_up=tuple(failure for failure in again if not failure.will_retry),
            waiting=waiting,
        )


class RetryReport(Record):
    """Outcome of retrying all failures that may heal."""

    day: dt.date
    queries: tuple[RetriedQuery, ...]
    seconds: float
    is_tracked: bool = False

    def count(self, what: str) -> int:
        """Over all queries: of "healed", "failed_again", "given_up"."""
        return sum(len(getattr(query, what)) for query in self.queries)

    def metrics(self) -> dict[str, float]:
        """Flat names -> numbers, for tracking."""
        healed = Counter(failure.stage for query in self.queries for failure in query.healed)
        return {
            "tried": float(sum(query.tried for query in self.queries)),
            "healed": float(self.count("healed")),
            "failed_again": float(self.count("failed_again")),
            "given_up": float(self.count("given_up")),
            "waiting": float(sum(query.waiting for query in self.queries)),
            "not_tried": float(sum(query.cause is not None for query in self.queries)),
            "seconds": self.seconds,
            **{f"healed.{stage}": float(count) for stage, count in healed.items()},
        }


def once_each(queries: Sequence[RememberedQuery]) -> list[RememberedQuery]:
    """Failures belong to a query's digest: of several names for one, that which was harvested last stands for all."""
    known: dict[str, RememberedQuery] = {}
    for query in queries:
        if query.digest not in known or known[query.digest].query is None:
            known[query.digest] = query
    return list(known.values())


def markdown(report: RetryReport) -> str:
    """The report for people who read it in a browser."""
    lines = [
        f"**{report.count('healed')} of {sum(query.tried for query in report.queries)} failures healed** "
        f"on {report.day}; {report.count('given_up')} were given up.",
        "",
        "| query | tried | healed | failed again | given up | waiting | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for query in report.queries:
        counts = (len(query.healed), len(query.failed_again), len(query.given_up), query.waiting)
        cells = [query.query_name, str(query.tried), *map(str, counts), query.cause or ""]
        lines.append("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
