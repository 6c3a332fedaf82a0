"""Panels to train PyTorch with: by place, or as a stream. Both are safe with workers: each opens the files itself."""

import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from PIL import Image
from torch.utils.data import Dataset, IterableDataset, get_worker_info

from exsclaim.dataset.condition.damage import readable, refuse_missing
from exsclaim.dataset.opened import Dataset as Panels
from exsclaim.dataset.tables.published_records import panel_of
from exsclaim.dataset.tables.shards import TABLES, Shards, conformed, opened_shard
from exsclaim.dataset.tables.table_rows import SCHEMAS
from exsclaim.dataset.tables.whole_crops import check_crops, decoded
from exsclaim.dataset.transaction import ResultFiles
from exsclaim.errors import DatasetError
from exsclaim.records import Panel

Transform = Callable[[Image.Image], Any]


class Group(NamedTuple):
    """The chosen rows of a row group, by their places in it."""

    path: str
    changed_ns: int
    """Modification time of the file: in a later one of the same name, the places are of other panels."""
    number: int
    places: list[int]


def as_tensor(image: Image.Image) -> torch.Tensor:
    """`(3, H, W)` float32, 0 to 1, of an RGB image."""
    return torch.from_numpy(np.asarray(image, dtype=np.float32).transpose(2, 0, 1) / 255)


def _chosen_groups(folder: Path, where: str, split: str) -> list[Group]:
    """Places of the chosen panels that have a crop."""
    wanted = set(Panels(folder).arrow(where, split, columns=["id"])["id"].to_pylist())
    shards = Shards(ResultFiles(folder))
    names = [name for harvest in shards.harvests() for name in shards.shards("panels", harvest)]
    groups: list[Group] = []
    missing = len(wanted)
    with readable(shards):
        for path in map(shards.files.path, names):
            changed_ns = path.stat().st_mtime_ns
            with opened_shard(path) as file:
                for number in range(file.num_row_groups):
                    rows = file.read_row_group(number, columns=["id", "image.path"])
                    chosen = [n for n, id in enumerate(rows["id"].to_pylist()) if id in wanted]
                    missing -= len(chosen)
                    has_crop = rows["image"].is_valid().to_pylist()
                    if places := [n for n in chosen if has_crop[n]]:
                        groups.append(Group(str(path), changed_ns, number, places))
    if missing > 0:
        refuse_missing(folder)
    return groups


_COLUMNS = [
    name for name in SCHEMAS[TABLES[2]].names
    if name in {"image", "caption_sentences", "doubts", *Panel.model_fields} - {"caption"}
]  # fmt: skip
"""Columns that crops and records are made of."""


@lru_cache(maxsize=16)
def _footer(path: str, changed_ns: int) -> pq.FileMetaData:
    """Footer of a file as it is: to parse those of thousands of row groups takes longer than to read one of them."""
    return pq.read_metadata(path)


def _read(group: Group) -> pa.Table:
    """The rows of a row group. Raises DatasetError where its file is no longer the one that was chosen from."""
    try:
        is_same = Path(group.path).stat().st_mtime_ns == group.changed_ns
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise DatasetError(
            f"{group.path} was published anew, or is gone, since panels were chosen: choose them again (to_torch), or "
            "train on a copy (cp -al)"
        )
    with opened_shard(group.path, _footer(group.path, group.changed_ns)) as file:
        return check_crops(conformed(file, [group.number], TABLES[2], _COLUMNS))


class MappedCrops(Dataset[tuple[Any, Panel]]):
    """Panels by place: `dataset[i]` is (transformed crop, record). The row group that was read last is kept."""

    def __init__(self, folder: Path, where: str, split: str, transform: Transform | None, seed: int = 0) -> None:
        self._transform = transform or as_tensor
        self._shards = Shards(ResultFiles(folder))
        self._places = [(group, n) for group in _chosen_groups(folder, where, split) for n in group.places]
        self._last: tuple[Group, pa.Table] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> tuple[Any, Panel]:
        group, n = self._places[index]
        if self._last is None or self._last[0] is not group:
            with readable(self._shards):
                self._last = group, _read(group)
        (row,) = self._last[1].slice(n, 1).to_pylist()
        return self._transform(decoded(row["image"]["bytes"])), panel_of(row)


def _this_process() -> tuple[int, int] | None:
    """Rank of this process among those of `torch.distributed`, and their number; None where it is not in use."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return None


class IterableCrops(IterableDataset[tuple[Any, Panel]]):
    """Panels as a stream of row groups in a shuffled order, shared out evenly.

    Each process of `torch.distributed`, and each worker of its loader, reads a part of its own: together each panel
    once. The parts of processes differ by one panel at most, as `len` says: end a round at the least of them, or
    train in `torch.distributed.algorithms.join.Join`.
    """

    def __init__(self, folder: Path, where: str, split: str, transform: Transform | None, seed: int = 0) -> None:
        self._transform = transform or as_tensor
        self._shards = Shards(ResultFiles(folder))
        self._groups = _chosen_groups(folder, where, split)
        self._seed = seed
        # in shared memory: persistent workers see a new epoch, too
        self._epoch = torch.zeros(1, dtype=torch.int64).share_memory_()  # type: ignore[no-untyped-call]
        self._process = _this_process()

    def set_epoch(self, epoch: int) -> None:
        """Give the rounds that follow an order of their own; the first is that of epoch 0."""
        self._epoch[0] = epoch

    def __getstate__(self) -> dict[str, Any]:
        # a worker of a loader, to which it is brought so, belongs to no group of processes itself
        return self.__dict__ | {"_process": _this_process() or self._process}

    def __len__(self) -> int:
        return len(self._part(0, 1))

    def _part(self, worker: int, workers: int) -> range:
        """Part of the panels, by place in the order of a round, that a worker of this process reads."""
        rank, ranks = _this_process() or self._process or (0, 1)
        count, part, parts = sum(len(group.places) for group in self._groups), rank * workers + worker, ranks * workers
        return range(count * part // parts, count * (part + 1) // parts)

    def __iter__(self) -> Iterator[tuple[Any, Panel]]:
        round_seed = self._seed + int(self._epoch)
        groups = list(enumerate(self._groups))
        random.Random(round_seed).shuffle(groups)
        worker = get_worker_info()
        part = self._part(worker.id, worker.num_workers) if worker else self._part(0, 1)
        begin = 0
        for number, group in groups:
            places, first = list(group.places), max(0, part.start - begin)
            begin += len(places)
            if first >= len(places) or begin - len(places) >= part.stop:
                continue
            # the same in all processes, of which two may share a group
            random.Random(f"{round_seed} {number}").shuffle(places)
            with readable(self._shards):
                rows = _read(group).to_pylist()
            for n in places[first : len(places) - max(0, begin - part.stop)]:
                yield self._transform(decoded(rows[n]["image"]["bytes"])), panel_of(rows[n])
