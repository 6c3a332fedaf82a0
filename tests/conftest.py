"""Ground of every test: no way out to the network, its own home folder, and the shared real data where present."""

import asyncio
import atexit
import gc
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

from exsclaim.settings import settings

SHARED_DATA = Path(os.environ.get("EXSCLAIM_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
LOOPBACK = ("127.", "::1", "localhost")

MEMORY = Path("/dev/shm")
"""Files in memory, on Linux."""
ROOM_BYTES = 1 << 30
"""So much of it may the temporary files of all tests take."""

# how long an example takes depends on what else the machine does
hypothesis.settings.register_profile("exsclaim", deadline=None)
hypothesis.settings.load_profile("exsclaim")

# to look for garbage after each 700 new objects, as is usual, costs much, and finds next to none
gc.set_threshold(50_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    """Keep temporary files in memory where there is room: every file that we write whole waits for a disk (fsync).

    They are gone when the tests have ended. With `--basetemp`, or with TMPDIR set, they lie there, to be looked at.
    """
    if config.option.basetemp or "TMPDIR" in os.environ:  # the latter in a worker, too: its files lie with the others
        return
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        folder = tempfile.mkdtemp(prefix="exsclaim-tests-", dir=MEMORY)
        Path(folder).chmod(0o711)  # PostgreSQL, as a user of its own, reaches its folder in it
        # behind multiprocessing's own folder in it, which ends at -100
        Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)
        os.environ["TMPDIR"] = tempfile.tempdir = folder


def pytest_collection_finish() -> None:
    """Let garbage be looked for in what the tests make alone: in what was imported there is none."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Keep what the tests leave from being looked through for garbage, five times: xdist interrupts what takes 5 s."""
    gc.freeze()
    atexit.register(gc.unfreeze)  # or triton's binding tells of what it could not give back


LONGEST = (
    "test_kill.py", "test_runners.py", "test_gpu_pool.py", "test_telemetry.py", "test_elsewhere.py", "test_improve.py",
    "test_train.py", "test_interruption.py",
)  # fmt: skip
"""Files of tests that take ten seconds and more each, for processes that load all networks, or waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest tests first, then all other harvests: a worker that is through takes quick tests of others.

    So none works alone at the end on what the others could not take from it. A file's tests stay together, with what
    they share.
    """
    flows = Path(__file__).parent / "flows"
    items.sort(key=lambda item: (item.path.name not in LONGEST, flows not in item.path.parents))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`made_once(name, make)`: a folder that `make` filled, for all workers of a run; the first that asks fills it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / f"once-{name}"
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                draft = tmp_path_factory.mktemp(name)
                make(draft)
                draft.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def empty_mlflow_database(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """An MLflow database without runs; making its tables takes seconds, copying it none."""

    def make(folder: Path) -> None:
        from mlflow import MlflowClient

        MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db").search_experiments()

    return made_once("mlflow", make) / "mlflow.db"


@pytest.fixture(scope="session")
def empty_prefect_database(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A database of Prefect's server without runs: its tables take longer to make than the server to start."""

    def make(folder: Path) -> None:
        from prefect.server.database.dependencies import provide_database_interface, temporary_database_interface
        from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings

        async def make_tables() -> None:
            database = provide_database_interface()
            await database.create_db()
            await (await database.engine()).dispose()

        url = f"sqlite+aiosqlite:///{folder}/prefect.db"
        with temporary_database_interface(), temporary_settings({PREFECT_SERVER_DATABASE_CONNECTION_URL: url}):
            asyncio.run(make_tables())

    return made_once("prefect", make) / "prefect.db"


@pytest.fixture(scope="session")
def drawings(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """Folder of the demo journal's drawn figures: drawing them takes seconds."""
    from journal.journal import DemoJournal

    return made_once("drawings", DemoJournal)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails at once, and says where it wanted to go."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"a test wanted to connect to {address}: tests may only use loopback")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of the test's own (store, ledger, caches): nothing leaks from test to test or into the user's."""
    folder = tmp_path / "home"
    for name in [name for name in os.environ if name.startswith("EXSCLAIM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EXSCLAIM_HOME", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real figures, captions and recorded pages; they belong to others and are not in this repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the shared real data are not at {SHARED_DATA} (set EXSCLAIM_TEST_DATA to their folder)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[str]:
    """An S3 server in this process, on a free port of loopback; ended with the tests."""
    server_module = pytest.importorskip("moto.server", reason="the S3 server of the tests comes with the dev extra")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(_s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """`s3://…`: a bucket of the test's own, on a server of loopback that the environment names."""
    import fsspec

    monkeypatch.setenv("AWS_ENDPOINT_URL", _s3_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    bucket = f"tests-{uuid.uuid4().hex}"
    fsspec.filesystem("s3", use_listings_cache=False).mkdir(bucket)
    return f"s3://{bucket}"


@pytest.fixture(params=["folder", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """`place("store")`: a path or URL of that name, in a folder of this machine, in memory, and on an S3 server."""
    if request.param == "s3":
        bucket = request.getfixturevalue("s3")
        return lambda name: f"{bucket}/{name}"
    if request.param == "memory":
        root = f"memory://{uuid.uuid4().hex}"
        return lambda name: f"{root}/{name}"
    return lambda name: str(tmp_path / name)
