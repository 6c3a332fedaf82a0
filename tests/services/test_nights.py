"""Two nights on a server: PostgreSQL, Prefect, MLflow, a worker on each of two pools, and what goes wrong with them.

    make test-services

The first night has a bad query file. In its middle, while the GPU pool works for a harvest, the GPU worker is killed
with what it runs and started again, the night's own process is killed, Prefect's server is killed and started again,
and then the harvest's process is killed.
"""

import datetime as dt
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tests.services.running import ROOT, Services, answers, servers

pytestmark = [pytest.mark.services, pytest.mark.timeout(3600)]  # three nights; each wait has a limit of its own

QUERY = {"name": "particles", "open": True, "query": {"search_field_1": {"term": "nanoparticles"}}}
OTHER = {"name": "microscopy", "open": True, "query": {"search_field_1": {"term": "electron microscopy"}}}


@dataclass(frozen=True)
class Nights:
    """Remains of the two nights."""

    services: Services
    first: dict[str, Any]
    second: dict[str, Any]
    """Prefect's flow runs of the parents, of the first night that which went on."""
    begun: str
    """Id of the first night's flow run that was killed."""
    killed: str
    """Id of the harvest's flow run that was killed."""
    lost: str
    """Id of the separation's flow run that was killed with its worker."""
    days: list[str]
    """Of the first night, set back, and of the second."""
    harvested: Path
    undisturbed: Path
    """Folders of results: of the nights, and of `python -m flows.nightly` without a server."""


def ask(services: Services, path: str, **body: Any) -> Any:
    answer = httpx.post(f"{services.environment['PREFECT_API_URL']}/{path}", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()


def flow_runs(services: Services, flow: str) -> list[dict[str, Any]]:
    """Oldest first."""
    found: list[dict[str, Any]] = ask(services, "flow_runs/filter", flows={"name": {"any_": [flow]}})
    return sorted(found, key=lambda run: str(run["created"]))


def process_of(flow_run: str) -> int | None:
    """The process that executes a flow run: the first of those that have its id in their environment."""
    wanted = f"PREFECT__FLOW_RUN_ID={flow_run.replace('-', '')}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().replace(b"-", b"").split(b"\0"):
                found.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return min(found, default=None)


def write_queries(folder: Path, results: Path) -> Path:
    folder.mkdir()
    for query in (QUERY, OTHER):
        (folder / f"{query['name']}.yaml").write_text(yaml.safe_dump(query | {"results_dir": str(results)}))
    return folder


def start_night(services: Services, gpu: dict[str, Any] | None = None) -> str:
    """Trigger the parent as its schedule would, `gpu` told otherwise; gives its flow run's id."""
    deployment = httpx.get(
        f"{services.environment['PREFECT_API_URL']}/deployments/name/nightly/default", timeout=60
    ).json()
    parameters = {"gpu": deployment["parameters"]["gpu"] | gpu} if gpu else {}
    run = ask(services, f"deployments/{deployment['id']}/create_flow_run", parameters=parameters)
    return str(run["id"])


def ended(services: Services, run_id: str) -> dict[str, Any]:
    """The parent's flow run, once it has ended."""

    def read() -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(
            f"{services.environment['PREFECT_API_URL']}/flow_runs/{run_id}", timeout=60
        ).json()
        return found

    services.wait_for("the night's end", lambda: read()["state_type"] in ("COMPLETED", "FAILED", "CRASHED"), 1200)
    return read()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    wait_out_midnight()
    folder = tmp_path_factory.mktemp("nights")
    journal = DemoJournal(folder / "journal", count=4)
    settings = {"EXSCLAIM_RETRY_DELAY_S": "0.2"}
    with servers(folder) as services:
        queries = write_queries(folder / "queries", folder / "results")
        bad = queries / "broken.yaml"
        bad.write_text("name: broken\nquery: {}\n")
        with JournalServer(journal, demo_faults(journal.articles)) as server:
            home = folder / "home"
            services.environment |= settings | {
                "EXSCLAIM_MIRROR": server.url,
                "EXSCLAIM_HOME": str(home),
                "EXSCLAIM_QUERIES": str(queries),
                "PREFECT_WORKER_QUERY_SECONDS": "2",
            }
            for _ in range(2):  # the second time, nothing is in the way
                # -o: the environment is the one that runs this test
                services.run("make", "-o", ".venv/.ready", "deploy")
            for pool, limit in (("default", 3), ("gpu", 1)):
                worker = ["worker", "start", "--pool", pool, "--limit", str(limit), "--name", f"worker-{pool}"]
                services.start(f"worker-{pool}", [sys.executable, "-m", "prefect", *worker])
            night = start_night(services, gpu={"wait_s": 100.0})
            lost = kill_the_gpu_worker(services)
            goes_on = kill_the_night(services, night)
            restart_the_server(services)
            services.start_again("worker-gpu")
            killed = kill_a_harvest(services)
            first = ended(services, goes_on)
            days = set_back_a_day(home / "ledger.sqlite")
            bad.unlink()
            second = ended(services, start_night(services))
        with JournalServer(journal, demo_faults(journal.articles)) as server:
            alone = write_queries(folder / "alone", folder / "undisturbed")
            environment = {name: value for name, value in services.environment.items() if name != "PREFECT_API_URL"}
            environment |= {
                "EXSCLAIM_MIRROR": server.url,
                "EXSCLAIM_HOME": str(folder / "home-alone"),
                "PREFECT_HOME": str(folder / "prefect-alone"),
                "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "900",
                "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/alone.db",
            }
            answer = subprocess.run(
                [sys.executable, "-m", "flows.nightly", str(alone)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=1200,
                check=False,
            )
            assert answer.returncode == 0, answer.stdout + answer.stderr
        yield Nights(services, first, second, night, killed, lost, days, folder / "results", folder / "undisturbed")


def wait_out_midnight() -> None:
    """Begin no nights that midnight would part: what they publish has the day in it, and would not compare."""
    now = dt.datetime.now(dt.UTC)
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    if midnight - now < dt.timedelta(minutes=25):
        time.sleep((midnight - now).total_seconds() + 1)


def kill_the_gpu_worker(services: Services) -> str:
    """SIGKILL to the GPU worker and to the separation that it runs; gives the separation's flow run."""

    def running() -> list[str]:
        return [str(run["id"]) for run in flow_runs(services, "separate") if run["state_type"] == "RUNNING"]

    services.wait_for("the GPU pool at work", lambda: bool(running()))
    (run,) = running()
    services.kill("worker-gpu")
    while (process := process_of(run)) is not None:  # it has a session of its own
        os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
    return run


def restart_the_server(services: Services) -> None:
    """Kill Prefect's server and start it again: flow runs and workers go on meanwhile."""
    services.kill("prefect-server")
    services.start_again("prefect-server")
    services.wait_for("Prefect's server", lambda: answers(f"{services.environment['PREFECT_API_URL']}/health"))


def kill_a_harvest(services: Services) -> str:
    """SIGKILL to a harvest's process when the GPU pool has begun anew what was lost; gives its flow run's id."""
    services.wait_for("another run of the GPU pool", lambda: len(flow_runs(services, "separate")) > 1)
    (harvest,) = [run for run in flow_runs(services, "harvest") if run["state_type"] == "RUNNING"]
    process = process_of(str(harvest["id"]))
    assert process is not None, services.error("no process executes the harvest")
    os.kill(process, signal.SIGKILL)
    return str(harvest["id"])


def kill_the_night(services: Services, night: str) -> str:
    """SIGKILL to a night's own process; gives the flow run that goes on with it."""
    process = process_of(night)
    assert process is not None, services.error("no process executes the night")
    os.kill(process, signal.SIGKILL)

    def resuming() -> list[str]:
        nights = [run for run in flow_runs(services, "nightly") if run["parameters"].get("resumes") == night]
        return [str(run["id"]) for run in nights if run["state_type"] == "RUNNING"]

    # until it runs: Prefect gives up a process that finds no server at its very start, and so much is not begun again
    services.wait_for("the night that goes on", lambda: bool(resuming()))
    return resuming()[0]


def set_back_a_day(ledger: Path) -> list[str]:
    """Make the first night yesterday's: two nights of one day would be one in the history; gives both days."""
    today = dt.datetime.now(dt.UTC).date()
    yesterday = str(today - dt.timedelta(days=1))
    columns = {
        "harvests": ("id", "started", "finished"),
        "articles": ("harvest",),
        "failures": ("harvest",),
        "harvest_metrics": ("harvest", "day"),
    }
    with closing(sqlite3.connect(ledger)) as database, database:
        for table, names in columns.items():
            database.execute(
                f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)}", [yesterday] * len(names)
            )
    return [yesterday, str(today)]


def published_in(folder: Path) -> dict[str, bytes]:
    """All that harvests published, but for logs and locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".log" and path.name != ".lock"
    }


def test_a_bad_query_file_is_named_and_stops_no_other(nights: Nights) -> None:
    assert nights.first["state_type"] == "FAILED"
    message = nights.first["state"]["message"]
    assert "1 of 3 queries" in message
    assert "broken.yaml" in message
    assert nights.second["state_type"] == "COMPLETED"


def test_separation_ran_on_the_gpu_pool_and_harvests_on_the_default_pool(nights: Nights) -> None:
    separations, harvests = (flow_runs(nights.services, flow) for flow in ("separate", "harvest"))
    assert separations
    assert {run["work_pool_name"] for run in separations} == {"gpu"}
    ends = {str(run["id"]): run["state_type"] for run in separations}
    assert ends.pop(nights.lost) == "CRASHED"
    assert set(ends.values()) == {"COMPLETED"}
    assert {run["work_pool_name"] for run in harvests} == {"default"}
    articles = sum(len(run["parameters"]["articles"]) for run in separations)
    assert articles >= sum(1 for _ in (nights.harvested.parent / "home" / "tasks" / "separate").glob("*")) > 3


def test_the_killed_night_was_begun_again_once_and_took_its_harvests_over(nights: Nights) -> None:
    runs = [run for run in flow_runs(nights.services, "nightly") if not run["auto_scheduled"]]
    assert {str(run["id"]) for run in runs} == {nights.begun, nights.first["id"], nights.second["id"]}
    assert next(run for run in runs if str(run["id"]) == nights.begun)["state_type"] == "CRASHED"
    keys = [str(run["idempotency_key"]) for run in flow_runs(nights.services, "harvest")]
    assert sum(key.startswith(nights.begun) for key in keys) == 3  # of two queries, and of the killed one again
    assert not any(key.startswith(nights.first["id"]) for key in keys)


def test_what_happens_in_a_harvest_is_told_in_its_logs(nights: Nights) -> None:
    ids = [run["id"] for run in flow_runs(nights.services, "harvest")]
    lines = ask(nights.services, "logs/filter", logs={"flow_run_id": {"any_": ids}})
    assert {str(line["name"]) for line in lines} >= {"exsclaim.http.retries", "flows.gpu_pool"}


def test_a_harvest_that_waits_for_another_is_not_offered_to_a_worker(nights: Nights) -> None:
    consoles = {pool: (nights.services.folder / f"worker-{pool}.log").read_text() for pool in ("default", "gpu")}
    assert "will be tried again: " in consoles["default"]  # what exsclaim logs
    assert {pool for pool, console in consoles.items() if "Aborted submission" in console} == set()


def test_the_killed_harvest_was_started_again_and_no_other(nights: Nights) -> None:
    harvests = flow_runs(nights.services, "harvest")
    ends = {str(run["id"]): run["state_type"] for run in harvests}
    assert ends.pop(nights.killed) == "CRASHED"
    assert list(ends.values()) == ["COMPLETED"] * 4  # two queries, two nights
    assert sum(str(run["idempotency_key"]).endswith("-2") for run in harvests) == 1


def test_the_data_set_is_that_of_an_undisturbed_night_without_a_server(nights: Nights) -> None:
    assert {path.name for path in nights.harvested.iterdir()} == {"particles", "microscopy"}
    assert published_in(nights.harvested) == published_in(nights.undisturbed)


def test_mlflow_has_one_finished_run_per_harvest_and_the_killed_one_is_marked(nights: Nights) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(nights.services.environment["MLFLOW_TRACKING_URI"])
    experiment = client.get_experiment_by_name("exsclaim-harvest")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id])
    assert sorted(run.info.status for run in runs) == ["FINISHED"] * 4 + ["KILLED"]
    finished = [run.data.tags["query"] for run in runs if run.info.status == "FINISHED"]
    assert sorted(finished) == ["microscopy"] * 2 + ["particles"] * 2


def test_nothing_holds_a_slot_after_the_nights(nights: Nights) -> None:
    limits = ask(nights.services, "v2/concurrency_limits/filter")
    assert {limit["name"] for limit in limits} >= {"tag:gpu"}
    assert len(limits) > 5  # those of the deployments
    nights.services.wait_for("free slots", lambda: not taken(nights.services), 120)


def taken(services: Services) -> list[str]:
    limits = ask(services, "v2/concurrency_limits/filter")
    return [limit["name"] for limit in limits if limit["active_slots"]]


def test_deploying_frees_a_slot_that_a_forgetful_server_left_taken(nights: Nights) -> None:
    ask(nights.services, "v2/concurrency_limits/increment", names=["tag:gpu"], slots=1, mode="concurrency")
    assert taken(nights.services) == ["tag:gpu"]
    said = nights.services.run("make", "-o", ".venv/.ready", "deploy")
    assert "freed a slot that nothing held any more: tag:gpu: 1 of 1" in said
    assert "restart would end the night" not in said  # this server keeps its leases in files
    assert taken(nights.services) == []


def test_the_second_night_asked_the_gpu_pool_for_nothing(nights: Nights) -> None:
    began = nights.second["start_time"]
    assert [run for run in flow_runs(nights.services, "separate") if run["created"] > began] == []


def test_what_is_deployed_holds_no_unset_variable(nights: Nights) -> None:
    deployments = ask(nights.services, "deployments/filter")
    assert len(deployments) >= 5
    assert "{{ $" not in json.dumps(deployments)
    queues = ask(nights.services, "work_pools/gpu/queues/filter")
    priorities = {queue["name"]: queue["priority"] for queue in queues}
    assert priorities["separate"] < priorities["benchmark"] < priorities["train"]


def test_nobody_outside_was_told(nights: Nights) -> None:
    assert nights.services.outbound.attempts == []


def test_the_server_has_scheduled_the_next_nights(nights: Nights) -> None:
    def planned() -> list[str]:
        return [run["expected_start_time"][11:16] for run in flow_runs(nights.services, "nightly") if is_planned(run)]

    # deploying, which a test above does, takes the planned runs back; the scheduler plans anew within its next round
    nights.services.wait_for("the next nights", lambda: bool(planned()), 180)
    assert set(planned()) == {"01:00"}


def is_planned(run: dict[str, Any]) -> bool:
    return bool(run["auto_scheduled"]) and run["state_type"] == "SCHEDULED"


def test_the_quality_command_shows_both_nights_of_both_queries(nights: Nights) -> None:
    command = "from exsclaim.cli import main; main()"
    shown = json.loads(nights.services.run(sys.executable, "-c", command, "quality", "--last", "30", "--json"))
    for query in ("particles", "microscopy"):
        assert sorted({night["day"] for night in shown["nights"] if night["query_name"] == query}) == nights.days
