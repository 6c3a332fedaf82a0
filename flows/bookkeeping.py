"""A harvest's books under Prefect: the tasks that fill them, and who else is told of the harvest.

The stages themselves, and their order, are in `flows.harvest`; the books are `exsclaim.harvests.harvest_books`.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from prefect import Task
from prefect.task_runners import TaskRunner

from exsclaim.dataset.condition.damage import damage_set_aside, set_aside_damaged
from exsclaim.dataset.publish.publishing import Published
from exsclaim.dataset.results import Results, open_results
from exsclaim.harvests.article_books import ArticleBooks, NothingLeftError
from exsclaim.harvests.article_stages import FigureToSeparate, SeparatedFigures
from exsclaim.harvests.harvest_books import HarvestBooks, Options, Work
from exsclaim.harvests.harvest_summary import HarvestSummary
from exsclaim.ledger import Ledger
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.recovery import Fault, machine_faults_named
from exsclaim.settings import settings
from exsclaim.tracking.harvest_runs import as_tracked_run, begun_run
from flows.gpu_pool import GpuPool, HandOver
from flows.quality import tell_prefect
from flows.scale_out import scale_out
from tasks.calling import call
from tasks.mlflow_runs import begun
from tasks.separate import is_separated
from tasks.store_and_client import client, store


@contextmanager
def opened(query: Query, options: Options, gpu: GpuPool | None) -> Iterator["Bookkeeping"]:
    """The books of a harvest that begins, or of one that was killed and goes on; its results are locked meanwhile.

    Raises:
        MachineError: a folder or database of this machine cannot be used.
    """
    with ExitStack() as during:
        during.enter_context(machine_faults_named())
        results = during.enter_context(open_results(query.results_dir, query.name))
        set_aside_damaged(results.folder)
        ledger = Ledger(settings().home / "ledger.sqlite")
        during.callback(ledger.close)
        runner = during.enter_context(scale_out())
        book = Bookkeeping(query, options, ledger, results, runner)
        during.callback(book.staging.close)
        during.enter_context(book.counts.told_every_minute())
        if not options.only_failures:
            book.begun_as = during.enter_context(begun(book.run))
        if gpu and options.separate:
            book.pool = during.enter_context(HandOver(gpu, f"{query.name} {book.harvest_id}"))
        yield book


STAGE_OF = {
    "fetch_article": "fetch",
    "fetch_images": "figures",
    "split_captions": "captions",
    "separate_figures": "separate",
}
"""Name of a task's function -> its stage."""


class HandedOverError(Exception):
    """The work waits for a GPU pool; it comes back."""


class Bookkeeping(HarvestBooks):
    """Made by `opened`."""

    def __init__(
        self, query: Query, options: Options, ledger: Ledger, results: Results, runner: TaskRunner[Any] | None
    ) -> None:
        super().__init__(query, options, ledger, results, store())
        self.runner = runner
        self.pool: HandOver | None = None
        self.run = begun_run(query, self.harvest_id, results.address, self.versions, self.started_ms)
        self.begun_as: str | None = None
        self._client_before = dict(client().counts), dict(client().retries)

    def search(self, search: Task[..., Any], source: str) -> list[ArticleRef]:
        """Articles that a source finds; that it could not be searched to the end is recorded."""
        self.counts.add("search", planned=1)
        outcome = call(
            search, accept=lambda found: found.fault is None, refresh=self.options.refresh,
            query=self.query, source=source, day=self.day,
        )  # fmt: skip
        refs = list(outcome.value.refs) if outcome.error is None else []
        fault = Fault.of(outcome.error) if outcome.error is not None else outcome.value.fault
        self.note_search(source, refs, fault, is_cached=outcome.is_cached)
        return refs

    def from_gpu_pool(self) -> Iterator[list[Work]]:
        """The works whose figures were handed to a GPU pool, as it gives them back: their panels are in the cache."""
        yield from self.pool.finish() if self.pool else ()

    @contextmanager
    def at_work(self, work: Work) -> Iterator["ArticleAtWork"]:
        """One work, whose faults are recorded and not raised.

        Raises:
            MachineError: article after article met a fault of this machine.
        """
        at = ArticleAtWork(self, work)
        try:
            yield at
        except (HandedOverError, NothingLeftError):
            return
        except Exception as error:  # noqa: BLE001  one odd article costs that article only
            if at.failed_at is None:  # a fault of what is in flows.harvest, or between two stages
                at.failed_at = ("fetch", work[0])
            self.record_fault(work, *at.failed_at, error)
        else:
            with self.lock:
                self.machine_faults = 0

    def publish(self, publish_dataset: Task[..., Published]) -> Published:
        """Publish what is staged, and what must not be published; record the figures whose image is not there."""
        self.stage_left_out()
        self.counts.add("publish", planned=1)
        with damage_set_aside(self.results.folder):
            published = publish_dataset(self.staging, self.query, self.harvest_id, self.versions)
        self.counts.add("publish", done=1)
        self.note_published(published)
        return published

    def close(self, published: Published) -> HarvestSummary:
        """Write the reports, bring the results to where they belong, and close the harvest in the ledger."""
        before = self._client_before[1]
        return self.finish(published, {name: n - before.get(name, 0) for name, n in client().retries.items()})

    def track(self, track: Task[..., Any], summary: HarvestSummary) -> None:
        """Tell MLflow and Prefect what the harvest came to."""
        self.counts.add("track", planned=1)
        http = {name: count - self._client_before[0].get(name, 0) for name, count in client().counts.items()}
        history = self.history()
        run = as_tracked_run(self.run, summary, http, self.measured, *self.reports(history))
        if track(run, self.begun_as):
            self.counts.add("track", done=1)
        tell_prefect(summary, history)


class ArticleAtWork(ArticleBooks):
    """One work while it goes through the stages; made by `Bookkeeping.at_work`."""

    book: Bookkeeping

    def run(self, task: Task[..., Any], **parameters: Any) -> Any:
        """The value of a stage's task. Faults of single figures are noted; one of the whole task is raised."""
        stage, runner = STAGE_OF[task.fn.__name__], None
        if stage == "separate":
            ref, runner = self.refs[parameters["article_id"]], self.book.runner
            if (separated := self._instead_of_separating(parameters["figures"], ref)) is not None:
                return separated
        return self.noted(stage, partial(call, task, runner=runner), **parameters)

    def _instead_of_separating(self, figures: Sequence[FigureToSeparate], ref: ArticleRef) -> SeparatedFigures | None:
        """Stand-in for a separation that is not done here and now; None if the figures are to be separated."""
        nothing = SeparatedFigures(panels={}, faults={})
        if not figures:
            return nothing
        if (self.book.current.separates and self.book.pool is None) or is_separated(figures):
            return None
        if self.book.pool is None:
            return nothing
        answer = self.book.pool.take(self.work, list(figures))
        if answer is True:
            raise HandedOverError
        if isinstance(answer, Fault):
            self.book.counts.add("separate", planned=len(figures))
            self.faults += [("separate", figure.figure_id, answer, ref) for figure in figures]
            return nothing
        return None
