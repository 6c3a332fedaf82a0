"""Bring pools, queues, limits and deployments to a Prefect server: `make deploy`, as often as you like.

deployments/pools.yaml        pools, their queues with priorities, limits of tags
deployments/prefect.yaml      deployments, with {{ $VARIABLES }} that are set here
deployments/pools/<type>-<pool>.json    job templates for pools that run containers
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectAlreadyExists
from rich.console import Console

from exsclaim.errors import ExsclaimError, SettingsError
from exsclaim.settings import settings

FOLDER = Path(__file__).parents[1] / "deployments"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def make_pools(client: SyncPrefectClient, declared: dict[str, Any], kind: str) -> None:
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


def variables() -> dict[str, str]:
    """Values of prefect.yaml's variables: from the environment, else ones that fit a checkout on this machine."""
    home = settings().home.expanduser().absolute()
    return {
        "EXSCLAIM_CHECKOUT": os.environ.get("EXSCLAIM_CHECKOUT") or str(FOLDER.parent),
        "EXSCLAIM_HOME": str(home),
        "EXSCLAIM_QUERIES": os.environ.get("EXSCLAIM_QUERIES") or "queries",
        "EXSCLAIM_BENCHMARK": os.environ.get("EXSCLAIM_BENCHMARK") or "benchmark/figures",
        "MLFLOW_TRACKING_URI": os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{home}/mlflow.db",
    }


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
    EXSCLAIM_QUERIES (folder of query files: queries), EXSCLAIM_BENCHMARK (figures with gold: benchmark/figures),
    MLFLOW_TRACKING_URI. Exit code 0: done; 1: not.
    """
    console, errors = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
    url = os.environ.get("PREFECT_API_URL")
    declared = yaml.safe_load((FOLDER / "pools.yaml").read_text(encoding="utf-8"))
    values = variables()
    try:
        if not url:
            raise SettingsError("to which server? export PREFECT_API_URL=http://127.0.0.1:4200/api")
        with get_client(sync_client=True) as client:
            if error := client.api_healthcheck():
                raise SettingsError(f"{url} does not answer ({error!r}): prefect server start")
            make_pools(client, declared, pools)
            deploy(values)
            deployed = client.read_deployments(limit=200)
    except ExsclaimError as error:
        errors.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error
    for name, value in values.items():
        console.print(f"{name} = {value}", highlight=False)
    for one in sorted(deployed, key=lambda one: (one.work_pool_name or "", one.name)):
        if one.work_pool_name in declared["pools"]:
            times = ", ".join(getattr(schedule.schedule, "cron", "") for schedule in one.schedules)
            flow = one.entrypoint.rsplit(".", 1)[-1].replace("_", "-") if one.entrypoint else ""
            console.print(
                f"{flow + '/' + one.name:24} pool {one.work_pool_name:8} queue {one.work_queue_name:10} {times}"
            )


if __name__ == "__main__":
    app()
