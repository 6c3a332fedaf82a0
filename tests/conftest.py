"""What every test stands on: no way out to the network, its own home folder, and the shared real data where present."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exsclaim.settings import settings

SHARED_DATA = Path(os.environ.get("EXSCLAIM_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
LOOPBACK = ("127.", "::1", "localhost")


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
