"""Harvest metrics read back from an MLflow server, for looking from a machine that does not harvest.

User name and password, where the server wants them, come from `MLFLOW_TRACKING_USERNAME` and
`MLFLOW_TRACKING_PASSWORD`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from exsclaim.errors import FetchError, TransientFetchError
from exsclaim.quality.metrics import HarvestMetrics
from exsclaim.storage import without_secrets
from exsclaim.tracking.harvest_runs import EXPERIMENT, measured_in

_RUNS_PER_PAGE = 200
_MOST_RUNS = 2000
"""No more than these, the newest: years of nights."""


def tracked_harvests(url: str) -> list[HarvestMetrics]:
    """Metrics of the finished harvests that the server at `url` knows, oldest first; [] where it knows none.

    Of a harvest that was done over, the last run counts.

    Raises:
        FetchError: the server refuses, or `url` is no address of one.
        TransientFetchError: the server cannot be reached.
    """
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    shown = without_secrets(url)
    if "://" not in url:
        raise FetchError(shown, "is no address of a server: http://server:5000")
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:///")).is_file():  # MLflow would make one
        raise FetchError(shown, "there is no such file")
    newest: dict[tuple[str, str, str], HarvestMetrics] = {}
    try:
        for run in _runs(mlflow.MlflowClient(tracking_uri=url)):
            for measured in measured_in(run.data.tags, run.data.params, run.data.metrics):
                newest.setdefault((measured.query_name, measured.harvest, measured.source), measured)
    # ImportError: no driver for this kind of database; ValueError: no address
    except (MlflowException, SQLAlchemyError, ImportError, ValueError) as error:
        if getattr(error, "error_code", None) == "INTERNAL_ERROR":
            raise TransientFetchError(shown, "MLflow could not be reached; is it running?") from error
        raise FetchError(shown, f"MLflow refused: {str(error).strip().splitlines()[0]}") from error
    return sorted(newest.values(), key=lambda each: (each.query_name, each.day, each.harvest, each.source))


def _runs(client: mlflow.MlflowClient) -> Iterator[Run]:
    """Finished harvests, newest first."""
    experiment = client.get_experiment_by_name(EXPERIMENT)
    token: str | None = None
    if experiment is None:
        return
    for _ in range(_MOST_RUNS // _RUNS_PER_PAGE):
        page = client.search_runs(
            [experiment.experiment_id],
            filter_string="tags.kind = 'harvest' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=_RUNS_PER_PAGE,
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            return
