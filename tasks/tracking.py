"""Stage `track`: one MLflow run per harvest, benchmark or training. A dead server costs seconds, never the run.

    EXSCLAIM_HOME/tracking-spool/<start>-<process>-<n>.json   a run that waits to be sent
    EXSCLAIM_HOME/tracking-spool/refused/                     runs that MLflow would never take

A run is written to the spool first and sent from there; what could not be sent stays and goes with the next run.
This module and `tasks.registry` are the only ones that know MLflow.
"""

import json
import logging
import os
import re
import time
import uuid
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from prefect import task
from pydantic import BaseModel, ConfigDict, ValidationError

from exsclaim.settings import settings
from tasks.registry import TrainedWeights, register

log = logging.getLogger(__name__)

EXPERIMENT = "exsclaim-harvest"
PATIENCE_S = 20.0
"""No further spooled run is sent once this much time is spent."""
_LONGEST_PARAM = 6000
_SPOOL_TAG = "exsclaim.spooled"


class TrackedRun(BaseModel):
    """What MLflow is told of one run. Times in ms since the epoch, as MLflow wants them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    experiment: str = EXPERIMENT
    name: str
    started_ms: int
    ended_ms: int
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]
    texts: dict[str, str] = {}
    """Small artifacts: file name -> content."""
    weights: TrainedWeights | None = None
    """What a training made: registered with the run."""


@task(task_run_name="track {run.name}")
def track(run: TrackedRun) -> bool:
    """Send the run, and those that wait, to MLflow; False where the tracking server could not be had."""
    spool = settings().home.expanduser() / "tracking-spool"
    spool.mkdir(parents=True, exist_ok=True)
    waiting = spool / f"{run.started_ms}-{os.getpid()}-{uuid.uuid4().hex[:8]}.json"
    partial = waiting.with_suffix(".part")
    partial.write_text(run.model_dump_json())
    partial.replace(waiting)
    try:
        with FileLock(spool / ".lock", timeout=PATIENCE_S):
            return _send_all(spool)
    except Timeout:
        log.warning("another process is sending runs to MLflow; the run waits in %s", waiting)
        return False


def _send_all(spool: Path) -> bool:
    # MLflow would wait four minutes for a dead server; these are read when it is first used
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "3")
    import mlflow
    from sqlalchemy.exc import SQLAlchemyError

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    began = time.monotonic()
    for waiting in sorted(spool.glob("*.json")):
        try:
            _send(TrackedRun.model_validate_json(waiting.read_text()), waiting.stem)
        except ValidationError as error:
            _set_aside(waiting, error)
        except (mlflow.MlflowException, SQLAlchemyError, OSError) as error:
            if getattr(error, "error_code", None) == "INVALID_PARAMETER_VALUE":
                _set_aside(waiting, error)
                continue
            log.warning("MLflow could not be had (%s); the run waits in %s", _first_line(error), waiting)
            return False
        else:
            waiting.unlink()
        if time.monotonic() - began > PATIENCE_S:
            break
    return True


def _set_aside(waiting: Path, error: Exception) -> None:
    """What will never be taken must not hold up the runs after it."""
    refused = waiting.parent / "refused" / waiting.name
    refused.parent.mkdir(exist_ok=True)
    waiting.replace(refused)
    log.error("MLflow does not take this run (%s); it was put aside as %s", _first_line(error), refused)


def _send(run: TrackedRun, spooled: str) -> None:
    from mlflow.entities import Metric, Param
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=tracking_uri())
    experiment = client.get_experiment_by_name(run.experiment)
    experiment_id = experiment.experiment_id if experiment else _create_experiment(client, run.experiment)
    # a server that died in between may have part of the run already: that is written over, not doubled
    begun = client.search_runs([experiment_id], f"tags.`{_SPOOL_TAG}` = '{spooled}'", max_results=1)
    run_id = (
        begun[0].info.run_id
        if begun
        else client.create_run(
            experiment_id, start_time=run.started_ms, tags={**run.tags, _SPOOL_TAG: spooled}, run_name=run.name
        ).info.run_id
    )
    client.log_batch(
        run_id,
        metrics=[Metric(key, value, run.ended_ms, 0) for key, value in run.metrics.items()],
        params=[Param(key, value[:_LONGEST_PARAM]) for key, value in run.params.items()],
    )
    for name, content in run.texts.items():
        client.log_text(run_id, content, name)
    if run.weights:
        client.set_tag(run_id, "alias", register(client, run.weights, run_id, experiment_id))
    client.set_terminated(run_id, end_time=run.ended_ms)


def tracking_uri() -> str:
    """`MLFLOW_TRACKING_URI`, or a SQLite file of EXSCLAIM's own."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{settings().home.expanduser().absolute()}/mlflow.db"


def _create_experiment(client: Any, name: str) -> str:
    # a server knows its own place; of a database file MLflow would make it ./mlruns, wherever that is
    has_server = tracking_uri().startswith(("http://", "https://", "databricks"))
    place = None if has_server else (settings().home.expanduser().absolute() / "mlartifacts").as_uri()
    return str(client.create_experiment(name, artifact_location=place))


def _first_line(error: BaseException) -> str:
    """What the error says, without the password that an address in it may hold."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return re.sub(r"//[^/\s@]*@", "//", line)[:200]


def as_param(value: object) -> str:
    """A value as MLflow's params keep it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
