"""Bring pools, queues, limits and deployments to a Prefect server: `make deploy`, as often as you like.

Slots of limits that a killed process or a restarted server left taken are freed.

deployments/pools.yaml        pools, their queues with priorities, limits of tags
deployments/prefect.yaml      deployments, with {{ $VARIABLES }} that are set here
deployments/pools/<type>-<pool>.json    job templates for pools that run containers
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate, WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, TaskRunFilter
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectAlreadyExists
from rich.console import Console

from exsclaim.errors import SettingsError
from exsclaim.settings import settings
from flows.command_line import errors_told, reach_server

FOLDER = Path(__file__).parents[1] / "deployments"
LEASES_IN_FILES = "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem"
"""Setting of a server that remembers over a restart who holds which slot of a limit, under its PREFECT_HOME."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _make_pools(client: SyncPrefectClient, declared: dict[str, Any], kind: str) -> None:
    """Make the server's pools, queues and tag limits what `declared` says; what is not declared is left alone.

    Raises:
        SettingsError: a pool of that name is there and runs its work in another way.
    """
    for pool, queues in declared["pools"].items():
        file = FOLDER / "pools" / f"{kind}-{pool}.json"
        template = json.loads(file.read_text(encoding="utf-8")) if kind != "process" else None
        try:
            client.create_work_pool(WorkPoolCreate(name=pool, type=kind, base_job_template=template or {}))
        except ObjectAlreadyExists:
            present = client.read_work_pool(pool)
            if present.type != kind:
                raise SettingsError(
                    f"the pool {pool} on the server is of type {present.type}, not {kind}: deploy with"
                    f" --pools {present.type}, or delete it first (prefect work-pool delete {pool})"
                ) from None
            if template:
                client.update_work_pool(pool, WorkPoolUpdate(base_job_template=template))
        for queue, priority in sorted(queues.items(), key=lambda item: item[1]):
            try:
                client.create_work_queue(queue, priority=priority, work_pool_name=pool)
            except ObjectAlreadyExists:
                known = client.read_work_queue_by_name(queue, work_pool_name=pool)
                if known.priority != priority:
                    client.update_work_queue(known.id, priority=priority)
    for tag, limit in declared["tags"].items():
        client.create_concurrency_limit(tag, limit)


def _free_leaked_slots(client: SyncPrefectClient, tags: Iterable[str]) -> list[str]:
    """Give back slots of limits that nothing holds any more: "tag:gpu: 1 of 1"; those of what runs stay taken.

    A server that keeps its leases in memory forgets with a restart who holds a slot, and never frees it. With
    `LEASES_IN_FILES` the slots of killed processes come back by themselves, after a minute or five.
    """
    unfinished = {"type": {"any_": [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]}}
    runs = FlowRunFilter.model_validate({"state": unfinished})
    held: dict[str, int] = {}
    for tag in tags:
        tagged = TaskRunFilter.model_validate({"tags": {"all_": [tag]}, "state": unfinished})
        held[f"tag:{tag}"] = len(client.read_task_runs(flow_run_filter=runs, task_run_filter=tagged))
    for deployment in client.read_deployments(limit=200):
        if deployment.global_concurrency_limit is not None:
            of_it = FlowRunFilter.model_validate({"deployment_id": {"any_": [deployment.id]}, "state": unfinished})
            held[deployment.global_concurrency_limit.name] = len(client.read_flow_runs(flow_run_filter=of_it))
    freed = []
    for name, count in held.items():
        limit = client.read_global_concurrency_limit_by_name(name)
        if limit.active_slots > count:
            freed.append(f"{name}: {limit.active_slots - count} of {limit.limit}")
            client.update_global_concurrency_limit(name, GlobalConcurrencyLimitUpdate(active_slots=count))
    return freed


def _forgets_leases(client: SyncPrefectClient) -> bool:
    """True if the server loses with a restart who holds which slot of a limit: nights that run then end."""
    server = client.request("GET", "/admin/settings").json()["server"]
    return bool(server["concurrency"]["lease_storage"] == "prefect.server.concurrency.lease_storage.memory")


def variables(kind: str = "process") -> dict[str, str]:
    """Values of prefect.yaml's variables: from the environment, else ones that fit where pools of this kind work.

    That is a checkout on this machine, or the places in the images of deployments/images.
    """
    if kind == "process":
        home, checkout = str(settings().home.expanduser().absolute()), str(FOLDER.parent)
        fitting = {"EXSCLAIM_QUERIES": "queries", "EXSCLAIM_RESULTS": f"{checkout}/results"}
    else:
        home, checkout = "/data", "/opt/exsclaim"
        fitting = {"EXSCLAIM_QUERIES": "/queries", "EXSCLAIM_RESULTS": "/results"}
    fitting |= {
        "EXSCLAIM_CHECKOUT": checkout,
        "EXSCLAIM_HOME": home,
        "EXSCLAIM_BENCHMARK": "benchmark/figures",
        "MLFLOW_TRACKING_URI": f"sqlite:///{home}/mlflow.db",
    }
    # of this machine's home, the settings know more than the environment
    said = os.environ if kind != "process" else {n: v for n, v in os.environ.items() if n != "EXSCLAIM_HOME"}
    return {name: said.get(name) or value for name, value in fitting.items()}


def deploy(values: dict[str, str]) -> None:
    """`prefect deploy --all`, with the variables of prefect.yaml set.

    Raises:
        SettingsError: a variable has no value (Prefect would deploy its name), or Prefect refused.
    """
    file = FOLDER / "prefect.yaml"
    wanted = set(re.findall(r"\{\{\s*\$(\w+)\s*\}\}", file.read_text(encoding="utf-8")))
    environment = os.environ | values | {"PREFECT_CLI_PROMPT": "false"}
    if missing := sorted(name for name in wanted if not environment.get(name)):
        raise SettingsError(f"{file.name} needs {', '.join(missing)}: set it in the environment")
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    answer = subprocess.run(
        [*command, "--prefect-file", str(file.relative_to(FOLDER.parent))],
        cwd=FOLDER.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SettingsError(f"Prefect did not deploy:\n{answer.stdout}")


@app.command()
def command(
    pools: Annotated[str, typer.Option(help="How the pools run their work: process, docker, kubernetes.")] = "process",
) -> None:
    """Bring pools, queues, limits and deployments to the server that PREFECT_API_URL names.

    From the environment, stored in the deployments: EXSCLAIM_CHECKOUT (this checkout), EXSCLAIM_HOME,
    EXSCLAIM_QUERIES (folder of query files: queries), EXSCLAIM_RESULTS (of queries without results_dir: results),
    EXSCLAIM_BENCHMARK (figures with gold: benchmark/figures), MLFLOW_TRACKING_URI. Exit code 0: done; 1: not.
    """
    console = Console(emoji=False, soft_wrap=True)
    declared = yaml.safe_load((FOLDER / "pools.yaml").read_text(encoding="utf-8"))
    values = variables(pools)
    with errors_told():
        if not os.environ.get("PREFECT_API_URL"):
            raise SettingsError("to which server? export PREFECT_API_URL=http://127.0.0.1:4200/api")
        reach_server()
        with get_client(sync_client=True) as client:
            _make_pools(client, declared, pools)
            deploy(values)
            freed, is_forgetful = _free_leaked_slots(client, declared["tags"]), _forgets_leases(client)
            deployed = client.read_deployments(limit=200)
    for name, value in values.items():
        console.print(f"{name} = {value}", highlight=False)
    for slots in freed:
        console.print(f"freed a slot that nothing held any more: {slots}", highlight=False)
    if is_forgetful:
        console.print(
            "The server keeps in memory who holds a limit's slot, and a restart would end the night that runs: start"
            f" it with {LEASES_IN_FILES}", style="yellow", highlight=False,
        )  # fmt: skip
    for one in sorted(deployed, key=lambda one: (one.work_pool_name or "", one.name)):
        if one.work_pool_name in declared["pools"]:
            times = ", ".join(getattr(schedule.schedule, "cron", "") for schedule in one.schedules)
            flow = one.entrypoint.rsplit(".", 1)[-1].replace("_", "-") if one.entrypoint else ""
            row = f"{f'{flow}/{one.name}':24} pool {one.work_pool_name:8} queue {one.work_queue_name or '':10} {times}"
            console.print(row, markup=False, soft_wrap=True)  # a name is anybody's text


if __name__ == "__main__":
    app()
