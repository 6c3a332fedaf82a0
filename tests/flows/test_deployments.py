"""What deployments/prefect.yaml deploys exists, and is called with what it takes."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow

FILE = Path(__file__).parents[2] / "deployments" / "prefect.yaml"
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text())["deployments"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda d: f"{d['entrypoint']}-{d['name']}")
def test_a_deployment_names_a_flow_and_its_parameters(deployment: dict[str, Any]) -> None:
    module, name = deployment["entrypoint"].rsplit(".", 1)
    flow = getattr(importlib.import_module(module), name)
    assert isinstance(flow, Flow)
    if "schedules" in deployment:  # what runs by itself must need nothing more
        flow.validate_parameters(deployment["parameters"])
    assert deployment["concurrency_limit"] == 1
    assert deployment["work_pool"]["name"] in ("cpu", "gpu")
