"""Processes that train together see each panel once."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import torch
from torch.testing._internal.distributed.fake_pg import FakeStore
from torch.utils.data import DataLoader

from exsclaim.dataset.opened import Dataset, open_dataset
from exsclaim.dataset.publish.publishing import Published
from tests.exsclaim.dataset.conftest import Harvester, Nights, Publisher


@pytest.fixture
def silver(harvested: Harvester, night: Publisher, published_once: Callable[[Nights], Path]) -> Dataset:
    """Two articles of two nights, four panels each."""

    def two_nights() -> Published:
        night("2026-11-20", harvested("x1"))
        return night("2026-11-21", harvested("x2", seed=2))

    return open_dataset(published_once(two_nights))


@pytest.mark.parametrize("workers", [0, 2])
def test_processes_that_train_together_share_an_iterable_data_set(silver: Dataset, workers: int) -> None:
    """So do their workers, which are started as in training on a GPU, and know nothing of the other processes."""
    chosen, ranks = silver.to_torch(iterable=True), 3  # made before the processes know of each other
    shares = []
    for rank in range(ranks):
        torch.distributed.init_process_group("fake", store=FakeStore(), rank=rank, world_size=ranks)
        try:
            context = "forkserver" if workers else None
            loader = DataLoader(chosen, num_workers=workers, collate_fn=list, multiprocessing_context=context)
            shares.append([panel.id for batch in loader for _, panel in batch])
            assert len(chosen) == len(shares[-1])
        finally:
            torch.distributed.destroy_process_group()
    assert sorted(chain.from_iterable(shares)) == sorted(silver.panels()["id"])
    assert sorted(map(len, shares)) == [2, 3, 3]


def test_nothing_is_told_of_what_made_a_table_without_articles(silver: Dataset) -> None:
    assert silver.made_by
    (newest,) = (silver.folder / "data" / "articles" / "harvest=2026-11-21").iterdir()
    pq.write_table(pq.read_table(newest).slice(0, 0), newest)
    assert silver.made_by == {}
