"""What deployments/ deploys exists, fits together, and is called with what it takes."""

import importlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from prefect import Flow

from flows.deploy import variables

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


def test_what_deployments_call_is_deployed() -> None:
    deployed = by_name()
    for deployment in DEPLOYMENTS:
        parameters = deployment.get("parameters", {})
        called = [parameters.get("deployment"), (parameters.get("gpu") or {}).get("deployment")]
        assert {name for name in called if name} <= set(deployed)
    assert deployed["separate/gpu"]["work_pool"]["name"] == "gpu"


def test_every_variable_gets_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    wanted = set(re.findall(r"\{\{\s*\$(\w+)", (FOLDER / "prefect.yaml").read_text()))
    assert wanted
    assert all(variables()[name] for name in wanted)


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
