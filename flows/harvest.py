"""The main job: query -> articles -> figures -> panels -> data set. `python -m flows.harvest QUERY`."""

import datetime as dt
import time
from importlib.metadata import version

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner

from exsclaim.captions import SPLITTER_VERSION
from exsclaim.dataset.failures import write_failures
from exsclaim.dataset.report import write_report
from exsclaim.dataset.results import open_results
from exsclaim.figures import SEPARATION_VERSION, model_versions
from exsclaim.ledger import Ledger
from exsclaim.query import Query
from exsclaim.settings import settings
from flows.harvesting import Harvest
from flows.monitor import Counting, watcher
from flows.scale_out import scale_out
from flows.summary import HarvestSummary, as_tracked_run, summarize
from tasks.library import client
from tasks.publish import publish_dataset
from tasks.tracking import track


@flow(
    name="harvest",
    flow_run_name="harvest {query.name}",
    task_runner=ThreadPoolTaskRunner(max_workers=settings().workers),  # type: ignore[arg-type]
    persist_result=False,
)
def harvest(query: Query, refresh: bool = False, retry_all: bool = False, separate: bool = True) -> HarvestSummary:
    """Harvest a query: search, fetch, split captions, separate figures, publish the data set, track the run.

    Every step is a cached task: what was done before is not done again, and a harvest that is killed and started
    again ends with the data set of an undisturbed one. Failures are recorded, not raised.

    Args:
        query: what to harvest.
        refresh: ask for every page and image again (conditionally), though they are in the store.
        retry_all: also try what failed for good less than a week ago.
        separate: cut figures into panels; without it, only those are that were cut by an earlier harvest.

    Raises:
        SettingsError: EXSCLAIM_RUNNER names what is not installed, or does not answer.
        BusyError: another harvest is at work on the same results.
        StoreError: store or results lie on another machine, and cannot be had.
    """
    began, started_ms = time.monotonic(), round(time.time() * 1000)
    with open_results(query.results_dir, query.name) as results:
        monitor = Counting(watcher())
        ledger = Ledger(settings().home / "ledger.sqlite")
        today = dt.datetime.now(dt.UTC).date()
        harvest_id = ledger.begin_harvest(query.digest, today, query_name=query.name)
        versions = code_versions()
        requests_before = dict(client().counts)

        with scale_out() as runner:
            work = Harvest(
                query, harvest_id, ledger, monitor, versions,
                refresh=refresh, retry_all=retry_all, separate=separate, runner=runner,
            )  # fmt: skip
            articles = work.gather()

        monitor.planned("publish", 1)
        published = publish_dataset(articles, query.name, query.results_dir, harvest_id, query.save_format, versions)
        monitor.done("publish", is_cached=False)
        work.note_unpublished(published)

        failures = ledger.failures(query.digest)
        seconds = time.monotonic() - began
        summary = summarize(
            query, harvest_id, results.address, articles, failures, monitor.stages, work.retries, seconds
        )
        write_failures(results.folder / "failures.json", failures)
        write_report(
            results.folder / "report.md",
            query_name=query.name,
            harvest_id=harvest_id,
            published=published,
            failures=failures,
            versions=versions,
        )
        results.bring()
        ledger.finish_harvest(query.digest, harvest_id, today, query_name=query.name)

        monitor.planned("track", 1)
        http = {name: count - requests_before.get(name, 0) for name, count in client().counts.items()}
        texts = {name: (results.folder / name).read_text(encoding="utf-8") for name in ("failures.json", "report.md")}
        if track(as_tracked_run(query, summary, http, versions, started_ms, texts)):
            monitor.done("track", is_cached=False)
        ledger.close()
    return summary


def code_versions() -> dict[str, str]:
    """What made the records: the code, the splitter, the separation, and each model by digest."""
    return {
        "exsclaim": version("exsclaim"),
        "captions": SPLITTER_VERSION,
        "separation": SEPARATION_VERSION,
        **{f"model.{name}": digest for name, digest in sorted(model_versions().items())},
    }


if __name__ == "__main__":
    from flows.harvest_command import main

    main()
