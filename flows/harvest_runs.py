"""Flow runs of a deployment, started together and followed to their ends; one whose process dies is started again."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run

from exsclaim.errors import PoolError
from exsclaim.records import Record

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Flow runs for one file, where the ones before it crashed: a killed process, a machine that went down."""
POLL_S = 2.0
START_WITHIN_S = 900.0
"""After so long without any run taken up or ended, those that wait are left in their queue."""
LONGEST_S = 20 * 3600.0
"""A night ends before the next one begins, also where worker and flow run were killed together."""


class Outcome(Record):
    """How the harvest of one query file ended."""

    file: str
    is_completed: bool
    message: str
    attempts: int = 1


@dataclass
class _Child:
    file: str
    parameters: dict[str, Any]
    run: FlowRun
    attempt: int = 1
    was_taken_up: bool = False


def follow(deployment: str, parameters: Mapping[str, Mapping[str, Any]]) -> list[Outcome]:
    """Run the deployment once per file (name -> parameters), and wait for all.

    Raises:
        PoolError: the deployment does not exist.
    """
    with get_client(sync_client=True) as client:
        children = [_Child(file, dict(given), _start(deployment, file, given, 1)) for file, given in parameters.items()]
        outcomes: list[Outcome] = []
        began = last_sign = time.monotonic()
        while children:
            time.sleep(POLL_S)
            for child in list(children):
                before = (child.attempt, child.was_taken_up)
                if outcome := _look_at(client, child, deployment):
                    children.remove(child)
                    outcomes.append(outcome)
                    log.log(
                        logging.INFO if outcome.is_completed else logging.ERROR, "%s: %s", child.file, outcome.message
                    )
                if outcome or before != (child.attempt, child.was_taken_up) or child.was_taken_up:
                    last_sign = time.monotonic()
            if time.monotonic() - last_sign > START_WITHIN_S or time.monotonic() - began > LONGEST_S:
                return outcomes + [_left(child) for child in children]
    return outcomes


def _start(deployment: str, file: str, parameters: Mapping[str, Any], attempt: int) -> FlowRun:
    try:
        run = run_deployment(
            deployment,
            parameters={name: _plain(value) for name, value in parameters.items()},
            flow_run_name=f"harvest {file}" + (f", attempt {attempt}" if attempt > 1 else ""),
            timeout=0,
            # the same key gives the same run, ended or not: each attempt has its own
            idempotency_key=f"{flow_run.id}-{file}-{attempt}",
        )
    except ObjectNotFound as error:
        raise PoolError(f"there is no deployment {deployment} on Prefect's server: make deploy") from error
    assert isinstance(run, FlowRun)  # and no coroutine: flows run in no event loop here
    return run


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Record) else value


def _look_at(client: SyncPrefectClient, child: _Child, deployment: str) -> Outcome | None:
    try:
        state = client.read_flow_run(child.run.id).state
    except httpx.HTTPError as error:
        log.warning("Prefect's server could not be asked for %s (%s)", child.run.name, error)
        return None
    if state is None or not state.is_final():
        child.was_taken_up = state is not None and not state.is_scheduled()
        return None
    if state.is_crashed() and child.attempt < ATTEMPTS:
        log.warning("%s: %s; its harvest is started again", child.file, state.message)
        child.attempt += 1
        child.run = _start(deployment, child.file, child.parameters, child.attempt)
        child.was_taken_up = False
        return None
    ended = state.message or str(state.name)
    return Outcome(file=child.file, is_completed=state.is_completed(), message=ended, attempts=child.attempt)


def _left(child: _Child) -> Outcome:
    if child.was_taken_up:
        message = f"{child.run.name!r} has been running for {LONGEST_S / 3600:g} h and is no longer waited for"
    else:
        message = (
            f"no worker of the pool {child.run.work_pool_name} took up {child.run.name!r} within {START_WITHIN_S:g} s;"
            " it stays in its queue. The worker needs a place beside this flow's: --limit 3"
        )
    return Outcome(file=child.file, is_completed=False, message=message, attempts=child.attempt)
