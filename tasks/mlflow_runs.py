"""Stage `track`: one MLflow run per harvest, benchmark or training. A dead server costs seconds, never the run.

A run is written to the spool first (`exsclaim.tracking.spool`) and sent from there; what could not be sent stays and
goes with the next run. A harvest's run is begun with it, so that one that is killed is seen: the next harvest into the
same folder marks it. This module and `tasks.model_registry` are the only ones that know MLflow.
"""

import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from prefect import task

from exsclaim.errors import ExsclaimError
from exsclaim.settings import settings
from exsclaim.storage import sqlite_files
from exsclaim.tracking.address import first_line, own_database, tracking_uri, why_unreachable, without_password
from exsclaim.tracking.runs import BegunRun, TrackedDataset, TrackedRun
from exsclaim.tracking.spool import Spool, spool_of
from tasks.model_registry import link_models, register, save_model

log = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""No further spooled run is sent once this much time is spent."""
_TELL_AFTER_S = 3.0
"""The first tasks go first: importing MLflow takes seconds of the processor."""
_LONGEST_PARAM = 6000
_MOST_METRICS = 500
"""MLflow takes 1,000 of a run at once."""
_SPOOL_TAG = "exsclaim.spooled"


@contextmanager
def begun(run: BegunRun) -> Iterator[str]:
    """Within, MLflow shows the run as running; gives its name, which `track` takes when it has finished.

    MLflow is told in the background: a harvest does not wait for it. The caller holds the lock on what the run
    `works_on`: an earlier run on the same that has not ended is dead, and is marked so. Left by an exception, the run
    has failed; by an interrupt, it was killed.
    """
    spool = spool_of(settings().home)
    name = spool.begin(run)
    telling = threading.Timer(_TELL_AFTER_S, _deliver, args=(spool,))
    telling.daemon = True
    telling.start()
    try:
        yield name
    except BaseException as error:
        cause = f"{type(error).__name__}: {first_line(error)}"
        spool.fail(name, "FAILED" if isinstance(error, Exception) else "KILLED", cause)
        if isinstance(error, Exception):  # who interrupts it at a terminal is not kept waiting
            _deliver(spool)
        raise
    finally:
        telling.cancel()


@task(task_run_name="track {run.name}")
def track(run: TrackedRun, begun_as: str | None = None) -> bool:
    """Send the run, and those that wait, to MLflow; False where it waits to be sent with the next.

    `begun_as` is the name that `begun` gave; None for a run that is told of at its end alone.
    """
    spool = spool_of(settings().home)
    waiting = spool.end(run, begun_as)
    _deliver(spool)
    return not waiting.exists()


def _deliver(spool: Spool) -> None:
    try:
        with FileLock(spool.folder / ".lock", timeout=PATIENCE_S):
            _send_all(spool)
    except Timeout:
        spool.note_unsent("another process was sending runs to MLflow")
        log.warning("another process is sending runs to MLflow; what waits in %s goes with the next run", spool.folder)


def _send_all(spool: Spool) -> None:
    # MLflow would wait four minutes for a dead server; these are read when it is first used
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "3")
    import mlflow
    from alembic.util import CommandError
    from sqlalchemy.exc import DatabaseError, SQLAlchemyError

    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    try:
        _make_own_database()
        client = mlflow.MlflowClient(tracking_uri=tracking_uri())
        client.search_experiments(max_results=1)  # an address that cannot be used is no fault of the runs
        unsent = _send_each(spool, client)
    # CommandError: another process makes the tables of the same new database file at this moment; ImportError: no
    # driver for this kind of database; ValueError: no address
    except (mlflow.MlflowException, SQLAlchemyError, CommandError, OSError, ImportError, ValueError) as error:
        unsent = f"MLflow could not be reached ({why_unreachable(error)}; {without_password(tracking_uri())}"
        # of the classes below it none means damage: a full disk, a right that lacks, a wrong value. A table that is
        # there already: a process was killed while it made the database
        is_damage = type(error) is DatabaseError or " already exists" in str(error)
        if is_damage and tracking_uri().startswith("sqlite:"):
            unsent += " is damaged: put its backup in its place, or move it away, and MLflow begins a new one"
        unsent += ")"
    if unsent:
        log.warning("%s; what waits is in %s", unsent, spool.folder)
        spool.note_unsent(unsent)


def _send_each(spool: Spool, client: Any) -> str:
    """Send what waits; gives why MLflow did not take a run that may be taken another time, "" where there is none."""
    from mlflow import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    began, unsent = time.monotonic(), ""
    for path, run in spool.to_send():
        try:
            _send(client, run, path.stem)
            spool.note_sent(path)
        except (MlflowException, SQLAlchemyError, OSError, ValueError, ExsclaimError) as error:
            client.search_experiments(max_results=1)  # a server that has gone meanwhile is no fault of the run either
            why = f"{run.name!r}: {first_line(error)}"
            if _is_of_the_run(error):
                spool.set_aside(path, why)
            else:
                unsent = f"MLflow did not take a run ({why})"
        if time.monotonic() - began > PATIENCE_S:
            break
    return unsent


def _is_of_the_run(error: Exception) -> bool:
    """True if a run would never be taken; any other may be another time, when a disk is full say."""
    if isinstance(error, ValueError) and not isinstance(error, OSError):  # answers that are no JSON are both
        return True
    return isinstance(error, ExsclaimError) or getattr(error, "error_code", "") == "INVALID_PARAMETER_VALUE"


def _open(client: Any, run: BegunRun, spooled: str) -> Any:
    """MLflow's run under this name in the spool: the one that is there already, or a new one."""
    experiment = client.get_experiment_by_name(run.experiment)
    experiment_id = experiment.experiment_id if experiment else _create_experiment(client, run.experiment)
    known = client.search_runs([experiment_id], f"tags.`{_SPOOL_TAG}` = '{spooled}'", max_results=1)
    tags = {**run.tags, _SPOOL_TAG: spooled}
    return known[0] if known else client.create_run(experiment_id, run.started_ms, tags=tags, run_name=run.name)


def _send(client: Any, run: BegunRun, spooled: str) -> None:
    from mlflow.entities import Metric, Param, RunTag

    known = _open(client, run, spooled)
    if not isinstance(run, TrackedRun) or known.info.status != "RUNNING":
        return  # it has not ended; or was sent whole before, by a process that died before it could forget it
    run_id = known.info.run_id
    client.log_batch(
        run_id,
        metrics=[Metric(key, value, run.ended_ms, 0) for key, value in run.metrics.items()],
        params=[Param(key, value[:_LONGEST_PARAM]) for key, value in run.params.items()],
        tags=[RunTag(key, value) for key, value in run.tags.items()],
    )
    points = [Metric(key, value, run.ended_ms, step) for key, all in run.series.items() for step, value in all]
    for first in range(0, len(points), _MOST_METRICS):
        client.log_batch(run_id, metrics=points[first : first + _MOST_METRICS])
    if run.datasets:
        client.log_inputs(run_id, datasets=[_dataset(one) for one in run.datasets])
    for name, content in run.texts.items():
        client.log_text(run_id, content, name)
    for name, picture in run.pictures.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(picture)
            client.log_artifact(run_id, str(Path(folder) / name))
    if run.network_file is not None:
        with tempfile.TemporaryDirectory() as folder:
            save_model(run.network_file, Path(folder) / "model")
            client.log_artifacts(run_id, folder)
    if run.weights:
        client.set_tag(run_id, "alias", register(client, run.weights, run_id, known.info.experiment_id))
    if run.models:
        link_models(client, run.models, run_id)
    client.set_terminated(run_id, status=run.status, end_time=run.ended_ms)


def _dataset(dataset: TrackedDataset) -> Any:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    kept = Dataset(
        name=dataset.name, digest=dataset.digest, source_type="local", source=json.dumps({"uri": dataset.source}),
        profile=json.dumps({"figures": dataset.figures}),
    )  # fmt: skip
    return DatasetInput(kept, [InputTag("mlflow.data.context", dataset.context)])


def _make_own_database() -> None:
    """Make the file of EXSCLAIM's own whole or not at all: one left half made MLflow could never use."""
    if tracking_uri() != f"sqlite:///{own_database()}" or own_database().exists():
        return
    from mlflow import MlflowClient

    draft = own_database().with_name("mlflow.db.new")
    sqlite_files.remove(draft)
    MlflowClient(tracking_uri=f"sqlite:///{draft}").search_experiments(max_results=1)
    draft.rename(own_database())


def _create_experiment(client: Any, name: str) -> str:
    # a server knows its own place; of a database file MLflow would make it ./mlruns, wherever that is
    has_server = tracking_uri().startswith(("http://", "https://", "databricks"))
    place = None if has_server else (settings().home.expanduser().absolute() / "mlartifacts").as_uri()
    return str(client.create_experiment(name, artifact_location=place))
