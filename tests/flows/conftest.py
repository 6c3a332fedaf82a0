"""Real Prefect against a real server on loopback: the demo journal, with faults where a test asks for them."""

import hashlib
import shutil
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOCAL_STORAGE_PATH,
    PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED,
    temporary_settings,
)
from prefect.testing.utilities import prefect_test_harness

from exsclaim.figures.separation import Separator
from exsclaim.harvests import article_stages
from exsclaim.query import Query, parse
from exsclaim.records import Panel
from exsclaim.settings import settings
from journal.journal import DemoJournal
from tasks import library

FigureToCut = tuple[NDArray[np.uint8], Sequence[str], str]


@pytest.fixture(scope="session", autouse=True)
def _prefect_server(empty_prefect_database: Path) -> Iterator[None]:
    """A server that finds its tables made, in the folder that Prefect's harness makes for them, and removes.

    It records flow runs and task runs, and not each event once more, which no test reads: a quarter of its work.
    """
    folder = Path(mkdtemp())
    shutil.copy(empty_prefect_database, folder / "prefect-test.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("prefect.testing.utilities.mkdtemp", lambda: str(folder))
        recording = temporary_settings({PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED: False})
        with recording, prefect_test_harness(server_startup_timeout=400):
            yield


@pytest.fixture(scope="session", autouse=True)
def _a_figure_is_separated_once() -> Iterator[None]:
    """Panels of a figure are kept for the tests to come: most harvest the same ones, and none is of the separation.

    Others are made where anything differs: the pixels, the labels that the caption names, the id, the networks.
    So it must be by this process: as if it had one core.
    """
    separate_all, kept = Separator.separate_all, dict[Hashable, list[Panel]]()

    def remembered(self: Separator, figures: Sequence[FigureToCut]) -> list[list[Panel]]:
        keys = [
            (self._networks, hashlib.sha256(image.tobytes()).digest(), image.shape, tuple(labels), figure_id)
            for image, labels, figure_id in figures
        ]
        new = {key: figure for key, figure in zip(keys, figures, strict=True) if key not in kept}
        if new:
            kept.update(zip(new, separate_all(self, list(new.values())), strict=True))
        return [list(kept[key]) for key in keys]

    with pytest.MonkeyPatch.context() as patch:
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
    library.forget()
    # a flow waits up to a second for the thread of its heartbeats to end
    with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: home / "tasks", PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
    library.forget()
    settings.cache_clear()


@pytest.fixture
def mirrored(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`mirrored(url)` sends all requests of the test to that server."""

    def mirror(url: str) -> None:
        monkeypatch.setenv("EXSCLAIM_MIRROR", url)
        library.forget()

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
