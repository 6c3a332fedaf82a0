"""A harvest's tasks and their outcomes: queued with retries, remembered in the ledger, told to whoever watches."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

from prefect import Task
from prefect.task_runners import TaskRunner

from exsclaim.errors import DefectError, ExsclaimError, FetchError
from exsclaim.ledger import Failure, Ledger
from exsclaim.settings import settings
from flows.backlog import Backlog, Outcome, Work
from flows.monitor import STAGES, Monitor
from flows.scale_out import chunk_sizes
from tasks.retrying import backoff

log = logging.getLogger(__name__)

FROM_NETWORK = ("search", "fetch", "figures")
"""Stages whose failures come from outside."""


class Stages:
    """Runs the tasks of one harvest of one query; every failure is in the ledger, none is raised.

    `refresh` runs what asks the network though its result is known; `retry_all` also tries what failed for good.
    `runners`: name of a task -> where its calls run, if not on the flow's own threads. `retries` counts the tries of
    tasks before their last, by source.
    """

    def __init__(
        self,
        query_digest: str,
        harvest_id: str,
        ledger: Ledger,
        monitor: Monitor,
        versions: dict[str, str],
        *,
        refresh: bool,
        retry_all: bool,
        runners: dict[str, TaskRunner[Any]],
    ) -> None:
        self.retries: Counter[str] = Counter()
        self.versions = versions
        self._query_digest = query_digest
        self._harvest_id = harvest_id
        self._ledger = ledger
        self._monitor = monitor
        self._refresh = refresh
        self._retry_all = retry_all
        self._today = dt.datetime.now(dt.UTC).date()
        self._backlog = Backlog(2 * settings().workers, chunk_sizes(), runners)
        self._with_retries: dict[str, Task[..., Any]] = {}

    def work_off(self) -> None:
        """Work until nothing waits and nothing runs."""
        self._backlog.run()

    def run(
        self,
        stage: str,
        task: Task[..., Any],
        id: str,
        url: str,
        parameters: dict[str, Any],
        then: Callable[[Any], None],
        *,
        otherwise: Callable[[], None] = lambda: None,
        accept: Callable[[Any], bool] | None = None,
        only_known: bool = False,
        was_handed_over: bool = False,
        article_version: str = "",
    ) -> None:
        """Queue a task; `then` gets its result, `otherwise` is called where it failed or is held back.

        A known result counts if it is `accept`ed; with `only_known`, one that is not known is not asked for. What
        `was_handed_over` is in the cache because this harvest had it done: it counts as its own work.
        """
        if not only_known:
            self._monitor.planned(stage, 1)
        network = stage in FROM_NETWORK
        versions = self._versions_behind(stage, article_version)
        if (held := self.held_back(stage, id, article_version)) and not only_known:
            self._monitor.held_back(held)
            otherwise()
            return

        def settle(outcome: Outcome) -> None:
            self.retries[id.partition(":")[0]] += outcome.retries
            if only_known:
                self._monitor.planned(stage, 1)
            is_cached = outcome.is_cached and not was_handed_over
            if outcome.error is None:
                self._ledger.record_done(
                    stage,
                    id,
                    query_digest=self._query_digest,
                    harvest=self._harvest_id,
                    today=self._today,
                    url=url,
                    attempts=outcome.attempts,
                    versions=versions,
                    is_cached=is_cached,
                )
                self._monitor.done(stage, is_cached)
                then(outcome.value)
            else:
                self._fail(stage, id, url, outcome, versions)
                otherwise()

        work = Work(
            self._retried(task) if network else task,
            parameters,
            settle,
            accept=accept,
            if_unknown=otherwise if only_known else None,
            refresh=self._refresh and network,
        )
        self._backlog.add(STAGES.index(stage), work)

    def _retried(self, task: Task[..., Any]) -> Task[..., Any]:
        """The task with the retries that the settings say; made once, for that takes longer than a look-up."""
        if task.name not in self._with_retries:
            retries = settings().task_retries
            options = task.with_options(retries=retries, retry_delay_seconds=backoff(retries))
            self._with_retries[task.name] = options
        return self._with_retries[task.name]

    def held_back(self, stage: str, id: str, article_version: str = "") -> Failure | None:
        """The failure for which this is not tried today."""
        if stage == "search" or self._retry_all:
            return None
        versions = self._versions_behind(stage, article_version)
        return self._ledger.held_back(stage, id, self._today, query_digest=self._query_digest, versions=versions)

    def _versions_behind(self, stage: str, article_version: str = "") -> dict[str, str]:
        # new code or weights may mend a separation, but not a page that is gone, unless its source says that the
        # article is another now
        if stage in FROM_NETWORK:
            return {"article": article_version} if article_version else {}
        return self.versions

    def _fail(self, stage: str, id: str, url: str, outcome: Outcome, versions: dict[str, str]) -> None:
        error = outcome.error
        if not isinstance(error, ExsclaimError):
            log.error("%s of %s met a defect", stage, id, exc_info=error)
            error = DefectError(f"defect of EXSCLAIM in stage {stage}: {type(error).__name__}: {error}")
        address = error.url if isinstance(error, FetchError) else url
        self.record(stage, id, address, error, outcome.attempts, versions)

    def record(
        self, stage: str, id: str, url: str, error: ExsclaimError, attempts: int, versions: dict[str, str]
    ) -> None:
        """Remember a failure, and tell of it."""
        self._monitor.failed(
            self._ledger.record_failure(
                stage,
                id,
                url,
                error,
                attempts,
                self._harvest_id,
                query_digest=self._query_digest,
                today=self._today,
                versions=versions,
            )
        )
