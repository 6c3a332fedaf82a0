"""Stage `track`: one MLflow run per harvest. A dead tracking server costs seconds, never the harvest.

A run is written to a spool folder first and sent from there; what could not be sent stays and goes with the next
harvest. This is the only module that knows MLflow.
"""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from prefect import task
from pydantic import BaseModel, ConfigDict

from exsclaim.settings import settings

log = logging.getLogger(__name__)

EXPERIMENT = "exsclaim-harvest"
PATIENCE_S = 20.0
"""No further spooled run is sent once this much time is spent."""


class TrackedRun(BaseModel):
    """What MLflow is told of one harvest. Times in ms since the epoch, as MLflow wants them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    started_ms: int
    ended_ms: int
    tags: dict[str, str]
    params: dict[str, str]
    metrics: dict[str, float]
    texts: dict[str, str] = {}
    """Small artifacts: file name -> content."""


@task(task_run_name="track {run.name}")
def track(run: TrackedRun) -> bool:
    """Send the run, and those that wait, to MLflow; False where the tracking server could not be had."""
    spool = settings().home / "tracking-spool"
    spool.mkdir(parents=True, exist_ok=True)
    waiting = spool / f"{run.started_ms}-{os.getpid()}.json"
    partial = waiting.with_suffix(".part")
    partial.write_text(run.model_dump_json())
    partial.replace(waiting)
    return _send_all(spool)


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
            _send(TrackedRun.model_validate_json(waiting.read_text()))
        except (mlflow.MlflowException, SQLAlchemyError, OSError) as error:
            log.warning("MLflow could not be had (%s); the run waits in %s", _first_line(error), waiting)
            return False
        waiting.unlink()
        if time.monotonic() - began > PATIENCE_S:
            break
    return True


def _send(run: TrackedRun) -> None:
    from mlflow.entities import Metric, Param
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=tracking_uri())
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else _create_experiment(client)
    created = client.create_run(experiment_id, start_time=run.started_ms, tags=run.tags, run_name=run.name)
    client.log_batch(
        created.info.run_id,
        metrics=[Metric(key, value, run.ended_ms, 0) for key, value in run.metrics.items()],
        params=[Param(key, value[:6000]) for key, value in run.params.items()],
    )
    for name, content in run.texts.items():
        client.log_text(created.info.run_id, content, name)
    client.set_terminated(created.info.run_id, end_time=run.ended_ms)


def tracking_uri() -> str:
    """`MLFLOW_TRACKING_URI`, or a SQLite file of EXSCLAIM's own."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{settings().home.expanduser().absolute()}/mlflow.db"


def _create_experiment(client: Any) -> str:
    local = "MLFLOW_TRACKING_URI" not in os.environ
    place = (settings().home.expanduser().absolute() / "mlartifacts").as_uri() if local else None
    return str(client.create_experiment(EXPERIMENT, artifact_location=place))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def as_param(value: object) -> str:
    """A value as MLflow's params keep it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
