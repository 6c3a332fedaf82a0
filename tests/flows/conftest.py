"""Real Prefect against a real server on loopback: the demo journal, with faults where a test asks for them."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray
from PIL import Image
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOCAL_STORAGE_PATH,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED,
    PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED,
    PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED,
    temporary_settings,
)
from pydantic import TypeAdapter

from exsclaim.figures import model_versions
from exsclaim.figures.separation import Separator
from exsclaim.harvests import article_stages
from exsclaim.query import Query, parse
from exsclaim.records import Panel
from exsclaim.settings import settings
from journal.journal import DemoJournal
from tasks import store_and_client

FigureToCut = tuple[NDArray[np.uint8], Sequence[str], str]
PANELS = TypeAdapter(list[Panel])
NOT_READ = (
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED,
    PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED,
    PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED,
)
"""Settings of what Prefect records and no test reads."""


@pytest.fixture(scope="session", autouse=True)
def _prefect_server(empty_prefect_database: Path) -> Iterator[None]:
    """A server that finds its tables made, in the folder that Prefect's harness makes for them, and removes.

    It records flow runs. What no test reads it does not keep: events, task runs, lines of logs; a third of its work.
    """
    from prefect.testing.utilities import prefect_test_harness  # all of Prefect's server

    folder = Path(mkdtemp())
    shutil.copy(empty_prefect_database, folder / "prefect-test.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("prefect.testing.utilities.mkdtemp", lambda: str(folder))
        recording = dict.fromkeys(NOT_READ, False)
        with temporary_settings(recording), prefect_test_harness(server_startup_timeout=400):
            yield


@pytest.fixture(scope="session", autouse=True)
def _a_figure_is_separated_once(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Iterator[None]:
    """Panels of a figure are kept for the tests to come, in all workers: most harvest the same, none is of separation.

    Others are made where anything differs: the pixels, the labels that the caption names, the device, the networks;
    these are not loaded before. Ids alone begin as the figure's does (`exsclaim.separate`), whichever source has it.
    Tests separate in this process: as if it had one core.
    """
    load, separate_all = Separator.__init__, Separator.separate_all
    folder = made_once("panels", lambda folder: None)
    kept: dict[Path, list[Panel]] = {}

    def begin(self: Separator, device: str = "auto", weights: Path | None = None) -> None:
        self.__dict__["asked"] = (device, weights)

    def panels(self: Separator, image: NDArray[np.uint8], labels: Sequence[str]) -> list[Panel]:
        device, weights = self.__dict__["asked"]
        array = np.asarray(image)  # tests give what is none, too
        pixels = hashlib.sha256(array.tobytes()).digest()
        what = (device, sorted(model_versions(weights).items()), array.shape, pixels, *labels)
        path = folder / hashlib.sha256(repr(what).encode()).hexdigest()
        if path not in kept:
            with FileLock(f"{path}.lock"):
                if not path.exists():
                    if not hasattr(self, "_networks"):
                        load(self, device, weights)
                    path.write_bytes(PANELS.dump_json(separate_all(self, [(image, labels, "")])[0]))
                kept[path] = PANELS.validate_json(path.read_bytes())
        return kept[path]

    def named(panel: Panel, figure_id: str) -> Panel:
        parent = panel.parent_id and figure_id + panel.parent_id
        return panel.model_copy(update={"id": figure_id + panel.id, "figure_id": figure_id, "parent_id": parent})

    def remembered(self: Separator, figures: Sequence[FigureToCut]) -> list[list[Panel]]:
        return [[named(each, id) for each in panels(self, image, labels)] for image, labels, id in figures]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Separator, "__init__", begin)
        patch.setattr(Separator, "separate_all", remembered)
        patch.setattr(article_stages, "cores", 1)
        yield


@pytest.fixture(scope="session")
def small_drawings(drawings: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The journal's figures at half their size: a quarter of the pixels for each harvest to read, cut and draw on."""

    def make(folder: Path) -> None:
        shutil.copytree(drawings, folder, dirs_exist_ok=True)
        for path in folder.rglob("*"):
            if path.suffix in (".png", ".jpg"):
                with Image.open(path) as image:
                    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
                half.save(path)

    return made_once("small_drawings", make)


@pytest.fixture(scope="session")
def journal(small_drawings: Path) -> DemoJournal:
    """Four articles with drawn figures; drawn once for all tests."""
    return DemoJournal(small_drawings, count=4)


@pytest.fixture(autouse=True)
def _fast_and_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_mlflow_database: Path
) -> Iterator[None]:
    """No pauses between tries, a task cache of the test's own, and no client or store of another test's."""
    monkeypatch.setenv("EXSCLAIM_RETRY_DELAY_S", "0")
    monkeypatch.setenv("EXSCLAIM_HTTP_ATTEMPTS", "3")
    shutil.copy(empty_mlflow_database, tmp_path / "mlflow.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    store_and_client.forget()
    # a flow waits up to a second for the thread of its heartbeats to end
    with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: home / "tasks", PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
    store_and_client.forget()
    settings.cache_clear()


@pytest.fixture
def mirrored(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`mirrored(url)` sends all requests of the test to that server."""

    def mirror(url: str) -> None:
        monkeypatch.setenv("EXSCLAIM_MIRROR", url)
        store_and_client.forget()

    return mirror


@pytest.fixture
def query(tmp_path: Path) -> Query:
    """Finds all open articles of the demo journal."""
    return parse(
        {
            "name": "silver",
            "sources": ["nature"],
            "open": True,
            "query": {"search_field_1": {"term": "nanoparticles"}},
            "results_dir": str(tmp_path / "results"),
        }
    )
