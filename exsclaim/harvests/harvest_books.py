"""One harvest's books: what it finds, what is due, what failed, what it publishes and what that comes to."""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exsclaim import sources
from exsclaim.captions import SPLITTER_VERSION
from exsclaim.dataset.formats import into_database
from exsclaim.dataset.publish.publishing import Published, published_ids
from exsclaim.dataset.publish.report import write_failures, write_report
from exsclaim.dataset.results import Results
from exsclaim.dataset.tables.staging import LeftOut, Staging
from exsclaim.duplicates import grouped
from exsclaim.errors import MachineError
from exsclaim.harvests.harvest_counts import WATCHER, WORKS, Counts
from exsclaim.harvests.harvest_summary import HarvestSummary, code_versions, harvest_metrics, measured_work, summarize
from exsclaim.ledger import Ledger, canonical
from exsclaim.ledger_articles import Current, made_with_text
from exsclaim.quality.alarms import flags
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.quality.quality_report import write_quality_report
from exsclaim.query import Query
from exsclaim.records import ArticleRef
from exsclaim.recovery import OF_THE_MACHINE, Failure, Fault, named
from exsclaim.settings import settings
from exsclaim.storage.local import safe_name
from exsclaim.store import Store

FAULTS_IN_A_ROW = 5
"""So many articles after each other that met a fault of this machine, and the harvest stops: the next would, too."""

Work = tuple[ArticleRef, ...]
"""The records of one article: one, or one of each source that has it."""


@dataclass(frozen=True)
class Options:
    """Options of a harvest; see `flows.harvest.harvest`."""

    refresh: bool = False
    retry_all: bool = False
    only_failures: bool = False
    separate: bool = True


class HarvestBooks:
    """Shared by the threads of one harvest, which holds the lock of its results.

    Attributes:
        machine_faults: articles after each other that met a fault of this machine; under `lock`.
        found: source -> how many articles it found, None where that is not known.
        measured: the harvest's metrics of quality, once it is finished.
    """

    def __init__(self, query: Query, options: Options, ledger: Ledger, results: Results, store: Store) -> None:
        self.query = query
        self.options = options
        self.ledger = ledger
        self.results = results
        self.store = store
        self.articles = ledger.articles(query.digest)
        self.counts = Counts(WATCHER.get())
        self.today = dt.datetime.now(dt.UTC).date()
        self.started_ms = round(time.time() * 1000)
        self._began = time.monotonic()
        self._is_resumed = ledger.is_unfinished(query.digest, query_name=query.name)
        goes_to = query.results_dir.absolute() if isinstance(query.results_dir, Path) else query.results_dir
        remembered = query.model_copy(update={"results_dir": goes_to}).model_dump_json()
        self.harvest_id = ledger.begin_harvest(query.digest, self.today, query_name=query.name, query=remembered)
        self.versions = code_versions()
        self.current = Current(
            readers={name: sources.get(name).version for name in query.sources},
            captions=SPLITTER_VERSION,
            separation=canonical({name: v for name, v in self.versions.items() if name.startswith(("model.", "sepa"))}),
            separates=options.separate,
        )
        self.staging = Staging.of_harvest(settings().home, str(results.address), self.harvest_id)
        self.found: dict[str, int | None] = {}
        self.measured: list[HarvestMetrics] = []
        self._keys: dict[tuple[str, str], tuple[str, ...]] = {}
        self._waiting: set[tuple[str, str]] = set()
        self.lock = threading.Lock()
        self.machine_faults = 0

    @property
    def day(self) -> dt.date:
        """The day it was begun on: a harvest goes on under it, so that a resumed one finds what it found."""
        return dt.date.fromisoformat(self.harvest_id[:10])

    def to_search(self) -> Iterable[str]:
        """The sources to be searched; of failures alone, those whose search failed."""
        return self.query.sources if not self.options.only_failures else [f.id for f in self._due_failures("search")]

    def note_search(self, source: str, refs: Sequence[ArticleRef], fault: Fault | None, *, is_cached: bool) -> None:
        """Note what a source found, and why that may not be all."""
        # a page of results that is not understood gives no articles; one that cannot be fetched says nothing
        is_known = fault is None or refs or fault.error == "PageFormatError"
        self.found[source] = len(refs) if is_known else None
        if fault is None:
            self.ledger.clear_failure("search", source, query_digest=self.query.digest)
            self.counts.add("search", done=1, cached=is_cached)
        else:
            # whatever its fault, the next harvest searches again
            self.record("search", source, fault.model_copy(update={"will_retry": True}))

    def due(self, found: list[ArticleRef]) -> list[Work]:
        """Articles to be worked on, each by itself, of those found and those that failed before."""
        if self.options.only_failures:
            failed = self.articles.failing(failure.id for failure in self._due_failures())
        else:
            failed = self.articles.failing()
        met = {(ref.source, ref.url) for ref in found}
        # what failed before may not be among today's findings, and is tried all the same; a file is found each time
        refs = found + [r for r in failed if (r.source, r.url) not in met and not sources.is_local(r.source)]
        present = {*published_ids(self.results.folder), *self.staging.ids()}
        due, resting = self.articles.due(
            refs, self.current, present=present, today=self.today,
            recheck_after_days=settings().recheck_after_days,
            refresh=self.options.refresh, retry_all=self.options.retry_all,
        )  # fmt: skip
        self.counts.known = len(dict.fromkeys(refs)) - len(due) - resting
        self.counts.add("fetch", planned=resting, skipped=resting)
        self.articles.forget_measurements(self.harvest_id)
        return [(ref,) for ref in due]

    def works(self, due: list[Work]) -> list[Work]:
        """The due articles, those of several sources that are one work together, with those known before."""
        works = due if len(self.query.sources) == 1 else self._together(due)
        self.counts.add(WORKS, planned=len(works))
        return works

    def _together(self, due: list[Work]) -> list[Work]:
        known = {(each.source, each.url): each for each in self.articles.all("keys <> '[]'")}
        refs = {key: ArticleRef(source=key[0], url=key[1], version=each.version) for key, each in known.items()}
        refs |= {(ref.source, ref.url): ref for work in due for ref in work}
        is_due = {(ref.source, ref.url) for work in due for ref in work}
        keys = {key: each.keys for key, each in known.items()} | dict.fromkeys(is_due, ()) | self._keys
        works = [group for group in grouped(keys) if is_due.intersection(group)]
        # a record that could not be read today leaves its work as it is
        return [tuple(refs[key] for key in work) for work in works if not self._waiting.intersection(work)]

    def record_fault(self, work: Work, stage: str, ref: ArticleRef, error: Exception) -> None:
        """Record the fault of an article as a whole.

        Raises:
            MachineError: article after article met a fault of this machine.
        """
        known = named(error)
        with self.lock:
            self.machine_faults = self.machine_faults + 1 if isinstance(known, OF_THE_MACHINE) else 0
            is_last = self.machine_faults >= FAULTS_IN_A_ROW
            self._waiting.update((ref.source, ref.url) for ref in work)
        self.record(stage, f"{ref.source}:{ref.url}", Fault.of(known, ref.url), ref)
        if self.counts.is_known(WORKS):  # and not while the records of several sources are read, before it
            self.counts.add(WORKS, failed=1)
        if is_last:
            raise MachineError(
                f"stopped, for {FAULTS_IN_A_ROW} articles after each other met a fault of this machine; the last: "
                f"{known}. What is done is kept: once that is mended, the same command goes on"
            ) from error

    def was_read(self, ref: ArticleRef) -> bool:
        """True if this run has read the article already, and so knows of which work it is a record."""
        return (ref.source, ref.url) in self._keys

    def is_stale(self, checked: dt.date) -> bool:
        """True if a page that was asked for on this day is to be asked for again; a day to come is no such day."""
        return not self.today - dt.timedelta(days=settings().recheck_after_days) < checked <= self.today

    def note_keys(self, ref: ArticleRef, keys: tuple[str, ...]) -> None:
        """Note by which keys an article is known as one work with those of other sources."""
        with self.lock:
            self._keys[ref.source, ref.url] = keys

    def record(self, stage: str, id: str, fault: Fault, ref: ArticleRef | None = None) -> Failure:
        """Remember a failure, and tell of it."""
        versions = made_with_text(self.current)
        if ref is not None:
            of_stage = {"fetch": f"{self.current.readers.get(ref.source, '')} {ref.version}", "figures": ref.version}
            versions = of_stage.get(stage, f"{versions} {ref.version}")
        failure = self.ledger.record_failure(
            stage, id, fault, query_digest=self.query.digest, harvest=self.harvest_id, today=self.today,
            article=(ref.source, ref.url) if ref else ("", ""), versions=versions,
        )  # fmt: skip
        self.counts.add(stage, failure)
        return failure

    def stage_left_out(self) -> None:
        """Stage for publishing what must not be in the data set."""
        for each in self.articles.all("state = 'left out'"):
            self.staging.leave_out(LeftOut(article_id=each.article_id, url=each.url, reason=each.reason))

    def note_published(self, published: Published) -> None:
        """Bring what is published into the database that the query names; record the figures without an image."""
        if "postgres" in self.query.save_format and published.panels:
            if fault := into_database(published.folder, settings().postgres):
                self.record("publish", "postgres", fault)
            else:
                self.ledger.clear_failure("publish", "postgres", query_digest=self.query.digest)
        for figure in published.unpublished:
            article_id, _, name = figure.figure_id.rpartition("/")
            ref = self.articles.of_published(article_id) or ArticleRef(source="", url=article_id)
            fault = Fault(error=figure.error, cause=figure.cause, url=figure.url, will_retry=True)
            self.record("publish", f"{ref.source}:{ref.url}#{name}", fault, ref)

    def finish(self, published: Published, retries: Mapping[str, int]) -> HarvestSummary:
        """Write the reports, bring the results to where they belong, and close the harvest in the ledger.

        `retries` are those of each source.
        """
        failures = self.ledger.failures(self.query.digest)
        summary = summarize(
            self.query, self.harvest_id, self.results.address, published, failures, self.counts,
            sum(retries.values()), time.monotonic() - self._began,
        )  # fmt: skip
        work = measured_work(self.articles, self.query, self.harvest_id, self.found, failures, retries)
        self.measured = harvest_metrics(self.query, summary, work, self.versions)
        if not self.options.only_failures:
            self.ledger.record_metrics(self.measured)
        summary = summary.model_copy(update={"flags": tuple(flags(self.history()))})
        folder = self.results.folder
        write_failures(folder / "failures.json", failures)
        write_report(
            folder, query_name=self.query.name, harvest_id=self.harvest_id, published=published,
            failures=failures, versions=self.versions, flags=[flag.message for flag in summary.flags],
        )  # fmt: skip
        self.results.bring()
        # of failures alone: a harvest that was killed is still to be finished by the next
        if not (self.options.only_failures and self._is_resumed):
            self.ledger.finish_harvest(self.query.digest, self.harvest_id, self.today, query_name=self.query.name)
            self.staging.clear()
        return summary

    def history(self) -> list[HarvestMetrics]:
        """Metrics of the query's nights up to this one; those of days to come were made while the clock was wrong."""
        last = max(self.today, self.day)
        return [night for night in self.ledger.metrics(self.query.name) if night.day <= last]

    def reports(self, history: Sequence[HarvestMetrics]) -> tuple[dict[str, str], dict[str, bytes]]:
        """Texts and pictures of the finished harvest, and of the query's quality over time: file name -> content."""
        folder, quality = self.results.folder, settings().home / "quality" / safe_name(self.query.name)
        texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("failures.json", "report.md")}
        pages, pictures = write_quality_report(history, quality)
        return texts | pages, pictures

    def _due_failures(self, stage: str | None = None) -> list[Failure]:
        failures = self.ledger.failures(self.query.digest)
        return [f for f in failures if f.is_due(self.today) and (stage is None or f.stage == stage)]
