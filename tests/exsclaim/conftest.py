"""Fixtures of the library's tests."""

from collections.abc import Iterator

import pytest

from exsclaim.store import Store
from tests.exsclaim.publisher import Bench, Publisher


@pytest.fixture
def bench(home: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    publisher = Publisher()
    yield Bench(publisher, Store(tmp_path_factory.mktemp("store")))
    publisher.close()
