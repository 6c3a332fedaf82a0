"""Everything that deployments/ deploys exists, fits together, and is called with what it takes."""

import importlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
import yaml
from prefect import Flow
from prefect.events.schemas.events import RelatedResource, Resource
from prefect.utilities.templating import apply_values
from typer.testing import CliRunner

from exsclaim.query import parse
from exsclaim.settings import settings
from flows.deploy import LEASES_IN_FILES, app, variables

FOLDER = Path(__file__).parents[2] / "deployments"
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "prefect.yaml").read_text())["deployments"]
POOLS: dict[str, dict[str, int]] = yaml.safe_load((FOLDER / "pools.yaml").read_text())["pools"]
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "docker-compose.yaml").read_text())
QUIET = {"DO_NOT_TRACK": "true", "MLFLOW_DISABLE_TELEMETRY": "true"}


def by_name() -> dict[str, dict[str, Any]]:
    return {f"{flow_of(deployment).name}/{deployment['name']}": deployment for deployment in DEPLOYMENTS}


def flow_of(deployment: dict[str, Any]) -> Flow[..., Any]:
    module, name = deployment["entrypoint"].rsplit(".", 1)
    flow = getattr(importlib.import_module(module), name)
    assert isinstance(flow, Flow)
    return flow


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: f"{d['entrypoint']}-{d['name']}")
def test_a_deployment_names_a_flow_its_parameters_and_its_queue(deployment: dict[str, Any]) -> None:
    flow = flow_of(deployment)
    assert set(deployment.get("parameters", {})) <= set(flow.parameters.properties)
    if "schedules" in deployment:  # what runs by itself must need nothing more
        flow.validate_parameters(deployment["parameters"])
    assert deployment["concurrency_limit"]["limit"] == 1
    pool = deployment["work_pool"]
    assert pool["work_queue_name"] in POOLS[pool["name"]]
    assert pool["job_variables"]["env"].items() >= QUIET.items()


def test_a_killed_night_is_begun_again_and_one_that_was_begun_again_is_not() -> None:
    from prefect.server.events.schemas.automations import EventTrigger  # all of Prefect's server

    deployed = by_name()
    (spec,) = deployed["nightly/again"]["triggers"]
    trigger = EventTrigger.model_validate(spec)
    assert trigger.expect == {"prefect.flow-run.Crashed"}
    resource = Resource.model_validate({"prefect.resource.id": f"prefect.flow-run.{uuid4()}"})

    def is_begun_again(flow: str, deployment: str) -> bool:
        related = [
            RelatedResource.model_validate(
                {
                    "prefect.resource.role": role,
                    "prefect.resource.id": f"prefect.{role}.{uuid4()}",
                    "prefect.resource.name": name,
                }
            )
            for role, name in (("flow", flow), ("deployment", deployment))
        ]
        return trigger.covers_resources(resource, related)

    assert is_begun_again("nightly", "default")
    assert not is_begun_again("nightly", "again")
    assert not is_begun_again("harvest", "default")
    assert deployed["nightly/again"]["parameters"] == deployed["nightly/default"]["parameters"]


def test_what_deployments_call_is_deployed() -> None:
    deployed = by_name()
    for deployment in DEPLOYMENTS:
        parameters = deployment.get("parameters", {})
        called = [parameters.get("deployment"), (parameters.get("gpu") or {}).get("deployment")]
        assert {name for name in called if name} <= set(deployed)
    assert deployed["separate/gpu"]["work_pool"]["name"] == "gpu"


@pytest.mark.parametrize("url", [None, ""])
def test_without_a_server_nothing_is_deployed(url: str | None) -> None:
    made = CliRunner().invoke(app, [], env={"PREFECT_API_URL": url})
    assert made.exit_code == 1
    assert "to which server?" in made.output


def test_every_variable_gets_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MLFLOW_TRACKING_URI", "EXSCLAIM_HOME"):
        monkeypatch.delenv(name, raising=False)
    wanted = set(re.findall(r"\{\{\s*\$(\w+)", (FOLDER / "prefect.yaml").read_text()))
    assert wanted
    assert all(variables()[name] for name in wanted)
    in_images = variables("docker")
    assert set(in_images) == set(variables())
    assert (in_images["EXSCLAIM_HOME"], in_images["EXSCLAIM_RESULTS"]) == ("/data", "/results")


@pytest.mark.parametrize("file", sorted((FOLDER / "pools").glob("*.json")), ids=lambda file: file.stem)
def test_a_job_template_uses_what_it_declares(file: Path) -> None:
    template = json.loads(file.read_text())
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(template["job_configuration"])))
    assert used == set(template["variables"]["properties"])
    jsonschema.Draft202012Validator.check_schema(template["variables"])
    for name, declared in template["variables"]["properties"].items():
        if declared.get("default") is not None:
            jsonschema.validate(declared["default"], declared)
        assert "default" not in declared or name != "command"
    assert template["variables"]["properties"]["env"]["default"].items() >= QUIET.items()


def rendered(kind: str, pool: str) -> dict[str, Any]:
    """A job of the pool as its worker makes it for the pool's first deployment, with the variables' defaults."""
    template = json.loads((FOLDER / "pools" / f"{kind}-{pool}.json").read_text())
    deployed = next(each for each in DEPLOYMENTS if each["work_pool"]["name"] == pool)
    text = json.dumps(deployed["work_pool"]["job_variables"])
    for name, value in variables(kind).items():
        text = text.replace("{{ $" + name + " }}", value)
    declared = template["variables"]["properties"]
    values = {name: each["default"] for name, each in declared.items() if "default" in each}
    given = values | json.loads(text) | {"command": "prefect flow-run execute", "name": "harvest"}
    job: dict[str, Any] = apply_values(template["job_configuration"], given, remove_notset=True)
    assert "{{" not in json.dumps(job)
    return job


@pytest.mark.parametrize("pool", ["default", "gpu"])
def test_a_container_writes_results_and_home_into_volumes(pool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXSCLAIM_HOME", raising=False)
    docker = rendered("docker", pool)
    mounted = {volume.split(":")[1] for volume in docker["volumes"]}
    manifest = rendered("kubernetes", pool)["job_manifest"]
    pod = manifest["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    for environment, places in ((docker["env"], mounted), (container["env"], set(mounts.values()))):
        assert {environment["EXSCLAIM_HOME"], environment["EXSCLAIM_RESULTS"]} <= places
    # the images' user may write there, and keys come from a secret
    assert pod["securityContext"] == {"runAsNonRoot": True, "runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000}
    assert container["envFrom"] == [{"secretRef": {"name": "exsclaim-keys", "optional": True}}]


def test_a_night_in_a_container_finds_its_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXSCLAIM_QUERIES", raising=False)
    queries = variables("kubernetes")["EXSCLAIM_QUERIES"]
    pod = rendered("kubernetes", "default")["job_manifest"]["spec"]["template"]["spec"]
    assert queries in {mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
    assert queries in {volume.split(":")[1] for volume in rendered("docker", "default")["volumes"]}


def test_no_password_is_on_a_command_line_and_the_server_remembers_who_holds_a_slot() -> None:
    services = COMPOSE["services"]
    assert not any("PASSWORD" in " ".join(map(str, service.get("command", []))) for service in services.values())
    prefect = services["prefect"]
    name, _, value = LEASES_IN_FILES.partition("=")
    assert prefect["environment"][name] == value
    assert importlib.import_module(value).ConcurrencyLeaseStorage
    assert "data:/data" in prefect["volumes"]  # PREFECT_HOME, where it remembers
    unit = (FOLDER / "systemd" / "exsclaim-prefect.service").read_text()
    assert LEASES_IN_FILES in unit
    ordering = prefect["environment"]["PREFECT_SERVER_EVENTS_CAUSAL_ORDERING"]
    assert importlib.import_module(ordering).CausalOrdering  # over a restart, too
    assert f"PREFECT_SERVER_EVENTS_CAUSAL_ORDERING={ordering}" in unit


def test_a_composed_worker_writes_results_into_a_volume() -> None:
    worker = COMPOSE["services"]["worker"]
    mounted = {
        volume.rsplit("}", 1)[-1].split(":")[-1 if not volume.endswith(":ro") else -2] for volume in worker["volumes"]
    }
    environment = worker["environment"]
    assert {environment[name] for name in ("EXSCLAIM_HOME", "EXSCLAIM_RESULTS", "EXSCLAIM_QUERIES")} <= mounted


def test_a_query_without_a_folder_goes_to_the_results_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"name": "silver", "query": {"search_field_1": {"term": "silver"}}}
    monkeypatch.setenv("EXSCLAIM_RESULTS", "/results")
    settings.cache_clear()
    assert parse(fields).results_dir == Path("/results")
    assert parse(fields | {"results_dir": "elsewhere"}).results_dir == Path("elsewhere")


def test_a_gpu_job_asks_for_a_gpu() -> None:
    docker, kubernetes = (
        json.loads((FOLDER / "pools" / f"{kind}-gpu.json").read_text()) for kind in ("docker", "kubernetes")
    )
    (request,) = docker["job_configuration"]["container_create_kwargs"]["device_requests"]
    assert request == {"count": "{{ gpus }}", "capabilities": [["gpu"]]}
    pod = kubernetes["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == "{{ gpus }}"


def test_the_composition_fits_together() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        waited_for = service.get("depends_on", {})
        assert set(waited_for) <= set(services), name
        for other, wait in waited_for.items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in services[other]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith("${") or (FOLDER / source).is_file(), volume
        if build := service.get("build"):
            assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
    assert {service["command"][-3] for name, service in services.items() if name.startswith("worker")} == set(POOLS)


@pytest.mark.parametrize("image", ["cpu", "gpu"])
def test_an_image_says_nothing_to_anybody_and_copies_what_exists(image: str) -> None:
    lines = (FOLDER / "images" / f"{image}.Dockerfile").read_text().splitlines()
    text = "\n".join(lines)
    for name, value in QUIET.items():
        assert f"{name}={value}" in text
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    allowed = {line[1:] for line in (FOLDER.parent / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) <= allowed
    assert all((FOLDER.parent / name).exists() for name in copied)
    assert "USER 1000:1000" in lines  # no worker needs root


@pytest.mark.parametrize("unit", sorted((FOLDER / "systemd").glob("*")), ids=lambda unit: unit.name)
def test_a_unit_is_understood_by_systemd(unit: Path) -> None:
    try:
        answer = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("systemd-analyze is not here")
    said = [line for line in answer.stderr.splitlines() if unit.name.split("@")[0].split(".")[0] in line]
    assert [line for line in said if "is not executable" not in line] == []  # the checkout is the user's
