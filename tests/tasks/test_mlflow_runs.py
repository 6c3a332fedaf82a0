"""Tracking loses no run: what a dead server does not take waits, and goes with the next run."""

import logging
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from mlflow.tracking import MlflowClient

from exsclaim.tracking.runs import BegunRun, TrackedRun, TrainedWeights
from exsclaim.tracking.spool import spool_of
from tasks import mlflow_runs
from tasks.mlflow_runs import begun, track

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(empty_mlflow_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracking store that is there."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(empty_mlflow_database, tmp_path / "mlflow.db")
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    return uri


@pytest.fixture
def dead_server(monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracking server at a port where nobody listens, with a password in its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    uri = f"http://harvester:s3cret@127.0.0.1:{port}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    return uri


def run(name: str = "night", **fields: Any) -> TrackedRun:
    content: dict[str, Any] = {
        "name": name,
        "started_ms": 1_700_000_000_000,
        "ended_ms": 1_700_000_060_000,
        "tags": {"kind": "harvest"},
        "params": {"query": "silver"},
        "metrics": {"panels": 12.0},
    }
    return TrackedRun.model_validate(content | fields)


def spooled(home: Path) -> list[Path]:
    return sorted((home / "tracking-spool").glob("*.json"))


def tracked(uri: str, experiment: str = "exsclaim-harvest") -> list[Any]:
    client = MlflowClient(tracking_uri=uri)
    found = client.get_experiment_by_name(experiment)
    return list(client.search_runs([found.experiment_id])) if found else []


def test_a_run_is_sent_with_its_numbers(home: Path, server: str) -> None:
    assert track.fn(run(texts={"report.md": "# HarvestMetrics"}))
    (sent,) = tracked(server)
    assert sent.info.run_name == "night"
    assert sent.info.status == "FINISHED"
    assert sent.data.metrics == {"panels": 12.0}
    assert sent.data.params == {"query": "silver"}
    assert spooled(home) == []
    assert [path.read_text() for path in (home / "mlartifacts").rglob("report.md")] == ["# HarvestMetrics"]


def test_a_database_of_its_own_is_made_whole_whatever_was_left_of_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    left = home / "mlflow.db.new"  # a process that made it was killed
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half of a database")
    left.with_name("mlflow.db.new-journal").write_bytes(b"and its journal")
    assert track.fn(run())
    (sent,) = tracked(f"sqlite:///{home}/mlflow.db")
    assert sent.info.status == "FINISHED"
    assert list(home.glob("mlflow.db.new*")) == []


def test_a_database_that_somebody_left_half_made_is_named_with_the_way_out(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home / "mlflow.db")) as database:
        database.execute("CREATE TABLE datasets (id TEXT)")
    assert not track.fn(run())
    assert "mlflow.db is damaged: put its backup in its place, or move it away" in spool_of(home).told_of_waiting()


@pytest.mark.parametrize("revision", ["451aebb31d03", "ffffffffffff"], ids=["older", "newer"])
def test_a_database_of_another_version_is_named_with_both_ways_out(
    home: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert track.fn(run())
    other = shutil.copy(home / "mlflow.db", home / f"{revision}.db")  # MLflow remembers those that it has opened
    with closing(sqlite3.connect(other)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{other}")
    assert not track.fn(run("second"))
    told = spool_of(home).told_of_waiting()
    assert "mlflow db upgrade brings an older one up, a newer one needs that newer MLflow; sqlite:///" in told


def test_a_reason_that_a_full_disk_has_no_room_for_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "in its place").touch()
    spool_of(tmp_path / "in its place").note_unsent("MLflow could not be reached")
    assert spool_of(tmp_path / "in its place").told_of_waiting() == ""


def test_a_run_that_waits_for_another_process_is_not_told_as_mlflows_fault(
    home: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "tracking-spool").mkdir(parents=True)
    with FileLock(home / "tracking-spool" / ".lock"), monkeypatch.context() as short:
        short.setattr(mlflow_runs, "PATIENCE_S", 0.1)
        assert not track.fn(run())
    told = spool_of(home).told_of_waiting()
    assert told.startswith("another process was sending runs to MLflow: 1 run waits in ")
    assert track.fn(run("next"))
    assert spool_of(home).told_of_waiting() == ""


def test_a_run_goes_to_the_experiment_it_names(server: str) -> None:
    assert track.fn(run(experiment="exsclaim-benchmark"))
    assert len(tracked(server, "exsclaim-benchmark")) == 1
    assert tracked(server) == []


def test_a_dead_server_loses_nothing_and_the_next_run_brings_it(
    home: Path, dead_server: str, request: pytest.FixtureRequest
) -> None:
    assert not track.fn(run("first"))
    assert not track.fn(run("second"))
    assert len(spooled(home)) == 2
    uri = request.getfixturevalue("server")
    assert track.fn(run("third"))
    assert {sent.info.run_name for sent in tracked(uri)} == {"first", "second", "third"}
    assert spooled(home) == []


def test_no_password_is_written_down(home: Path, dead_server: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="tasks.mlflow_runs"):
        track.fn(run())
    assert "could not be reached" in caplog.text
    assert "s3cret" not in caplog.text
    assert all("s3cret" not in path.read_text() for path in spooled(home))


@pytest.mark.parametrize("said", ["s3/cr@et", "s3@cret", "s3#cret", "s3?cret", "s3%2Fcret"])
@pytest.mark.parametrize("scheme", ["http", "postgresql", "mssql"])
def test_no_part_of_a_password_is_said_whatever_signs_it_has(
    home: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, said: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"{scheme}://harvester:{said}@127.0.0.1:9/figures")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    assert not track.fn(run())
    told = spool_of(home).told_of_waiting()
    assert f"{scheme}://127.0.0.1:9" in told
    assert not any(part in told for part in ("harvester", "s3", "cr", "et)", "et@"))


@pytest.mark.parametrize(
    "address", ["localhost:5000", "mlruns", "ftp://server", "postgresql://server/figures", "http://[::1"]
)
def test_an_address_that_cannot_be_used_is_no_fault_of_the_runs(
    home: Path, address: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A port without its http://, a folder, a database that has no driver here: every run waits, none is put aside."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    assert not track.fn(run("first"))
    assert f"; {address}): 1 run waits" in spool_of(home).told_of_waiting()
    uri = request.getfixturevalue("server")
    assert track.fn(run("second"))
    assert {sent.info.run_name for sent in tracked(uri)} == {"first", "second"}


def test_who_is_told_that_runs_wait_is_told_why(
    home: Path, dead_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    assert not track.fn(run("first"))
    told = spool_of(home).told_of_waiting()
    assert told.startswith("MLflow could not be reached (")
    assert "127.0.0.1" in told
    assert "s3cret" not in told
    damaged = tmp_path / "damaged.db"
    damaged.write_text("no database")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{damaged}")
    assert not track.fn(run("second"))
    told = spool_of(home).told_of_waiting()
    assert f"file is not a database; sqlite:///{damaged} is damaged: put its backup in its place" in told
    assert "): 2 runs wait in " in told
    request.getfixturevalue("server")
    assert track.fn(run("third"))
    assert spool_of(home).told_of_waiting() == ""
    assert [path.name for path in (home / "tracking-spool").glob("*.txt")] == []


def test_a_run_that_was_sent_in_part_is_not_doubled(home: Path, server: str) -> None:
    (home / "tracking-spool").mkdir(parents=True)
    interrupted = home / "tracking-spool" / "1-1-a.json"
    interrupted.write_text(run("first").model_dump_json())
    client = MlflowClient(tracking_uri=server)
    client.create_run(client.create_experiment("exsclaim-harvest"), tags={"exsclaim.spooled": interrupted.stem})
    assert track.fn(run("second"))
    assert len(tracked(server)) == 2


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\0" * 40, b"\xff\xfe{", run("poison", metrics={"F1 @ 0.5": 1.0}).model_dump_json().encode()],
    ids=["cut off", "empty", "zeros", "no text", "refused"],
)
def test_a_run_that_will_never_be_taken_does_not_hold_up_others(home: Path, server: str, content: bytes) -> None:
    (home / "tracking-spool").mkdir(parents=True)
    (home / "tracking-spool" / "1-1-a.json").write_bytes(content)
    assert track.fn(run("after"))
    assert "after" in {sent.info.run_name for sent in tracked(server) if sent.info.status == "FINISHED"}
    assert [path.name for path in (home / "tracking-spool" / "refused").glob("*")] == ["1-1-a.json"]


@pytest.mark.parametrize(
    ("fields", "said", "is_refused"),
    [
        ({"texts": {"a\0b.md": "x"}}, "embedded null byte", True),
        ({"network_file": "/nowhere/panels.safetensors"}, "/nowhere/panels.safetensors does not exist", True),
        ({"pictures": {"none/b.png": b"x"}}, "No such file or directory", False),
        ({"started_ms": 10**20}, "too large to convert to SQLite INTEGER", False),
    ],
)
def test_a_run_that_cannot_be_sent_costs_that_run_only_and_is_named(
    home: Path, server: str, caplog: pytest.LogCaptureFixture, fields: dict[str, Any], said: str, is_refused: bool
) -> None:
    """Of a fault that is not sure to be the run's own it waits; in no case those after it do."""
    waiting = home / "tracking-spool" / "1-1-a.json"
    waiting.parent.mkdir(parents=True)
    waiting.write_text(run("poison", **fields).model_dump_json())
    assert track.fn(run("after"))
    assert "after" in {sent.info.run_name for sent in tracked(server) if sent.info.status == "FINISHED"}
    assert spooled(home) == ([] if is_refused else [waiting])
    assert [path.name for path in waiting.parent.glob("refused/*")] == ([waiting.name] if is_refused else [])
    assert any("'poison'" in told and said in told for told in caplog.messages)
    assert spool_of(home).told_of_waiting().startswith("" if is_refused else "MLflow did not take a run ('poison': ")


def weights(sha256: str, quality: float, validation: str = "25 figures") -> TrainedWeights:
    return TrainedWeights(
        name="panels", version="1", sha256=sha256, measure="f1_at_0.75", quality=quality, validation=validation
    )


def aliases(uri: str) -> dict[str, str]:
    """Alias -> sha256."""
    client = MlflowClient(tracking_uri=uri)
    model = client.get_registered_model("exsclaim-panels")
    return {
        alias: client.get_model_version(model.name, version).tags["sha256"] for alias, version in model.aliases.items()
    }


def test_the_best_weights_are_the_champion(server: str) -> None:
    for sha256, quality in (("one", 0.90), ("two", 0.95), ("three", 0.93)):
        assert track.fn(run(weights=weights(sha256, quality)))
    assert aliases(server) == {"champion": "two", "challenger": "three"}


def test_weights_measured_on_another_set_do_not_displace_the_champion(server: str) -> None:
    track.fn(run(weights=weights("one", 0.90)))
    track.fn(run(weights=weights("two", 0.99, validation="1 figure")))
    assert aliases(server) == {"champion": "one", "challenger": "two"}


def test_weights_that_are_measured_again_are_compared_on_that_set(server: str) -> None:
    """The installed weights are measured on the figures of each training: better ones displace them there, too."""
    track.fn(run(weights=weights("installed", 0.90)))
    track.fn(run(weights=weights("installed", 0.80, validation="30 figures")))
    track.fn(run(weights=weights("own", 0.85, validation="30 figures")))
    assert aliases(server)["champion"] == "own"


def test_the_same_weights_are_registered_once(server: str) -> None:
    for _ in range(2):
        track.fn(run(weights=weights("one", 0.90)))
    assert len(MlflowClient(tracking_uri=server).search_model_versions("name = 'exsclaim-panels'")) == 1
    assert aliases(server) == {"champion": "one"}


def harvest_of(folder: str = "results/silver", name: str = "night") -> BegunRun:
    return BegunRun(
        experiment="exsclaim-harvest",
        name=name,
        started_ms=1_700_000_000_000,
        works_on=folder,
        tags={"kind": "harvest"},
    )


def wait_until_told(uri: str, count: int) -> list[Any]:
    """MLflow's runs once there are so many: a run that begins is told of in the background."""
    deadline = time.monotonic() + 60
    while len(runs := tracked(uri)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return runs


def test_a_run_is_seen_while_it_runs_and_is_the_same_when_it_has_finished(home: Path, server: str) -> None:
    with begun(harvest_of()) as name:
        (running,) = wait_until_told(server, 1)
        assert running.info.status == "RUNNING"
        assert track.fn(run(), name)
    (finished,) = tracked(server)
    assert (finished.info.run_id, finished.info.status) == (running.info.run_id, "FINISHED")
    assert finished.data.metrics == {"panels": 12.0}
    assert [path for path in (home / "tracking-spool").rglob("*") if path.suffix in (".json", ".told")] == []


def test_a_killed_run_is_marked_by_the_next_on_the_same_folder(home: Path, server: str) -> None:
    script = "import os\nfrom exsclaim.tracking.runs import BegunRun\nfrom tasks.mlflow_runs import begun\n"
    script += "with begun(RUN): os.kill(os.getpid(), 9)\n"
    for folder in ("results/silver", "results/gold"):
        told = harvest_of(folder, "killed").model_dump_json()
        code = script.replace("RUN", f"BegunRun.model_validate_json({told!r})")
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == -signal.SIGKILL
    with begun(harvest_of()) as name:
        assert track.fn(run(), name)
    states = sorted((sent.info.run_name, sent.info.status) for sent in tracked(server))
    # what works on another folder may be alive, and is let be
    assert states == [("killed", "KILLED"), ("killed", "RUNNING"), ("night", "FINISHED")]
    killed = next(sent for sent in tracked(server) if sent.info.status == "KILLED")
    assert "process was gone" in killed.data.tags["exsclaim.end"]


def test_a_run_left_by_an_exception_has_failed(server: str) -> None:
    with pytest.raises(RuntimeError), begun(harvest_of()):
        raise RuntimeError("disk full")
    (failed,) = tracked(server)
    assert failed.info.status == "FAILED"
    assert failed.data.tags["exsclaim.end"] == "RuntimeError: disk full"


def test_a_run_begun_under_a_dead_server_is_there_once_the_server_is(
    home: Path, dead_server: str, request: pytest.FixtureRequest
) -> None:
    with begun(harvest_of()) as name:
        assert not track.fn(run(), name)
    uri = request.getfixturevalue("server")
    with begun(harvest_of()) as name:
        assert track.fn(run("second"), name)
    assert sorted((sent.info.run_name, sent.info.status) for sent in tracked(uri)) == [
        ("night", "FINISHED"),
        ("second", "FINISHED"),
    ]


def test_a_run_is_linked_with_the_registered_weights_it_used(server: str) -> None:
    track.fn(run("training", weights=weights("one", 0.90)))
    track.fn(run("night", models={"panels": "one", "reader": "never registered"}))
    (night,) = (sent for sent in tracked(server) if sent.info.run_name == "night")
    assert night.data.tags["registered.panels"] == "exsclaim-panels/1"
    assert "registered.reader" not in night.data.tags
    assert len(MlflowClient(tracking_uri=server).get_run(night.info.run_id).inputs.model_inputs) == 1


def test_a_picture_is_an_artifact(home: Path, server: str) -> None:
    assert track.fn(run(pictures={"trend.png": b"\x89PNG\r\n"}))
    assert [path.read_bytes() for path in (home / "mlartifacts").rglob("trend.png")] == [b"\x89PNG\r\n"]


def test_a_database_of_another_version_costs_nothing(server: str, home: Path) -> None:
    with sqlite3.connect(server.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'made by a newer one'")
    assert track.fn(run()) is False
    assert len(spooled(home)) == 1
