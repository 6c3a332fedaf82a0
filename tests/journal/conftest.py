"""One demo journal for all tests here: drawing it takes some seconds."""

from pathlib import Path

import pytest

from journal.journal import DemoJournal


@pytest.fixture(scope="session")
def journal(drawings: Path) -> DemoJournal:
    return DemoJournal(drawings)
