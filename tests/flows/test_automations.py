"""Alerts that Prefect understands, of flows, states and commands that exist."""

import re
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
import yaml
from prefect.events.schemas.automations import AutomationCore, EventTrigger
from typer.testing import CliRunner

from exsclaim.cli import app
from exsclaim.harvests.harvest_summary import NOT_WHOLE, SOURCE_NOT_SEARCHED
from exsclaim.query import Query
from flows.harvest import harvest
from flows.quality import DRIFTED
from journal.faults import Fault, Faults
from journal.journal import DemoJournal
from journal.server import JournalServer
from tests.flows.test_deployments import DEPLOYMENTS, FOLDER, flow_of
from tests.flows.test_harvest import Mirror

TEXT = (FOLDER / "automations.yaml").read_text().replace("BLOCK_ID", str(uuid4()))
AUTOMATIONS: dict[str, dict[str, Any]] = {each["name"]: each for each in yaml.safe_load(TEXT)["automations"]}


def trigger(name: str) -> EventTrigger:
    found = AutomationCore.model_validate(AUTOMATIONS[name]).trigger
    assert isinstance(found, EventTrigger)
    return found


def test_every_deployed_flow_that_fails_tells_somebody() -> None:
    named = set(AUTOMATIONS["EXSCLAIM: failed run"]["trigger"]["match_related"]["prefect.resource.name"])
    assert named == {flow_of(deployment).name for deployment in DEPLOYMENTS}


def test_a_harvest_that_could_not_search_a_source_ends_in_a_state_of_its_own(
    journal: DemoJournal, query: Query, mirrored: Mirror
) -> None:
    with JournalServer(journal, Faults(Fault("*/search", (503,), for_ever=True))) as server:
        mirrored(server.url)
        state = harvest(query, return_state=True)
    assert state.name == SOURCE_NOT_SEARCHED
    assert state.is_completed()
    assert re.match(r"not searched to the end: nature unreachable since \d{4}-\d\d-\d\d \(.*503", str(state.message))
    assert trigger("EXSCLAIM: quality").expect == {DRIFTED}
    with JournalServer(journal) as server:
        mirrored(server.url)
        assert harvest(query, return_state=True).name == "Completed"


@pytest.mark.parametrize("state", NOT_WHOLE)
def test_a_harvest_that_is_not_whole_alerts_and_has_finished_all_the_same(state: str) -> None:
    assert f"prefect.flow-run.{state}" in trigger("EXSCLAIM: failed run").expect
    assert f"prefect.flow-run.{state}" in trigger("EXSCLAIM: no harvest").expect


def test_the_commands_that_alerts_name_exist() -> None:
    commands = re.findall(
        r"(?:exsclaim|prefect) [a-z][a-z-]*(?: [a-z]+(?=[ ,)]))?(?: --\w+)*", TEXT.partition("automations:")[2]
    )
    assert len(commands) >= 2
    for command in commands:
        program, *words = command.split()
        if program == "exsclaim":
            answer = CliRunner().invoke(app, [words[0], "--help"])
            assert answer.exit_code == 0, command
            assert all(option in answer.output for option in words if option.startswith("--")), command
        else:
            shown = subprocess.run(
                [sys.executable, "-m", "prefect", *words[:2], "--help"], capture_output=True, check=False
            )
            assert shown.returncode == 0, command
