"""Harvest metrics read back from MLflow: what was logged, by the names of today."""

import re
import shutil
import socket
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from exsclaim.errors import FetchError, TransientFetchError
from exsclaim.quality.metrics import HarvestMetrics, logged
from exsclaim.tracking.harvest_runs import EXPERIMENT
from tasks.tracked_harvests import tracked_harvests
from tests.exsclaim.quality.histories import history

NIGHTS = history(3)


def log(client: MlflowClient, nights: list[HarvestMetrics], renamed: dict[str, str] | None = None) -> None:
    """One run for each harvest of `nights`, as `tasks.mlflow_runs` logs it; `renamed` are metrics by former names."""
    known = client.get_experiment_by_name(EXPERIMENT)
    experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
    for harvest in sorted({night.harvest for night in nights}):
        own = [night for night in nights if night.harvest == harvest]
        metrics = {name: value for night in own for name, value in logged(night.metrics, night.source).items()}
        for former, name in (renamed or {}).items():
            metrics = {key.replace(name, former): value for key, value in metrics.items()}
        params = {"query_digest": own[0].query_digest}
        params |= {f"version.{name}": value for name, value in own[0].versions.items()}
        tags = {"kind": "harvest", "query": own[0].query_name, "harvest": harvest}
        run = client.create_run(experiment, tags=tags).info.run_id
        client.log_batch(
            run,
            [Metric(key, value, 0, 0) for key, value in metrics.items()],
            [Param(key, value) for key, value in params.items()],
            [RunTag(key, value) for key, value in tags.items()],
        )
        client.set_terminated(run)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_mlflow_database: Path) -> str:
    database = shutil.copy(empty_mlflow_database, tmp_path_factory.mktemp("harvests"))
    uri = f"sqlite:///{database}"
    log(MlflowClient(tracking_uri=uri), NIGHTS)
    return uri


def test_harvests_are_those_that_were_logged(server: str) -> None:
    assert sorted(tracked_harvests(server), key=str) == sorted(NIGHTS, key=str)


def test_metrics_of_former_names_are_read_by_the_names_of_today(server: str) -> None:
    own = history(2, query_name="gold")
    log(MlflowClient(tracking_uri=server), own, {"confidence.furniture.": "confidence.scale_bars."})

    found = [each for each in tracked_harvests(server) if each.query_name == "gold"]

    assert sorted(found, key=str) == sorted(own, key=str)


def test_a_server_without_harvests_has_none(empty_mlflow_database: Path) -> None:
    assert tracked_harvests(f"sqlite:///{empty_mlflow_database}") == []


def test_a_server_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TransientFetchError, match="is it running"):
        tracked_harvests(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "address", ["mlflow.example", "http://[::1", "postgresql://server/figures", "sqlite:///none.db"]
)
def test_what_is_no_address_is_named(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FetchError, match=re.escape(address)):
        tracked_harvests(address)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_named_without_a_password(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("no database")
    with pytest.raises(FetchError, match="is not a database"):
        tracked_harvests(f"sqlite:///{tmp_path}/mlflow.db")
    with pytest.raises(FetchError, match="ftp://server: ") as refused:
        tracked_harvests("ftp://harvester:secret@server")
    assert "secret@" not in str(refused.value).partition(": MLflow")[0]
