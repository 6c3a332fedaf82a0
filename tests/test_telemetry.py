"""Neither Prefect nor MLflow tells anybody that it runs, unless its user wants it to."""

import os
import subprocess
import sys
from pathlib import Path

from tests.outbound import Outbound

ROOT = Path(__file__).parents[1]
HARVEST_AND_TRACK = """
import os, time, flows
from pathlib import Path
from prefect import flow
from tasks.tracking import TrackedRun, track

@flow
def night():
    track(TrackedRun(name="a night", started_ms=1, ended_ms=2, tags={}, params={}, metrics={"figures": 1.0}))
    import mlflow
    mlflow.set_tracking_uri({uri!r})
    with mlflow.start_run():
        mlflow.log_metric("figures", 1)

night()
# Prefect's server tells in its own time, some seconds after its start
told, until = Path(os.environ["OUTBOUND_LOG"]), time.monotonic() + float(os.environ["PATIENCE_S"])
while time.monotonic() < until and not (told.exists() and "prefect" in told.read_text()):
    time.sleep(0.5)
"""
SIGNS_OF_CI = ("CI", "PYTEST", "GITHUB", "BUILDKITE", "JENKINS", "TEAMCITY", "CODEBUILD", "RUNBOT")
"""Under these both keep quiet by themselves, which is not what is tested."""


def attempts(folder: Path, patience_s: float, **environment: str) -> list[str]:
    """A flow under an embedded server with a run in MLflow, as a user starts it; gives who reached for the network.

    The server lives `patience_s` longer than the flow, or until Prefect has reached for the network.
    """
    outbound = Outbound(folder)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*SIGNS_OF_CI, "PREFECT_", "MLFLOW_", "DO_NOT_TRACK", "GITLAB"))
    }
    own = {
        "EXSCLAIM_HOME": str(folder / "home"),
        "HOME": str(folder),
        "OUTBOUND_LOG": str(outbound.log),
        "PATIENCE_S": str(patience_s),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "400",
    }
    answer = subprocess.run(
        [sys.executable, "-c", HARVEST_AND_TRACK.replace("{uri!r}", repr(f"sqlite:///{folder}/mlflow.db"))],
        cwd=ROOT,
        env=inherited | own | outbound.environment() | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert answer.returncode == 0, answer.stderr
    return outbound.attempts


def test_nobody_is_told(tmp_path: Path) -> None:
    assert attempts(tmp_path, patience_s=15) == []


def test_who_wants_telemetry_can_have_it(tmp_path: Path) -> None:
    """The counter-check: what the test above would see."""
    wanted = {
        "DO_NOT_TRACK": "false",
        "MLFLOW_DISABLE_TELEMETRY": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
    }
    told = ""
    for attempt in range(3):  # once in some runs Prefect's server did not within two minutes
        told = "\n".join([told, *attempts(tmp_path / str(attempt), patience_s=60, **wanted)])
        if "prefect" in told:
            break
    assert "prefect" in told
    assert "mlflow-telemetry" in told
