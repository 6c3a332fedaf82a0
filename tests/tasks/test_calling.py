"""Failures of a task that are worth another try, and those that are not."""

import uuid

import pytest
from prefect.client.schemas.objects import TaskRun
from prefect.states import Failed

from exsclaim.errors import (
    BusyError,
    ExsclaimError,
    FetchError,
    StoreError,
    TransientFetchError,
    UnreachableError,
    WorkerLostError,
)
from tasks.calling import can_heal


@pytest.mark.parametrize(
    ("error", "heals"),
    [
        (UnreachableError("the store did not answer"), True),
        (BusyError("another process is at work"), True),
        (WorkerLostError("a worker died"), True),
        (StoreError("the store is damaged"), False),
        (ExsclaimError("a wrong setting"), False),
        (TransientFetchError("https://example.org/a", "503"), False),  # the HTTP client has tried again
        (FetchError("https://example.org/a", "404"), False),
        (OSError("disk full"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_heals_is_tried_again_unless_the_http_client_has_done_so(error: Exception, heals: bool) -> None:
    run = TaskRun(task_key="fetch", dynamic_key="0", flow_run_id=uuid.uuid4())
    assert can_heal(None, run, Failed(data=error)) is heals
