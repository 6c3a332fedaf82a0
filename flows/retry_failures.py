"""Try again what failed, across all queries: `python -m flows.retry_failures`.

Takes every recorded failure that may heal and is due by the rule of `exsclaim.recovery`, tries it as a harvest of its
query would, and publishes what healed into that query's data set. Queries are known from the ledger: their files are
not needed, and results go where the harvest put them.
"""

import datetime as dt
import json
import logging
import time
from typing import Annotated

import typer
from prefect import flow
from prefect.artifacts import create_markdown_artifact
from rich.console import Console

from exsclaim.cli.report_tables import show_retries
from exsclaim.errors import BusyError, QueryError, StoreError
from exsclaim.harvests.harvest_summary import code_versions
from exsclaim.harvests.retry_report import RetriedQuery, RetryReport, markdown, once_each
from exsclaim.ledger import Ledger, RememberedQuery
from exsclaim.query import parse
from exsclaim.settings import settings
from exsclaim.tracking.harvest_runs import retry_run
from flows.command_line import FINISHED, NOTHING, errors_told, log_in
from flows.harvest import harvest
from flows.interruption import watched_over
from tasks.mlflow_runs import track

log = logging.getLogger(__name__)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@flow(name="retry-failures", flow_run_name="retry-failures", persist_result=False)
def retry_failures() -> RetryReport:
    """Try again all failures that are due, query by query; report what healed, what waits, what is given up."""
    began, started_ms = time.monotonic(), round(time.time() * 1000)
    today = dt.datetime.now(dt.UTC).date()
    ledger = Ledger(settings().home / "ledger.sqlite")
    tried = [_retry(query, ledger, today) for query in once_each(ledger.queries())]
    ledger.close()
    report = RetryReport(
        day=today,
        queries=tuple(query for query in tried if query.tried or query.waiting or query.cause),
        seconds=round(time.monotonic() - began, 1),
    )
    create_markdown_artifact(markdown=markdown(report), key="retry-failures", description="What healed")
    run = retry_run(report, code_versions(), started_ms)
    return report.model_copy(update={"is_tracked": track(run)})


def _retry(remembered: RememberedQuery, ledger: Ledger, today: dt.date) -> RetriedQuery:
    may_heal = [failure for failure in ledger.failures(remembered.digest) if failure.will_retry]
    due = [failure for failure in may_heal if failure.is_due(today)]
    name, waiting = remembered.name, len(may_heal) - len(due)
    if not due:
        return RetriedQuery(query_name=name, waiting=waiting)
    if remembered.query is None:
        cause = "an older version of EXSCLAIM, which did not remember queries, harvested it: harvest it once more"
        return RetriedQuery(query_name=name, waiting=waiting, cause=cause)
    try:
        summary = harvest(parse(json.loads(remembered.query), origin=name), only_failures=True)
    except (BusyError, QueryError, StoreError) as error:  # the other queries can be helped all the same
        log.warning("%s is not retried: %s", name, error)
        return RetriedQuery(query_name=name, waiting=waiting, cause=str(error))
    return RetriedQuery.of(name, due, waiting, summary.failures)


@app.command()
def command(as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False) -> None:
    """Try again what failed for a reason that may heal: 1, 2, 4, 8, 16, 32 and 64 days after it failed first.

    Exit code 0: done (also if nothing was due, or not all healed); 1: a query's failures could not be tried.
    """
    console = Console(emoji=False, highlight=False, quiet=as_json)
    log_file = settings().home.expanduser() / "retry-failures.log"
    kept = watched_over(Console(emoji=False, stderr=True), lambda: "What healed is kept")
    with errors_told(), kept, log_in(log_file), console.status("Trying again what failed …"):
        report = retry_failures()
    if as_json:
        typer.echo(report.model_dump_json(indent=1))
    else:
        show_retries(console, report)
    raise typer.Exit(NOTHING if any(query.cause for query in report.queries) else FINISHED)


if __name__ == "__main__":
    app()
