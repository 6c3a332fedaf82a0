"""Neither Prefect nor MLflow tells anybody that it runs, unless its user wants it to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.outbound import Outbound

ROOT = Path(__file__).parents[1]
HARVEST_AND_TRACK = """
import flows
from prefect import flow
from tasks.mlflow_runs import TrackedRun, track

@flow
def night():
    track(TrackedRun(name="a night", started_ms=1, ended_ms=2, tags={}, params={}, metrics={"figures": 1.0}))
    import mlflow
    mlflow.set_tracking_uri({uri!r})
    with mlflow.start_run():
        mlflow.log_metric("figures", 1)

night()
"""
THE_SERVERS_REPORT = """
import asyncio, flows
from prefect.server.services.telemetry import send_telemetry_heartbeat
from prefect.settings.context import get_current_settings

if get_current_settings().server.analytics_enabled:
    asyncio.run(send_telemetry_heartbeat())
"""
"""A server of Prefect's reports under this setting; when, it decides itself: too late for a test to wait for."""
SIGNS_OF_CI = ("CI", "PYTEST", "GITHUB", "BUILDKITE", "JENKINS", "TEAMCITY", "CODEBUILD", "RUNBOT")
"""Under these both keep quiet by themselves, which is not what is tested."""


@pytest.fixture(scope="module")
def kept_home(
    tmp_path_factory: pytest.TempPathFactory, empty_prefect_database: Path, empty_mlflow_database: Path
) -> Path:
    """A home with the databases of Prefect and MLflow, whose tables take longer to make than all the rest."""
    home = tmp_path_factory.mktemp("kept") / "home"
    (home / "prefect").mkdir(parents=True)
    shutil.copy(empty_prefect_database, home / "prefect" / "prefect.db")
    shutil.copy(empty_mlflow_database, home / "mlflow.db")
    return home


def attempts(folder: Path, home: Path, database: Path, *programs: str, **environment: str) -> list[str]:
    """Run programs, one after another, in a process as a user starts it; gives who reached for the network."""
    outbound = Outbound(folder)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*SIGNS_OF_CI, "PREFECT_", "MLFLOW_", "DO_NOT_TRACK", "GITLAB"))
    }
    own = {
        "EXSCLAIM_HOME": str(home),
        "HOME": str(folder),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "400",
    }
    shutil.copy(database, folder / "mlflow.db")
    answer = subprocess.run(
        [sys.executable, "-c", "\n".join(programs).replace("{uri!r}", repr(f"sqlite:///{folder}/mlflow.db"))],
        cwd=ROOT,
        env=inherited | own | outbound.environment() | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert answer.returncode == 0, answer.stderr
    return outbound.attempts


def test_nobody_is_told(tmp_path: Path, kept_home: Path, empty_mlflow_database: Path) -> None:
    assert attempts(tmp_path, kept_home, empty_mlflow_database, HARVEST_AND_TRACK, THE_SERVERS_REPORT) == []


def test_who_wants_telemetry_can_have_it(tmp_path: Path, kept_home: Path, empty_mlflow_database: Path) -> None:
    """The counter-check: what the test above would see."""
    wanted = {
        "DO_NOT_TRACK": "false",
        "MLFLOW_DISABLE_TELEMETRY": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
    }
    programs = (HARVEST_AND_TRACK, THE_SERVERS_REPORT)
    told = "\n".join(attempts(tmp_path, kept_home, empty_mlflow_database, *programs, **wanted))
    assert "prefect" in told
    assert "mlflow-telemetry" in told
