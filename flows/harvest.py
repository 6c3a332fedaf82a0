"""The main job: query -> articles -> figures -> panels -> data set. `python -m flows.harvest QUERY`."""

import contextlib
import datetime as dt
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout
from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from exsclaim.captions import SPLITTER_VERSION
from exsclaim.dataset.failures import write_failures
from exsclaim.dataset.files import safe_name
from exsclaim.dataset.publishing import results_folder
from exsclaim.dataset.report import write_report
from exsclaim.errors import BusyError
from exsclaim.figures import SEPARATION_VERSION, model_versions
from exsclaim.ledger import Ledger
from exsclaim.quality.watching import flags
from exsclaim.query import Query
from exsclaim.settings import settings
from flows.gpu_pool import GpuPool, HandOver
from flows.harvesting import Harvest
from flows.monitor import WATCHER, Counting, Silent
from flows.quality import quality_report, tell_prefect
from flows.summary import HarvestSummary, as_tracked_run, begun_run, nights, summarize
from tasks.library import client
from tasks.publish import publish_dataset
from tasks.tracking import begun, track


@flow(
    name="harvest",
    flow_run_name="harvest {query.name}",
    task_runner=ThreadPoolTaskRunner(max_workers=settings().workers),  # type: ignore[arg-type]
    persist_result=False,
)
def harvest(
    query: Query,
    refresh: bool = False,
    retry_all: bool = False,
    only_failures: bool = False,
    gpu: GpuPool | None = None,
) -> HarvestSummary:
    """Harvest a query: search, fetch, split captions, separate figures, publish the data set, track the run.

    Every step is a cached task: what was done before is not done again, and a harvest that is killed and started
    again ends with the data set of an undisturbed one. Failures are recorded, not raised.

    Args:
        query: what to harvest.
        refresh: ask for every page and image again (conditionally), though they are in the store.
        retry_all: also try what failed for good less than a week ago.
        only_failures: try nothing but the query's failures that are due today (`exsclaim.recovery`). That is part of a
            night, not a harvest of its own: MLflow and the history of quality are not told.
        gpu: pool of a Prefect server that separates the figures; by default this process does.

    Raises:
        BusyError: another process harvests into the same folder.
    """
    began, started_ms = time.monotonic(), round(time.time() * 1000)
    results = results_folder(query.results_dir, query.name)
    with _alone_in(results), contextlib.ExitStack() as during:
        monitor = Counting(WATCHER.get(Silent()))
        ledger = Ledger(settings().home / "ledger.sqlite")
        today = dt.datetime.now(dt.UTC).date()
        is_resumed = ledger.is_unfinished(query.digest, query_name=query.name)
        remembered = query.model_copy(update={"results_dir": query.results_dir.absolute()}).model_dump_json()
        harvest_id = ledger.begin_harvest(query.digest, today, query_name=query.name, query=remembered)
        versions = code_versions()
        requests_before = dict(client().counts)
        run = begun_run(query, harvest_id, results, versions, started_ms)
        begun_as = None if only_failures else during.enter_context(begun(run))

        work = Harvest(
            query,
            harvest_id,
            ledger,
            monitor,
            versions,
            refresh=refresh,
            retry_all=retry_all,
            hand_over=during.enter_context(HandOver(gpu, f"{query.name} {harvest_id}")) if gpu else None,
        )
        due = [failure for failure in ledger.failures(query.digest) if failure.is_due(today)]
        articles = work.gather(due if only_failures else None)

        monitor.planned("publish", 1)
        published = publish_dataset(
            articles,
            query.name,
            query.results_dir,
            harvest_id,
            query.save_format,
            versions,
            left_out=work.left_out,
            allow_unknown_licences=query.allow_unknown_licences or bool(query.licences),
        )
        monitor.done("publish", is_cached=False)
        work.note_unpublished(published)

        failures = ledger.failures(query.digest)
        seconds = time.monotonic() - began
        left_out, stages = published.left_out, monitor.stages
        summary = summarize(query, harvest_id, results, articles, failures, left_out, stages, work.retries, seconds)
        measured = nights(query, summary, work.measured(), versions)
        if not only_failures:
            ledger.record_nights(measured)
        history = ledger.nights(query.name)
        summary = summary.model_copy(update={"flags": tuple(flags(history))})
        write_failures(results / "failures.json", failures)
        write_report(
            results / "report.md",
            query_name=query.name,
            harvest_id=harvest_id,
            published=published,
            failures=failures,
            versions=versions,
            flags=[flag.message for flag in summary.flags],
        )
        if only_failures:
            if not is_resumed:  # a harvest that was killed is still to be finished by the next
                ledger.finish_harvest(query.digest, harvest_id, today, query_name=query.name)
            ledger.close()
            return summary
        ledger.finish_harvest(query.digest, harvest_id, today, query_name=query.name)

        monitor.planned("track", 1)
        http = {name: count - requests_before.get(name, 0) for name, count in client().counts.items()}
        texts = {name: (results / name).read_text(encoding="utf-8") for name in ("failures.json", "report.md")}
        pages, pictures = quality_report(history, settings().home / "quality" / safe_name(query.name))
        if track(as_tracked_run(run, summary, http, measured, texts | pages, pictures), begun_as):
            monitor.done("track", is_cached=False)
        ledger.close()
        tell_prefect(summary, history)
    return summary


def code_versions() -> dict[str, str]:
    """What made the records: the code, the splitter, the separation, and each model by digest."""
    return {
        "exsclaim": version("exsclaim"),
        "captions": SPLITTER_VERSION,
        "separation": SEPARATION_VERSION,
        **{f"model.{name}": digest for name, digest in sorted(model_versions().items())},
    }


@contextlib.contextmanager
def _alone_in(results: Path) -> Iterator[None]:
    """Two harvests into one folder (a night that outlasted the day) would undo each other's files."""
    results.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(results / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise BusyError(
            f"{results}: another harvest is at work there; wait for it, or give the query another name"
        ) from error


if __name__ == "__main__":
    from flows.harvest_command import main

    main()
